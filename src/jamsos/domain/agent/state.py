"""The state of an agent, and how each event changes it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import assert_never

import attrs

from jamsos.domain.calendar import Month
from jamsos.domain.geography import ProvinceCode, Region
from jamsos.domain.identity import AgentId, ProgrammeName

from .events import (
    AgentAssigned,
    AgentCertified,
    AgentDeactivated,
    AgentEvent,
    AgentIncentiveAwarded,
    AgentIncentiveClawedBack,
    AgentReactivated,
    AgentRecruited,
    AgentResigned,
    AgentTerminated,
    AgentTrainingBegun,
)
from .settled import UNSETTLED, Settled, settled_after


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


@attrs.frozen(kw_only=True)
class Agent:
    """One agent, as the events have made them."""

    id: AgentId
    status: AgentStatus = AgentStatus.UNKNOWN
    programme: ProgrammeName | None = None
    province: ProvinceCode | None = None
    seat: Region | None = None
    """The region whose seat the agent holds, or None."""
    active_since: date | None = None
    """When the account was last made active."""
    deactivated_on: date | None = None
    """When the account was last deactivated."""
    last_event: date | None = None
    """The day of what happened last, awards aside: they come when a month is over."""
    incentives: Mapping[Month, Settled] = attrs.field(default=MappingProxyType({}), hash=False)
    """The awards, by the month in which they were earned."""


def evolve(agent: Agent, event: AgentEvent) -> Agent:
    """Return the state of *agent* after *event*. Never refuses: it has happened."""
    match event:
        case AgentRecruited():
            return attrs.evolve(
                agent,
                status=AgentStatus.RECRUITED,
                programme=event.programme,
                province=event.province,
                seat=event.region,
                last_event=event.on,
            )
        case AgentTrainingBegun(on=on):
            return attrs.evolve(agent, status=AgentStatus.IN_TRAINING, last_event=on)
        case AgentCertified(on=on):
            return attrs.evolve(agent, status=AgentStatus.CERTIFIED, last_event=on)
        case AgentAssigned(on=on):
            return attrs.evolve(agent, status=AgentStatus.ACTIVE, active_since=on, last_event=on)
        case AgentDeactivated(on=on):
            return attrs.evolve(
                agent,
                status=AgentStatus.DEACTIVATED,
                seat=None,
                deactivated_on=on,
                last_event=on,
            )
        case AgentReactivated(on=on):
            return attrs.evolve(
                agent,
                status=AgentStatus.ACTIVE,
                seat=event.region,
                active_since=on,
                last_event=on,
            )
        case AgentResigned(on=on):
            return attrs.evolve(agent, status=AgentStatus.RESIGNED, seat=None, last_event=on)
        case AgentTerminated(on=on):
            return attrs.evolve(agent, status=AgentStatus.TERMINATED, seat=None, last_event=on)
        case AgentIncentiveAwarded() | AgentIncentiveClawedBack():
            before = agent.incentives.get(event.month, UNSETTLED)
            settled = {**agent.incentives, event.month: settled_after(before, event)}
            return attrs.evolve(agent, incentives=settled)
        case _:
            assert_never(event)
