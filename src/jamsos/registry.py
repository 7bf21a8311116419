"""The front desk: load, decide, append; and what the history says."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from time import time_ns
from types import TracebackType
from typing import Any, Self, cast
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
from jamsos.domain.tally import Tally
from jamsos.formulas.active import IN_GRACE, PAID_UP
from jamsos.projections.agent_performance import RELEVANT, AgentPerformance
from jamsos.projections.count import Count, count
from jamsos.projections.incentive_base import RELEVANT as EARNING
from jamsos.projections.incentive_base import IncentiveBase
from jamsos.projections.retention import Retention
from jamsos.store.catalogue import CODEC
from jamsos.store.event_store import EventStore
from jamsos.store.recorder import Recorder

from .desk import Desk, ExtraPolicies, Once
from .group_commit import GroupCommit
from .live import USUAL, Live, Rebuilt, Sums
from .recording import PATIENCE, Recording, Sent
from .request import Request
from .request import command_id as check_command


def open_registry(
    place: str | Path | Recorder,
    *,
    policies: ExtraPolicies | None = None,
    clock: Callable[[], datetime] | None = None,
    patience: float = PATIENCE,
) -> Registry:
    """
    Open the registry that is kept at *place*: a file, which is made where there is none.

    Or ``":memory:"``; or ``"postgresql://..."``, a database that ``jamsos migrate`` has
    prepared; or a database of one's own, a `Recorder`. *policies* are a caller's own, by the
    case that they judge. *clock* tells the moment of writing, and nothing else. *patience* is
    for how many seconds a request is decided again where another writer was first.

    Raises `StoreError` for what is no store, and `MissingExtraError` for PostgreSQL without
    its library.
    """
    store = EventStore(place)
    return Registry(store, policies=policies, clock=clock, patience=patience)


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

    Where another writer was first, or the store cannot be reached for a moment, the whole
    request is decided again on what is then recorded, for as long as its *patience* lasts.
    After an error, ask again: nothing is half-recorded. Any thread may ask.
    """

    def __init__(
        self,
        store: EventStore,
        *,
        policies: ExtraPolicies | None = None,
        clock: Callable[[], datetime] | None = None,
        patience: float = PATIENCE,
    ) -> None:
        super().__init__(self, policies)
        self._store = store
        self._known: dict[str, tuple[State, int]] = {}
        self._performance = AgentPerformance()
        self._incentive_base = IncentiveBase()
        self._live = Live(store)
        self._recording = Recording(
            store,
            desk=self.trial,
            keep=self._keep,
            forget=self._known.clear,
            clock=clock or _now,
            patience=patience,
        )

    # -- Other ways to ask. ------------------------------------------------------

    def once(self, command_id: str) -> Desk:
        """
        Give a desk for one request, which is decided once however often it is sent.

        >>> from datetime import date
        >>> with open_registry(":memory:") as registry:
        ...     _ = registry.adopt("perisai", on=date(2017, 11, 20))
        ...     first = registry.once("letter-17").allot("perisai", 9, on=date(2017, 11, 20))
        ...     _ = registry.allot("perisai", 5, on=date(2017, 12, 1))
        ...     again = registry.once("letter-17").allot("perisai", 9, on=date(2017, 11, 20))
        ...     again == first, registry.quota("perisai").allotted
        (True, 5)

        *command_id*, 1 to 64 letters, digits or ``._:/-``, is stored with the events, and the
        answer, also a refusal, beside them. After any error send the same request under the
        same id: what was recorded all the same is answered as it was. Raises `InputError`
        where the id belongs to another request.
        """
        return Once(self, self._ask, check_command(command_id))

    @contextmanager
    def group_commit(self, *, most: int = 500) -> Iterator[GroupCommit]:
        """
        Give a desk for many threads, whose requests are decided in order and recorded together.

        Each gets its own answer, once all that were waiting, at the *most* so many, are
        recorded in one transaction. It ends when the ``with`` statement does, after the last.
        """
        desk = GroupCommit(self, self._recording.record, most=most)
        try:
            yield desk
        finally:
            desk.close()

    @contextmanager
    def batch(self) -> Iterator[Desk]:
        """
        Give a desk whose decisions are recorded together, in one transaction, at the end.

        If anything is raised inside, nothing is recorded. Its answers hold once the ``with``
        statement has ended. Raises `ConflictError` there where another writer was first.
        """
        desk = Desk(self, self._extra)
        yield desk
        with self._recording.deciding:
            self._recording.append(desk)

    def trial(self) -> Desk:
        """Give a desk whose decisions are never recorded: to ask what would be answered."""
        return Desk(self, self._extra)

    # -- What is recorded. -------------------------------------------------------

    def agent(self, agent: str) -> Agent:
        """Return an agent as he is; one who was never recruited is ``unknown``."""
        check_agent(agent)
        return cast("Agent", self._now_of(agent))

    def participant(self, participant: str) -> Participant:
        """Return a participant as he is; one who was never registered has no standing."""
        check_participant(participant)
        return cast("Participant", self._now_of(participant))

    def programme(self, programme: str) -> Programme:
        """Return a programme with its rules."""
        check_name(programme)
        return cast("Programme", self._now_of(programme_stream(programme)))

    def quota(self, programme: str, region: str = NATIONAL) -> Quota:
        """Return the seats of a programme in a region."""
        check_name(programme)
        check_region(region)
        return cast("Quota", self._now_of(quota_stream(programme, region)))

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

    # -- What is kept up beside it. ----------------------------------------------

    def live_count(
        self,
        month: Month,
        definition: Definition = PAID_UP,
        *,
        by: tuple[str, ...] = (),
        programme: str = MANDATORY,
    ) -> Count:
        """
        Return the same as `count` does, out of a tally to which only what is new is added.

        The first time, that is the whole history; under a definition of one's own and by agent
        too. A definition must ask for a programme by ``paid_for`` alone, and one that gives
        other months needs another name. Raises `InputError` for a dimension that there is
        not, and `StoreError` where the store keeps no tallies.
        """
        return self._live.count(month, definition, by=by, programme=programme)

    def live_sums(
        self,
        tally: Tally,
        heading: str,
        *,
        since: Month | None = None,
        upto: Month | None = None,
    ) -> Sums:
        """Return the numbers of *tally* under *heading*, added up over months, as they are now."""
        return self._live.sums(tally, (heading,), since, upto)

    def catch_up(self, *tallies: Tally) -> int:
        """
        Add to *tallies*, or to those that ship, what is new; return the position of the newest.

        It may break off anywhere, and others may do the same at the same time: each event is
        added once. Raises `CorruptHistoryError` at an event that is missing or cannot be read.
        """
        return self._live.catch_up(tallies or USUAL)

    def rebuild(self, *tallies: Tally, compare_only: bool = False) -> list[Rebuilt]:
        """
        Make *tallies*, or those that ship, anew beside the live ones, and say what differs.

        Then the new ones answer, unless it is *compare_only*; until then the live ones do.
        Where it broke off, it goes on. Raises `CorruptHistoryError` as `catch_up` does, and
        where events were removed.
        """
        return self._live.rebuild(tallies or USUAL, compare_only=compare_only)

    # -- What a desk rests on. ---------------------------------------------------

    def load_many(self, streams: Sequence[str]) -> Mapping[str, tuple[State, int]]:
        """Return the state and the version of each of *streams*, read afresh, all at once."""
        known = {s: self._known.get(s) or (state_of(s, ()), 0) for s in streams}
        news: dict[str, list[Event]] = {}
        for recorded in self._store.news({s: version for s, (_, version) in known.items()}):
            news.setdefault(recorded.stream, []).append(recorded.event)
        for stream, events in news.items():
            state, version = known[stream]
            known[stream] = (state_of(stream, events, since=state), version + len(events))
            self._keep(stream, *known[stream])
        return known

    def performance(self) -> AgentPerformance:
        """Return what the agents have done, up to the newest event."""
        self._follow(self._performance, RELEVANT)
        return self._performance

    def incentive_base(self) -> IncentiveBase:
        """Return what incentives are reckoned on, up to the newest event."""
        self._follow(self._incentive_base, EARNING)
        return self._incentive_base

    def _follow(
        self, projection: AgentPerformance | IncentiveBase, relevant: Sequence[type]
    ) -> None:
        """Bring *projection*, for which some events are *relevant*, up to the newest event."""
        with self._recording.deciding:
            last = self._store.last_position()
            for recorded in self._store.history(
                after=projection.position, upto=last, names=CODEC.names(relevant)
            ):
                projection.apply(recorded)
            projection.position = last

    def measures(self, programme: str, *, month: Month, months: int, after_months: int) -> Measures:
        """
        Return the measures of *programme* at the end of *month*, from the whole history.

        *Productive* looks at the last *months*, still active at *after_months*, in grace.
        """
        history = in_order(self._store.history())
        return measures_of(
            history, programme, month=month, months=months, after_months=after_months
        )

    # -- How an answer is recorded. ----------------------------------------------

    def _answer(self, request: Request) -> Any:  # noqa: ANN401 - what its verb returns
        return self._ask(request, None)

    def _ask(self, request: Request, command: str | None) -> Any:  # noqa: ANN401 - likewise
        [outcome] = self._recording.record([Sent(request, command)])
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def _due(self, programme: str, on: date) -> list[AgentId]:
        with self._recording.deciding:
            return self.trial()._due(programme, on)  # noqa: SLF001 - a registry is a desk too

    def _earners(self, programme: str, month: Month) -> list[AgentId]:
        with self._recording.deciding:
            return self.trial()._earners(programme, month)  # noqa: SLF001 - likewise

    def _now_of(self, stream: str) -> State:
        return self.load_many([stream])[stream][0]

    def _keep(self, stream: str, state: State, version: int) -> None:
        """Keep what was read, except of participants: they are many, and asked for rarely."""
        if not isinstance(state, Participant):
            self._known[stream] = (state, version)


def measures_of(
    history: Iterable[Recorded[Event]],
    programme: str,
    *,
    month: Month,
    months: int,
    after_months: int,
) -> Measures:
    """Return the measures of *programme* at the end of *month* that *history* makes."""
    performance, mine = AgentPerformance(), set[AgentId]()
    retention = Retention(IN_GRACE, after_months, agents=mine)
    known_at = 0
    for recorded in history:
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
