"""How many of the participants whom agents acquired still count some months later."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

import attrs

from jamsos.domain.active import MANDATORY, Definition
from jamsos.domain.aggregate import Event
from jamsos.domain.calendar import Month
from jamsos.domain.coverage import Standing
from jamsos.domain.history import Recorded

from .active_participants import changes


@attrs.define
class Retention:
    """
    How many first registered with an agent count *after_months* months later, as deltas.

    Looked at are those whom an agent, one of *agents* if they are given, cares for at the end
    of their first month, which leaves out those who left in it. If *after_months* is 3, and
    somebody was registered in November, their February is looked at.
    """

    definition: Definition
    after_months: int
    programme: str = MANDATORY
    agents: Collection[str] | None = attrs.field(default=None, repr=False)
    _eligible: Counter[tuple[str, int]] = attrs.field(factory=Counter, repr=False)
    _still: Counter[tuple[str, int]] = attrs.field(factory=Counter, repr=False)

    def apply(self, recorded: Recorded[Event]) -> None:
        """Take one more event into account."""
        for change in changes(recorded.event):
            self._add(change.after, 1)
            self._add(change.before, -1)

    def _add(self, standing: Standing, sign: int) -> None:
        first = standing.registered.first
        if first is None or (agent := standing.spells[0].agent) is None:
            return
        look = first + self.after_months
        self._eligible[agent, look.index] += sign
        if look in self.definition.counted(standing, self.programme):
            self._still[agent, look.index] += sign

    def eligible(self, month: Month) -> int:
        """Return for how many participants the months have passed, by the end of *month*."""
        return self._upto(month, self._eligible)

    def still_active(self, month: Month) -> int:
        """Return how many of those counted in the month in which they were looked at."""
        return self._upto(month, self._still)

    def _upto(self, month: Month, looked_at: Counter[tuple[str, int]]) -> int:
        """Return the sum of what was *looked_at* by the end of *month*, for the agents asked."""
        return sum(
            number
            for (agent, at), number in looked_at.items()
            if at <= month.index and (self.agents is None or agent in self.agents)
        )
