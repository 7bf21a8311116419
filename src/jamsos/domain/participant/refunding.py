"""Contributions that are paid back with a claim: the case, the decision, and how it is voided."""

from __future__ import annotations

from datetime import date
from types import MappingProxyType

import attrs

from jamsos.domain.calendar import Month
from jamsos.domain.decision import Accepted, Decision, Policies, Refused, reasons
from jamsos.domain.due import Law, RefundDue, fixed_law
from jamsos.domain.explanation import Explained
from jamsos.domain.money import Rupiah
from jamsos.domain.value import Word
from jamsos.errors import InputError

from .checks import standing_payment, with_changes
from .events import Fact, ParticipantContributionRefunded, ParticipantFactVoided
from .state import Participant, Payment, Refunded


@attrs.frozen(kw_only=True)
class Repayment:
    """
    The case of contributions that are to be paid back, of the payment that *refunds* names.

    *claim* is the word for the claim with which it is done, and *claimed* its month. *due* is
    what the rules say of it; None if some of the payment was paid back before.
    """

    participant: Participant
    refunds: str
    claim: Word
    claimed: Month
    amount: Rupiah
    on: date
    law: Law = attrs.field(default=MappingProxyType({}), converter=fixed_law)
    due: Explained[RefundDue] | None = None

    @property
    def payment(self) -> Payment:
        """The payment. Raises `NotFoundError` if none stands."""
        return standing_payment(self.participant, self.refunds)


def refund(
    case: Repayment, *, policies: Policies[Repayment]
) -> Decision[ParticipantContributionRefunded]:
    """
    Pay contributions back, once a payment; the very same again does nothing.

    Raises `NotFoundError` if no payment stands under that reference; and `InputError` if it is a
    difference, if it was paid back otherwise, for a day before the payment or a difference of it,
    and for a claim of a later month.
    """
    someone, payment, on = case.participant, case.payment, case.on
    if (known := payment.refund) is not None:
        event = known.event
        if (event.claim, event.claimed, event.amount, event.on) == (
            case.claim,
            case.claimed,
            case.amount,
            on,
        ):
            return Accepted()
        msg = (
            f"of payment {case.refunds!r} of {someone.id}, {event.months} was paid back on"
            f" {event.on} (version {known.version}): void that first"
        )
        raise InputError(msg)
    _check_day(case, payment)
    if grounds := reasons(case, policies):
        return Refused(*grounds)
    if case.due is None:
        msg = f"what is paid back of {case.refunds!r} was not computed: ask for it by a command"
        raise InputError(msg)
    event, _ = with_changes(
        someone,
        ParticipantContributionRefunded(
            segment=payment.segment,
            refunds=case.refunds,
            claim=case.claim,
            claimed=case.claimed,
            months=case.due.value.months,
            amount=case.amount,
            rules=case.due.rules,
            changes=(),
            on=on,
        ),
    )
    return Accepted(event)


def void_refund(
    participant: Participant, reference: str, refunded: Refunded, *, reason: str, on: date
) -> Decision[ParticipantFactVoided]:
    """
    Void that some of a payment was paid back: it covers its months again.

    Raises `InputError` if another payment covers one of them since.
    """
    payment, event = participant.payments[reference], refunded.event
    for name, other in participant.payments.items():
        alike = other.segment is payment.segment and {*other.programmes} & {*payment.programmes}
        if alike and name != reference and (twice := other.covers & event.months):
            msg = (
                f"the refund of {event.on} (version {refunded.version}) of {participant.id} cannot"
                f" be voided: the payment {name!r} of {other.on} covers {twice}; correct that first"
            )
            raise InputError(msg)
    voided = ParticipantFactVoided(
        version=refunded.version,
        fact=Fact.REFUNDED,
        fact_on=event.on,
        segment=event.segment,
        agent=None,
        reason=reason,
        changes=(),
        on=on,
    )
    return Accepted(with_changes(participant, voided)[0])


def _check_day(case: Repayment, payment: Payment) -> None:
    someone, on, later = case.participant, case.on, "give that day or a later one"
    days = {payment.on: f"payment {case.refunds!r} is of {payment.on}; {later}"}
    for reference, other in someone.differences(case.refunds).items():
        days[other.on] = (
            f"the difference {reference!r} of {other.on} stands; {later}, or correct that first"
        )
    if on < (last := max(days)):
        msg = f"{someone.id} cannot be paid back on {on}: {days[last]}"
        raise InputError(msg)
    if case.claimed > Month.of(on):
        msg = (
            f"{someone.id} cannot be paid back on {on} with a claim of {case.claimed}: give the"
            f" month in which the claim was made"
        )
        raise InputError(msg)
