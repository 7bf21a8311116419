"""Registration in a segment, leaving it, and coming back."""

from __future__ import annotations

from datetime import date

import attrs

from jamsos.domain.agent import Agent
from jamsos.domain.coverage import Segment
from jamsos.domain.decision import Accepted, Decision, Policies, Refused, reasons
from jamsos.domain.field import word_of
from jamsos.domain.geography import ProvinceCode, check_province
from jamsos.errors import InputError, NotFoundError

from .checks import (
    check_alive,
    check_entered,
    check_known,
    check_needs,
    standing_fact,
    with_changes,
)
from .events import (
    Channel,
    LeavingReason,
    ParticipantCameBack,
    ParticipantLeft,
    ParticipantRegistered,
)
from .state import Participant


def _segment(value: Segment | str) -> Segment:
    return value if type(value) is Segment else word_of(Segment, value, "segment")


@attrs.frozen(kw_only=True)
class Enrolment:
    """
    The case of a participant who is to be registered, or to come back, in a segment.

    Raises `InputError` for a province that does not exist on the day.
    """

    participant: Participant
    segment: Segment = attrs.field(converter=_segment)
    province: ProvinceCode
    agent: Agent | None
    """The agent who is to enrol them, or None."""
    on: date

    def __attrs_post_init__(self) -> None:
        check_province(self.province, self.on)


def register(
    case: Enrolment,
    *,
    channel: Channel,
    sponsor: str | None,
    policies: Policies[Enrolment],
) -> Decision[ParticipantRegistered]:
    """
    Register a participant in a segment, once; the very same registration again does nothing.

    Raises `InputError` if another registration in the segment stands, and for a day after their
    death.
    """
    someone, segment = case.participant, case.segment
    event = ParticipantRegistered(
        segment=segment,
        province=case.province,
        channel=channel,
        agent=None if case.agent is None else case.agent.id,
        sponsor=sponsor,
        changes=(),
        on=case.on,
    )
    if standing_fact(someone, event) is not None:
        return Accepted()
    check_alive(someone, "be registered", case.on)
    for told in someone.told:
        known = told.event
        if isinstance(known, ParticipantRegistered) and known.segment is segment:
            raise InputError(_registered_already(someone, known, told.version, case.on))
    event, after = with_changes(someone, event)
    check_needs(someone, after, "be registered", case.on)
    if grounds := reasons(case, policies):
        return Refused(*grounds)
    return Accepted(event)


def leave(
    participant: Participant, *, segment: Segment | None, reason: LeavingReason, on: date
) -> Decision[ParticipantLeft]:
    """
    Let a participant leave *segment*, or every segment if it is None; the very same does nothing.

    A death is reported for every segment, of a participant who has left as well. It may be
    reported late, as any leaving: what was recorded of later days stays recorded and counts for
    nothing. Raises `NotFoundError` if the participant was never registered, and `InputError` if
    they are not in the segment on that day, for a second death, and for a day before an entry or
    a leaving that stands.
    """
    if reason is LeavingReason.DEATH:
        segment = None
    if not participant.told:
        msg = f"{participant.id} was never registered, and cannot leave"
        raise NotFoundError(msg)
    if segment is not None:
        check_known(participant, segment)
    event = ParticipantLeft(segment=segment, reason=reason, changes=(), on=on)
    if standing_fact(participant, event) is not None:
        return Accepted()
    check_alive(participant, "leave", on)
    if reason is LeavingReason.DEATH:
        _check_not_dead(participant, on)
    if segment is not None:
        check_entered(participant, segment, "leave", on)
    event, after = with_changes(participant, event)
    check_needs(participant, after, "leave", on)
    if after.version not in after.life.met:
        raise InputError(_not_in(participant, segment, on))
    return Accepted(event)


def come_back(case: Enrolment, *, policies: Policies[Enrolment]) -> Decision[ParticipantCameBack]:
    """
    Let a participant who has left a segment come back to it; the very same does nothing.

    Raises `NotFoundError` if they were never registered in it, and `InputError` if they are in it
    on that day, and for a day before their registration or after their death.
    """
    someone, segment = case.participant, case.segment
    check_known(someone, segment)
    event = ParticipantCameBack(
        segment=segment,
        province=case.province,
        agent=None if case.agent is None else case.agent.id,
        changes=(),
        on=case.on,
    )
    if standing_fact(someone, event) is not None:
        return Accepted()
    check_alive(someone, "come back", case.on)
    check_entered(someone, segment, "come back", case.on)
    event, after = with_changes(someone, event)
    if after.version not in after.life.met:
        since = max(day for day in someone.entries(segment) if day <= case.on)
        msg = (
            f"{someone.id} cannot come back on {case.on}: they are in segment {segment} since"
            f" {since}; record the leaving first"
        )
        raise InputError(msg)
    check_needs(someone, after, "come back", case.on)
    if grounds := reasons(case, policies):
        return Refused(*grounds)
    return Accepted(event)


def _registered_already(
    participant: Participant, known: ParticipantRegistered, version: int, on: date
) -> str:
    by = "" if known.agent is None else f" by {known.agent}"
    gone = known.on <= on and participant.life.stay(known.segment, on) is None
    then = (
        ", and has left it: let them come back"
        if gone
        else f"; if that is a mistake, void version {version} of their events, or retell it"
    )
    return (
        f"{participant.id} was registered in segment {known.segment} on {known.on}, in province"
        f" {known.province}{by}{then}"
    )


def _check_not_dead(participant: Participant, on: date) -> None:
    if participant.died_on is not None:
        msg = (
            f"{participant.id} cannot die on {on}: they died on {participant.died_on}; if that is a"
            f" mistake, void it, or retell it"
        )
        raise InputError(msg)


def _not_in(participant: Participant, segment: Segment | None, on: date) -> str:
    where = "any segment" if segment is None else f"segment {segment}"
    days = [
        day
        for each in ([segment] if segment is not None else participant.life.entries)
        for day in participant.entries(each)
    ]
    before = [day for day in days if day <= on]
    if on in days:
        return (
            f"{participant.id} cannot leave on {on}: they came back to {where} on that day; give a"
            f" later day"
        )
    stands = (
        f"they entered on {min(days)}; give that day or a later one"
        if not before
        else f"they entered on {max(before)} and have left since"
    )
    return f"{participant.id} cannot leave on {on}: they are not in {where} on that day: {stands}"
