"""A law as its author states it: a sentence, where it is laid down, and what must hold."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from enum import StrEnum
from random import Random
from types import MappingProxyType, UnionType
from typing import Any, Final, NoReturn, TypeAlias, Union, get_args, get_origin, get_type_hints

import attrs

from jamsos.domain import agent, participant, programme, quota
from jamsos.domain.citation import Citation
from jamsos.domain.history import Recorded
from jamsos.engine.world import Plan, Step, World
from jamsos.errors import InputError

from .moves import GROUPS

Variant: TypeAlias = Callable[[Plan, Random], Plan]
"""What makes another plan out of a plan, with dice: the same by other names, for instance."""


class Over(StrEnum):
    """What a law speaks of, as the names of what its function takes tell."""

    EVENT = "event"
    """Each event: any of ``before``, ``event``, ``after`` and ``world``."""
    STEP = "step"
    """Each command: any of ``command``, ``answer``, ``step`` and ``world``."""
    HISTORY = "history"
    """A whole history: ``history``."""
    HISTORIES = "histories"
    """Two histories: ``history`` and ``other``, which a variant of the same plan makes."""


@attrs.frozen(eq=False)
class History:
    """
    A history that was played: its *steps*, and the *world* as it is after the last of them.

    Iterating over it gives its events, `jamsos.Recorded`, from those that enacted the law on.
    """

    steps: Sequence[Step]
    world: World

    def __iter__(self) -> Any:  # noqa: ANN401 - an iterator of recorded events
        return iter(self.world.history())

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:  # noqa: ANN401, FBT001 - as Hypothesis asks
        del cycle
        printer.pretty([step.command for step in self.steps])

    @property
    def events(self) -> list[Recorded[Any]]:
        """The events that the steps made, without those that enacted the law."""
        return self.world.history()[len(self.world.begins.founding) :]


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


class _NotMeantError(Exception):
    """Raised by `only_if`: the law says nothing of this."""


def only_if(condition: object) -> None:
    """
    Say inside of a law that it speaks only of what meets *condition*: the rest is no exercise.

    A law whose function ends, without this having turned it away, was exercised.
    """
    if not condition:
        raise _NotMeantError


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
            _wrong(holds, "can assert nothing: state it with def")
        over = _over(holds, takes, beside)
        hints = _hints(holds) if over is Over.EVENT else {}
        events = _of(hints.get("event"), _EVENTS, holds, "event")
        states = _states(hints, events, holds)
        groups = _named(about, holds) if about is not None else _about(events, states)
        return Law(says, str(cite), holds, over, takes, events, states, beside, groups)

    return make


def _named(about: Iterable[str], holds: Callable[..., None]) -> tuple[str, ...]:
    groups = (about,) if isinstance(about, str) else tuple(about)
    unknown = [group for group in groups if group not in GROUPS]
    if unknown or not groups:
        _wrong(holds, f"is about {unknown or 'nothing'}: choose from {', '.join(GROUPS)}")
    return groups


_TAKES: Final[Mapping[Over, frozenset[str]]] = MappingProxyType(
    {
        Over.EVENT: frozenset({"before", "event", "after", "world"}),
        Over.STEP: frozenset({"command", "answer", "step", "world"}),
        Over.HISTORY: frozenset({"history"}),
        Over.HISTORIES: frozenset({"history", "other"}),
    }
)


def _over(holds: Callable[..., None], takes: tuple[str, ...], beside: Variant | None) -> Over:
    taken = ", ".join(takes) or "nothing"
    over = next((over for over, names in _TAKES.items() if {*takes} <= names), None)
    if over is None or takes in {(), ("world",)}:
        _wrong(
            holds,
            f"takes {taken}: let it take before, event, after, world; or command, answer, step,"
            f" world; or history; or history and other",
        )
    if (over is Over.HISTORIES) != (beside is not None):
        what = "and `law` no beside=" if beside is None else "but `law` has a beside="
        _wrong(holds, f"takes {taken}, {what}: two histories need both")
    return over


def _hints(holds: Callable[..., None]) -> Mapping[str, Any]:
    try:
        return get_type_hints(holds)
    except (AttributeError, NameError, SyntaxError, TypeError) as error:
        _wrong(holds, f"has types that cannot be read ({error}): import them in its module")


def _of(
    hint: object, known: Collection[type], holds: Callable[..., None], name: str
) -> tuple[type, ...]:
    """Return the types of which *name* is, as *hint* says; none for any."""
    if hint is None or hint is Any:
        return ()
    types = get_args(hint) if get_origin(hint) in {Union, UnionType} else (hint,)
    for each in types:
        if each not in known:
            said, one = getattr(each, "__name__", each), next(iter(known)).__name__
            _wrong(holds, f"takes {name} of type {said}, and there is none: name one such as {one}")
    return types


def _states(
    hints: Mapping[str, Any], events: tuple[type, ...], holds: Callable[..., None]
) -> tuple[type, ...]:
    """Return the states of which the types of *before* and *after* let the law speak."""
    told = [_of(hints.get(name), _STATES, holds, name) for name in ("before", "after")]
    if not any(told):
        return ()
    fitting = [state for state in _STATES if all(state in types for types in told if types)]
    if events:
        fitting = [s for s in fitting if any(_STATE_OF[event] is s for event in events)]
    if not fitting:
        _wrong(holds, "takes before, event and after of types that never come together")
    return tuple(fitting)


def _about(events: tuple[type, ...], states: tuple[type, ...]) -> tuple[str, ...]:
    wanted: set[str] = set()
    for event in events:
        if event in _INCENTIVES:
            wanted |= {"incentives"}
        wanted |= {*_GROUPS[_STATE_OF[event]]}
    for state in states:
        wanted |= {*_GROUPS[state]}
    return tuple(group for group in GROUPS if group in wanted) or GROUPS


_INCENTIVES: Final = (agent.AgentIncentiveAwarded, agent.AgentIncentiveClawedBack)
_STATE_OF: Final[Mapping[type, type]] = MappingProxyType(
    {
        event: state
        for state, events in (
            (agent.Agent, agent.AgentEvent),
            (participant.Participant, participant.ParticipantEvent),
            (quota.Quota, quota.QuotaEvent),
            (programme.Programme, programme.ProgrammeEvent),
        )
        for event in get_args(events)
    }
)
"""The state of what each event happens to."""
_EVENTS: Final = tuple(_STATE_OF)
_STATES: Final = tuple(dict.fromkeys(_STATE_OF.values()))
_GROUPS: Final[Mapping[type, tuple[str, ...]]] = MappingProxyType(
    {
        quota.Quota: ("seats", "agents", "rules"),
        agent.Agent: ("seats", "agents", "participants"),
        participant.Participant: ("participants",),
        programme.Programme: ("rules", "evaluations"),
    }
)


def _wrong(holds: Callable[..., None], what: str) -> NoReturn:
    msg = f"the law {getattr(holds, '__name__', holds)} {what}"
    raise InputError(msg)
