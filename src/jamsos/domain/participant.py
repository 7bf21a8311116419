"""A participant (*peserta*): in which segments he is covered, and for what he has paid."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias, assert_never

import attrs

from jamsos.errors import InputError, NotFoundError

from .agent import Agent
from .calendar import Month, Months
from .coverage import NOBODY, Change, Segment, Standing
from .decision import Accepted, Decision, Policies, Refused, reasons
from .due import OTHER, OWN, Law
from .field import An
from .geography import ProvinceCode, province_code
from .identity import (
    AgentId,
    ParticipantId,
    ProgrammeName,
    RuleRef,
    agent_id,
    day,
    name,
    names,
    reference,
    rule_refs,
)
from .money import Rupiah, whole
from .value import Word

# -- What has happened. Stored for good: see `jamsos.store.catalogue`. ----------


class Channel(StrEnum):
    """How a participant was registered."""

    AGENT = "agent"
    DIRECT = "direct"
    SPONSOR = "sponsor"


class Payer(StrEnum):
    """Who paid a contribution."""

    SELF = "self"
    AGENT = "agent"
    EMPLOYER = "employer"
    SPONSOR = "sponsor"


class LeavingReason(StrEnum):
    """Why a participant left."""

    DEATH = "death"
    PENSION_AGE = "pension-age"
    LEFT_WORK = "left-work"
    OTHER = "other"


def _contiguous(_: object, attribute: attrs.Attribute[Months], value: Months) -> None:
    if not isinstance(value, Months) or not value.contiguous:
        msg = (
            f"{attribute.name} is {str(value)!r}: a payment covers one unbroken run of whole"
            f" months, such as 2018-01/2018-03"
        )
        raise InputError(msg)


@attrs.frozen(kw_only=True)
class ParticipantRegistered:
    """A participant was registered in a segment: by an agent, directly, or by a sponsor."""

    segment: Segment = attrs.field(validator=An(Segment))
    province: ProvinceCode = attrs.field(validator=province_code)
    channel: Channel = attrs.field(validator=An(Channel))
    agent: AgentId | None = attrs.field(validator=attrs.validators.optional(agent_id))
    sponsor: str | None = attrs.field(validator=attrs.validators.optional(reference))
    changes: tuple[Change, ...]
    on: date = attrs.field(validator=day)


@attrs.frozen(kw_only=True)
class Check:
    """
    On what a payment was checked against what is due.

    In a *sector*, and out of a *budget*, *due* is what was due for each month, in order, by
    *rules*; *credit* is what of it was paid too much before.
    """

    sector: Word = attrs.field(validator=name)
    budget: Word = attrs.field(validator=name)
    due: tuple[Rupiah, ...] = attrs.field(validator=attrs.validators.deep_iterable(whole))
    credit: Rupiah = attrs.field(validator=whole)
    rules: tuple[RuleRef, ...] = attrs.field(validator=rule_refs)


@attrs.frozen(kw_only=True)
class ParticipantContributionPaid:
    """
    A contribution was paid for an unbroken run of whole months.

    *income* is the monthly income it is reckoned on and *amount* the sum paid, both in
    rupiah; *reference* is the payer's own name for the payment. *check* says on what the amount
    was checked; None where it was recorded as it was told.
    """

    segment: Segment = attrs.field(validator=An(Segment))
    reference: str = attrs.field(validator=reference)
    programmes: tuple[ProgrammeName, ...] = attrs.field(validator=names)
    months: Months = attrs.field(validator=_contiguous)
    income: Rupiah = attrs.field(validator=whole)
    amount: Rupiah = attrs.field(validator=whole)
    payer: Payer = attrs.field(validator=An(Payer))
    check: Check | None = attrs.field(validator=attrs.validators.optional(An(Check)))
    changes: tuple[Change, ...]
    on: date = attrs.field(validator=day)


@attrs.frozen(kw_only=True)
class ParticipantContributionCorrected:
    """The payment that *corrects* names was a mistake: its months are not paid for."""

    segment: Segment = attrs.field(validator=An(Segment))
    corrects: str = attrs.field(validator=reference)
    reason: str = attrs.field(validator=name)
    changes: tuple[Change, ...]
    on: date = attrs.field(validator=day)


@attrs.frozen(kw_only=True)
class ParticipantMoved:
    """A participant moved to another province, in every segment he is in."""

    province: ProvinceCode = attrs.field(validator=province_code)
    changes: tuple[Change, ...]
    on: date = attrs.field(validator=day)


@attrs.frozen(kw_only=True)
class ParticipantTransferred:
    """A participant was given into the care of another agent, or of a branch."""

    segment: Segment = attrs.field(validator=An(Segment))
    agent: AgentId | None = attrs.field(validator=attrs.validators.optional(agent_id))
    branch: str | None = attrs.field(validator=attrs.validators.optional(reference))
    changes: tuple[Change, ...]
    on: date = attrs.field(validator=day)


@attrs.frozen(kw_only=True)
class ParticipantLeft:
    """A participant left a segment; or, where *segment* is None, the scheme."""

    segment: Segment | None = attrs.field(validator=attrs.validators.optional(An(Segment)))
    reason: LeavingReason = attrs.field(validator=An(LeavingReason))
    changes: tuple[Change, ...]
    on: date = attrs.field(validator=day)


@attrs.frozen(kw_only=True)
class ParticipantCameBack:
    """A participant who had left a segment came back to it. Old arrears are not counted."""

    segment: Segment = attrs.field(validator=An(Segment))
    province: ProvinceCode = attrs.field(validator=province_code)
    agent: AgentId | None = attrs.field(validator=attrs.validators.optional(agent_id))
    changes: tuple[Change, ...]
    on: date = attrs.field(validator=day)


ParticipantEvent: TypeAlias = (
    ParticipantRegistered
    | ParticipantContributionPaid
    | ParticipantContributionCorrected
    | ParticipantMoved
    | ParticipantTransferred
    | ParticipantLeft
    | ParticipantCameBack
)


# -- What that makes of a participant. -------------------------------------------


@attrs.frozen(kw_only=True)
class Payment:
    """A contribution that was paid, and whether it was corrected since."""

    segment: Segment
    programmes: tuple[ProgrammeName, ...]
    months: Months
    income: Rupiah
    amount: Rupiah
    check: Check | None = attrs.field(default=None, eq=False)
    """On what it was checked: the same payment, asked for again under another law, is the same."""
    corrected: bool = False


@attrs.frozen(kw_only=True)
class Participant:
    """One participant, as his events have made him."""

    id: ParticipantId
    standings: Mapping[Segment, Standing] = MappingProxyType({})
    payments: Mapping[str, Payment] = MappingProxyType({})
    entered_on: Mapping[Segment, date] = MappingProxyType({})
    """When he was registered in each segment, or last came back to it."""
    registered_on: Mapping[Segment, date] = MappingProxyType({})
    """When he was registered in each segment, for the first time."""
    changed_on: Mapping[Segment, date] = MappingProxyType({})
    """The day of the last change of province, agent or membership, in each segment."""
    branches: Mapping[Segment, str | None] = MappingProxyType({})
    """The branch that cares for him in each segment, where it is no agent."""
    died_on: date | None = None

    def standing(self, segment: Segment) -> Standing:
        """Return the standing in *segment*; an empty one where he was never registered."""
        return self.standings.get(segment, NOBODY)

    def programmes_checked(self, segment: Segment) -> frozenset[ProgrammeName]:
        """Return the programmes of payments in *segment* of which some may be paid too much."""
        return frozenset(
            name
            for payment in self.payments.values()
            if payment.segment is segment and payment.check is not None and not payment.corrected
            for name in payment.programmes
        )


def evolve(participant: Participant, event: ParticipantEvent) -> Participant:
    """Return *participant* as he is after *event*. Never refuses: it has happened."""
    standings = {**participant.standings, **{c.segment: c.after for c in event.changes}}
    payments, entered_on = participant.payments, participant.entered_on
    registered_on = participant.registered_on
    changed_on, branches = participant.changed_on, participant.branches
    died_on = participant.died_on
    match event:
        case ParticipantContributionPaid():
            payment = Payment(
                segment=event.segment,
                programmes=event.programmes,
                months=event.months,
                income=event.income,
                amount=event.amount,
                check=event.check,
            )
            payments = {**payments, event.reference: payment}
        case ParticipantContributionCorrected(corrects=corrects):
            if (mistaken := payments.get(corrects)) is not None:
                payments = {**payments, corrects: attrs.evolve(mistaken, corrected=True)}
        case (
            ParticipantRegistered(segment=segment, on=on)
            | ParticipantCameBack(segment=segment, on=on)
        ):
            entered_on = {**entered_on, segment: on}
            registered_on = {segment: on, **registered_on}
            branches = {**branches, segment: None}
        case ParticipantTransferred(segment=segment, branch=branch):
            branches = {**branches, segment: branch}
        case ParticipantLeft(reason=LeavingReason.DEATH, on=on):
            died_on = on
        case ParticipantLeft() | ParticipantMoved():
            pass
        case _:
            assert_never(event)
    if not isinstance(event, ParticipantContributionPaid | ParticipantContributionCorrected):
        changed_on = {**changed_on, **{change.segment: event.on for change in event.changes}}
    return Participant(
        id=participant.id,
        standings=standings,
        payments=payments,
        entered_on=entered_on,
        registered_on=registered_on,
        changed_on=changed_on,
        branches=branches,
        died_on=died_on,
    )


# -- What may happen next. -------------------------------------------------------


@attrs.frozen(kw_only=True)
class Enrolment:
    """The case of a participant who is to be registered, or to come back, in a segment."""

    participant: Participant
    segment: Segment
    province: ProvinceCode
    agent: Agent | None
    """The agent who is to enrol him, or None."""
    on: date


@attrs.frozen(kw_only=True)
class Contribution:
    """
    The case of a contribution that is to be paid.

    *law* is what the history has enacted of the programmes paid for, now and before. *added*
    says whether it is paid by somebody who adds participants, such as a donor.
    """

    participant: Participant
    segment: Segment
    programmes: tuple[ProgrammeName, ...]
    months: Months
    income: Rupiah
    amount: Rupiah
    on: date
    sector: Word = OTHER
    budget: Word = OWN
    added: bool = False
    law: Law = MappingProxyType({})

    @property
    def standing(self) -> Standing:
        """The participant's standing in the segment, as it is before the payment."""
        return self.participant.standing(self.segment)


@attrs.frozen(kw_only=True)
class Transfer:
    """The case of a participant who is to be given to an *agent*, or to a branch."""

    participant: Participant
    segment: Segment
    agent: Agent | None
    on: date


def register(
    case: Enrolment,
    *,
    channel: Channel,
    sponsor: str | None,
    policies: Policies[Enrolment],
) -> Decision[ParticipantRegistered]:
    """
    Register a participant in a segment; registering him there again does nothing.

    Raises `InputError` for one who has died, and for one who has left the segment: he comes back.
    """
    first = case.participant.registered_on.get(case.segment)
    here = case.participant.standing(case.segment).current is not None
    if here or first == case.on:  # as it was, or asked a second time
        return Accepted()
    _alive(case.participant, "be registered")
    if first is not None:
        msg = (
            f"{case.participant.id} was registered in segment {case.segment} on {first}, and has"
            f" left it: let him come back"
        )
        raise InputError(msg)
    if grounds := reasons(case, policies):
        return Refused(*grounds)
    agent = case.agent.id if case.agent is not None else None
    before = case.participant.standing(case.segment)
    after = before.entered(Month.of(case.on), case.province, agent)
    return Accepted(
        ParticipantRegistered(
            segment=case.segment,
            province=case.province,
            channel=channel,
            agent=agent,
            sponsor=sponsor,
            changes=_changes(case.segment, before, after),
            on=case.on,
        )
    )


def pay(
    case: Contribution,
    *,
    reference: str,
    payer: Payer,
    policies: Policies[Contribution],
    check: Check | None = None,
) -> Decision[ParticipantContributionPaid]:
    """
    Pay a contribution; the same payment under the same *reference* again does nothing.

    *check* says on what its amount was checked, if it was.

    Raises `NotFoundError` for one who was never registered in the segment, and
    `InputError` where the reference belongs to another payment.
    """
    _known(case.participant, case.segment)
    known = case.participant.payments.get(reference)
    if known is not None:
        asked = Payment(
            segment=case.segment,
            programmes=case.programmes,
            months=case.months,
            income=case.income,
            amount=case.amount,
        )
        if known == asked:
            return Accepted()
        msg = (
            f"{case.participant.id} has another payment under the reference {reference!r},"
            f" or one that was corrected: give each payment a reference of its own"
        )
        raise InputError(msg)
    if grounds := reasons(case, policies):
        return Refused(*grounds)
    before = case.standing
    return Accepted(
        ParticipantContributionPaid(
            segment=case.segment,
            reference=reference,
            programmes=case.programmes,
            months=case.months,
            income=case.income,
            amount=case.amount,
            payer=payer,
            check=check,
            changes=_changes(case.segment, before, before.covered(case.programmes, case.months)),
            on=case.on,
        )
    )


def correct(
    participant: Participant, *, corrects: str, reason: str, on: date
) -> Decision[ParticipantContributionCorrected]:
    """
    Correct a mistaken payment: its months are no longer paid for. Once for each payment.

    Raises `NotFoundError` where the participant has no payment under that reference.
    """
    payment = participant.payments.get(corrects)
    if payment is None:
        msg = f"{participant.id} has no payment {corrects!r} that could be corrected"
        raise NotFoundError(msg)
    if payment.corrected:
        return Accepted()
    before = participant.standing(payment.segment)
    after = before.uncovered(payment.programmes, payment.months)
    return Accepted(
        ParticipantContributionCorrected(
            segment=payment.segment,
            corrects=corrects,
            reason=reason,
            changes=_changes(payment.segment, before, after),
            on=on,
        )
    )


def move(
    participant: Participant, *, province: ProvinceCode, on: date
) -> Decision[ParticipantMoved]:
    """
    Move a participant, in every segment he is in. Nothing happens if he is there already.

    Raises `NotFoundError` for one who is in no segment.
    """
    current = {s: st for s, st in participant.standings.items() if st.current is not None}
    if not current:
        msg = f"{participant.id} is registered in no segment: he cannot move"
        raise NotFoundError(msg)
    changes: tuple[Change, ...] = ()
    for segment, before in current.items():
        _later(participant, segment, on, "move")
        changes += _changes(segment, before, before.moved(Month.of(on), province))
    if all(st.current is not None and st.current.province == province for st in current.values()):
        return Accepted()
    return Accepted(ParticipantMoved(province=province, changes=changes, on=on))


def transfer(
    case: Transfer, *, branch: str | None, policies: Policies[Transfer]
) -> Decision[ParticipantTransferred]:
    """
    Give a participant into the care of another agent, or of a branch.

    Nothing happens if he is in that agent's care already. Raises `NotFoundError` for one
    who is not registered in the segment.
    """
    before = _registered(case.participant, case.segment, "be transferred")
    agent = case.agent.id if case.agent is not None else None
    there = before.current is not None and before.current.agent == agent
    if there and case.participant.branches.get(case.segment) == branch:
        return Accepted()
    _later(case.participant, case.segment, case.on, "be transferred")
    if grounds := reasons(case, policies):
        return Refused(*grounds)
    return Accepted(
        ParticipantTransferred(
            segment=case.segment,
            agent=agent,
            branch=branch,
            changes=_changes(case.segment, before, before.transferred(Month.of(case.on), agent)),
            on=case.on,
        )
    )


def leave(
    participant: Participant, *, segment: Segment | None, reason: LeavingReason, on: date
) -> Decision[ParticipantLeft]:
    """
    Let a participant leave *segment*, or every segment where it is None; once.

    A death is reported for every segment, and may be reported late: what was recorded of
    later months stays recorded and counts for nothing. It is recorded of one who has left as
    well. Raises `NotFoundError` for one who
    was never registered.
    """
    if reason is LeavingReason.DEATH:
        segment = None
    if not participant.entered_on:
        msg = f"{participant.id} was never registered: he cannot leave"
        raise NotFoundError(msg)
    if segment is not None:
        _known(participant, segment)
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
                f"{participant.id} cannot leave on {on}: he entered segment {each} on"
                f" {participant.entered_on[each]}; give that day or a later one"
            )
            raise InputError(msg)
        changes += _changes(each, before, before.left(month))
    return Accepted(ParticipantLeft(segment=segment, reason=reason, changes=changes, on=on))


def come_back(case: Enrolment, *, policies: Policies[Enrolment]) -> Decision[ParticipantCameBack]:
    """
    Let a participant who has left a segment come back to it.

    Nothing happens if he is registered in it. Raises `NotFoundError` for one who never was,
    and `InputError` for one who has died.
    """
    _known(case.participant, case.segment)
    before = case.participant.standing(case.segment)
    if before.current is not None:
        return Accepted()
    _alive(case.participant, "come back")
    _later(case.participant, case.segment, case.on, "come back")
    if grounds := reasons(case, policies):
        return Refused(*grounds)
    agent = case.agent.id if case.agent is not None else None
    after = before.entered(Month.of(case.on), case.province, agent)
    return Accepted(
        ParticipantCameBack(
            segment=case.segment,
            province=case.province,
            agent=agent,
            changes=_changes(case.segment, before, after),
            on=case.on,
        )
    )


def _changes(segment: Segment, before: Standing, after: Standing) -> tuple[Change, ...]:
    return (Change.between(segment, before, after),)


def _alive(participant: Participant, verb: str) -> None:
    if participant.died_on is not None:
        msg = f"{participant.id} died on {participant.died_on}: he cannot {verb}"
        raise InputError(msg)


def _known(participant: Participant, segment: Segment) -> None:
    if segment not in participant.entered_on:
        msg = f"{participant.id} was never registered in segment {segment}: register him first"
        raise NotFoundError(msg)


def _registered(participant: Participant, segment: Segment, verb: str) -> Standing:
    standing = participant.standing(segment)
    if standing.current is None:
        msg = f"{participant.id} is not registered in segment {segment}: he cannot {verb}"
        raise NotFoundError(msg)
    return standing


def _later(participant: Participant, segment: Segment, on: date, verb: str) -> None:
    last = participant.changed_on.get(segment)
    if last is not None and on < last:
        msg = (
            f"{participant.id} cannot {verb} on {on}: a change of {last} is recorded already"
            f" for segment {segment}; give that day or a later one"
        )
        raise InputError(msg)
