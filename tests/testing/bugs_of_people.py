"""Wrong rules about the facts of participants: by telling, not by day, or never put right."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final, TypeAlias

import attrs

from jamsos.commands.command import Steps
from jamsos.commands.contributions import Pay
from jamsos.commands.participants import Register
from jamsos.commands.reading import Reading
from jamsos.domain.calendar import Month
from jamsos.domain.coverage import NOBODY, Change, Segment, Standing, merged
from jamsos.domain.decision import Accepted, Decision
from jamsos.domain.participant import (
    Participant,
    ParticipantCameBack,
    ParticipantContributionCorrected,
    ParticipantContributionPaid,
    ParticipantEvent,
    ParticipantFactVoided,
    ParticipantLeft,
    ParticipantMoved,
    ParticipantRegistered,
)
from jamsos.domain.participant.state import evolve
from jamsos.engine.session import Around, Decider
from jamsos.engine.world import Asked
from jamsos.policies.coverage import CITATION as RECORD
from jamsos.policies.standard import Judges
from jamsos.testing import World, law, only_if
from tests.testing.bugs import Bug

Otherwise: TypeAlias = Callable[[Participant, Any], Iterable[tuple[Segment, Standing]]]
"""The standings that an event would leave, of a participant as they are before it."""


def changing(kind: type[ParticipantEvent], otherwise: Otherwise) -> Around:
    """Let events of one *kind* change the standings *otherwise*."""

    def around(decide: Decider, command: Any, read: Reading, judges: Judges) -> Steps[Any]:
        return [
            (stream, _changed(read.participant(stream), decision, kind, otherwise))
            if isinstance(decision, Accepted) and any(isinstance(e, kind) for e in decision.events)
            else (stream, decision)
            for stream, decision in decide(command, read, judges)
        ]

    return around


def _changed(
    someone: Participant, decision: Accepted[Any], kind: type, otherwise: Otherwise
) -> Accepted[Any]:
    events = []
    for each in decision.events:
        event = each
        if isinstance(event, kind):
            after = dict(otherwise(someone, event))
            changes = tuple(
                Change.between(segment, before, after[segment])
                for segment, before in someone.recorded.items()
                if after.get(segment, before) != before
            )
            event = attrs.evolve(event, changes=changes)
        someone = evolve(someone, event)
        events.append(event)
    return Accepted(*events)


def ended(standing: Standing, month: Month) -> Standing:
    """Return *standing*, no longer registered in *month* nor after it."""
    kept = (attrs.evolve(spell, months=spell.months.before(month)) for spell in standing.spells)
    return attrs.evolve(standing, spells=merged(*kept))


def from_then_on(standing: Standing, month: Month, *, province: str) -> Standing:
    """Return *standing* in another *province* from *month* on."""
    after = (
        attrs.evolve(spell, months=spell.months.since(month), province=province)
        for spell in standing.spells
    )
    return attrs.evolve(standing, spells=merged(*ended(standing, month).spells, *after))


# -- A6: by the day, and not by the order of telling. -----------------------------------


@law("A participant counts in the province to which they came last, by the day", cite=RECORD)
def province_by_the_day(event: ParticipantMoved, after: Participant) -> None:
    for segment, standing in after.recorded.items():
        for spell in standing.spells:
            assert spell.months.first is not None
            came = [
                told.event
                for told in after.told
                if told.version in after.life.met and told.event.on <= spell.months.first.last_day
                if isinstance(told.event, ParticipantMoved)
                or (isinstance(told.event, _ENTRIES) and told.event.segment is segment)
            ]
            last = came[-1]
            assert spell.province == last.province, (
                f"counted in {spell.province} from {spell.months.first} on, and came to"
                f" {last.province} on {last.on}"
            )


_ENTRIES: Final = (ParticipantRegistered, ParticipantCameBack)


def put_last(someone: Participant, event: ParticipantMoved) -> Iterable[tuple[Segment, Standing]]:
    """Let a move hold from the last one that is known on, whatever its day."""
    moves = [told.event for told in someone.told if isinstance(told.event, ParticipantMoved)]
    since = max(Month.of(move.on) for move in (event, *moves))
    if since == Month.of(event.on):
        return evolve(someone, event).standings.items()
    return [
        (segment, from_then_on(standing, since, province=event.province))
        for segment, standing in someone.recorded.items()
        if someone.entered_by(segment, event.on)
    ]


# -- L3: a leaving that is told late. ---------------------------------------------------


@law("A leaving ends nothing that begins on a later day", cite=RECORD)
def what_begins_later_stands(event: ParticipantLeft, after: Participant) -> None:
    facts = [told.event for told in after.told if told.version in after.life.met]
    later = [f for f in facts if isinstance(f, _ENTRIES) and f.on > event.on]
    only_if(later)
    for entry in later:
        left = [
            f
            for f in facts
            if isinstance(f, ParticipantLeft) and f.segment in {None, entry.segment}
            if f.on >= entry.on
        ]
        here = after.recorded.get(entry.segment, NOBODY).current is not None
        assert here or left, f"left on {event.on}, and no longer there since {entry.on}"


def for_good(someone: Participant, event: ParticipantLeft) -> Iterable[tuple[Segment, Standing]]:
    """Let a leaving of the scheme end every segment that is known, also one of a later day."""
    yield from evolve(someone, event).standings.items()
    for segment, standing in someone.recorded.items():
        if event.segment is None and min(someone.entries(segment), default=event.on) > event.on:
            yield segment, ended(standing, Month.of(event.on))


# -- L4: what was voided, or corrected. -------------------------------------------------


@law("A participant counts in no month by a fact that was voided", cite=RECORD)
def voided_counts_for_nothing(event: ParticipantFactVoided, after: Participant) -> None:
    for segment, standing in after.recorded.items():
        stand = after.life.spells(segment)
        assert standing.spells == stand, f"{standing.spells} count in {segment}, and {stand} stand"


def left_in_the_counts(
    someone: Participant, event: ParticipantFactVoided
) -> Iterable[tuple[Segment, Standing]]:
    """Void a fact, and leave what it changed."""
    return someone.recorded.items()


@law("A month is covered as long as a payment for it stands", cite=RECORD)
def covered_while_paid(event: ParticipantContributionCorrected, after: Participant) -> None:
    stand = [p for p in after.payments.values() if not p.corrected]
    only_if(stand)
    for payment in stand:
        for programme in payment.programmes:
            covered = after.recorded[payment.segment].paid_for(programme)
            lost = payment.covers - covered
            assert not lost, f"{lost} stay paid for to {programme}, and are not covered"


def whole_months(
    someone: Participant, event: ParticipantContributionCorrected
) -> Iterable[tuple[Segment, Standing]]:
    """Let a correction take its months back, whichever payments cover them too."""
    standing = someone.recorded[event.segment]
    months = someone.payments[event.corrects].months
    less = (attrs.evolve(paid, months=paid.months - months) for paid in standing.paid)
    left = tuple(paid for paid in less if paid.months)
    yield event.segment, attrs.evolve(standing, paid=left)


# -- D1, A4: granted is what stands; nothing before the entry. --------------------------


@law("A registration that is granted stands, in every field", cite=RECORD, about=("participants",))
def granted_is_what_stands(command: Asked, answer: Decision[Any] | Exception, world: World) -> None:
    only_if(isinstance(command, Register) and isinstance(answer, Accepted))
    assert isinstance(command, Register)
    asked = (command.segment, command.province, command.agent, command.sponsor, command.on)
    stand = [
        (fact.segment, fact.province, fact.agent, fact.sponsor, fact.on)
        for fact in (told.event for told in world.participant(command.participant).told)
        if isinstance(fact, ParticipantRegistered)
    ]
    assert asked in stand, f"granted {asked}, and there stand {stand}"


def registered_already(command: Register, read: Reading, judges: Judges) -> Steps[Any]:
    """Take any registration of somebody who is registered for the one that stands."""
    if read.participant(command.participant).entries(command.segment):
        return [(command.participant, Accepted())]
    return command.decide(read, judges)


@law("Nobody pays in a segment before they entered it", cite=RECORD)
def paid_after_the_entry(before: Participant, event: ParticipantContributionPaid) -> None:
    entered = min(before.entries(event.segment))
    assert entered <= event.on, f"paid on {event.on}, and entered on {entered}"


def paid_on_any_day(command: Pay, read: Reading, judges: Judges) -> Steps[Any]:
    """Judge a payment of a day before the entry as if it were one of that day."""
    entered = read.participant(command.participant).entries(command.segment)
    known = attrs.evolve(command, on=max(command.on, min(entered, default=command.on)))
    return [
        (stream, Accepted(*(attrs.evolve(event, on=command.on) for event in decision.events)))
        if isinstance(decision, Accepted)
        else (stream, decision)
        for stream, decision in known.decide(read, judges)
    ]


OF_PEOPLE: Final = (
    Bug(
        name="a move told late is put last",
        law=province_by_the_day,
        shortest=None,
        around=changing(ParticipantMoved, put_last),
    ),
    Bug(
        name="a leaving takes back what begins later",
        law=what_begins_later_stands,
        shortest=3,
        around=changing(ParticipantLeft, for_good),
    ),
    Bug(
        name="a void leaves its change in the counts",
        law=voided_counts_for_nothing,
        shortest=2,
        around=changing(ParticipantFactVoided, left_in_the_counts),
    ),
    Bug(
        name="a correction takes back what another payment covers",
        law=covered_while_paid,
        shortest=4,
        around=changing(ParticipantContributionCorrected, whole_months),
    ),
    Bug(
        name="a second registration is granted in silence",
        law=granted_is_what_stands,
        shortest=2,
        deciders={Register: registered_already},
    ),
    Bug(
        name="a payment before the entry",
        law=paid_after_the_entry,
        shortest=2,
        deciders={Pay: paid_on_any_day},
    ),
)
