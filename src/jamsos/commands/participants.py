"""Commands on participants: their membership, and in whose care they are."""

from __future__ import annotations

from datetime import date

import attrs

from jamsos.domain import participant as participants
from jamsos.domain.coverage import Segment
from jamsos.domain.field import word_of
from jamsos.domain.geography import ProvinceCode, check_province
from jamsos.domain.participant import (
    Channel,
    Enrolment,
    LeavingReason,
    ParticipantCameBack,
    ParticipantLeft,
    ParticipantMoved,
    ParticipantRegistered,
    ParticipantTransferred,
)
from jamsos.errors import InputError
from jamsos.policies.standard import Judges

from .command import Steps
from .reading import Reading

BPU = Segment.NON_WAGE_EARNER


@attrs.frozen(kw_only=True)
class Register:
    """
    Register a participant in a segment: by *agent*, by *sponsor*, or else directly.

    Refused if the agent's account is not active. Raises `InputError` if both an
    agent and a sponsor are named, and for a participant who has died or has left the segment:
    they come back, by `ComeBack`.
    """

    participant: str = attrs.field(kw_only=False)
    province: str
    on: date
    segment: Segment = BPU
    agent: str | None = None
    sponsor: str | None = None

    def streams(self) -> tuple[str, ...]:
        """Return the participant, and the agent if one is named."""
        return (self.participant,) if self.agent is None else (self.participant, self.agent)

    def decide(self, read: Reading, judges: Judges, /) -> Steps[ParticipantRegistered]:
        """Decide on the enrolment."""
        if self.agent is not None and self.sponsor is not None:
            msg = "a participant is registered by an agent or by a sponsor: name one of them"
            raise InputError(msg)
        by = Channel.DIRECT if self.sponsor is None else Channel.SPONSOR
        registered = participants.register(
            _enrolment(self, read),
            channel=by if self.agent is None else Channel.AGENT,
            sponsor=self.sponsor,
            policies=judges[Enrolment],
        )
        return [(self.participant, registered)]


@attrs.frozen(kw_only=True)
class ComeBack:
    """Let a participant who has left a segment come back to it."""

    participant: str = attrs.field(kw_only=False)
    province: str
    on: date
    segment: Segment = BPU
    agent: str | None = None

    def streams(self) -> tuple[str, ...]:
        """Return the participant, and the agent if one is named."""
        return (self.participant,) if self.agent is None else (self.participant, self.agent)

    def decide(self, read: Reading, judges: Judges, /) -> Steps[ParticipantCameBack]:
        """Decide on the enrolment."""
        came_back = participants.come_back(_enrolment(self, read), policies=judges[Enrolment])
        return [(self.participant, came_back)]


def _enrolment(asked: Register | ComeBack, read: Reading) -> Enrolment:
    return Enrolment(
        participant=read.participant(asked.participant),
        segment=asked.segment,
        province=ProvinceCode(asked.province),
        agent=None if asked.agent is None else read.agent(asked.agent),
        on=asked.on,
    )


@attrs.frozen(kw_only=True)
class Move:
    """Move a participant to another province: they are counted there from the month of *on*."""

    participant: str = attrs.field(kw_only=False)
    province: str
    on: date

    def streams(self) -> tuple[str, ...]:
        """Return the participant."""
        return (self.participant,)

    def decide(self, read: Reading, _: Judges, /) -> Steps[ParticipantMoved]:
        """Decide on the move, in every segment at once."""
        check_province(self.province, self.on)
        moved = participants.move(
            read.participant(self.participant), province=ProvinceCode(self.province), on=self.on
        )
        return [(self.participant, moved)]


@attrs.frozen(kw_only=True)
class Transfer:
    """
    Give a participant into the care of an *agent*, or of a *branch*.

    Refused if the agent's account is not active. Raises `InputError` unless one of
    the two is named.
    """

    participant: str = attrs.field(kw_only=False)
    on: date
    agent: str | None = None
    branch: str | None = None
    segment: Segment = BPU

    def streams(self) -> tuple[str, ...]:
        """Return the participant, and the agent if one is named."""
        return (self.participant,) if self.agent is None else (self.participant, self.agent)

    def decide(self, read: Reading, judges: Judges, /) -> Steps[ParticipantTransferred]:
        """Decide on the transfer."""
        if (self.agent is None) == (self.branch is None):
            msg = "a participant is given to an agent or to a branch: name one of them"
            raise InputError(msg)
        case = participants.Transfer(
            participant=read.participant(self.participant),
            segment=word_of(Segment, self.segment, "segment"),
            agent=None if self.agent is None else read.agent(self.agent),
            on=self.on,
        )
        policies = judges[participants.Transfer]
        transferred = participants.transfer(case, branch=self.branch, policies=policies)
        return [(self.participant, transferred)]


@attrs.frozen(kw_only=True)
class Leave:
    """Let a participant leave *segment*, or every segment; a death ends them all."""

    participant: str = attrs.field(kw_only=False)
    reason: LeavingReason
    on: date
    segment: Segment | None = None

    def streams(self) -> tuple[str, ...]:
        """Return the participant."""
        return (self.participant,)

    def decide(self, read: Reading, _: Judges, /) -> Steps[ParticipantLeft]:
        """Decide on the leaving."""
        left = participants.leave(
            read.participant(self.participant),
            segment=None if self.segment is None else word_of(Segment, self.segment, "segment"),
            reason=word_of(LeavingReason, self.reason, "reason"),
            on=self.on,
        )
        return [(self.participant, left)]
