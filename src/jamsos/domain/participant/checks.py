"""The checks that several decisions on a participant make, and the facts as errors name them."""

from __future__ import annotations

from datetime import date
from typing import Final, TypeVar

import attrs

from jamsos.domain.coverage import Segment
from jamsos.errors import InputError, NotFoundError

from .events import (
    Fact,
    LeavingReason,
    Membership,
    ParticipantCameBack,
    ParticipantEvent,
    ParticipantLeft,
    ParticipantMoved,
    ParticipantRegistered,
    ParticipantTransferred,
)
from .life import Told
from .state import Participant, Payment, evolve

E = TypeVar("E", bound=ParticipantEvent)

FACTS: Final = {
    ParticipantRegistered: Fact.REGISTERED,
    ParticipantCameBack: Fact.CAME_BACK,
    ParticipantLeft: Fact.LEFT,
    ParticipantMoved: Fact.MOVED,
    ParticipantTransferred: Fact.TRANSFERRED,
}
"""The kind of each fact of membership."""


def named(told: Told) -> str:
    """Return *told* as an error names it: the fact, its day, and the version of its event."""
    event = told.event
    match event:
        case ParticipantRegistered():
            what = f"the registration in segment {event.segment}"
        case ParticipantCameBack():
            what = f"the return to segment {event.segment}"
        case ParticipantMoved():
            what = f"the move to province {event.province}"
        case ParticipantTransferred():
            what = f"the transfer to {event.agent or f'branch {event.branch}'}"
        case ParticipantLeft(reason=LeavingReason.DEATH):
            what = "the death"
        case ParticipantLeft():
            what = f"the leaving of {'the scheme' if event.segment is None else event.segment}"
    return f"{what} of {event.on} (version {told.version})"


def with_changes(participant: Participant, event: E) -> tuple[E, Participant]:
    """Return *event* with what it changes of the standings, and the participant after it."""
    after = evolve(participant, event)
    changes = participant.changes_to(after.standings)
    return (attrs.evolve(event, changes=changes) if changes else event), after


def alike(one: Membership, other: Membership) -> bool:
    """Return whether two facts are equal in every field: what they change is no part of them."""
    return _told(one) == _told(other)


def standing_fact(participant: Participant, event: Membership) -> Told | None:
    """Return the fact that stands and is equal to *event* in every field, or None."""
    there = participant.facts.of_day(event.on)
    return next((told for told in there if alike(told.event, event)), None)


def _told(event: Membership) -> Membership:
    if isinstance(event, ParticipantLeft | ParticipantMoved):
        return attrs.evolve(event, changes=(), as_told=None)
    return attrs.evolve(event, changes=())


def check_once_a_day(
    participant: Participant, event: ParticipantMoved | ParticipantTransferred, verb: str
) -> None:
    """Raise `InputError` if another such fact stands on the day of *event*, in its segment."""
    segment = getattr(event, "segment", None)
    for told in participant.facts.of_day(event.on):
        other = told.event
        if type(other) is type(event) and getattr(other, "segment", None) is segment:
            msg = (
                f"{participant.id} cannot {verb} twice on {event.on}: {named(told)} stands; void"
                f" that first"
            )
            raise InputError(msg)


def check_needs(before: Participant, after: Participant, verb: str, on: date) -> None:
    """
    Raise `InputError` if a fact that stands *before* does not find what it needs *after*.

    Moves and transfers may be left without effect, and so may a leaving after a death: they
    were told in good faith, and are listed.
    """
    died = after.died_on is not None and before.died_on is None
    lost = before.life.met - after.life.met
    for told in before.told if lost else ():
        if told.version not in lost:
            continue
        entry = isinstance(told.event, ParticipantRegistered | ParticipantCameBack)
        if entry or (isinstance(told.event, ParticipantLeft) and not died):
            msg = (
                f"{before.id} cannot {verb} on {on}: {named(told)} stands, and cannot be true then;"
                f" give another day, or void that first"
            )
            raise InputError(msg)


def standing_payment(participant: Participant, reference: str) -> Payment:
    """
    Return the payment under *reference*.

    Raises `NotFoundError` if none stands, and `InputError` if it is a difference.
    """
    payment = participant.payments.get(reference)
    if payment is None or payment.corrected:
        stand = ", ".join(
            name
            for name, each in participant.payments.items()
            if each.of is None and not each.corrected
        )
        msg = (
            f"{participant.id} has no payment {reference!r} that stands; those that do:"
            f" {stand or 'none'}"
        )
        raise NotFoundError(msg)
    if payment.of is not None:
        msg = f"{reference!r} of {participant.id} is a difference for {payment.of!r}: name that"
        raise InputError(msg)
    return payment


def check_alive(participant: Participant, verb: str, on: date) -> None:
    """Raise `InputError` if *participant* has died before the day *on*."""
    died_on = participant.died_on
    if died_on is not None and died_on < on:
        msg = f"{participant.id} died on {died_on}, and cannot {verb} on {on}"
        raise InputError(msg)


def check_known(participant: Participant, segment: Segment) -> None:
    """Raise `NotFoundError` unless *participant* was ever registered in *segment*."""
    if not participant.entries(segment):
        msg = f"{participant.id} was never registered in segment {segment}: register them first"
        raise NotFoundError(msg)


def check_entered(participant: Participant, segment: Segment, verb: str, on: date) -> None:
    """Raise `InputError` if *on* lies before the registration in *segment*, which there is."""
    first = participant.entries(segment)[0]
    if on < first:
        msg = (
            f"{participant.id} cannot {verb} on {on}: they were registered in segment {segment} on"
            f" {first}; give that day or a later one"
        )
        raise InputError(msg)
