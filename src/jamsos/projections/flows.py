"""Opening, joined, came back, left, closing: how a count moves from month to month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import attrs

from jamsos.domain.active import MANDATORY, Definition
from jamsos.domain.aggregate import Event
from jamsos.domain.calendar import FOREVER, Month
from jamsos.domain.coverage import Standing
from jamsos.domain.history import Recorded

from .active_participants import changes


@attrs.frozen
class Flow:
    """One month of a count: *opening* + *joined* + *came_back* - *left* = *closing*."""

    month: Month
    opening: int
    joined: int
    """Participants who count for the first time."""
    came_back: int
    """Participants who count again, after at least one month without."""
    left: int
    """Participants who counted in the month before and no longer do."""
    closing: int


@attrs.define
class Flows:
    """The flows of the count under one definition and one programme, as a sum of deltas."""

    definition: Definition
    programme: str = MANDATORY
    _joined: defaultdict[int, int] = attrs.field(factory=lambda: defaultdict(int), repr=False)
    _came_back: defaultdict[int, int] = attrs.field(factory=lambda: defaultdict(int), repr=False)
    _left: defaultdict[int, int] = attrs.field(factory=lambda: defaultdict(int), repr=False)

    def apply(self, recorded: Recorded[Event]) -> None:
        """Take one more event into account."""
        for change in changes(recorded.event):
            self.add(change.after, 1)
            self.add(change.before, -1)

    def add(self, standing: Standing, number: int) -> None:
        """Add the flows of *number* participants with *standing*; a negative number takes off."""
        entries = self._joined
        for first, last in self.definition.counted(standing, self.programme).runs:
            entries[first] += number
            if last != FOREVER:
                self._left[last + 1] += number
            entries = self._came_back

    def of(self, month: Month) -> Flow:
        """Return the flow of *month*."""
        before = sum(
            sign * number
            for steps, sign in ((self._joined, 1), (self._came_back, 1), (self._left, -1))
            for at, number in steps.items()
            if at < month.index
        )
        return next(self._from(before, month, month))

    def over(self, first: Month, last: Month) -> Iterator[Flow]:
        """Return the flow of each month from *first* to *last*."""
        return self._from(self.of(first).opening, first, last)

    def _from(self, opening: int, first: Month, last: Month) -> Iterator[Flow]:
        for index in range(first.index, last.index + 1):
            joined, came_back, left = (
                steps.get(index, 0) for steps in (self._joined, self._came_back, self._left)
            )
            closing = opening + joined + came_back - left
            yield Flow(Month.at(index), opening, joined, came_back, left, closing)
            opening = closing
