"""The answer to a command: accepted, with events; or refused, with every reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Generic, NoReturn, TypeAlias, TypeVar

import attrs

from jamsos.errors import RefusedError

from .base import base
from .citation import Citation
from .field import An

E_co = TypeVar("E_co", covariant=True)
C = TypeVar("C")


def _text(value: str) -> str:
    """Return *value*, whatever subclass it is of, as text."""
    return base(value)


@attrs.frozen
class Reason:
    """
    Why a command is refused.

    *policy* is a stable code to match on; *explanation* is a sentence for people and may
    improve; *citation* is the legal text, as in force on the day.
    """

    policy: str = attrs.field(converter=_text, validator=An(str))
    explanation: str = attrs.field(converter=_text, validator=An(str))
    citation: Citation = attrs.field(validator=An(Citation))

    def __str__(self) -> str:
        return f"{self.explanation} ({self.citation})"


@attrs.frozen(init=False)
class Accepted(Generic[E_co]):
    """
    The command is accepted: *events* say what happens.

    No events: it had been done before, and nothing happens.
    """

    events: tuple[E_co, ...]

    def __init__(self, *events: E_co) -> None:
        self.__attrs_init__(events)

    def or_raise(self) -> Accepted[E_co]:
        """Return this answer."""
        return self


@attrs.frozen(init=False)
class Refused:
    """
    The command is refused, for all of these *reasons*.

    >>> no = Refused(Reason("agent-cap", "All seats are taken.", Citation("Example 1/2026")))
    >>> no.or_raise()
    Traceback (most recent call last):
    jamsos.errors.RefusedError: All seats are taken. (Example 1/2026)
    """

    reasons: tuple[Reason, ...]

    def __init__(self, *reasons: Reason) -> None:
        self.__attrs_init__(reasons)

    def or_raise(self) -> NoReturn:
        """Raise `RefusedError` with every reason."""
        raise RefusedError(" ".join(map(str, self.reasons)))


Decision: TypeAlias = Accepted[E_co] | Refused

Policy: TypeAlias = Callable[[C], Reason | None]
"""A pure function of a case: a reason to refuse it, or None."""

Policies: TypeAlias = Iterable[Policy[C]]


def reasons(case: C, policies: Policies[C]) -> tuple[Reason, ...]:
    """
    Return every reason that *policies* give to refuse *case*.

    Raises `TypeError` if a policy gives anything else than a `Reason`, or None.
    """
    given: list[Reason] = []
    for policy in policies:
        reason = policy(case)
        if isinstance(reason, Reason):
            given.append(reason)
        elif reason is not None:
            name, kind = getattr(policy, "__name__", policy), type(case).__name__
            msg = (
                f"policy {name} of {kind} said {reason!r}: it gives a Reason to refuse it, or None"
            )
            raise TypeError(msg)
    return tuple(given)
