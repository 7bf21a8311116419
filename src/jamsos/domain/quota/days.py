"""By how much the seats of a quota change on each day, in books: a history may be long."""

from __future__ import annotations

from bisect import bisect, bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import chain
from typing import Final, TypeAlias, overload

import attrs

MOST: Final = 256
"""So many days stand in one book: a fact of a day makes that one anew, and no other."""

Numbers: TypeAlias = tuple[int, int, int]
"""Of seats: allotted, taken, passed on."""


@attrs.frozen
class Change:
    """The numbers of seats that are more from the day *on* than on the day before."""

    on: date
    allotted: int = 0
    taken: int = 0
    passed_on: int = 0

    @property
    def numbers(self) -> Numbers:
        """The numbers alone."""
        return self.allotted, self.taken, self.passed_on


class Book:
    """
    The changes of some days that follow each other: at least one, and what they add up to.

    The changes themselves are found when they are asked for: most days are long past.
    """

    __slots__ = ("_changes", "_find", "first", "last", "number", "sums", "written")

    def __init__(
        self,
        find: Callable[[], Iterable[Change]],
        *,
        first: date,
        last: date,
        number: int,
        sums: Numbers,
    ) -> None:
        self._find = find
        self._changes: tuple[Change, ...] | None = None
        self.first = first
        self.last = last
        self.number = number
        self.sums = sums
        self.written: bytes | None = None
        """Its changes as a snapshot has them, once they were written down."""

    @classmethod
    def of(cls, changes: tuple[Change, ...]) -> Book:
        """Return the book of *changes*."""
        first, last, sums = changes[0].on, changes[-1].on, summed(changes)
        made = cls(lambda: changes, first=first, last=last, number=len(changes), sums=sums)
        made._changes = changes
        return made

    @property
    def changes(self) -> tuple[Change, ...]:
        """The changes, in order of the days."""
        if self._changes is None:
            self._changes = tuple(self._find())
        return self._changes


class Days(Sequence[Change]):
    """
    The changes of each day on which there is one, in order of the days.

    >>> days = Days.of([Change(date(2018, 1, 8), allotted=5)])
    >>> days.having(Change(date(2018, 1, 8), taken=1))
    (Change(on=datetime.date(2018, 1, 8), allotted=5, taken=1, passed_on=0),)
    """

    __slots__ = ("books",)

    def __init__(self, books: tuple[Book, ...] = ()) -> None:
        self.books = books

    @classmethod
    def of(cls, changes: Iterable[Change]) -> Days:
        """Return *changes*, which are in order of their days."""
        return changes if isinstance(changes, Days) else cls(tuple(_cut(tuple(changes))))

    def having(self, new: Change) -> Days:
        """Return these changes and the *new* one, added to what its day has."""
        books = self.books
        if not books:
            return Days.of((new,) if any(new.numbers) else ())
        there = max(0, bisect(books, new.on, key=_first) - 1)
        changes = books[there].changes
        at = bisect_left(changes, new.on, key=_on)
        upto = at + (at < len(changes) and changes[at].on == new.on)
        if at < upto:
            new = Change(new.on, *summed((changes[at], new)))
        if at == len(changes) == MOST:
            return Days((*books[: there + 1], *_cut((new,)), *books[there + 1 :]))
        changes = (*changes[:at], *((new,) if any(new.numbers) else ()), *changes[upto:])
        return Days((*books[:there], *_cut(changes), *books[there + 1 :]))

    def upto(self, day: date) -> tuple[Days, Numbers]:
        """Return the changes up to *day*, and what the later ones add up to."""
        books = self.books
        if not books or books[-1].last <= day:
            return self, NOTHING
        there = max(0, bisect(books, day, key=_first) - 1)
        changes = books[there].changes
        at = bisect(changes, day, key=_on)
        later = (summed(changes[at:]), *(book.sums for book in books[there + 1 :]))
        allotted, taken, passed_on = map(sum, zip(*later, strict=True))
        return Days((*books[:there], *_cut(changes[:at]))), (allotted, taken, passed_on)

    def after(self, day: date) -> Iterator[Change]:
        """Yield the changes of each day after *day*."""
        books = self.books
        if books and books[-1].last > day:
            there = max(0, bisect(books, day, key=_first) - 1)
            changes = books[there].changes
            yield from changes[bisect(changes, day, key=_on) :]
            yield from chain.from_iterable(book.changes for book in books[there + 1 :])

    def __len__(self) -> int:
        return sum(book.number for book in self.books)

    def __iter__(self) -> Iterator[Change]:
        return chain.from_iterable(book.changes for book in self.books)

    @overload
    def __getitem__(self, place: int) -> Change: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Change, ...]: ...
    def __getitem__(self, place: int | slice) -> Change | tuple[Change, ...]:
        return tuple(self)[place]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Days | tuple):
            return NotImplemented
        return self is other or tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return repr(tuple(self))


NOTHING: Final[Numbers] = (0, 0, 0)
"""No seats."""
NO_DAYS: Final = Days()
"""Nothing was told."""


def summed(changes: Iterable[Change]) -> Numbers:
    """Return what *changes* add up to."""
    allotted = taken = passed_on = 0
    for each in changes:
        allotted += each.allotted
        taken += each.taken
        passed_on += each.passed_on
    return allotted, taken, passed_on


def _cut(changes: tuple[Change, ...]) -> Iterator[Book]:
    """Yield the books of *changes*, all of about one size."""
    parts = -(-len(changes) // MOST)
    each = -(-len(changes) // parts) if parts else 1
    for first in range(0, len(changes), each):
        yield Book.of(changes[first : first + each])


def _first(book: Book) -> date:
    return book.first


def _on(change: Change) -> date:
    return change.on
