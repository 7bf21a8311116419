"""The payment of a contribution, and its correction."""

from __future__ import annotations

from datetime import date
from types import MappingProxyType

import attrs

from jamsos.domain.calendar import Months
from jamsos.domain.coverage import Segment, Standing
from jamsos.domain.decision import Accepted, Decision, Policies, Refused, reasons
from jamsos.domain.due import OTHER, OWN, Law, Payable, PaymentDue
from jamsos.domain.explanation import Explained
from jamsos.domain.identity import ProgrammeName
from jamsos.domain.money import Rupiah
from jamsos.domain.value import Word
from jamsos.errors import InputError, NotFoundError

from .checks import changes_between, check_known
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
    law: Law = MappingProxyType({})
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
        """The participant's standing in the segment, as it is before the payment."""
        return self.participant.standing(self.segment)


def pay(
    case: Contribution,
    *,
    reference: str,
    payer: Payer,
    policies: Policies[Contribution],
) -> Decision[ParticipantContributionPaid]:
    """
    Pay a contribution; the same payment under the same *reference* again does nothing.

    Raises `NotFoundError` if the participant was never registered in the segment, and
    `InputError` if the reference belongs to another payment.
    """
    check_known(case.participant, case.segment)
    known = case.participant.payments.get(reference)
    if known is not None:
        asked = Payment(
            segment=case.segment,
            programmes=case.programmes,
            months=case.months,
            income=case.income,
            amount=case.amount,
        )
        if known == asked:
            return Accepted()
        msg = (
            f"{case.participant.id} has another payment under the reference {reference!r},"
            f" or one that was corrected: give each payment a reference of its own"
        )
        raise InputError(msg)
    if grounds := reasons(case, policies):
        return Refused(*grounds)
    before = case.standing
    return Accepted(
        ParticipantContributionPaid(
            segment=case.segment,
            reference=reference,
            programmes=case.programmes,
            months=case.months,
            income=case.income,
            amount=case.amount,
            payer=payer,
            check=case.check,
            changes=changes_between(
                case.segment, before, before.covered(case.programmes, case.months)
            ),
            on=case.on,
        )
    )


def correct(
    participant: Participant, *, corrects: str, reason: str, on: date
) -> Decision[ParticipantContributionCorrected]:
    """
    Correct a mistaken payment, once: its months are not paid for by it any more.

    Raises `NotFoundError` if the participant has no payment under that reference.
    """
    payment = participant.payments.get(corrects)
    if payment is None:
        msg = f"{participant.id} has no payment {corrects!r} that could be corrected"
        raise NotFoundError(msg)
    if payment.corrected:
        return Accepted()
    before = participant.standing(payment.segment)
    after = before.uncovered(payment.programmes, payment.months)
    return Accepted(
        ParticipantContributionCorrected(
            segment=payment.segment,
            corrects=corrects,
            reason=reason,
            changes=changes_between(payment.segment, before, after),
            on=on,
        )
    )
