"""The reading of a decision: every stream as it is recorded, with what was staged since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol, cast

from jamsos.domain.agent import Agent, AgentAssigned, AgentReactivated
from jamsos.domain.aggregate import Event, State
from jamsos.domain.calendar import Month
from jamsos.domain.due import SEGMENT_RULES, Law
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
from jamsos.domain.participant import Participant, ParticipantEvent, ParticipantRegistered
from jamsos.domain.programme import Measures, Programme
from jamsos.domain.quota import Quota
from jamsos.errors import InputError, NotFoundError
from jamsos.projections.agent_performance import AgentPerformance
from jamsos.projections.incentive_base import IncentiveBase


class UnrecordedError(InputError):
    """Raised if a decision measures what is recorded, and something is only staged."""


class Source(Protocol):
    """Where what is recorded is read, as of now."""

    def load_many(self, streams: Sequence[str]) -> Mapping[str, tuple[State, int]]:
        """Return the state and the version of each of *streams*."""
        ...

    def performance(self) -> AgentPerformance:
        """Return what the agents have done."""
        ...

    def incentive_base(self) -> IncentiveBase:
        """Return what incentives are computed from."""
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
    staged: list[tuple[str, int, Event]]
    """Each event that was decided, with its stream and the version that it is to be."""

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
        return {ProgrammeName(each): self.programme_or_new(each) for each in wanted}

    # -- Over the whole history: what rests on these, rests on its last position. ----

    def last_acquisition(self, agent: AgentId) -> tuple[int, Month | None]:
        """Return the last month in which *agent* acquired somebody, and as known at where."""
        performance = self.source.performance()
        self.rests_on(performance.position)
        months = [
            Month.of(event.on)
            for _, _, event in self.staged
            if isinstance(event, ParticipantRegistered) and event.agent == agent
        ]
        recorded = performance.last_acquisition(agent)
        if recorded is not None:
            months.append(recorded)
        return performance.position + len(self.staged), max(months, default=None)

    def active_agents(self) -> set[AgentId]:
        """Return the agents whose account is active, and perhaps some who were active before."""
        return self.source.performance().active | {
            AgentId(stream)
            for stream, _, event in self.staged
            if isinstance(event, AgentAssigned | AgentReactivated)
        }

    def incentive_base(self) -> IncentiveBase:
        """Return what incentives are computed from, with what is staged."""
        base = self.source.incentive_base()
        self.rests_on(base.position)
        here = [(s, event) for s, _, event in self.staged if isinstance(event, ParticipantEvent)]
        return base.ahead(here) if here else base

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

    def known_at(self, position: int) -> int:
        """Return the position that the history is to have with what is staged after *position*."""
        return position + len(self.staged)

    def _state(self, stream: str) -> State:
        if stream not in self.states:
            self.ahead((stream,))
        return self.states[stream]
