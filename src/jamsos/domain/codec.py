"""Between events and their stored form: strict, and one spelling for each event."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from typing import Any, Final, TypeAlias

import msgspec

from jamsos.errors import InputError

from .base import base
from .calendar import Month, Months

Data: TypeAlias = dict[str, Any]

Upcaster: TypeAlias = tuple[str, Callable[[Data], Data]]
"""The name an old event is read as, and the function that makes its data the new one's."""


class UnreadableEventError(ValueError):
    """An event that is not what it claims to be; the caller, which knows the place, adds it."""


class Codec:
    """
    Writes events as JSON under their published names; reads only what it would write.

    An event is readable if it decodes, passes its validators, and encodes to the very data
    it came from: an unknown or a missing field, a float for a whole number, a second field
    of one name are errors. White space and the order of fields are the writer's choice.

    Raises `InputError` if an upcaster of the catalogue leads nowhere or in a circle.
    """

    def __init__(self, events: Mapping[str, type[Any]], upcasters: Mapping[str, Upcaster]) -> None:
        self.events = events
        self._upcasters = upcasters
        self._names = {event: name for name, event in events.items()}
        self._encode = msgspec.json.Encoder(enc_hook=to_text, order="sorted").encode
        self._decode = {
            name: msgspec.json.Decoder(event, dec_hook=from_text).decode
            for name, event in events.items()
        }
        for name in upcasters:
            self._check_chain(name)

    def name(self, event: object) -> str:
        """Return the published name of *event*."""
        return self._names[type(event)]

    def names(self, events: Collection[type[Any]]) -> tuple[str, ...]:
        """Return every name, of today or older, under which one of *events* may be stored."""
        today = {name for name, event in self.events.items() if event in events}
        return tuple(n for n in (*self.events, *self._upcasters) if self._read_as(n) in today)

    def encode(self, event: object) -> bytes:
        """Return the data of *event* in their one spelling: UTF-8 JSON, keys sorted."""
        return self._encode(event)

    def decode(self, name: str, data: bytes) -> Any:  # noqa: ANN401 - any event of the catalogue
        """
        Return the event that is stored under *name* as *data*.

        Raises `UnreadableEventError` if the name is not in the catalogue, or the data are not
        an event of that name.
        """
        return self.read(name, data)[0]

    def read(self, name: str, data: bytes) -> tuple[Any, bytes]:
        """Return the event that *data* are, as `decode` does, and *data* in their one spelling."""
        decode = self._decode.get(name)
        if decode is None:
            event = self._decode_old(name, data)
            return event, self._encode(msgspec.json.decode(data))
        try:
            event = decode(data)
        except (msgspec.DecodeError, ValueError, RecursionError) as error:
            raise UnreadableEventError(str(error)) from error
        written = self._encode(event)
        if written != data:
            compare(pairs(data), pairs(written))
        return event, written

    def _decode_old(self, name: str, data: bytes) -> Any:  # noqa: ANN401
        if name not in self._upcasters:
            msg = f"there is no event {name!r} in the catalogue"
            raise UnreadableEventError(msg)
        try:
            old = _object(data)
            while name in self._upcasters:
                name, upcast = self._upcasters[name]
                old = upcast(old)
            return self.decode(name, self._encode(old))
        except UnreadableEventError:
            raise
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            msg = f"it cannot be read as {name}: {error!r}"
            raise UnreadableEventError(msg) from error

    def _read_as(self, name: str) -> str:
        while name in self._upcasters:
            name = self._upcasters[name][0]
        return name

    def _check_chain(self, name: str) -> None:
        seen = {name}
        at = self._upcasters[name][0]
        while at in self._upcasters:
            if at in seen:
                msg = f"the upcaster of {name!r} leads in a circle, through {at!r}"
                raise InputError(msg)
            seen.add(at)
            at = self._upcasters[at][0]
        if at not in self.events or name in self.events:
            msg = f"the upcaster of {name!r} must lead from an old name to an event, not to {at!r}"
            raise InputError(msg)


_SPELLED: Final[Mapping[type, Callable[[Any], str]]] = {
    Month: Month.__str__,
    Months: Months.__str__,
}


def to_text(value: object) -> object:
    """
    Return *value*, of a type that JSON does not have, as text.

    A subclass of what JSON has is written as its base value. Raises `InputError` for anything else.
    """
    if (spelled := _SPELLED.get(type(value))) is not None:
        return spelled(value)
    found = base(value)
    if found is value:
        msg = f"{value!r} is of type {type(value).__name__}, which cannot be stored"
        raise InputError(msg)
    return found if type(found) not in _SPELLED else to_text(found)


def from_text(type_: type[Any], value: object) -> object:
    """Return the value of *type_* that `to_text` has written."""
    if not isinstance(value, str):
        msg = f"{value!r} is not text"
        raise InputError(msg)
    return type_.parse(value)


def _object(data: bytes) -> Data:
    found = pairs(data)
    if not isinstance(found, dict):
        msg = "it is not an object"
        raise UnreadableEventError(msg)
    return found


def pairs(data: bytes) -> Any:  # noqa: ANN401 - any JSON
    """
    Return *data*, JSON in UTF-8, as Python values.

    Raises `UnreadableEventError` if a field is there twice, or a number is not whole: JSON lets
    both pass, and a history must not.
    """

    def unique(pairs: list[tuple[str, Any]]) -> Data:
        for name, value in pairs:
            whole(name, value)
        found = dict(pairs)
        if len(found) < len(pairs):
            twice = next(
                name for name, number in Counter(n for n, _ in pairs).items() if number > 1
            )
            msg = f"the field {twice!r} is there twice"
            raise UnreadableEventError(msg)
        return found

    def whole(name: str, value: object) -> None:
        if isinstance(value, float):
            msg = f"the field {name!r} is {value}, which is not a whole number"
            raise UnreadableEventError(msg)
        for item in value if isinstance(value, list) else ():
            whole(name, item)

    try:
        return json.loads(data.decode(), object_pairs_hook=unique)
    except UnreadableEventError:
        raise
    except (ValueError, RecursionError) as error:
        raise UnreadableEventError(str(error)) from error


def compare(read: Any, written: Any, path: str = "$") -> None:  # noqa: ANN401
    """Raise for the first thing in *read* that the event has otherwise, or not at all."""
    if isinstance(read, dict) and isinstance(written, dict):
        for name in read.keys() | written.keys():
            if name not in written:
                msg = f"there is no field {name!r} - at `{path}`"
                raise UnreadableEventError(msg)
            if name not in read:
                msg = f"the field {name!r} is missing - at `{path}`"
                raise UnreadableEventError(msg)
            compare(read[name], written[name], f"{path}.{name}")
    elif isinstance(read, list) and isinstance(written, list) and len(read) == len(written):
        for place, (one, other) in enumerate(zip(read, written, strict=True)):
            compare(one, other, f"{path}[{place}]")
    elif type(read) is not type(written) or read != written:
        msg = f"{read!r} must be written {written!r} - at `{path}`"
        raise UnreadableEventError(msg)
