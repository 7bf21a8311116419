"""Contributions for months after a claim are paid back with it, and those of no other month."""

from __future__ import annotations

from typing import Final

from jamsos.domain.citation import Citation
from jamsos.domain.coverage import Segment
from jamsos.domain.decision import Reason
from jamsos.domain.due import SEGMENT_RULES, programme_in
from jamsos.domain.participant import Repayment
from jamsos.formulas import refund_due

POLICY: Final = "refund"


def claim_is_one_with_a_refund(case: Repayment) -> Reason | None:
    """Refuse a claim that the rule does not name."""
    if case.due is None or case.claim in case.due.value.claims:
        return None
    claims = ", ".join(case.due.value.claims)
    said = f"Contributions are paid back with {claims}, not with {case.claim}."
    return Reason(POLICY, said, _citation(case))


def participant_is_a_non_wage_earner(case: Repayment) -> Reason | None:
    """Refuse what was paid in another segment: the rule is of non-wage earners."""
    segment = case.payment.segment
    if segment is Segment.NON_WAGE_EARNER:
        return None
    said = f"Contributions of non-wage earners are paid back, not those of segment {segment}."
    return Reason(POLICY, said, _citation(case))


def months_lie_after_the_claim(case: Repayment) -> Reason | None:
    """Refuse if no month that was paid lies after that of the claim."""
    if case.due is None or case.due.value.months:
        return None
    paid = f"{case.refunds} is for {case.payment.months}"
    said = f"No month lies after the claim of {case.claimed}: payment {paid}."
    return Reason(POLICY, said, _citation(case))


def amount_is_what_was_paid(case: Repayment) -> Reason | None:
    """Refuse another amount than what was paid for the months after the claim."""
    due = None if case.due is None else case.due.value
    if due is None or not due.months or case.amount == due.amount:
        return None
    said = f"Rp {due.amount:,} was paid for {due.months}, and Rp {case.amount:,} is paid back."
    return Reason(POLICY, said, _citation(case))


def _citation(case: Repayment) -> Citation:
    return programme_in(case.law, SEGMENT_RULES).rule(refund_due.REFUND_RULE, case.on).citation
