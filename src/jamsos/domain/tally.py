"""A tally: a sum over the history that is kept beside it, and taken on from where it stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import Final, TypeAlias

import attrs

from jamsos.errors import InputError

from .aggregate import Event
from .calendar import FOREVER
from .history import Recorded
from .money import MOST

_LAST_VERSION: Final = 2**31 - 1

Cell: TypeAlias = tuple[str | None, ...]
"""The key of a number under a heading: a segment and a province, say."""

Place: TypeAlias = tuple[str, Cell, int]
"""Where a number stands: a heading, a cell, and the index of a month, 0 for none."""

Numbers: TypeAlias = Mapping[Place, int]


@attrs.frozen
class Tally:
    """
    A sum that is kept: what events add to which numbers, and take from them.

    *sums* is a pure function of events that follow each other. Two runs of events, one after
    the other, must add up to what both give together; then it does not matter where a reading
    stops and goes on. It knows nothing but these events.

    *name* and *version* say which numbers are its own: a function that gives other numbers is
    another *version*, which begins at the first event.
    """

    name: str = attrs.field()
    version: int = attrs.field()
    sums: Callable[[Sequence[Recorded[Event]]], Numbers] = attrs.field()

    @name.validator
    def _is_text(self, _: object, name: object) -> None:
        if not name or not isinstance(name, str) or not _storable(name):
            msg = f"a tally is called {name!r}: give it a name, a text"
            raise InputError(msg)

    @version.validator
    def _is_counted(self, _: object, version: object) -> None:
        if type(version) is not int or not 1 <= version <= _LAST_VERSION:
            msg = f"the tally {self.name!r} is of version {version!r}: count them from 1"
            raise InputError(msg)

    @sums.validator
    def _is_function(self, _: object, sums: object) -> None:
        if not callable(sums):
            msg = f"the sums of the tally {self.name!r} are {sums!r}: give a function of events"
            raise InputError(msg)


def checked(tally: Tally, events: Sequence[Recorded[Event]]) -> Numbers:
    """
    Return what *tally* sums up of *events*.

    Raises `InputError`, which names it, if that is anything else than whole numbers from -2^63 + 1
    to 2^63 - 1, each under a heading, a cell and a month.
    """
    numbers = tally.sums(events)
    if not isinstance(numbers, Mapping):
        raise _wrong(tally, f"{numbers!r}", "give numbers by heading, cell and month")
    for place, number in numbers.items():
        if type(number) is not int or not -MOST <= number <= MOST:
            why = "give whole numbers from -2^63 + 1 to 2^63 - 1"
            raise _wrong(tally, f"{number!r} at {place!r}", why)
        match place:
            case (str() as heading, tuple() as cell, int() as month) if (
                0 <= month <= FOREVER and type(month) is int and _named(heading, cell)
            ):
                continue
        why = "a place is a heading, a cell of texts or None, and the index of a month, 0 for none"
        raise _wrong(tally, f"a number at {place!r}", why)
    return numbers


def _wrong(tally: Tally, found: str, why: str) -> InputError:
    msg = f"the tally {tally.name!r}, version {tally.version}, sums up to {found}: {why}"
    return InputError(msg)


@lru_cache(maxsize=65_536, typed=True)
def _named(heading: str, cell: tuple[object, ...]) -> bool:
    """Return whether *heading* and what stands in *cell* are texts that any database keeps."""
    texts = [each for each in (heading, *cell) if each is not None]
    return all(
        isinstance(each, str)
        and (type(each) is str or isinstance(each, StrEnum))
        and _storable(each)
        for each in texts
    )


def _storable(text: str) -> bool:
    if text.isascii():
        return "\0" not in text
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text
