"""The decisions on an agent's work, from recruitment to termination."""

from __future__ import annotations

from datetime import date

import attrs

from jamsos.domain.calendar import Month
from jamsos.domain.decision import Decision, Policies
from jamsos.domain.geography import ProvinceCode, Region, check_province
from jamsos.domain.identity import RuleRef
from jamsos.domain.money import whole
from jamsos.domain.programme import Programme

from .events import (
    AgentAssigned,
    AgentCertified,
    AgentDeactivated,
    AgentReactivated,
    AgentRecruited,
    AgentReseated,
    AgentResigned,
    AgentTerminated,
    AgentTrainingBegun,
    DeactivationReason,
    TerminationCause,
)
from .lifecycle import CONDUCT, ONBOARDING, advance, judged, robbed
from .stages import AgentStatus
from .state import Agent, evolve


@attrs.frozen(kw_only=True)
class Deactivation:
    """
    The case of an agent whose account is to be deactivated as idle.

    *idle_months* are whole calendar months without an acquisition, up to the month before
    *on*, since the month after the account became active.
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
    Recruit *agent*; the very same asked again does nothing. The seat is the quota's to give.

    Refused if the agent has resigned or was terminated. Raises `InputError` for a province that
    does not exist on the day, and if the agent was recruited otherwise, or on another day.
    """
    check_province(province, on)
    event = AgentRecruited(
        programme=programme.name, province=province, region=region, rules=rules, on=on
    )
    return advance(agent, event, CONDUCT)


def begin_training(agent: Agent, *, on: date) -> Decision[AgentTrainingBegun]:
    """Begin the training of a recruited agent."""
    return advance(agent, AgentTrainingBegun(on=on), ONBOARDING)


def certify(agent: Agent, *, on: date) -> Decision[AgentCertified]:
    """Certify an agent who is in training."""
    return advance(agent, AgentCertified(on=on), ONBOARDING)


def assign(agent: Agent, *, on: date) -> Decision[AgentAssigned]:
    """Make the account of a certified agent active."""
    return advance(agent, AgentAssigned(on=on), ONBOARDING)


def idle_months(agent: Agent, *, last_acquisition: Month | None, on: date) -> int:
    """
    Return for how many whole months *agent* has acquired nobody, up to the month before *on*.

    Counted from the month after the account was last made active, up to that day: months spent
    in training or deactivated are not idle ones. 0 for an agent whose account is not active at
    the end of the day.
    """
    since_day = agent.active_since_as_of(on)
    if since_day is None or agent.status_on(on) is not AgentStatus.ACTIVE:
        return 0
    since = Month.of(since_day)
    if last_acquisition is not None:
        since = max(since, last_acquisition)
    return max(0, Month.of(on) - since - 1)


def is_to_be_evaluated(agent: Agent, *, on: date) -> bool:
    """
    Return whether *agent* can be deactivated as idle on a day.

    Their account is active at the end of it, and no fact of a later day needs it to be.
    """
    if agent.status_on(on) is not AgentStatus.ACTIVE:
        return False
    ended = evolve(agent, _idle(0, None, 0, (), on))
    return next(robbed(agent.stages, ended.stages), None) is None


def deactivate_idle(
    case: Deactivation,
    *,
    last_acquisition: Month | None,
    known_at: int,
    rules: tuple[RuleRef, ...],
    policies: Policies[Deactivation],
) -> Decision[AgentDeactivated]:
    """Deactivate an agent who has been idle for as long as the policies ask."""
    event = _idle(case.idle_months, last_acquisition, known_at, rules, case.on)
    return judged(advance(case.agent, event, CONDUCT), case, policies)


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
    return advance(agent, event, CONDUCT)


def reactivate(
    case: Return,
    *,
    region: Region,
    rules: tuple[RuleRef, ...],
    policies: Policies[Return],
) -> Decision[AgentReactivated]:
    """Make a deactivated agent's account active again, if the policies allow it."""
    event = AgentReactivated(region=region, rules=rules, on=case.on)
    return judged(advance(case.agent, event, CONDUCT), case, policies)


def reseat(
    agent: Agent, *, region: Region, rules: tuple[RuleRef, ...], on: date
) -> Decision[AgentReseated]:
    """
    Let an agent go on with a seat of another *region*. The seats are the quotas' to give.

    Refused if the agent holds none on that day. Raises `InputError` if they got another on that
    day already.
    """
    return advance(agent, AgentReseated(region=region, rules=rules, on=on), CONDUCT)


def resign(agent: Agent, *, on: date) -> Decision[AgentResigned]:
    """Let an agent give up the work, at whatever stage they are."""
    return advance(agent, AgentResigned(on=on), CONDUCT)


def terminate(agent: Agent, *, cause: TerminationCause, on: date) -> Decision[AgentTerminated]:
    """Terminate an agent for a proven cause, at whatever stage they are; there is no return."""
    event = AgentTerminated(cause=cause, on=on)
    return advance(agent, event, CONDUCT)


def _idle(
    months: int,
    last_acquisition: Month | None,
    known_at: int,
    rules: tuple[RuleRef, ...],
    on: date,
) -> AgentDeactivated:
    return AgentDeactivated(
        reason=DeactivationReason.IDLE,
        idle_months=months,
        last_acquisition=last_acquisition,
        known_at=known_at,
        rules=rules,
        on=on,
    )
