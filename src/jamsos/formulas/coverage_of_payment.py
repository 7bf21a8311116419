"""The months that a non-wage earner may pay for on a day, and the first day of coverage."""

from __future__ import annotations

from datetime import date
from typing import Final

from jamsos.domain.calendar import FOREVER, Month, Months
from jamsos.domain.coverage import NO_MONTHS
from jamsos.domain.due import SEGMENT_RULES, Payable, Paying, programme_in
from jamsos.domain.explanation import Explained, Working
from jamsos.domain.programme import Programme

START_RULE: Final = "bpu-coverage-start-individual"
ADDED_RULE: Final = "bpu-coverage-start-added"
ARREARS_RULE: Final = "bpu-arrears-months"
LAPSE_RULE: Final = "bpu-lapse-months"
RETURN_RULE: Final = "bpu-return-arrears"
ADVANCE_RULE: Final = "bpu-months-in-advance"
NOT_COUNTED: Final = "not-counted"


def coverage_of_payment(case: Paying) -> Explained[Payable]:
    """
    Return the months that may be paid, by the rules of the day of payment.

    The month of the day and later ones, as many at once as ``bpu-months-in-advance`` says. Of
    earlier ones, arrears within ``bpu-arrears-months`` of the end of coverage, unless the
    participation has lapsed: after more than ``bpu-lapse-months`` unpaid months it begins again,
    and old arrears are not counted (``bpu-return-arrears``). A participant who has not paid yet
    is covered from their first contribution on (``bpu-coverage-start-individual``), or from
    their registration, where somebody added them (``bpu-coverage-start-added``).
    """
    working, programme = Working(), programme_in(case.law, SEGMENT_RULES)
    working.note("asked-coverage", on=case.on, paid=str(case.paid) or None)
    now = Month.of(case.on)
    since = case.paid.since(Month.of(case.entered_on))
    covered_from, lapsed = None, False
    if not since:
        covered_from = _start(case, programme, working)
        past = Months.between(Month.of(covered_from), None).before(now)
    else:
        past, lapsed = _arrears(case, since, now, programme, working)
    at_once = tuple(sorted(months for _, months in working.rows(programme, ADVANCE_RULE, case.on)))
    months = (past | Months.between(now, None)) - case.paid
    working.note("payable", months=str(months))
    return working.done(
        Payable(
            months=months,
            paid=case.paid,
            at_once=at_once,
            covered_from=covered_from,
            lapsed=lapsed,
        )
    )


def start_rule(programme: Programme, on: date, *, added: bool) -> str:
    """Return the rule of the start of coverage: that of those *added*, if one is in force."""
    there = programme.in_force(ADDED_RULE, on) is not None
    return ADDED_RULE if added and there else START_RULE


def _start(case: Paying, programme: Programme, working: Working) -> date:
    """Return the first day of coverage of a participant who pays for the first time."""
    rule = start_rule(programme, case.on, added=case.added)
    working.names(programme, rule, case.on)
    start = case.entered_on if rule == ADDED_RULE else case.on
    working.note("covered-from", on=start)
    return start


def _arrears(
    case: Paying, paid: Months, now: Month, programme: Programme, working: Working
) -> tuple[Months, bool]:
    """Return the unpaid months before *now* that may be paid, and whether it has lapsed."""
    most = working.number(programme, ARREARS_RULE, case.on)
    lapse = working.number(programme, LAPSE_RULE, case.on)
    not_counted = NOT_COUNTED in working.names_if_any(programme, RETURN_RULE, case.on)
    payable, lapsed = NO_MONTHS, False
    ends = [last for _, last in paid.runs]
    begins = [*(first for first, _ in paid.runs[1:]), now.index]
    for end, begin in zip(ends, begins, strict=True):
        gap = min(begin, now.index) - end - 1
        if gap <= 0 or end == FOREVER:
            continue
        over = gap > lapse
        lapsed = over and begin >= now.index
        working.note(
            "lapsed" if over else "in-arrears", months=gap, most=lapse, since=Month.at(end)
        )
        if not (over and not_counted):
            payable |= Months([(end + 1, end + min(gap, most))])
    return payable, lapsed
