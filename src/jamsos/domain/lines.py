"""The lines of an incentive: what a participant brings to which agent, by the facts that stand."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import accumulate
from typing import Final, TypeAlias

import attrs

from .calendar import Month, Months, Run
from .coverage import Segment
from .identity import AgentId
from .incentive import Acquired, Received
from .money import Rupiah
from .participant import (
    Participant,
    ParticipantLeft,
    ParticipantMoved,
    ParticipantRegistered,
    Payment,
)

Care: TypeAlias = tuple[Segment, AgentId, date]
"""One care: the segment, the agent, and the day since which they care for the participant."""

Named: TypeAlias = tuple[str, Payment]
"""A payment, after its reference."""


@attrs.frozen
class Line:
    """
    A part of what the *month* of an *agent* is worth: they have *earned* it.

    It is a new participant, or a contribution that came in.
    """

    agent: AgentId
    month: Month
    earned: Acquired | Received


def lines_of(participant: Participant) -> tuple[Line, ...]:
    """
    Return the lines that *participant* brings, as the facts that stand say.

    A contribution belongs to the agent in whose care the participant is on the day on which it
    is paid, and to the month of that day. Its months are numbered among those that are paid for
    in the same care, in the order of the calendar. A new participant belongs to the agent who
    registered them, in the month of the first contribution that they paid before they left.
    """
    payments = _standing(participant)
    cares = [_care(participant, payment) for _, payment in payments]
    runs: defaultdict[Care, list[Run]] = defaultdict(list)
    for care, (_, payment) in zip(cares, payments, strict=True):
        if care is not None:
            runs[care] += payment.months.runs
    numbers = {care: _Numbers(Months(there)) for care, there in runs.items()}
    return (
        *_acquired(participant, payments),
        *(
            Line(
                care[1],
                Month.of(each[1].on),
                _received(participant, each, numbers[care]),
            )
            for care, each in zip(cares, payments, strict=True)
            if care is not None
        ),
    )


def agents_named(participant: Participant) -> frozenset[AgentId]:
    """Return every agent to whom it was ever told that *participant* belongs, also by mistake."""
    named = [
        each.event.agent
        for each in participant.told
        if not isinstance(each.event, ParticipantMoved | ParticipantLeft)
    ]
    named += [each.agent for each in participant.voids.values()]
    return frozenset(agent for agent in named if agent is not None)


def _standing(participant: Participant) -> list[Named]:
    """Return the payments that stand, by day, first month and reference."""
    stand = [
        (reference, payment)
        for reference, payment in participant.payments.items()
        if not payment.corrected
    ]
    return sorted(stand, key=lambda each: (each[1].on, each[1].months.runs, each[0]))


def _care(participant: Participant, payment: Payment) -> Care | None:
    """Return in which care the participant is on the day of *payment*; a day is as at its end."""
    stay = participant.life.stay(payment.segment, payment.on)
    if stay is None or stay.agent is None:
        return None
    return payment.segment, stay.agent, stay.cared_since


def _acquired(participant: Participant, payments: list[Named]) -> Iterator[Line]:
    """Yield a line for each segment in which an agent registered the participant, once paid."""
    for told in participant.told:
        event = told.event
        if not isinstance(event, ParticipantRegistered) or event.agent is None:
            continue
        if told.version not in participant.life.met:
            continue
        _, *back = participant.entries(event.segment)
        stays = [
            stay
            for stay in participant.life.stays[event.segment]
            if not back or stay.begins < back[0]
        ]
        first = next(
            (
                (reference, payment)
                for reference, payment in payments
                if payment.segment is event.segment and payment.of is None
                if any(stay.has(payment.on) for stay in stays)
            ),
            None,
        )
        if first is not None:
            reference, payment = first
            new = Acquired(
                participant=participant.id,
                segment=event.segment,
                programmes=payment.programmes,
                reference=reference,
            )
            yield Line(event.agent, Month.of(payment.on), new)


def _received(participant: Participant, paid: Named, numbers: _Numbers) -> Received:
    reference, payment = paid
    [(first, last)] = payment.months.runs
    return Received(
        participant=participant.id,
        segment=payment.segment,
        reference=reference,
        amount=payment.amount,
        months=last - first + 1,
        number=numbers.of(first),
        parts=_parts(payment, last - first + 1),
    )


def _parts(payment: Payment, months: int) -> tuple[Rupiah, ...]:
    """Return what of *payment* is for each of its months, where it is what was due for them."""
    due = () if payment.check is None else payment.check.due
    return due if len(due) == months and sum(due) == payment.amount else ()


class _Numbers:
    """The numbers of *months*, in the order of the calendar, counted from 1."""

    def __init__(self, months: Months) -> None:
        self._firsts: Final = [first for first, _ in months.runs]
        lengths = (last - first + 1 for first, last in months.runs)
        self._before: Final = [0, *accumulate(lengths)]

    def of(self, index: int) -> int:
        """Return the number of the month at *index*, which is one of them."""
        run = bisect_right(self._firsts, index) - 1
        return self._before[run] + index - self._firsts[run] + 1
