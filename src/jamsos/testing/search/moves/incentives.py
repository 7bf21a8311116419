"""Moves about incentives: contributions are rewarded once they came in, and asked for again."""

from __future__ import annotations

from jamsos.commands.incentives import AwardIncentive, AwardIncentives
from jamsos.domain.calendar import Month
from jamsos.domain.participant import ParticipantContributionPaid
from jamsos.engine.world import Asked
from jamsos.testing.names import AGENTS, PROGRAMME
from jamsos.testing.search.journey import Journey


def award(w: Journey) -> Asked | None:
    """Award the incentive of a month with contributions, most often, and ask again as well."""
    base = w.world.incentive_base()
    months = sorted(
        {Month.of(e.on) for _, _, e in w.world.events if isinstance(e, ParticipantContributionPaid)}
    )
    month = w.pick(months) if months else Month.of(w.today) + -1
    earners = sorted(base.agents(month))
    if not earners and not w.one_in(40):
        return None
    agent = w.pick(AGENTS if not earners or w.one_in(8) else earners)
    if not w.one_in(6):
        w.until((month + 1).first_day)
    if w.one_in(3):
        return AwardIncentives(PROGRAMME, month, on=w.today)
    return AwardIncentive(agent, month, on=w.day())
