"""The law by which the order in which facts are told makes no difference."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final, TypeAlias, assert_never

import attrs

from jamsos.commands.contributions import Pay, PayDifference, Refund
from jamsos.commands.participants import ComeBack, Leave, Move, Register, Transfer
from jamsos.domain.coverage import NOBODY, Standing
from jamsos.domain.lines import lines_of
from jamsos.domain.participant import (
    Participant,
    ParticipantCameBack,
    ParticipantContributionRefunded,
    ParticipantLeft,
    ParticipantMoved,
    ParticipantRegistered,
    ParticipantTransferred,
    Payment,
)
from jamsos.domain.participant.events import Membership
from jamsos.engine.world import Asked, World
from jamsos.testing.laws.history import History
from jamsos.testing.laws.stating import Law, law, only_if

from .citing import HOW_IT_WORKS
from .worlds import copied, states_of

_Place: TypeAlias = tuple[date, int, int]
_PAYMENTS_OF_A_DAY: Final = 5
"""They come after all that is told of the participant's membership on the day."""


def order_of_telling_does_not_matter(*, about: Iterable[str] = ("participants",)) -> Law:
    """
    Return the law that participants come out alike in whichever order their facts are told.

    The facts of each participant that stand are told again in a copy of the world in which
    nothing is known of any, in the order of their days. Where all of them are accepted there, the
    standings that are counted are the same, and so is what they bring to their agents; name
    ``seats`` and ``agents`` in *about* too, for histories in which they have any.
    """

    @law(
        "In which order the facts of participants are told makes no difference",
        cite=HOW_IT_WORKS,
        about=about,
    )
    def order_of_telling_does_not_matter(history: History) -> None:
        again, compared = _without_participants(history.world), 0
        for person in states_of(history.world, Participant):
            steps = again.play(asked for _, asked in sorted(facts_of(person), key=_place))
            if any(step.outcome != "accepted" for step in steps):
                continue
            other = again.participant(person.id)
            compared += len(steps) > 1
            for segment in {*person.recorded, *other.recorded}:
                one, two = (each.recorded.get(segment, NOBODY) for each in (person, other))
                told = f"{person.id} is {_said(one)} in {segment}, as told"
                assert one == two, f"{told}, and {_said(two)} in order of days"
            brings = set(lines_of(person)) ^ set(lines_of(other))
            assert not brings, f"{person.id} brings other than in order of days: {brings}"
        only_if(compared)

    return order_of_telling_does_not_matter


def facts_of(person: Participant) -> Iterator[tuple[_Place, Asked]]:
    """Yield the command that tells each fact of *person* that stands, after its place in time."""
    for told in person.told:
        yield told.place, _telling(person, told.event)
    for reference, payment in person.payments.items():
        if not payment.corrected:
            place = payment.on, _PAYMENTS_OF_A_DAY, payment.version
            yield place, _paying(person, reference, payment)
            if payment.refund is not None:
                back, version = payment.refund.event, payment.refund.version
                yield (back.on, _PAYMENTS_OF_A_DAY, version), _refunding(person, back)


def _place(fact: tuple[_Place, Asked]) -> _Place:
    return fact[0]


def _telling(person: Participant, fact: Membership) -> Asked:
    match fact:
        case ParticipantRegistered():
            return Register(
                person.id,
                province=fact.province,
                on=fact.on,
                segment=fact.segment,
                agent=fact.agent,
                sponsor=fact.sponsor,
            )
        case ParticipantCameBack():
            return ComeBack(
                person.id,
                province=fact.province,
                on=fact.on,
                segment=fact.segment,
                agent=fact.agent,
            )
        case ParticipantMoved():
            return Move(person.id, province=fact.province, on=fact.on)
        case ParticipantTransferred():
            return Transfer(
                person.id,
                on=fact.on,
                agent=fact.agent,
                branch=fact.branch,
                segment=fact.segment,
            )
        case ParticipantLeft():
            return Leave(person.id, reason=fact.reason, on=fact.on, segment=fact.segment)
        case _:
            assert_never(fact)


def _paying(person: Participant, reference: str, payment: Payment) -> Asked:
    if payment.of is not None:
        return PayDifference(
            person.id,
            reference=reference,
            of=payment.of,
            income=payment.income,
            amount=payment.amount,
            on=payment.on,
            payer=payment.payer,
        )
    paying = Pay(
        person.id,
        reference=reference,
        months=payment.months,
        income=payment.income,
        amount=payment.amount,
        on=payment.on,
        programmes=payment.programmes,
        segment=payment.segment,
        payer=payment.payer,
    )
    if payment.check is None:
        return paying
    return attrs.evolve(paying, sector=str(payment.check.sector), budget=str(payment.check.budget))


def _refunding(person: Participant, back: ParticipantContributionRefunded) -> Asked:
    return Refund(
        person.id,
        refunds=back.refunds,
        claim=str(back.claim),
        claimed=back.claimed,
        amount=back.amount,
        on=back.on,
    )


def _without_participants(world: World) -> World:
    """Return a copy of *world* in which no participant is known."""
    copy = copied(world)
    people = {
        stream for stream, (state, _) in copy.states.items() if isinstance(state, Participant)
    }
    copy.states = {s: state for s, state in copy.states.items() if s not in people}
    copy.events = [each for each in copy.events if each[0] not in people]
    return copy


def _said(standing: Standing) -> str:
    """Return a *standing* in words: where and when registered, and for what it is paid."""
    there = [f"in {s.province} for {s.months} by {s.agent}" for s in standing.spells]
    paid = [f"paid to {', '.join(p.programmes)} for {p.months}" for p in standing.paid]
    return "; ".join((*there, *paid)) or "not there"
