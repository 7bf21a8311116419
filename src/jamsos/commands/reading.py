"""The reading of a decision: every stream as it is recorded, with what was staged since."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final, Protocol, cast

import attrs

from jamsos.domain.agent import Agent, AgentRecruited
from jamsos.domain.aggregate import Event, State
from jamsos.domain.calendar import Month
from jamsos.domain.concerns import concerns
from jamsos.domain.due import SEGMENT_RULES, Law
from jamsos.domain.fixed import fixed
from jamsos.domain.geography import NATIONAL, REGIONS, Region, check_region
from jamsos.domain.identity import (
    PROGRAMME_STREAM,
    QUOTA_STREAM,
    AgentId,
    ProgrammeName,
    check_agent,
    check_name,
    check_participant,
    programme_stream,
    quota_stream,
)
from jamsos.domain.participant import Participant, ParticipantEvent
from jamsos.domain.programme import Measures, Programme
from jamsos.domain.quota import Quota
from jamsos.errors import InputError, NotFoundError
from jamsos.projections.agent_performance import acquisition
from jamsos.projections.incentive_base import IncentiveBase, Lines


class UnrecordedError(InputError):
    """Raised if a decision measures what is recorded, and something is only staged."""


@attrs.frozen
class Concerning:
    """The *events* that concern a stream, each with its own, and the *position* of the last."""

    position: int
    events: Sequence[tuple[str, Event]]


NOTHING: Final = Concerning(0, ())
"""Nothing that was recorded concerns it."""


class Source(Protocol):
    """Where what is recorded is read, as of now."""

    def load_many(self, streams: Sequence[str]) -> Mapping[str, tuple[State, int]]:
        """Return the state and the version of each of *streams*."""
        ...

    def concerning(self, stream: str) -> Concerning:
        """Return the events of other streams that concern *stream*."""
        ...

    def acquisitions(self, agent: AgentId) -> tuple[Mapping[date, int], int]:
        """Return how many *agent* acquired on which day, as known at a position."""
        ...

    def last_position(self) -> int:
        """Return the position of the newest event; 0 where nothing is recorded."""
        ...

    def measures(self, programme: str, *, month: Month, months: int, after_months: int) -> Measures:
        """Return the measures of *programme* at the end of *month*."""
        ...


class Reading:
    """
    Each stream as it is recorded, with what was staged since; and what the whole history says.

    `jamsos.engine.draft.Draft` fills it. Each method by kind raises `InputError` for a name
    that is not of its kind.
    """

    source: Source
    states: dict[str, State]
    """The state of each stream that was read, with what is staged."""
    read: dict[str, int]
    """The version of each stream that was read, as it was then."""
    unconcerned: dict[str, int]
    """Streams of those about whom other streams were read, and up to which position."""
    staged: list[tuple[str, int, Event]]
    """Each event that was decided, with its stream and the version that it is to be."""
    found: dict[str, Concerning]
    """What concerns each stream of those about whom other streams were read."""
    lines: Lines
    """What participants bring to their agents."""

    def ahead(self, streams: Iterable[str], /) -> None:
        """Read *streams* together, those of them that were not read yet."""
        raise NotImplementedError

    def rests_on(self, position: int, /) -> None:
        """Note that the whole history up to *position* was looked at."""
        raise NotImplementedError

    # -- By kind. -----------------------------------------------------------------

    def agent(self, agent: str) -> Agent:
        """Return an agent; one who was never recruited is ``unknown``."""
        known = self.states.get(agent) if isinstance(agent, str) else None
        if isinstance(known, Agent):
            return known
        check_agent(agent)
        return cast("Agent", self._state(agent))

    def participant(self, participant: str) -> Participant:
        """Return a participant; one who was never registered has no standing."""
        known = self.states.get(participant) if isinstance(participant, str) else None
        if isinstance(known, Participant):
            return known
        check_participant(participant)
        return cast("Participant", self._state(participant))

    def programme_or_new(self, programme: str) -> Programme:
        """Return a programme; one that was never established has no rules."""
        known = self.states.get(f"{PROGRAMME_STREAM}{programme}")
        if isinstance(known, Programme):
            return known
        check_name(programme)
        return cast("Programme", self._state(programme_stream(programme)))

    def programme(self, programme: str) -> Programme:
        """Return a programme. Raises `NotFoundError` if it was never established."""
        state = self.programme_or_new(programme)
        if state.established is None:
            msg = f"there is no programme '{programme}': adopt it, or enact a rule of it, first"
            raise NotFoundError(msg)
        return state

    def programme_of(self, agent: Agent) -> ProgrammeName:
        """Return the programme of *agent*. Raises `NotFoundError` if never recruited."""
        if agent.programme is None:
            msg = f"{agent.id} was never recruited"
            raise NotFoundError(msg)
        return agent.programme

    def quota(self, programme: str, region: str) -> Quota:
        """Return the seats of a programme in a region."""
        known = self.states.get(f"{QUOTA_STREAM}{programme}-{region}")
        if isinstance(known, Quota) and region in REGIONS:
            return known
        check_region(region)
        return cast("Quota", self._state(quota_stream(programme, region)))

    def quotas(self, programme: str, regions: Iterable[str]) -> dict[Region, Quota]:
        """Return the nation's quota and those of *regions*, read together."""
        there = {Region(each): quota_stream(programme, each) for each in (NATIONAL, *regions)}
        for region in there:
            check_region(region)
        self.ahead(there.values())
        return {region: cast("Quota", self.states[stream]) for region, stream in there.items()}

    def law(self, names: Iterable[str]) -> Law:
        """Return the programmes *names*, and the one in which rules of segments stand."""
        wanted = dict.fromkeys((*names, SEGMENT_RULES))
        for programme in wanted:
            check_name(programme)
        self.ahead(map(programme_stream, wanted))
        return fixed({ProgrammeName(each): self.programme_or_new(each) for each in wanted})

    # -- Over events of other streams that concern somebody. -------------------------

    def last_acquisition(self, agent: AgentId, *, upto: date) -> Month | None:
        """Return the last month in which *agent* acquired somebody *upto* a day, or None."""
        recorded, position = self.source.acquisitions(agent)
        self.unconcerned.setdefault(agent, position)
        acquired = Counter(recorded)
        for _, _, event in self.staged:
            if (staged := acquisition(event)) is not None and staged[0] == agent:
                acquired[staged[1]] += staged[2]
        last = max(
            (day for day, number in acquired.items() if number and day <= upto), default=None
        )
        return None if last is None else Month.of(last)

    def agents_of(self, programme: str) -> list[AgentId]:
        """Return the agents who were ever recruited for *programme*, in order of their names."""
        recruited = self._concerning(programme_stream(programme))
        return sorted({AgentId(s) for s, event in recruited if isinstance(event, AgentRecruited)})

    def incentive_base(self, agent: AgentId) -> IncentiveBase:
        """
        Return what the incentives of *agent* are computed from, with what is staged.

        It has all that is known of each participant who was ever in their care.
        """
        people = {s for s, event in self._concerning(agent) if isinstance(event, ParticipantEvent)}
        self.ahead(people)
        return self.lines.base(agent, map(self.participant, people))

    def known_at(self) -> int:
        """Return the position up to which the history is known, with what is staged."""
        return self.source.last_position() + len(self.staged)

    def _concerning(self, stream: str) -> Iterator[tuple[str, Event]]:
        """Yield the events that concern *stream*, each with its own, also those staged."""
        found = self.found.get(stream)
        if found is None:
            found = self.found[stream] = self.source.concerning(stream)
        self.unconcerned.setdefault(stream, found.position)
        yield from found.events
        for own, _, event in self.staged:
            if stream in concerns(event):
                yield own, event

    def measures(self, programme: str, *, month: Month, months: int, after_months: int) -> Measures:
        """
        Return the measures of *programme* at the end of *month*.

        Raises `InputError` if something is staged: that is not recorded yet.
        """
        if self.staged:
            msg = "an evaluation measures what is recorded: end the batch before it"
            raise UnrecordedError(msg)
        measures = self.source.measures(
            programme, month=month, months=months, after_months=after_months
        )
        self.rests_on(measures.known_at)
        return measures

    def _state(self, stream: str) -> State:
        if stream not in self.states:
            self.ahead((stream,))
        return self.states[stream]
