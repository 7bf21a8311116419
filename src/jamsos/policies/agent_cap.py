"""No more agents hold seats than the cap in force, on any day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from operator import attrgetter
from typing import Final, TypeAlias

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

_MORE: Final = "more than the cap allows; take free ones back"


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
    for day, quota, national, (cap, own) in _on_each_day(case, case.on, case.until):
        alone = quota.region == NATIONAL and not quota.passed_on
        refused: Reason | None = None
        if quota.taken >= quota.allotted:
            refused = _full(case, day)
        elif own is not None and quota.taken >= own.value:
            refused = _reason(f"{_hold_seats(quota.taken)} in region {quota.region} already", own)
        elif cap is not None and alone and quota.taken >= cap.value:
            refused = _reason(f"{_hold_seats(quota.taken)} already", cap)
        elif cap is not None and not alone and national.issued > cap.value:
            refused = _reason(f"{national.issued:,} seats are issued, {_MORE}", cap)
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
    new = case.seats if case.source is None else 0
    for day, quota, national, (cap, own) in _on_each_day(case, case.on):
        issued, there, refused = national.issued + new, quota.allotted + case.seats, None
        if cap is not None and issued > cap.value:
            refused = _reason(f"{issued:,} seats would be issued in all", cap)
        elif own is not None and there > own.value:
            refused = _reason(f"{there:,} seats would be allotted to region {quota.region}", own)
        if refused is not None:
            return refused if day == case.on else _on_a_later_day(day, refused)
    return None


Caps: TypeAlias = tuple[Rule | None, Rule | None]
"""The nation's cap on a day, and the one that the region has of its own, if any."""


def _on_each_day(
    case: Seating | Allotment, since: date, until: date | None = None
) -> Iterator[tuple[date, Quota, Quota, Caps]]:
    """Yield the seats and caps on *since*, and on each later day on which any may change."""
    days = {*case.quota.days(since), *case.national.days(since)}
    for region in (NATIONAL, case.quota.region):
        for version in case.programme.rules.get((RULE, region), ()):
            if not version.void and version.dated.in_force > since:
                days.add(version.dated.in_force)
    within = sorted(day for day in days if until is None or day < until)
    there = zip(within, case.quota.over(within), case.national.over(within), strict=True)
    for day, quota, national in there:
        caps = _caps(case.programme, quota.region, day)
        if day == case.on and caps[0] is None:
            in_force(case.programme, quota.region, day)  # which says what is missing
        yield day, quota, national, caps


def _full(case: Seating, day: date) -> Reason:
    """Return what refuses where all seats are taken on *day*: a cap, or the allotment under it."""
    full = case.quota.at(day)
    given = 0 if full.region == NATIONAL else max(0, case.national.least_free(day)[0])
    more: list[int] = []
    for _, quota, national, (cap, own) in _on_each_day(case, day):
        if cap is not None:
            more.append(max(0, cap.value - national.issued) + given)
            if not more[-1]:
                return _reason(_all_seats(full), cap)
        if own is not None and quota.allotted >= own.value:
            return _reason(_all_seats(full), own)
    return _not_allotted(full, min(more, default=0))


def _caps(programme: Programme, region: Region, on: date) -> Caps:
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
