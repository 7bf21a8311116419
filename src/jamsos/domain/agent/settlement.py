"""The award of an agent's incentive for a month, and its claw-back."""

from __future__ import annotations

from datetime import date

import attrs

from jamsos.domain.calendar import Month
from jamsos.domain.decision import Accepted, Decision, Policies, Refused, reasons
from jamsos.domain.identity import RuleRef
from jamsos.domain.incentive import Incentive
from jamsos.domain.money import Rupiah
from jamsos.errors import InputError, NotFoundError

from .events import AgentIncentiveAwarded, AgentIncentiveClawedBack
from .settled import UNSETTLED, by_participant, by_reference
from .state import Agent


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
    Award what an agent has earned in a month and has not been awarded; claw back what is lost.

    No contribution is rewarded twice, and a reward stays as it was computed. Nothing happens if
    nothing has changed. If the policies refuse an award, what is lost is clawed back all the
    same. Raises `NotFoundError` if the agent was never recruited, and `InputError` before the
    month is over.
    """
    agent, month, now = case.agent, case.month, case.incentive
    if agent.programme is None:
        msg = f"{agent.id} was never recruited: there is nothing to award"
        raise NotFoundError(msg)
    if case.on <= month.last_day:
        msg = f"the incentive of {month} is awarded when the month is over, not on {case.on}"
        raise InputError(msg)
    before = agent.incentives.get(month, UNSETTLED)
    acquired, lines = by_participant(now.acquired), by_reference(now.contributions)
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
