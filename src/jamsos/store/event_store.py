"""The event store: the only file that knows `eventsourcing` and its databases."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from itertools import tee
from operator import itemgetter
from pathlib import Path
from types import TracebackType
from typing import Annotated, Self, TypeAlias
from uuid import uuid4

import attrs
import msgspec
from eventsourcing.persistence import (
    ConnectionPoolClosedError,
    IntegrityError,
    PersistenceError,
    StoredEvent,
)
from eventsourcing.sqlite import (
    SQLiteApplicationRecorder,
    SQLiteCursor,
    SQLiteDatastore,
)

from jamsos.domain.aggregate import Event, check_stream, kind
from jamsos.domain.history import Recorded, in_order, in_versions
from jamsos.errors import (
    ConflictError,
    CorruptHistoryError,
    InputError,
    NotFoundError,
    StoreError,
)

from .catalogue import CODEC
from .codec import UnreadableEventError

MEMORY = ":memory:"
PAGE = 5_000
"""Rows that are read at once."""
CHUNK = 500
"""Names that are asked for at once."""

Row: TypeAlias = tuple[int, str, int, str, bytes]


@attrs.frozen
class Entry:
    """An event that is to be stored as *version* of *stream*, in the codec's spelling."""

    stream: str
    version: int
    name: str
    data: bytes
    recorded_at: datetime


class _State(msgspec.Struct, forbid_unknown_fields=True):
    recorded_at: Annotated[datetime, msgspec.Meta(tz=True)]
    data: msgspec.Raw


_encode_state = msgspec.json.Encoder().encode
_decode_state = msgspec.json.Decoder(_State).decode


class _Recorder(SQLiteApplicationRecorder):
    """The library's recorder; it also checks, in the transaction, what a decision has read."""

    def _insert_events(
        self,
        c: SQLiteCursor,
        stored_events: Sequence[StoredEvent],
        reads: Mapping[str, int] | None = None,
        after: int | None = None,
        **_: object,
    ) -> Sequence[int]:
        rows = [(e.originator_id, e.originator_version, e.topic, e.state) for e in stored_events]
        c.executemany(self.insert_events_statement, rows)
        c.execute("SELECT last_insert_rowid()")
        last = c.fetchone()[0]
        if after is not None and last - len(rows) != after:
            msg = f"something was recorded after position {after}"
            raise IntegrityError(msg)
        reads = reads or {}
        now = self._versions(c, list(reads))
        for stream, version in reads.items():
            if now.get(stream, 0) != version:
                msg = f"{stream} has changed since it was read"
                raise IntegrityError(msg)
        return range(last - len(rows) + 1, last + 1)

    def select_rows(self, where: str, parameters: Sequence[object]) -> list[Row]:
        """Return the rows that *where* asks for, each with its position, in order of position."""
        with self.datastore.get_connection(commit=False) as connection, connection.cursor() as c:
            c.execute(
                "SELECT rowid, originator_id, originator_version, topic, state"  # noqa: S608
                f" FROM {self.events_table_name} WHERE {where} ORDER BY rowid",
                parameters,
            )
            return [tuple(row) for row in c.fetchall()]

    def select_versions(self, streams: Sequence[str]) -> dict[str, int]:
        """Return the newest version of each of *streams* that has one."""
        with self.datastore.get_connection(commit=False) as connection:
            return self._versions(connection.cursor(), streams)

    def _versions(self, c: SQLiteCursor, streams: Sequence[str]) -> dict[str, int]:
        versions: dict[str, int] = {}
        for chunk in _chunks(streams):
            c.execute(
                "SELECT originator_id, MAX(originator_version)"  # noqa: S608
                f" FROM {self.events_table_name} WHERE originator_id IN ({_marks(chunk)})"
                " GROUP BY originator_id",
                chunk,
            )
            versions.update((stream, version) for stream, version in c.fetchall())
        return versions


class EventStore:
    """
    A history in an SQLite database, or in memory.

    Every error of the database comes out as `StoreError`, `ConflictError` or
    `CorruptHistoryError`. Close it, or use it in a ``with`` statement.
    """

    def __init__(self, path: str | Path, *, create: bool = True) -> None:
        """
        Open the database at *path*; where there is none, make it, unless *create* is False.

        Raises `NotFoundError` where there is none and none may be made, and `StoreError`
        for a file that is no such database.
        """
        in_memory = str(path) == MEMORY
        if not in_memory and not create and not Path(path).is_file():
            msg = f"there is no store {path}"
            raise NotFoundError(msg)
        name = f"file:{uuid4().hex}?mode=memory&cache=shared" if in_memory else str(path)
        self.path = str(path)
        if not self.path:
            msg = "a store needs a name: give a path, or ':memory:'"
            raise StoreError(msg)
        with _errors_of(self.path):
            if not in_memory and Path(path).is_file() and (not create or Path(path).stat().st_size):
                _check_table(Path(path))
            self._datastore = SQLiteDatastore(name, originator_id_type="text")
            self._recorder = _Recorder(self._datastore)
            if create:
                self._recorder.create_table()
            else:
                self._recorder.select_rows("rowid = ?", [1])

    def append(
        self,
        entries: Sequence[Entry],
        *,
        reads: Mapping[str, int] | None = None,
        after: int | None = None,
    ) -> range:
        """
        Store *entries* in one transaction, all or none, and return their positions.

        *reads* names the version of each stream that the decision has only read; *after* the
        last position, where it rests on the whole history. Raises `ConflictError`, and stores
        nothing, where a version is taken, a read stream has changed, or something else was
        recorded after that position; `StoreError`, and stores nothing, where the database
        cannot be written.
        """
        stored = [
            StoredEvent(
                e.stream,
                e.version,
                e.name,
                _encode_state(_State(e.recorded_at, msgspec.Raw(e.data))),
            )
            for e in entries
        ]
        with _errors_of(self.path):
            positions = self._recorder.insert_events(stored, reads=reads, after=after)
        if not isinstance(positions, range):  # pragma: no cover - the recorder is ours
            raise TypeError(positions)
        return positions

    def stream(self, stream: str, *, after: int = 0) -> list[Recorded[Event]]:
        """Return the events of *stream* that follow version *after*, in order."""
        with _errors_of(self.path):
            rows = self._recorder.select_rows(
                "originator_id = ? AND originator_version > ?", [stream, after]
            )
        return list(in_versions(map(_recorded, rows), {stream: after}))

    def streams(self, streams: Sequence[str]) -> list[Recorded[Event]]:
        """Return all events of *streams*, in order of position: faster than one by one."""
        rows: list[Row] = []
        for chunk in _chunks(streams):
            with _errors_of(self.path):
                rows += self._recorder.select_rows(f"originator_id IN ({_marks(chunk)})", chunk)
        return list(in_versions(map(_recorded, sorted(rows, key=itemgetter(0))), {}))

    def versions(self, streams: Sequence[str]) -> dict[str, int]:
        """Return the version of each of *streams* that has one."""
        with _errors_of(self.path):
            return self._recorder.select_versions(streams)

    def history(
        self, *, after: int = 0, upto: int | None = None, names: Sequence[str] = ()
    ) -> Iterator[Recorded[Event]]:
        """
        Return the events that follow position *after*, up to *upto*, in order of position.

        Where *names* are given, only the events of those names: then positions are missing.
        """
        return map(_recorded, self._rows(after, upto, names))

    def entries(self) -> Iterator[tuple[int, Entry]]:
        """Return the whole history as it is stored, each event with its position, once checked."""
        rows, again = tee(self._rows(0, None))
        for row, recorded in zip(rows, in_order(map(_recorded, again)), strict=True):
            position, stream, version, name, state = row
            data = CODEC.canonical(name, bytes(_decode_state(state).data))
            yield position, Entry(stream, version, name, data, recorded.recorded_at)

    def last_position(self) -> int:
        """Return the position of the newest event; 0 where there is none."""
        with _errors_of(self.path):
            return self._recorder.max_notification_id() or 0

    def _rows(self, after: int, upto: int | None, names: Sequence[str] = ()) -> Iterator[Row]:
        last = self.last_position() if upto is None else upto
        named = f" AND topic IN ({_marks(names)})" if names else ""
        while after < last:
            with _errors_of(self.path):
                rows = self._recorder.select_rows(
                    f"rowid > ? AND rowid <= ?{named}", [after, min(after + PAGE, last), *names]
                )
            yield from rows
            after += PAGE

    def close(self) -> None:
        """Close the database. What was stored stays."""
        self._datastore.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


def _chunks(names: Sequence[str]) -> Iterator[Sequence[str]]:
    """Return *names* in parts that one statement can take."""
    return (names[start : start + CHUNK] for start in range(0, len(names), CHUNK))


def _marks(names: Sequence[str]) -> str:
    return ",".join("?" * len(names))


def _check_table(path: Path) -> None:
    """Look for our table, and leave the file as it is."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        connection.execute(
            "SELECT rowid, originator_id, originator_version, topic, state FROM stored_events"
            " LIMIT 0"
        )


def entry(stream: str, version: int, event: Event, recorded_at: datetime) -> Entry:
    """
    Return *event* as it is to be stored.

    Raises `InputError` for a text that cannot be written as UTF-8.
    """
    try:
        data = CODEC.encode(event)
    except UnicodeEncodeError as error:
        msg = f"{error.object!r} cannot be stored: {error.reason}"
        raise InputError(msg) from error
    return Entry(stream, version, CODEC.name(event), data, recorded_at)


def check_kind(stream: str, name: str) -> None:
    """Raise `UnreadableEventError` where an event called *name* has no place in *stream*."""
    try:
        held = kind(stream)
        check_stream(stream)
    except InputError as error:
        raise UnreadableEventError(str(error)) from error
    if name.partition(".")[0] != held:
        msg = f"a {name} cannot stand in {stream}"
        raise UnreadableEventError(msg)


def _check_types(row: Row) -> None:
    """Raise `UnreadableEventError` where somebody has put in what no column is to hold."""
    _, stream, version, name, state = row
    texts = isinstance(stream, str) and isinstance(name, str)
    if not (texts and isinstance(version, int) and isinstance(state, bytes)):
        msg = "its stream, its version, its name or its data are of a wrong type"
        raise UnreadableEventError(msg)


def _recorded(row: Row) -> Recorded[Event]:
    position, stream, version, name, state = row
    try:
        _check_types(row)
        check_kind(stream, name)
        envelope = _decode_state(state)
        event = CODEC.decode(name, bytes(envelope.data))
    except (msgspec.DecodeError, UnreadableEventError, TypeError, RecursionError) as error:
        msg = f"position {position}, version {version} of {stream}, {name}: {error}"
        raise CorruptHistoryError(msg, position=position) from error
    return Recorded(position, stream, version, envelope.recorded_at, event)


@contextmanager
def _errors_of(path: str) -> Iterator[None]:
    """Turn the errors of the database at *path* into ours."""
    try:
        yield
    except IntegrityError as error:
        msg = f"another writer has recorded in {path} first; nothing was recorded, ask again"
        raise ConflictError(msg) from error
    except ConnectionPoolClosedError as error:
        msg = f"{path} cannot be read or written: it is closed"
        raise StoreError(msg) from error
    except (PersistenceError, sqlite3.Error) as error:
        if "not a database" in str(error) or "no such" in str(error):
            msg = f"{path} is no jamsos store ({error})"
        elif "locked" in str(error):
            msg = f"{path} is locked by another writer; nothing was recorded, ask again"
        else:
            msg = f"{path} cannot be read or written: {error}"
        raise StoreError(msg) from error
