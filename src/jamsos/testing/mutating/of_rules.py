"""The mutants of a rule file: one number, bound or day of it is another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Final, TypeAlias

import attrs

from jamsos.domain.rate import RATE, WHOLE
from jamsos.domain.rule import DatedValue
from jamsos.domain.value import Cell, Row, Table, Value, cell_text
from jamsos.errors import InputError
from jamsos.rulebook import RuleFile

_DAY: Final = timedelta(days=1)
_LEAST_RATE: Final = 10
"""A rate is changed by 0.01 %, the last place in which most are written."""

_Change: TypeAlias = tuple[DatedValue, str, str, str, tuple[DatedValue, ...]]
"""A dated value, what of it is changed, from what, to what; and then all values of the rule."""


def of_file(file: RuleFile) -> Iterator[_Change]:
    """Yield every change of *file*."""
    for place, value in enumerate(file.values):
        for what, old, new, said in _of_value(value.value, file.unit):
            changed = attrs.evolve(value, value=said, conflicts=())
            yield value, what, old, new, _with(file.values, {place: changed})
        yield from _days(file.values, place)


def _of_value(value: Value, unit: str) -> Iterator[tuple[str, str, str, Value]]:
    if not isinstance(value, Table):
        for new in _near(value, unit):
            yield "value", cell_text(value, unit), cell_text(new, unit), new
        return
    for place, row in enumerate(value.rows):
        others = value.rows[:place], value.rows[place + 1 :]
        for new in _near(row.value, unit):
            table = Table((*others[0], Row(row.key, new), *others[1]))
            key = f"from {row.key:,}:" if isinstance(row.key, int) else f"{row.key}:"
            yield key, cell_text(row.value, unit), cell_text(new, unit), table
        for bound in (row.key - 1, row.key + 1) if isinstance(row.key, int) else ():
            try:
                table = Table((*others[0], Row(bound, row.value), *others[1]))
            except InputError:  # below nothing, or past the next bracket
                continue
            yield "lower bound", f"{row.key:,}", f"{bound:,}", table


def _near(cell: Cell, unit: str) -> tuple[int, ...]:
    """Return the whole numbers beside *cell*; none beside names."""
    if isinstance(cell, tuple):
        return ()
    step, most = (_LEAST_RATE, WHOLE) if unit == RATE else (1, cell + 1)
    return tuple(near for near in (cell - step, cell + step) if 0 <= near <= most)


def _days(values: tuple[DatedValue, ...], place: int) -> Iterator[_Change]:
    """Yield *values* with a day on which one begins, or after which it ends, moved by one."""
    value = values[place]
    ahead = values[place - 1] if place else None
    after = values[place + 1] if place + 1 < len(values) else None
    for by in (-_DAY, _DAY):
        changed = {}
        with suppress(InputError):
            changed[place] = attrs.evolve(value, in_force=value.in_force + by)
            if ahead is not None and ahead.until == value.in_force - _DAY:
                changed[place - 1] = attrs.evolve(ahead, until=ahead.until + by)
            new = changed[place].in_force
            yield value, "in_force", f"{value.in_force}", f"{new}", _with(values, changed)
    if value.until is None or (after is not None and after.in_force == value.until + _DAY):
        return
    for by in (-_DAY, _DAY):
        with suppress(InputError):
            ended = attrs.evolve(value, until=value.until + by)
            yield value, "until", f"{value.until}", f"{ended.until}", _with(values, {place: ended})


def _with(
    values: tuple[DatedValue, ...], changed: Mapping[int, DatedValue]
) -> tuple[DatedValue, ...]:
    return tuple(changed.get(place, value) for place, value in enumerate(values))
