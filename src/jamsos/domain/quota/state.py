"""The state of a quota, on each day, and how each event changes it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import date
from operator import attrgetter
from typing import assert_never

import attrs

from jamsos.domain.geography import NATIONAL, Region
from jamsos.domain.identity import ProgrammeName, quota_stream

from .events import QuotaAllotted, QuotaEvent, QuotaSeatReleased, QuotaSeatTaken, QuotaTakenBack


@attrs.frozen
class Change:
    """The numbers of seats that are more from the day *on* than on the day before."""

    on: date
    allotted: int = 0
    taken: int = 0
    passed_on: int = 0


@attrs.frozen(kw_only=True)
class Quota:
    """
    The seats of *programme* in *region*.

    The numbers are those that stand once all days are over that something was told of; `at`
    gives those of a day. The national quota is where every other region's seats come from and
    go back to, so that its *issued* seats are those of the whole country.
    """

    programme: ProgrammeName
    region: Region = NATIONAL
    allotted: int = 0
    taken: int = 0
    passed_on: int = 0
    """Seats that other regions hold: kept by the national quota."""
    changes: tuple[Change, ...] = attrs.field(default=(), repr=lambda days: f"<{len(days)}>")
    """By how much the numbers change, in order of the days; a day without a change is left out."""

    @property
    def stream(self) -> str:
        """The name of the stream of these seats."""
        return quota_stream(self.programme, self.region)

    @property
    def free(self) -> int:
        """Seats that are allotted and not taken."""
        return self.allotted - self.taken

    @property
    def issued(self) -> int:
        """Seats allotted here and to the regions that got theirs from here."""
        return self.allotted + self.passed_on

    def at(self, day: date) -> Quota:
        """Return the quota as it stood at the end of *day*, as is known now."""
        place = _upto(self.changes, day)
        if place == len(self.changes):
            return self
        later = self.changes[place:]
        return attrs.evolve(
            self,
            allotted=self.allotted - sum(change.allotted for change in later),
            taken=self.taken - sum(change.taken for change in later),
            passed_on=self.passed_on - sum(change.passed_on for change in later),
            changes=self.changes[:place],
        )

    def over(self, days: Iterable[date]) -> Iterator[Quota]:
        """Yield the quota as it stood at the end of each of *days*, which rise."""
        now: Quota | None = None
        for day in days:
            now = self.at(day) if now is None else self._on_from(now, day)
            yield now

    def days(self, since: date) -> Iterator[date]:
        """Yield *since*, and each later day on which the seats change, in order."""
        yield since
        for change in self.changes[_upto(self.changes, since) :]:
            yield change.on

    def least_free(self, since: date) -> tuple[int, date]:
        """Return how many seats are free on *since* and each later day, and the first such day."""
        days = tuple(self.days(since))
        free = [quota.free for quota in self.over(days)]
        return min(free), days[free.index(min(free))]

    def _on_from(self, before: Quota, day: date) -> Quota:
        """Return the quota at the end of *day*, from what it was *before*."""
        now = before
        for change in self.changes[len(before.changes) : _upto(self.changes, day)]:
            now = _after(now, change, (*now.changes, change))
        return now


def evolve(quota: Quota, event: QuotaEvent) -> Quota:
    """Return the state of *quota* after *event*. Never refuses: it has happened."""
    on, national = event.on, quota.region == NATIONAL
    match event:
        case QuotaAllotted(seats=seats, source=source):
            back = seats if source is not None and national else 0
            change = Change(on, allotted=seats, passed_on=-back)
        case QuotaTakenBack(seats=seats, to=to):
            out = seats if to is not None and national else 0
            change = Change(on, allotted=-seats, passed_on=out)
        case QuotaSeatTaken():
            change = Change(on, taken=1)
        case QuotaSeatReleased():
            change = Change(on, taken=-1)
        case _:
            assert_never(event)
    return _after(quota, change, _with(quota.changes, change))


def _after(quota: Quota, change: Change, changes: tuple[Change, ...]) -> Quota:
    return Quota(
        programme=quota.programme,
        region=quota.region,
        allotted=quota.allotted + change.allotted,
        taken=quota.taken + change.taken,
        passed_on=quota.passed_on + change.passed_on,
        changes=changes,
    )


def _with(changes: tuple[Change, ...], new: Change) -> tuple[Change, ...]:
    """Return *changes* and the *new* one, added to what its day has."""
    upto = _upto(changes, new.on)
    before, later = changes[:upto], changes[upto:]
    if before and before[-1].on == new.on:
        there, before = before[-1], before[:-1]
        new = Change(
            new.on,
            there.allotted + new.allotted,
            there.taken + new.taken,
            there.passed_on + new.passed_on,
        )
    if new.allotted or new.taken or new.passed_on:
        return (*before, new, *later)
    return (*before, *later)


def _upto(changes: tuple[Change, ...], day: date) -> int:
    """Return how many of *changes* come on *day* or before it."""
    if not changes or changes[-1].on <= day:
        return len(changes)
    return bisect_right(changes, day, key=attrgetter("on"))
