"""The place and the care of a participant: a move to a province, a transfer to an agent."""

from __future__ import annotations

from datetime import date

import attrs

from jamsos.domain.agent import Agent
from jamsos.domain.coverage import Segment
from jamsos.domain.decision import Accepted, Decision, Policies, Refused, reasons
from jamsos.domain.geography import ProvinceCode
from jamsos.errors import InputError, NotFoundError

from .checks import check_entered, check_needs, named, standing_fact, with_changes
from .events import ParticipantMoved, ParticipantTransferred
from .state import Participant


@attrs.frozen(kw_only=True)
class Transfer:
    """The case of a participant who is to be given to an *agent*, or to a branch."""

    participant: Participant
    segment: Segment
    agent: Agent | None
    on: date


def move(
    participant: Participant, *, province: ProvinceCode, on: date
) -> Decision[ParticipantMoved]:
    """
    Move a participant, in every segment they are in on that day; the very same does nothing.

    A move to the province in which they are is recorded too: it is a fact, and stands if the one
    that brought them there is voided. Raises `NotFoundError` if the participant is in no segment
    on that day, and `InputError` for a day before they entered and a second move on one day.
    """
    event = ParticipantMoved(province=province, changes=(), on=on)
    if standing_fact(participant, event) is not None:
        return Accepted()
    if days := [day for entered in participant.life.entries.values() for day in entered]:
        segment = min(participant.life.entries, key=lambda each: participant.entries(each)[0])
        if on < min(days):
            check_entered(participant, segment, "move", on)
    for told in participant.told:
        if isinstance(told.event, ParticipantMoved) and told.event.on == on:
            msg = (
                f"{participant.id} cannot move twice on {on}: {named(told)} stands; void that first"
            )
            raise InputError(msg)
    event, after = with_changes(participant, event)
    if after.version not in after.life.met:
        msg = f"{participant.id} is registered in no segment on {on}, and cannot move"
        raise NotFoundError(msg)
    check_needs(participant, after, "move", on)
    return Accepted(event)


def transfer(
    case: Transfer, *, branch: str | None, policies: Policies[Transfer]
) -> Decision[ParticipantTransferred]:
    """
    Give a participant into the care of another agent, or of a branch; the same does nothing.

    Raises `NotFoundError` if the participant is not registered in the segment on that day, and
    `InputError` for a day before they entered and a second transfer on one day.
    """
    someone, segment, on = case.participant, case.segment, case.on
    event = ParticipantTransferred(
        segment=segment,
        agent=None if case.agent is None else case.agent.id,
        branch=branch,
        changes=(),
        on=on,
    )
    if standing_fact(someone, event) is not None:
        return Accepted()
    if someone.entries(segment):
        check_entered(someone, segment, "be transferred", on)
    for told in someone.told:
        other = told.event
        if (
            isinstance(other, ParticipantTransferred)
            and other.segment is segment
            and other.on == on
        ):
            msg = (
                f"{someone.id} cannot be transferred twice on {on}: {named(told)} stands; void that"
                f" first"
            )
            raise InputError(msg)
    event, after = with_changes(someone, event)
    if after.version not in after.life.met:
        msg = (
            f"{someone.id} is not registered in segment {segment} on {on}, and cannot be"
            f" transferred"
        )
        raise NotFoundError(msg)
    check_needs(someone, after, "be transferred", on)
    if grounds := reasons(case, policies):
        return Refused(*grounds)
    return Accepted(event)
