"""Whole calendar months, and sets of them."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import lru_cache
from typing import Final, NoReturn, TypeAlias

from jamsos.errors import InputError

_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)


class Month:
    """
    One whole calendar month (*bulan iuran*, where contributions are paid for it).

    >>> Month.parse("2017-12") + 2
    Month('2018-02')
    >>> Month.of(date(2018, 2, 5)) - Month.parse("2017-11")
    3

    Raises `InputError` if there is no such month, as with ``2018-13``.
    """

    __slots__ = ("index",)

    index: int
    """Months since January of the year 0: what order and distance are measured on."""

    def __init__(self, year: int, month: int) -> None:
        whole = isinstance(year, int) and isinstance(month, int)
        if not (whole and 1 <= year <= 9999 and 1 <= month <= 12):  # noqa: PLR2004 - as calendars have it
            named = f"{year:04}-{month:02}" if whole else f"{year}-{month}"
            msg = f"there is no month {named}: write one as 2018-02"
            raise InputError(msg)
        _set_index(self, year * 12 + month - 1)

    @classmethod
    def parse(cls, text: str) -> Month:
        """Return the month that *text* names, as in ``2018-02``."""
        match = _MONTH.fullmatch(text)
        if match is None:
            msg = f"{text!r} is not a month: write one as 2018-02"
            raise InputError(msg)
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: date) -> Month:
        """Return the month in which *day* lies."""
        return cls(day.year, day.month)

    @classmethod
    def at(cls, index: int) -> Month:
        """Return the month at *index*."""
        return cls(*_year_and_month(index))

    @property
    def first_day(self) -> date:
        """The first day of the month."""
        return date(self.index // 12, self.index % 12 + 1, 1)

    @property
    def last_day(self) -> date:
        """The last day of the month."""
        year, month = _year_and_month(self.index)
        return date(year, month, monthrange(year, month)[1])

    def __add__(self, months: int) -> Month:
        return Month.at(self.index + months)

    def __sub__(self, other: Month) -> int:
        return self.index - other.index

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Month) and self.index == other.index

    def __lt__(self, other: Month) -> bool:
        return self.index < other.index

    def __le__(self, other: Month) -> bool:
        return self.index <= other.index

    def __gt__(self, other: Month) -> bool:
        return self.index > other.index

    def __ge__(self, other: Month) -> bool:
        return self.index >= other.index

    def __hash__(self) -> int:
        return hash(self.index)

    def __str__(self) -> str:
        return _text(self.index)

    def __repr__(self) -> str:
        return f"Month('{self}')"

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise _lasting(self)

    def __delattr__(self, name: str) -> NoReturn:
        raise _lasting(self)

    def __reduce__(self) -> tuple[object, ...]:
        return Month.at, (self.index,)


_set_index: Final[Callable[[Month, int], None]] = Month.__dict__["index"].__set__


FIRST = Month(1, 1).index
FOREVER = Month(9999, 12).index
"""The last month of a run that has no end: written ``..``."""

Run: TypeAlias = tuple[int, int]
"""The indexes of the first and the last month of an unbroken run."""


class Months:
    """
    A set of months: runs that neither touch nor overlap; the last may have no end.

    Written as it is stored: ``2017-11/2018-01,2018-05/..``, and nothing for none.

        >>> paid = Months.parse("2017-11/2018-01")
        >>> paid | Months.parse("2018-03/2018-03")
        Months('2017-11/2018-01,2018-03/2018-03')
        >>> Month(2018, 2) in paid, Month(2018, 2) in paid.extended(3)
        (False, True)

    Raises `InputError` unless a text is the one way to write its months.
    """

    __slots__ = ("runs",)

    runs: tuple[Run, ...]

    def __init__(self, runs: Iterable[Run] = ()) -> None:
        _set_runs(self, _joined(runs))

    @classmethod
    def parse(cls, text: str) -> Months:
        """Return the months that *text* names. Equal texts give the same object."""
        return _parsed(text)

    @classmethod
    def between(cls, first: Month, last: Month | None) -> Months:
        """
        Return every month from *first* to *last*, both included; None for no end.

        Raises `InputError` if *last* comes before *first*.
        """
        if last is not None and last < first:
            msg = f"{last} comes before {first}: months run forwards"
            raise InputError(msg)
        return cls([(first.index, FOREVER if last is None else last.index)])

    @property
    def first(self) -> Month | None:
        """The first month, or None if there is none."""
        return Month.at(self.runs[0][0]) if self.runs else None

    @property
    def last(self) -> Month | None:
        """The last month, or None if there is none or no end."""
        if not self.runs or self.runs[-1][1] == FOREVER:
            return None
        return Month.at(self.runs[-1][1])

    @property
    def contiguous(self) -> bool:
        """Whether this is one unbroken run with an end."""
        return len(self.runs) == 1 and self.runs[0][1] != FOREVER

    def extended(self, months: int) -> Months:
        """Return these months and the *months* that follow each run."""
        return Months([(first, min(last + months, FOREVER)) for first, last in self.runs])

    def onward(self) -> Months:
        """Return the first of these months and all that follow it."""
        return _of(((self.runs[0][0], FOREVER),)) if self.runs else self

    def before(self, month: Month) -> Months:
        """Return those of these months that come before *month*."""
        return Months(
            (first, min(last, month.index - 1)) for first, last in self.runs if first < month.index
        )

    def since(self, month: Month) -> Months:
        """Return *month* and what follows it, of these months."""
        start = month.index
        if not self.runs or self.runs[0][0] >= start:
            return self
        return _of(tuple((max(first, start), last) for first, last in self.runs if last >= start))

    def __contains__(self, month: Month) -> bool:
        return any(first <= month.index <= last for first, last in self.runs)

    def __or__(self, other: Months) -> Months:
        if not self.runs:
            return other
        return Months((*self.runs, *other.runs)) if other.runs else self

    def __and__(self, other: Months) -> Months:
        if self.runs == other.runs:
            return self
        return _of(
            tuple(
                [
                    (max(c, a), min(d, b))
                    for a, b in self.runs
                    for c, d in other.runs
                    if a <= d and c <= b
                ]
            )
        )

    def __sub__(self, other: Months) -> Months:
        left = self.runs
        for c, d in other.runs:
            if not left or d < left[0][0] or c > left[-1][1]:
                continue
            if len(left) == 1 and c <= left[0][0] and left[0][1] <= d:
                return _of(())
            left = tuple(
                [
                    part
                    for a, b in left
                    for part in ((a, min(b, c - 1)), (max(a, d + 1), b))
                    if part[0] <= part[1]
                ]
            )
        return self if left is self.runs else _of(left)

    def __iter__(self) -> Iterator[Month]:
        for first, last in self.runs:
            if last == FOREVER:
                msg = f"{self} has no end: it cannot be listed"
                raise InputError(msg)
            for index in range(first, last + 1):
                yield Month.at(index)

    def __bool__(self) -> bool:
        return bool(self.runs)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Months) and self.runs == other.runs

    def __hash__(self) -> int:
        return hash(self.runs)

    def __str__(self) -> str:
        return _written(self.runs)

    def __repr__(self) -> str:
        return f"Months('{self}')"

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise _lasting(self)

    def __delattr__(self, name: str) -> NoReturn:
        raise _lasting(self)

    def __reduce__(self) -> tuple[object, ...]:
        return Months, (self.runs,)


_set_runs: Final[Callable[[Months, tuple[Run, ...]], None]] = Months.__dict__["runs"].__set__


def _lasting(value: Month | Months) -> AttributeError:
    return AttributeError(f"{value!r} is a value, and cannot be changed: make another")


def month_of(value: Month | str) -> Month:
    """
    Return the month that *value* is, or names as text, as in ``2018-01``.

    Raises `InputError` for anything else.
    """
    if isinstance(value, Month):
        return value
    if isinstance(value, str):
        return Month.parse(value)
    msg = f"{value!r} is not a month: give Month(2018, 1), or '2018-01'"
    raise InputError(msg)


def months_of(value: Months | Month | str) -> Months:
    """
    Return the months that *value* is, or names as text: ``2018-01/2018-03``, or one, ``2018-01``.

    Raises `InputError` for anything else.
    """
    if isinstance(value, Months):
        return value
    if isinstance(value, str) and _MONTH.fullmatch(value) is None:
        return Months.parse(value)
    if isinstance(value, Month | str):
        month = month_of(value)
        return Months.between(month, month)
    msg = f"{value!r} is not months: give Months.parse('2018-01/2018-03'), or that text"
    raise InputError(msg)


def months_after(day: date, months: int) -> date:
    """
    Return the day that lies *months* whole months after *day*.

    If that month is too short, its last day.

        >>> months_after(date(2018, 8, 31), 6)
        datetime.date(2019, 2, 28)
    """
    month = Month.of(day) + months
    return month.first_day.replace(day=min(day.day, month.last_day.day))


def _of(runs: tuple[Run, ...]) -> Months:
    """Return the months of *runs* that are in order, and neither touch nor overlap."""
    months = object.__new__(Months)
    _set_runs(months, runs)
    return months


@lru_cache(maxsize=65_536)
def _written(runs: tuple[Run, ...]) -> str:
    return ",".join(
        f"{_text(first)}/{'..' if last == FOREVER else _text(last)}" for first, last in runs
    )


def _joined(runs: Iterable[Run]) -> tuple[Run, ...]:
    ordered = sorted(runs)
    for first, last in ordered:
        if not FIRST <= first <= last <= FOREVER:
            msg = f"months {first} to {last} are not a run: give indexes, the first month first"
            raise InputError(msg)
    if len(ordered) < 2:  # noqa: PLR2004 - most people pay without a gap
        return tuple(ordered)
    joined = [ordered[0]]
    for first, last in ordered[1:]:
        if first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return tuple(joined)


@lru_cache(maxsize=65_536)
def _parsed(text: str) -> Months:
    runs = []
    for run in text.split(",") if text else ():
        first, slash, last = run.partition("/")
        end = FOREVER if last == ".." else Month.parse(last).index if slash else -1
        runs.append((Month.parse(first).index, end))
    forwards = all(first <= last for first, last in runs)
    if not forwards or str(months := Months(runs)) != text:
        msg = f"{text!r} does not name months: write runs as 2017-11/2018-01,2018-05/.."
        raise InputError(msg)
    return months


def _year_and_month(index: int) -> tuple[int, int]:
    return index // 12, index % 12 + 1


@lru_cache(maxsize=4_096)
def _text(index: int) -> str:
    year, month = _year_and_month(index)
    return f"{year:04}-{month:02}"
