"""The contract of a database that keeps tallies: marks and numbers, moved together or not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final, Protocol, runtime_checkable

import attrs
import msgspec

from jamsos.domain.tally import Cell, Numbers


@attrs.frozen
class Mark:
    """
    How far a *generation* of a tally has come: its numbers are the sum up to *position*.

    The one that is *live* answers. Beside it there may be one that is being made again.
    """

    generation: int
    name: str
    version: int
    live: bool
    position: int


@attrs.frozen
class Reading:
    """
    Numbers of a tally as they stood at *position*, each the sum over the months asked for.

    *last* was the position of the newest event then. Only what is not 0 is there.
    """

    position: int
    last: int
    numbers: Mapping[Cell, int]


@attrs.frozen
class Difference:
    """A number that stands in one generation of a tally as *live*, in the other as *rebuilt*."""

    heading: str
    cell: Cell
    month: int
    live: int
    rebuilt: int


@attrs.frozen
class Comparison:
    """Where two generations of a tally differ, when both stood at *position*."""

    position: int
    differences: tuple[Difference, ...]


TOO_LARGE: Final = (
    "a sum of a tally would leave the 64 bits of a whole number: count in larger units"
)
"""What `Tallies.add` says then."""


class Tallies(Protocol):
    """
    A database that keeps tallies. `jamsos.testing.store_contract` holds one to its word.

    Names, headings and the texts of cells are opaque, as those of a `Recorder` are; None, nothing
    and an empty text are three cells. Numbers, their sums and positions are exact to 64 bits,
    months count up to 119,988, and both *first* and *last* are among those that are asked for.
    """

    def marks(self) -> list[Mark]:
        """Return the mark of every generation of every tally, the oldest first."""
        ...

    def begin(self, name: str, version: int, *, live: bool) -> None:
        """Make a generation at position 0, if there is none of this name and version yet."""
        ...

    def add(self, sums: Mapping[int, Numbers], *, after: int, upto: int) -> None:
        """
        Add numbers to each generation of *sums* that stands at *after*, and move it to *upto*.

        Each generation takes all its numbers and its new mark, or nothing: one that does not
        stand at *after*, or is not there, is left alone. So an addition that is repeated, or
        made by two at the same time, adds nothing twice. Raises `InputError`, and takes nothing, if
        a sum leaves the 64 bits of a whole number.
        """
        ...

    def read(
        self, name: str, version: int, headings: tuple[str, ...], first: int, last: int
    ) -> Reading | None:
        """
        Return the numbers under *headings*, added up by cell, over months *first* to *last*.

        All as at one moment. None if the tally has no live generation.
        """
        ...

    def compare(self, live: int, rebuilt: int) -> Comparison | None:
        """
        Return where two generations differ, by heading, cell and month, as at one moment.

        None if they do not stand at one position, or one of them is gone.
        """
        ...

    def switch(self, live: int, rebuilt: int) -> bool:
        """
        Let the generation *rebuilt* answer in place of *live*, which is dropped.

        Return whether it was done: not if one is gone, or *rebuilt* has come less far.
        """
        ...

    def drop(self, generation: int) -> None:
        """Drop a generation, if it is there: it has no mark any more, and takes no numbers."""
        ...

    def sweep(self) -> None:
        """Remove the numbers of the generations that were dropped, a part at a time."""
        ...


@runtime_checkable
class KeepsTallies(Protocol):
    """A `Recorder` that keeps tallies as well."""

    @property
    def tallies(self) -> Tallies:
        """The tallies beside the history."""
        ...


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(tuple[str | None, ...]).decode
_FEW: Final = 65_536


@lru_cache(maxsize=_FEW)
def written(cell: Cell) -> str:
    """Return *cell* as it is stored: a JSON list."""
    return _encode(cell).decode()


@lru_cache(maxsize=_FEW)
def read_back(text: str) -> Cell:
    """Return the cell that is stored as *text*."""
    return _decode(text)


def rows(sums: Mapping[int, Numbers]) -> list[tuple[int, str, str, int, int]]:
    """Return *sums* as rows of the table, in the order of its key."""
    return sorted(
        (generation, heading, written(cell), month, number)
        for generation, numbers in sums.items()
        for (heading, cell, month), number in numbers.items()
        if number
    )


def compared(position: int, found: Iterable[tuple[str, str, int, int, int]]) -> Comparison:
    """Return the differences that were *found*, their cells read back."""
    return Comparison(
        position,
        tuple(
            Difference(heading, read_back(cell), month, live, rebuilt)
            for heading, cell, month, live, rebuilt in found
        ),
    )
