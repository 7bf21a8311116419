"""The place and the care of a participant: a move to a province, a transfer to an agent."""

from __future__ import annotations

from datetime import date

import attrs

from jamsos.domain.agent import Agent
from jamsos.domain.calendar import Month
from jamsos.domain.coverage import Change, Segment
from jamsos.domain.decision import Accepted, Decision, Policies, Refused, reasons
from jamsos.domain.geography import ProvinceCode
from jamsos.errors import NotFoundError

from .checks import changes_between, check_later, check_registered
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
    Move a participant, in every segment they are in. Nothing happens if they are there already.

    Raises `NotFoundError` if the participant is in no segment.
    """
    current = {s: st for s, st in participant.standings.items() if st.current is not None}
    if not current:
        msg = f"{participant.id} is registered in no segment, and cannot move"
        raise NotFoundError(msg)
    changes: tuple[Change, ...] = ()
    for segment, before in current.items():
        check_later(participant, segment, on, "move")
        changes += changes_between(segment, before, before.moved(Month.of(on), province))
    if all(st.current is not None and st.current.province == province for st in current.values()):
        return Accepted()
    return Accepted(ParticipantMoved(province=province, changes=changes, on=on))


def transfer(
    case: Transfer, *, branch: str | None, policies: Policies[Transfer]
) -> Decision[ParticipantTransferred]:
    """
    Give a participant into the care of another agent, or of a branch.

    Nothing happens if they are in that agent's care already. Raises `NotFoundError` if the
    participant is not registered in the segment.
    """
    before = check_registered(case.participant, case.segment, "be transferred")
    agent = case.agent.id if case.agent is not None else None
    there = before.current is not None and before.current.agent == agent
    if there and case.participant.branches.get(case.segment) == branch:
        return Accepted()
    check_later(case.participant, case.segment, case.on, "be transferred")
    if grounds := reasons(case, policies):
        return Refused(*grounds)
    return Accepted(
        ParticipantTransferred(
            segment=case.segment,
            agent=agent,
            branch=branch,
            changes=changes_between(
                case.segment, before, before.transferred(Month.of(case.on), agent)
            ),
            on=case.on,
        )
    )
