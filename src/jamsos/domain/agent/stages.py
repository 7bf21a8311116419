"""The stages of an agent's work: which fact leads to which, and what the facts told make."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

import attrs

from .events import (
    AgentAssigned,
    AgentCertified,
    AgentDeactivated,
    AgentReactivated,
    AgentRecruited,
    AgentReseated,
    AgentResigned,
    AgentStageEvent,
    AgentTerminated,
    AgentTrainingBegun,
    DeactivationReason,
)


class AgentStatus(StrEnum):
    """Where an agent stands. *In training* and *certified* are two things."""

    UNKNOWN = "unknown"
    RECRUITED = "recruited"
    IN_TRAINING = "in training"
    CERTIFIED = "certified"
    ACTIVE = "active"
    DEACTIVATED = "deactivated"
    RESIGNED = "resigned"
    TERMINATED = "terminated"


SEATED: Final = frozenset(
    {
        AgentStatus.RECRUITED,
        AgentStatus.IN_TRAINING,
        AgentStatus.CERTIFIED,
        AgentStatus.ACTIVE,
    }
)
"""The stages at which an agent holds a seat."""

AT_WORK: Final = SEATED | {AgentStatus.DEACTIVATED}
"""The stages at which an agent can resign."""

NEEDS: Final[Mapping[type[Any], frozenset[AgentStatus]]] = MappingProxyType(
    {
        AgentRecruited: frozenset({AgentStatus.UNKNOWN}),
        AgentTrainingBegun: frozenset({AgentStatus.RECRUITED}),
        AgentCertified: frozenset({AgentStatus.IN_TRAINING}),
        AgentAssigned: frozenset({AgentStatus.CERTIFIED}),
        AgentDeactivated: frozenset({AgentStatus.ACTIVE}),
        AgentReactivated: frozenset({AgentStatus.DEACTIVATED}),
        AgentReseated: AT_WORK,
        AgentResigned: AT_WORK,
        AgentTerminated: AT_WORK | {AgentStatus.RESIGNED},
    }
)
"""
The stages at which each fact can happen.

A seat elsewhere is only given to one who holds a seat; where an absence is told afterwards, it has
no effect on the seat, so that the absence can be told.
"""

LEADS_TO: Final[Mapping[type[Any], AgentStatus]] = MappingProxyType(
    {
        AgentRecruited: AgentStatus.RECRUITED,
        AgentTrainingBegun: AgentStatus.IN_TRAINING,
        AgentCertified: AgentStatus.CERTIFIED,
        AgentAssigned: AgentStatus.ACTIVE,
        AgentDeactivated: AgentStatus.DEACTIVATED,
        AgentReactivated: AgentStatus.ACTIVE,
        AgentResigned: AgentStatus.RESIGNED,
        AgentTerminated: AgentStatus.TERMINATED,
    }
)
"""The stage to which each fact leads; one that is not here leaves the agent where they are."""


@attrs.frozen
class Stage:
    """A fact that was told of an agent, and the *status* to which it leads."""

    version: int
    """Its place in the agent's stream."""
    event: AgentStageEvent
    status: AgentStatus | None
    """None if it has no effect: on its day the agent was not at a stage that it needs."""
    rank: int
    """The version whose place it has among the facts of its day: of one told otherwise, that of
    the fact that it replaces."""

    @property
    def on(self) -> date:
        """The day on which it happened."""
        return self.event.on

    @property
    def place(self) -> tuple[date, int]:
        """Its place among the facts: by day, and on one day in the order of telling."""
        return self.event.on, self.rank

    @property
    def decided(self) -> bool:
        """Whether it is a decision that rests on facts, and not itself a fact: for idleness."""
        event = self.event
        return isinstance(event, AgentDeactivated) and event.reason is DeactivationReason.IDLE
