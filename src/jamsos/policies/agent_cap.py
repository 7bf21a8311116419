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
    Refuse a seat where none is free under the cap in force on the day.

    Rule ``agent-cap``, in agents. A cap that is lowered removes nobody: it blocks new
    seats, until free ones are taken back.
    """
    cap = case.programme.rule(RULE, case.on)
    quota, national = case.quota, case.national
    if quota.taken >= quota.allotted:
        seats = f"All {quota.allotted:,} seats in region {quota.region} are taken"
        return _reason(seats, cap)
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
    """Refuse to allot more seats, in all regions together, than the cap in force on the day."""
    cap = case.programme.rule(RULE, case.on)
    added = case.seats if case.source is None else 0
    if case.national.issued + added > cap.value:
        return _reason(f"{case.national.issued + added:,} seats would be issued in all", cap)
    return None


def _reason(what: str, cap: Rule) -> Reason:
    last_day = "on" if cap.until is None else f"to {cap.until}"
    when = f"from {cap.dated.in_force} {last_day}"
    return Reason(RULE, f"{what}: {when} the cap is {cap.value:,} {cap.unit}.", cap.citation)
