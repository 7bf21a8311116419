"""The state of a participant, and how each event changes it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import assert_never

import attrs

from jamsos.domain.calendar import Months
from jamsos.domain.coverage import NOBODY, Segment, Standing
from jamsos.domain.identity import ParticipantId, ProgrammeName
from jamsos.domain.money import Rupiah

from .events import (
    Check,
    LeavingReason,
    ParticipantCameBack,
    ParticipantContributionCorrected,
    ParticipantContributionPaid,
    ParticipantEvent,
    ParticipantLeft,
    ParticipantMoved,
    ParticipantRegistered,
    ParticipantTransferred,
)


@attrs.frozen(kw_only=True)
class Payment:
    """A contribution that was paid, and whether it was corrected since."""

    segment: Segment
    programmes: tuple[ProgrammeName, ...]
    months: Months
    income: Rupiah
    amount: Rupiah
    check: Check | None = attrs.field(default=None, eq=False)
    """On what it was checked: the same payment, commanded again under another law, is the same."""
    corrected: bool = False


@attrs.frozen(kw_only=True)
class Participant:
    """One participant, as the events have made them."""

    id: ParticipantId
    standings: Mapping[Segment, Standing] = MappingProxyType({})
    payments: Mapping[str, Payment] = MappingProxyType({})
    entered_on: Mapping[Segment, date] = MappingProxyType({})
    """When they were registered in each segment, or last came back to it."""
    registered_on: Mapping[Segment, date] = MappingProxyType({})
    """When they were registered in each segment, for the first time."""
    changed_on: Mapping[Segment, date] = MappingProxyType({})
    """The day of the last change of province, agent or membership, in each segment."""
    branches: Mapping[Segment, str | None] = MappingProxyType({})
    """The branch that cares for them in each segment where no agent does."""
    died_on: date | None = None

    def standing(self, segment: Segment) -> Standing:
        """Return the standing in *segment*; an empty one if they were never registered."""
        return self.standings.get(segment, NOBODY)

    def programmes_checked(self, segment: Segment) -> frozenset[ProgrammeName]:
        """Return the programmes of payments in *segment* of which some may be paid too much."""
        return frozenset(
            name
            for payment in self.payments.values()
            if payment.segment is segment and payment.check is not None and not payment.corrected
            for name in payment.programmes
        )


def evolve(participant: Participant, event: ParticipantEvent) -> Participant:
    """Return the state of *participant* after *event*. Never refuses: it has happened."""
    standings = {**participant.standings, **{c.segment: c.after for c in event.changes}}
    payments, entered_on = participant.payments, participant.entered_on
    registered_on = participant.registered_on
    changed_on, branches = participant.changed_on, participant.branches
    died_on = participant.died_on
    match event:
        case ParticipantContributionPaid():
            payment = Payment(
                segment=event.segment,
                programmes=event.programmes,
                months=event.months,
                income=event.income,
                amount=event.amount,
                check=event.check,
            )
            payments = {**payments, event.reference: payment}
        case ParticipantContributionCorrected(corrects=corrects):
            if (mistaken := payments.get(corrects)) is not None:
                payments = {**payments, corrects: attrs.evolve(mistaken, corrected=True)}
        case (
            ParticipantRegistered(segment=segment, on=on)
            | ParticipantCameBack(segment=segment, on=on)
        ):
            entered_on = {**entered_on, segment: on}
            registered_on = {segment: on, **registered_on}
            branches = {**branches, segment: None}
        case ParticipantTransferred(segment=segment, branch=branch):
            branches = {**branches, segment: branch}
        case ParticipantLeft(reason=LeavingReason.DEATH, on=on):
            died_on = on
        case ParticipantLeft() | ParticipantMoved():
            pass
        case _:
            assert_never(event)
    if not isinstance(event, ParticipantContributionPaid | ParticipantContributionCorrected):
        changed_on = {**changed_on, **{change.segment: event.on for change in event.changes}}
    return Participant(
        id=participant.id,
        standings=standings,
        payments=payments,
        entered_on=entered_on,
        registered_on=registered_on,
        changed_on=changed_on,
        branches=branches,
        died_on=died_on,
    )
