"""How many seats are issued and taken, by programme and region, and on which day."""

from __future__ import annotations

from datetime import date

import attrs

from jamsos.domain.aggregate import Event, kind, state
from jamsos.domain.geography import NATIONAL
from jamsos.domain.history import Recorded
from jamsos.domain.quota import Quota


@attrs.define
class CapUse:
    """The quotas of every programme and region, as their events have made them."""

    _quotas: dict[str, Quota] = attrs.field(factory=dict, repr=False)

    def apply(self, recorded: Recorded[Event]) -> None:
        """Take one more event into account."""
        if kind(recorded.stream) == "quota":
            before = self._quotas.get(recorded.stream)
            after = state(recorded.stream, [recorded.event], since=before)
            if isinstance(after, Quota):
                self._quotas[recorded.stream] = after

    def quotas(self, programme: str, *, on: date | None = None) -> tuple[Quota, ...]:
        """
        Return the quotas of *programme*, the national one first, then by region.

        As they stood at the end of the day *on*; or else once all days are over that something
        was told of.
        """
        of_programme = (q for q in self._quotas.values() if q.programme == programme)
        there = sorted(of_programme, key=lambda q: (q.region != NATIONAL, q.region))
        return tuple(quota if on is None else quota.at(on) for quota in there)

    def taken(self, programme: str, *, on: date | None = None) -> int:
        """Return how many seats of *programme* are taken, in all regions together."""
        return sum(quota.taken for quota in self.quotas(programme, on=on))

    def issued(self, programme: str, *, on: date | None = None) -> int:
        """Return how many seats of *programme* are allotted, in all regions together."""
        return sum(quota.allotted for quota in self.quotas(programme, on=on))
