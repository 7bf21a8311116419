"""Moves about contributions: most of what is due, for months that are not paid yet."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, timedelta
from typing import Final

import attrs

from jamsos.commands.contributions import Correct, Pay, PayDifference, Refund
from jamsos.domain.calendar import Month, Months
from jamsos.domain.coverage import Segment
from jamsos.domain.due import OTHER, OWN, SEGMENT_RULES
from jamsos.domain.participant import Participant, Payer, Payment
from jamsos.domain.value import Word
from jamsos.engine.draft import Draft
from jamsos.engine.world import Asked
from jamsos.errors import JamsosError
from jamsos.testing.search.journey import PROGRAMMES, Journey
from jamsos.testing.search.map import as_due


def pay(w: Journey, person: Participant, here: Sequence[Segment]) -> Asked | None:
    """Pay what is due, most often, for some months of a segment that the participant is in."""
    segment = w.pick(here)
    paid = person.standing(segment).paid_for(SEGMENT_RULES)
    first = _first_month(w, person, segment, paid)
    months = Months.between(first, first + w.pick(_MORE))
    payer = w.pick((Payer.SELF, Payer.SELF, Payer.SELF, *Payer))
    income = w.income if w.one_in(2) else w.chart.incomes[0]
    programmes = w.programmes if not w.one_in(4) else w.pick(PROGRAMMES)
    sector = w.sector if not w.one_in(8) else OTHER
    budget = OWN if not w.one_in(16) else Word("regional-budget")
    paying = Pay(
        person.id,
        reference=str(len(person.payments) + (0 if w.one_in(16) else 1)),
        months=months,
        income=income,
        amount=0,
        on=w.late(_days(person), times=2 if "incentives" in w.chart.about else 3),
        programmes=programmes,
        segment=segment,
        payer=payer,
        sector=str(sector),
        budget=str(budget),
    )
    return as_due(w.chart, paying)


def _days(person: Participant) -> list[date]:
    """Return the days about which a payment may be told late: those of others, a month before."""
    days = [payment.on for payment in person.payments.values()]
    return [*days, *(day - timedelta(days=31) for day in days)]


def correct(w: Journey, person: Participant, here: Sequence[Segment]) -> Asked | None:
    """Correct a payment that was not corrected yet."""
    del here
    known = [r for r, payment in person.payments.items() if not payment.corrected]
    return Correct(person.id, corrects=w.pick(known), on=w.day()) if known else None


def pay_difference(w: Journey, person: Participant, here: Sequence[Segment]) -> Asked | None:
    """Pay what the months of a payment are due more at another income, most often."""
    del here
    payment = _standing(w, person)
    if payment is None:
        return None
    reference, paid = payment
    asked = PayDifference(
        person.id,
        reference=str(len(person.payments) + (0 if w.one_in(16) else 1)),
        of=reference,
        income=w.pick(w.chart.incomes),
        amount=0,
        on=w.day(),
    )
    due = None
    with suppress(JamsosError):
        due = asked.case(Draft(w.world)).due
    more = paid.amount if due is None else due.value.to_pay
    return attrs.evolve(asked, amount=more if not w.one_in(8) else more + 1)


def refund(w: Journey, person: Participant, here: Sequence[Segment]) -> Asked | None:
    """Pay back what was paid for the months after a claim, most often."""
    del here
    payment = _standing(w, person)
    if payment is None:
        return None
    reference, paid = payment
    asked = Refund(
        person.id,
        refunds=reference,
        claim=w.pick(_CLAIMS),
        claimed=min(w.pick([*paid.months]) + -1, Month.of(w.today)),
        amount=0,
        on=w.day(),
    )
    due = None
    with suppress(JamsosError):
        due = asked.case(Draft(w.world)).due
    back = paid.amount if due is None else due.value.amount
    return attrs.evolve(asked, amount=back if not w.one_in(8) else back + 1)


def _standing(w: Journey, person: Participant) -> tuple[str, Payment] | None:
    """Return a payment that stands and is no difference, with its reference; None without any."""
    stand = [
        (reference, payment)
        for reference, payment in person.payments.items()
        if payment.of is None and not payment.corrected
    ]
    return w.pick(stand) if stand else None


_CLAIMS: Final = ("jht-claim", "jkk-claim", "jkm-claim", "jp-claim")


def _first_month(w: Journey, person: Participant, segment: Segment, paid: Months) -> Month:
    """Return the first month to be paid: most often one that is not paid yet, nor long gone."""
    now = Month.of(w.today)
    if w.one_in(3):
        edges = [month for month in w.chart.edges if -1 <= month - now <= _AHEAD]
        edges = [month for month in edges if month not in paid]
        if edges:
            return w.pick(edges)
    if not paid:
        registered = person.standing(segment).registered.first or now
        return w.pick((now, now, now, now, registered, now + 1))
    after = Month.at(paid.runs[-1][1]) + 1
    left_out = (person.standing(segment).registered - paid).before(after)
    if left_out and w.one_in(2):
        return Month.at(left_out.runs[-1][1])
    if not w.one_in(3):  # most payments are made in the first of their months, or later
        w.until(after.first_day + timedelta(days=w.pick(_LATE)))
        now = Month.of(w.today)
    first = w.pick((after, after, after, after + 1, after + 1, now, now + -1, after + -1, now + -4))
    if first in paid and not w.one_in(4):
        first = after
    return now if now - first > _LONG_GONE and not w.one_in(4) else first


_MORE: Final = (0, 0, 0, 0, 1, 1, 2, 2, 2, 3, 5, 5)
"""How many months are paid beside the first."""

_LATE: Final = (0, 0, 14, 40, 75, 110, 125, 160)
"""How many days after the first month begins it is paid: up to the end of what may be."""

_LONG_GONE: Final = 4
_AHEAD: Final = 3
