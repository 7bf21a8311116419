"""How a command becomes a method of the desk: with its own signature, docstring and answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from inspect import Parameter, Signature, signature
from reprlib import repr as cut
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar, cast

from jamsos.commands.catalogue import NAMES, verb_of
from jamsos.commands.command import Command, Letter
from jamsos.domain.aggregate import Event
from jamsos.domain.decision import Decision
from jamsos.engine.answering import Answering
from jamsos.engine.rows import Rows
from jamsos.errors import InputError

P = ParamSpec("P")
E = TypeVar("E", bound=Event)


class Asking(Protocol):
    """An object with these methods: it asks somebody who answers."""

    _answering: Answering


def verb(command: Callable[P, Command[E]]) -> Callable[Concatenate[Asking, P], Decision[E]]:
    """Return the method that asks for *command*, with its arguments and its docstring."""

    def asked(self: Asking, /, *positional: P.args, **arguments: P.kwargs) -> Decision[E]:
        try:
            asked_for = command(*positional, **arguments)
        except TypeError as error:
            if said := arguments.keys() & {"by", "trace"}:
                how = f"desk.asked({', '.join(f'{each}=...' for each in sorted(said))})"
                msg = f"{error}: say who asks by {how}.{verb_of(command)}(...)"  # type: ignore[arg-type]
                raise TypeError(msg) from error
            raise
        answer: Decision[E] = self._answering.answer(Letter((asked_for,)))[0]
        return answer

    steps = signature(command.decide).return_annotation  # type: ignore[attr-defined]
    return _shown_as(asked, command, str(steps).replace("Steps[", "Decision[", 1))


def command_of(given: Command[E]) -> Command[E]:
    """Return what is *given*, a command. Raises `InputError` for anything else."""
    kind: type[Any] = type(given)
    if callable(getattr(kind, "decide", None)):
        return given
    if kind in NAMES:
        told = f"stands for many commands: ask them, or call {verb_of(kind)}"
    else:
        told = "is no command: give one, such as Recruit(agent, 'perisai', province='51', on=day)"
    msg = f"{cut(given)} {told}"
    raise InputError(msg)


def commands_of(given: Iterable[Command[E]]) -> tuple[Command[E], ...]:
    """Return what is *given*, commands. Raises `InputError`, which names each row that is none."""
    if isinstance(given, str | bytes) or not isinstance(given, Iterable):
        msg = f"{cut(given)} holds no commands: give them as a list"
        raise InputError(msg)
    commands, faults = [], Rows()
    for number, each in enumerate(given, start=1):
        if not callable(getattr(type(each), "decide", None)):
            with faults.row(number):
                command_of(each)
        commands.append(each)
    faults.check()
    return tuple(commands)


def of_rows(
    command: Callable[..., Command[E]], rows: Iterable[Command[E] | Mapping[str, Any]]
) -> Iterator[Command[E]]:
    """
    Yield a *command* for each of *rows*: as it is, or made of the arguments that it holds.

    Raises `InputError`, which names each such row, for arguments that the command does not take,
    and for anything else.
    """
    if not isinstance(rows, Iterable):
        msg = f"{rows!r} holds no rows: give rows, each a {command.__name__} or its arguments"
        raise InputError(msg)
    faults = Rows()
    for number, row in enumerate(rows, start=1):
        with faults.row(number):
            yield _of_row(command, number, row)
    faults.check()


def _of_row(command: Callable[..., Command[E]], number: int, row: object) -> Command[E]:
    if isinstance(row, Mapping):
        return command(**row)
    if type(row) in NAMES:
        return cast("Command[E]", row)
    msg = (
        f"row {number} is of type {type(row).__name__}: give a {command.__name__}, or its"
        f" arguments by name, as a dict"
    )
    raise InputError(msg)


def _shown_as(
    method: Callable[Concatenate[Asking, P], Decision[E]],
    command: Callable[P, Command[E]],
    answers: str,
) -> Callable[Concatenate[Asking, P], Decision[E]]:
    """Return *method* as ``help()`` and an editor show it: like one that was written out."""
    method.__name__ = verb_of(command)  # type: ignore[arg-type]
    method.__qualname__ = f"Verbs.{method.__name__}"
    method.__doc__ = command.__doc__
    own = Parameter("self", Parameter.POSITIONAL_ONLY)
    parameters = signature(command).parameters.values()
    method.__signature__ = Signature([own, *parameters], return_annotation=answers)  # type: ignore[attr-defined]
    return method
