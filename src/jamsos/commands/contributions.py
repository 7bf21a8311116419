"""Commands on contributions: what is paid, what is paid back, and what was a mistake."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import attrs

from jamsos.domain import participant as participants
from jamsos.domain.calendar import Month, Months, month_of, months_of
from jamsos.domain.coverage import Segment
from jamsos.domain.due import OTHER, OWN, SCHEME, SEGMENT_RULES
from jamsos.domain.field import word_of
from jamsos.domain.identity import ProgrammeName, programme_stream
from jamsos.domain.money import Rupiah
from jamsos.domain.participant import (
    Contribution,
    Difference,
    ParticipantContributionCorrected,
    ParticipantContributionPaid,
    ParticipantContributionRefunded,
    ParticipantDifferencePaid,
    Payer,
    Repayment,
)
from jamsos.domain.value import Word
from jamsos.errors import NotFoundError
from jamsos.formulas.difference_due import assessed_difference
from jamsos.formulas.payment_due import assessed
from jamsos.formulas.refund_due import refund_due
from jamsos.policies.standard import Judges

from .command import Steps
from .fields import all_of
from .reading import Reading
from .referring import referring


def _each_once(programmes: Iterable[str]) -> tuple[str, ...]:
    """Return *programmes* as what they are, a set: each once, in alphabetical order."""
    return tuple(sorted({*all_of(str, programmes, "programmes")}))


@attrs.frozen(kw_only=True)
class Pay:
    """
    Record a contribution for one unbroken run of months, in whole rupiah.

    Refused for months outside of the registration, and for months that are paid for. If
    the history has enacted what non-wage earners pay to the programmes, in a *sector*
    and out of a *budget*, refused for another amount than is due, and for months that may
    not be paid on the day. Otherwise it is recorded as it is told, and so are payments in other
    segments: the event's ``checked`` says which. A part of what is due is not taken. The same
    payment under the same *reference* again does nothing.
    """

    participant: str = attrs.field(kw_only=False)
    reference: str
    months: Months = attrs.field(converter=months_of)
    income: int
    amount: int
    on: date
    programmes: tuple[str, ...] = attrs.field(default=("jkk", "jkm"), converter=_each_once)
    segment: Segment = Segment.NON_WAGE_EARNER
    payer: Payer = Payer.SELF
    sector: str = OTHER
    budget: str = OWN

    def streams(self) -> tuple[str, ...]:
        """Return the participant, and the programmes whose rules are read."""
        return (self.participant, *map(programme_stream, (*self.programmes, SEGMENT_RULES)))

    def case(self, read: Reading) -> Contribution:
        """
        Return the case of this payment, with the law of the programmes paid for.

        It holds what is due, and what may be paid, if the payment is new and rules say so.
        """
        participant = read.participant(self.participant)
        segment = word_of(Segment, self.segment, "segment")
        names = tuple(map(ProgrammeName, self.programmes))
        case = Contribution(
            participant=participant,
            segment=segment,
            programmes=names,
            months=self.months,
            income=Rupiah(self.income),
            amount=Rupiah(self.amount),
            on=self.on,
            sector=Word(self.sector),
            budget=Word(self.budget),
            added=self._payer() in {Payer.EMPLOYER, Payer.SPONSOR},
            law=read.law((*names, *sorted(participant.programmes_checked(segment)))),
        )
        for name in names:
            if name not in SCHEME and case.law[name].established is None:
                msg = (
                    f"there is no programme '{name}': contributions are paid to {', '.join(SCHEME)}"
                )
                raise NotFoundError(msg)
        known = participant.entered_by(segment, self.on)
        new = known and self.reference not in participant.payments
        return assessed(case) if new else case

    def decide(self, read: Reading, judges: Judges, /) -> Steps[ParticipantContributionPaid]:
        """Decide on the payment."""
        paid = participants.pay(
            self.case(read),
            reference=self.reference,
            payer=self._payer(),
            policies=judges[Contribution],
        )
        return [(self.participant, referring(paid, reference=self.reference))]

    def _payer(self) -> Payer:
        return word_of(Payer, self.payer, "payer")


@attrs.frozen(kw_only=True)
class PayDifference:
    """
    Record a difference (*rapel*) for months that are paid, at the *income* that is right.

    They are those of the payment whose reference is *of*. If that was checked, refused for
    another amount than its months are due more than was due for them, in its sector and out of
    its budget; if not, recorded as it is told. Raises `NotFoundError` if no such payment stands,
    and `InputError` for a *reference* that is used, for a day before the payment, and for a
    difference of a difference.
    """

    participant: str = attrs.field(kw_only=False)
    reference: str
    of: str
    income: int
    amount: int
    on: date
    payer: Payer = Payer.SELF

    def streams(self) -> tuple[str, ...]:
        """Return the participant, and the programme that has the rules of the segment."""
        return (self.participant, programme_stream(SEGMENT_RULES))

    def case(self, read: Reading) -> Difference:
        """Return the case of this difference, with what is due for it if it is new."""
        case = Difference(
            participant=read.participant(self.participant),
            of=self.of,
            income=Rupiah(self.income),
            amount=Rupiah(self.amount),
            on=self.on,
        )
        if self.reference in case.participant.payments:
            return case
        return assessed_difference(attrs.evolve(case, law=read.law(case.payment.programmes)))

    def decide(self, read: Reading, judges: Judges, /) -> Steps[ParticipantDifferencePaid]:
        """Decide on the difference."""
        paid = participants.pay_difference(
            self.case(read),
            reference=self.reference,
            payer=word_of(Payer, self.payer, "payer"),
            policies=judges[Difference],
        )
        return [(self.participant, referring(paid, reference=self.reference))]


@attrs.frozen(kw_only=True)
class Refund:
    """
    Pay contributions back with a *claim*, those for the months after *claimed*, its month.

    They are of the payment whose reference is *refunds*, with its differences; the months are
    covered no more. Refused for a claim that rule ``jkk/bpu-refund`` does not name, if no month
    lies after it, for another amount than was paid for these months, and in another segment than
    that of non-wage earners. Raises `RuleNotInForceError` where that rule is not in force,
    `NotFoundError` if no such payment stands, and `InputError` if it was paid back otherwise, and
    for a day before the payment or the claim.
    """

    participant: str = attrs.field(kw_only=False)
    refunds: str
    claim: str
    claimed: Month = attrs.field(converter=month_of)
    amount: int
    on: date

    def streams(self) -> tuple[str, ...]:
        """Return the participant, and the programme that has the rule."""
        return (self.participant, programme_stream(SEGMENT_RULES))

    def case(self, read: Reading) -> Repayment:
        """Return the case of this refund, with what is paid back if nothing was."""
        case = Repayment(
            participant=read.participant(self.participant),
            refunds=self.refunds,
            claim=Word(self.claim),
            claimed=self.claimed,
            amount=Rupiah(self.amount),
            on=self.on,
            law=read.law(()),
        )
        return case if case.payment.refund is not None else attrs.evolve(case, due=refund_due(case))

    def decide(self, read: Reading, judges: Judges, /) -> Steps[ParticipantContributionRefunded]:
        """Decide on the refund."""
        refunded = participants.refund(self.case(read), policies=judges[Repayment])
        return [(self.participant, refunded)]


@attrs.frozen(kw_only=True)
class Correct:
    """
    Correct the mistaken payment, or difference, whose reference is *corrects*: it covers nothing.

    Raises `InputError` while a difference of it stands, or a refund.
    """

    participant: str = attrs.field(kw_only=False)
    corrects: str
    on: date
    reason: str = "mistake"

    def streams(self) -> tuple[str, ...]:
        """Return the participant."""
        return (self.participant,)

    def decide(self, read: Reading, _: Judges, /) -> Steps[ParticipantContributionCorrected]:
        """Decide on the correction."""
        corrected = participants.correct(
            read.participant(self.participant),
            corrects=self.corrects,
            reason=self.reason,
            on=self.on,
        )
        return [(self.participant, corrected)]
