"""The payment of a contribution, and its correction."""

from __future__ import annotations

from datetime import date
from types import MappingProxyType

import attrs

from jamsos.domain.calendar import Months
from jamsos.domain.coverage import Segment, Standing
from jamsos.domain.decision import Accepted, Decision, Policies, Refused, reasons
from jamsos.domain.due import OTHER, OWN, Law, Payable, PaymentDue, fixed_law
from jamsos.domain.explanation import Explained
from jamsos.domain.identity import ProgrammeName
from jamsos.domain.money import Rupiah
from jamsos.domain.value import Word
from jamsos.errors import InputError, NotFoundError

from .checks import check_entered, check_known, with_changes
from .events import Check, ParticipantContributionCorrected, ParticipantContributionPaid, Payer
from .state import Participant, Payment


@attrs.frozen(kw_only=True)
class Contribution:
    """
    The case of a contribution that is to be paid.

    *law* is what the history has enacted of the programmes paid for, now and before. *added*
    says whether it is paid by somebody who adds participants, such as a donor. *due* is what
    is due for it, and *payable* what may be paid on the day: None where no rule says it.
    """

    participant: Participant
    segment: Segment
    programmes: tuple[ProgrammeName, ...]
    months: Months
    income: Rupiah
    amount: Rupiah
    on: date
    sector: Word = OTHER
    budget: Word = OWN
    added: bool = False
    law: Law = attrs.field(default=MappingProxyType({}), converter=fixed_law)
    due: Explained[PaymentDue] | None = None
    payable: Payable | None = None

    @property
    def check(self) -> Check | None:
        """What a payment records of what it was checked against."""
        if self.due is None:
            return None
        return Check(
            sector=self.sector,
            budget=self.budget,
            due=self.due.value.months,
            credit=self.due.value.used,
            rules=self.due.rules,
        )

    @property
    def standing(self) -> Standing:
        """The participant's standing in the segment, by the facts known before the payment."""
        return self.participant.standing(self.segment)


def pay(
    case: Contribution,
    *,
    reference: str,
    payer: Payer,
    policies: Policies[Contribution],
) -> Decision[ParticipantContributionPaid]:
    """
    Pay a contribution; the very same payment under the same *reference* again does nothing.

    Raises `NotFoundError` if the participant was never registered in the segment, and
    `InputError` for a day before that, and if the reference belongs to another payment.
    """
    someone, segment = case.participant, case.segment
    check_known(someone, segment)
    known = someone.payments.get(reference)
    if known is not None:
        asked = Payment(
            segment=segment,
            programmes=case.programmes,
            months=case.months,
            income=case.income,
            amount=case.amount,
            payer=payer,
            on=case.on,
        )
        if attrs.evolve(known, refund=None) == asked:
            return Accepted()
        msg = (
            f"{someone.id} has another payment under the reference {reference!r}, of {known.on}"
            f" for {known.months}, or one that was corrected: give each payment a reference of its"
            f" own"
        )
        raise InputError(msg)
    check_entered(someone, segment, "pay", case.on)
    if grounds := reasons(case, policies):
        return Refused(*grounds)
    after = case.standing.covered(case.programmes, case.months)
    return Accepted(
        ParticipantContributionPaid(
            segment=segment,
            reference=reference,
            programmes=case.programmes,
            months=case.months,
            income=case.income,
            amount=case.amount,
            payer=payer,
            check=case.check,
            changes=someone.changes_to({**someone.standings, segment: after}),
            on=case.on,
        )
    )


def correct(
    participant: Participant, *, corrects: str, reason: str, on: date
) -> Decision[ParticipantContributionCorrected]:
    """
    Correct a mistaken payment, once: its months are not paid for by it any more.

    A difference is corrected likewise. Raises `NotFoundError` if the participant has no payment
    under that reference, and `InputError` if it was corrected on another day, or for another
    reason, and while a difference or a refund needs it.
    """
    payment = participant.payments.get(corrects)
    if payment is None:
        msg = f"{participant.id} has no payment {corrects!r} that could be corrected"
        raise NotFoundError(msg)
    event = ParticipantContributionCorrected(
        segment=payment.segment, corrects=corrects, reason=reason, changes=(), on=on
    )
    if (known := payment.correction) is not None:
        if attrs.evolve(known, changes=()) == event:
            return Accepted()
        msg = (
            f"{participant.id} has no payment {corrects!r} that stands: it was corrected on"
            f" {known.on}, for {known.reason!r}"
        )
        raise InputError(msg)
    _check_nothing_needs(participant, corrects, payment)
    return Accepted(with_changes(participant, event)[0])


def _check_nothing_needs(participant: Participant, reference: str, payment: Payment) -> None:
    """Raise `InputError` if a difference or a refund that stands was computed on *payment*."""
    of = reference if payment.of is None else payment.of
    needs = [
        f"the difference {name!r} of {other.on} needs it; correct that first"
        for name, other in participant.differences(of).items()
        if other.version > payment.version
    ]
    paid = participant.payments.get(of)
    refund = None if paid is None else paid.refund
    if refund is not None and refund.version > payment.version:
        event = refund.event
        needs.append(
            f"the refund of {event.on} (version {refund.version}) needs it; void that first"
        )
    if needs:
        msg = f"payment {reference!r} of {participant.id} cannot be corrected: {needs[-1]}"
        raise InputError(msg)
