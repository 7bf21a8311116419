"""The front desk: load, decide, append; and what the history says."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from time import time_ns
from types import TracebackType
from typing import Self, cast
from uuid import UUID

from jamsos.domain.active import MANDATORY, Definition
from jamsos.domain.agent import Agent, AgentRecruited
from jamsos.domain.aggregate import Event, State
from jamsos.domain.aggregate import state as state_of
from jamsos.domain.calendar import Month
from jamsos.domain.geography import NATIONAL, check_region
from jamsos.domain.history import Recorded, in_order
from jamsos.domain.history import known_at as up_to
from jamsos.domain.identity import (
    AgentId,
    ParticipantId,
    check_agent,
    check_name,
    check_participant,
    programme_stream,
    quota_stream,
)
from jamsos.domain.participant import Participant
from jamsos.domain.programme import Measures, Programme
from jamsos.domain.quota import Quota
from jamsos.errors import InputError
from jamsos.policies.active import IN_GRACE, PAID_UP
from jamsos.projections.agent_performance import RELEVANT, AgentPerformance
from jamsos.projections.count import Count, count
from jamsos.projections.retention import Retention
from jamsos.store.catalogue import CODEC
from jamsos.store.event_store import EventStore, entry

from .desk import Answer, Decisions, Desk, ExtraPolicies


def open_registry(
    path: str | Path,
    *,
    policies: ExtraPolicies | None = None,
    clock: Callable[[], datetime] | None = None,
) -> Registry:
    """
    Open the registry that is kept at *path*, and make it where there is none.

    ``":memory:"`` keeps it in memory. *policies* are a caller's own, by the case that they
    judge. *clock* tells the moment of writing, and nothing else.
    Raises `StoreError` for a file that is no store.
    """
    return Registry(EventStore(path), policies=policies, clock=clock)


class Registry(Desk):
    """
    The front desk over one store: each request is decided and recorded before it is answered.

    >>> from datetime import date
    >>> with open_registry(":memory:") as registry:
    ...     _ = registry.adopt("perisai", on=date(2017, 11, 20))
    ...     _ = registry.allot("perisai", 1_200, on=date(2017, 11, 20))
    ...     agent = new_agent_id()
    ...     answer = registry.recruit(agent, "perisai", province="51", on=date(2017, 11, 20))
    ...     registry.agent(agent).status.value, registry.quota("perisai").taken
    ('recruited', 1)

    After an error, ask again: nothing is half-recorded, and what was recorded all the same is
    then accepted with no events.
    """

    def __init__(
        self,
        store: EventStore,
        *,
        policies: ExtraPolicies | None = None,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        super().__init__(self, policies)
        self._store = store
        self._clock = clock or _now
        self._known: dict[str, tuple[State, int]] = {}
        self._performance = AgentPerformance()

    # -- Many requests at once. --------------------------------------------------

    @contextmanager
    def batch(self) -> Iterator[Desk]:
        """
        Give a desk whose decisions are recorded together, in one transaction, at the end.

        If anything is raised inside, nothing is recorded. Its answers hold once the ``with``
        statement has ended.
        """
        desk = Desk(self, self._extra)
        yield desk
        self._commit(desk)

    def trial(self) -> Desk:
        """Give a desk whose decisions are never recorded: to ask what would be answered."""
        return Desk(self, self._extra)

    # -- What is recorded. -------------------------------------------------------

    def agent(self, agent: str) -> Agent:
        """Return an agent as he is; one who was never recruited is ``unknown``."""
        check_agent(agent)
        return cast("Agent", self.load(agent)[0])

    def participant(self, participant: str) -> Participant:
        """Return a participant as he is; one who was never registered has no standing."""
        check_participant(participant)
        return cast("Participant", self.load(participant)[0])

    def programme(self, programme: str) -> Programme:
        """Return a programme with its rules."""
        check_name(programme)
        return cast("Programme", self.load(programme_stream(programme))[0])

    def quota(self, programme: str, region: str = NATIONAL) -> Quota:
        """Return the seats of a programme in a region."""
        check_name(programme)
        check_region(region)
        return cast("Quota", self.load(quota_stream(programme, region))[0])

    def history(self, *, known_at: int | None = None) -> Iterator[Recorded[Event]]:
        """
        Return every event, in order of position; or those up to position *known_at*.

        Raises `InputError` for a position that the history has not reached.
        """
        return up_to(in_order(self._store.history()), known_at)

    def count(
        self,
        month: Month,
        definition: Definition = PAID_UP,
        *,
        by: tuple[str, ...] = (),
        programme: str = MANDATORY,
        known_at: int | None = None,
    ) -> Count:
        """
        Return how many participants count in *month*, and the parts *by* which they do.

        Reads the whole history. Raises `InputError` for a dimension or a position that there
        is not.
        """
        history = self.history(known_at=known_at)
        return count(history, month, definition, by=by, programme=programme)

    def last_position(self) -> int:
        """Return the position of the newest event; 0 where nothing is recorded."""
        return self._store.last_position()

    def close(self) -> None:
        """Close the store. What was recorded stays."""
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    # -- What a desk rests on. ---------------------------------------------------

    def load(self, stream: str) -> tuple[State, int]:
        """Return the state and the version of *stream*, read afresh."""
        state, version = self._known.get(stream, (None, 0))
        news = self._store.stream(stream, after=version)
        state = state_of(stream, (recorded.event for recorded in news), since=state)
        if news:
            version = news[-1].version
            self._keep(stream, state, version)
        return state, version

    def load_many(self, streams: Sequence[str]) -> Mapping[str, tuple[State, int]]:
        """Return the state and the version of each of *streams*, read afresh, many at once."""
        known = [stream for stream in streams if stream in self._known]
        versions = self._store.versions(known)
        loaded = {
            stream: self._known[stream]
            if versions.get(stream) == self._known[stream][1]
            else self.load(stream)
            for stream in known
        }
        events: dict[str, list[Event]] = {s: [] for s in streams if s not in loaded}
        for recorded in self._store.streams(list(events)):
            events[recorded.stream].append(recorded.event)
        for stream, its in events.items():
            loaded[stream] = (state_of(stream, its), len(its))
            if its:
                self._keep(stream, *loaded[stream])
        return loaded

    def performance(self) -> AgentPerformance:
        """Return what the agents have done, up to the newest event."""
        last = self._store.last_position()
        for recorded in self._store.history(
            after=self._performance.position, upto=last, names=CODEC.names(RELEVANT)
        ):
            self._performance.apply(recorded)
        self._performance.position = last
        return self._performance

    def measures(self, programme: str, *, month: Month, months: int, after_months: int) -> Measures:
        """
        Return the measures of *programme* at the end of *month*, from the whole history.

        *Productive* looks at the last *months*, still active at *after_months*, in grace.
        """
        performance, mine = AgentPerformance(), set[AgentId]()
        retention = Retention(IN_GRACE, after_months, agents=mine)
        known_at = 0
        for recorded in in_order(self._store.history()):
            event = recorded.event
            if isinstance(event, AgentRecruited) and event.programme == programme:
                mine.add(AgentId(recorded.stream))
            if event.on <= month.last_day:
                performance.apply(recorded)
            retention.apply(recorded)
            known_at = recorded.position
        return Measures(
            month=month,
            known_at=known_at,
            agents=len(performance.seated & mine),
            productive_agents=len(performance.productive(month, months=months) & mine),
            acquired=sum(performance.acquired(agent, upto=month) for agent in mine),
            after_months=after_months,
            eligible=retention.eligible(month),
            still_active=retention.still_active(month),
            definition=IN_GRACE.name,
        )

    # -- How an answer is recorded. ----------------------------------------------

    def evaluate_agents(self, programme: str, *, on: date) -> dict[AgentId, Answer]:
        """
        Deactivate every agent of *programme* whose idleness has lasted as long as the rule says.

        Each deactivation is recorded by itself. Returns the answers for those who were due.
        """
        self._forget()
        try:
            return super().evaluate_agents(programme, on=on)
        finally:
            self._forget()

    def _decide(self, on: date, ask: Callable[[], Decisions]) -> Answer:
        self._forget()
        try:
            answer = super()._decide(on, ask)
            self._commit(self)
        finally:
            self._forget()
        return answer

    def _commit(self, desk: Desk) -> None:
        """Record what *desk* has decided, all or none; on any error, forget what was read."""
        if not desk._decided:  # noqa: SLF001 - a registry is a desk, and records for others
            return
        now = self._clock()
        if now.tzinfo is None:
            msg = f"the clock says {now}, without a time zone: give it one that tells UTC"
            raise InputError(msg)
        now = now.astimezone(UTC)
        written = {stream for stream, _, _ in desk._decided}  # noqa: SLF001
        try:
            self._store.append(
                [entry(stream, version, event, now) for stream, version, event in desk._decided],  # noqa: SLF001
                reads={s: v for s, v in desk._read.items() if s not in written},  # noqa: SLF001
                after=desk._as_of,  # noqa: SLF001
            )
        except Exception:
            self._known.clear()
            raise
        for stream in written:
            self._keep(stream, desk._states[stream], desk._versions[stream])  # noqa: SLF001

    def _keep(self, stream: str, state: State, version: int) -> None:
        """Keep what was read, except of participants: they are many, and asked for rarely."""
        if not isinstance(state, Participant):
            self._known[stream] = (state, version)


def new_agent_id() -> AgentId:
    """Return a name for an agent that nobody has: random, and in order of time."""
    return AgentId(f"agent-{_uuid7()}")


def new_participant_id() -> ParticipantId:
    """Return a name for a participant that nobody has and that says nothing of him."""
    return ParticipantId(f"participant-{_uuid7()}")


def _now() -> datetime:
    return datetime.now(UTC)


def _uuid7() -> UUID:
    """Return a time-ordered UUID, as RFC 9562 lays it out."""
    random = int.from_bytes(os.urandom(10))
    high, low = random >> 62 & 0xFFF, random & (1 << 62) - 1
    return UUID(int=time_ns() // 1_000_000 << 80 | 7 << 76 | high << 64 | 2 << 62 | low)
