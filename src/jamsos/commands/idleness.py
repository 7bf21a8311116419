"""For how long an agent has been idle on a day, by the measure that each month's law asks for."""

from __future__ import annotations

from datetime import date
from typing import Final

import attrs

from jamsos.domain import agent as agents
from jamsos.domain.agent import Agent
from jamsos.domain.calendar import Month
from jamsos.domain.identity import RuleRef
from jamsos.domain.programme import Programme
from jamsos.policies.agent_evaluation import IDLE_RULE

from .reading import Reading

MEASURE_RULE: Final = "agent-idle-measure"
TRANSACTION: Final = "transaction"


@attrs.frozen
class Idleness:
    """So many whole *months* without what the *rules* ask for, and the last acquisition."""

    months: int
    last_acquisition: Month | None
    rules: tuple[RuleRef, ...]


def idleness(read: Reading, agent: Agent, programme: Programme, on: date) -> Idleness:
    """
    Return for how long *agent* has been idle on a day, as it is known now.

    Rule ``agent-idle-measure``, of each month's first day: where it asks for transactions, a
    month in which a contribution came in from the agent's care is not idle either; an
    acquisition ends idleness under each measure. Where the history has no such rule, acquisitions
    alone count. Raises `RuleNotInForceError` if no rule says how many months are too many.
    """
    rules = [programme.rule(IDLE_RULE, on).ref]
    last = read.last_acquisition(agent.id, upto=on)
    idle, now = agents.idle_months(agent, last_acquisition=last, on=on), Month.of(on)
    asked = {
        now + -ago: measure
        for ago in range(1, idle + 1)
        if (measure := programme.in_force(MEASURE_RULE, (now + -ago).first_day)) is not None
        and TRANSACTION in measure.names
    }
    if asked:
        base = read.incentive_base(agent.id)
        active = [month for month in asked if base.received(agent.id, month)]
        if active:
            idle = now - max(active) - 1
        rules += dict.fromkeys(measure.ref for measure in asked.values())
    return Idleness(idle, last, tuple(rules))
