"""One count, with the definition, the month and the position that it stands on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

import attrs

from jamsos.domain.active import MANDATORY, Definition
from jamsos.domain.aggregate import Event
from jamsos.domain.calendar import Month
from jamsos.domain.fixed import fixed
from jamsos.domain.history import Recorded

from .active_participants import ActiveParticipants

Parts: TypeAlias = Mapping[tuple[str | None, ...], int]
"""Numbers by what stands in the dimensions that were asked for."""


def _fixed(parts: Parts) -> Parts:
    return fixed(parts)


@attrs.frozen
class Count:
    """
    How many participants count in *month*, under *definition*, as known at a position.

    *parts* is the same count by the dimensions *by*, and adds up to *total*. The unit is one
    participant in one segment, by their coverage in *programme*.
    """

    definition: Definition
    programme: str
    month: Month
    known_at: int
    total: int
    by: tuple[str, ...]
    parts: Parts = attrs.field(converter=_fixed)

    def __reduce__(self) -> tuple[object, ...]:
        """Return what it is made of again, in another process too."""
        given = (self.definition, self.programme, self.month, self.known_at, self.total, self.by)
        return Count, (*given, dict(self.parts))


def count(
    history: Iterable[Recorded[Event]],
    month: Month,
    definition: Definition,
    *,
    by: tuple[str, ...] = (),
    programme: str = MANDATORY,
) -> Count:
    """Return how many count in *month* by what *history* says, as the sum of its deltas."""
    active = ActiveParticipants(definition, programme)
    active.by(month, *by)
    known_at = 0
    for recorded in history:
        active.apply(recorded)
        known_at = recorded.position
    return Count(
        definition, programme, month, known_at, active.count(month), by, active.by(month, *by)
    )
