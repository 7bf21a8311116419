"""Strategies for the values of rules, of each kind that there is."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, Final

from jamsos.domain.citation import Status
from jamsos.domain.rule import Conflict, DatedValue
from jamsos.domain.value import Kind, Table, Value
from jamsos.errors import InputError
from jamsos.testing.names import FIRST_DAY, LAST_DAY

from .drawn import Drawn, st
from .values import citations, days
from .words import names, notes, wholes, words


def dated_values(
    *, kinds: Collection[Kind] = tuple(Kind), first: date = FIRST_DAY, last: date = LAST_DAY
) -> Drawn[DatedValue]:
    """
    Draw values of rules, of one of *kinds*, in force from a day between *first* and *last*.

    >>> from hypothesis import find
    >>> find(dated_values(kinds=[Kind.WHOLE]), lambda dated: dated.value > 2).value
    3

    Conflicts are of the kind of the value, and the last day in force is none before the first.
    Raises `InputError` for no kinds, and for days out of order.
    """
    if not kinds:
        msg = f"there are no values of no kind: choose from {', '.join(Kind)}"
        raise InputError(msg)
    return st.one_of(*(_dated(VALUES[kind], days(first=first, last=last)) for kind in kinds))


def _dated(values: Drawn[Value], firsts: Drawn[date]) -> Drawn[DatedValue]:
    """Draw dated values of one kind: that of *values*."""

    def dated(first: date, ahead: int | None, **said: Any) -> DatedValue:  # noqa: ANN401
        until = None if ahead is None else first + timedelta(days=ahead)
        return DatedValue(in_force=first, until=until, **said)

    return st.builds(
        dated,
        firsts,
        st.none() | st.integers(0, 2_000),
        value=values,
        citation=citations(),
        status=st.sampled_from(Status),
        published=st.none() | days(),
        note=notes,
        conflicts=st.lists(conflicts(values), max_size=2).map(tuple),
        verified_until=st.none() | days(),
    )


def conflicts(values: Drawn[Value]) -> Drawn[Conflict]:
    """Draw what other texts say: of the kind of *values*."""
    return st.builds(Conflict, values, citations(), notes)


def _tables(keys: Drawn[Any], cells: Drawn[Any]) -> Drawn[Table]:
    """Draw tables of one kind of cells: with lower bounds in order, and each key once."""
    rows = st.lists(st.tuples(keys, cells), min_size=1, max_size=4)
    return rows.map(lambda pairs: Table.of(dict(sorted(pairs, key=lambda row: row[0]))))


VALUES: Final[Mapping[Kind, Drawn[Any]]] = MappingProxyType(
    {
        Kind.WHOLE: wholes,
        Kind.NAMES: words,
        Kind.TABLE: _tables(names, wholes) | _tables(names, words),
        Kind.BRACKETS: _tables(wholes, wholes) | _tables(wholes, words),
    }
)
