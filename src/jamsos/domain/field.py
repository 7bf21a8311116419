"""Checks of the fields of an event, for what their types alone do not say."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

from jamsos.errors import InputError

if TYPE_CHECKING:
    import attrs

W = TypeVar("W", bound=StrEnum)


def word_of(kind: type[W], value: object, name: str) -> W:
    """Return the word of *kind* that *value* is. Raises `InputError`, calling it *name*."""
    if type(value) is kind:
        return value
    try:
        return kind(str(value))
    except ValueError as error:
        msg = f"{name} is {value!r}: it must be one of {', '.join(kind)}"
        raise InputError(msg) from error


def shown(text: str) -> str:
    """Return *text* as one line can show it, with what cannot be printed written out."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


class An:
    """Lets through an instance of one type, in a field of an event."""

    def __init__(self, kind: type[Any]) -> None:
        self.kind = kind

    def __call__(self, _: object, attribute: attrs.Attribute[Any], value: object) -> None:
        """Let *value* through, or raise `InputError`."""
        if not isinstance(value, self.kind):
            msg = f"{attribute.name} is {value!r}: it must be {self}"
            raise InputError(msg)

    def __str__(self) -> str:
        if issubclass(self.kind, StrEnum):
            return f"one of {', '.join(self.kind)}, as {self.kind.__name__}"
        return f"of type {self.kind.__name__}"
