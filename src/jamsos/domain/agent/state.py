"""The state of an agent, and how each event changes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import attrs

from jamsos.domain.calendar import Month
from jamsos.domain.geography import ProvinceCode, Region
from jamsos.domain.identity import AgentId, ProgrammeName
from jamsos.domain.layered import Layered, layered

from .events import (
    RETOLD,
    AgentEvent,
    AgentFactVoided,
    AgentIncentiveAwarded,
    AgentIncentiveClawedBack,
    AgentReseated,
)
from .seats import Held
from .settled import UNSETTLED, Settled, settled_after
from .stages import SEATED, AgentStatus, Stage
from .timeline import Timeline


def _timeline(stages: Iterable[Stage]) -> Timeline:
    return Timeline.of(stages)


def _voided(facts: Mapping[int, AgentFactVoided]) -> Layered[int, AgentFactVoided]:
    return layered(facts)


def _incentives(awards: Mapping[Month, Settled]) -> Layered[Month, Settled]:
    return layered(awards)


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
    stages: Timeline = attrs.field(default=Timeline(), converter=_timeline)
    """The facts told and not voided, by day; also those that have no effect."""
    voided: Layered[int, AgentFactVoided] = attrs.field(
        default=Layered(), converter=_voided, hash=False
    )
    """The facts that were voided, by their version, and how."""
    replaced: tuple[int, int] | None = None
    """Where a fact was voided to be told otherwise: the version of the one that replaces it, which
    follows, and the place that this one has among the facts of a day."""
    incentives: Layered[Month, Settled] = attrs.field(
        default=Layered(), converter=_incentives, hash=False
    )
    """The awards, by the month in which they were earned."""

    @property
    def status(self) -> AgentStatus:
        """Where the agent stands after everything that was told."""
        return self.stages.ends.status

    def status_on(self, day: date) -> AgentStatus:
        """Return where the agent stood at the end of *day*."""
        return self.stages.upto(day).status

    @property
    def programme(self) -> ProgrammeName | None:
        """The programme for which the agent was recruited, or None."""
        recruited = self.stages.ends.recruited
        return None if recruited is None else recruited.programme

    @property
    def province(self) -> ProvinceCode | None:
        """The province in which the agent was recruited, or None."""
        recruited = self.stages.ends.recruited
        return None if recruited is None else recruited.province

    @property
    def seats(self) -> tuple[Held, ...]:
        """The days on which the agent holds a seat, with its region, in order."""
        return self.stages.seats

    @property
    def seat(self) -> Region | None:
        """The region whose seat the agent holds after everything that was told, or None."""
        seat = self.stages.ends.seat
        return None if seat is None else seat.region

    def seat_on(self, day: date) -> Region | None:
        """Return the region whose seat the agent held at the end of *day*, or None."""
        seat = self.stages.upto(day).seat
        return None if seat is None else seat.region

    @property
    def active_days(self) -> tuple[tuple[date, date | None], ...]:
        """The days on which the account may act: from the first to the last, both included."""
        return self.stages.active_days

    def active_on(self, day: date) -> bool:
        """Return whether the account may act on *day*; also on the one on which it ends."""
        stand = self.stages.upto(day)
        return stand.active_since is not None or stand.active_until == day

    @property
    def active_since(self) -> date | None:
        """When the account was last made active, or None."""
        return self.stages.ends.last_active_since

    def active_since_as_of(self, day: date) -> date | None:
        """Return when the account was last made active, up to *day*; or None."""
        return self.stages.upto(day).last_active_since

    @property
    def deactivated_on(self) -> date | None:
        """When the account was last deactivated, or None."""
        return self.stages.ends.deactivated_on

    def deactivated_on_as_of(self, day: date) -> date | None:
        """Return when the account was last deactivated, up to *day*; or None."""
        return self.stages.upto(day).deactivated_on

    @property
    def without_effect(self) -> tuple[Stage, ...]:
        """What was told or decided, and found the agent at no stage that it needs, or seatless."""
        return tuple(
            stage
            for stage in self.stages
            if stage.status is None
            or (isinstance(stage.event, AgentReseated) and stage.status not in SEATED)
        )


def evolve(agent: Agent, event: AgentEvent) -> Agent:
    """Return the state of *agent* after *event*. Never refuses: it has happened."""
    version = agent.version + 1
    match event:
        case AgentIncentiveAwarded() | AgentIncentiveClawedBack():
            before = agent.incentives.get(event.month, UNSETTLED)
            settled = agent.incentives.having(event.month, settled_after(before, event))
            return attrs.evolve(agent, version=version, incentives=settled)
        case AgentFactVoided():
            voided = agent.stages.version(event.version)
            rank = None if voided is None or event.reason != RETOLD else voided.rank
            return attrs.evolve(
                agent,
                version=version,
                stages=agent.stages.without(event.version),
                voided=agent.voided.having(event.version, event),
                replaced=None if rank is None else (version + 1, rank),
            )
        case _:
            follows, rank = agent.replaced or (0, 0)
            stages = agent.stages.having(
                version, event, rank=rank if follows == version else version
            )
            return attrs.evolve(agent, version=version, stages=stages, replaced=None)
