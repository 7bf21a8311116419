"""Sums that are worth keeping: active participants, seats held, acquisitions of agents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from jamsos.domain.active import Definition
from jamsos.domain.aggregate import Event, kind, state
from jamsos.domain.calendar import FOREVER, Month
from jamsos.domain.coverage import Paid, Segment, Spell, Standing
from jamsos.domain.history import Recorded
from jamsos.domain.quota import Quota
from jamsos.domain.tally import Cell, Numbers, Place, Tally

from .active_participants import Key, cells, changes
from .agent_performance import acquisition

Spells: TypeAlias = tuple[Spell, ...]
Payments: TypeAlias = tuple[Paid, ...]

Step: TypeAlias = tuple[Key, int, int]
"""Under a key, and from a month on, how many more count."""

_NO_PROGRAMME: Final = "*"
"""A programme for which no coverage is paid: no name of one can be written so."""


def active(name: str, definitions: Iterable[Definition], *, by_agent: bool = False) -> Tally:
    """
    Return the tally of active participants under each of *definitions*, whose names differ.

    For each month it keeps steps: how many more count than in the month before. There are as
    many as there are months, segments and provinces, and with *by_agent* agents, however many
    the participants are. `headings` says where a count stands.
    """
    wanted = tuple(definitions)

    def sums(events: Sequence[Recorded[Event]]) -> Numbers:
        numbers: defaultdict[Place, int] = defaultdict(int)
        for segment, standing, number in _standings(events):
            for definition in wanted:
                for programme, steps in _steps(definition, segment, standing):
                    total = _heading(definition, programme, total=True)
                    each = _heading(definition, programme, total=False)
                    for key, month, step in steps:
                        numbers[total, (), month] += number * step
                        numbers[each, key if by_agent else key[:2], month] += number * step
        return numbers

    return Tally(name, 1, sums)


def headings(definition: Definition, programme: str, *, total: bool) -> tuple[str, str]:
    """
    Return the headings of the participants who are active by coverage in *programme*.

    Under the first stand those who count without it; under the other, those it adds. Both
    together are the count: the *total*, or its parts by segment and province, and by agent.
    """
    return (
        _heading(definition, _NO_PROGRAMME, total=total),
        _heading(definition, programme, total=total),
    )


def parts(numbers: Mapping[Cell, int], places: Sequence[int]) -> dict[Cell, int]:
    """Return *numbers* added up by what stands at *places* of their cells."""
    added: defaultdict[Cell, int] = defaultdict(int)
    for cell, number in numbers.items():
        added[tuple([cell[place] for place in places])] += number
    return {part: number for part, number in added.items() if number}


def _heading(definition: Definition, programme: str, *, total: bool) -> str:
    return f"{definition.name}, {programme}, {'total' if total else 'parts'}"


def _standings(events: Iterable[Recorded[Event]]) -> Iterator[tuple[Segment, Standing, int]]:
    """Return how many more participants have each standing after *events* than before them."""
    numbers: defaultdict[tuple[Segment, Spells, Payments], int] = defaultdict(int)
    for recorded in events:
        for c in changes(recorded.event):
            before = c.spells if c.spells_before is None else c.spells_before
            paid_before = c.paid if c.paid_before is None else c.paid_before
            numbers[c.segment, c.spells, c.paid] += 1
            numbers[c.segment, before, paid_before] -= 1
    for (segment, spells, paid), number in numbers.items():
        if number and spells:
            yield segment, Standing(spells, paid), number


def _steps(
    definition: Definition, segment: Segment, standing: Standing
) -> Iterator[tuple[str, list[Step]]]:
    """
    Return by how much *standing* counts more in a month than in the one before.

    First without any programme, and then what each one that is paid for adds to that.
    """
    unpaid = _run_ends(definition, _NO_PROGRAMME, segment, standing)
    yield _NO_PROGRAMME, unpaid
    for paid in standing.paid:
        counted = _run_ends(definition, paid.programmes[0], segment, standing)
        if counted != unpaid:
            more = counted + [(key, month, -step) for key, month, step in unpaid]
            for programme in paid.programmes:
                yield programme, more


def _run_ends(
    definition: Definition, programme: str, segment: Segment, standing: Standing
) -> list[Step]:
    return [
        (key, month, step)
        for key, months in cells(definition, programme, segment, standing)
        for first, last in months.runs
        for month, step in ((first, 1), (last + 1, -1))
        if month <= FOREVER
    ]


def _seats(events: Sequence[Recorded[Event]]) -> Numbers:
    return {
        (heading, (quota.programme, quota.region), 0): number
        for quota in _quotas(events)
        for heading, number in (("allotted", quota.allotted), ("taken", quota.taken))
    }


def _quotas(events: Sequence[Recorded[Event]]) -> Iterator[Quota]:
    """Return what *events* alone make of each quota: its seats are sums."""
    streams: defaultdict[str, list[Event]] = defaultdict(list)
    for recorded in events:
        if kind(recorded.stream) == "quota":
            streams[recorded.stream].append(recorded.event)
    for stream, happened in streams.items():
        quota = state(stream, happened)
        if isinstance(quota, Quota):
            yield quota


def _acquired(events: Sequence[Recorded[Event]]) -> Numbers:
    numbers: defaultdict[Place, int] = defaultdict(int)
    for recorded in events:
        if (acquired := acquisition(recorded.event)) is not None:
            agent, on, number = acquired
            numbers["acquired", (agent,), Month.of(on).index] += number
    return numbers


SEATS: Final = Tally("seats", 1, _seats)
"""Seats ``allotted`` and ``taken``, by programme and region."""

ACQUISITIONS: Final = Tally("acquisitions", 1, _acquired)
"""Participants ``acquired``, by agent, in the month of the day on which it was made."""
