"""Commands on what agents earn: an incentive is awarded for a month that is over."""

from __future__ import annotations

from datetime import date

import attrs

from jamsos.domain import agent as agents
from jamsos.domain.agent import Agent, AgentIncentiveAwarded, AgentIncentiveClawedBack
from jamsos.domain.calendar import Month, month_of
from jamsos.domain.explanation import Explained
from jamsos.domain.incentive import Earning, Incentive
from jamsos.domain.programme import Programme
from jamsos.formulas.agent_incentive import agent_incentive
from jamsos.policies.standard import Judges
from jamsos.projections.incentive_base import IncentiveBase

from .command import Steps
from .reading import Reading


@attrs.frozen(kw_only=True)
class AwardIncentive:
    """
    Award what *agent* has earned in *month* and has not been awarded yet.

    Awards for payments that were corrected since are clawed back. Each
    contribution is rewarded once, whatever is asked again. Refused for an agent who was
    terminated. Raises `InputError` before the month is over.
    """

    agent: str = attrs.field(kw_only=False)
    month: Month = attrs.field(kw_only=False, converter=month_of)
    on: date

    def streams(self) -> tuple[str, ...]:
        """Return the agent: the programme is known once the agent is read."""
        return (self.agent,)

    def decide(
        self, read: Reading, judges: Judges, /
    ) -> Steps[AgentIncentiveAwarded | AgentIncentiveClawedBack]:
        """Decide on the difference between what is earned and what was awarded."""
        agent = read.agent(self.agent)
        programme = read.programme(read.programme_of(agent))
        base = read.incentive_base(agent.id)
        earned = self.earned(agent, programme, base)
        settled = agents.settle(
            agents.Settlement(agent=agent, month=self.month, incentive=earned.value, on=self.on),
            known_at=read.known_at(),
            rules=earned.rules,
            policies=judges[agents.Settlement],
        )
        return [(self.agent, settled)]

    def earned(
        self, agent: Agent, programme: Programme, base: IncentiveBase
    ) -> Explained[Incentive]:
        """
        Return what *agent* has earned in the month, of what *base* has for them.

        A month keeps the rules under which it was first awarded.
        """
        before = agent.incentives.get(self.month)
        return agent_incentive(
            Earning(
                programme=programme if before is None else programme.as_read(before.rules),
                month=self.month,
                acquired=base.acquired(agent.id, self.month),
                received=base.received(agent.id, self.month),
            )
        )


@attrs.frozen(kw_only=True)
class AwardIncentives:
    """
    Settle the incentives of *month* for every agent of *programme* for whom anything came in.

    It stands for one `AwardIncentive` for each of them. Asked again, it settles what has
    changed since, and nothing else.
    """

    programme: str = attrs.field(kw_only=False)
    month: Month = attrs.field(kw_only=False, converter=month_of)
    on: date

    def expand(self, read: Reading, /) -> list[AwardIncentive]:
        """Return the command for each agent, in the order of their names."""
        agents_ = read.agents_of(read.programme(self.programme).name)
        read.ahead(agents_)
        return [
            AwardIncentive(agent, self.month, on=self.on)
            for agent in agents_
            if agent in read.incentive_base(agent).agents(self.month)
        ]
