"""The sum of an agent's awards for a month, and how an award or a claw-back changes it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import attrs

from jamsos.domain.coverage import Segment
from jamsos.domain.identity import ParticipantId, RuleRef
from jamsos.domain.incentive import Acquired, Rewarded

from .events import AgentIncentiveAwarded, AgentIncentiveClawedBack


@attrs.frozen(kw_only=True)
class Settled:
    """The awards of an agent for one month, less what was clawed back."""

    acquired: Mapping[tuple[ParticipantId, Segment], Acquired] = MappingProxyType({})
    contributions: Mapping[tuple[ParticipantId, str], Rewarded] = MappingProxyType({})
    """Each contribution that is rewarded, by participant and reference."""
    acquisition: int = 0
    agent: int = 0
    office: int = 0
    rules: tuple[RuleRef, ...] = ()
    """The rules under which the month was awarded first: it is computed under them for good."""

    @property
    def gross(self) -> int:
        """The incentive, before the office gets its share."""
        return self.acquisition + sum(each.incentive for each in self.contributions.values())


UNSETTLED: Final = Settled()
"""Nothing has been awarded yet."""


def settled_after(
    before: Settled, event: AgentIncentiveAwarded | AgentIncentiveClawedBack
) -> Settled:
    """Return what is awarded for the month of *event*, after it."""
    acquired, lines = by_participant(event.acquired), by_reference(event.contributions)
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


def by_participant(
    acquired: tuple[Acquired, ...],
) -> dict[tuple[ParticipantId, Segment], Acquired]:
    """Return *acquired* by participant and segment."""
    return {(each.participant, each.segment): each for each in acquired}


def by_reference(
    contributions: tuple[Rewarded, ...],
) -> dict[tuple[ParticipantId, str], Rewarded]:
    """Return *contributions* by participant and reference."""
    return {(each.received.participant, each.received.reference): each for each in contributions}
