"""Commands on what agents earn: an incentive is awarded for a month that is over."""

from __future__ import annotations

from datetime import date

import attrs

from jamsos.domain.agent import AgentIncentiveAwarded, AgentIncentiveClawedBack
from jamsos.domain.calendar import Month, month_of
from jamsos.policies.standard import Judges

from .command import Steps
from .reading import Reading
from .settling import settled


@attrs.frozen(kw_only=True)
class AwardIncentive:
    """
    Award what *agent* has earned in *month* and has not been awarded yet.

    What they were awarded and have not earned, as is known by now, is clawed back. A contribution
    that moves between agents is taken from the one and given to the other at once, and the
    months of both are settled. Each is rewarded once, whatever is asked again. Refused for an
    agent who was terminated. Raises `InputError` before the month is over.
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
        agent = read.agent(self.agent).id
        return settled((agent, self.month), read, judges, on=self.on)


@attrs.frozen(kw_only=True)
class AwardIncentives:
    """
    Settle the incentives of *month* for every agent of *programme* who has earned something.

    And for every one who was awarded something for it, and has not earned it as is known by now.
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
            if self.month in read.agent(agent).incentives
            or self.month in read.incentive_base(agent).months(agent)
        ]
