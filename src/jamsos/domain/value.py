"""The values that a rule may have: a whole number, names, a table of them, or brackets."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from itertools import pairwise
from typing import NewType, TypeAlias, TypeVar

import attrs

from jamsos.errors import InputError
from jamsos.language import rate_text

from .identity import check_name
from .money import check_whole
from .rate import RATE

Word = NewType("Word", str)
"""A name of lower-case words in a rule's value: ``transport``, ``very-low``, ``jkk``."""

Cell: TypeAlias = int | tuple[Word, ...]
"""The content of a row: a whole number in the rule's unit, or names."""

T = TypeVar("T")


class Kind(StrEnum):
    """The sort of value that a rule has; it keeps it for good."""

    WHOLE = "whole number"
    NAMES = "names"
    TABLE = "table"
    BRACKETS = "brackets"


@attrs.frozen
class Row:
    """A row of a table: *key* is a name, or the lower bound of a bracket."""

    key: int | Word
    value: Cell


def _rows(_: object, attribute: attrs.Attribute[T], value: T) -> None:
    if not isinstance(value, tuple) or not value or not all(isinstance(r, Row) for r in value):
        msg = f"{attribute.name} of a table are {value!r}: give at least one row"
        raise InputError(msg)
    names = isinstance(value[0].key, str)
    lists = isinstance(value[0].value, tuple)
    for row in value:
        if isinstance(row.key, str) is not names or isinstance(row.value, tuple) is not lists:
            msg = f"row {row.key} is of another kind than row {value[0].key}: a table has one kind"
            raise InputError(msg)
        check_name(row.key) if names else check_whole("a lower bound", row.key)
        check_cell("value", row.value)
    for one, other in pairwise(value):
        if not names and other.key <= one.key:
            msg = f"bracket {other.key} comes after {one.key}: lower bounds must rise"
            raise InputError(msg)
    if len({row.key for row in value}) < len(value):
        msg = "a row is there twice: give each key one row"
        raise InputError(msg)


@attrs.frozen
class Table:
    """
    Rows by name; or brackets, by their lower bounds, in rising order.

    >>> rates = Table.of({"low": 540, "high": 1_270})
    >>> rates.row("high")
    1270
    >>> bases = Table.of({0: 1_000_000, 1_100_000: 1_200_000})
    >>> bases.bracket(1_099_999), bases.bracket(1_100_000)
    (1000000, 1200000)

    A bracket reaches up to the next lower bound, the last one without end.
    """

    rows: tuple[Row, ...] = attrs.field(validator=_rows)

    @classmethod
    def of(cls, rows: Mapping[str, Cell] | Mapping[int, Cell]) -> Table:
        """
        Return the table of *rows*, in their order.

        Raises `InputError` unless the keys are all names, or lower bounds that rise.
        """
        return cls(tuple(Row(_key(key), value) for key, value in rows.items()))

    @property
    def kind(self) -> Kind:
        """Whether these are rows by name, or brackets."""
        return Kind.TABLE if isinstance(self.rows[0].key, str) else Kind.BRACKETS

    def row(self, key: str) -> Cell:
        """Return what stands under the name *key*. Raises `InputError` if nothing does."""
        for row in self.rows:
            if row.key == key:
                return row.value
        names = ", ".join(str(row.key) for row in self.rows)
        msg = f"there is no row {key!r}: there are {names}"
        raise InputError(msg)

    def bracket(self, number: int) -> Cell:
        """
        Return what stands in the bracket of *number*: the last whose lower bound is not above it.

        Raises `InputError` if *number* lies below every bracket, or the rows have names.
        """
        return self.bracket_row(number).value

    def bracket_row(self, number: int) -> Row:
        """Return the bracket of *number*, as `bracket`: its lower bound, and what stands there."""
        check_whole("the number looked up", number)
        for row in reversed(self.rows):
            if isinstance(row.key, int) and row.key <= number:
                return row
        msg = f"there is no bracket for {number}: the lowest begins at {self.rows[0].key}"
        raise InputError(msg)


Value: TypeAlias = int | tuple[Word, ...] | Table
"""The value of a rule, of one of the four kinds."""


def kind_of(value: Value) -> Kind:
    """
    Return of which kind *value* is.

    >>> str(kind_of(6_800)), str(kind_of(("jkk", "jkm"))), str(kind_of(Table.of({0: 1})))
    ('whole number', 'names', 'brackets')
    """
    if isinstance(value, Table):
        return value.kind
    return Kind.NAMES if isinstance(value, tuple) else Kind.WHOLE


def rule_value(_: object, __: attrs.Attribute[T], value: T) -> None:
    """Let through a value of one of the four kinds."""
    if not isinstance(value, Table):
        check_cell("value", value)


def check_cell(called: str, cell: object) -> None:
    """Raise `InputError` unless *cell* is a whole number, or names, each once."""
    if not isinstance(cell, tuple):
        check_whole(called, cell)
        return
    for each in cell:
        check_name(each)
    if len(set(cell)) < len(cell):
        msg = f"{called} is {', '.join(cell)}: name each once"
        raise InputError(msg)


def cell_text(cell: Cell, unit: str) -> str:
    """
    Return *cell* as people read it.

    >>> cell_text(6_800, "rupiah"), cell_text(240, "per-100000"), cell_text(("jkk", "jkm"), "names")
    ('6,800', '0.24 %', 'jkk, jkm')
    """
    if isinstance(cell, tuple):
        return ", ".join(cell) or "none"
    return rate_text(cell) if unit == RATE else f"{cell:,}"


def value_text(value: Value, unit: str) -> str:
    """
    Return *value* on one line, as people read it.

    >>> value_text(Table.of({1: 15_000, 25: 5_000}), "per-100000")
    'from 1: 15 %; from 25: 5 %'
    """
    if not isinstance(value, Table):
        return cell_text(value, unit)
    return "; ".join(
        (f"from {row.key:,}: " if isinstance(row.key, int) else f"{row.key}: ")
        + cell_text(row.value, unit)
        for row in value.rows
    )


def _key(key: str | int) -> Word | int:
    return Word(key) if isinstance(key, str) else key
