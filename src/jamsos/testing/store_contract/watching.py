"""What was asked of a recorder and what came back: told where a case of the contract fails."""

from __future__ import annotations

import inspect
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from reprlib import Repr
from typing import Final, TypeVar, cast

import attrs

from jamsos.store.recorder import Answered, FindsOthers, Recorder
from jamsos.store.tallies import KeepsTallies, Tallies

T = TypeVar("T")

_TOLD: Final = 3
"""So many calls before a failure are told."""


class _Short(Repr):
    """Shows the beginning of what is long, and how long it is."""

    def __init__(self) -> None:
        super().__init__()
        self.maxlist = self.maxtuple = self.maxdict = 4
        self.maxlevel = 4
        self.maxstring = self.maxother = self.maxlong = 100

    def repr_list(self, x: list[object], level: int) -> str:
        told = super().repr_list(x, level)
        return told if len(x) <= self.maxlist else f"{told} ({len(x):,} in all)"

    def repr_bytes(self, x: bytes, _: int) -> str:
        half = 40
        if len(x) <= 2 * half:
            return repr(x)
        return f"{x[:half]!r}...{x[-half:]!r} ({len(x):,} bytes)"

    def repr_str(self, x: str, level: int) -> str:
        told = super().repr_str(x, level)
        return told if len(x) < self.maxstring else f"{told} ({len(x):,} characters)"

    def repr_Answered(self, x: Answered, level: int) -> str:  # noqa: N802 - named by the library
        return f"Answered{self.repr_tuple(attrs.astuple(x), level)}"


_short: Final = _Short().repr


@attrs.define
class _Call:
    """A call of a method of *port*, and what it *came* to: a value or an error."""

    port: type
    method: str
    given: tuple[object, ...]
    named: dict[str, object]
    came: str | object = "nothing yet"

    def __str__(self) -> str:
        given = [*map(_short, self.given), *(f"{n}={_short(v)}" for n, v in self.named.items())]
        return f"{self.method}({', '.join(given)}) -> {_short(self.came)}"

    @property
    def says(self) -> str:
        """What the docstring of the method says."""
        port = FindsOthers if self.method == "other_than" else self.port
        said = inspect.getdoc(getattr(port, self.method, None)) or "nothing"
        return f"{port.__name__}.{self.method} says:\n{said}"


class Calls:
    """The newest calls of the recorders of one case, whichever thread has made them."""

    def __init__(self) -> None:
        self._newest: deque[_Call] = deque(maxlen=_TOLD)

    def watched(self, recorder: Recorder) -> Recorder:
        """Return *recorder*, each call of which is noted and what it returns checked."""
        return cast("Recorder", _Watched(recorder, Recorder, self))

    def note(self, call: _Call) -> None:
        """Note a *call* as the newest."""
        self._newest.append(call)

    @contextmanager
    def told(self, rule: str) -> Iterator[None]:
        """Turn any error into an `AssertionError` that tells the *rule* and the calls."""
        try:
            yield
        except Exception as error:
            why = str(error) if isinstance(error, AssertionError) else repr(error)
            newest = list(self._newest)
            says = newest[-1].says if newest else ""
            parts = [f"{rule}: {why}", "after", *(f"  {call}" for call in newest), says]
            raise AssertionError("\n".join(parts)) from error


class _Watched:
    """A recorder, or the tallies of one, of which each call is noted."""

    def __init__(self, watched: object, port: type, calls: Calls) -> None:
        self._watched, self._port, self._calls = watched, port, calls
        if isinstance(watched, KeepsTallies):
            self.tallies = _Watched(watched.tallies, Tallies, calls)
        if isinstance(watched, FindsOthers):
            self.other_than = self._noting("other_than", watched.other_than)

    def __getattr__(self, name: str) -> object:
        found = getattr(self._watched, name)
        return self._noting(name, found) if callable(found) else found

    def _noting(self, name: str, method: Callable[..., object]) -> Callable[..., object]:
        def asked(*given: object, **named: object) -> object:
            call = _Call(self._port, name, given, named)
            if name != "close":  # which follows whatever has failed
                self._calls.note(call)
            try:
                call.came = method(*given, **named)
            except Exception as error:
                call.came = error
                raise
            if self._port is Recorder:
                _check_types(name, call.came)
            return call.came

        return asked


_ROW: Final = [int, str, int, str, bytes]
_ANSWERED: Final = ((str,), (str, type(None)), (int,), (int,), (bytes, type(None)))


def _check_types(method: str, came: object) -> None:
    """Check that what a *method* of a recorder returned is of the types that it promises."""
    match method:
        case "append" | "load" | "last_position":
            check(type(came) is int, f"a number is an int, and not {type(came).__name__}")
        case "page" | "news":
            for row in _listed(came):
                _check_row(row)
        case "concerning":
            for pair in _listed(came):
                stream, row = pair if isinstance(pair, tuple) and len(pair) == 2 else (None, pair)
                _check_row(row)
                if type(stream) is not str:
                    msg = f"{_short(pair)} is not a tuple of a stream and a row"
                    raise AssertionError(msg)
        case "answers":
            for each in _listed(came):
                _check_answered(each)
        case _:
            pass


def _listed(came: object) -> list[object]:
    check(isinstance(came, list), f"a list comes back, and not {type(came).__name__}")
    return cast("list[object]", came)


def _check_row(row: object) -> None:
    if not isinstance(row, tuple) or [*map(type, row)] != _ROW:
        msg = f"{_short(row)} is not a tuple of int, str, int, str and bytes"
        raise AssertionError(msg)


def _check_answered(each: object) -> None:
    if not isinstance(each, Answered):
        msg = f"{_short(each)} is not an Answered"
        raise AssertionError(msg)  # noqa: TRY004 - a case that fails
    values = each.command, each.digest, each.first, each.events, each.answer
    if not all(type(value) in kinds for value, kinds in zip(values, _ANSWERED, strict=True)):
        msg = f"{_short(each)} is not of str, str or None, int, int, and bytes or None"
        raise AssertionError(msg)


def check(holds: object, why: str) -> None:
    """Fail, and say *why*, unless it *holds*: also where Python leaves out its assertions."""
    if not holds:
        raise AssertionError(why)


def same(came: T, expected: T) -> None:
    """Fail unless what *came* is what was *expected*; tell where two lists begin to differ."""
    if came == expected:
        return
    told = f"{_short(expected)} was expected, and {_short(came)} came"
    if isinstance(came, list) and isinstance(expected, list):
        place = next(
            (n for n, (a, b) in enumerate(zip(came, expected, strict=False)) if a != b),
            min(len(came), len(expected)),
        )
        one, other = (_short(each[place : place + 1]) for each in (expected, came))
        told = (
            f"{len(expected):,} were expected and {len(came):,} came; at place {place}"
            f" {one} was expected, and {other} came"
        )
    raise AssertionError(told)
