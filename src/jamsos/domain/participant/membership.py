"""Registration in a segment, leaving it, and coming back."""

from __future__ import annotations

from datetime import date

import attrs

from jamsos.domain.agent import Agent
from jamsos.domain.calendar import Month
from jamsos.domain.coverage import Change, Segment
from jamsos.domain.decision import Accepted, Decision, Policies, Refused, reasons
from jamsos.domain.field import word_of
from jamsos.domain.geography import ProvinceCode, check_province
from jamsos.errors import InputError, NotFoundError

from .checks import changes_between, check_alive, check_known, check_later
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
    Register a participant in a segment; to register them there again does nothing.

    Raises `InputError` if the participant has died; and if they have left the segment, to which
    they can only come back.
    """
    first = case.participant.registered_on.get(case.segment)
    before = case.participant.standing(case.segment)
    if before.current is not None or first == case.on:  # as it was, or asked a second time
        return Accepted()
    check_alive(case.participant, "be registered")
    if first is not None:
        msg = (
            f"{case.participant.id} was registered in segment {case.segment} on {first}, and has"
            f" left it: let them come back"
        )
        raise InputError(msg)
    if grounds := reasons(case, policies):
        return Refused(*grounds)
    agent = case.agent.id if case.agent is not None else None
    after = before.entered(Month.of(case.on), case.province, agent)
    return Accepted(
        ParticipantRegistered(
            segment=case.segment,
            province=case.province,
            channel=channel,
            agent=agent,
            sponsor=sponsor,
            changes=changes_between(case.segment, before, after),
            on=case.on,
        )
    )


def leave(
    participant: Participant, *, segment: Segment | None, reason: LeavingReason, on: date
) -> Decision[ParticipantLeft]:
    """
    Let a participant leave *segment*, or every segment if it is None; once.

    A death is reported for every segment, and may be reported late: what was recorded of
    later months stays recorded and counts for nothing. It is recorded of a participant who has
    left as well. Raises `NotFoundError` if the participant was never registered.
    """
    if reason is LeavingReason.DEATH:
        segment = None
    if not participant.entered_on:
        msg = f"{participant.id} was never registered, and cannot leave"
        raise NotFoundError(msg)
    if segment is not None:
        check_known(participant, segment)
    month = Month.of(on)
    leaving = [
        s
        for s, standing in participant.standings.items()
        if standing.registered.since(month) and segment in {None, s}
    ]
    died = reason is LeavingReason.DEATH and participant.died_on is None
    if not leaving and not died:
        return Accepted()
    changes: tuple[Change, ...] = ()
    for each in leaving:
        before = participant.standing(each)
        if on < participant.entered_on[each]:
            msg = (
                f"{participant.id} cannot leave on {on}: they entered segment {each} on"
                f" {participant.entered_on[each]}; give that day or a later one"
            )
            raise InputError(msg)
        changes += changes_between(each, before, before.left(month))
    return Accepted(ParticipantLeft(segment=segment, reason=reason, changes=changes, on=on))


def come_back(case: Enrolment, *, policies: Policies[Enrolment]) -> Decision[ParticipantCameBack]:
    """
    Let a participant who has left a segment come back to it.

    Nothing happens if they are registered in it. Raises `NotFoundError` if they never were,
    and `InputError` if they have died.
    """
    check_known(case.participant, case.segment)
    before = case.participant.standing(case.segment)
    if before.current is not None:
        return Accepted()
    check_alive(case.participant, "come back")
    check_later(case.participant, case.segment, case.on, "come back")
    if grounds := reasons(case, policies):
        return Refused(*grounds)
    agent = case.agent.id if case.agent is not None else None
    after = before.entered(Month.of(case.on), case.province, agent)
    return Accepted(
        ParticipantCameBack(
            segment=case.segment,
            province=case.province,
            agent=agent,
            changes=changes_between(case.segment, before, after),
            on=case.on,
        )
    )
