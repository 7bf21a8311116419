"""An event with its place in history."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Generic, TypeVar

import attrs

from jamsos.errors import CorruptHistoryError, InputError

E_co = TypeVar("E_co", covariant=True)


@attrs.frozen
class Recorded(Generic[E_co]):
    """
    One event of a history, and where it stands.

    *position* is its place in the whole history, from 1; *version* its place in its own
    *stream*, from 1; *recorded_at* the moment of writing, in UTC, on which no rule depends;
    *command* the id of the command that led to it, if it had one.
    """

    position: int
    stream: str
    version: int
    recorded_at: datetime
    event: E_co
    command: str | None = None


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


def known_at(history: Iterable[Recorded[E_co]], position: int | None) -> Iterator[Recorded[E_co]]:
    """
    Return *history* as it was known at *position*; all of it if that is None.

    Raises `InputError` if the history has not reached the position, or none can have it.
    """
    if position is not None and position < 0:
        msg = f"a history is not known at {position}: give 0, for nothing yet, or a later position"
        raise InputError(msg)
    last = 0
    if position != 0:
        for recorded in history:
            last = recorded.position
            yield recorded
            if last == position:
                return
    if position is not None and position != last:
        msg = f"the history ends at position {last}: it is not known at {position}"
        raise InputError(msg)
