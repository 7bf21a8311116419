"""A payment is of what is due, for months that may be paid: if the rules of it are enacted."""

from __future__ import annotations

from typing import Final

from jamsos.domain.calendar import Month, Months
from jamsos.domain.citation import Citation
from jamsos.domain.decision import Reason
from jamsos.domain.due import SEGMENT_RULES, Law, programme_in
from jamsos.domain.participant import Contribution, Difference
from jamsos.formulas import contribution_of_non_wage_earners as contribution
from jamsos.formulas import coverage_of_payment as coverage

POLICY: Final = "payment"


def amount_is_what_is_due(case: Contribution) -> Reason | None:
    """
    Refuse an amount that is less than what is due, or more, unless a rule credits what is over.

    Nothing is refused if the rules of a programme paid for are not enacted.
    """
    if case.due is None:
        return None
    due = case.due.value
    if case.amount == due.to_pay or (case.amount > due.to_pay and due.over_is_credited):
        return None
    less = f", less Rp {due.used:,} that is credited" if due.used else ""
    said = f"Rp {due.total:,} is due for {case.months}{less}, and Rp {case.amount:,} is paid"
    over = ": nothing credits what is over" if case.amount > due.to_pay else ""
    return Reason(POLICY, f"{said}{over}.", _citation(case.law, case.programmes[0], case.months))


def difference_is_what_is_due(case: Difference) -> Reason | None:
    """
    Refuse another amount than what the months are due more, and any if they are due no more.

    Nothing is refused if the payment that it is for was not checked.
    """
    if case.due is None:
        return None
    due, months = case.due.value, case.months
    if case.amount == due.to_pay > 0:
        return None
    rest = f"the difference of Rp {due.to_pay:,}" if due.to_pay else "no difference"
    said = (
        f"Rp {sum(due.months):,} is due for {months} at an income of Rp {case.income:,}, and Rp"
        f" {sum(due.then):,} was due before: {rest} is due, and Rp {case.amount:,} is paid."
    )
    return Reason(POLICY, said, _citation(case.law, case.payment.programmes[0], months))


def _citation(law: Law, name: str, months: Months) -> Citation:
    """Return the citation of what the programme *name* takes for the first of *months*."""
    programme, first = programme_in(law, name), next(iter(months)).first_day
    rule = programme.in_force(contribution.AMOUNT_RULE, first)
    return (rule or programme.rule(contribution.RATE_RULE, first)).citation


def months_may_be_paid(case: Contribution) -> Reason | None:
    """
    Refuse months that may not be paid on the day: old arrears, or those before coverage begins.

    Nothing is refused if the history has no rule that says it.
    """
    payable = case.payable
    if payable is None:
        return None
    outside = case.months.before(Month.of(case.on)) - payable.months - payable.paid
    if not outside:
        return None
    segment = programme_in(case.law, SEGMENT_RULES)
    if payable.covered_from is not None:
        said = f"Coverage begins on {payable.covered_from}: {outside} cannot be paid for."
        rule = coverage.start_rule(segment, case.on, added=case.added)
    elif payable.lapsed:
        said = f"The participation has lapsed: the arrears of {outside} are not counted."
        rule = coverage.LAPSE_RULE
    else:
        said = f"The arrears of {outside} can no longer be paid."
        rule = coverage.ARREARS_RULE
    return Reason(POLICY, said, segment.rule(rule, case.on).citation)


def months_at_once_are_allowed(case: Contribution) -> Reason | None:
    """
    Refuse to pay for another number of months at once, from that of the day on, than rules name.

    Nothing is refused if the history has no rule that says it.
    """
    number = sum(1 for _ in case.months.since(Month.of(case.on)))
    payable = case.payable if number else None
    if payable is None or number in payable.at_once:
        return None
    allowed = ", ".join(map(str, payable.at_once))
    said = f"Contributions are paid for {allowed} months at once, not for {number}."
    segment = programme_in(case.law, SEGMENT_RULES)
    return Reason(POLICY, said, segment.rule(coverage.ADVANCE_RULE, case.on).citation)
