"""The arguments of a command, read and changed by their names, whatever command it is."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache
from typing import Any, TypeVar

import attrs

from jamsos.engine.world import Asked

A = TypeVar("A", bound=Asked)


def changed(asked: A, **values: object) -> A:
    """Return *asked* with other *values* of its fields."""
    evolved: A = attrs.evolve(asked, **values)  # type: ignore[misc]
    return evolved


def arguments_of(asked: Asked) -> dict[str, Any]:
    """Return every argument of *asked* by its name."""
    return {f.name: getattr(asked, f.name) for f in _fields(type(asked))}


def keywords(asked: Asked) -> dict[str, Any]:
    """Return the arguments of *asked* that are told by keyword."""
    return {f.name: getattr(asked, f.name) for f in _fields(type(asked)) if f.kw_only}


def subject(asked: Asked) -> str:
    """Return the field that says whom or what *asked* is about: the first."""
    return _fields(type(asked))[0].name


@cache
def _fields(kind: type[Any]) -> tuple[attrs.Attribute[Any], ...]:
    fields: tuple[attrs.Attribute[Any], ...] = attrs.fields(kind)
    return fields


def renamed(asked: Asked, names: Mapping[Any, Any], only: Collection[str] | None = None) -> Asked:
    """Return *asked* with other *names* in place of those that they stand under."""

    def other(value: Any) -> Any:  # noqa: ANN401 - any argument
        if isinstance(value, Mapping):
            return {other(key): each for key, each in [*value.items()][::-1]}
        return names.get(value, value) if isinstance(value, str) else value

    fields = [f.name for f in _fields(type(asked)) if only is None or f.name in only]
    return changed(asked, **{name: other(getattr(asked, name)) for name in fields})
