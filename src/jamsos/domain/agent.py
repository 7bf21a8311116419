"""An agent (*Perisai*): how he comes to enrol workers, and how that ends."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final, TypeAlias, TypeVar, assert_never

import attrs

from jamsos.errors import InputError, NotFoundError

from .calendar import Month
from .citation import Citation
from .coverage import Segment
from .decision import Accepted, Decision, Policies, Reason, Refused, reasons
from .field import An
from .geography import ProvinceCode, Region, province_code, region
from .identity import (
    AgentId,
    ParticipantId,
    ProgrammeName,
    RuleRef,
    day,
    name,
    rule_refs,
)
from .incentive import Acquired, Incentive, Rewarded
from .money import Rupiah, whole
from .programme import Programme

# -- What has happened. Stored for good: see `jamsos.store.catalogue`. ----------


@attrs.frozen(kw_only=True)
class AgentRecruited:
    """An agent was recruited, on a seat of the programme's quota in *region*."""

    programme: ProgrammeName = attrs.field(validator=name)
    province: ProvinceCode = attrs.field(validator=province_code)
    region: Region = attrs.field(validator=region)
    rules: tuple[RuleRef, ...] = attrs.field(validator=rule_refs)
    on: date = attrs.field(validator=day)


@attrs.frozen(kw_only=True)
class AgentTrainingBegun:
    """The agent began his training (*masih belajar*)."""

    on: date = attrs.field(validator=day)


@attrs.frozen(kw_only=True)
class AgentCertified:
    """The agent passed the exam; he may not enrol anyone yet."""

    on: date = attrs.field(validator=day)


@attrs.frozen(kw_only=True)
class AgentAssigned:
    """The agent got his letter of assignment (*Surat Tugas*): his account is active."""

    on: date = attrs.field(validator=day)


class DeactivationReason(StrEnum):
    """Why an agent's account was deactivated."""

    IDLE = "idle"
    """No acquisition for as many consecutive months as the rule says."""
    OFFICE = "office"
    """The agreement with his office (*Wadah*) ended."""


@attrs.frozen(kw_only=True)
class AgentDeactivated:
    """
    The agent's account was deactivated, and his seat released.

    *idle_months* and *last_acquisition* are what his evaluation looked at, as the history
    knew it up to *known_at*; None where idleness was not the reason.
    """

    reason: DeactivationReason = attrs.field(validator=An(DeactivationReason))
    idle_months: int | None = attrs.field(validator=attrs.validators.optional(whole))
    last_acquisition: Month | None
    known_at: int | None = attrs.field(validator=attrs.validators.optional(whole))
    rules: tuple[RuleRef, ...] = attrs.field(validator=rule_refs)
    on: date = attrs.field(validator=day)


@attrs.frozen(kw_only=True)
class AgentReactivated:
    """The agent's account was made active again, on a seat in *region*."""

    region: Region = attrs.field(validator=region)
    rules: tuple[RuleRef, ...] = attrs.field(validator=rule_refs)
    on: date = attrs.field(validator=day)


@attrs.frozen(kw_only=True)
class AgentResigned:
    """The agent gave up his work, and his seat."""

    on: date = attrs.field(validator=day)


class TerminationCause(StrEnum):
    """For what an agent was terminated, with the loss of all rights."""

    FRAUD = "fraud"
    CRIME = "crime"
    GRATIFICATION = "gratification"


@attrs.frozen(kw_only=True)
class AgentTerminated:
    """The agent was terminated for a proven cause. There is no return."""

    cause: TerminationCause = attrs.field(validator=An(TerminationCause))
    on: date = attrs.field(validator=day)


@attrs.frozen(kw_only=True)
class AgentIncentiveAwarded:
    """
    The agent was awarded what he has earned in *month*, or what came to it since.

    *acquired* and *contributions* are what it is for, each named in no other award; *acquisition*
    is the part for new participants. *agent* and *office* are what each of them gets, at the
    latest by *pay_by*. The history was known up to *known_at*.
    """

    programme: ProgrammeName = attrs.field(validator=name)
    month: Month = attrs.field(validator=An(Month))
    acquired: tuple[Acquired, ...]
    contributions: tuple[Rewarded, ...]
    acquisition: Rupiah = attrs.field(validator=whole)
    agent: Rupiah = attrs.field(validator=whole)
    office: Rupiah = attrs.field(validator=whole)
    pay_by: date | None = attrs.field(validator=attrs.validators.optional(day))
    known_at: int = attrs.field(validator=whole)
    rules: tuple[RuleRef, ...] = attrs.field(validator=rule_refs)
    on: date = attrs.field(validator=day)


@attrs.frozen(kw_only=True)
class AgentIncentiveClawedBack:
    """
    What the agent was awarded for *month* was taken back in part: payments were corrected.

    *acquired* and *contributions* no longer count, and *acquisition* is lost of the part for new
    participants. *agent* and *office* are what each of them owes back.
    """

    programme: ProgrammeName = attrs.field(validator=name)
    month: Month = attrs.field(validator=An(Month))
    acquired: tuple[Acquired, ...]
    contributions: tuple[Rewarded, ...]
    acquisition: Rupiah = attrs.field(validator=whole)
    agent: Rupiah = attrs.field(validator=whole)
    office: Rupiah = attrs.field(validator=whole)
    known_at: int = attrs.field(validator=whole)
    rules: tuple[RuleRef, ...] = attrs.field(validator=rule_refs)
    on: date = attrs.field(validator=day)


AgentEvent: TypeAlias = (
    AgentRecruited
    | AgentTrainingBegun
    | AgentCertified
    | AgentAssigned
    | AgentDeactivated
    | AgentReactivated
    | AgentResigned
    | AgentTerminated
    | AgentIncentiveAwarded
    | AgentIncentiveClawedBack
)


# -- What that makes of an agent. ------------------------------------------------


class AgentStatus(StrEnum):
    """Where an agent stands. *In training* and *certified* are two things."""

    UNKNOWN = "unknown"
    RECRUITED = "recruited"
    IN_TRAINING = "in training"
    CERTIFIED = "certified"
    ACTIVE = "active"
    DEACTIVATED = "deactivated"
    RESIGNED = "resigned"
    TERMINATED = "terminated"


@attrs.frozen(kw_only=True)
class Settled:
    """What an agent has been awarded for one month, less what was clawed back."""

    acquired: Mapping[tuple[ParticipantId, Segment], Acquired] = MappingProxyType({})
    contributions: Mapping[tuple[ParticipantId, str], Rewarded] = MappingProxyType({})
    """Each contribution that is rewarded, by participant and reference."""
    acquisition: int = 0
    agent: int = 0
    office: int = 0
    rules: tuple[RuleRef, ...] = ()
    """The rules under which the month was awarded first: it is reckoned under them for good."""

    @property
    def gross(self) -> int:
        """The incentive, before the office gets its share."""
        return self.acquisition + sum(each.incentive for each in self.contributions.values())


UNSETTLED: Final = Settled()
"""Nothing has been awarded yet."""


@attrs.frozen(kw_only=True)
class Agent:
    """One agent, as his events have made him."""

    id: AgentId
    status: AgentStatus = AgentStatus.UNKNOWN
    programme: ProgrammeName | None = None
    province: ProvinceCode | None = None
    seat: Region | None = None
    """The region whose seat he holds, or None."""
    active_since: date | None = None
    """When his account was last made active."""
    deactivated_on: date | None = None
    """When his account was last deactivated."""
    last_event: date | None = None
    """The day of what happened last, awards aside: they come when a month is over."""
    incentives: Mapping[Month, Settled] = attrs.field(default=MappingProxyType({}), hash=False)
    """What he has been awarded, by the month in which it was earned."""


def evolve(agent: Agent, event: AgentEvent) -> Agent:
    """Return *agent* as he is after *event*. Never refuses: it has happened."""
    match event:
        case AgentRecruited():
            return attrs.evolve(
                agent,
                status=AgentStatus.RECRUITED,
                programme=event.programme,
                province=event.province,
                seat=event.region,
                last_event=event.on,
            )
        case AgentTrainingBegun(on=on):
            return attrs.evolve(agent, status=AgentStatus.IN_TRAINING, last_event=on)
        case AgentCertified(on=on):
            return attrs.evolve(agent, status=AgentStatus.CERTIFIED, last_event=on)
        case AgentAssigned(on=on):
            return attrs.evolve(agent, status=AgentStatus.ACTIVE, active_since=on, last_event=on)
        case AgentDeactivated(on=on):
            return attrs.evolve(
                agent,
                status=AgentStatus.DEACTIVATED,
                seat=None,
                deactivated_on=on,
                last_event=on,
            )
        case AgentReactivated(on=on):
            return attrs.evolve(
                agent,
                status=AgentStatus.ACTIVE,
                seat=event.region,
                active_since=on,
                last_event=on,
            )
        case AgentResigned(on=on):
            return attrs.evolve(agent, status=AgentStatus.RESIGNED, seat=None, last_event=on)
        case AgentTerminated(on=on):
            return attrs.evolve(agent, status=AgentStatus.TERMINATED, seat=None, last_event=on)
        case AgentIncentiveAwarded() | AgentIncentiveClawedBack():
            before = agent.incentives.get(event.month, UNSETTLED)
            settled = {**agent.incentives, event.month: _after(before, event)}
            return attrs.evolve(agent, incentives=settled)
        case _:
            assert_never(event)


def _after(before: Settled, event: AgentIncentiveAwarded | AgentIncentiveClawedBack) -> Settled:
    acquired, lines = _by_participant(event.acquired), _by_reference(event.contributions)
    if isinstance(event, AgentIncentiveAwarded):
        return Settled(
            acquired={**before.acquired, **acquired},
            contributions={**before.contributions, **lines},
            acquisition=before.acquisition + event.acquisition,
            agent=before.agent + event.agent,
            office=before.office + event.office,
            rules=before.rules or event.rules,
        )
    return Settled(
        acquired={key: a for key, a in before.acquired.items() if key not in acquired},
        contributions={key: r for key, r in before.contributions.items() if key not in lines},
        acquisition=before.acquisition - event.acquisition,
        agent=before.agent - event.agent,
        office=before.office - event.office,
        rules=before.rules,
    )


def _by_participant(
    acquired: tuple[Acquired, ...],
) -> dict[tuple[ParticipantId, Segment], Acquired]:
    return {(each.participant, each.segment): each for each in acquired}


def _by_reference(
    contributions: tuple[Rewarded, ...],
) -> dict[tuple[ParticipantId, str], Rewarded]:
    return {(each.received.participant, each.received.reference): each for each in contributions}


# -- What may happen next. -------------------------------------------------------

ONBOARDING: Final = Citation(
    "BPJS Ketenagakerjaan, questions and answers on the agency system",
    "before taking up duty: training, exam, certificate, letter of assignment",
    source="S06",
)
CONDUCT: Final = Citation(
    "Jabar Ekspres, 4-5 January 2018",
    "deactivation, return, termination with the loss of all rights",
    source="S20",
)


@attrs.frozen(kw_only=True)
class Deactivation:
    """
    The case of an agent whose account is to be deactivated as idle.

    *idle_months* are whole calendar months without an acquisition, up to the month before
    *on*, since the month after his account became active.
    """

    agent: Agent
    programme: Programme
    idle_months: int = attrs.field(validator=whole)
    on: date


@attrs.frozen(kw_only=True)
class Return:
    """The case of a deactivated agent who is to come back."""

    agent: Agent
    programme: Programme
    on: date


def recruit(
    agent: Agent,
    programme: Programme,
    *,
    province: ProvinceCode,
    region: Region,
    rules: tuple[RuleRef, ...],
    on: date,
) -> Decision[AgentRecruited]:
    """
    Recruit *agent*; recruiting him again does nothing. His seat is the quota's to give.

    Refused for one who has resigned or was terminated.
    """
    if agent.status in {AgentStatus.RESIGNED, AgentStatus.TERMINATED}:
        explanation = f"An agent who is {agent.status} cannot be recruited again."
        return Refused(Reason("agent-lifecycle", explanation, CONDUCT))
    if agent.status is not AgentStatus.UNKNOWN:
        return Accepted()
    return Accepted(
        AgentRecruited(
            programme=programme.name, province=province, region=region, rules=rules, on=on
        )
    )


def begin_training(agent: Agent, *, on: date) -> Decision[AgentTrainingBegun]:
    """Begin the training of a recruited agent."""
    return _step(agent, AgentTrainingBegun(on=on), (AgentStatus.RECRUITED,), ONBOARDING)


def certify(agent: Agent, *, on: date) -> Decision[AgentCertified]:
    """Certify an agent who is in training."""
    return _step(agent, AgentCertified(on=on), (AgentStatus.IN_TRAINING,), ONBOARDING)


def assign(agent: Agent, *, on: date) -> Decision[AgentAssigned]:
    """Make the account of a certified agent active."""
    return _step(agent, AgentAssigned(on=on), (AgentStatus.CERTIFIED,), ONBOARDING)


def idle_months(agent: Agent, *, last_acquisition: Month | None, on: date) -> int:
    """
    Return for how many whole months *agent* has acquired nobody, up to the month before *on*.

    Counted from the month after his account was last made active: months spent in training
    or deactivated are not idle ones. 0 for an agent whose account is not active.
    """
    if agent.status is not AgentStatus.ACTIVE or agent.active_since is None:
        return 0
    since = Month.of(agent.active_since)
    if last_acquisition is not None:
        since = max(since, last_acquisition)
    return max(0, Month.of(on) - since - 1)


def deactivate_idle(
    case: Deactivation,
    *,
    last_acquisition: Month | None,
    known_at: int,
    rules: tuple[RuleRef, ...],
    policies: Policies[Deactivation],
) -> Decision[AgentDeactivated]:
    """Deactivate an agent who has been idle for as long as the policies ask."""
    event = AgentDeactivated(
        reason=DeactivationReason.IDLE,
        idle_months=case.idle_months,
        last_acquisition=last_acquisition,
        known_at=known_at,
        rules=rules,
        on=case.on,
    )
    step = _step(case.agent, event, (AgentStatus.ACTIVE,), CONDUCT)
    return _judged(step, case, policies)


def deactivate(agent: Agent, *, on: date) -> Decision[AgentDeactivated]:
    """Deactivate an agent whose office no longer has an agreement."""
    event = AgentDeactivated(
        reason=DeactivationReason.OFFICE,
        idle_months=None,
        last_acquisition=None,
        known_at=None,
        rules=(),
        on=on,
    )
    return _step(agent, event, (AgentStatus.ACTIVE,), CONDUCT)


def reactivate(
    case: Return,
    *,
    region: Region,
    rules: tuple[RuleRef, ...],
    policies: Policies[Return],
) -> Decision[AgentReactivated]:
    """Make a deactivated agent's account active again, if the policies allow it."""
    event = AgentReactivated(region=region, rules=rules, on=case.on)
    return _judged(_step(case.agent, event, (AgentStatus.DEACTIVATED,), CONDUCT), case, policies)


_AT_WORK: Final = (
    AgentStatus.RECRUITED,
    AgentStatus.IN_TRAINING,
    AgentStatus.CERTIFIED,
    AgentStatus.ACTIVE,
    AgentStatus.DEACTIVATED,
)


def resign(agent: Agent, *, on: date) -> Decision[AgentResigned]:
    """Let an agent give up his work, at whatever stage he is."""
    return _step(agent, AgentResigned(on=on), _AT_WORK, CONDUCT)


def terminate(agent: Agent, *, cause: TerminationCause, on: date) -> Decision[AgentTerminated]:
    """Terminate an agent for a proven cause, at whatever stage he is; there is no return."""
    event = AgentTerminated(cause=cause, on=on)
    return _step(agent, event, (*_AT_WORK, AgentStatus.RESIGNED), CONDUCT)


@attrs.frozen(kw_only=True)
class Settlement:
    """The case of an agent who is to be awarded *incentive* for *month*."""

    agent: Agent
    month: Month
    incentive: Incentive
    on: date


def settle(
    case: Settlement,
    *,
    known_at: int,
    rules: tuple[RuleRef, ...],
    policies: Policies[Settlement],
) -> Decision[AgentIncentiveAwarded | AgentIncentiveClawedBack]:
    """
    Award what an agent has earned in a month and has not been awarded; claw back what he lost.

    No contribution is rewarded twice, and what was rewarded stays as it was reckoned. Nothing
    happens where nothing has changed. Where the policies refuse an award, what is lost is clawed
    back all the same. Raises `NotFoundError` for one who was never recruited, and `InputError`
    before the month is over.
    """
    agent, month, now = case.agent, case.month, case.incentive
    if agent.programme is None:
        msg = f"{agent.id} was never recruited: there is nothing to award"
        raise NotFoundError(msg)
    if case.on <= month.last_day:
        msg = f"the incentive of {month} is awarded when the month is over, not on {case.on}"
        raise InputError(msg)
    before = agent.incentives.get(month, UNSETTLED)
    acquired, lines = _by_participant(now.acquired), _by_reference(now.contributions)
    kept = min(before.acquisition, now.acquisition)
    kept_gross = kept + sum(r.incentive for key, r in before.contributions.items() if key in lines)
    to_agent, to_office = now.split(kept_gross)
    clawed = AgentIncentiveClawedBack(
        programme=agent.programme,
        month=month,
        acquired=tuple(a for key, a in before.acquired.items() if key not in acquired),
        contributions=tuple(r for key, r in before.contributions.items() if key not in lines),
        acquisition=Rupiah(before.acquisition - kept),
        agent=Rupiah(before.agent - to_agent),
        office=Rupiah(before.office - to_office),
        known_at=known_at,
        rules=before.rules,
        on=case.on,
    )
    new_lines = tuple(r for key, r in lines.items() if key not in before.contributions)
    more = now.acquisition - kept
    gross = kept_gross + more + sum(each.incentive for each in new_lines)
    agent_in_all, office_in_all = now.split(gross)
    awarded = AgentIncentiveAwarded(
        programme=agent.programme,
        month=month,
        acquired=tuple(a for key, a in acquired.items() if key not in before.acquired),
        contributions=new_lines,
        acquisition=Rupiah(more),
        agent=Rupiah(agent_in_all - to_agent),
        office=Rupiah(office_in_all - to_office),
        pay_by=now.pay_by,
        known_at=known_at,
        rules=before.rules or rules,
        on=case.on,
    )
    lost = (clawed,) if clawed.acquired or clawed.contributions or clawed.acquisition else ()
    if not (awarded.contributions or awarded.acquisition):
        return Accepted(*lost)
    if grounds := reasons(case, policies):
        return Accepted(*lost) if lost else Refused(*grounds)
    return Accepted(*lost, awarded)


_RESULT: Final = {
    AgentTrainingBegun: (AgentStatus.IN_TRAINING, "begin training"),
    AgentCertified: (AgentStatus.CERTIFIED, "be certified"),
    AgentAssigned: (AgentStatus.ACTIVE, "be assigned"),
    AgentDeactivated: (AgentStatus.DEACTIVATED, "be deactivated"),
    AgentReactivated: (AgentStatus.ACTIVE, "return"),
    AgentResigned: (AgentStatus.RESIGNED, "resign"),
    AgentTerminated: (AgentStatus.TERMINATED, "be terminated"),
}

E = TypeVar("E", bound=AgentEvent)
C = TypeVar("C")


def _step(
    agent: Agent, event: E, allowed: tuple[AgentStatus, ...], citation: Citation
) -> Decision[E]:
    """Let *event* happen to an agent who is at one of the *allowed* stages."""
    status, verb = _RESULT[type(event)]
    if agent.status is status:
        return Accepted()
    if agent.status is AgentStatus.UNKNOWN:
        msg = f"{agent.id} was never recruited: he cannot {verb}"
        raise NotFoundError(msg)
    if agent.status not in allowed:
        return Refused(
            Reason("agent-lifecycle", f"An agent who is {agent.status} cannot {verb}.", citation)
        )
    if agent.last_event is not None and event.on < agent.last_event:
        msg = (
            f"{agent.id} cannot {verb} on {event.on}:"
            f" something is recorded of him on {agent.last_event} already; give a later day"
        )
        raise InputError(msg)
    return Accepted(event)


def _judged(step: Decision[E], case: C, policies: Policies[C]) -> Decision[E]:
    """Return *step*, unless it would have *policies* to refuse it."""
    if isinstance(step, Refused) or not step.events:
        return step
    grounds = reasons(case, policies)
    return Refused(*grounds) if grounds else step
