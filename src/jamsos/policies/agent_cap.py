"""No more agents hold seats than the cap in force."""

from __future__ import annotations

from typing import Final

from jamsos.domain.decision import Reason
from jamsos.domain.geography import NATIONAL
from jamsos.domain.programme import Rule
from jamsos.domain.quota import Allotment, Seating

RULE: Final = "agent-cap"


def seat_is_free(case: Seating) -> Reason | None:
    """
    Refuse a seat where none is free under the caps in force on the day.

    Rule ``agent-cap``, in agents, of the nation; and of the region, where it has one. A cap
    that is lowered removes nobody: it blocks new seats, until free ones are taken back.
    """
    cap = case.programme.rule(RULE, case.on)
    quota, national = case.quota, case.national
    if quota.taken >= quota.allotted:
        seats = f"All {quota.allotted:,} seats in region {quota.region} are taken"
        return _reason(seats, cap)
    regional = _regional(case)
    if regional is not None and quota.taken >= regional.value:
        what = f"{quota.taken:,} agents hold seats in region {quota.region} already"
        return _reason(what, regional)
    if quota.region == NATIONAL and not quota.passed_on:
        if quota.taken >= cap.value:
            return _reason(f"{quota.taken:,} agents hold seats already", cap)
    elif national.issued > cap.value:
        return _reason(
            f"{national.issued:,} seats are issued, more than the cap allows; take free ones back",
            cap,
        )
    return None


def allotment_is_under_the_cap(case: Allotment) -> Reason | None:
    """
    Refuse to allot more seats than the caps in force on the day.

    The nation's cap is for all regions together; a region's own, where it has one, for itself.
    """
    cap = case.programme.rule(RULE, case.on)
    issued = case.national.issued + (case.seats if case.source is None else 0)
    if issued > cap.value:
        return _reason(f"{issued:,} seats would be issued in all", cap)
    regional, there = _regional(case), case.quota.allotted + case.seats
    if regional is not None and there > regional.value:
        return _reason(f"{there:,} seats would be allotted to region {case.quota.region}", regional)
    return None


def _regional(case: Seating | Allotment) -> Rule | None:
    """Return the cap that the region has of its own on the day, or None."""
    if case.quota.region == NATIONAL:
        return None
    versions = case.programme.rules.get((RULE, case.quota.region), ())
    return next((version for version in versions if version.covers(case.on)), None)


def _reason(what: str, cap: Rule) -> Reason:
    last_day = "on" if cap.until is None else f"to {cap.until}"
    when = f"from {cap.dated.in_force} {last_day}"
    return Reason(RULE, f"{what}: {when} the cap is {cap.value:,} {cap.unit}.", cap.citation)
