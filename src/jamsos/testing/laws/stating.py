"""A law as its author states it: a sentence, where it is laid down, and what must hold."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable

import attrs

from jamsos.domain.citation import Citation
from jamsos.testing.names import GROUPS

from .speaking import (
    EVENTS,
    Over,
    Variant,
    groups_of,
    hints_of,
    over_of,
    states_of,
    types_of,
    wrong,
)


@attrs.frozen(eq=False)
class Law:
    """
    A law that histories are held against; made by `law`.

    *says* is the sentence, *cite* where it is laid down. *over* is what it speaks of, *events*
    the types of events and *states* those of what they happen to, where it speaks of some
    only. Histories for it are *about* some of ``seats``, ``agents``, ``participants``,
    ``rules``, ``evaluations``, ``incentives``.
    """

    says: str
    cite: str
    holds: Callable[..., object]
    over: Over
    takes: tuple[str, ...]
    events: tuple[type, ...] = ()
    states: tuple[type, ...] = ()
    variant: Variant | None = None
    about: tuple[str, ...] = GROUPS

    @property
    def name(self) -> str:
        """The name of the function that states it."""
        return str(getattr(self.holds, "__name__", "law"))


class NotMeantError(Exception):
    """Raised by `only_if`: the law says nothing of this."""


def only_if(condition: object) -> None:
    """
    Say inside of a law that it speaks only of what meets *condition*: the rest is no exercise.

    A law whose function ends, without this having turned it away, was exercised.
    """
    if not condition:
        raise NotMeantError


def law(
    says: str,
    *,
    cite: str | Citation,
    beside: Variant | None = None,
    about: Iterable[str] | None = None,
) -> Callable[[Callable[..., None]], Law]:
    """
    Make a law of a function that asserts what must hold; what it takes says what it is about.

    >>> from jamsos.domain.quota import Quota, QuotaSeatTaken
    >>> @law("Nobody takes a seat that is not there", cite="example")
    ... def seats(event: QuotaSeatTaken, after: Quota) -> None:
    ...     assert after.taken <= after.allotted
    >>> seats.over.value, seats.about
    ('event', ('seats', 'agents', 'rules'))

    *before*, *event*, *after*: the state of a stream before and after each event; where these
    have types, such as `AgentRecruited` or `Agent`, of such events and states only. *command*,
    *answer*, *step*: each command, what it was answered, and both with what happened. *world*:
    everything as it is then. *history*: a whole `History`; and *other*, beside it, the one that
    the plan *beside* makes of the same. *about* says what histories are to be about; else the
    types tell.

    Raises `InputError` for a function that takes anything else, whose types cannot be read or are
    none of jamsos, and for a lambda, which can assert nothing.
    """

    def make(holds: Callable[..., None]) -> Law:
        takes = tuple(inspect.signature(holds).parameters)
        if getattr(holds, "__name__", "") == "<lambda>":
            wrong(holds, "can assert nothing: state it with def")
        over = over_of(holds, takes, beside)
        hints = hints_of(holds) if over is Over.EVENT else {}
        events = types_of(hints.get("event"), EVENTS, holds, "event")
        states = states_of(hints, events, holds)
        groups = _named(about, holds) if about is not None else groups_of(events, states)
        return Law(says, str(cite), holds, over, takes, events, states, beside, groups)

    return make


def _named(about: Iterable[str], holds: Callable[..., None]) -> tuple[str, ...]:
    groups = (about,) if isinstance(about, str) else tuple(about)
    unknown = [group for group in groups if group not in GROUPS]
    if unknown or not groups:
        wrong(holds, f"is about {unknown or 'nothing'}: choose from {', '.join(GROUPS)}")
    return groups
