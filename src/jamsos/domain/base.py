"""
Values as what they are at bottom: a day, a moment, a text, a whole number.

A subclass of one of these may be anything: a day that a test has frozen, a moment of a data frame,
a word of an enumeration of one's own. What enters is taken as its base value, so that no code of
another is called where many commands are recorded together, or where a state is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from enum import Enum
from functools import lru_cache
from operator import attrgetter
from typing import Any, Final, TypeVar

import attrs

from jamsos.errors import InputError

from .calendar import Month, Months

T = TypeVar("T")

# Libraries that freeze the clock put their own class in the place of each `date` and `datetime` of
# a module: these are found by what they rest on, and kept where nobody looks for them.
_DAY: Final = (date.__mro__[-2],)
_MOMENT: Final = tuple(k for k in datetime.__mro__[:-2] if k.__module__ == "datetime")[-1:]

_exact: Final[set[type]] = {str, int, bool, type(None), *_DAY, *_MOMENT, Month, Months}
"""Types whose values are taken as they are; words of our own are added as they come."""


def base(value: T) -> T:
    """
    Return *value* as its base value, also what stands in it; what has none, as it is.

    >>> class Id(str):
    ...     pass
    >>> type(base((Id("agent-1"), 2))[0]).__name__
    'str'
    """
    kind: Any = type(value)
    if kind in _exact:
        return value
    if kind is tuple:
        return _of_items(value)  # type: ignore[arg-type,return-value]
    read = _fields(kind)
    if read is not None:
        return _of_fields(value, *read)
    if isinstance(value, Enum) and _is_ours(kind):
        _exact.add(kind)
        return value
    return _leaf(value)


def _of_items(items: tuple[T, ...]) -> tuple[T, ...]:
    for place, old in enumerate(items):
        if type(old) not in _exact and base(old) is not old:
            return (*items[:place], *map(base, items[place:]))
    return items


def _of_fields(value: T, names: tuple[str, ...], values: Callable[[T], tuple[Any, ...]]) -> T:
    found: Any = value
    changed = {}
    for place, old in enumerate(values(value)):
        if type(old) not in _exact and (new := base(old)) is not old:
            changed[names[place]] = new
    if changed:
        found = attrs.evolve(found, **changed)
    return found  # type: ignore[no-any-return]


@lru_cache(maxsize=1_024)
def _fields(kind: type[Any]) -> tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]]] | None:
    """Return the names of the fields that are given to *kind*, of ours, and what reads them all."""
    if not (_is_ours(kind) and attrs.has(kind)):
        return None
    names = tuple(each.name for each in attrs.fields(kind) if each.init and each.name[0] != "_")
    if len(names) > 1:
        return names, attrgetter(*names)
    return names, lambda value: tuple(getattr(value, name) for name in names)


def _is_ours(kind: type[Any]) -> bool:
    return kind.__module__.startswith("jamsos.")


def _leaf(value: T) -> T:
    found: Any = value
    if isinstance(value, str):
        found = str.__str__(value)
    elif isinstance(value, int):
        found = int.__int__(value)
    elif isinstance(value, *_MOMENT):
        return value  # no day, and no field of a command
    elif isinstance(value, *_DAY):
        found = base_day(found)
    elif isinstance(value, Month):
        found = Month.at(value.index)
    elif isinstance(value, Months):
        found = Months(value.runs)
    return found  # type: ignore[no-any-return]


def is_day(value: object) -> bool:
    """Return whether *value* is a `date` itself, of no subclass."""
    return type(value) in _DAY


def base_day(day: date) -> date:
    """Return *day* as a `date` of no subclass."""
    [kind] = _DAY
    if type(day) is kind:
        return day
    return kind.fromordinal(kind.toordinal(day))  # type: ignore[attr-defined,no-any-return]


def base_moment(moment: object) -> datetime:
    """
    Return *moment*, which a clock tells, in UTC and as a `datetime` of no subclass.

    Raises `InputError` for what is no moment, and for one without a time zone.
    """
    [kind] = _MOMENT
    if not isinstance(moment, kind):
        msg = f"the clock says {moment!r}: give it one that tells a datetime, in UTC"
        raise InputError(msg)
    at: Any = moment
    if type(at) is not kind:
        day, time = kind.date(at), kind.timetz(at)  # type: ignore[attr-defined]
        at = kind.combine(day, time)  # type: ignore[attr-defined]
    if at.utcoffset() is None:
        msg = f"the clock says {at}, without a time zone: give it one that tells UTC"
        raise InputError(msg)
    return at.astimezone(UTC)  # type: ignore[no-any-return]
