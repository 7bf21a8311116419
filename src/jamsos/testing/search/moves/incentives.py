"""Moves about incentives: contributions are rewarded once they came in, and asked for again."""

from __future__ import annotations

from jamsos.commands.incentives import AwardIncentive, AwardIncentives
from jamsos.domain.calendar import Month
from jamsos.domain.lines import agents_named
from jamsos.domain.participant import ParticipantContributionPaid
from jamsos.engine.world import Asked
from jamsos.testing.names import AGENTS, PROGRAMME
from jamsos.testing.search.journey import Journey


def award(w: Journey) -> Asked | None:
    """Award the incentive of a month with contributions, most often, and ask again as well."""
    pairs = _pairs(w)
    if not pairs and not w.one_in(40):
        return None
    agent, month = w.pick(pairs) if pairs and not w.one_in(8) else (w.pick(AGENTS), _month(w))
    if not w.one_in(6):
        w.until((month + 1).first_day)
    if w.one_in(3):
        return AwardIncentives(PROGRAMME, month, on=w.today)
    return AwardIncentive(agent, month, on=w.day())


def _pairs(w: Journey) -> list[tuple[str, Month]]:
    """Return the agents and months of each line; and those that a wrong rule might add or keep."""
    pairs: list[tuple[str, Month]] = [(e.agent, e.month) for e in w.world.incentive_base().lines]
    for agent in AGENTS:
        pairs += ((agent, month) for month in w.world.agent(agent).incentives)
    for person in map(w.world.participant, w.people):
        months = {Month.of(payment.on): None for payment in person.payments.values()}
        pairs += ((agent, month) for agent in sorted(agents_named(person)) for month in months)
    return pairs


def _month(w: Journey) -> Month:
    """Return a month in which somebody paid, or the last one."""
    paid = {Month.of(e.on) for _, _, e in w.world.events if type(e) is ParticipantContributionPaid}
    return w.pick(sorted(paid)) if paid else Month.of(w.today) + -1
