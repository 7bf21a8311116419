"""How version 0.1 told one letter from another, so that what it answered is found again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import chain, combinations, islice, permutations
from types import MappingProxyType
from typing import Any, Final

import attrs
import msgspec

from jamsos.domain.aggregate import Event
from jamsos.domain.codec import compare, from_text, to_text
from jamsos.errors import InputError

from .catalogue import NAMES, verb_of
from .command import Command
from .spelling import UNREADABLE

_encode: Final = msgspec.json.Encoder(order="sorted").encode
_MOST: Final = 50_000
"""So many spellings of one letter are tried: enough for every order of six programmes."""
_SINCE: Final = frozenset({"passage", "passage_sha256", "read_on", "akn"})
"""What a citation has had since, and had not in version 0.1."""


def digests(commands: Sequence[Command[Event]]) -> Iterator[str]:
    """
    Yield every digest that version 0.1 may have stored for *commands* under one id.

    It took SHA-256 of the verb and all arguments as they were given: programmes in the order
    in which they came, and of many at once only what each row spelled, defaults or not.
    """
    spelled = chain(_of_one(commands), _of_many(commands))
    return (sha256(_encode(each)).hexdigest() for each in islice(spelled, _MOST))


def _of_one(commands: Sequence[Command[Event]]) -> Iterator[Any]:
    if len(commands) == 1:
        for arguments in _in_every_order([_arguments(commands[0])]):
            yield [verb_of(type(commands[0])), arguments[0]]


def _of_many(commands: Sequence[Command[Event]]) -> Iterator[Any]:
    kinds = {type(command) for command in commands}
    if len(kinds) != 1:
        return
    (kind,) = kinds
    rows = [_arguments(command) for command in commands]
    usual = _usual(kind)
    for spelled in _subsets(tuple(usual)):
        left = [
            {
                name: value
                for name, value in row.items()
                if name not in usual or name in spelled or value != usual[name]
            }
            for row in rows
        ]
        for ordered in _in_every_order(left):
            yield ["_many", {"kind": verb_of(kind), "rows": ordered}]


def _arguments(command: Command[Event]) -> dict[str, Any]:
    """Return all arguments of *command* as they were written then, by their names."""
    kind: type[Any] = type(command)
    return {f.name: _then(getattr(command, f.name)) for f in attrs.fields(kind)}


def _usual(kind: type[Any]) -> dict[str, Any]:
    """Return the arguments of a command of *kind* that may be left out."""
    fields = attrs.fields(kind)
    return {f.name: _then(f.default) for f in fields if f.default is not attrs.NOTHING}


def _then(value: object) -> Any:  # noqa: ANN401 - any JSON
    return _without(msgspec.to_builtins(value, enc_hook=to_text))


def _without(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return *value* without what citations have had since."""
    if isinstance(value, Mapping):
        since = _SINCE if "instrument" in value else frozenset()
        return {key: _without(each) for key, each in value.items() if key not in since}
    return [_without(each) for each in value] if isinstance(value, list | tuple) else value


def _in_every_order(rows: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Yield *rows* with their programmes in every order: the same order in each row."""
    longest = max((len(row.get("programmes", ())) for row in rows), default=0)
    for order in permutations(range(longest)):
        yield [_reordered(row, order) for row in rows]


def _reordered(row: dict[str, Any], order: Sequence[int]) -> dict[str, Any]:
    programmes = row.get("programmes")
    if not programmes:
        return row
    there = [programmes[place] for place in order if place < len(programmes)]
    return {**row, "programmes": there}


def _subsets(names: Sequence[str]) -> Iterator[frozenset[str]]:
    """Yield every choice of *names*: none of them and all of them first."""
    yield frozenset()
    yield frozenset(names)
    for size in range(1, len(names)):
        yield from map(frozenset, combinations(names, size))


def asked_in_0_1(kept: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any command of the catalogue
    """
    Return the command that version 0.1 kept as a verb with its arguments.

    Raises `InputError` for a verb that there was not, and for anything that version 0.1
    would not have kept.
    """
    kind = _VERBS.get(str(kept.get("verb")))
    if kind is None or kept.keys() != {"verb", "positional", "named"}:
        msg = f"this is not a command: {dict(kept)!r}"
        raise InputError(msg)
    given = _given(kind, kept["positional"], kept["named"])
    try:
        command = msgspec.convert(given, kind, dec_hook=from_text)
        compare(given, {name: _then(getattr(command, name)) for name in given})
    except UNREADABLE as error:
        msg = f"these are not the arguments of {verb_of(kind)}: {error}"
        raise InputError(msg) from error
    return command


_VERBS: Final[Mapping[str, type[Any]]] = MappingProxyType({verb_of(kind): kind for kind in NAMES})


def _given(kind: type[Any], positional: object, named: object) -> dict[str, Any]:
    """Return the arguments that were kept for a command of *kind*, by their names."""
    fields = attrs.fields(kind)
    first = [field.name for field in fields if not field.kw_only]
    if (
        not isinstance(positional, list)
        or not isinstance(named, dict)
        or len(positional) > len(first)
        or not named.keys() <= {field.name for field in fields} - {*first[: len(positional)]}
    ):
        msg = f"{verb_of(kind)} takes {', '.join(field.name for field in fields)}"
        raise InputError(msg)
    if named.get("rules") is not None:
        msg = "rules= names a file of one machine: keep the history without it"
        raise InputError(msg)
    given = {**dict(zip(first, positional, strict=False)), **named}
    if isinstance(given.get("programmes"), list):
        given["programmes"] = sorted(given["programmes"])
    return given
