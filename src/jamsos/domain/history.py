"""An event with its place in history."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta, timezone
from itertools import takewhile
from typing import Final, Generic, TypeAlias, TypeVar, assert_never

import attrs

from jamsos.errors import CorruptHistoryError, InputError

E_co = TypeVar("E_co", covariant=True)

KnownAt: TypeAlias = int | date | datetime
"""Up to where a history is known: a position, the end of a day in WIB, or a moment."""

WIB: Final = timezone(timedelta(hours=7), "WIB")
"""The time of western Indonesia, by which the day of an office in Jakarta ends."""


@attrs.frozen
class Recorded(Generic[E_co]):
    """
    One event of a history, and where it stands.

    *position* is its place in the whole history, from 1; *version* its place in its own
    *stream*, from 1; *recorded_at* the moment of writing, in UTC, on which no rule depends;
    *command* the id of the command that led to it, if it had one; *by* the id of whoever asked
    for it, and *trace* that of the request in which they did, if it was said.
    """

    position: int
    stream: str
    version: int
    recorded_at: datetime
    event: E_co
    command: str | None = None
    by: str | None = None
    trace: str | None = None


def in_order(history: Iterable[Recorded[E_co]]) -> Iterator[Recorded[E_co]]:
    """
    Pass *history* on, event by event, as long as nothing in it is missing or doubled.

    Raises `CorruptHistoryError` if a position does not follow the one before it, or a
    version the last one of its stream.
    """
    return in_versions(in_positions(history), {})


def in_versions(
    history: Iterable[Recorded[E_co]], versions: dict[str, int]
) -> Iterator[Recorded[E_co]]:
    """
    Pass events on as long as each follows the last one of its stream.

    *versions* says after which version each stream is read, and is kept up to date; 0 if
    it says nothing. Raises `CorruptHistoryError` if a version does not follow.
    """
    for recorded in history:
        stream, version = recorded.stream, recorded.version
        known = versions.get(stream, 0)
        if version != known + 1:
            msg = (
                f"position {recorded.position}: {stream} has version {version} after version"
                f" {known}; it must be {known + 1}"
            )
            raise CorruptHistoryError(msg, position=recorded.position)
        versions[stream] = version
        yield recorded


def in_positions(history: Iterable[Recorded[E_co]], *, after: int = 0) -> Iterator[Recorded[E_co]]:
    """
    Pass *history* on, from the position that follows *after*, as long as none is missing.

    Raises `CorruptHistoryError` if a position does not follow the one before it.
    """
    last = after
    for recorded in history:
        position = recorded.position
        if position != last + 1:
            fault = "it is there already" if position <= last else f"{last + 1} is missing"
            msg = f"position {position} follows position {last}: {fault}"
            raise CorruptHistoryError(msg, position=position)
        last = position
        yield recorded


def known_at(history: Iterable[Recorded[E_co]], at: KnownAt | None) -> Iterator[Recorded[E_co]]:
    """
    Return *history* as it was known *at* a position, a moment or a day; all of it if that is None.

    At a moment, that is up to the last position before the first event that was recorded later;
    a day is the moment at which it ends in `WIB`. A clock that ran back hides nothing: what
    follows the first later event was not known, whatever moment it has.

    Raises `InputError` if the history has not reached the position, or none can have it; for a
    moment without an offset; and for anything else.
    """
    if at is None:
        return iter(history)
    match _checked(at):
        case int(position):
            return _up_to(history, position)
        case datetime() as moment:
            return takewhile(lambda recorded: recorded.recorded_at <= moment, history)
        case never:
            assert_never(never)


def _checked(at: KnownAt) -> int | datetime:
    """Return *at* as a position or a moment; raise `InputError` if it is neither."""
    if isinstance(at, datetime):
        if at.utcoffset() is None:
            msg = (
                f"known_at is {at}, without an offset: give the moment with one, as"
                f" {at.isoformat()}+07:00"
            )
            raise InputError(msg)
        return at
    if isinstance(at, date):
        return datetime.combine(at, time.max, WIB)
    if not isinstance(at, int) or isinstance(at, bool):
        msg = (
            f"known_at is {at!r}: give a position, such as 17, a day, such as date(2018, 2, 28),"
            " or a moment with an offset, such as datetime(2018, 2, 28, 12, tzinfo=UTC)"
        )
        raise InputError(msg)
    if at < 0:
        msg = f"a history is not known at {at}: give 0, for nothing yet, or a later position"
        raise InputError(msg)
    return at


def _up_to(history: Iterable[Recorded[E_co]], position: int) -> Iterator[Recorded[E_co]]:
    """Return *history* up to *position*; raise `InputError` if it has not reached that."""
    last = 0
    if position != 0:
        for recorded in history:
            last = recorded.position
            yield recorded
            if last == position:
                return
    if position != last:
        msg = f"the history ends at position {last}: it is not known at {position}"
        raise InputError(msg)
