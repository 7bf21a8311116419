"""The count made again from scratch, person by person: every sum is checked against it."""

from __future__ import annotations

from collections import defaultdict
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
    """One person, month by month, from what happened to them and nothing else."""

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

    def spells(self, segment: Segment) -> list[tuple[int, int, Place]]:
        """Return the first and last month of each unbroken run in one place."""
        spells: list[tuple[int, int, Place]] = []
        for month, place in sorted(self.where[segment].items()):
            if spells and spells[-1][1:] == (month - 1, place):
                spells[-1] = (spells[-1][0], month, place)
            else:
                spells.append((month, month, place))
        return spells

    def standing(self, segment: Segment, spells: list[tuple[int, int, Place]]) -> Standing:
        """Return the standing that *spells*, and what was paid, make."""
        paid: defaultdict[ProgrammeName, list[tuple[int, int]]] = defaultdict(list)
        for payment in self.payments.values():
            if payment.segment == segment:
                for programme in payment.programmes:
                    paid[programme] += payment.months.runs
        return Standing(
            tuple(Spell(Months([(first, last)]), *place) for first, last, place in spells),
            tuple(Paid((programme,), Months(runs)) for programme, runs in sorted(paid.items())),
        )


@attrs.define
class Recount:
    """
    The participants who count in each month, person by person, whatever changes are recorded.

    Slow and plain on purpose.
    """

    _lives: defaultdict[str, list[ParticipantEvent]] = attrs.field(
        factory=lambda: defaultdict(list), repr=False
    )

    def apply(self, recorded: Recorded[Event]) -> None:
        """Take one more event into account."""
        if isinstance(recorded.event, ParticipantEvent):
            self._lives[recorded.stream].append(recorded.event)

    @property
    def programmes(self) -> frozenset[str]:
        """The programmes for which anybody has paid."""
        return frozenset(
            programme
            for events in self._lives.values()
            for event in events
            if isinstance(event, ParticipantContributionPaid)
            for programme in event.programmes
        )

    def count(
        self, definitions: Iterable[tuple[Definition, str]], *, upto: Month
    ) -> dict[tuple[str, str], dict[tuple[int, Key], int]]:
        """
        Return how many count in each month under each key, *upto* a month.

        *definitions* are pairs of a definition and a programme; the counts are kept by
        their names.
        """
        wanted = list(definitions)
        start = min(
            (Month.of(event.on).index for events in self._lives.values() for event in events),
            default=upto.index,
        )
        empty = [0] * max(0, upto.index + 1 - start)
        rows: list[defaultdict[Key, list[int]]] = [defaultdict(empty.copy) for _ in wanted]
        for events in self._lives.values():
            person = _Person()
            for event in events:
                person.live(event, upto.index)
            for segment in person.where:
                spells = person.spells(segment)
                standing = person.standing(segment, spells)
                for (definition, programme), row in zip(wanted, rows, strict=True):
                    counted = definition.months(standing, programme).runs
                    for begins, ends, (province, agent) in spells if counted else ():
                        months = row[segment, province, agent]
                        for first, last in counted:
                            for month in range(max(first, begins), min(last, ends) + 1):
                                months[month - start] += 1
        return {
            (definition.name, programme): {
                (month, key): number
                for key, months in row.items()
                for month, number in enumerate(months, start)
                if number
            }
            for (definition, programme), row in zip(wanted, rows, strict=True)
        }
