"""
The event store: events under their published names, over a database that keeps rows.

It is long because a row has one form: what writes it, and what reads it back strictly, stand
together with the store that does both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import tee
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Annotated, Final, Self, cast

import attrs
import msgspec

from jamsos.domain.aggregate import Event, State, check_stream, kind
from jamsos.domain.codec import UnreadableEventError
from jamsos.domain.concerns import concerns
from jamsos.domain.decision import Accepted, Decision
from jamsos.domain.envelope import UNSAID, Envelope
from jamsos.domain.history import Recorded, in_order, in_versions
from jamsos.errors import CorruptHistoryError, InputError, MissingExtraError, StoreError
from jamsos.log import LOG

from .answers import UnreadableAnswerError, answers_of, envelope_of, written
from .catalogue import CODEC, NAMES
from .place import check_place, is_address, shown_place
from .recorder import Answered, Concern, FindsOthers, Identified, NewRow, Recorder, Row
from .said import Opaque
from .snapshots import KeepsSnapshots, Snapshot, snapshot
from .sqlite import LOCK, SQLiteRecorder
from .states import UnreadableStateError
from .states import read as state_of_bytes
from .states import written as written_state
from .tallies import KeepsTallies, Tallies

PAGE: Final = 5_000
"""Rows that are read at once."""
_UNWRITABLE: Final = (TypeError, ValueError, OverflowError, NotImplementedError, RecursionError)
"""What the codec raises for a value that no JSON has."""
_A_MOMENT: Final = 0.05
"""For how many seconds the impatient wait: a server needs time to answer at all."""


@attrs.frozen
class Entry:
    """
    An event that is to be stored as *version* of *stream*, in the codec's spelling.

    *command* is the id under which it was asked for, if it was, *by* and *trace* what its envelope
    says beside; *concerns* are the streams of those whom it concerns.
    """

    stream: str
    version: int
    name: str
    data: bytes
    recorded_at: datetime
    command: str | None = None
    concerns: tuple[str, ...] = attrs.field(default=(), eq=False)
    by: str | None = None
    trace: str | None = None


@attrs.frozen
class Kept:
    """
    The answers to a letter that was sent under a command id.

    *digest* tells it from another letter. Its events follow each other, among those that are
    recorded with it, from place *first*. *commands* is what was asked, as JSON; None if it
    was not kept. *envelope* is that of the letter.
    """

    id: str
    digest: str
    first: int
    answers: tuple[Decision[Event], ...]
    commands: bytes | None = None
    envelope: Envelope = UNSAID

    @property
    def events(self) -> int:
        """How many events it has led to."""
        return sum(len(a.events) for a in self.answers if isinstance(a, Accepted))


class _State(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    recorded_at: Annotated[datetime, msgspec.Meta(tz=True)]
    command: str | None = None
    by: Opaque | None = None
    trace: Opaque | None = None
    data: msgspec.Raw


_NOTHING: Final = msgspec.Raw(b"{}")
_encode_state = msgspec.json.Encoder().encode
_decode_state = msgspec.json.Decoder(_State).decode


class EventStore:
    """
    A history in a database: an SQLite file, PostgreSQL, in memory, or a `Recorder` of one's own.

    Every error of the database comes out as `StoreError`, `ConflictError` or
    `CorruptHistoryError`. Close it, or use it in a ``with`` statement.
    """

    def __init__(
        self,
        place: str | Path | Recorder,
        *,
        create: bool = True,
        read_only: bool = False,
        patience: float | None = None,
    ) -> None:
        """
        Open the database at *place*; if there is no such file, make it if *create* says so.

        One that is opened *read_only* needs no right to write; it is never made, and leaves
        nothing behind. A lock or a connection is waited for no longer than *patience* says, in
        seconds. Raises `InputError` for an address that jamsos does not know,
        `NotFoundError` if there is no store and none may be made, `StoreError` if it is not
        such a database, and `MissingExtraError` if its library is not there.
        """
        self._recorder = _opened(place, create=create, read_only=read_only, patience=patience)
        self._read_only = read_only
        self.place = self._recorder.place
        how = "to be read" if read_only else "to be read and written"
        LOG.info("opened %s %s; its identity is %s", self.place, how, self.identity or "none")
        self._finds_others = isinstance(self._recorder, FindsOthers)
        self._named = 0
        """The position up to which every event has a name of the catalogue."""

    def append(
        self,
        entries: Sequence[Entry],
        *,
        reads: Mapping[str, int] | None = None,
        after: int | None = None,
        kept: Sequence[Kept] = (),
        unconcerned: Mapping[str, int] | None = None,
    ) -> range:
        """
        Store *entries* in one transaction, all or none, and return their positions.

        *reads* names the version of each stream that the decision has only read; *after* the
        last position, if it rests on the whole history; *kept* what is answered with
        it. Raises `ConflictError`, and stores nothing, if a version is taken or does not
        follow, a read stream has changed, something else was recorded after that position,
        something that concerns an *unconcerned* stream was recorded after the position named,
        or a command is answered already; `StoreError` if the database cannot be written.
        """
        expected = dict(reads or {})
        written: dict[str, int] = {}
        for entry in entries:
            before = written.get(entry.stream)
            if before is None:
                if entry.version > 1:
                    expected[entry.stream] = entry.version - 1
            elif entry.version > before + 1:
                msg = f"version {entry.version} of {entry.stream} cannot follow version {before}"
                raise InputError(msg)
            written[entry.stream] = entry.version
        answered = [_answered(each) for each in kept]
        if not entries and not answered:
            return range(0)
        self._check_writable()
        last = self._recorder.append(
            list(_new_rows(entries)),
            expected=expected,
            after=after,
            answered=answered,
            concerns=[(s, place) for place, e in enumerate(entries) for s in e.concerns],
            unconcerned=unconcerned or {},
        )
        if last == self._named:
            self._named = last + len(entries)
        return range(last + 1, last + 1 + len(entries))

    def load(self, entries: Iterable[Entry]) -> int:
        """
        Fill an empty database with *entries*, all or none; return how many there were.

        Raises `ConflictError` if the database is not empty.
        """
        self._check_writable()
        commands: dict[str, Answered] = {}
        concerned: list[Concern] = []

        def noting(entries: Iterable[Entry]) -> Iterator[Entry]:
            for position, entry in enumerate(entries, start=1):
                if entry.command is not None:
                    known = commands.get(entry.command)
                    first, number = (position, 0) if known is None else (known.first, known.events)
                    commands[entry.command] = Answered(entry.command, None, first, number + 1, None)
                concerned.extend((stream, position) for stream in entry.concerns)
                yield entry

        if isinstance(self._recorder, KeepsSnapshots):  # those of a history that was emptied
            self._recorder.snapshots.drop()
        return self._recorder.load(_new_rows(noting(entries)), commands.values(), concerned)

    def stream(self, stream: str, *, after: int = 0) -> list[Recorded[Event]]:
        """Return the events of *stream* that follow version *after*, in order."""
        return self.news({stream: after})

    def news(self, versions: Mapping[str, int]) -> list[Recorded[Event]]:
        """Return the events of each stream that follow the version named, by position."""
        return list(in_versions(map(_recorded, self._recorder.news(versions)), dict(versions)))

    def concerning(self, streams: Mapping[str, int]) -> list[tuple[str, Recorded[Event]]]:
        """
        Return the events of other streams that concern each of *streams*, after a position.

        Each with the stream that it concerns, in order of position. Raises `CorruptHistoryError`
        if there is an event of a name that is not in the catalogue: nobody knows whom it concerns.
        """
        found = self._recorder.concerning(streams)
        self._check_names()
        return [(stream, _recorded(row)) for stream, row in found]

    def history(
        self, *, after: int = 0, upto: int | None = None, names: Sequence[str] = ()
    ) -> Iterator[Recorded[Event]]:
        """
        Return the events that follow position *after*, up to *upto*, in order of position.

        If *names* are given, only the events of those names: then positions are missing. Raises
        `CorruptHistoryError` if there is one of a name that is not in the catalogue.
        """
        return map(_recorded, self._named_rows(after, upto, names))

    def entries(self) -> Iterator[tuple[int, Entry]]:
        """Return the whole history as it is stored, each event with its position, once checked."""
        read, again = tee(map(_read, self._rows(0, None)))
        checked = in_order(recorded for recorded, _, _ in again)
        for (_, name, data), r in zip(read, checked, strict=True):
            told = (r.stream, r.version, name, data, r.recorded_at, r.command)
            yield r.position, Entry(*told, concerns(r.event), r.by, r.trace)

    def answers(self, commands: Sequence[str]) -> dict[str, Kept]:
        """
        Return what the letters under the ids *commands* were answered, those that were.

        *first* is then the position of the first event. A letter of an imported history
        has lost its digest, which is then empty, and is answered as one command.
        """
        return {a.command: self._kept(a) for a in self._recorder.answers(commands)}

    def last_position(self) -> int:
        """Return the position of the newest event; 0 if there is none."""
        return self._recorder.last_position()

    @property
    def tallies(self) -> Tallies:
        """The tallies beside the history. Raises `StoreError` if the database keeps none."""
        if not isinstance(self._recorder, KeepsTallies):
            msg = (
                f"{self.place} keeps no tallies: give its recorder those of"
                f" jamsos.store.tallies, or count from the history"
            )
            raise StoreError(msg)
        return self._recorder.tallies

    @property
    def identity(self) -> str | None:
        """The identity of the database, which no other has; None if it has none."""
        return self._recorder.identity or None if isinstance(self._recorder, Identified) else None

    @property
    def layout(self) -> int | None:
        """The version of the tables of the database; None if it does not say."""
        return self._recorder.layout if isinstance(self._recorder, Identified) else None

    def snapshots(self, streams: Sequence[str]) -> dict[str, tuple[State, int]]:
        """
        Return the state of each of *streams* that a snapshot has, and of which version it is.

        Only of a snapshot that this code has made, which is as it was made. Whoever rests on one
        must see that the event of that version is there still.
        """
        found: dict[str, tuple[State, int]] = {}
        if not isinstance(self._recorder, KeepsSnapshots):
            return found
        for each in self._recorder.snapshots.find(streams):
            if each.holds and each.version > 0:
                with suppress(UnreadableStateError):
                    found[each.stream] = state_of_bytes(each.stream, each.state), each.version
        return found

    def keep_snapshots(self, states: Mapping[str, tuple[State, int]]) -> None:
        """Keep snapshots of *states*, each with its version, if it can be done at once."""
        if self._read_only or not isinstance(self._recorder, KeepsSnapshots):
            return
        made = [snapshot(s, version, written_state(each)) for s, (each, version) in states.items()]
        with suppress(StoreError):
            self._recorder.snapshots.keep(made)

    def every_snapshot(self) -> Iterator[Snapshot]:
        """Yield every snapshot that there is, whoever made it."""
        if isinstance(self._recorder, KeepsSnapshots):
            yield from self._recorder.snapshots.every()

    def _check_writable(self) -> None:
        if self._read_only:
            msg = f"{self.place} was opened to be read: open it without read_only to record in it"
            raise StoreError(msg)

    def _kept(self, answered: Answered) -> Kept:
        upto = answered.first - 1 + answered.events
        rows = self._recorder.page(answered.first - 1, upto, ()) if answered.events else []
        recorded = [_recorded(row) for row in rows]
        if [r.command for r in recorded] != [answered.command] * answered.events:
            msg = (
                f"{answered.events} events from position {answered.first} on must be those of"
                f" command {answered.command}, and are not: events were removed"
            )
            raise CorruptHistoryError(msg, position=answered.first)
        events = [r.event for r in recorded]
        try:
            answers, commands = answers_of(answered.answer, events)
            said = envelope_of(answered.answer)
        except UnreadableAnswerError as error:
            msg = f"the answer to command {answered.command} cannot be read: {error}"
            raise CorruptHistoryError(msg) from error
        digest = answered.digest or ""
        return Kept(answered.command, digest, answered.first, answers, commands, said)

    def _rows(self, after: int, upto: int | None, names: Sequence[str] = ()) -> Iterator[Row]:
        last = self.last_position() if upto is None else upto
        while after < last:
            yield from self._recorder.page(after, min(after + PAGE, last), names)
            after += PAGE

    def _named_rows(self, after: int, upto: int | None, names: Sequence[str]) -> Iterator[Row]:
        if names:
            upto = self.last_position() if upto is None else upto
            self._check_names()
        yield from self._rows(after, upto, names)

    def _check_names(self) -> None:
        """
        Raise `CorruptHistoryError` if an event has a name that is not in the catalogue.

        What is read by name or by index would pass it over. Only what is new is looked at.
        """
        if self._finds_others:
            last, found = cast("FindsOthers", self._recorder).other_than(NAMES, after=self._named)
        else:
            last = self.last_position()
            found = [row for row in self._rows(self._named, last) if row[3] not in NAMES]
        for row in found:
            _read(row)
        self._named = max(last, self._named)

    def close(self) -> None:
        """Close the database. Everything that was stored stays."""
        self._recorder.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


def migrate(address: str) -> int:
    """
    Make the tables of the PostgreSQL database at *address*, if they are missing.

    Returns their version. Several processes may do so at once. Raises `InputError` if it
    is not the address of a server, `StoreError` if the server refuses, `UnavailableError`
    if it cannot be reached, and `MissingExtraError` if its library is not there.
    """
    if not is_address(address):
        told = shown_place(address)
        msg = f"{told!r} is not postgresql://...: a store in a file needs no preparation"
        raise InputError(msg)
    version: int = _postgres().migrate(address)
    return version


def _opened(
    place: str | Path | Recorder, *, create: bool, read_only: bool, patience: float | None
) -> Recorder:
    if not isinstance(place, str | Path):
        return place
    check_place(place)
    waits = LOCK if patience is None else min(max(patience, _A_MOMENT), LOCK)
    if not is_address(place):
        return SQLiteRecorder(place, create=create, read_only=read_only, patience=waits)
    opened: Recorder = _postgres().PostgresRecorder(str(place), read_only=read_only, patience=waits)
    return opened


def _postgres() -> ModuleType:
    try:
        from . import postgres  # noqa: PLC0415 - an extra that may be missing
    except ImportError as error:
        msg = "a store in PostgreSQL needs psycopg: install 'jamsos[postgres]'"
        raise MissingExtraError(msg) from error
    return postgres


def _answered(kept: Kept) -> Answered:
    """Return *kept* as it is to be stored."""
    try:
        answer = written(kept.answers, kept.commands, kept.envelope)
    except _UNWRITABLE as error:
        msg = f"the answer to command {kept.id} cannot be stored: {error}"
        raise InputError(msg) from error
    return Answered(kept.id, kept.digest, kept.first, kept.events, answer)


def _new_rows(entries: Iterable[Entry]) -> Iterator[NewRow]:
    """Return *entries* as rows; those that were recorded together share how they begin."""
    head, last = b"", None
    for e in entries:
        envelope = (e.recorded_at, e.command, e.by, e.trace)
        if envelope != last:
            last = envelope
            at, command, by, trace = envelope
            state = _State(recorded_at=at, command=command, by=by, trace=trace, data=_NOTHING)
            head = _encode_state(state).removesuffix(b"{}}")
        yield e.stream, e.version, e.name, head + e.data + b"}"


def entry(
    stream: str,
    version: int,
    event: Event,
    recorded_at: datetime,
    command: str | None = None,
    envelope: Envelope = UNSAID,
) -> Entry:
    """
    Return *event* as it is to be stored.

    Raises `InputError` for a text that cannot be written as UTF-8, and for a value that no JSON
    has.
    """
    name = CODEC.name(event)
    try:
        data = CODEC.encode(event)
    except UnicodeEncodeError as error:
        msg = f"{error.object!r} cannot be stored: {error.reason}"
        raise InputError(msg) from error
    except _UNWRITABLE as error:
        msg = f"{name} cannot be stored: {error}"
        raise InputError(msg) from error
    by, trace = envelope.by, envelope.trace
    return Entry(stream, version, name, data, recorded_at, command, concerns(event), by, trace)


def entries(
    staged: Sequence[tuple[str, int, Event]],
    recorded_at: datetime,
    kept: Sequence[Kept] = (),
    envelopes: Sequence[Envelope] = (),
) -> list[Entry]:
    """
    Return *staged* events as they are to be stored.

    Each has the id of its letter in *kept*, and what the envelope at its place says.
    """
    ids: list[str | None] = [None] * len(staged)
    for each in kept:
        ids[each.first : each.first + each.events] = [each.id] * each.events
    made = []
    for place, (stream, version, event) in enumerate(staged):
        envelope = envelopes[place] if envelopes else UNSAID
        made.append(entry(stream, version, event, recorded_at, ids[place], envelope))
    return made


def check_kind(stream: str, name: str) -> None:
    """Raise `UnreadableEventError` if an event called *name* has no place in *stream*."""
    try:
        held = kind(stream)
        check_stream(stream)
    except InputError as error:
        raise UnreadableEventError(str(error)) from error
    if name.partition(".")[0] != held:
        msg = f"a {name} cannot stand in {stream}"
        raise UnreadableEventError(msg)


def _check_types(row: Row) -> None:
    """Raise `UnreadableEventError` if somebody has put in what no column is to hold."""
    _, stream, version, name, state = row
    texts = isinstance(stream, str) and isinstance(name, str)
    if not (texts and isinstance(version, int) and isinstance(state, bytes)):
        msg = "its stream, its version, its name or its data are of a wrong type"
        raise UnreadableEventError(msg)


def _recorded(row: Row) -> Recorded[Event]:
    return _read(row)[0]


def _read(row: Row) -> tuple[Recorded[Event], str, bytes]:
    """Return the event of *row*, its name, and its data in their one spelling."""
    position, stream, version, name, state = row
    try:
        _check_types(row)
        check_kind(stream, name)
        envelope = _decode_state(state)
        event, data = CODEC.read(name, bytes(envelope.data))
    except (msgspec.DecodeError, UnreadableEventError, TypeError, RecursionError) as error:
        msg = f"position {position}, version {version} of {stream}, {name}: {error}"
        raise CorruptHistoryError(msg, position=position) from error
    e = envelope
    at, said = e.recorded_at, (e.command, e.by, e.trace)
    return Recorded(position, stream, version, at, event, *said), name, data
