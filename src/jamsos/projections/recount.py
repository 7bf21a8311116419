"""The count made again from scratch, person by person: every sum is checked against it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Final, TypeAlias

import attrs

from jamsos.domain.active import Definition
from jamsos.domain.aggregate import Event
from jamsos.domain.calendar import Month, Months
from jamsos.domain.coverage import Paid, Segment, Spell, Standing
from jamsos.domain.geography import ProvinceCode
from jamsos.domain.history import Recorded
from jamsos.domain.identity import AgentId, ProgrammeName
from jamsos.domain.participant import (
    LeavingReason,
    ParticipantCameBack,
    ParticipantContributionCorrected,
    ParticipantContributionPaid,
    ParticipantContributionRefunded,
    ParticipantEvent,
    ParticipantFactVoided,
    ParticipantLeft,
    ParticipantMoved,
    ParticipantRegistered,
    ParticipantTransferred,
)

from .active_participants import Key

Place: TypeAlias = tuple[ProvinceCode, AgentId | None]


@attrs.define
class _Person:
    """One person, month by month, from the facts told of them and nothing else."""

    where: defaultdict[Segment, dict[int, Place]] = attrs.field(factory=lambda: defaultdict(dict))
    payments: dict[str, ParticipantContributionPaid] = attrs.field(factory=dict)
    refunded: defaultdict[str, set[int]] = attrs.field(factory=lambda: defaultdict(set))
    """The months of each payment that were paid back, by its reference."""
    inside: set[Segment] = attrs.field(factory=set)
    dead: bool = False

    def live(self, told: Iterable[tuple[int, ParticipantEvent]], horizon: int) -> None:
        """Let the facts *told* happen in order of their days, up to the month *horizon*."""
        facts = dict(told)
        for event in list(facts.values()):
            if isinstance(event, ParticipantFactVoided):
                facts.pop(event.version, None)
            elif isinstance(event, ParticipantContributionPaid):
                self.payments[event.reference] = event
            elif isinstance(event, ParticipantContributionCorrected):
                self.payments.pop(event.corrects, None)
        for event in facts.values():
            if isinstance(event, ParticipantContributionRefunded):
                self.refunded[event.refunds] |= {month.index for month in event.months}
        for version, event in sorted(facts.items(), key=_when):
            undone = {s for v, e in facts.items() if v > version for s in _undoes(e, event)}
            self._happen(event, undone, range(Month.of(event.on).index, horizon + 1))

    def _happen(  # noqa: C901 - one case an event
        self, event: ParticipantEvent, undone: set[Segment], later: range
    ) -> None:
        match event:
            case _ if self.dead:
                pass
            case ParticipantRegistered(segment=segment) if segment not in self.where:
                self._enter(event, later)
            case ParticipantCameBack(segment=segment) if segment in self.where:
                if segment not in self.inside | undone:
                    self._enter(event, later)
            case ParticipantMoved(province=province, as_told=only):
                for segment, months in self.where.items():
                    if segment not in undone and (only is None or segment in only):
                        months.update({m: (province, months[m][1]) for m in later if m in months})
            case ParticipantTransferred(segment=segment, agent=agent) if segment not in undone:
                months = self.where.get(segment, {})
                months.update({m: (months[m][0], agent) for m in later if m in months})
            case ParticipantLeft(segment=one, as_told=only):
                self.dead = event.reason is LeavingReason.DEATH
                for segment, months in self.where.items():
                    if self.dead or (one in {None, segment} and (not only or segment in only)):
                        self.inside.discard(segment)
                        for month in later:
                            months.pop(month, None)

    def _enter(self, event: ParticipantRegistered | ParticipantCameBack, later: range) -> None:
        self.inside.add(event.segment)
        self.where[event.segment].update(dict.fromkeys(later, (event.province, event.agent)))

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
        for reference, payment in self.payments.items():
            if payment.segment == segment:
                back = self.refunded[reference]
                months = [m.index for m in payment.months if m.index not in back] if back else []
                runs = [(each, each) for each in months] if back else payment.months.runs
                for programme in payment.programmes:
                    paid[programme] += runs
        return Standing(
            tuple(Spell(Months([(first, last)]), *place) for first, last, place in spells),
            tuple(Paid((programme,), Months(runs)) for programme, runs in sorted(paid.items())),
        )


_ORDER: Final = (
    ParticipantRegistered,
    ParticipantLeft,
    ParticipantCameBack,
    ParticipantMoved,
    ParticipantTransferred,
)
"""The order in which facts of one day count; a death ends the day."""


def _when(fact: tuple[int, ParticipantEvent]) -> tuple[date, bool, int, int]:
    """Return when a fact happens, among others: by its day, its kind, and its version."""
    version, event = fact
    death = isinstance(event, ParticipantLeft) and event.reason is LeavingReason.DEATH
    kind = _ORDER.index(type(event)) if type(event) in _ORDER else len(_ORDER)
    return event.on, death, kind, version


def _undoes(later: ParticipantEvent, event: ParticipantEvent) -> tuple[Segment, ...]:
    """Return the segments in which *later*, a leaving of version 1, undoes *event*."""
    if isinstance(later, ParticipantLeft) and later.on <= event.on:
        return later.as_told or ()
    return ()


@attrs.define
class Recount:
    """
    The participants who count in each month, person by person, whatever changes are recorded.

    Slow and plain on purpose.
    """

    _lives: defaultdict[str, list[tuple[int, ParticipantEvent]]] = attrs.field(
        factory=lambda: defaultdict(list), repr=False
    )

    def apply(self, recorded: Recorded[Event]) -> None:
        """Take one more event into account."""
        if isinstance(recorded.event, ParticipantEvent):
            self._lives[recorded.stream].append((recorded.version, recorded.event))

    @property
    def programmes(self) -> frozenset[str]:
        """The programmes for which anybody has paid."""
        return frozenset(
            programme
            for events in self._lives.values()
            for _, event in events
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
            (Month.of(event.on).index for events in self._lives.values() for _, event in events),
            default=upto.index,
        )
        empty = [0] * max(0, upto.index + 1 - start)
        rows: list[defaultdict[Key, list[int]]] = [defaultdict(empty.copy) for _ in wanted]
        for events in self._lives.values():
            person = _Person()
            person.live(events, upto.index)
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
