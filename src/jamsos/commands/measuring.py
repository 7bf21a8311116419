"""The measures of an evaluation of a programme."""

from __future__ import annotations

from collections.abc import Iterable

from jamsos.domain.aggregate import Event
from jamsos.domain.calendar import Month
from jamsos.domain.history import Recorded
from jamsos.domain.identity import AgentId
from jamsos.domain.programme import Measures
from jamsos.formulas.active import IN_GRACE
from jamsos.projections.agent_performance import AgentPerformance
from jamsos.projections.retention import Retention


def measures_of(
    history: Iterable[Recorded[Event]],
    programme: str,
    *,
    month: Month,
    months: int,
    after_months: int,
) -> Measures:
    """
    Return the measures of *programme* at the end of *month* that *history* makes.

    Productive is an agent with an acquisition in the last *months*; still active, a participant
    who counts *after_months* after their first month, in grace.
    """
    performance, mine = AgentPerformance(), set[AgentId]()
    retention = Retention(IN_GRACE, after_months, agents=mine)
    known_at = 0
    for recorded in history:
        performance.apply(recorded)
        retention.apply(recorded)
        known_at = recorded.position
    mine |= {agent for agent, theirs in performance.recruited.items() if theirs == programme}
    return Measures(
        month=month,
        known_at=known_at,
        agents=len(performance.seated_on(month.last_day) & mine),
        productive_agents=len(performance.productive(month, months=months) & mine),
        acquired=sum(performance.acquired(agent, upto=month) for agent in mine),
        after_months=after_months,
        eligible=retention.eligible(month),
        still_active=retention.still_active(month),
        definition=IN_GRACE.name,
    )
