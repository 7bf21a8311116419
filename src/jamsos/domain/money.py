"""Whole rupiah: never a float, never less than nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, NewType, TypeVar

from jamsos.errors import InputError

if TYPE_CHECKING:
    import attrs

Rupiah = NewType("Rupiah", int)
"""An amount of money, in whole rupiah, from 0 to 2^63 - 1."""

MOST = 2**63 - 1

T = TypeVar("T")


def whole(_: object, attribute: attrs.Attribute[T], value: T) -> None:
    """Let through a whole number from 0 to 2^63 - 1, of rupiah or of anything counted."""
    check_whole(attribute.name, value)


def check_whole(name: str, value: object) -> None:
    """Raise `InputError` unless *value*, called *name*, is a whole number from 0 to 2^63 - 1."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MOST:
        msg = f"{name} is {value!r}: it must be a whole number from 0 to 2^63 - 1, without decimals"
        raise InputError(msg)
