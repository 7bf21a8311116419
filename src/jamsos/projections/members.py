"""The participants in a count, and the events that put them there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

import attrs

from jamsos.domain.active import MANDATORY, Definition
from jamsos.domain.aggregate import Event
from jamsos.domain.calendar import Month
from jamsos.domain.coverage import Segment, Standing
from jamsos.domain.history import Recorded
from jamsos.domain.identity import ParticipantId

from .active_participants import cells, changes


@attrs.frozen
class Member:
    """A participant who counts, under which key, and the positions of the events that say so."""

    participant: ParticipantId
    segment: Segment
    province: str
    agent: str | None
    events: tuple[int, ...]


@attrs.define
class Members:
    """
    The standing of every participant in each segment, with the events that made it.

    Unlike a sum, this keeps something of everybody: use it to open a count, not to count.
    """

    _standings: dict[tuple[str, Segment], Standing] = attrs.field(factory=dict, repr=False)
    _events: defaultdict[tuple[str, Segment], list[int]] = attrs.field(
        factory=lambda: defaultdict(list), repr=False
    )

    def apply(self, recorded: Recorded[Event]) -> None:
        """Take one more event into account."""
        for change in changes(recorded.event):
            who = (recorded.stream, change.segment)
            self._standings[who] = change.after
            self._events[who].append(recorded.position)

    def of(
        self, month: Month, definition: Definition, programme: str = MANDATORY
    ) -> Iterator[Member]:
        """Return the participants who count in *month*, in order of their names."""
        for who in sorted(self._standings):
            stream, segment = who
            standing = self._standings[who]
            for (_, province, agent), months in cells(definition, programme, segment, standing):
                if month in months:
                    events = tuple(self._events[who])
                    yield Member(ParticipantId(stream), segment, province, agent, events)


def members(
    history: Iterable[Recorded[Event]],
    month: Month,
    definition: Definition,
    programme: str = MANDATORY,
) -> list[Member]:
    """Return the participants who count in *month* by what *history* says."""
    everybody = Members()
    for recorded in history:
        everybody.apply(recorded)
    return list(everybody.of(month, definition, programme))
