"""A tally: a sum over the history that is kept beside it, and taken on from where it stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

import attrs

from .aggregate import Event
from .history import Recorded

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

    name: str
    version: int
    sums: Callable[[Sequence[Recorded[Event]]], Numbers]
