"""A history as a file: JSON Lines, one event a line, in order of position."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import lru_cache
from itertools import tee
from pathlib import Path
from typing import Annotated

import msgspec

from jamsos.domain.aggregate import Event
from jamsos.domain.codec import UnreadableEventError, pairs
from jamsos.domain.concerns import concerns
from jamsos.domain.history import Recorded, in_order
from jamsos.errors import CorruptHistoryError, InputError, NotFoundError, StoreError

from .catalogue import CODEC
from .event_store import Entry, EventStore, check_kind
from .place import is_address
from .said import Opaque
from .sqlite import HEADER, MEMORY

_TOO_FINE = re.compile(r"\.\d{7}")


class Line(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """One line of a history file."""

    position: Annotated[int, msgspec.Meta(ge=1)]
    stream: str
    version: Annotated[int, msgspec.Meta(ge=1)]
    type: str
    recorded_at: str
    command: str | None = None
    by: Opaque | None = None
    trace: Opaque | None = None
    data: msgspec.Raw


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Line).decode


def read(path: str | Path) -> Iterator[Recorded[Event]]:
    """
    Return the events of the history at *path*, a store or a history file, in order.

    Raises `NotFoundError` if there is no such file, `StoreError` if it cannot be
    read, and `CorruptHistoryError` at the first line or row that is not what it claims to
    be, is missing, or is there twice.
    """
    return _stored(path) if is_store(path) else _told(path)


def lines(store: EventStore) -> Iterator[bytes]:
    """Return the history of *store* as the lines of a file, each with its end of line."""
    for position, e in store.entries():
        at = msgspec.to_builtins(e.recorded_at)
        line = Line(
            position=position,
            stream=e.stream,
            version=e.version,
            type=e.name,
            recorded_at=at,
            command=e.command,
            by=e.by,
            trace=e.trace,
            data=msgspec.Raw(e.data),
        )
        yield _encode(line) + b"\n"


def load(path: str | Path, new: str | Path) -> int:
    """
    Fill a new store at *new* from the history file at *path*; return how many events it holds.

    *new* is the name of a file that is to be made, or the address of an empty database. Every
    event keeps its place, its own ``recorded_at`` and its command id. Nothing stands at *new*
    unless the whole history can be read. Raises `InputError` if *new* exists already, or
    *path* is a store, and `ConflictError` if the database is not empty.
    """
    if str(new) == MEMORY:
        msg = "a history in memory would be lost at once: give the name of a new store"
        raise InputError(msg)
    if not is_address(new) and Path(new).exists():
        msg = f"{new} exists already: give the name of a new store"
        raise InputError(msg)
    if is_store(path):
        msg = f"{path} is a store, not a history file: export it first"
        raise InputError(msg)
    if is_address(new):
        return _filled(new, path)
    target = Path(new)
    partial = target.with_name(f"{target.name}.partial")
    try:
        _remove(partial)
        count = _filled(partial, path)
        partial.rename(target)
    except OSError as error:
        if isinstance(error, StoreError):
            raise
        msg = f"{new} cannot be written: {error.strerror}"
        raise StoreError(msg) from error
    finally:
        _remove(partial)
    return count


def _filled(new: str | Path, path: str | Path) -> int:
    with EventStore(new) as store, _entries(path) as entries:
        return store.load(entries)


def is_store(path: str | Path) -> bool:
    """
    Return whether the file at *path* is a database, rather than a history file.

    The address of a server is a store. Raises `NotFoundError` if there is no such file,
    `StoreError` if it cannot be read.
    """
    if is_address(path):
        return True
    try:
        with Path(path).open("rb") as file:
            return file.read(len(HEADER)) == HEADER
    except FileNotFoundError as error:
        msg = f"there is no file {path}"
        raise NotFoundError(msg) from error
    except OSError as error:
        msg = f"{path} cannot be read: {error.strerror}"
        raise StoreError(msg) from error


def _stored(path: str | Path) -> Iterator[Recorded[Event]]:
    with EventStore(path, read_only=True) as store:
        yield from in_order(store.history())


def _told(path: str | Path) -> Iterator[Recorded[Event]]:
    with Path(path).open("rb") as file:
        yield from in_order(recorded for _, recorded in _lines(file, path))


@contextmanager
def _entries(path: str | Path) -> Iterator[Iterator[Entry]]:
    """Give the events of the file at *path* as they are to be stored, once they are in order."""
    with Path(path).open("rb") as file:
        lines, again = tee(_lines(file, path))
        in_their_order = in_order(recorded for _, recorded in again)
        yield (entry for (entry, _), _ in zip(lines, in_their_order, strict=True))


def _lines(file: Iterable[bytes], path: str | Path) -> Iterator[tuple[Entry, Recorded[Event]]]:
    for number, text in enumerate(file, start=1):
        yield _line(text, f"{path}, line {number}")


def _line(text: bytes, place: str) -> tuple[Entry, Recorded[Event]]:
    position: int | None = None
    try:
        line = _decode(text)
        position = line.position
        if _encode(line) != text.rstrip():
            pairs(text)
        place = f"{place}, position {position}, version {line.version} of {line.stream}"
        check_kind(line.stream, line.type)
        event, data = CODEC.read(line.type, bytes(line.data))
        at = _moment(line.recorded_at)
    except (
        msgspec.DecodeError,
        UnicodeDecodeError,
        UnreadableEventError,
        RecursionError,
    ) as error:
        cut_off = not text.endswith(b"\n") and position is None
        what = "the file ends in the middle of a line: " if cut_off else ""
        msg = f"{place}: {what}{error}"
        raise CorruptHistoryError(msg, position=position) from error
    said = {"command": line.command, "by": line.by, "trace": line.trace}
    return (
        Entry(line.stream, line.version, line.type, data, at, concerns=concerns(event), **said),
        Recorded(line.position, line.stream, line.version, at, event, **said),
    )


@lru_cache(maxsize=1_024)
def _moment(text: str) -> datetime:
    """Return the moment that *text* names, in UTC, if it can be kept as it is."""
    if _TOO_FINE.search(text):
        msg = f"recorded_at is {text}: it is kept to the microsecond, give no more digits"
        raise UnreadableEventError(msg)
    try:
        at: datetime = msgspec.convert(text, Annotated[datetime, msgspec.Meta(tz=True)])
        return at.astimezone(UTC)
    except (msgspec.ValidationError, OverflowError) as error:
        msg = f"recorded_at is {text!r}: {error}"
        raise UnreadableEventError(msg) from error


def _remove(store: Path) -> None:
    """Remove the store at this path, with the files that SQLite keeps beside it."""
    for suffix in ("", "-wal", "-shm"):
        with suppress(NotADirectoryError):
            store.with_name(store.name + suffix).unlink(missing_ok=True)
