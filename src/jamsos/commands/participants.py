"""Commands on participants: their membership, and in whose care they are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TypeVar

import attrs

from jamsos.domain import participant as participants
from jamsos.domain.coverage import Segment
from jamsos.domain.decision import Decision
from jamsos.domain.field import word_of
from jamsos.domain.geography import ProvinceCode, check_province
from jamsos.domain.participant import (
    Channel,
    Enrolment,
    LeavingReason,
    Participant,
    ParticipantCameBack,
    ParticipantEvent,
    ParticipantFactVoided,
    ParticipantLeft,
    ParticipantMoved,
    ParticipantRegistered,
    ParticipantTransferred,
)
from jamsos.errors import InputError
from jamsos.policies.standard import Judges

from .command import Steps
from .reading import Reading
from .referring import referring

BPU = Segment.NON_WAGE_EARNER

E = TypeVar("E", bound=ParticipantEvent)


@attrs.frozen(kw_only=True)
class Register:
    """
    Register a participant in a segment: by *agent*, by *sponsor*, or else directly.

    Refused if the agent's account is not active on that day. Told *instead of* the registration
    whose event has that version in the participant's stream, it voids that one. Raises
    `InputError` if both an agent and a sponsor are named, and for a participant who has died or
    was registered in the segment otherwise; one who has left it comes back, by `ComeBack`.
    """

    participant: str = attrs.field(kw_only=False)
    province: str
    on: date
    segment: Segment = BPU
    agent: str | None = None
    sponsor: str | None = None
    instead_of: int | None = None

    def streams(self) -> tuple[str, ...]:
        """Return the participant, and the agent if one is named."""
        return (self.participant,) if self.agent is None else (self.participant, self.agent)

    def decide(
        self, read: Reading, judges: Judges, /
    ) -> Steps[ParticipantRegistered | ParticipantFactVoided]:
        """Decide on the enrolment."""
        if self.agent is not None and self.sponsor is not None:
            msg = "a participant is registered by an agent or by a sponsor: name one of them"
            raise InputError(msg)
        by = Channel.DIRECT if self.sponsor is None else Channel.SPONSOR

        def decided(someone: Participant) -> Decision[ParticipantRegistered]:
            registered = participants.register(
                _enrolment(self, read, someone),
                channel=by if self.agent is None else Channel.AGENT,
                sponsor=self.sponsor,
                policies=judges[Enrolment],
            )
            return referring(registered, sponsor=self.sponsor)

        return _told(self, read, decided)


@attrs.frozen(kw_only=True)
class ComeBack:
    """
    Let a participant who has left a segment come back to it; *instead of* an earlier fact.

    Refused if the agent's account is not active on that day. Raises `InputError` for a
    participant who is in the segment on that day.
    """

    participant: str = attrs.field(kw_only=False)
    province: str
    on: date
    segment: Segment = BPU
    agent: str | None = None
    instead_of: int | None = None

    def streams(self) -> tuple[str, ...]:
        """Return the participant, and the agent if one is named."""
        return (self.participant,) if self.agent is None else (self.participant, self.agent)

    def decide(
        self, read: Reading, judges: Judges, /
    ) -> Steps[ParticipantCameBack | ParticipantFactVoided]:
        """Decide on the enrolment."""

        def decided(someone: Participant) -> Decision[ParticipantCameBack]:
            case = _enrolment(self, read, someone)
            return participants.come_back(case, policies=judges[Enrolment])

        return _told(self, read, decided)


def _enrolment(asked: Register | ComeBack, read: Reading, someone: Participant) -> Enrolment:
    return Enrolment(
        participant=someone,
        segment=asked.segment,
        province=ProvinceCode(asked.province),
        agent=None if asked.agent is None else read.agent(asked.agent),
        on=asked.on,
    )


@attrs.frozen(kw_only=True)
class Move:
    """
    Move a participant to another province; *instead of* an earlier fact.

    They are counted there from the month of *on*, in every segment that they are in on that day.
    """

    participant: str = attrs.field(kw_only=False)
    province: str
    on: date
    instead_of: int | None = None

    def streams(self) -> tuple[str, ...]:
        """Return the participant."""
        return (self.participant,)

    def decide(
        self, read: Reading, _: Judges, /
    ) -> Steps[ParticipantMoved | ParticipantFactVoided]:
        """Decide on the move, in every segment at once."""
        check_province(self.province, self.on)

        def decided(someone: Participant) -> Decision[ParticipantMoved]:
            return participants.move(someone, province=ProvinceCode(self.province), on=self.on)

        return _told(self, read, decided)


@attrs.frozen(kw_only=True)
class Transfer:
    """
    Give a participant into the care of an *agent*, or of a *branch*; *instead of* an earlier fact.

    Refused if the agent's account is not active on that day. Raises `InputError` unless one of
    the two is named.
    """

    participant: str = attrs.field(kw_only=False)
    on: date
    agent: str | None = None
    branch: str | None = None
    segment: Segment = BPU
    instead_of: int | None = None

    def streams(self) -> tuple[str, ...]:
        """Return the participant, and the agent if one is named."""
        return (self.participant,) if self.agent is None else (self.participant, self.agent)

    def decide(
        self, read: Reading, judges: Judges, /
    ) -> Steps[ParticipantTransferred | ParticipantFactVoided]:
        """Decide on the transfer."""
        if (self.agent is None) == (self.branch is None):
            msg = "a participant is given to an agent or to a branch: name one of them"
            raise InputError(msg)
        segment = word_of(Segment, self.segment, "segment")
        agent = None if self.agent is None else read.agent(self.agent)

        def decided(someone: Participant) -> Decision[ParticipantTransferred]:
            case = participants.Transfer(
                participant=someone, segment=segment, agent=agent, on=self.on
            )
            policies = judges[participants.Transfer]
            transferred = participants.transfer(case, branch=self.branch, policies=policies)
            return referring(transferred, branch=self.branch)

        return _told(self, read, decided)


@attrs.frozen(kw_only=True)
class Leave:
    """
    Let a participant leave *segment*, or every segment; *instead of* an earlier fact.

    A death ends them all. Raises `InputError` for a participant who is in none on that day.
    """

    participant: str = attrs.field(kw_only=False)
    reason: LeavingReason
    on: date
    segment: Segment | None = None
    instead_of: int | None = None

    def streams(self) -> tuple[str, ...]:
        """Return the participant."""
        return (self.participant,)

    def decide(self, read: Reading, _: Judges, /) -> Steps[ParticipantLeft | ParticipantFactVoided]:
        """Decide on the leaving."""
        segment = None if self.segment is None else word_of(Segment, self.segment, "segment")
        reason = word_of(LeavingReason, self.reason, "reason")

        def decided(someone: Participant) -> Decision[ParticipantLeft]:
            return participants.leave(someone, segment=segment, reason=reason, on=self.on)

        return _told(self, read, decided)


def _told(
    asked: Register | ComeBack | Move | Transfer | Leave,
    read: Reading,
    decided: Callable[[Participant], Decision[E]],
) -> Steps[E | ParticipantFactVoided]:
    """Decide on a fact, and on the one instead of which it is told."""
    someone = read.participant(asked.participant)
    answer = participants.retell(someone, decided, instead_of=asked.instead_of, on=asked.on)
    return [(asked.participant, answer)]
