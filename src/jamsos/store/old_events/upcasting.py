"""The shared part of upcasters: new fields are empty, and old data hold none of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from jamsos.errors import InputError

Data: TypeAlias = dict[str, Any]


def added(data: Data, *fields: str) -> Data:
    """
    Return *data* with *fields*, each nothing.

    Raises `InputError` if *data* hold one of them: the old version does not have it.
    """
    for field in fields:
        if field in data:
            msg = f"there is no field {field!r}"
            raise InputError(msg)
    return data | dict.fromkeys(fields)


def each(data: Data, field: str, upcast: Callable[[Data], Data]) -> list[Data]:
    """Return the list *field*, each through *upcast*. Raises `InputError` if it is not a list."""
    found = data[field]
    if not isinstance(found, list):
        msg = f"the field {field!r} is {found!r}, which is not a list"
        raise InputError(msg)
    return [upcast(one) for one in found]
