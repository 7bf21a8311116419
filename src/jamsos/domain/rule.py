"""A rule's dated values: what each says, on which days, and how well that is known."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import cast

import attrs

from jamsos.errors import InputError

from .citation import Citation, Status
from .field import An
from .identity import RuleRef, day
from .value import Cell, Kind, Table, Value, Word, kind_of, rule_value


@attrs.frozen
class Conflict:
    """The value that another source gives for the same. It is kept, and not used."""

    value: Value = attrs.field(validator=rule_value)
    citation: Citation = attrs.field(validator=An(Citation))
    note: str | None = attrs.field(default=None, validator=attrs.validators.optional(An(str)))


def _lasting(conflicts: Iterable[Conflict]) -> tuple[Conflict, ...]:
    """Return *conflicts* as they are now, whatever becomes of the list that was given."""
    return tuple(conflicts)


@attrs.frozen(kw_only=True)
class DatedValue:
    """
    A value of a rule, and the days on which it is in force.

    *in_force* is the first day, *until* the last one, both included; no last day: open.
    *published* is the day on which it was made known. *verified_until* is the last day that
    a source which was read speaks for. *conflicts* keeps what other sources say.
    Raises `InputError` if the last day comes before the first, or if a conflict is of
    another kind than the value.
    """

    value: Value = attrs.field(validator=rule_value)
    in_force: date = attrs.field(validator=day)
    until: date | None = attrs.field(default=None, validator=attrs.validators.optional(day))
    citation: Citation = attrs.field(validator=An(Citation))
    status: Status = attrs.field(validator=An(Status))
    published: date | None = attrs.field(default=None, validator=attrs.validators.optional(day))
    note: str | None = attrs.field(default=None, validator=attrs.validators.optional(An(str)))
    conflicts: tuple[Conflict, ...] = attrs.field(default=(), converter=_lasting)
    verified_until: date | None = attrs.field(
        default=None, validator=attrs.validators.optional(day)
    )

    def __attrs_post_init__(self) -> None:
        for conflict in self.conflicts:
            if kind_of(conflict.value) is not self.kind:
                other = kind_of(conflict.value)
                msg = f"the value is of kind {self.kind}, and a conflict of it of kind {other}"
                raise InputError(msg)
        if self.until is not None and self.until < self.in_force:
            msg = (
                f"a value is in force from {self.in_force} until {self.until}:"
                f" the last day must not come before the first"
            )
            raise InputError(msg)

    @property
    def kind(self) -> Kind:
        """Of which kind the value is."""
        return kind_of(self.value)

    @property
    def whole(self) -> int:
        """The value, a whole number. Raises `InputError` for another kind."""
        if not isinstance(self.value, int):
            msg = f"the value is of kind {self.kind}, not {Kind.WHOLE}"
            raise InputError(msg)
        return self.value

    def same_law(self, other: DatedValue) -> bool:
        """Return whether *other* says the same, whatever its notes and sources."""
        return _law(self) == _law(other)


def _law(dated: DatedValue) -> tuple[object, ...]:
    return (
        dated.value,
        dated.in_force,
        dated.until,
        dated.status,
        (dated.citation.instrument, dated.citation.article),
        tuple((c.value, c.citation.instrument) for c in dated.conflicts),
        dated.verified_until,
    )


@attrs.frozen(kw_only=True)
class Rule:
    """
    One dated value of a rule, as it can be cited: *ref* names it for good.

    *dated* is the value as it was enacted; *until* its last day, as later amendments have
    left it, and *void* whether they have left it none.
    """

    ref: RuleRef
    unit: str
    dated: DatedValue
    until: date | None
    void: bool = False

    def covers(self, on: date) -> bool:
        """Return whether the value is in force on that day."""
        last = self.until
        return not self.void and self.dated.in_force <= on and (last is None or on <= last)

    def verified(self, on: date) -> bool:
        """
        Return whether a source speaks for that day.

        False after the last day that the value was verified for: it may hold, and has not been
        looked up since. A value for which no such day is given has no such mark.
        """
        last = self.dated.verified_until
        return last is None or on <= last

    @property
    def kind(self) -> Kind:
        """Of which kind the value is; the four properties below ask for one each."""
        return self.dated.kind

    @property
    def value(self) -> int:
        """The whole number, in the rule's unit. Raises `InputError` for another kind."""
        if not isinstance(self.dated.value, int):
            raise self._other(Kind.WHOLE)
        return self.dated.value

    @property
    def names(self) -> tuple[Word, ...]:
        """The names. Raises `InputError` for another kind."""
        if not isinstance(self.dated.value, tuple):
            raise self._other(Kind.NAMES)
        return self.dated.value

    @property
    def table(self) -> Table:
        """The rows by name. Raises `InputError` for another kind."""
        return self._table(Kind.TABLE)

    @property
    def brackets(self) -> Table:
        """The brackets. Raises `InputError` for another kind."""
        return self._table(Kind.BRACKETS)

    def row(self, key: str) -> int:
        """Return the whole number under the name *key*. Raises `InputError` if there is none."""
        return self._whole(self.table.row(key), key)

    def names_of(self, key: str) -> tuple[Word, ...]:
        """Return the names under the name *key*. Raises `InputError` if there are none."""
        cell = self.table.row(key)
        if isinstance(cell, int):
            msg = f"rule {self.ref} has a whole number under '{key}', not names"
            raise InputError(msg)
        return cell

    def bracket(self, number: int) -> int:
        """
        Return the whole number in the bracket of *number*: the last lower bound not above it.

        Raises `InputError` if *number* lies below every bracket.
        """
        return self.step(number)[1]

    def step(self, number: int) -> tuple[int, int]:
        """Return the lower bound of the bracket of *number*, and its number, as `bracket`."""
        row = self.brackets.bracket_row(number)
        return cast("int", row.key), self._whole(row.value, number)

    def steps(self) -> tuple[tuple[int, int], ...]:
        """Return each bracket's lower bound and its whole number, in rising order."""
        return tuple(
            (row.key, self._whole(row.value, row.key))
            for row in self.brackets.rows
            if isinstance(row.key, int)
        )

    def _table(self, kind: Kind) -> Table:
        if not isinstance(self.dated.value, Table) or self.kind is not kind:
            raise self._other(kind)
        return self.dated.value

    def _whole(self, cell: Cell, key: object) -> int:
        if not isinstance(cell, int):
            msg = f"rule {self.ref} has names under '{key}', not a whole number"
            raise InputError(msg)
        return cell

    def _other(self, asked: Kind) -> InputError:
        return InputError(f"the value of rule {self.ref} is of kind {self.kind}, not {asked}")

    @property
    def citation(self) -> Citation:
        """The place where the value is laid down."""
        return self.dated.citation
