"""The count made again from scratch, person by person: what every sum is checked against."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import TypeAlias

import attrs

from jamsos.domain.active import Definition
from jamsos.domain.aggregate import Event
from jamsos.domain.calendar import Month, Months
from jamsos.domain.coverage import Paid, Segment, Spell, Standing
from jamsos.domain.geography import ProvinceCode
from jamsos.domain.history import Recorded
from jamsos.domain.identity import AgentId, ProgrammeName
from jamsos.domain.participant import (
    ParticipantCameBack,
    ParticipantContributionCorrected,
    ParticipantContributionPaid,
    ParticipantEvent,
    ParticipantLeft,
    ParticipantMoved,
    ParticipantRegistered,
    ParticipantTransferred,
)

from .active_participants import Key

Place: TypeAlias = tuple[ProvinceCode, AgentId | None]


@attrs.define
class _Person:
    """One person, month by month, from what happened to him and nothing else."""

    where: defaultdict[Segment, dict[int, Place]] = attrs.field(factory=lambda: defaultdict(dict))
    payments: dict[str, ParticipantContributionPaid] = attrs.field(factory=dict)

    def live(self, event: ParticipantEvent, horizon: int) -> None:  # noqa: C901 - one case an event
        """Let *event* happen, looking no further than the month *horizon*."""
        later = range(Month.of(event.on).index, horizon + 1)
        match event:
            case ParticipantRegistered() | ParticipantCameBack():
                for month in later:
                    self.where[event.segment][month] = (event.province, event.agent)
            case ParticipantMoved(province=province):
                for months in self.where.values():
                    if horizon in months:
                        months.update({m: (province, months[m][1]) for m in later if m in months})
            case ParticipantTransferred(segment=segment, agent=agent):
                months = self.where[segment]
                months.update({m: (months[m][0], agent) for m in later if m in months})
            case ParticipantLeft(segment=segment):
                for left in self.where if segment is None else (segment,):
                    for month in later:
                        self.where[left].pop(month, None)
            case ParticipantContributionPaid(reference=reference):
                self.payments[reference] = event
            case ParticipantContributionCorrected(corrects=corrects):
                self.payments.pop(corrects, None)

    def standing(self, segment: Segment) -> Standing:
        """Return the standing that these months make, each spell a single month."""
        paid: defaultdict[ProgrammeName, list[tuple[int, int]]] = defaultdict(list)
        for payment in self.payments.values():
            if payment.segment == segment:
                for programme in payment.programmes:
                    paid[programme] += payment.months.runs
        return Standing(
            tuple(
                Spell(Months([(month, month)]), *place)
                for month, place in sorted(self.where[segment].items())
            ),
            tuple(Paid(programme, Months(runs)) for programme, runs in sorted(paid.items())),
        )


@attrs.define
class Recount:
    """
    Who counts in each month, found person by person, without looking at any recorded change.

    Slow and plain on purpose. *horizon* is the last month that is looked at.
    """

    horizon: Month
    _lives: defaultdict[str, list[ParticipantEvent]] = attrs.field(
        factory=lambda: defaultdict(list), repr=False
    )

    def apply(self, recorded: Recorded[Event]) -> None:
        """Take one more event into account."""
        if isinstance(recorded.event, ParticipantEvent):
            self._lives[recorded.stream].append(recorded.event)

    def count(
        self, definitions: Iterable[tuple[Definition, str]]
    ) -> dict[tuple[str, str], Counter[tuple[int, Key]]]:
        """
        Return how many count in each month under each key, up to the horizon.

        *definitions* are pairs of a definition and a programme; the counts are kept by
        their names.
        """
        wanted = list(definitions)
        counts: dict[tuple[str, str], Counter[tuple[int, Key]]] = {
            (definition.name, programme): Counter() for definition, programme in wanted
        }
        for events in self._lives.values():
            person = _Person()
            for event in events:
                person.live(event, self.horizon.index)
            for segment in person.where:
                standing = person.standing(segment)
                for definition, programme in wanted:
                    counted = definition.months(standing, programme)
                    counts[definition.name, programme].update(
                        (month, (segment, *place))
                        for month, place in person.where[segment].items()
                        if any(first <= month <= last for first, last in counted.runs)
                    )
        return counts
