"""The award of an agent's incentive for a month, and its claw-back."""

from __future__ import annotations

from datetime import date

import attrs

from jamsos.domain.calendar import Month
from jamsos.domain.decision import Accepted, Decision, Policies, Reason, Refused, reasons
from jamsos.domain.identity import RuleRef
from jamsos.domain.incentive import Incentive
from jamsos.domain.money import Rupiah
from jamsos.errors import InputError, NotFoundError

from .events import AgentIncentiveAwarded, AgentIncentiveClawedBack
from .settled import UNSETTLED, difference
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
    Award what the month is worth and was not awarded; claw back what it is not worth any more.

    A contribution whose incentive is another by now is clawed back whole, and awarded anew. Nothing
    happens if nothing has changed. If the policies refuse an award, what the month is worth less is
    clawed back all the same. Raises `NotFoundError` if the agent was never recruited, and
    `InputError` before the month is over.
    """
    agent, month, now = case.agent, case.month, case.incentive
    if agent.programme is None:
        msg = f"{agent.id} was never recruited: there is nothing to award"
        raise NotFoundError(msg)
    if case.on <= month.last_day:
        msg = f"the incentive of {month} is awarded when the month is over, not on {case.on}"
        raise InputError(msg)
    before = agent.incentives.get(month, UNSETTLED)
    by = difference(before, now)
    more = max(0, now.acquisition - before.acquisition)
    grounds: tuple[Reason, ...] = ()
    if more or by.new:
        grounds = reasons(case, policies)
    if grounds:
        by, more = by.less(), 0
    lost = before.acquisition - min(before.acquisition, now.acquisition)
    kept = before.gross - lost - sum(each.incentive for each in by.lost)
    to_agent, to_office = now.split(kept)
    events: list[AgentIncentiveAwarded | AgentIncentiveClawedBack] = []
    if by.lost_acquired or by.lost or lost:
        clawed = AgentIncentiveClawedBack(
            programme=agent.programme,
            month=month,
            acquired=by.lost_acquired,
            contributions=by.lost,
            acquisition=Rupiah(lost),
            agent=Rupiah(before.agent - to_agent),
            office=Rupiah(before.office - to_office),
            known_at=known_at,
            rules=before.rules,
            on=case.on,
        )
        events.append(clawed)
    if by.new or more or (by.lost_acquired and by.new_acquired):
        agent_in_all, office_in_all = now.split(kept + more + sum(r.incentive for r in by.new))
        awarded = AgentIncentiveAwarded(
            programme=agent.programme,
            month=month,
            acquired=by.new_acquired,
            contributions=by.new,
            acquisition=Rupiah(more),
            agent=Rupiah(agent_in_all - to_agent),
            office=Rupiah(office_in_all - to_office),
            pay_by=now.pay_by,
            known_at=known_at,
            rules=before.rules or rules,
            on=case.on,
        )
        events.append(awarded)
    return Refused(*grounds) if grounds and not events else Accepted(*events)
