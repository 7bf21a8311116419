"""The standing of one participant in one segment, which counts rest on, and its changes."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import reduce
from operator import or_

import attrs

from .calendar import Months, Run
from .geography import ProvinceCode, province_code
from .identity import AgentId, ProgrammeName, agent_id, names

NO_MONTHS = Months()


class Segment(StrEnum):
    """The way in which a participant works: they are counted once in each of their segments."""

    WAGE_EARNER = "pu"
    """*Penerima upah*."""
    NON_WAGE_EARNER = "bpu"
    """*Bukan penerima upah*: self-employed and informal workers."""
    CONSTRUCTION = "construction"
    """*Jasa konstruksi*."""
    MIGRANT = "migrant"
    """*Pekerja migran Indonesia*."""


@attrs.frozen
class Spell:
    """Months registered, under one province and in the care of one agent, or of none."""

    months: Months
    province: ProvinceCode = attrs.field(validator=province_code)
    agent: AgentId | None = attrs.field(default=None, validator=attrs.validators.optional(agent_id))


@attrs.frozen
class Paid:
    """Months for which contributions are paid, to each of some programmes."""

    programmes: tuple[ProgrammeName, ...] = attrs.field(validator=names)
    months: Months


@attrs.frozen
class Standing:
    """
    One participant in one segment: when registered, where, with whom; and paid for what.

    Both are facts. Whether they are *active* in a month is for a `Definition` to say.
    The standing in a month is that on its last day: a participant who leaves in a month is not
    registered in it, and one who moves in it is counted in the new province.
    """

    spells: tuple[Spell, ...] = ()
    paid: tuple[Paid, ...] = ()

    @property
    def registered(self) -> Months:
        """The months in which the participant is registered."""
        if len(self.spells) == 1:
            return self.spells[0].months
        return reduce(or_, (spell.months for spell in self.spells), NO_MONTHS)

    def paid_for(self, programme: str) -> Months:
        """Return the months for which contributions to *programme* are paid."""
        for paid in self.paid:
            if programme in paid.programmes:
                return paid.months
        return NO_MONTHS

    @property
    def current(self) -> Spell | None:
        """The spell without end, or None if the participant is not registered, or has left."""
        if self.spells and self.spells[-1].months.last is None:
            return self.spells[-1]
        return None

    def covered(self, programmes: tuple[ProgrammeName, ...], months: Months) -> Standing:
        """Return this standing with *months* paid for each of *programmes*."""
        known = {p: paid.months for paid in self.paid for p in paid.programmes}
        new = {p: self.paid_for(p) | months for p in programmes}
        return Standing(self.spells, _alike(known | new))

    @classmethod
    def of(
        cls, spells: tuple[Spell, ...], runs: Mapping[tuple[ProgrammeName, ...], list[Run]]
    ) -> Standing:
        """Return the standing of *spells*, with *runs* of months paid for each of programmes."""
        if len(runs) == 1:
            ((programmes, alone),) = runs.items()
            return cls(spells, (Paid(programmes, Months(alone)),))
        each: dict[ProgrammeName, list[Run]] = {}
        for programmes, some in runs.items():
            for programme in programmes:
                each.setdefault(programme, []).extend(some)
        return cls(spells, _alike({p: Months(some) for p, some in each.items()}))


NOBODY = Standing()
"""The standing of a participant who was never registered."""


def _alike(paid: Mapping[ProgrammeName, Months]) -> tuple[Paid, ...]:
    """Return what is *paid* to each programme, with programmes alike kept together."""
    alike: dict[Months, list[ProgrammeName]] = {}
    for programme, months in sorted(paid.items()):
        if months:
            alike.setdefault(months, []).append(programme)
    return tuple([Paid(tuple(p), m) for m, p in alike.items()])


def merged(*spells: Spell) -> tuple[Spell, ...]:
    """Return *spells* without the empty ones, neighbours alike made one."""
    merged: list[Spell] = []
    for spell in spells:
        if not spell.months:
            continue
        if merged:
            last = merged[-1]
            if (last.province, last.agent) == (spell.province, spell.agent):
                joined = last.months | spell.months
                if len(joined.runs) == 1:
                    merged[-1] = attrs.evolve(last, months=joined)
                    continue
        merged.append(spell)
    return tuple(merged)


@attrs.frozen
class Change:
    """
    The change that an event made in one segment: the standing after it, and before it.

    Counts are sums of these: plus what *after* counts for, minus what *before* did.
    *spells* and *paid* are as they are after the event; what they were before is kept if
    it is another, and None if it is the same.
    """

    segment: Segment
    spells: tuple[Spell, ...]
    paid: tuple[Paid, ...]
    spells_before: tuple[Spell, ...] | None
    paid_before: tuple[Paid, ...] | None

    @classmethod
    def between(cls, segment: Segment, before: Standing, after: Standing) -> Change:
        """Return the change that leads from *before* to *after*."""
        return cls(
            segment,
            after.spells,
            after.paid,
            None if before.spells == after.spells else before.spells,
            None if before.paid == after.paid else before.paid,
        )

    @property
    def after(self) -> Standing:
        """The standing after the event."""
        return Standing(self.spells, self.paid)

    @property
    def before(self) -> Standing:
        """The standing before the event."""
        return Standing(
            self.spells if self.spells_before is None else self.spells_before,
            self.paid if self.paid_before is None else self.paid_before,
        )
