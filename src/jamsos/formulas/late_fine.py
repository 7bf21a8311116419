"""The fine on a contribution that is paid late."""

from __future__ import annotations

from datetime import date

from jamsos.domain.calendar import Month, months_after
from jamsos.domain.due import SEGMENT_RULES, Late, programme_in
from jamsos.domain.explanation import Explained, Working
from jamsos.domain.money import Rupiah

from .due_date import due_date


def late_fine(case: Late) -> Explained[Rupiah]:
    """
    Return the fine on a contribution that is paid after its due date; 0 if it is paid in time.

    A share of the amount for each month (rule ``pu-late-fine``, or that of another segment, as
    of the contribution month). That a month which has begun counts whole is assumed.
    """
    working = Working()
    working.note(
        "asked-fine",
        amount=case.amount,
        segment=case.segment,
        month=case.month,
        paid_on=case.paid_on,
    )
    due_on = working.also(due_date(case.law, case.month, case.segment))
    if case.paid_on <= due_on:
        working.note("in-time", due_on=due_on)
        return working.done(Rupiah(0))
    programme = programme_in(case.law, SEGMENT_RULES)
    rate = working.number(programme, f"{case.segment}-late-fine", case.month.first_day)
    months = _begun(due_on, case.paid_on)
    working.assume("months-late", due_on=due_on, months=months)
    monthly = working.share(case.amount, rate)
    working.note("fine", months=months, monthly=monthly, result=months * monthly)
    return working.done(Rupiah(months * monthly))


def _begun(due_on: date, paid_on: date) -> int:
    """Return how many months have begun after *due_on*, up to *paid_on*, which is later."""
    months = Month.of(paid_on) - Month.of(due_on)
    return months if paid_on <= months_after(due_on, months) else months + 1
