"""No more agents hold seats than the cap in force, on any day."""

from __future__ import annotations

from datetime import date
from operator import attrgetter
from typing import Final

import attrs

from jamsos.domain.citation import Citation
from jamsos.domain.decision import Reason
from jamsos.domain.geography import NATIONAL, Region
from jamsos.domain.identity import RuleRef
from jamsos.domain.programme import Programme
from jamsos.domain.quota import Allotment, Quota, Seating
from jamsos.domain.rule import Rule
from jamsos.language import counted

RULE: Final = "agent-cap"
ALLOTMENT: Final = "seat-allotment"


def seat_is_free(case: Seating) -> Reason | None:
    """
    Refuse a seat that is not free on every day on which it would be held, under that day's caps.

    Rule ``agent-cap``, in agents, of the nation; and of the region, if it has one. If the caps
    leave room, and only the seats that were allotted are all taken, it is the allotment that
    refuses (`ALLOTMENT`), and not a cap. A cap that is lowered removes no agent: it blocks new
    seats, until free ones are taken back. Of the days, the first one that refuses is told; where
    no cap is in force on a later one, the seat must be free, and no cap is asked.
    Raises `RuleNotInForceError` if the nation has no cap on the day itself.
    """
    in_force(case.programme, case.quota.region, case.on)
    days = _days(case, case.until)
    there = zip(days, case.quota.over(days), case.national.over(days), strict=True)
    for day, quota, national in there:
        refused = _refused(quota, national, _caps(case.programme, quota.region, day))
        if refused is not None:
            return refused if day == case.on else _on_a_later_day(day, refused)
    return None


def allotment_is_under_the_cap(case: Allotment) -> Reason | None:
    """
    Refuse to allot more seats than the caps in force on the day, or on a later one.

    The nation's cap is for all regions together; a region's own, if it has one, for itself. Of
    the days, the first one that refuses is told; where no cap is in force on a later one, there
    is nothing to judge. Raises `RuleNotInForceError` if the nation has none on the day itself.
    """
    in_force(case.programme, case.quota.region, case.on)
    days = _days(case, None)
    new = case.seats if case.source is None else 0
    there = zip(days, case.quota.over(days), case.national.over(days), strict=True)
    for day, quota, national in there:
        cap, regional = _caps(case.programme, quota.region, day)
        issued, refused = national.issued + new, None
        if cap is not None and issued > cap.value:
            refused = _reason(f"{issued:,} seats would be issued in all", cap)
        elif regional is not None and quota.allotted + case.seats > regional.value:
            would = f"{quota.allotted + case.seats:,} seats would be allotted"
            refused = _reason(f"{would} to region {quota.region}", regional)
        if refused is not None:
            return refused if day == case.on else _on_a_later_day(day, refused)
    return None


def _days(case: Seating | Allotment, until: date | None) -> tuple[date, ...]:
    """Return the day, and each later one before *until* on which seats or caps may change."""
    days = {*case.quota.days(case.on), *case.national.days(case.on)}
    for region in (NATIONAL, case.quota.region):
        for version in case.programme.rules.get((RULE, region), ()):
            if not version.void and version.dated.in_force > case.on:
                days.add(version.dated.in_force)
    return tuple(sorted(day for day in days if until is None or day < until))


def _refused(quota: Quota, national: Quota, caps: tuple[Rule | None, Rule | None]) -> Reason | None:
    """Return why no seat of *quota* is to be had on a day, if none is."""
    cap, regional = caps
    if quota.taken >= quota.allotted:
        return _full(quota, national, caps)
    if regional is not None and quota.taken >= regional.value:
        return _reason(f"{_hold_seats(quota.taken)} in region {quota.region} already", regional)
    if cap is None:
        return None
    if quota.region == NATIONAL and not quota.passed_on:
        if quota.taken >= cap.value:
            return _reason(f"{_hold_seats(quota.taken)} already", cap)
    elif national.issued > cap.value:
        return _reason(
            f"{national.issued:,} seats are issued, more than the cap allows; take free ones back",
            cap,
        )
    return None


def _full(quota: Quota, national: Quota, caps: tuple[Rule | None, Rule | None]) -> Reason:
    """Return what refuses where all seats are taken: a cap, or the allotment under it."""
    cap, regional = caps
    more = 0 if cap is None else max(0, cap.value - national.issued)
    more += national.free if quota.region != NATIONAL else 0
    if more and regional is not None and quota.allotted >= regional.value:
        return _reason(_all_seats(quota), regional)
    if not more and cap is not None:
        return _reason(_all_seats(quota), cap)
    return _not_allotted(quota, more)


def _caps(programme: Programme, region: Region, on: date) -> tuple[Rule | None, Rule | None]:
    """Return the nation's cap on the day, and the one that *region* has of its own, if any."""
    own = None if region == NATIONAL else programme.in_force(RULE, on, scope=region)
    return programme.in_force(RULE, on), own


def in_force(programme: Programme, region: Region, on: date) -> tuple[Rule, ...]:
    """
    Return the nation's cap on the day, and after it the one that *region* has of its own, if any.

    Raises `RuleNotInForceError` if the nation has none.
    """
    cap = programme.rule(RULE, on)
    if region == NATIONAL:
        return (cap,)
    own = programme.rules.get((RULE, region), ())
    return (cap, *(version for version in own if version.covers(on)))


def refs(programme: Programme, region: Region, on: date) -> tuple[RuleRef, ...]:
    """Return the names of the caps that a decision on seats of *region* rests on."""
    return tuple(map(attrgetter("ref"), in_force(programme, region, on)))


def _all_seats(quota: Quota) -> str:
    allotted, region = quota.allotted, quota.region
    if allotted == 0:
        return f"There are no seats in region {region}"
    if allotted == 1:
        return f"The only seat in region {region} is taken"
    return f"All {allotted:,} seats in region {region} are taken"


def _not_allotted(quota: Quota, more: int) -> Reason:
    """Return that the allotment refuses, and not the cap: *more* seats could be allotted."""
    may = f"{more:,} more may be allotted under the cap; allot them first"
    return Reason(
        ALLOTMENT,
        f"{_all_seats(quota)}: {may if more else 'no cap is in force by which to allot more'}.",
        Citation(
            f"allotment of seats of {quota.programme}",
            f"{quota.allotted:,} in region {quota.region}",
        ),
    )


def _on_a_later_day(day: date, reason: Reason) -> Reason:
    """Return *reason*, which refuses on a later day than the one asked, with that day."""
    said = reason.explanation
    return attrs.evolve(reason, explanation=f"On {day}, {said[0].lower()}{said[1:]}")


def _hold_seats(taken: int) -> str:
    return f"{counted(taken, 'agents')} {'holds a seat' if taken == 1 else 'hold seats'}"


def _reason(what: str, cap: Rule) -> Reason:
    last_day = "on" if cap.until is None else f"to {cap.until}"
    when = f"from {cap.dated.in_force} {last_day}"
    cap_is = f"the cap is {counted(cap.value, cap.unit)}"
    return Reason(RULE, f"{what}: {when} {cap_is}.", cap.citation)
