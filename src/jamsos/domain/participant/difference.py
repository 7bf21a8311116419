"""A difference (*rapel*) for months that are paid already: its case, and the decision on it."""

from __future__ import annotations

from datetime import date
from types import MappingProxyType

import attrs

from jamsos.domain.calendar import Months
from jamsos.domain.decision import Accepted, Decision, Policies, Refused, reasons
from jamsos.domain.due import DifferenceDue, Law, fixed_law
from jamsos.domain.explanation import Explained
from jamsos.domain.money import Rupiah
from jamsos.errors import InputError

from .checks import standing_payment
from .events import Check, ParticipantDifferencePaid, Payer
from .state import Participant, Payment


@attrs.frozen(kw_only=True)
class Difference:
    """
    The case of a difference that is to be paid for the *payment* *of* that reference.

    *income* is the monthly income that is right. *law* is what the history has enacted of the
    programmes paid for. *due* is what its months were due, and are; None where the payment was
    not checked.
    """

    participant: Participant
    of: str
    income: Rupiah
    amount: Rupiah
    on: date
    law: Law = attrs.field(default=MappingProxyType({}), converter=fixed_law)
    due: Explained[DifferenceDue] | None = None

    @property
    def payment(self) -> Payment:
        """The payment that it is for. Raises `NotFoundError` if none stands."""
        return standing_payment(self.participant, self.of)

    @property
    def months(self) -> Months:
        """The months that it is for: those of the payment that were not paid back."""
        return self.payment.kept

    @property
    def check(self) -> Check | None:
        """What the event records of what it was checked against."""
        of = self.payment.check
        if self.due is None or of is None:
            return None
        more = self.due.value.more
        return attrs.evolve(of, due=more, credit=Rupiah(0), rules=self.due.rules)


def pay_difference(
    case: Difference, *, reference: str, payer: Payer, policies: Policies[Difference]
) -> Decision[ParticipantDifferencePaid]:
    """
    Pay a difference for months that are paid; the very same one again does nothing.

    Raises `NotFoundError` if no payment stands under the reference that it is of; and
    `InputError` if that is a difference itself, if *reference* belongs to another payment, for a
    day before the payment, another difference or a refund of it, and if all of it was paid back.
    """
    someone, of, on = case.participant, case.of, case.on
    known = someone.payments.get(reference)
    if known is not None:
        asked = attrs.evolve(
            known,
            of=of,
            income=case.income,
            amount=case.amount,
            payer=payer,
            on=on,
            correction=None,
        )
        if known == asked:
            return Accepted()
        msg = (
            f"{someone.id} has another payment under the reference {reference!r}, of {known.on}"
            f" for {known.months}, or one that was corrected: give each payment a reference of its"
            f" own"
        )
        raise InputError(msg)
    payment = case.payment
    _check_day(someone, of, payment, on)
    if not case.months:
        msg = f"every month of payment {of!r} of {someone.id} was paid back: nothing more is due"
        raise InputError(msg)
    if grounds := reasons(case, policies):
        return Refused(*grounds)
    return Accepted(
        ParticipantDifferencePaid(
            segment=payment.segment,
            reference=reference,
            of=of,
            months=case.months,
            income=case.income,
            amount=case.amount,
            payer=payer,
            check=case.check,
            changes=(),
            on=on,
        )
    )


def _check_day(someone: Participant, of: str, payment: Payment, on: date) -> None:
    """Raise `InputError` if *on* lies before what there is of the payment already."""
    days = {payment.on: f"payment {of!r} is of {payment.on}; give that day or a later one"}
    for reference, other in someone.differences(of).items():
        days[other.on] = (
            f"the difference {reference!r} of {other.on} stands; give that day or a later one, or"
            f" correct that first"
        )
    if (refund := payment.refund) is not None:
        days[refund.event.on] = (
            f"the refund of {refund.event.on} (version {refund.version}) stands; give that day or"
            f" a later one, or void that first"
        )
    if on < (last := max(days)):
        msg = f"{someone.id} cannot pay a difference on {on}: {days[last]}"
        raise InputError(msg)
