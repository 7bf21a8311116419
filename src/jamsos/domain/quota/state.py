"""The state of a quota, on each day, and how each event changes it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import assert_never

import attrs

from jamsos.domain.geography import NATIONAL, Region
from jamsos.domain.identity import ProgrammeName, quota_stream

from .days import NO_DAYS, Change, Days, Numbers, summed
from .events import QuotaAllotted, QuotaEvent, QuotaSeatReleased, QuotaSeatTaken, QuotaTakenBack


def _days(changes: Iterable[Change]) -> Days:
    return Days.of(changes)


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
    changes: Days = attrs.field(
        default=NO_DAYS, converter=_days, repr=lambda days: f"<{len(days)}>"
    )
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
        changes, later = self.changes.upto(day)
        if changes is self.changes:
            return self
        allotted, taken, passed_on = later
        return _after(self, (-allotted, -taken, -passed_on), changes)

    def over(self, days: Iterable[date]) -> Iterator[Quota]:
        """Yield the quota as it stood at the end of each of *days*, which rise."""
        now: Quota | None = None
        later: Iterator[Change] = iter(())
        following: Change | None = None
        for day in days:
            if now is None:
                now, later = self.at(day), self.changes.after(day)
                following = next(later, None)
            passed: list[Change] = []
            while following is not None and following.on <= day:
                passed.append(following)
                following = next(later, None)
            if passed:
                now = _after(now, summed(passed), self.changes.upto(day)[0])
            yield now

    def days(self, since: date) -> Iterator[date]:
        """Yield *since*, and each later day on which the seats change, in order."""
        yield since
        for change in self.changes.after(since):
            yield change.on

    def least_free(self, since: date) -> tuple[int, date]:
        """Return how many seats are free on *since* and each later day, and the first such day."""
        days = tuple(self.days(since))
        free = [quota.free for quota in self.over(days)]
        return min(free), days[free.index(min(free))]


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
    return _after(quota, change.numbers, quota.changes.having(change))


def _after(quota: Quota, more: Numbers, changes: Days) -> Quota:
    allotted, taken, passed_on = more
    return Quota(
        programme=quota.programme,
        region=quota.region,
        allotted=quota.allotted + allotted,
        taken=quota.taken + taken,
        passed_on=quota.passed_on + passed_on,
        changes=changes,
    )
