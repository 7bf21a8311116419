"""What may stand in the fields of a command: checked before anything is decided on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from operator import attrgetter
from reprlib import repr as cut
from types import UnionType
from typing import Any, Final, TypeVar, get_args, get_type_hints

import attrs

from jamsos.domain.citation import Citation
from jamsos.domain.rule import DatedValue
from jamsos.errors import InputError

from .command import Command, Expansion

T = TypeVar("T")

_GIVEN: Final[dict[type, str]] = {
    str: "a text",
    int: "a whole number",
    date: "a day, such as date(2018, 2, 5)",
    Citation: "a Citation",
    DatedValue: "a DatedValue",
}
"""The types of which a field may be, each with how an error asks for it."""


def check_fields(asked: Command[Any] | Expansion[Any]) -> None:
    """
    Raise `InputError`, which names the field, if *asked* has one of a type that it cannot have.

    Words and months are looked at where they are read, for text is taken there as well.
    """
    names, values, exact, kinds = _fields(type(asked))
    for place, value in enumerate(values(asked)):
        if type(value) in exact[place]:
            continue
        if isinstance(value, bool) or not isinstance(value, kinds[place]):
            given = " or ".join(_GIVEN.get(each, "None") for each in kinds[place])
            msg = f"{names[place]} is {cut(value)}: it must be {given}"
            raise InputError(msg)


def all_of(kind: type[T], given: Iterable[T], name: str) -> tuple[T, ...]:
    """
    Return what is *given* for the field *name*, each of *kind*, so that it can be read again.

    Raises `InputError` for anything else, and for one text, which would be taken for its letters.
    """
    if isinstance(given, str | bytes) or not isinstance(given, Iterable):
        msg = f"{name} is {cut(given)}: give them as a tuple or a list, each {_asked_for(kind)}"
        raise InputError(msg)
    found = tuple(given)
    for each in found:
        if not isinstance(each, kind):
            msg = f"{name} has {cut(each)} in it: each must be {_asked_for(kind)}"
            raise InputError(msg)
    return found


def _asked_for(kind: type[object]) -> str:
    return _GIVEN.get(kind, f"a {kind.__name__}")


@cache
def _fields(kind: type[Any]) -> tuple[Any, Any, Any, Any]:
    """Return the names of the checked fields of *kind*, what reads them, and their types."""
    checked = dict(_checked(kind))
    names = tuple(checked)
    values = attrgetter(*names) if len(names) > 1 else lambda asked: (getattr(asked, names[0]),)
    return names, values, [frozenset(each) for each in checked.values()], [*checked.values()]


def _checked(kind: type[Any]) -> Iterator[tuple[str, tuple[type, ...]]]:
    hints = get_type_hints(kind)
    for field in attrs.fields(kind):
        hint = hints[field.name]
        kinds = get_args(hint) if isinstance(hint, UnionType) else (hint,)
        if all(each in _GIVEN or each is type(None) for each in kinds):
            yield field.name, kinds
