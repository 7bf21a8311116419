"""The amount that a non-wage earner has to pay for some months at once, with their credit."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import attrs

from jamsos.domain.calendar import Month
from jamsos.domain.coverage import Segment
from jamsos.domain.due import SEGMENT_RULES, Due, Law, NonWageEarner, programme_in
from jamsos.domain.explanation import Explained, Working
from jamsos.domain.identity import ProgrammeName
from jamsos.domain.money import Rupiah
from jamsos.domain.participant import Contribution, Payment
from jamsos.domain.programme import Programme
from jamsos.domain.value import Word
from jamsos.errors import RuleNotInForceError

from .contribution_due import contribution_due
from .contribution_of_non_wage_earners import AMOUNT_RULE, RATE_RULE
from .remembered import Itself, remembered

OVERPAID_RULE: Final = "bpu-relief-overpaid"
CREDITED: Final = "credited-to-following-months"


@attrs.frozen
class PaymentDue:
    """
    The amount due for each month, in order, and the *credit* of what was paid too much before.

    *over_is_credited* says whether more may be paid: it is credited to the following months.
    """

    months: tuple[Rupiah, ...]
    credit: Rupiah
    over_is_credited: bool

    @property
    def total(self) -> Rupiah:
        """The amount due for the months together."""
        return Rupiah(sum(self.months))

    @property
    def used(self) -> Rupiah:
        """The part of the credit that is used for them."""
        return min(self.credit, self.total)

    @property
    def to_pay(self) -> Rupiah:
        """The amount that is left to be paid."""
        return Rupiah(self.total - self.used)


@remembered
def is_encoded(case: Contribution) -> bool:
    """Return whether rules say what every programme paid for takes: only then is it checked."""
    bpu = case.segment is Segment.NON_WAGE_EARNER and case.months.contiguous
    return bpu and all(
        programme_in(case.law, name).has_rule(AMOUNT_RULE, RATE_RULE) for name in case.programmes
    )


@remembered
def payment_due(case: Contribution) -> Explained[PaymentDue]:
    """
    Return what is to be paid for the months of *case*, by the rules of each month.

    A credit is what was paid before above what was due; or, if a relief has come since and rule
    ``bpu-relief-overpaid`` credits it, above what is due with the relief. If no rule says any
    more what a month costs that was paid for, nothing of it is credited.
    """
    working = Working()
    law = tuple(map(Itself, case.law.values()))
    of = (case.income, case.programmes, case.sector, case.budget)
    months = tuple(working.also(_due(law, month, *of)).total for month in case.months)
    credit = _credit(case, working)
    crediting = any(_credits(case.law, month, working) for month in case.months)
    due = PaymentDue(months, credit, crediting)
    working.note("payment-due", total=due.total, credit=due.used, to_pay=due.to_pay)
    return working.done(due)


@lru_cache(maxsize=4_096)
def _due(
    law: tuple[Itself[Programme], ...],
    month: Month,
    income: Rupiah,
    programmes: tuple[ProgrammeName, ...],
    sector: Word,
    budget: Word,
) -> Explained[Due]:
    """Return what is due for *month*: most payments are of a few amounts, under one law."""
    return contribution_due(
        NonWageEarner(
            law={each.it.name: each.it for each in law},
            month=month,
            income=income,
            programmes=programmes,
            sector=sector,
            budget=budget,
        )
    )


def _credit(case: Contribution, working: Working) -> Rupiah:
    """Return what is left of what the participant paid too much in the segment before."""
    left = 0
    for payment in case.participant.payments.values():
        if payment.segment is case.segment and payment.check is not None and not payment.corrected:
            left += payment.amount - _cost(payment, case.law, working)
    return Rupiah(max(0, left))


def _cost(payment: Payment, law: Law, working: Working) -> int:
    """Return what the months of *payment* cost, with the relief that has come since."""
    if payment.check is None:
        return payment.amount
    cost = 0
    for month, then in zip(payment.months, payment.check.due, strict=True):
        now = then
        if _credits(law, month, working):
            of = (payment.income, payment.programmes, payment.check.sector, payment.check.budget)
            try:
                now = min(then, _due(tuple(map(Itself, law.values())), month, *of).value.total)
            except RuleNotInForceError:
                working.lack("not-credited", month=month)
            if now < then:
                working.note("credited", month=month, then=then, now=now)
        cost += now
    return cost


def _credits(law: Law, month: Month, working: Working) -> bool:
    segment = programme_in(law, SEGMENT_RULES)
    if segment.in_force(OVERPAID_RULE, month.first_day) is None:
        return False
    return CREDITED in working.names(segment, OVERPAID_RULE, month.first_day)
