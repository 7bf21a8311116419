"""The map of a setting that all walks through it share: days of change, and amounts due."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

import attrs

from jamsos.commands.contributions import Pay
from jamsos.commands.reading import Reading
from jamsos.domain.calendar import Month, Months
from jamsos.domain.geography import NATIONAL
from jamsos.domain.programme import Programme
from jamsos.domain.rule import Rule
from jamsos.engine.draft import Draft
from jamsos.engine.setting import Setting
from jamsos.engine.world import World
from jamsos.errors import InputError, JamsosError
from jamsos.formulas.payment_due import is_encoded, payment_due
from jamsos.policies.agent_cap import RULE as CAP
from jamsos.testing.names import FIRST_DAY, GROUPS, LAST_DAY, NOBODY, PROGRAMME


def days_of_change(begins: Setting, about: Collection[str]) -> tuple[date, ...]:
    """Return the days on which a rule that matters begins, and those after which one ends."""
    of_agency = bool({"agents", "seats", "rules", "incentives"} & {*about})
    versions: list[Rule] = []
    for programme in begins.law.values():
        if programme.name == PROGRAMME and of_agency:
            versions += _versions(programme)
        elif programme.name != PROGRAMME and "participants" in about:
            versions += _versions(programme, "bpu")
    days = (day for day in _changes(versions) if FIRST_DAY <= day <= LAST_DAY)
    return tuple(sorted(days)) or (FIRST_DAY,)


def _versions(programme: Programme, begins: str = "") -> Iterator[Rule]:
    """Yield the values of the rules of *programme* whose name *begins* so."""
    for (name, _), versions in programme.rules.items():
        if name.startswith(begins):
            yield from versions


def _changes(versions: Iterable[Rule]) -> set[date]:
    """Return the first days of *versions*, and those after their last ones."""
    days = set()
    for version in versions:
        days.add(version.dated.in_force)
        if version.until is not None:
            days.add(version.until + timedelta(days=1))
    return days


STRAY: Final = 0.12
"""So large a share of commands is out of place, unless something else is said."""


@attrs.define
class Map:
    """
    The map of a setting that all walks through it share: its days of change, and amounts due.

    Raises `InputError` for a *stray* that is no share from 0 to 1.
    """

    begins: Setting
    about: Sequence[str] = GROUPS
    stray: float = STRAY
    """The share of commands that are out of place."""
    days: tuple[date, ...] = ()
    incomes: tuple[int, ...] = ()
    latest: date = LAST_DAY
    """The last day of change about which a history begins."""
    ends: date = LAST_DAY
    """The last day on which there is a cap, where that matters."""
    edges: tuple[Month, ...] = ()
    """The months in which a rule changes, and those before them."""
    late: tuple[date, ...] = ()
    """First days of the author's own rules that come later: some histories begin about these."""
    _due: dict[tuple[object, ...], int] = attrs.field(factory=dict, repr=False)
    _law: Mapping[str, Programme] = attrs.field(factory=dict, repr=False)
    _reading: Reading = attrs.field(init=False, repr=False)
    _regimes: tuple[int, ...] = attrs.field(default=(), repr=False)
    """The first months in which other rules hold than before: between them, the same is due."""

    def __attrs_post_init__(self) -> None:
        if not 0 <= self.stray <= 1:
            msg = f"a share of {self.stray} is none: give one from 0 to 1"
            raise InputError(msg)
        self._law = self.begins.law
        self._reading = Draft(World(self.begins))
        self.days = days_of_change(self.begins, self.about)
        agency = self._law.get(PROGRAMME)
        caps = agency.rules.get((CAP, NATIONAL), ()) if agency is not None else ()
        if caps and {"agents", "seats"} & {*self.about}:
            begin = sorted(cap.dated.in_force for cap in caps)
            self.latest = begin[:2][-1]
            self.ends = max(cap.until or LAST_DAY for cap in caps)
            self.days = tuple(day for day in self.days if day >= begin[0]) or self.days
        own = {value.in_force for file in self.begins.own for value in file.values}
        self.late = tuple(sorted(day for day in own if day > self.latest))
        changes = {Month.of(day) for day in self.days}
        self.edges = tuple(sorted(changes | {month + -1 for month in changes}))
        ever = _changes(v for p in self._law.values() for v in _versions(p, "bpu"))
        self._regimes = tuple(sorted(Month.of(day - timedelta(days=1)).index + 1 for day in ever))
        bounds: set[int] = set()
        for programme in self._law.values():
            for (name, _), versions in programme.rules.items():
                if name == "bpu-income-brackets":
                    for version in versions:
                        bounds.update(bound for bound, _ in version.steps() if bound)
        edges = [income for bound in sorted(bounds) for income in (bound, bound - 1)]
        self.incomes = (1_000_000, *edges)

    def due(self, payment: Pay) -> int:
        """Return what is to be paid for *payment*, as the law began."""
        owed = (payment.segment, payment.programmes, payment.income, payment.sector, payment.budget)
        amount = 0
        for month in payment.months:
            key = (bisect_right(self._regimes, month.index), *owed)
            known = self._due.get(key)
            if known is None:
                known = self._due[key] = self._computed(payment, month)
            amount += known
        return amount

    def _computed(self, payment: Pay, month: Month) -> int:
        """Return the amount due for *month* from a participant who has paid nothing yet."""
        of_nobody = attrs.evolve(
            payment, participant=NOBODY[1], months=Months.between(month, month)
        )
        case = of_nobody.case(self._reading)
        try:
            return payment_due(case).value.total if is_encoded(case) else _UNKNOWN
        except JamsosError:
            return _UNKNOWN


_UNKNOWN: Final = 16_800
"""The amount paid for a month where no rule says which is due."""


def as_due(chart: Map, payment: Pay) -> Pay:
    """Return *payment* of the amount that is due."""
    return attrs.evolve(payment, amount=chart.due(payment))
