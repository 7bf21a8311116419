"""No more agents hold seats than the cap in force."""

from __future__ import annotations

from datetime import date
from operator import attrgetter
from typing import Final

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
    Refuse a seat if none is free under the caps in force on the day.

    Rule ``agent-cap``, in agents, of the nation; and of the region, if it has one. If the caps
    leave room, and only the seats that were allotted are all taken, it is the allotment that
    refuses (`ALLOTMENT`), and not a cap. A cap that is lowered removes no agent: it blocks new
    seats, until free ones are taken back.
    """
    cap, *regional = in_force(case.programme, case.quota.region, case.on)
    quota, national = case.quota, case.national
    if quota.taken >= quota.allotted:
        more = max(0, cap.value - national.issued)
        more += national.free if quota.region != NATIONAL else 0
        if more and all(quota.allotted < own.value for own in regional):
            return _not_allotted(quota, more)
        return _reason(_all_seats(quota), regional[0] if more else cap)
    for own in regional:
        if quota.taken >= own.value:
            return _reason(f"{_hold_seats(quota.taken)} in region {quota.region} already", own)
    if quota.region == NATIONAL and not quota.passed_on:
        if quota.taken >= cap.value:
            return _reason(f"{_hold_seats(quota.taken)} already", cap)
    elif national.issued > cap.value:
        return _reason(
            f"{national.issued:,} seats are issued, more than the cap allows; take free ones back",
            cap,
        )
    return None


def allotment_is_under_the_cap(case: Allotment) -> Reason | None:
    """
    Refuse to allot more seats than the caps in force on the day.

    The nation's cap is for all regions together; a region's own, if it has one, for itself.
    """
    cap, *regional = in_force(case.programme, case.quota.region, case.on)
    issued = case.national.issued + (case.seats if case.source is None else 0)
    if issued > cap.value:
        return _reason(f"{issued:,} seats would be issued in all", cap)
    there = case.quota.allotted + case.seats
    for own in regional:
        if there > own.value:
            return _reason(f"{there:,} seats would be allotted to region {case.quota.region}", own)
    return None


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
    return Reason(
        ALLOTMENT,
        f"{_all_seats(quota)}: {more:,} more may be allotted under the cap; allot them first.",
        Citation(
            f"allotment of seats of {quota.programme}",
            f"{quota.allotted:,} in region {quota.region}",
        ),
    )


def _hold_seats(taken: int) -> str:
    return f"{counted(taken, 'agents')} {'holds a seat' if taken == 1 else 'hold seats'}"


def _reason(what: str, cap: Rule) -> Reason:
    last_day = "on" if cap.until is None else f"to {cap.until}"
    when = f"from {cap.dated.in_force} {last_day}"
    cap_is = f"the cap is {counted(cap.value, cap.unit)}"
    return Reason(RULE, f"{what}: {when} {cap_is}.", cap.citation)
