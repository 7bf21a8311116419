"""An agent without acquisitions is deactivated, and may return after a time."""

from __future__ import annotations

from typing import Final

from jamsos.domain.agent import Deactivation, Return
from jamsos.domain.calendar import months_after
from jamsos.domain.decision import Reason

IDLE_RULE: Final = "agent-idle-months"
RETURN_RULE: Final = "agent-return-months"


def idle_for_long_enough(case: Deactivation) -> Reason | None:
    """
    Refuse to deactivate an agent as idle before the time of the rule.

    Rule ``agent-idle-months``, in consecutive whole months without an acquisition.
    """
    rule = case.programme.rule(IDLE_RULE, case.on)
    if case.idle_months >= rule.value:
        return None
    return Reason(
        IDLE_RULE,
        f"The agent has been idle for {case.idle_months} whole months;"
        f" deactivation comes after {rule.value} consecutive ones.",
        rule.citation,
    )


def away_for_long_enough(case: Return) -> Reason | None:
    """
    Refuse the return of an agent before the time of the rule.

    Rule ``agent-return-months``, in months from the day of the deactivation that is in force.
    """
    rule = case.programme.rule(RETURN_RULE, case.on)
    since = case.agent.deactivated_on_as_of(case.on)
    if since is None or case.on >= (earliest := months_after(since, rule.value)):
        return None
    return Reason(
        RETURN_RULE,
        f"The agent was deactivated on {since}; they may return {rule.value} months later,"
        f" from {earliest}.",
        rule.citation,
    )
