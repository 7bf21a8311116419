"""Only an agent whose account is active enrols participants, or takes them into care."""

from __future__ import annotations

from datetime import date
from typing import Final

from jamsos.domain.agent import CONDUCT, ONBOARDING, Agent, AgentStatus
from jamsos.domain.decision import Reason
from jamsos.domain.participant import Enrolment, Transfer

POLICY: Final = "registration"


def agent_is_active(case: Enrolment | Transfer) -> Reason | None:
    """Refuse an agent whose account is not active on the day; nothing, without an agent."""
    return None if case.agent is None else _active(case.agent, case.on)


def _active(agent: Agent, on: date) -> Reason | None:
    if agent.status is not AgentStatus.ACTIVE:
        away = agent.status in {
            AgentStatus.DEACTIVATED,
            AgentStatus.RESIGNED,
            AgentStatus.TERMINATED,
        }
        return Reason(
            POLICY,
            f"The agent's account is not active: the agent is {agent.status}.",
            CONDUCT if away else ONBOARDING,
        )
    if agent.active_since is not None and on < agent.active_since:
        return Reason(
            POLICY,
            f"The agent's account is active only since {agent.active_since}.",
            ONBOARDING,
        )
    return None
