"""How many participants have each standing: the sum that every count can be read off."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import attrs

from jamsos.domain.active import MANDATORY, Definition
from jamsos.domain.aggregate import Event
from jamsos.domain.coverage import Segment, Standing
from jamsos.domain.history import Recorded

from .active_participants import ActiveParticipants, changes
from .flows import Flows


@attrs.define
class Census:
    """
    Deltas summed before any definition is chosen: how many there are of each standing.

    One pass over a history then answers for every definition and every programme.
    """

    _number: Counter[tuple[Segment, Standing]] = attrs.field(factory=Counter, repr=False)

    def apply(self, recorded: Recorded[Event]) -> None:
        """Take one more event into account."""
        for change in changes(recorded.event):
            self._number[change.segment, change.after] += 1
            self._number[change.segment, change.before] -= 1

    def __iter__(self) -> Iterator[tuple[Segment, Standing, int]]:
        """Iterate over each standing that is not balanced out, with how many there are of it."""
        for (segment, standing), number in self._number.items():
            if number:
                yield segment, standing, number

    @property
    def programmes(self) -> frozenset[str]:
        """The programmes for which somebody's coverage is paid, and the mandatory one."""
        paid = {p for _, standing, _ in self for paid in standing.paid for p in paid.programmes}
        return frozenset({MANDATORY, *paid})

    def active(self, definition: Definition, programme: str = MANDATORY) -> ActiveParticipants:
        """Return the same count as `ActiveParticipants` makes event by event."""
        active = ActiveParticipants(definition, programme)
        for segment, standing, number in self:
            active.add(segment, standing, number)
        return active

    def flows(self, definition: Definition, programme: str = MANDATORY) -> Flows:
        """Return the same flows as `Flows` makes event by event."""
        flows = Flows(definition, programme)
        for _, standing, number in self:
            flows.add(standing, number)
        return flows
