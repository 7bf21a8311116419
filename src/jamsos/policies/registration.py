"""Only an agent whose account is active enrols participants, or takes them into care."""

from __future__ import annotations

from datetime import date
from typing import Final

from jamsos.domain.agent import CONDUCT, ONBOARDING, Agent, AgentStatus
from jamsos.domain.decision import Reason
from jamsos.domain.participant import Enrolment, Transfer

POLICY: Final = "registration"
_AWAY: Final = frozenset({AgentStatus.DEACTIVATED, AgentStatus.RESIGNED, AgentStatus.TERMINATED})


def agent_is_active(case: Enrolment | Transfer) -> Reason | None:
    """
    Refuse an agent whose account is not active on the day; nothing, without an agent.

    It is active from the day on which it was made so to the day on which it ended, that day too.
    """
    return None if case.agent is None else _active(case.agent, case.on)


def _active(agent: Agent, on: date) -> Reason | None:
    if agent.active_on(on):
        return None
    status, since = agent.status_on(on), min((first for first, _ in agent.active_days), default=on)
    if on < since and status not in _AWAY:
        said = f"The agent's account is active only since {since}."
        return Reason(POLICY, said, ONBOARDING)
    when = "" if status is agent.status else f"on {on} "
    said = f"The agent's account is not active: {when}the agent is {status}."
    return Reason(POLICY, said, CONDUCT if status in _AWAY else ONBOARDING)
