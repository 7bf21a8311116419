"""The state of a quota, and how each event changes it."""

from __future__ import annotations

from typing import assert_never

import attrs

from jamsos.domain.geography import NATIONAL, Region
from jamsos.domain.identity import ProgrammeName, quota_stream

from .events import QuotaAllotted, QuotaEvent, QuotaSeatReleased, QuotaSeatTaken, QuotaTakenBack


@attrs.frozen(kw_only=True)
class Quota:
    """
    The seats of *programme* in *region*.

    The national quota is where every other region's seats come from and go back to, so
    that its *issued* seats are those of the whole country.
    """

    programme: ProgrammeName
    region: Region = NATIONAL
    allotted: int = 0
    taken: int = 0
    passed_on: int = 0
    """Seats that other regions hold: kept by the national quota."""

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


def evolve(quota: Quota, event: QuotaEvent) -> Quota:
    """Return the state of *quota* after *event*. Never refuses: it has happened."""
    allotted, taken, passed_on = quota.allotted, quota.taken, quota.passed_on
    match event:
        case QuotaAllotted(seats=seats, source=source):
            allotted += seats
            passed_on -= seats if source is not None and quota.region == NATIONAL else 0
        case QuotaTakenBack(seats=seats, to=to):
            allotted -= seats
            passed_on += seats if to is not None and quota.region == NATIONAL else 0
        case QuotaSeatTaken():
            taken += 1
        case QuotaSeatReleased():
            taken -= 1
        case _:
            assert_never(event)
    return Quota(
        programme=quota.programme,
        region=quota.region,
        allotted=allotted,
        taken=taken,
        passed_on=passed_on,
    )
