"""The base of each agent's incentive: new participants, and contributions that came in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property

import attrs

from jamsos.domain.calendar import Month
from jamsos.domain.identity import AgentId
from jamsos.domain.incentive import Acquired, Received
from jamsos.domain.lines import Line, lines_of
from jamsos.domain.participant import Participant


@attrs.frozen
class IncentiveBase:
    """
    By agent and month: the new participants, and the contributions that came in.

    It says what the facts that stand say: see `jamsos.domain.lines`.
    """

    lines: tuple[Line, ...] = ()

    def acquired(self, agent: AgentId, month: Month) -> tuple[Acquired, ...]:
        """Return the new participants of *agent* in *month*."""
        earned = self._earned.get((agent, month), ())
        return tuple(each for each in earned if isinstance(each, Acquired))

    def received(self, agent: AgentId, month: Month) -> tuple[Received, ...]:
        """Return the contributions that came in for *agent* in *month*."""
        earned = self._earned.get((agent, month), ())
        return tuple(each for each in earned if isinstance(each, Received))

    def agents(self, month: Month) -> frozenset[AgentId]:
        """Return the agents for whom anything came in in *month*."""
        return frozenset(agent for agent, there in self._earned if there == month)

    def months(self, agent: AgentId) -> frozenset[Month]:
        """Return the months in which anything came in for *agent*."""
        return frozenset(month for whose, month in self._earned if whose == agent)

    @cached_property
    def _earned(self) -> Mapping[tuple[AgentId, Month], list[Acquired | Received]]:
        earned: defaultdict[tuple[AgentId, Month], list[Acquired | Received]] = defaultdict(list)
        for line in self.lines:
            earned[line.agent, line.month].append(line.earned)
        return dict(earned)


@attrs.define
class Lines:
    """The lines of participants, and bases of them, found once for each state of everybody."""

    _lines: dict[str, tuple[Participant, tuple[Line, ...]]] = attrs.field(factory=dict)
    _bases: dict[str, tuple[list[Participant], IncentiveBase]] = attrs.field(factory=dict)

    def of(self, participant: Participant) -> tuple[Line, ...]:
        """Return the lines that *participant* brings."""
        found = self._lines.get(participant.id)
        if found is None or found[0] is not participant:
            found = participant, lines_of(participant)
            self._lines[participant.id] = found
        return found[1]

    def base(self, name: str, people: Iterable[Participant]) -> IncentiveBase:
        """Return the base of what *people* bring, in order; the one kept as *name* if it is."""
        ordered = sorted(people, key=lambda each: each.id)
        found = self._bases.get(name)
        if found is None or not _all_same(found[0], ordered):
            found = (
                ordered,
                IncentiveBase(tuple(line for each in ordered for line in self.of(each))),
            )
            self._bases[name] = found
        return found[1]


def _all_same(one: list[Participant], other: list[Participant]) -> bool:
    return len(one) == len(other) and all(a is b for a, b in zip(one, other, strict=True))
