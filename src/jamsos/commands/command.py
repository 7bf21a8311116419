"""The protocols of a command: a frozen value that says what it rests on, and decides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Protocol, TypeAlias, TypeVar

import attrs

from jamsos.domain.aggregate import Event
from jamsos.domain.base import base
from jamsos.domain.decision import Decision
from jamsos.domain.envelope import UNSAID, Envelope
from jamsos.policies.standard import Judges

from .reading import Reading

E_co = TypeVar("E_co", bound=Event, covariant=True)
C_co = TypeVar("C_co", covariant=True)

Steps: TypeAlias = Sequence[tuple[str, Decision[E_co]]]
"""The decision on each stream: accepted all together, or not at all."""


class Command(Protocol[E_co]):
    """
    A command, answered by a decision with events of type *E_co*.

    Each is a frozen attrs class, listed with its published name in `jamsos.commands.catalogue`.
    """

    @property
    def on(self) -> date:
        """The day that the command is about."""
        ...

    def streams(self) -> Iterable[str]:
        """
        Return the streams that the decision rests on, as far as the arguments tell.

        They are read together, before anything is decided. Arguments that make no sense may
        lead to names that are not streams: these are passed over, and the decision raises its
        error.
        """
        ...

    def decide(self, read: Reading, judges: Judges, /) -> Steps[E_co]:
        """
        Decide, on what *read* finds, by the policies of *judges*.

        Raises `InputError` for arguments that cannot be meant, `NotFoundError` for somebody or
        something that there is not, and `RuleNotInForceError` if no law answers.
        """
        ...


class Expansion(Protocol[C_co]):
    """A value that stands for many commands: which ones, is read off what is recorded."""

    @property
    def on(self) -> date:
        """The day that all of the commands are about."""
        ...

    def expand(self, read: Reading, /) -> Sequence[C_co]:
        """Return the commands, in the order in which they are asked."""
        ...


def fields_of(asked: Command[Event] | Expansion[object]) -> tuple[attrs.Attribute[Any], ...]:
    """
    Return the fields of *asked*, in their order.

    The protocols do not ask for ``__attrs_attrs__``: pyright knows of none, and would take no
    command for a `Command`.
    """
    kind: type[Any] = type(asked)
    fields: tuple[attrs.Attribute[Any], ...] = attrs.fields(kind)
    return fields


def _at_bottom(commands: tuple[Command[Event], ...]) -> tuple[Command[Event], ...]:
    return base(commands)


@attrs.frozen(eq=False)
class Letter:
    """
    Commands that are sent together, and the command id under which they are answered once.

    *numbered* says that an error of one of them names its place, as ``row 2``. The *envelope* is
    recorded with their events; it tells no letter from another, and no decision reads it.
    """

    commands: tuple[Command[Event], ...] = attrs.field(converter=_at_bottom)
    """As base values: whatever subclasses their fields were given."""
    id: str | None = None
    numbered: bool = False
    envelope: Envelope = UNSAID
