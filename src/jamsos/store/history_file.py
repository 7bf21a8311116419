"""A history as a file: JSON Lines, one event a line, in order of position."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from functools import lru_cache
from itertools import tee
from pathlib import Path
from typing import Annotated, Final, cast

import msgspec

from jamsos.domain.aggregate import Event
from jamsos.domain.codec import UnreadableEventError, pairs
from jamsos.domain.concerns import concerns
from jamsos.domain.history import Recorded, in_order
from jamsos.domain.identity import REFERENCE
from jamsos.errors import CorruptHistoryError, InputError, StoreError

from .catalogue import CODEC
from .event_store import Entry, EventStore, check_kind
from .history_input import Input, expected, is_lasting, opened
from .new_store import check_new, made_aside
from .place import is_address, shown_place
from .said import Opaque
from .sqlite_connections import is_open_here

_TOO_FINE = re.compile(r"\.\d{7}")
_ENDS: Final = 200
_SENTENCE: Final = 2 * _ENDS + 50
"""So long what a line is said to hold may be; else its ends, of so many characters, are told."""


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

    ``-`` is the standard input. A file may be packed with gzip or zstd, and may be a pipe: it is
    opened once. Raises `NotFoundError` if there is no such file, `StoreError` if it cannot be
    read, and `CorruptHistoryError` at the first line or row that is not what it claims to
    be, is missing, or is there twice.
    """
    if is_address(path) or is_open_here(path):
        return _stored(path)
    source = opened(path)
    if source.is_store:
        source.close()
        return _stored(path)
    told = _told(source)
    next(told)  # from here on it closes its file, even if nobody asks for an event
    return cast("Iterator[Recorded[Event]]", told)


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

    *path* is read once, and may be anything that `read` takes as a file. *new* is the name of a
    file that is to be made, or the address of an empty database. Every event keeps its place, its
    own ``recorded_at`` and its command id. Nothing stands at *new* unless the whole history can
    be read, and what somebody else has made there meanwhile stays. Raises `InputError` if *new*
    exists already, or *path* is a store, `ConflictError` if the database is not empty or somebody
    else was first.
    """
    if not is_address(new):
        check_new(new)
    if is_address(path) or is_open_here(path):
        raise _is_a_store(path)
    with closing(opened(path)) as source:
        if source.is_store:
            raise _is_a_store(path)
        if is_address(new):
            number = fill(new, _entries(source))
        else:
            with made_aside(new, "importing") as made:
                number = fill(made.path, _entries(source))
                made.publish()
    check_filled(new, number)
    return number


def fill(place: str | Path, entries: Iterable[Entry]) -> int:
    """
    Fill the empty store at *place* with *entries*, all or none; return how many there were.

    Raises `ConflictError` if it is not empty.
    """
    with EventStore(place) as store:
        return store.load(entries)


def check_filled(place: str | Path, number: int) -> None:
    """Raise `StoreError` unless the store at *place* holds *number* events, or more by now."""
    with EventStore(place, read_only=True) as store:
        held = store.last_position()
    if held < number:
        msg = f"{store.place} holds {held:,} events, of {number:,} that were put into it"
        raise StoreError(msg)


def is_store(path: str | Path) -> bool:
    """
    Return whether the file at *path* is a database, rather than a history file.

    The address of a server is a store; the standard input and a pipe are none, and are not
    read. Raises `NotFoundError` if there is no such file, `StoreError` if it cannot be read.
    """
    if is_address(path):
        return True
    if not is_lasting(path):
        return False
    if is_open_here(path):
        return True
    with closing(opened(path)) as source:
        return source.is_store


def _is_a_store(path: str | Path) -> InputError:
    return InputError(f"{shown_place(path)} is a store, not a history file: export it first")


def _stored(path: str | Path) -> Iterator[Recorded[Event]]:
    with EventStore(path, read_only=True) as store:
        yield from in_order(store.history())


def _told(source: Input) -> Iterator[Recorded[Event] | None]:
    with closing(source):
        yield None
        yield from in_order(recorded for _, recorded in _lines(source))


def _entries(source: Input) -> Iterator[Entry]:
    """Return the events of *source* as they are to be stored, once they are in order."""
    lines, again = tee(_lines(source))
    in_their_order = in_order(recorded for _, recorded in again)
    return (entry for (entry, _), _ in zip(lines, in_their_order, strict=True))


def _lines(source: Input) -> Iterator[tuple[Entry, Recorded[Event]]]:
    for number, text in source.lines():
        yield _line(text, f"{source.name}, line {number}", first=number == 1)


def _line(text: bytes, place: str, *, first: bool) -> tuple[Entry, Recorded[Event]]:
    position: int | None = None
    try:
        line = _decode(text)
        position = line.position
        if _encode(line) != text.rstrip():
            pairs(text)
        place = f"{place}, position {position}, version {line.version} of {line.stream}"
        check_kind(line.stream, line.type)
        _check_command(line.command)
        event, data = CODEC.read(line.type, bytes(line.data))
        at = _moment(line.recorded_at)
    except (
        msgspec.DecodeError,
        UnicodeDecodeError,
        UnreadableEventError,
        RecursionError,
    ) as error:
        seems = expected(text) if first and position is None else ""
        cut_off = not text.endswith((b"\n", b"\r")) and position is None
        what = "the file ends in the middle of a line: " if cut_off and not seems else ""
        msg = f"{_short(place)}: {what}{seems or _short(str(error))}"
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


def _check_command(command: str | None) -> None:
    if command is not None and REFERENCE.fullmatch(command) is None:
        msg = f"the command id {command!r} must be 1 to 64 letters, digits or ._:/-"
        raise UnreadableEventError(msg)


def _short(text: str) -> str:
    """Return *text* with its middle left out, if it is longer than a sentence can be."""
    return text if len(text) <= _SENTENCE else f"{text[:_ENDS]} ... {text[-_ENDS:]}"
