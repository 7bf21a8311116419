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
    if agent.active_on(on):
        return None
    before = [account for account in agent.accounts if account.since <= on]
    if before:
        last = max(account.until or on for account in before)
        said = f"The agent's account is not active on {on}: it ended on {last}."
        return Reason(POLICY, said, CONDUCT)
    if agent.accounts:
        since = min(account.since for account in agent.accounts)
        said = f"The agent's account is active only since {since}."
        return Reason(POLICY, said, ONBOARDING)
    away = agent.status in {AgentStatus.RESIGNED, AgentStatus.TERMINATED}
    said = f"The agent's account is not active: the agent is {agent.status}."
    return Reason(POLICY, said, CONDUCT if away else ONBOARDING)
