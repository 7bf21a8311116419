"""The subject of a law, read off the arguments of its function and their types."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from enum import StrEnum
from random import Random
from types import MappingProxyType, UnionType
from typing import Any, Final, NoReturn, TypeAlias, Union, get_args, get_origin, get_type_hints

from jamsos.domain import agent, participant, programme, quota
from jamsos.engine.world import Plan
from jamsos.errors import InputError
from jamsos.testing.names import GROUPS

Variant: TypeAlias = Callable[[Plan, Random], Plan]
"""Makes another plan out of a plan, with dice: the same by other names, for instance."""


class Over(StrEnum):
    """The kinds of things that laws speak of: the arguments of its function say which."""

    EVENT = "event"
    """Each event: any of ``before``, ``event``, ``after`` and ``world``."""
    STEP = "step"
    """Each command: any of ``command``, ``answer``, ``step`` and ``world``."""
    HISTORY = "history"
    """A whole history: ``history``."""
    HISTORIES = "histories"
    """Two histories: ``history`` and ``other``, which a variant of the same plan makes."""


def over_of(holds: Callable[..., None], takes: tuple[str, ...], beside: Variant | None) -> Over:
    """Return the subject of a law that takes these arguments. Raises `InputError` for none."""
    taken = ", ".join(takes) or "nothing"
    over = next((over for over, names in _TAKES.items() if {*takes} <= names), None)
    if over is None or takes in {(), ("world",)}:
        wrong(
            holds,
            f"takes {taken}: let it take before, event, after, world; or command, answer, step,"
            f" world; or history; or history and other",
        )
    if (over is Over.HISTORIES) != (beside is not None):
        what = "and `law` no beside=" if beside is None else "but `law` has a beside="
        wrong(holds, f"takes {taken}, {what}: two histories need both")
    return over


def hints_of(holds: Callable[..., None]) -> Mapping[str, Any]:
    """Return the types of the arguments of *holds*. Raises `InputError` if they are unreadable."""
    try:
        return get_type_hints(holds)
    except (AttributeError, NameError, SyntaxError, TypeError) as error:
        wrong(holds, f"has types that cannot be read ({error}): import them in its module")


def types_of(
    hint: object, known: Collection[type], holds: Callable[..., None], name: str
) -> tuple[type, ...]:
    """Return the types of which *name* is, as *hint* says; none for any."""
    if hint is None or hint is Any:
        return ()
    types = get_args(hint) if get_origin(hint) in {Union, UnionType} else (hint,)
    for each in types:
        if each not in known:
            said, one = getattr(each, "__name__", each), next(iter(known)).__name__
            wrong(holds, f"takes {name} of type {said}, and there is none: name one such as {one}")
    return types


def states_of(
    hints: Mapping[str, Any], events: tuple[type, ...], holds: Callable[..., None]
) -> tuple[type, ...]:
    """Return the states of which the types of *before* and *after* let the law speak."""
    told = [types_of(hints.get(name), _STATES, holds, name) for name in ("before", "after")]
    if not any(told):
        return ()
    fitting = [state for state in _STATES if all(state in types for types in told if types)]
    if events:
        fitting = [s for s in fitting if any(_STATE_OF[event] is s for event in events)]
    if not fitting:
        wrong(holds, "takes before, event and after of types that never come together")
    return tuple(fitting)


def groups_of(events: tuple[type, ...], states: tuple[type, ...]) -> tuple[str, ...]:
    """Return the groups that histories are about, for a law of these *events* and *states*."""
    wanted: set[str] = set()
    for event in events:
        if event in _INCENTIVES:
            wanted |= {"incentives"}
        wanted |= {*_GROUPS[_STATE_OF[event]]}
    for state in states:
        wanted |= {*_GROUPS[state]}
    return tuple(group for group in GROUPS if group in wanted) or GROUPS


def wrong(holds: Callable[..., None], what: str) -> NoReturn:
    """Raise `InputError` that says what is wrong with the function of a law."""
    msg = f"the law {getattr(holds, '__name__', holds)} {what}"
    raise InputError(msg)


_TAKES: Final[Mapping[Over, frozenset[str]]] = MappingProxyType(
    {
        Over.EVENT: frozenset({"before", "event", "after", "world"}),
        Over.STEP: frozenset({"command", "answer", "step", "world"}),
        Over.HISTORY: frozenset({"history"}),
        Over.HISTORIES: frozenset({"history", "other"}),
    }
)
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

EVENTS: Final = tuple(_STATE_OF)
_STATES: Final = tuple(dict.fromkeys(_STATE_OF.values()))
_GROUPS: Final[Mapping[type, tuple[str, ...]]] = MappingProxyType(
    {
        quota.Quota: ("seats", "agents", "rules"),
        agent.Agent: ("seats", "agents", "participants"),
        participant.Participant: ("participants",),
        programme.Programme: ("rules", "evaluations"),
    }
)
