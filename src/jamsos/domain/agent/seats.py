"""The seat that an agent holds, as half-open ranges of days, and how a fact changes them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

import attrs

from jamsos.domain.geography import Region


@attrs.frozen
class Held:
    """A seat of *region*, held from the day *begins* on, up to *ends* and not on that day."""

    region: Region
    begins: date
    ends: date | None = None

    def covers(self, day: date) -> bool:
        """Return whether the seat is held at the end of *day*."""
        return self.begins <= day and (self.ends is None or day < self.ends)


@attrs.frozen
class SeatChange:
    """The days on which a seat of a region is held after a change and not before it, or lost."""

    days: Held
    gained: bool


def seat_changes(before: tuple[Held, ...], after: tuple[Held, ...]) -> tuple[SeatChange, ...]:
    """
    Return what is to be taken and released to come from *before* to *after*.

    >>> held = (Held(Region("51"), date(2018, 1, 8)),)
    >>> left = (Held(Region("51"), date(2018, 1, 8), date(2018, 3, 1)),)
    >>> for change in seat_changes(held, left):
    ...     print(change.gained, change.days.begins, change.days.ends)
    False 2018-03-01 None
    """
    more: defaultdict[Region, defaultdict[date, int]] = defaultdict(lambda: defaultdict(int))
    for sign, ranges in ((1, after), (-1, before)):
        for held in ranges:
            more[held.region][held.begins] += sign
            if held.ends is not None:
                more[held.region][held.ends] -= sign
    return tuple(change for region in sorted(more) for change in _changes(region, more[region]))


def _changes(region: Region, more: dict[date, int]) -> Iterator[SeatChange]:
    """Yield the runs of days on which *more*, summed up, is not 0."""
    now, since = 0, date.min
    for day in sorted(more):
        if not more[day]:
            continue
        if now:
            yield SeatChange(Held(region, since, day), gained=now > 0)
        now, since = now + more[day], day
    if now:
        yield SeatChange(Held(region, since), gained=now > 0)
