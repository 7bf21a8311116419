"""A request as a value: which verb of the desk, with which arguments."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cache, partial, wraps
from inspect import Signature, signature
from pathlib import PurePath
from typing import Any, Concatenate, Final, ParamSpec, Protocol, TypeVar

import attrs
import msgspec

from jamsos.domain.calendar import Month, Months
from jamsos.domain.geography import NATIONAL
from jamsos.domain.identity import (
    AGENT,
    NAME,
    PARTICIPANT,
    REFERENCE,
    programme_stream,
    quota_stream,
)
from jamsos.errors import InputError

P = ParamSpec("P")
A = TypeVar("A")
S = TypeVar("S", bound="Answering")


class Answering(Protocol):
    """Who answers requests: now, later, or through somebody else."""

    def _answer(self, request: Request) -> Any: ...  # noqa: ANN401 - what its verb returns


@attrs.frozen
class Request:
    """One call of a verb, which can be made on any desk, and made again."""

    verb: Callable[..., Any]
    positional: tuple[Any, ...]
    named: Mapping[str, Any]

    def put_to(self, desk: Answering) -> Any:  # noqa: ANN401 - what its verb returns
        """Return what *desk* answers."""
        return self.verb(desk, *self.positional, **self.named)

    @property
    def name(self) -> str:
        """The name of the verb."""
        return self.verb.__name__

    @property
    def many(self) -> bool:
        """Whether it is answered by a list: one answer for each row."""
        return self.name == "_many"

    @property
    def alone(self) -> bool:
        """Whether it measures what is recorded, and so cannot be decided beside others."""
        return self.name == "conclude_evaluation"

    @property
    def digest(self) -> str:
        """
        What tells this request from another: SHA-256 over the verb and all its arguments.

        Raises `InputError` for arguments that no such request has.
        """
        try:
            bound = _signature(self.verb).bind(None, *self.positional, **self.named)
            bound.apply_defaults()
            asked = [self.name, {n: v for n, v in bound.arguments.items() if n != "self"}]
            return hashlib.sha256(_encode(asked)).hexdigest()
        except (TypeError, ValueError) as error:
            msg = f"{self.name} cannot be sent under a command id: {error}"
            raise InputError(msg) from error

    def streams(self) -> Iterator[str]:
        """
        Yield streams that the answer is likely to rest on, as far as the arguments tell.

        Arguments that make no sense tell nothing: whoever decides says what is wrong with them.
        """
        names = _parameters(self.verb)
        arguments = {**dict(zip(names, self.positional, strict=False)), **self.named}
        for row in arguments.get("rows", ()):
            if isinstance(row, Mapping):
                yield from _streams({**arguments, **row}, regional=True)
        yield from _streams(arguments, regional="region" in names)
        if "programmes" in names:
            default = _signature(self.verb).parameters["programmes"].default
            programmes = arguments.get("programmes", default)
            for programme in programmes if isinstance(programmes, Collection) else ():
                yield from _streams({"programme": programme}, regional=False)


def command_id(value: str) -> str:
    """
    Return *value*, a caller's name for one request.

    Raises `InputError` unless it is 1 to 64 letters, digits or ``._:/-``.
    """
    if not isinstance(value, str) or REFERENCE.fullmatch(value) is None:
        msg = f"the command id {value!r} must be 1 to 64 letters, digits or ._:/- and no spaces"
        raise InputError(msg)
    return value


def verb(method: Callable[Concatenate[S, P], A]) -> Callable[Concatenate[S, P], A]:
    """Make *method* a request: whoever is asked answers it in his own way, by ``_answer``."""

    @wraps(method)
    def asked(self: S, /, *positional: P.args, **named: P.kwargs) -> A:
        kept = Request(
            method, tuple(map(_kept, positional)), {n: _kept(v) for n, v in named.items()}
        )
        answer: A = self._answer(kept)
        return answer

    return asked


def _kept(argument: object) -> object:
    """Return *argument* so that it can be read again: a request may be decided several times."""
    return tuple(argument) if isinstance(argument, Iterator) else argument


def _streams(arguments: Mapping[str, Any], *, regional: bool) -> Iterator[str]:
    for name, pattern in _WHO.items():
        value = arguments.get(name)
        if isinstance(value, str) and pattern.fullmatch(value):
            yield value
    programme = arguments.get("programme")
    if isinstance(programme, str) and NAME.fullmatch(programme):
        yield programme_stream(programme)
        if regional:
            yield quota_stream(programme, NATIONAL)
            region = arguments.get("region", NATIONAL)
            if isinstance(region, str) and region.isalnum():
                yield quota_stream(programme, region)


_WHO: Final = {"agent": AGENT, "participant": PARTICIPANT}


@cache
def _signature(method: Callable[..., Any]) -> Signature:
    return signature(method)


@cache
def _parameters(method: Callable[..., Any]) -> tuple[str, ...]:
    return tuple(_signature(method).parameters)[1:]


def _to_text(value: object) -> object:
    if isinstance(value, (Months, Month, PurePath)):
        return str(value)
    msg = f"{value!r} cannot be told from another {type(value).__name__}"
    raise TypeError(msg)


_encode = partial(msgspec.json.Encoder(enc_hook=_to_text, order="sorted").encode)
