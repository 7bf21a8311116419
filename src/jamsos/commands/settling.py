"""The settlement of an agent's month, with each other month between which a line moves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Protocol, TypeAlias

import attrs

from jamsos.domain import agent as agents
from jamsos.domain.agent import (
    UNSETTLED,
    Agent,
    AgentIncentiveAwarded,
    AgentIncentiveClawedBack,
    Settled,
    Settlement,
)
from jamsos.domain.calendar import Month
from jamsos.domain.decision import Accepted, Decision, Refused
from jamsos.domain.explanation import Explained
from jamsos.domain.identity import AgentId, RuleRef
from jamsos.domain.incentive import Acquired, Earning, Incentive, Received
from jamsos.domain.lines import agents_named
from jamsos.domain.programme import Programme
from jamsos.errors import RuleNotInForceError
from jamsos.formulas.agent_incentive import agent_incentive
from jamsos.policies.standard import Judges

from .command import Steps
from .reading import Reading

Pair: TypeAlias = tuple[AgentId, Month]
"""An agent and a month: what they have earned in it is settled together."""

Settling: TypeAlias = AgentIncentiveAwarded | AgentIncentiveClawedBack


@attrs.frozen(kw_only=True)
class Unsettled:
    """
    A month of an agent that is over, and is worth another sum than was awarded for it.

    *to_agent* and *to_office* are owed to them; they are below zero where something is owed back.
    """

    agent: AgentId
    month: Month
    to_agent: int
    to_office: int

    @property
    def difference(self) -> int:
        """The rupiah that are owed to the agent and to the office together."""
        return self.to_agent + self.to_office


@attrs.frozen
class _Case:
    """The case of one month of one agent, and the rules by which its incentive was computed."""

    settlement: Settlement
    rules: tuple[RuleRef, ...]

    def decide(self, read: Reading, judges: Judges) -> Decision[Settling]:
        return agents.settle(
            self.settlement,
            known_at=read.known_at(),
            rules=self.rules,
            policies=judges[Settlement],
        )


class Base(Protocol):
    """What came in for agents, by month."""

    def acquired(self, agent: AgentId, month: Month, /) -> tuple[Acquired, ...]:
        """Return the new participants of *agent* in *month*."""
        ...

    def received(self, agent: AgentId, month: Month, /) -> tuple[Received, ...]:
        """Return the contributions that came in for *agent* in *month*."""
        ...


def earned(agent: Agent, programme: Programme, month: Month, base: Base) -> Explained[Incentive]:
    """
    Return what *agent* has earned in *month*, of what *base* has for them.

    A month keeps the rules under which it was first awarded.
    """
    before = agent.incentives.get(month)
    return agent_incentive(
        Earning(
            programme=programme if before is None else programme.as_read(before.rules),
            month=month,
            acquired=base.acquired(agent.id, month),
            received=base.received(agent.id, month),
        )
    )


def settled(pair: Pair, read: Reading, judges: Judges, *, on: date) -> Steps[Settling]:
    """
    Return the decision on *pair*, and on each other pair from or to which one of its lines moves.

    What is clawed back comes first, then what is awarded: nothing is rewarded twice on the way.
    Of an agent to whom nothing may be awarded any more, the line is only taken.
    """
    asked, *others = _together(pair, read, on)
    decision = asked.decide(read, judges)
    decided = [(asked.settlement.agent.id, decision)]
    if isinstance(decision, Refused):
        return decided
    decided += [(case.settlement.agent.id, case.decide(read, judges)) for case in others]
    steps: list[tuple[str, Decision[Settling]]] = [
        (agent, Accepted(event))
        for kind in (AgentIncentiveClawedBack, AgentIncentiveAwarded)
        for agent, each in decided
        if isinstance(each, Accepted)
        for event in each.events
        if isinstance(event, kind)
    ]
    return steps or decided[:1]


def unsettled(read: Reading, judges: Judges, programme: str, *, on: date) -> list[Unsettled]:
    """
    Return each month over *on* a day in which settling would award or claw back something.

    In order of agents, of *programme*, and months. A month for which no rule says an incentive
    cannot be settled, and is left out. Raises `NotFoundError` if there is no such programme.
    """
    agents_ = read.agents_of(read.programme(programme).name)
    read.ahead(agents_)
    found = []
    for agent_id in agents_:
        agent = read.agent(agent_id)
        months = read.incentive_base(agent_id).months(agent_id) | agent.incentives.keys()
        for month in sorted(months):
            case = _case(agent, month, read, on) if month.last_day < on else None
            decision = None if case is None else case.decide(read, judges)
            if isinstance(decision, Accepted) and decision.events:
                found.append(_owed(agent_id, month, decision.events))
    return found


def _owed(agent: AgentId, month: Month, events: tuple[Settling, ...]) -> Unsettled:
    signed = [(1 if isinstance(each, AgentIncentiveAwarded) else -1, each) for each in events]
    return Unsettled(
        agent=agent,
        month=month,
        to_agent=sum(sign * each.agent for sign, each in signed),
        to_office=sum(sign * each.office for sign, each in signed),
    )


def _together(first: Pair, read: Reading, on: date) -> list[_Case]:
    """Return the case of *first*, and of every pair to which moving lines lead from there."""
    cases = {first: _computed(read.agent(first[0]), first[1], read, on)}
    waiting = [*_linked(cases[first], read)]
    while waiting:
        pair = waiting.pop()
        if pair in cases or pair[1].last_day >= on:
            continue
        case = _case(read.agent(pair[0]), pair[1], read, on)
        if case is not None:
            cases[pair] = case
            waiting += _linked(case, read)
    return list(cases.values())


def _case(agent: Agent, month: Month, read: Reading, on: date) -> _Case | None:
    """Return the case of a month of *agent*; None where nothing says what it is worth."""
    if agent.programme is None:
        return None
    try:
        return _computed(agent, month, read, on)
    except RuleNotInForceError:
        return None


def _computed(agent: Agent, month: Month, read: Reading, on: date) -> _Case:
    programme = read.programme(read.programme_of(agent))
    worth = earned(agent, programme, month, read.incentive_base(agent.id))
    return _Case(Settlement(agent=agent, month=month, incentive=worth.value, on=on), worth.rules)


def _linked(case: _Case, read: Reading) -> Iterator[Pair]:
    """Yield the pairs from which a new line of *case* comes, and to which a lost one goes."""
    agent, month = case.settlement.agent, case.settlement.month
    by = agents.difference(agent.incentives.get(month, UNSETTLED), case.settlement.incentive)
    for new in by.comes:
        yield from _awarded_in(new, read)
    for lost in by.goes:
        for line in read.lines.of(read.participant(lost.participant)):
            if _same(line.earned, lost):
                yield line.agent, line.month


def _awarded_in(line: Acquired | Received, read: Reading) -> Iterator[Pair]:
    """Yield each pair in which *line* is awarded: of an agent whom its participant ever had."""
    named = agents_named(read.participant(line.participant))
    read.ahead(named)
    for agent in sorted(named):
        for month, there in read.agent(agent).incentives.items():
            if _has(there, line):
                yield agent, month


def _has(there: Settled, line: Acquired | Received) -> bool:
    if isinstance(line, Acquired):
        return (line.participant, line.segment) in there.acquired
    return (line.participant, line.reference) in there.contributions


def _same(one: Acquired | Received, other: Acquired | Received) -> bool:
    """Return whether both are the same participant's entry, or the same payment."""
    if isinstance(one, Acquired) and isinstance(other, Acquired):
        return one.segment is other.segment
    return type(one) is type(other) and one.reference == other.reference
