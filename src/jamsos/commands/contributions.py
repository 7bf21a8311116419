"""Commands on contributions: what a participant pays, and a payment that was a mistake."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import attrs

from jamsos.domain import participant as participants
from jamsos.domain.calendar import Months, months_of
from jamsos.domain.coverage import Segment
from jamsos.domain.due import OTHER, OWN, SCHEME, SEGMENT_RULES
from jamsos.domain.field import word_of
from jamsos.domain.identity import ProgrammeName, programme_stream
from jamsos.domain.money import Rupiah
from jamsos.domain.participant import (
    Contribution,
    ParticipantContributionCorrected,
    ParticipantContributionPaid,
    Payer,
)
from jamsos.domain.value import Word
from jamsos.errors import NotFoundError
from jamsos.formulas.payment_due import assessed
from jamsos.policies.standard import Judges

from .command import Steps
from .reading import Reading


def _each_once(programmes: Iterable[str]) -> tuple[str, ...]:
    """Return *programmes* as what they are, a set: each once, in alphabetical order."""
    return tuple(sorted(set(programmes)))


@attrs.frozen(kw_only=True)
class Pay:
    """
    Record a contribution for one unbroken run of months, in whole rupiah.

    Refused for months outside of the registration, and for months that are paid for. If
    the history has enacted what non-wage earners pay to the programmes, in a *sector*
    and out of a *budget*, refused for another amount than is due, and for months that may
    not be paid on the day. The same payment under the same *reference* again does nothing.
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
        return [(self.participant, paid)]

    def _payer(self) -> Payer:
        return word_of(Payer, self.payer, "payer")


@attrs.frozen(kw_only=True)
class Correct:
    """Correct the mistaken payment whose reference is *corrects*: it covers nothing."""

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
