"""The place and the care of a participant: a move to a province, a transfer to an agent."""

from __future__ import annotations

from datetime import date

import attrs

from jamsos.domain.agent import Agent
from jamsos.domain.coverage import Segment
from jamsos.domain.decision import Accepted, Decision, Policies, Refused, reasons
from jamsos.domain.geography import ProvinceCode
from jamsos.errors import NotFoundError

from .checks import check_entered, check_needs, check_once_a_day, standing_fact, with_changes
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
    if entries := participant.life.entries:
        check_entered(participant, min(entries, key=lambda each: entries[each][0]), "move", on)
    check_once_a_day(participant, event, "move")
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
    check_once_a_day(someone, event, "be transferred")
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
