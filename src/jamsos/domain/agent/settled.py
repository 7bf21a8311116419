"""The sum of an agent's awards for a month, and how an award or a claw-back changes it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import attrs

from jamsos.domain.coverage import Segment
from jamsos.domain.fixed import fixed, joined
from jamsos.domain.identity import ParticipantId, RuleRef
from jamsos.domain.incentive import Acquired, Incentive, Received, Rewarded

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
    """The rules under which the month was awarded first: it is computed under them ever after."""

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
            acquired=joined(before.acquired, acquired),
            contributions=joined(before.contributions, lines),
            acquisition=before.acquisition + event.acquisition,
            agent=before.agent + event.agent,
            office=before.office + event.office,
            rules=before.rules or event.rules,
        )
    return Settled(
        acquired=fixed({k: a for k, a in before.acquired.items() if k not in acquired}),
        contributions=fixed({k: r for k, r in before.contributions.items() if k not in lines}),
        acquisition=before.acquisition - event.acquisition,
        agent=before.agent - event.agent,
        office=before.office - event.office,
        rules=before.rules,
    )


@attrs.frozen(kw_only=True)
class Difference:
    """
    The lines by which two worths of a month differ: those *lost*, and those that are *new*.

    A contribution with another incentive than before is lost, and new; and so is a new participant
    with other programmes.
    """

    lost_acquired: tuple[Acquired, ...]
    lost: tuple[Rewarded, ...]
    new_acquired: tuple[Acquired, ...]
    new: tuple[Rewarded, ...]

    @property
    def goes(self) -> tuple[Acquired | Received, ...]:
        """The new participants and the contributions that are lost."""
        return (*self.lost_acquired, *(each.received for each in self.lost))

    @property
    def comes(self) -> tuple[Acquired | Received, ...]:
        """The new participants and the contributions that are new."""
        return (*self.new_acquired, *(each.received for each in self.new))

    def less(self) -> Difference:
        """Return the part of it that leads to less: what is gone, and contributions worth less."""
        acquired, new = by_participant(self.new_acquired), by_reference(self.new)
        lost = {
            key: each
            for key, each in by_reference(self.lost).items()
            if key not in new or new[key].incentive < each.incentive
        }
        return Difference(
            lost_acquired=tuple(
                each
                for key, each in by_participant(self.lost_acquired).items()
                if key not in acquired
            ),
            lost=tuple(lost.values()),
            new_acquired=(),
            new=tuple(each for key, each in new.items() if key in lost),
        )


def difference(before: Settled, now: Incentive) -> Difference:
    """Return the lines by which what is awarded differs from what the month is worth *now*."""
    acquired, lines = by_participant(now.acquired), by_reference(now.contributions)
    new = {key: each.programmes for key, each in acquired.items()}
    had = {key: each.programmes for key, each in before.acquired.items()}
    worth = {key: each.incentive for key, each in lines.items()}
    was = {key: each.incentive for key, each in before.contributions.items()}
    return Difference(
        lost_acquired=tuple(a for key, a in before.acquired.items() if new.get(key) != had[key]),
        lost=tuple(r for key, r in before.contributions.items() if worth.get(key) != was[key]),
        new_acquired=tuple(a for key, a in acquired.items() if had.get(key) != new[key]),
        new=tuple(r for key, r in lines.items() if was.get(key) != worth[key]),
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
