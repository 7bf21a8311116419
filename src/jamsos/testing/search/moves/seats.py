"""Moves about seats: how many there are, and in which region."""

from __future__ import annotations

from jamsos.commands.seats import Allot, FitToCap, MoveSeats, ShareOut
from jamsos.domain.geography import NATIONAL
from jamsos.engine.world import Asked
from jamsos.policies.agent_cap import RULE as CAP
from jamsos.testing.names import PLACES, PROGRAMME, PROVINCES
from jamsos.testing.search.journey import Journey


def first_seats(w: Journey) -> Asked | None:
    """Allot the first seats of the nation; nothing where there are some."""
    quota = w.world.quota(PROGRAMME)
    if quota.issued:
        return None
    seats = w.pick((2, 1, 1, 3)) if not w.one_in(12) else _about_the_cap(w)
    return Allot(PROGRAMME, seats, on=w.day(), region=NATIONAL)


def allot(w: Journey) -> Asked | None:
    """Allot seats to the nation or to a province."""
    region = w.pick((NATIONAL, NATIONAL, *PLACES))
    seats = w.pick((2, 1, 3, 4)) if region == NATIONAL else w.pick((1, 2, 0))
    return Allot(PROGRAMME, seats, on=w.day(), region=region)


def share_out(w: Journey) -> Asked | None:
    """Share seats out among the provinces."""
    weights = {region: w.pick((1, 2, 0)) for region in PROVINCES}
    seats = w.pick((2, 1, 3)) if not w.one_in(12) else _about_the_cap(w)
    return ShareOut(PROGRAMME, seats, weights, on=w.day())


def move_seats(w: Journey) -> Asked | None:
    """Move seats, most often from where one is free."""
    source = with_seat(w)
    to = w.pick(PLACES)
    return MoveSeats(PROGRAMME, w.pick((1, 2)), source=source, to=to, on=w.day())


def fit_to_cap(w: Journey) -> Asked | None:
    """Fit the seats to the cap, where there are some."""
    quota = w.world.quota(PROGRAMME)
    return FitToCap(PROGRAMME, on=w.day()) if quota.issued else None


def with_seat(w: Journey) -> str:
    """Return a region, most often one that has a free seat."""
    free = [region for region in PLACES if w.world.quota(PROGRAMME, region).free > 0]
    return w.pick(free) if free and not w.one_in(8) else w.pick(PLACES)


def _about_the_cap(w: Journey) -> int:
    """Return as many seats as the cap of the day has, or one more; few where there is none."""
    cap = w.world.programme(PROGRAMME).in_force(CAP, w.today)
    return w.pick((0, 1, 1)) + (cap.value if cap is not None else 0)


def anything(w: Journey) -> Asked:
    """Return something that may be asked at any time, where nothing else may be."""
    return Allot(PROGRAMME, w.pick((1, 2)), on=w.day(), region=NATIONAL)
