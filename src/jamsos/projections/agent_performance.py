"""The acquisitions of each agent by month, which evaluations rest on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

import attrs

from jamsos.domain.agent import (
    Agent,
    AgentAssigned,
    AgentCertified,
    AgentDeactivated,
    AgentFactVoided,
    AgentReactivated,
    AgentRecruited,
    AgentReseated,
    AgentResigned,
    AgentStatus,
    AgentTerminated,
    AgentTrainingBegun,
    evolve,
)
from jamsos.domain.aggregate import Event
from jamsos.domain.calendar import Month
from jamsos.domain.history import Recorded
from jamsos.domain.identity import AgentId, ProgrammeName
from jamsos.domain.participant import Fact, ParticipantFactVoided, ParticipantRegistered

_STAGES: Final = (
    AgentRecruited,
    AgentTrainingBegun,
    AgentCertified,
    AgentAssigned,
    AgentDeactivated,
    AgentReactivated,
    AgentReseated,
    AgentResigned,
    AgentTerminated,
    AgentFactVoided,
)
RELEVANT: Final = (ParticipantRegistered, ParticipantFactVoided, *_STAGES)
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
    the month of the day on which it was made. Seats and accounts are those of a day, as the
    facts told up to the last event make them, in whatever order they were told.
    """

    position: int = 0
    """The position of the last event applied."""
    agents: dict[AgentId, Agent] = attrs.field(factory=dict, repr=False)
    """Each agent of whom anything was told, as their stages make them; without the awards."""
    _acquired: defaultdict[AgentId, defaultdict[int, int]] = attrs.field(
        factory=lambda: defaultdict(lambda: defaultdict(int)), repr=False
    )

    def copy(self) -> AgentPerformance:
        """Return another that stands where this one does."""
        other = AgentPerformance(self.position, dict(self.agents))
        for agent, months in self._acquired.items():
            other._acquired[agent] = months.copy()
        return other

    def apply(self, recorded: Recorded[Event]) -> None:
        """Take one more event into account."""
        self.position = recorded.position
        self.note(recorded.stream, recorded.version, recorded.event)

    def note(self, stream: str, version: int, event: Event) -> None:
        """Take into account an event of *stream*, at its *version* there."""
        if (acquired := acquisition(event)) is not None:
            by, on, number = acquired
            months, index = self._acquired[by], Month.of(on).index
            months[index] += number
            if not months[index]:
                del months[index]
        elif isinstance(event, _STAGES):
            agent = AgentId(stream)
            known = self.agents.get(agent) or Agent(id=agent)
            before = attrs.evolve(known, version=version - 1)  # awards are passed over
            self.agents[agent] = evolve(before, event)

    @property
    def recruited(self) -> dict[AgentId, ProgrammeName]:
        """Each agent who was ever recruited, with their programme."""
        programmes = ((agent, state.programme) for agent, state in self.agents.items())
        return {agent: programme for agent, programme in programmes if programme is not None}

    @property
    def seated(self) -> set[AgentId]:
        """The agents who hold a seat after everything that was told."""
        return {agent for agent, state in self.agents.items() if state.seat is not None}

    @property
    def active(self) -> set[AgentId]:
        """The agents whose account is active after everything that was told."""
        return {a for a, state in self.agents.items() if state.status is AgentStatus.ACTIVE}

    def seated_on(self, day: date) -> set[AgentId]:
        """Return the agents who held a seat at the end of *day*."""
        return {a for a, state in self.agents.items() if state.seat_on(day) is not None}

    def active_on(self, day: date) -> set[AgentId]:
        """Return the agents whose account could act on *day*; also where it ended on it."""
        return {agent for agent, state in self.agents.items() if state.active_on(day)}

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
        """Return who held a seat at the end of *month* and acquired somebody in *months* to it."""
        window = range(month.index - months + 1, month.index + 1)
        seated = self.seated_on(month.last_day)
        return {a for a in seated if any(m in window for m in self._acquired.get(a, ()))}
