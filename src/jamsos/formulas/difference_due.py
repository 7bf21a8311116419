"""The difference that is due for months that are paid already, at another income."""

from __future__ import annotations

import attrs

from jamsos.domain.due import DifferenceDue
from jamsos.domain.explanation import Explained, Working
from jamsos.domain.money import Rupiah
from jamsos.domain.participant import Check, Difference, Payment

from .itself import Itself
from .payment_due import due_of_month


def assessed_difference(case: Difference) -> Difference:
    """Return *case* with what is due for it, where the payment that it is for was checked."""
    check = case.payment.check
    return case if check is None else attrs.evolve(case, due=difference_due(case, check))


def difference_due(case: Difference, check: Check) -> Explained[DifferenceDue]:
    """
    Return what the months of *case* are due at its income, and what they were due by the record.

    They are due by the rules of each month, in the sector and out of the budget of the *check* of
    the payment. What was due for them then is what that check says, and what the checks of
    differences say that were paid since. A credit is not used: it is for months that follow.
    """
    working, payment = Working(), case.payment
    working.note("asked-difference", of=case.of, months=str(case.months), income=case.income)
    law = tuple(map(Itself, case.law.values()))
    of = (case.income, payment.programmes, check.sector, check.budget)
    months = tuple(working.also(due_of_month(law, each, *of)).total for each in case.months)
    paid = (payment, *case.participant.differences(case.of).values())
    then = tuple(Rupiah(sum(_due(each, month.index) for each in paid)) for month in case.months)
    due = DifferenceDue(months, then)
    working.note("difference-due", total=sum(months), then=sum(then), to_pay=due.to_pay)
    return working.done(due)


def _due(payment: Payment, month: int) -> int:
    """Return what *payment* was due for a month by its check: nothing, if it has none."""
    if payment.check is None:
        return 0
    pairs = zip(payment.months, payment.check.due, strict=True)
    return sum(due for each, due in pairs if each.index == month)
