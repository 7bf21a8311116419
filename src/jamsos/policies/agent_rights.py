"""Nothing is awarded to an agent who has lost all rights."""

from __future__ import annotations

from typing import Final

from jamsos.domain.agent import CONDUCT, AgentStatus, Settlement
from jamsos.domain.decision import Reason

POLICY: Final = "agent-rights"


def rights_are_kept(case: Settlement) -> Reason | None:
    """Refuse an award to an agent who was terminated by the day of it."""
    if case.agent.status_on(case.on) is not AgentStatus.TERMINATED:
        return None
    said = "The agent was terminated, with the loss of all rights: nothing is awarded to them."
    return Reason(POLICY, said, CONDUCT)
