"""One rule as a file: read strictly, and a fault is named with its key and its line."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import partial
from itertools import pairwise
from typing import Any, Final, TypeAlias, TypeVar

import attrs

from jamsos.domain.citation import Citation, Status
from jamsos.domain.field import word_of
from jamsos.domain.geography import NATIONAL, Region, check_region
from jamsos.domain.identity import ProgrammeName, check_name
from jamsos.domain.money import check_whole
from jamsos.domain.rate import RATE, parse_rate
from jamsos.domain.rule import Conflict, DatedValue
from jamsos.domain.value import Cell, Row, Table, Value, Word, check_cell
from jamsos.errors import InputError

from .places import Path, TooDeepError, check_size, line_of, statement_at, unreadable_from

T = TypeVar("T")

Form: TypeAlias = Mapping[str, Any]
"""A table as TOML has it, before anything of it is believed."""

RULE: Final = ("programme", "rule", "means", "unit", "value")
VALUE: Final = ("in_force", "status", "citation")
CITATION: Final = (
    *("instrument", "article", "source", "url"),
    *("passage", "passage_sha256", "read_on", "akn"),
)
SHAPES: Final = ("value", "table", "brackets")
"""The keys of which a value has exactly one."""
_LONG: Final = 600
"""What is longer is not repeated whole where it is named as a fault."""


@attrs.frozen
class RuleFile:
    """A rule of a programme, what it means, and its dated values in the order of their days."""

    programme: ProgrammeName
    rule: str
    means: str
    unit: str
    scope: Region
    values: tuple[DatedValue, ...]

    def published(self, on: date) -> tuple[DatedValue, ...]:
        """
        Return the values that were made known on or before that day.

        One whose publication has no known day counts from its first day in force.
        """
        return tuple(v for v in self.values if (v.published or v.in_force) <= on)

    def first_published(self, on: date) -> tuple[DatedValue, ...]:
        """Return those of `published` that were made known together with the first of them."""
        known = self.published(on)
        return tuple(
            v
            for v in known
            if None in {v.published, known[0].published} or v.published == known[0].published
        )


class _FaultError(Exception):
    """Something in the file that cannot be, and the path of its key."""

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(what)
        self.path = path


def parse(text: str, *, name: str) -> RuleFile:
    """
    Return the rule that *text* holds, in TOML; *name* is what errors call the file.

    Raises `InputError` that names file, line and key: for a key that is unknown, missing or
    there twice, a number with decimals, a rate that is not text, a value without citation,
    days that overlap or run backwards.
    """
    text = text.replace("\r\n", "\n")
    try:
        check_size(text)
        form = tomllib.loads(text)
    except TooDeepError as error:
        at = (1, "the file") if error.line is None else statement_at(text, error.line)
        raise _fault(name, at, f"it cannot be read as TOML: {error}") from error
    except ValueError as error:
        at = unreadable_from(text, error)
        raise _fault(name, at, f"it cannot be read as TOML: {error}") from error
    try:
        return _rule(form)
    except _FaultError as fault:
        key = ".".join(step for step in fault.path if isinstance(step, str)) or "the file"
        raise _fault(name, (line_of(text, fault.path), key), str(fault)) from fault


def _fault(name: str, at: tuple[int, str], what: str) -> InputError:
    line, key = at
    return InputError(f"rule file {name}, line {line}: {_cut(key)}: {_cut(what)}")


def _cut(text: str) -> str:
    """Return *text* as a sentence can hold it: of a long one the beginning and the end."""
    return text if len(text) <= _LONG else f"{text[: _LONG // 2]}...{text[-_LONG // 2 :]}"


def _rule(form: Form) -> RuleFile:
    _keys(form, (), RULE, ("scope",))
    unit = _text(form, (), "unit")
    scope = _text(form, (), "scope") if "scope" in form else NATIONAL
    for key in ("programme", "rule", "unit"):
        _made((key,), check_name, _text(form, (), key))
    _made(("scope",), check_region, scope)
    values = tuple(_dated(each, path, unit) for path, each in _tables(form, (), "value"))
    for number, (one, other) in enumerate(pairwise(values), start=1):
        _check_order(one, other, ("value", number, "in_force"))
        if one.kind is not other.kind:
            what = f"this value is of kind {other.kind}, the one before it of kind {one.kind}"
            raise _FaultError(("value", number), what)
    return RuleFile(
        programme=ProgrammeName(form["programme"]),
        rule=form["rule"],
        means=_text(form, (), "means"),
        unit=unit,
        scope=Region(scope),
        values=values,
    )


def _check_order(one: DatedValue, other: DatedValue, path: Path) -> None:
    if other.in_force <= one.in_force:
        what = f"{other.in_force} does not come after {one.in_force}: values stand by their days"
        raise _FaultError(path, what)
    if one.until is None or other.in_force <= one.until:
        what = f"two values are in force on {other.in_force}: give the one before a last day"
        raise _FaultError(path, what)


def _dated(form: Form, path: Path, unit: str) -> DatedValue:
    days = ("until", "published", "verified_until")
    _keys(form, path, VALUE, (*SHAPES, *days, "note", "conflict"))
    said = _said(form, path, unit)
    until, published, verified = (_day(form, path, key) if key in form else None for key in days)
    in_force = _day(form, path, "in_force")
    status = _made((*path, "status"), word_of, Status, _text(form, path, "status"), "it")
    citation = _citation(form["citation"], (*path, "citation"))
    conflicts = _tables(form, path, "conflict") if "conflict" in form else ()

    def dated() -> DatedValue:
        return DatedValue(
            value=said,
            in_force=in_force,
            until=until,
            published=published,
            status=status,
            citation=citation,
            note=_text(form, path, "note") if "note" in form else None,
            conflicts=tuple(_conflict(each, at, unit) for at, each in conflicts),
            verified_until=verified,
        )

    back_to_front = until is not None and until < in_force
    return _made((*path, "until") if back_to_front else path, dated)


def _conflict(form: Form, path: Path, unit: str) -> Conflict:
    _keys(form, path, ("citation",), (*SHAPES, "note"))
    return Conflict(
        _said(form, path, unit),
        _citation(form["citation"], (*path, "citation")),
        _text(form, path, "note") if "note" in form else None,
    )


def _citation(form: object, path: Path) -> Citation:
    if not isinstance(form, dict):
        raise _FaultError(path, 'write it as { instrument = "PP 44/2015", article = "Pasal 1" }')
    _keys(form, path, CITATION[:1], CITATION[1:])
    said: dict[str, Any] = {
        key: _day(form, path, key) if key == "read_on" else _text(form, path, key)
        for key in CITATION
        if key in form
    }
    for key, each in said.items():
        alone = {"instrument": said["instrument"], key: each}
        _made((*path, key), partial(Citation, **alone))
    return _made((*path, "passage_sha256"), partial(Citation, **said))


def _said(form: Form, path: Path, unit: str) -> Value:
    shapes = [shape for shape in SHAPES if shape in form]
    if len(shapes) != 1:
        raise _FaultError(path, f"give exactly one of the keys {', '.join(SHAPES)}")
    path, said = (*path, shapes[0]), form[shapes[0]]
    if shapes[0] == "value":
        return _cell(said, path, unit)
    if shapes[0] == "table":
        if not isinstance(said, dict):
            raise _FaultError(path, "it must be rows by name, such as { low = 1, high = 2 }")
        rows = [Row(_word(k, (*path, k)), _cell(v, (*path, k), unit)) for k, v in said.items()]
    else:
        if not isinstance(said, list):
            raise _FaultError(path, "they must be pairs, such as [[0, 10], [100, 20]]")
        rows = [_bracket(pair, (*path, number), unit) for number, pair in enumerate(said)]
    return _made(path, Table, tuple(rows))


def _bracket(pair: object, path: Path, unit: str) -> Row:
    if not isinstance(pair, list) or len(pair) != len(("lower bound", "value")):
        raise _FaultError(path, f"{pair!r} is not a pair of a lower bound and a value")
    _made(path, check_whole, "the lower bound", pair[0])
    return Row(pair[0], _cell(pair[1], path, unit))


def _cell(raw: object, path: Path, unit: str) -> Cell:
    if isinstance(raw, list):
        words = tuple(_word(each, path) for each in raw)
        _made(path, check_cell, "it", words)
        return words
    if unit != RATE:
        _made(path, check_whole, "it", raw)
        return int(str(raw))
    if not isinstance(raw, str):
        raise _FaultError(path, f'it is {raw!r}: write a rate as text, such as "0.24 %"')
    return _made(path, parse_rate, raw)


def _word(raw: object, path: Path) -> Word:
    _made(path, check_name, raw)
    return Word(str(raw))


def _keys(form: Form, path: Path, needed: tuple[str, ...], others: tuple[str, ...]) -> None:
    for key in form:
        if key not in (*needed, *others):
            what = f"there is no such key here: there are {', '.join((*needed, *others))}"
            raise _FaultError((*path, key), what)
    for key in needed:
        if key not in form:
            raise _FaultError(path, f"the key {key} is missing")


def _tables(form: Form, path: Path, key: str) -> list[tuple[Path, Form]]:
    raw = form[key]
    if not isinstance(raw, list) or not raw or not all(isinstance(each, dict) for each in raw):
        raise _FaultError((*path, key), f"write each as a table of its own, under [[{key}]]")
    return [((*path, key, number), each) for number, each in enumerate(raw)]


def _text(form: Form, path: Path, key: str) -> str:
    raw = form[key]
    if not isinstance(raw, str) or not raw.strip():
        raise _FaultError((*path, key), f"it is {raw!r}: it must be text")
    return raw


def _day(form: Form, path: Path, key: str) -> date:
    raw = form[key]
    if not isinstance(raw, date) or isinstance(raw, datetime):
        raise _FaultError((*path, key), f"it is {raw!r}: it must be a day, such as 2018-02-05")
    return raw


def _made(path: Path, make: Callable[..., T], *parts: object) -> T:
    """Return what *make* gives for *parts*; what it raises is a fault at *path*."""
    try:
        return make(*parts)
    except InputError as error:
        raise _FaultError(path, str(error)) from error
