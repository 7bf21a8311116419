"""How version 0.1 told one letter from another, so that what it answered is found again."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import chain, combinations, islice, permutations, product
from math import factorial, prod
from typing import Any, Final, TypeAlias

import attrs
import msgspec

from jamsos.domain.aggregate import Event
from jamsos.domain.codec import compare, from_text, to_text
from jamsos.errors import InputError

from .catalogue import COMMANDS, EXPANSIONS, NAMES
from .command import Command
from .signatures_0_1 import BATCHES, HELD, TAKEN, Taken

_encode: Final = msgspec.json.Encoder(order="sorted").encode
_MOST: Final = 50_000
"""So many spellings of one letter are tried: enough for every order of seven programmes."""
_MOST_BYTES: Final = 500_000_000
"""So many bytes of spellings are looked at: about two seconds."""

_Order: TypeAlias = Mapping[tuple[str, ...], tuple[str, ...]]
"""Programmes by what they are, a set in alphabetical order, in the order in which they came."""


class _NotThenError(ValueError):
    """A command that version 0.1 could not have been sent."""


def digests(commands: Sequence[Command[Event]]) -> Iterator[str]:
    """
    Yield the digests that version 0.1 may have stored for *commands* under one id.

    It took SHA-256 of the verb and its arguments as they were given: programmes in the order
    in which they came, and of many at once only what each row spelled, defaults or not. Those
    that are likelier come first. An argument that one row spelled and the next one left
    out is not found, nor is a letter that is too large to try.
    """
    try:
        spelled = chain(_of_one(commands), _of_many(commands))
        read = 0
        for each in islice(spelled, _MOST):
            yield sha256(each).hexdigest()
            read += len(each)
            if read > _MOST_BYTES:
                return
    except _NotThenError:
        return


# -- One command by its verb, and many by their rows. -------------------------------------


def _of_one(commands: Sequence[Command[Event]]) -> Iterator[bytes]:
    if len(commands) != 1 or NAMES[type(commands[0])] not in TAKEN:
        return
    taken = TAKEN[NAMES[type(commands[0])]]
    row = _Row(commands[0], taken)
    yield from _in_every_order(b'["%b",' % taken.verb.encode(), [row], taken.usual, b"]")


def _of_many(commands: Sequence[Command[Event]]) -> Iterator[bytes]:
    if not commands:
        yield from (_batch(verb) + b"]}]" for verb in BATCHES)
        return
    name = NAMES[type(commands[0])]
    if len({type(command) for command in commands}) > 1 or name not in TAKEN:
        return
    taken = TAKEN[name]
    if taken.verb not in BATCHES:
        return
    rows = [_Row(command, taken) for command in commands]
    for spelled in _subsets([n for n in taken.usual if any(n in row.usual for row in rows)]):
        yield from _in_every_order(_batch(taken.verb), rows, spelled, b"]}]")


def _batch(verb: str) -> bytes:
    return b'["_many",{"kind":"%b","rows":[' % verb.encode()


class _Row:
    """The arguments of a command as they were written then, with and without its defaults."""

    def __init__(self, command: Command[Event], taken: Taken) -> None:
        arguments = _held(command, taken.arguments)
        self.programmes = tuple(arguments.get("programmes", ()))
        self.usual = {n for n, usual in taken.usual.items() if arguments.get(n) == usual}
        self._written = {
            name: b'"%b":%b' % (name.encode(), _encode(value))
            for name, value in sorted(arguments.items())
        }

    def spells(self, name: str, spelled: Collection[str]) -> bool:
        """Return whether *name* is in the row when those defaults are *spelled*."""
        return name in self._written and (name in spelled or name not in self.usual)

    def around(self, spelled: Collection[str]) -> tuple[bytes, bytes]:
        """Return what stands before the programmes in the row, and what stands after them."""
        there = [name for name in self._written if self.spells(name, spelled)]
        if "programmes" not in there:
            return b"{%b}" % b",".join(self._written[name] for name in there), b""
        place = there.index("programmes")
        before = b"".join(b"%b," % self._written[name] for name in there[:place])
        after = b"".join(b",%b" % self._written[name] for name in there[place + 1 :])
        return b'{%b"programmes":' % before, b"%b}" % after


def _in_every_order(
    begin: bytes, rows: Sequence[_Row], spelled: Collection[str], end: bytes
) -> Iterator[bytes]:
    """Yield *rows* with those defaults *spelled*, and their programmes in every order."""
    pieces, places = [begin], list[tuple[int, tuple[str, ...]]]()
    for row in rows:
        before, after = row.around(spelled)
        pieces[-1] += before
        if row.spells("programmes", spelled):
            places.append((len(pieces), row.programmes))
            pieces += (b"", after)
        pieces[-1] += b","
    pieces[-1] = pieces[-1].removesuffix(b",") + end
    for order in _orders(dict.fromkeys(programmes for _, programmes in places)):
        written = {programmes: _encode(order[programmes]) for programmes in order}
        for place, programmes in places:
            pieces[place] = written[programmes]
        yield b"".join(pieces)


def _orders(given: Collection[tuple[str, ...]]) -> Iterator[_Order]:
    """Yield every order of the programmes *given*: first as if one list held them all."""
    tried: set[tuple[tuple[str, ...], ...]] = set()
    names = sorted({name for programmes in given for name in programmes})
    as_one = (
        tuple(tuple(sorted(programmes, key=listed.index)) for programmes in given)
        for listed in permutations(names)
    )
    few = prod(factorial(len(programmes)) for programmes in given) <= _MOST
    each_its_own = product(*map(permutations, given)) if few else ()
    for ordered in chain(as_one, each_its_own):
        if ordered not in tried:
            tried.add(ordered)
            yield dict(zip(given, ordered, strict=True))


def _subsets(names: Sequence[str]) -> Iterator[frozenset[str]]:
    """Yield every choice of *names*: none of them and all of them first."""
    sizes = dict.fromkeys((0, len(names), *range(1, len(names))))
    for size in sizes:
        yield from map(frozenset, combinations(names, size))


# -- What a value was then. --------------------------------------------------------------


def _then(value: object) -> Any:  # noqa: ANN401 - any JSON
    """Return *value* as version 0.1 wrote it. Raises `_NotThenError` if it had no such value."""
    kind = type(value)
    if attrs.has(kind):
        return _held(value, HELD.get(kind.__name__, ()))
    if isinstance(value, tuple | list):
        return [_then(each) for each in value]
    if isinstance(value, Mapping):
        return {key: _then(each) for key, each in value.items()}
    return msgspec.to_builtins(value, enc_hook=to_text)


def _held(value: object, names: Collection[str]) -> dict[str, Any]:
    """Return the fields *names* of *value*, which are all that it had then."""
    kind: type[Any] = type(value)
    for field in attrs.fields(kind):
        if field.name not in names and getattr(value, field.name) != field.default:
            raise _NotThenError(field.name)
    return {name: _then(getattr(value, name)) for name in names}


def asked_in_0_1(kept: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any command of the catalogue
    """
    Return the command that version 0.1 kept as a verb with its arguments.

    Raises `InputError` for a verb that there was not, and for arguments that it did not take.
    """
    name = next((name for name, taken in TAKEN.items() if taken.verb == kept.get("verb")), None)
    if name is None or kept.keys() != {"verb", "positional", "named"}:
        msg = f"this is not a command: {dict(kept)!r}"
        raise InputError(msg)
    taken, positional, named = TAKEN[name], kept["positional"], kept["named"]
    if not isinstance(positional, list) or not isinstance(named, dict):
        msg = f"{taken.verb} has a list of arguments, and an object of those that are named"
        raise InputError(msg)
    given = {**dict(zip(taken.arguments, positional, strict=False)), **named}
    if len(given) < len(positional) + len(named) or not given.keys() <= set(taken.arguments):
        msg = f"{taken.verb} takes {', '.join(taken.arguments)}, each once"
        raise InputError(msg)
    if given.get("rules") is not None:
        msg = "rules= names a file of one machine: keep the history without it"
        raise InputError(msg)
    kind = {**COMMANDS, **EXPANSIONS}[name]
    try:
        if isinstance(given.get("programmes"), list):
            given["programmes"] = sorted(given["programmes"])
        command = attrs.evolve(msgspec.convert({**taken.usual, **given}, kind, dec_hook=from_text))
        for argument, value in given.items():
            compare(value, _then(getattr(command, argument)))
    except RecursionError as error:
        msg = f"{taken.verb}: its arguments stand too deep in one another"
        raise InputError(msg) from error
    except (TypeError, ValueError) as error:
        msg = f"{taken.verb}: {error}"
        raise InputError(msg) from error
    return command
