"""Active participants by month, segment, province and agent, as a sum of deltas."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, TypeAlias

import attrs

from jamsos.domain.active import MANDATORY, Definition
from jamsos.domain.aggregate import Event
from jamsos.domain.calendar import FOREVER, Month, Months
from jamsos.domain.coverage import Change, Standing
from jamsos.domain.history import Recorded
from jamsos.domain.participant import (
    ParticipantCameBack,
    ParticipantContributionCorrected,
    ParticipantContributionPaid,
    ParticipantContributionRefunded,
    ParticipantFactVoided,
    ParticipantLeft,
    ParticipantMoved,
    ParticipantRegistered,
    ParticipantTransferred,
)
from jamsos.errors import InputError

Key: TypeAlias = tuple[str, str, str | None]
"""The key of a count: segment, province, agent (None: no agent)."""

DIMENSIONS: Final = ("segment", "province", "agent")

_TOUCH_COVERAGE: Final = (
    ParticipantContributionPaid,
    ParticipantRegistered,
    ParticipantContributionCorrected,
    ParticipantMoved,
    ParticipantTransferred,
    ParticipantLeft,
    ParticipantCameBack,
    ParticipantFactVoided,
    ParticipantContributionRefunded,
)


def changes(event: Event) -> tuple[Change, ...]:
    """Return what *event* changed in any participant's standing: mostly nothing or one."""
    return event.changes if isinstance(event, _TOUCH_COVERAGE) else ()


def cells(
    definition: Definition, programme: str, segment: str, standing: Standing
) -> Iterator[tuple[Key, Months]]:
    """Return the months in which *standing* counts, for each key it counts under."""
    if not standing.spells:
        return
    counted = definition.counted(standing, programme)
    for spell in standing.spells:
        months = counted & spell.months
        if months:
            yield (segment, spell.province, spell.agent), months


def places_of(dimensions: Iterable[str]) -> list[int]:
    """Return where in a key each of *dimensions* stands; raise `InputError` if none does."""
    wanted = list(dimensions)
    for dimension in wanted:
        if dimension not in DIMENSIONS:
            msg = f"there is no dimension {dimension!r}: count by {', '.join(DIMENSIONS)}"
            raise InputError(msg)
    return [DIMENSIONS.index(dimension) for dimension in wanted]


@attrs.define
class ActiveParticipants:
    """
    How many participants count in each month, under one definition and one programme.

    The unit is one participant in one segment. Each event adds what counts after it and
    takes off what counted before it, so the order of events does not matter, and two sums
    over two parts of a history `merge` into the sum over both.
    """

    definition: Definition
    programme: str = MANDATORY
    _steps: defaultdict[Key, defaultdict[int, int]] = attrs.field(
        factory=lambda: defaultdict(lambda: defaultdict(int)), repr=False
    )
    """For each key and month: how many more count than in the month before."""

    def apply(self, recorded: Recorded[Event]) -> None:
        """Take one more event into account. Events that touch no coverage pass by."""
        for change in changes(recorded.event):
            self.add(change.segment, change.after, 1)
            self.add(change.segment, change.before, -1)

    def add(self, segment: str, standing: Standing, number: int) -> None:
        """Add the counts of *number* participants with *standing*; a negative number takes off."""
        for key, months in cells(self.definition, self.programme, segment, standing):
            steps = self._steps[key]
            for first, last in months.runs:
                steps[first] += number
                if last != FOREVER:
                    steps[last + 1] -= number

    def merge(self, other: ActiveParticipants) -> None:
        """Add what *other* has summed over another part of the history."""
        if (other.definition, other.programme) != (self.definition, self.programme):
            msg = (
                f"sums of {self.definition.name} by {self.programme} and of"
                f" {other.definition.name} by {other.programme} cannot be added"
            )
            raise InputError(msg)
        for key, steps in other._steps.items():
            for month, step in steps.items():
                self._steps[key][month] += step

    def count(self, month: Month) -> int:
        """Return how many participants count in *month*."""
        return sum(self.by(month).values())

    def by(self, month: Month, *dimensions: str) -> Mapping[tuple[str | None, ...], int]:
        """
        Return the count in *month* by any of ``segment``, ``province`` and ``agent``.

        Parts that are 0 are left out. The parts add up to the count. Raises `InputError` for
        a dimension that there is not.
        """
        places = places_of(dimensions)
        parts: defaultdict[tuple[str | None, ...], int] = defaultdict(int)
        for key, steps in self._steps.items():
            number = sum(step for at, step in steps.items() if at <= month.index)
            if number:
                parts[tuple(key[place] for place in places)] += number
        return {part: number for part, number in parts.items() if number}

    def table(self, upto: Month) -> dict[tuple[int, Key], int]:
        """Return every count that is not 0 *upto* a month, by the month's index and by key."""
        table = {}
        for key, steps in self._steps.items():
            number = 0
            for month in range(min(steps, default=upto.index), upto.index + 1):
                number += steps.get(month, 0)
                if number:
                    table[month, key] = number
        return table
