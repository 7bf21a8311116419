"""Commands on the seats of a programme: how many there are, and in which region."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from reprlib import repr as cut

import attrs

from jamsos.domain import quota as quotas
from jamsos.domain.geography import NATIONAL, REGIONS, Region
from jamsos.domain.identity import quota_stream, seat_streams
from jamsos.domain.money import check_whole
from jamsos.domain.quota import QuotaAllotted, QuotaTakenBack
from jamsos.errors import InputError
from jamsos.policies import agent_cap
from jamsos.policies.standard import Judges

from .command import Steps
from .reading import Reading
from .seating import allotted, reallotted


@attrs.frozen(kw_only=True)
class Allot:
    """
    See to it that *region* has *seats* seats: the nation's under the cap, a province's from it.

    The nation's are those of the whole country, the seats of provinces among them. Fewer
    than there are: free ones are taken back, a province's for the nation. Refused if
    the seats of all regions would exceed the cap in force *on* that day. Raises
    `InputError` if more would have to be taken back, or passed on, than are free.
    """

    programme: str = attrs.field(kw_only=False)
    seats: int = attrs.field(kw_only=False)
    on: date
    region: str = NATIONAL

    def streams(self) -> tuple[str, ...]:
        """Return the programme, its nation's quota, and that of the region."""
        return seat_streams(self.programme, self.region)

    def decide(self, read: Reading, judges: Judges, /) -> Steps[QuotaAllotted | QuotaTakenBack]:
        """Decide on the seats that are missing, or are too many."""
        check_whole("seats", self.seats)
        programme = read.programme(self.programme)
        national, quota = (
            read.quota(self.programme, NATIONAL),
            read.quota(self.programme, self.region),
        )
        of_the_day = quota.at(self.on)
        there = of_the_day.issued if self.region == NATIONAL else of_the_day.allotted
        more = self.seats - there
        if more == 0:
            return []
        if self.region == NATIONAL and more > 0:
            new = allotted(
                read,
                judges,
                programme=programme,
                quota=quota,
                seats=more,
                source=None,
                on=self.on,
            )
            return [new]
        if self.region == NATIONAL:
            back = quotas.take_back(national, -more, on=self.on)
            return [(quota_stream(self.programme, NATIONAL), back)]
        giver, taker = (national, quota) if more > 0 else (quota, national)
        passed_on = quotas.take_back(giver, abs(more), to=taker.region, on=self.on)
        return [
            (quota_stream(self.programme, giver.region), passed_on),
            allotted(
                read,
                judges,
                programme=programme,
                quota=taker,
                seats=abs(more),
                source=giver.region,
                on=self.on,
            ),
        ]


def _weights(given: Mapping[str, int]) -> dict[str, int]:
    """Return the weights as they are *given*, so that nobody changes them afterwards."""
    if not isinstance(given, Mapping):
        msg = f"weights is {cut(given)}: give them by region, such as {{'jatim': 3, 'jabar': 2}}"
        raise InputError(msg)
    return dict(given)


@attrs.frozen(kw_only=True)
class ShareOut:
    """
    See to it that each region of *weights* has its share of *seats*, by largest remainder.

    They come out of the nation's free seats, and out of new ones if those are too few;
    regions that are not named keep theirs. Asked again, it does nothing. Refused if
    more would be issued in all than the cap in force *on* that day. Raises `InputError`
    if a region would have to give back more seats than are free there.
    """

    programme: str = attrs.field(kw_only=False)
    seats: int = attrs.field(kw_only=False)
    weights: Mapping[str, int] = attrs.field(kw_only=False, converter=_weights)
    on: date

    def streams(self) -> tuple[str, ...]:
        """Return the programme, and the quotas of the nation and of each region named."""
        return seat_streams(self.programme, *self.weights)

    def decide(self, read: Reading, judges: Judges, /) -> Steps[QuotaAllotted | QuotaTakenBack]:
        """Decide on the moves that lead to each region's share."""
        programme = read.programme(self.programme)
        there = read.quotas(self.programme, self.weights)
        shares = {Region(region): weight for region, weight in self.weights.items()}
        moves = quotas.shared_out(there, self.seats, shares, on=self.on)
        return reallotted(programme, there, moves, judges, self.on)


@attrs.frozen(kw_only=True)
class MoveSeats:
    """
    Move *seats* free seats from region *source* to region *to*; ``national`` may be either.

    The seats of all regions together stay as many as they were. Asked again, it moves as
    many again. Refused while more seats are issued than the cap in force *on* that day,
    unless they go back to the nation. Raises `InputError` if fewer are free.
    """

    programme: str = attrs.field(kw_only=False)
    seats: int = attrs.field(kw_only=False)
    source: str
    to: str
    on: date

    def streams(self) -> tuple[str, ...]:
        """Return the programme, and the quotas of the nation and of both regions."""
        return seat_streams(self.programme, self.source, self.to)

    def decide(self, read: Reading, judges: Judges, /) -> Steps[QuotaAllotted | QuotaTakenBack]:
        """Decide on the one move."""
        check_whole("seats", self.seats)
        programme = read.programme(self.programme)
        there = read.quotas(self.programme, (self.source, self.to))
        move = quotas.Move(seats=self.seats, source=Region(self.source), to=Region(self.to))
        return reallotted(programme, there, [move], judges, self.on)


@attrs.frozen(kw_only=True)
class FitToCap:
    """
    Take free seats back until no more are issued than the cap in force *on* that day.

    The nation's own go first, then those of the regions, by largest remainder over what is
    free there. If too few are free, all of them go; no agent loses the seat they hold.
    The events of the answer say how many seats came from where. Asked again, it does
    nothing.
    """

    programme: str = attrs.field(kw_only=False)
    on: date

    def streams(self) -> tuple[str, ...]:
        """Return the programme, and the quotas of all regions."""
        return seat_streams(self.programme, *REGIONS)

    def decide(self, read: Reading, judges: Judges, /) -> Steps[QuotaAllotted | QuotaTakenBack]:
        """Decide on the moves that take free seats back."""
        programme, there = read.programme(self.programme), read.quotas(self.programme, REGIONS)
        cap, *_ = agent_cap.in_force(programme, NATIONAL, self.on)
        moves = quotas.fitted_to(cap.value, there, on=self.on)
        return reallotted(programme, there, moves, judges, self.on)
