"""The amount that a non-wage earner has to pay for some months at once, with their credit."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import attrs

from jamsos.domain.calendar import FOREVER, Month, Months
from jamsos.domain.coverage import Segment
from jamsos.domain.due import (
    SEGMENT_RULES,
    Due,
    Law,
    NonWageEarner,
    Payable,
    Paying,
    PaymentDue,
    programme_in,
)
from jamsos.domain.explanation import Explained, Working
from jamsos.domain.geography import NATIONAL
from jamsos.domain.identity import ProgrammeName
from jamsos.domain.money import Rupiah
from jamsos.domain.participant import Contribution, Payment
from jamsos.domain.programme import Programme
from jamsos.domain.value import Word
from jamsos.errors import RuleNotInForceError

from .contribution_due import contribution_due
from .contribution_of_non_wage_earners import AMOUNT_RULE, RATE_RULE
from .coverage_of_payment import ADVANCE_RULE, coverage_of_payment
from .itself import Itself

OVERPAID_RULE: Final = "bpu-relief-overpaid"
CREDITED: Final = "credited-to-following-months"


def assessed(case: Contribution) -> Contribution:
    """
    Return *case* with what is due for it, and what may be paid, where rules say so.

    It is of a participant who is, or was, registered in the segment.
    """
    if not is_encoded(case):
        return case
    return attrs.evolve(case, due=payment_due(case), payable=_payable(case))


def is_encoded(case: Contribution) -> bool:
    """Return whether rules say what every programme paid for takes: only then is it checked."""
    bpu = case.segment is Segment.NON_WAGE_EARNER and case.months.contiguous
    return bpu and all(
        programme_in(case.law, name).has_rule(AMOUNT_RULE, RATE_RULE) for name in case.programmes
    )


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
    months = tuple(working.also(due_of_month(law, month, *of)).total for month in case.months)
    credit = _credit(case, working)
    crediting = any(_credits(case.law, month, working) for month in case.months)
    due = PaymentDue(months, credit, crediting)
    working.note("payment-due", total=due.total, credit=due.used, to_pay=due.to_pay)
    return working.done(due)


def _payable(case: Contribution) -> Payable | None:
    """Return the months that may be paid; None where no rule of the history says it."""
    if not programme_in(case.law, SEGMENT_RULES).has_rule(ADVANCE_RULE):
        return None
    paying = Paying(
        law=case.law,
        paid=_paid(case),
        entered_on=max(e for e in case.participant.entries(case.segment) if e <= case.on),
        added=case.added,
        on=case.on,
    )
    return coverage_of_payment(paying).value


def _paid(case: Contribution) -> Months:
    """Return the months of coverage: those paid for JKK, in which everybody is, or for these."""
    paid = case.standing.paid_for(SEGMENT_RULES)
    for programme in case.programmes:
        paid |= case.standing.paid_for(programme)
    return paid


@lru_cache(maxsize=4_096)
def due_of_month(
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
    left, crediting = 0, _crediting(case.law)
    last: dict[str, Payment] = {}
    for reference, payment in case.participant.payments.items():
        if payment.segment is case.segment and payment.check is not None and not payment.corrected:
            of = reference if payment.of is None else payment.of
            if payment.months & crediting:
                left += payment.amount - _cost(payment, last.get(of), case, working)
            else:
                left += payment.amount - sum(payment.check.due)
            last[of] = payment
    return Rupiah(max(0, left))


def _cost(payment: Payment, before: Payment | None, case: Contribution, working: Working) -> int:
    """
    Return what the months of *payment* cost, with the relief that has come since.

    A difference costs what they cost more than at the income of the payment *before* it. A month
    that was paid back costs what was paid for it.
    """
    if payment.check is None:
        return payment.amount
    paid = payment if payment.of is None else case.participant.payments[payment.of]
    cost = 0
    for month, then in zip(payment.months, payment.check.due, strict=True):
        now: int = then
        if month in paid.kept and _credits(case.law, month, working):
            try:
                now = min(then, _now(payment, before, month, case.law))
            except RuleNotInForceError:
                working.lack("not-credited", month=month)
            if now < then:
                working.note("credited", month=month, then=then, now=now)
        cost += now
    return cost


def _now(payment: Payment, before: Payment | None, month: Month, law: Law) -> int:
    """Return what *month* of *payment* costs by the law as it is known now."""
    total = 0
    for each, sign in ((payment, 1), (before, -1)):
        if each is not None and each.check is not None:
            of = (each.income, each.programmes, each.check.sector, each.check.budget)
            known = tuple(map(Itself, law.values()))
            total += sign * due_of_month(known, month, *of).value.total
    return max(0, total)


def _crediting(law: Law) -> Months:
    """Return the months of which a rule says whether what was paid too much is credited."""
    versions = programme_in(law, SEGMENT_RULES).rules.get((OVERPAID_RULE, NATIONAL), ())
    runs = []
    for version in versions:
        since, until = version.dated.in_force, version.until
        first = Month.of(since).index + (since.day > 1)
        last = FOREVER if until is None else Month.of(until).index
        if not version.void and first <= last:
            runs.append((first, last))
    return Months(runs)


def _credits(law: Law, month: Month, working: Working) -> bool:
    segment = programme_in(law, SEGMENT_RULES)
    if segment.in_force(OVERPAID_RULE, month.first_day) is None:
        return False
    return CREDITED in working.names(segment, OVERPAID_RULE, month.first_day)
