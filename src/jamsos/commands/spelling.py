"""How commands are written and read back: one spelling each, with defaults left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from hashlib import sha256
from typing import Any, Final

import attrs
import msgspec

from jamsos.domain.aggregate import Event
from jamsos.domain.base import is_day
from jamsos.domain.calendar import Month, Months
from jamsos.domain.codec import UnreadableEventError, compare, from_text, pairs
from jamsos.errors import InputError

from .catalogue import COMMANDS, EXPANSIONS, NAMES
from .command import Command, Expansion

_encode: Final = msgspec.json.Encoder(order="sorted").encode
_UNWRITABLE: Final = (TypeError, ValueError, OverflowError, RecursionError)
_UNREADABLE: Final = (msgspec.DecodeError, UnreadableEventError, TypeError, ValueError)


def encode(command: Command[Event] | Expansion[object]) -> bytes:
    """
    Return *command* in its one spelling: JSON with its published name and its fields.

    >>> from datetime import date
    >>> from .agents import Resign
    >>> encode(Resign("agent-1", on=date(2018, 1, 5)))
    b'{"data":{"agent":"agent-1","on":"2018-01-05"},"type":"agent.resign.v1"}'

    Raises `InputError` for a value that no such command has.
    """
    name = NAMES[type(command)]
    try:
        return _encode({"type": name, "data": _without_defaults(command)})
    except _UNWRITABLE as error:
        msg = f"{name} cannot be written: {error}"
        raise InputError(msg) from error


def decode(data: bytes) -> Any:  # noqa: ANN401 - any command of the catalogue
    """
    Return the command that `encode` has written as *data*.

    White space and the order of fields are the writer's choice. Raises `InputError` for a name
    that is not in the catalogue, and for anything else that `encode` would not have written.
    """
    try:
        read = pairs(data)
    except UnreadableEventError as error:
        msg = f"this is not a command: {error}"
        raise InputError(msg) from error
    if not isinstance(read, dict) or read.keys() != {"type", "data"}:
        msg = "this is not a command: it has a type, its data, and nothing else"
        raise InputError(msg)
    return of_data(read["type"], read["data"])


def of_data(name: object, data: object) -> Any:  # noqa: ANN401 - any command of the catalogue
    """Return the command called *name* that has *data*. Raises `InputError` as `decode` does."""
    kind = (COMMANDS.get(name) or EXPANSIONS.get(name)) if isinstance(name, str) else None
    if kind is None:
        called = repr(name) if isinstance(name, str) else "whose type is not text"
        msg = f"there is no command {called}: there are {', '.join((*COMMANDS, *EXPANSIONS))}"
        raise InputError(msg)
    try:
        command = attrs.evolve(msgspec.convert(data, kind, dec_hook=from_text))  # it converts
        compare(data, pairs(encode(command))["data"])
    except RecursionError as error:
        msg = f"this is not the command {name}: its values stand too deep in one another"
        raise InputError(msg) from error
    except _UNREADABLE as error:
        msg = f"this is not the command {name}: {error}"
        raise InputError(msg) from error
    return command


def written(commands: Sequence[Command[Event]]) -> bytes:
    """Return *commands* in their one spelling, as a JSON array."""
    return b"[" + b",".join(map(encode, commands)) + b"]"


def digest(spelled: bytes) -> str:
    """
    Return the digest of a letter: its form, and SHA-256 of what `written` gave.

    It tells one letter from another. The number before the colon is the form; digests of
    version 0.1 of jamsos have none.
    """
    return f"2:{sha256(spelled).hexdigest()}"


def _without_defaults(value: object) -> dict[str, Any]:
    kind: type[Any] = type(value)
    return {
        field.name: _told(each)
        for field in attrs.fields(kind)
        if (each := getattr(value, field.name)) != field.default
    }


def _told(value: object) -> Any:  # noqa: ANN401 - any JSON
    """Return *value* as JSON has it; of what has fields, those that are not as usual."""
    if attrs.has(type(value)):
        return _without_defaults(value)
    if isinstance(value, tuple | list):
        return [_told(each) for each in value]
    if isinstance(value, Mapping):
        return {_text(key): _told(each) for key, each in value.items()}
    return _leaf(value)


def _leaf(value: object) -> str | int | None:
    """Return *value* as JSON has it. Raises `TypeError` if no field of a command holds it."""
    kind = type(value)
    if value is None or isinstance(value, StrEnum):
        return value
    if isinstance(value, str | int) and kind in {str, int}:
        return value
    if kind in {Month, Months} or is_day(value):
        return str(value)
    msg = f"{value!r} is of type {kind.__name__}"
    raise TypeError(msg)


def _text(key: object) -> str:
    if isinstance(key, str):
        return key
    msg = f"{key!r} is of type {type(key).__name__}, and not a name"
    raise TypeError(msg)
