"""The state of an agent, and how each event changes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from types import MappingProxyType

import attrs

from jamsos.domain.calendar import Month
from jamsos.domain.fixed import joined
from jamsos.domain.geography import ProvinceCode, Region
from jamsos.domain.identity import AgentId, ProgrammeName

from .events import (
    RETOLD,
    AgentDeactivated,
    AgentEvent,
    AgentFactVoided,
    AgentIncentiveAwarded,
    AgentIncentiveClawedBack,
    AgentRecruited,
    AgentReseated,
)
from .seats import Held, seats_of
from .settled import UNSETTLED, Settled, settled_after
from .stages import SEATED, AgentStatus, Stage, status_after, with_fact, without_fact


@attrs.frozen(kw_only=True)
class Agent:
    """
    One agent: the facts told of them, and what these make, on a day or after all of them.

    A day stands as at its end, and facts of one day follow each other as they were told. The
    order in which facts of different days were told does not matter.
    """

    id: AgentId
    version: int = 0
    """How many events the agent's stream has."""
    stages: tuple[Stage, ...] = ()
    """The facts told and not voided, by day; also those that have no effect."""
    voided: Mapping[int, AgentFactVoided] = attrs.field(default=MappingProxyType({}), hash=False)
    """The facts that were voided, by their version, and how."""
    replaced: tuple[int, int] | None = None
    """Where a fact was voided to be told otherwise: the version of the one that replaces it, which
    follows, and the place that this one has among the facts of a day."""
    incentives: Mapping[Month, Settled] = attrs.field(default=MappingProxyType({}), hash=False)
    """The awards, by the month in which they were earned."""

    @property
    def status(self) -> AgentStatus:
        """Where the agent stands after everything that was told."""
        return status_after(self.stages)

    def status_on(self, day: date) -> AgentStatus:
        """Return where the agent stood at the end of *day*."""
        return status_after(self.stages, day)

    @property
    def programme(self) -> ProgrammeName | None:
        """The programme for which the agent was recruited, or None."""
        recruited = self._recruited
        return None if recruited is None else recruited.programme

    @property
    def province(self) -> ProvinceCode | None:
        """The province in which the agent was recruited, or None."""
        recruited = self._recruited
        return None if recruited is None else recruited.province

    @property
    def seats(self) -> tuple[Held, ...]:
        """The days on which the agent holds a seat, with its region, in order."""
        return seats_of(self.stages)

    @property
    def seat(self) -> Region | None:
        """The region whose seat the agent holds after everything that was told, or None."""
        seats = self.seats
        return seats[-1].region if seats and seats[-1].ends is None else None

    def seat_on(self, day: date) -> Region | None:
        """Return the region whose seat the agent held at the end of *day*, or None."""
        return next((held.region for held in self.seats if held.covers(day)), None)

    @property
    def active_days(self) -> tuple[tuple[date, date | None], ...]:
        """The days on which the account may act: from the first to the last, both included."""
        return tuple(self._active_days())

    def active_on(self, day: date) -> bool:
        """Return whether the account may act on *day*; also on the one on which it ends."""
        return any(
            first <= day and (last is None or day <= last) for first, last in self._active_days()
        )

    @property
    def active_since(self) -> date | None:
        """When the account was last made active, or None."""
        return self.active_since_as_of(date.max)

    def active_since_as_of(self, day: date) -> date | None:
        """Return when the account was last made active, up to *day*; or None."""
        return max((first for first, _ in self._active_days() if first <= day), default=None)

    @property
    def deactivated_on(self) -> date | None:
        """When the account was last deactivated, or None."""
        return self.deactivated_on_as_of(date.max)

    def deactivated_on_as_of(self, day: date) -> date | None:
        """Return when the account was last deactivated, up to *day*; or None."""
        return max(
            (
                stage.on
                for stage in self.stages
                if stage.status and isinstance(stage.event, AgentDeactivated) and stage.on <= day
            ),
            default=None,
        )

    @property
    def without_effect(self) -> tuple[Stage, ...]:
        """What was told or decided, and found the agent at no stage that it needs, or seatless."""
        return tuple(
            stage
            for stage in self.stages
            if stage.status is None
            or (isinstance(stage.event, AgentReseated) and stage.status not in SEATED)
        )

    @property
    def _recruited(self) -> AgentRecruited | None:
        for stage in self.stages:
            if stage.status and isinstance(stage.event, AgentRecruited):
                return stage.event
        return None

    def _active_days(self) -> Iterator[tuple[date, date | None]]:
        since: date | None = None
        for stage in self.stages:
            if stage.status is AgentStatus.ACTIVE:
                since = since or stage.on
            elif stage.status and since is not None:
                yield since, stage.on
                since = None
        if since is not None:
            yield since, None


def evolve(agent: Agent, event: AgentEvent) -> Agent:
    """Return the state of *agent* after *event*. Never refuses: it has happened."""
    version = agent.version + 1
    match event:
        case AgentIncentiveAwarded() | AgentIncentiveClawedBack():
            before = agent.incentives.get(event.month, UNSETTLED)
            settled = joined(agent.incentives, {event.month: settled_after(before, event)})
            return attrs.evolve(agent, version=version, incentives=settled)
        case AgentFactVoided():
            ranks = [stage.rank for stage in agent.stages if stage.version == event.version]
            retold = event.reason == RETOLD and ranks
            return attrs.evolve(
                agent,
                version=version,
                stages=without_fact(agent.stages, event.version),
                voided=joined(agent.voided, {event.version: event}),
                replaced=(version + 1, ranks[0]) if retold else None,
            )
        case _:
            follows, rank = agent.replaced or (0, 0)
            stages = with_fact(
                agent.stages, version, event, rank=rank if follows == version else version
            )
            return attrs.evolve(agent, version=version, stages=stages, replaced=None)
