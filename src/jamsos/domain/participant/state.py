"""The state of a participant, and how each event changes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import TypeAlias, assert_never

import attrs

from jamsos.domain.calendar import Months, Run
from jamsos.domain.coverage import NO_MONTHS, NOBODY, Change, Segment, Standing
from jamsos.domain.fixed import fixed, joined
from jamsos.domain.identity import ParticipantId, ProgrammeName
from jamsos.domain.layered import Layered, layered
from jamsos.domain.money import Rupiah

from .events import (
    Check,
    Fact,
    ParticipantCameBack,
    ParticipantContributionCorrected,
    ParticipantContributionPaid,
    ParticipantContributionRefunded,
    ParticipantDifferencePaid,
    ParticipantEvent,
    ParticipantFactVoided,
    ParticipantLeft,
    ParticipantMoved,
    ParticipantRegistered,
    ParticipantTransferred,
    Payer,
)
from .life import NO_FACTS, Facts, Life, Told


@attrs.frozen
class Refunded:
    """That some of a payment was paid back: the event, and its version in the stream."""

    version: int
    event: ParticipantContributionRefunded


FoundLater: TypeAlias = Callable[[], ParticipantContributionCorrected]
"""A correction that is found when somebody asks for it: few do, of long ago."""


def _found(
    correction: ParticipantContributionCorrected | FoundLater | None,
) -> ParticipantContributionCorrected | None:
    return correction() if callable(correction) else correction


@attrs.frozen(kw_only=True)
class Payment:
    """
    A contribution that was paid, and whether it was corrected or paid back since.

    A difference is a payment too: for *months* of the payment *of* that reference, of which it
    has the segment and the programmes. It has an amount, and covers nothing by itself.
    """

    segment: Segment
    programmes: tuple[ProgrammeName, ...]
    months: Months
    income: Rupiah
    amount: Rupiah
    payer: Payer = Payer.SELF
    on: date
    check: Check | None = attrs.field(default=None, eq=False)
    """On what it was checked: the same payment, commanded again under another law, is the same."""
    version: int = attrs.field(default=0, eq=False)
    """The version of its event in the participant's stream."""
    _correction: ParticipantContributionCorrected | FoundLater | None = attrs.field(
        default=None, eq=_found, repr=lambda correction: repr(_found(correction))
    )
    of: str | None = None
    """The reference of the payment that it is a difference for; None for any other payment."""
    refund: Refunded | None = None

    @property
    def correction(self) -> ParticipantContributionCorrected | None:
        """The event by which it was corrected, or None."""
        return _found(self._correction)

    @property
    def corrected(self) -> bool:
        """Whether it was a mistake, and covers nothing."""
        return self._correction is not None

    @property
    def kept(self) -> Months:
        """Its months without those that were paid back."""
        return self.months if self.refund is None else self.months - self.refund.event.months

    @property
    def covers(self) -> Months:
        """The months that it covers: none, if it was corrected, or is a difference."""
        return NO_MONTHS if self.corrected or self.of is not None else self.kept


def _voids(facts: Mapping[int, ParticipantFactVoided]) -> Layered[int, ParticipantFactVoided]:
    return layered(facts)


def _payments(paid: Mapping[str, Payment]) -> Layered[str, Payment]:
    return layered(paid)


@attrs.frozen(kw_only=True)
class Participant:
    """
    One participant, as the events have made them.

    The facts of membership that stand are kept in order of their days, and everything that
    depends on a day is derived from them.
    """

    id: ParticipantId
    version: int = 0
    """How many events there are: the version of the last."""
    facts: Facts = NO_FACTS
    """The facts of membership that stand, and what they make."""
    voids: Layered[int, ParticipantFactVoided] = attrs.field(default=Layered(), converter=_voids)
    """The facts of membership that were voided, by their versions."""
    payments: Layered[str, Payment] = attrs.field(default=Layered(), converter=_payments)
    """Every payment, by its reference, in the order of telling."""
    recorded: Mapping[Segment, Standing] = MappingProxyType({})
    """The standing in each segment as the last event that changed it says: what is counted."""
    _known: dict[Segment, Standing] = attrs.field(factory=dict, eq=False, repr=False)
    """The standings that were derived so far."""

    @property
    def told(self) -> tuple[Told, ...]:
        """The facts of membership that stand, in order of their days."""
        return self.facts.told

    @property
    def life(self) -> Life:
        """The participant's days in each segment."""
        return self.facts.life

    @property
    def standings(self) -> Mapping[Segment, Standing]:
        """The standing in each segment that they were ever in, by the facts that stand."""
        there = {each: self.standing(each) for each in {**self.life.entries, **self.recorded}}
        return fixed({each: there[each] for each in there if there[each] != NOBODY})

    @property
    def died_on(self) -> date | None:
        """The day of death, or None."""
        return self.life.died_on

    def standing(self, segment: Segment) -> Standing:
        """Return the standing in *segment*; an empty one if they were never registered."""
        known = self._known.get(segment)
        if known is None:
            runs: dict[tuple[ProgrammeName, ...], list[Run]] = {}
            for each in self.payments.values():
                if each.segment is segment and (covers := each.covers):
                    runs.setdefault(each.programmes, []).extend(covers.runs)
            known = Standing.of(self.life.spells(segment), runs)
            self._known[segment] = known
        return known

    def entries(self, segment: Segment) -> tuple[date, ...]:
        """Return the days on which they were registered in *segment*, or came back to it."""
        return self.life.entries.get(segment, ())

    def entered_by(self, segment: Segment, day: date) -> bool:
        """Return whether they had been registered in *segment* by the end of *day*."""
        entries = self.entries(segment)
        return bool(entries) and entries[0] <= day

    def programmes_checked(self, segment: Segment) -> frozenset[ProgrammeName]:
        """Return the programmes of payments in *segment* of which some may be paid too much."""
        return frozenset(
            name
            for payment in self.payments.values()
            if payment.segment is segment and payment.check is not None and not payment.corrected
            for name in payment.programmes
        )

    def differences(self, of: str) -> dict[str, Payment]:
        """Return the differences that stand for the payment *of* that reference, in order."""
        return {
            reference: payment
            for reference, payment in self.payments.items()
            if payment.of == of and not payment.corrected
        }

    def changes_to(self, standings: Mapping[Segment, Standing]) -> tuple[Change, ...]:
        """Return the changes that lead from what is recorded to *standings*, and to none else."""
        recorded, changes = self.recorded, []
        for segment in {**recorded, **standings}:
            before, after = recorded.get(segment, NOBODY), standings.get(segment, NOBODY)
            if before != after:
                changes.append(Change.between(segment, before, after))
        return tuple(changes)


def evolve(participant: Participant, event: ParticipantEvent) -> Participant:  # noqa: C901 - one case an event
    """Return the state of *participant* after *event*. Never refuses: it has happened."""
    version = participant.version + 1
    facts, voids, payments = participant.facts, participant.voids, participant.payments
    recorded = participant.recorded
    known: dict[Segment, Standing] = {}
    if event.changes:
        recorded = joined(recorded, {change.segment: change.after for change in event.changes})
    match event:
        case ParticipantContributionPaid(segment=segment, reference=reference):
            payment = Payment(
                segment=segment,
                programmes=event.programmes,
                months=event.months,
                income=event.income,
                amount=event.amount,
                payer=event.payer,
                on=event.on,
                check=event.check,
                version=version,
            )
            known = {**participant._known}  # noqa: SLF001 - of its own kind
            if reference in payments:
                known.clear()
            elif segment in known:
                known[segment] = known[segment].covered(event.programmes, event.months)
            payments = payments.having(reference, payment)
        case ParticipantContributionCorrected(corrects=corrects):
            if (mistaken := payments.get(corrects)) is not None:
                corrected = attrs.evolve(mistaken, correction=event)
                payments = payments.having(corrects, corrected)
        case ParticipantDifferencePaid():
            payments = payments.having(event.reference, _difference(event, payments, version))
        case ParticipantContributionRefunded(refunds=refunds):
            if (paid := payments.get(refunds)) is not None:
                refund = Refunded(version, event)
                payments = payments.having(refunds, attrs.evolve(paid, refund=refund))
        case ParticipantFactVoided(version=voided):
            facts = facts.without(voided)
            payments = _without_refund(payments, event)
            voids = voids.having(voided, event)
        case (
            ParticipantRegistered()
            | ParticipantCameBack()
            | ParticipantLeft()
            | ParticipantMoved()
            | ParticipantTransferred()
        ):
            facts = facts.told_too(Told(version, event))
        case _:
            assert_never(event)
    return Participant(
        id=participant.id,
        version=version,
        facts=facts,
        voids=voids,
        payments=payments,
        recorded=recorded,
        known=known,
    )


def _without_refund(
    payments: Layered[str, Payment], voided: ParticipantFactVoided
) -> Layered[str, Payment]:
    """Return *payments* without the refund that *voided* names, if it names one."""
    if voided.fact is Fact.REFUNDED:
        for reference, payment in payments.items():
            if payment.refund is not None and payment.refund.version == voided.version:
                return payments.having(reference, attrs.evolve(payment, refund=None))
    return payments


def _difference(
    event: ParticipantDifferencePaid, payments: Mapping[str, Payment], version: int
) -> Payment:
    """Return the payment that *event* makes: to the programmes of the payment that it is for."""
    of = payments.get(event.of)
    return Payment(
        segment=event.segment,
        programmes=() if of is None else of.programmes,
        months=event.months,
        income=event.income,
        amount=event.amount,
        payer=event.payer,
        on=event.on,
        check=event.check,
        version=version,
        of=event.of,
    )
