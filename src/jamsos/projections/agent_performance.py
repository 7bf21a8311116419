"""The acquisitions of each agent by month, which evaluations rest on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

import attrs

from jamsos.domain.agent import (
    AgentAssigned,
    AgentDeactivated,
    AgentReactivated,
    AgentRecruited,
    AgentResigned,
    AgentTerminated,
)
from jamsos.domain.aggregate import Event
from jamsos.domain.calendar import Month
from jamsos.domain.history import Recorded
from jamsos.domain.identity import AgentId
from jamsos.domain.participant import Fact, ParticipantFactVoided, ParticipantRegistered

RELEVANT: Final = (
    ParticipantRegistered,
    ParticipantFactVoided,
    AgentRecruited,
    AgentAssigned,
    AgentReactivated,
    AgentDeactivated,
    AgentResigned,
    AgentTerminated,
)
"""The events that matter here."""


def acquisition(event: Event) -> tuple[AgentId, date, int] | None:
    """
    Return the agent who acquired somebody by *event*, the day, and 1; or None.

    Where the registration is voided, -1 in the place of 1.
    """
    match event:
        case ParticipantRegistered(agent=str() as by, on=on):
            return by, on, 1
        case ParticipantFactVoided(fact=Fact.REGISTERED, agent=str() as by, fact_on=on):
            return by, on, -1
        case _:
            return None


@attrs.define
class AgentPerformance:
    """
    Acquisitions of each agent by month, the holders of seats, and the active accounts.

    An acquisition (*akuisisi*) is the registration of a participant through the agent, in
    the month of the day on which it was made.
    """

    position: int = 0
    """The position of the last event applied."""
    recruited: dict[AgentId, str] = attrs.field(factory=dict, repr=False)
    """Each agent ever recruited, with their programme."""
    seated: set[AgentId] = attrs.field(factory=set, repr=False)
    active: set[AgentId] = attrs.field(factory=set, repr=False)
    _acquired: defaultdict[AgentId, defaultdict[int, int]] = attrs.field(
        factory=lambda: defaultdict(lambda: defaultdict(int)), repr=False
    )

    def apply(self, recorded: Recorded[Event]) -> None:
        """Take one more event into account."""
        self.position = recorded.position
        self.note(recorded.stream, recorded.event)

    def note(self, stream: str, event: Event) -> None:
        """Take into account an event of *stream* that is decided, and not recorded yet."""
        if (acquired := acquisition(event)) is not None:
            by, on, number = acquired
            months, index = self._acquired[by], Month.of(on).index
            months[index] += number
            if not months[index]:
                del months[index]
        agent = AgentId(stream)
        match event:
            case AgentRecruited(programme=programme):
                self.recruited[agent] = programme
                self.seated.add(agent)
            case AgentAssigned():
                self.active.add(agent)
            case AgentReactivated():
                self.seated.add(agent)
                self.active.add(agent)
            case AgentDeactivated() | AgentResigned() | AgentTerminated():
                self.seated.discard(agent)
                self.active.discard(agent)
            case _:
                pass

    def acquired(self, agent: AgentId | None = None, *, upto: Month | None = None) -> int:
        """Return how many participants *agent*, or all agents, acquired, *upto* a month."""
        agents: Iterable[Mapping[int, int]] = self._acquired.values()
        if agent is not None:
            agents = [self._acquired.get(agent, {})]
        return sum(
            number
            for months in agents
            for month, number in months.items()
            if upto is None or month <= upto.index
        )

    def last_acquisition(self, agent: AgentId) -> Month | None:
        """Return the last month in which *agent* acquired somebody, or None."""
        months = self._acquired.get(agent)
        return Month.at(max(months)) if months else None

    def productive(self, month: Month, *, months: int) -> set[AgentId]:
        """Return the agents who hold a seat and acquired somebody in the *months* up to *month*."""
        window = range(month.index - months + 1, month.index + 1)
        return {a for a in self.seated if any(m in window for m in self._acquired.get(a, ()))}
