"""The text of a case that fails: the question, and the answer with one event a line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest
from typing import Any, TypeAlias

import attrs

from jamsos.commands.catalogue import verb_of
from jamsos.commands.command import fields_of
from jamsos.desk import Answer
from jamsos.domain.aggregate import Event
from jamsos.domain.decision import Accepted, Refused
from jamsos.engine.world import Asked

Expected: TypeAlias = Event | type
"""An event that is expected, or the type of one."""

NOTHING = "accepted, and nothing happens"


def fits(expected: Expected, came: Event) -> bool:
    """Return whether *came* is the event that was *expected*, or one of that type."""
    return type(came) is expected if isinstance(expected, type) else came == expected


def lines_of(answer: Answer | Exception) -> Sequence[str]:
    """Return the lines of *answer*, one for each reason or event."""
    if isinstance(answer, Refused):
        return [f"refused by {reason.policy}: {reason.explanation}" for reason in answer.reasons]
    if isinstance(answer, Accepted):
        return [*map(line_of, answer.events)] or [NOTHING]
    return [f"an error: {type(answer).__name__}: {answer}"]


def line_of(event: Expected) -> str:
    """Return the line of an *event*, or of any event of a type."""
    return f"any {event.__name__}" if isinstance(event, type) else repr(event)


def differences(expected: Sequence[Any], came: Sequence[Any]) -> list[str]:
    """Name the fields in which the first event that differs is another than expected."""
    for number, (one, other) in enumerate(zip_longest(expected, came), start=1):
        if one is None or other is None or fits(one, other):
            continue
        if type(one) is not type(other):
            return [f"event {number} is of another type"]
        fields = (field.name for field in attrs.fields(type(other)))
        names = [name for name in fields if getattr(one, name) != getattr(other, name)]
        return [
            f"event {number} has another {name}: {getattr(other, name)!r}, not"
            f" {getattr(one, name)!r}"
            for name in names
        ]
    return []


def sentence(command: Asked) -> str:
    """Return *command* as a call of its verb, without what is as usual."""
    told = {
        field: getattr(command, field.name)
        for field in fields_of(command)
        if getattr(command, field.name) != field.default
    }
    positional = [value for field, value in told.items() if not field.kw_only]
    named = {field.name: value for field, value in told.items() if field.kw_only}
    return call(verb_of(type(command)), positional, named)


def call(name: str, positional: Iterable[object], named: Mapping[str, object]) -> str:
    """Return a call of *name* with its arguments, as it is written."""
    told = [*map(str, positional), *(f"{name}={value}" for name, value in named.items())]
    return f"{name}({', '.join(told)})"


def name_of(function: object) -> str:
    """Return the name of *function*."""
    return str(getattr(function, "__name__", function))
