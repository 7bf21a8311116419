"""What of a payment is paid back together with a claim."""

from __future__ import annotations

from typing import Final

from jamsos.domain.calendar import Months
from jamsos.domain.due import SEGMENT_RULES, RefundDue, programme_in
from jamsos.domain.explanation import Explained, Working
from jamsos.domain.money import Rupiah
from jamsos.domain.participant import Payment, Repayment

REFUND_RULE: Final = "bpu-refund"


def refund_due(case: Repayment) -> Explained[RefundDue]:
    """
    Return the months that lie after the claim, and what was paid for them, with differences.

    Rule ``bpu-refund`` of the day says on which claims it is paid back. A month is worth what it
    was due by the check of the payment; of a payment that was not checked, an even share, rounded
    down to whole rupiah. Raises `RuleNotInForceError` where the rule is not in force.
    """
    working, payment = Working(), case.payment
    working.note("asked-refund", refunds=case.refunds, claim=case.claim, claimed=case.claimed)
    claims = working.names(programme_in(case.law, SEGMENT_RULES), REFUND_RULE, case.on)
    months = payment.months.since(case.claimed) - Months.between(case.claimed, case.claimed)
    amount = 0
    if months:
        paid = {case.refunds: payment, **case.participant.differences(case.refunds)}
        amount = sum(_part(name, each, months, working) for name, each in paid.items())
    working.note("refund-due", months=str(months) or None, total=amount)
    return working.done(RefundDue(months, Rupiah(amount), claims))


def _part(reference: str, payment: Payment, months: Months, working: Working) -> int:
    """Return what of *payment* is for *months*, some of its own."""
    if payment.check is not None:
        pairs = zip(payment.months, payment.check.due, strict=True)
        as_due = sum(due for month, due in pairs if month in months)
        working.note("refund-as-due", reference=reference, months=str(months), result=as_due)
        return as_due
    number = sum(1 for month in payment.months if month in months)
    part, rest = divmod(payment.amount * number, sum(1 for _ in payment.months))
    values = {"reference": reference, "of": payment.amount, "months": str(months), "result": part}
    working.assume("refund-evenly-rounded-down" if rest else "refund-evenly", **values)
    return part
