"""The registry: a front desk over one store, and what the history of the store says."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from time import time_ns
from types import TracebackType
from typing import Self, cast
from uuid import UUID

from jamsos.commands.settling import Unsettled, unsettled
from jamsos.domain.active import MANDATORY, Definition
from jamsos.domain.agent import Agent
from jamsos.domain.aggregate import Event
from jamsos.domain.base import base
from jamsos.domain.calendar import Month, month_of
from jamsos.domain.due import SCHEME
from jamsos.domain.envelope import UNSAID, Envelope, enveloped
from jamsos.domain.geography import NATIONAL, check_region
from jamsos.domain.history import KnownAt, Recorded, in_order
from jamsos.domain.history import known_at as up_to
from jamsos.domain.identity import (
    AgentId,
    ParticipantId,
    check_agent,
    check_day,
    check_name,
    check_participant,
    programme_stream,
    quota_stream,
)
from jamsos.domain.money import check_whole
from jamsos.domain.participant import Participant
from jamsos.domain.programme import Measures, Programme
from jamsos.domain.quota import Quota
from jamsos.domain.tally import Tally
from jamsos.engine.answering import Answering, Asked
from jamsos.engine.batch import Batch
from jamsos.engine.group import GroupCommit
from jamsos.engine.live import USUAL, Live, Rebuilt, Sums, own
from jamsos.engine.recorded import RecordedSource
from jamsos.engine.session import Rules
from jamsos.engine.writer import PATIENCE, Writer, one_wait
from jamsos.errors import InputError, NotFoundError
from jamsos.formulas.active import PAID_UP, definition_of
from jamsos.policies.standard import judges_with
from jamsos.projections.agent_performance import AgentPerformance
from jamsos.projections.count import Count, count
from jamsos.store.event_store import EventStore
from jamsos.store.recorder import Recorder

from .desk import Desk, ExtraPolicies


def open_registry(
    place: str | Path | Recorder,
    *,
    policies: ExtraPolicies | None = None,
    clock: Callable[[], datetime] | None = None,
    patience: float = PATIENCE,
    read_only: bool = False,
) -> Registry:
    """
    Open the registry that is kept at *place*: a file, which is made if there is none.

    Or ``":memory:"``; or ``"postgresql://..."``, a database that ``jamsos migrate`` has
    prepared; or a database of one's own, a `Recorder`. *policies* are a caller's own, by the
    case that they judge. *clock* tells the moment of writing, and nothing else. *patience* is
    for how many seconds a command is decided again if another writer was first or the store was
    away, what is waited for a lock included. *read_only* opens a store that is there, without a
    right to write.

    Raises `InputError` for an address that jamsos does not know, `StoreError` if *place* is not
    a jamsos store, and `MissingExtraError` for PostgreSQL without its library.
    """
    if not isinstance(place, str | Path) and not callable(getattr(place, "last_position", None)):
        msg = f"a store is not kept at {place!r}: give a path, an address, or a Recorder"
        raise InputError(msg)
    store = EventStore(place, read_only=read_only, patience=one_wait(patience))
    return Registry(store, policies=policies, clock=clock, patience=patience)


class Registry(Desk):
    """
    The front desk over one store: each command is decided and recorded before it is answered.

    >>> from datetime import date
    >>> with open_registry(":memory:") as registry:
    ...     _ = registry.adopt("perisai", on=date(2017, 11, 20))
    ...     _ = registry.allot("perisai", 1_200, on=date(2017, 11, 20))
    ...     agent = new_agent_id()
    ...     answer = registry.recruit(agent, "perisai", province="51", on=date(2017, 11, 20))
    ...     registry.agent(agent).status.value, registry.quota("perisai").taken
    ('recruited', 1)

    If another writer was first, or the store cannot be reached for a moment, the whole
    command is decided again on what is then recorded, for as long as its *patience* lasts.
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
        self._store = store
        self._source = RecordedSource(store)
        self._live = Live(store)
        self._judges = judges_with(policies)
        self._writer = Writer(
            store,
            source=self._source,
            rules=Rules(self._judges),
            clock=clock,
            patience=patience,
        )
        super().__init__(self._writer)

    # -- Other ways to ask. ------------------------------------------------------

    @contextmanager
    def group_commit(
        self, *, most: int = 500, by: str | None = None, trace: str | None = None
    ) -> Iterator[Desk]:
        """
        Give a desk for many threads, whose commands are decided in order and recorded together.

        Each gets its own answer, once all that were waiting, at the *most* so many, are
        recorded in one transaction. It ends when the ``with`` statement does, after the last.
        Each thread says by `asked` who asks there.
        """
        said = enveloped(by, trace)
        check_whole("most", most)
        if most == 0:
            msg = "most is 0: record at least one letter at a time"
            raise InputError(msg)
        group = GroupCommit(self._writer, most=most)
        try:
            yield _desk(group, said)
        finally:
            group.close()

    @contextmanager
    def batch(self, *, by: str | None = None, trace: str | None = None) -> Iterator[Desk]:
        """
        Give a desk whose decisions are recorded together, in one transaction, at the end.

        If anything is raised inside, nothing is recorded. Its answers hold once the ``with``
        statement has ended. Raises `ConflictError` there if another writer was first. After it the
        desk says that it has ended, whatever is asked. See `asked`.
        """
        said = enveloped(by, trace)
        batch = Batch(self._writer.session(), name="batch")
        try:
            yield _desk(batch, said)
            batch.end(self._writer.append)
        finally:
            batch.drop()

    def trial(self, *, by: str | None = None, trace: str | None = None) -> Desk:
        """
        Give a desk whose decisions are never recorded: to ask what would be answered.

        *by* and *trace* are checked as everywhere; nothing keeps them.
        """
        batch = Batch(self._writer.session(), name="trial")
        return _desk(batch, enveloped(by, trace))

    # -- What is recorded. -------------------------------------------------------

    def agent(self, agent: str) -> Agent:
        """Return an agent as they are; one who was never recruited is ``unknown``."""
        check_agent(agent)
        return cast("Agent", self._source.state(base(agent)))

    def participant(self, participant: str) -> Participant:
        """Return a participant as they are; one who was never registered has no standing."""
        check_participant(participant)
        return cast("Participant", self._source.state(base(participant)))

    def programme(self, programme: str) -> Programme:
        """Return a programme with its rules."""
        check_name(programme)
        return cast("Programme", self._source.state(programme_stream(base(programme))))

    def quota(self, programme: str, region: str = NATIONAL) -> Quota:
        """Return the seats of a programme in a region."""
        check_name(programme)
        check_region(region)
        stream = quota_stream(base(programme), base(region))
        return cast("Quota", self._source.state(stream))

    def history(self, *, known_at: KnownAt | None = None) -> Iterator[Recorded[Event]]:
        """
        Return every event, in order of position; or those that were known at *known_at*.

        That is a position; a moment with its offset, before the first event that was recorded
        later; or a day, up to its end in WIB (UTC+7). Raises `InputError` for a position that the
        history has not reached, and for a moment without an offset.
        """
        return up_to(in_order(self._store.history()), known_at)

    def count(
        self,
        month: Month | str,
        definition: Definition | str = PAID_UP,
        *,
        by: tuple[str, ...] = (),
        programme: str = MANDATORY,
        known_at: KnownAt | None = None,
    ) -> Count:
        """
        Return how many participants count in *month*, and the parts *by* which they do.

        *definition* may be the name of one that ships. The answer says at which position it was
        *known_at*. Reads the whole history. Raises `InputError` for a dimension, a definition or
        a position that there is not, and `NotFoundError` for a programme that there is not.
        """
        history = self.history(known_at=known_at)
        found = count(
            history,
            month_of(month),
            definition_of(definition),
            by=_dimensions(by),
            programme=programme,
        )
        return self._of_a_programme(found)

    def performance(self) -> AgentPerformance:
        """Return what the agents have done, up to the newest event."""
        return self._source.performance()

    def measures(
        self, programme: str, *, month: Month | str, months: int, after_months: int
    ) -> Measures:
        """
        Return the measures of *programme* at the end of *month*, from the whole history.

        *Productive* looks at the last *months*, still active at *after_months*, in grace.
        """
        check_name(programme)
        check_whole("months", months)
        check_whole("after_months", after_months)
        return self._source.measures(
            programme, month=month_of(month), months=months, after_months=after_months
        )

    def unsettled(self, programme: str, *, on: date) -> list[Unsettled]:
        """
        Return each month of an agent that is over *on* a day, and not worth what was awarded.

        By agent and month: those in which `award_incentive` would award or claw back something.
        Raises `NotFoundError` for a programme that there is not.
        """
        check_day("on", on)
        with self._source.deciding:
            return unsettled(self._writer.session().draft, self._judges, programme, on=on)

    def last_position(self) -> int:
        """Return the position of the newest event; 0 if nothing is recorded."""
        return self._store.last_position()

    def close(self) -> None:
        """Close the store. Everything that was recorded stays."""
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
        month: Month | str,
        definition: Definition | str = PAID_UP,
        *,
        by: tuple[str, ...] = (),
        programme: str = MANDATORY,
    ) -> Count:
        """
        Return the same as `count` does, out of a tally to which only what is new is added.

        The first time, that is the whole history; under a definition of one's own and by agent
        too. A definition must ask for a programme by ``paid_for`` alone, and one that gives
        other months needs another name. Raises `InputError` for a dimension that there is
        not, and `StoreError` if the store keeps no tallies.
        """
        found = self._live.count(
            month_of(month), definition_of(definition), by=_dimensions(by), programme=programme
        )
        return self._of_a_programme(found)

    def live_sums(
        self,
        tally: Tally,
        heading: str,
        *,
        since: Month | str | None = None,
        upto: Month | str | None = None,
    ) -> Sums:
        """Return the numbers of *tally* under *heading*, added up over months, as they are now."""
        if not isinstance(heading, str):
            msg = f"the heading is {heading!r}: give the text under which the tally keeps numbers"
            raise InputError(msg)
        first = None if since is None else month_of(since)
        last = None if upto is None else month_of(upto)
        [tally] = own([tally])
        return self._live.sums(tally, (heading,), first, last)

    def catch_up(self, *tallies: Tally) -> int:
        """
        Add to *tallies*, or to those that ship, what is new; return the position of the newest.

        It may break off anywhere, and others may do the same at the same time: each event is
        added once. Raises `CorruptHistoryError` at an event that is missing or cannot be read.
        """
        return self._live.catch_up(own(tallies) or USUAL)

    def rebuild(self, *tallies: Tally, compare_only: bool = False) -> list[Rebuilt]:
        """
        Make *tallies*, or those that ship, again beside the live ones, and say what differs.

        Then the new ones answer, unless it is *compare_only*; until then the live ones do.
        If it broke off, it goes on. Raises `CorruptHistoryError` as `catch_up` does, and
        if events were removed.
        """
        return self._live.rebuild(own(tallies) or USUAL, compare_only=compare_only)

    def _of_a_programme(self, found: Count) -> Count:
        """Return *found*; `NotFoundError` if nobody counts for want of such a programme."""
        name = found.programme
        if not found.total and name not in SCHEME and self.programme(name).established is None:
            msg = f"there is no programme '{name}': count by one of {', '.join(SCHEME)}"
            raise NotFoundError(msg)
        return found


def new_agent_id() -> AgentId:
    """Return a name for an agent that nobody has: random, and in order of time."""
    return AgentId(f"agent-{_uuid7()}")


def new_participant_id() -> ParticipantId:
    """Return a name for a participant that nobody has and that says nothing of the person."""
    return ParticipantId(f"participant-{_uuid7()}")


def _desk(answering: Answering, said: Envelope) -> Desk:
    """Return a desk over what is *answering*, at which everything is asked in what is *said*."""
    return Desk(answering if said is UNSAID else Asked(answering, said))


def _dimensions(by: tuple[str, ...]) -> tuple[str, ...]:
    """Return *by*, of any iterable; a single text would be taken for its letters."""
    if isinstance(by, str) or not isinstance(by, Iterable):
        msg = f"by is {by!r}: give dimensions as a tuple, such as ('segment',)"
        raise InputError(msg)
    return tuple(by)


def _uuid7() -> UUID:
    """Return a time-ordered UUID, as RFC 9562 lays it out."""
    random = int.from_bytes(os.urandom(10))
    high, low = random >> 62 & 0xFFF, random & (1 << 62) - 1
    return UUID(int=time_ns() // 1_000_000 << 80 | 7 << 76 | high << 64 | 2 << 62 | low)
