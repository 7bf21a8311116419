"""A fact about a participant is voided: it was a mistake, and all is as if it had not been told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TypeVar

import attrs

from jamsos.domain.agent import RETOLD
from jamsos.domain.decision import Accepted, Decision, Refused
from jamsos.domain.money import check_whole
from jamsos.errors import InputError, NotFoundError

from .checks import FACTS, alike, named
from .events import (
    ParticipantContributionCorrected,
    ParticipantEvent,
    ParticipantFactVoided,
    ParticipantLeft,
    ParticipantMoved,
)
from .life import Told
from .payment import correct
from .refunding import void_refund
from .state import Participant, evolve

E = TypeVar("E", bound=ParticipantEvent)


def void(
    participant: Participant, *, version: int, reason: str, on: date
) -> Decision[ParticipantFactVoided | ParticipantContributionCorrected]:
    """
    Void the fact that the event with *version* in the participant's stream told.

    A payment is corrected, and what was paid back counts as paid again. The very same again does
    nothing. Raises `NotFoundError` if no fact of the participant has that version, and
    `InputError` if it was voided on another day or for another reason, and while another fact
    needs what it removes.
    """
    check_whole("version", version)
    for reference, payment in participant.payments.items():
        if payment.version == version:
            return correct(participant, corrects=reference, reason=reason, on=on)
        if (refund := payment.refund) is not None and refund.version == version:
            return void_refund(participant, reference, refund, reason=reason, on=on)
    known = participant.voids.get(version)
    if known is not None:
        if (known.reason, known.on) == (reason, on):
            return Accepted()
        msg = (
            f"version {version} of {participant.id} was voided already, on {known.on}, for"
            f" {known.reason!r}"
        )
        raise InputError(msg)
    event = voided(participant, version=version, reason=reason, on=on)
    after = evolve(participant, event)
    check_nothing_hangs(participant, after, _fact(participant, version))
    return Accepted(attrs.evolve(event, changes=participant.changes_to(after.standings)))


def retell(
    participant: Participant,
    decide: Callable[[Participant], Decision[E]],
    *,
    instead_of: int | None,
    on: date,
) -> Decision[E | ParticipantFactVoided]:
    """
    Decide on a fact that is told *instead of* the one with that version, which is voided.

    *decide* decides on it as if the other had not been told. If *instead_of* is None, nothing is
    voided. A fact that is equal to the one that it replaces, or was told so before, does nothing.
    Raises what `void` and *decide* raise.
    """
    if instead_of is None:
        return decide(participant)
    if (known := participant.voids.get(instead_of)) is not None:
        again = decide(participant)
        if isinstance(again, Accepted) and not again.events:
            return again
        msg = (
            f"version {instead_of} of {participant.id} was voided already, on {known.on}: tell the"
            f" fact by itself, or instead of one that stands"
        )
        raise InputError(msg)
    mistaken = _fact(participant, instead_of)
    voided_ = voided(participant, version=instead_of, reason=RETOLD, on=on)
    without = evolve(participant, voided_)
    voided_ = attrs.evolve(voided_, changes=participant.changes_to(without.standings))
    without = evolve(participant, voided_)
    answer = decide(without)
    if isinstance(answer, Refused):
        return answer
    after = without
    for event in answer.events:
        if isinstance(event, type(mistaken.event)) and alike(event, mistaken.event):
            return Accepted()
        after = evolve(after, event)
    check_nothing_hangs(participant, after, mistaken)
    return Accepted(voided_, *answer.events)


def voided(
    participant: Participant, *, version: int, reason: str, on: date
) -> ParticipantFactVoided:
    """
    Return the event that voids the fact with *version*, without its changes.

    Raises `NotFoundError` if no fact of membership has that version.
    """
    event = _fact(participant, version).event
    return ParticipantFactVoided(
        version=version,
        fact=FACTS[type(event)],
        fact_on=event.on,
        segment=None if isinstance(event, ParticipantMoved) else event.segment,
        agent=None if isinstance(event, ParticipantMoved | ParticipantLeft) else event.agent,
        reason=reason,
        changes=(),
        on=on,
    )


def check_nothing_hangs(before: Participant, after: Participant, mistaken: Told) -> None:
    """Raise `InputError` if a fact that stands *before* finds no more *after* what it needs."""
    lost = before.life.met - after.life.met - {mistaken.version}
    hangs = [named(told) for told in before.told if told.version in lost]
    hangs += [
        f"the payment {reference!r} of {payment.on}"
        for reference, payment in before.payments.items()
        if not payment.corrected
        and before.entered_by(payment.segment, payment.on)
        and not after.entered_by(payment.segment, payment.on)
    ]
    if hangs:
        msg = (
            f"{named(mistaken)} of {before.id} cannot be voided: {hangs[0]} needs it"
            f"{_others(len(hangs) - 1)}; void that first, or retell the fact"
        )
        raise InputError(msg)


def _others(number: int) -> str:
    return (
        f", and {number} more facts do" if number > 1 else ", and one more does" if number else ""
    )


def _fact(participant: Participant, version: int) -> Told:
    for told in participant.told:
        if told.version == version:
            return told
    facts = ", ".join(named(told) for told in participant.told) or "none"
    msg = (
        f"no fact about {participant.id} that can be voided has version {version!r}; those that"
        f" stand: {facts}"
    )
    raise NotFoundError(msg)
