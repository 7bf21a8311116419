"""Laws by which the same, asked again, in another order or by other names, comes out alike."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from random import Random
from types import MappingProxyType
from typing import Any, Final

import attrs

import attrs

from jamsos.commands.agents import Assign, BeginTraining, Certify, Resign, Terminate
from jamsos.commands.contributions import Correct, Pay, PayDifference, Refund
from jamsos.commands.participants import ComeBack, Leave, Move, Register, Transfer
from jamsos.commands.seats import MoveSeats
from jamsos.domain.agent import Agent
from jamsos.domain.aggregate import State
from jamsos.domain.agent import Agent
from jamsos.domain.aggregate import State
from jamsos.domain.identity import AGENT, PARTICIPANT
from jamsos.domain.programme import Programme
from jamsos.engine.world import Asked, Plan, Step, World
from jamsos.errors import JamsosError
from jamsos.store.catalogue import CODEC
from jamsos.testing.arguments import arguments_of, renamed
from jamsos.testing.laws.history import History
from jamsos.testing.laws.stating import Law, law, only_if
from jamsos.testing.names import AGENTS, PEOPLE

from .citing import HOW_IT_WORKS
from .worlds import verb_in


def idempotent(*, exempt: Collection[type[Any]] = (MoveSeats,)) -> Law:
    """
    Return the law that a command that was granted, and is asked again at once, does nothing.

    Commands of the *exempt* types are left out: `MoveSeats` moves as many seats again.
    """

    @law("A command that is asked twice happens once", cite=HOW_IT_WORKS)
    def idempotent(step: Step, world: World) -> None:
        only_if(step.happened and type(step.command) not in exempt)
        try:
            again = world.would_happen(step.command)
        except JamsosError:
            return
        assert not again, f"{verb_in(step)} happens again: {CODEC.name(again[0])}"

    return idempotent


def commutes() -> Law:
    """
    Return the law that commands about different people may change places.

    It swaps neighbours that have nobody in common, of the commands that take no free seat and
    measure nothing: all states are the same in the end.
    """

    @law(
        "In which order different people are dealt with makes no difference",
        cite=HOW_IT_WORKS,
        beside=_swapped,
        about=("seats", "agents", "participants"),
    )
    def commutes(history: History, other: History) -> None:
        pairs = zip(history.steps, other.steps, strict=True)
        only_if(any(one.command is not two.command for one, two in pairs))
        for stream, (state, version) in history.world.states.items():
            assert other.world.states.get(stream) == (state, version), f"{stream} is another"
        assert len(other.world.states) == len(history.world.states), "there are other streams"

    return commutes


def renaming_changes_nothing() -> Law:
    """Return the law that agents and participants by other names are dealt with alike."""

    @law(
        "Agents and participants by other names are dealt with alike",
        cite=HOW_IT_WORKS,
        beside=_renamed,
    )
    def renaming_changes_nothing(history: History, other: History) -> None:
        only_if(any(s.startswith(("agent-", "participant-")) for s in history.world.states))
        for one, two in zip(history.steps, other.steps, strict=True):
            what = f"{verb_in(one)}: {one.outcome}, and by other names {two.outcome}"
            assert one.outcome == two.outcome, what
        named, told = _told(history.world, _OTHER_NAMES), _told(other.world, {})
        for stream, state in named.items():
            assert told.get(stream) == state, f"{stream} is another than by the other name"
        assert len(told) == len(named), "there are other streams"

    return renaming_changes_nothing


_IN_ANY_ORDER: Final = frozenset(
    {
        BeginTraining,
        Certify,
        Assign,
        Resign,
        Terminate,
        Register,
        Pay,
        PayDifference,
        Refund,
        Correct,
        Move,
        Transfer,
        Leave,
        ComeBack,
    }
)
"""Commands that look at nobody but those whom they name, and take no seat, if nothing is retold."""


def _swapped(plan: Plan, dice: Random) -> Plan:
    """Return *plan* with neighbours in each other's place that have nobody in common."""
    del dice
    swapped, number = list(plan), 0
    while number + 1 < len(swapped):
        one, two = swapped[number : number + 2]
        if _apart(one, two):
            swapped[number : number + 2] = two, one
            number += 1
        number += 1
    return tuple(swapped)


def _apart(one: Asked, two: Asked) -> bool:
    in_any_order = {type(one), type(two)} <= _IN_ANY_ORDER
    instead = any(getattr(each, "instead_of", None) is not None for each in (one, two))
    return in_any_order and not instead and _people(one).isdisjoint(_people(two))


def _people(asked: Asked) -> set[str]:
    texts = [each for each in arguments_of(asked).values() if isinstance(each, str)]
    return {text for text in texts if AGENT.fullmatch(text) or PARTICIPANT.fullmatch(text)}


_OTHER_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict(zip(AGENTS, (*AGENTS[1:], AGENTS[0]), strict=True)),
        **dict(zip(PEOPLE, (*PEOPLE[1:], PEOPLE[0]), strict=True)),
    }
)
_NAME: Final = re.compile(rf"{AGENT.pattern}|{PARTICIPANT.pattern}")


def _renamed(plan: Plan, dice: Random) -> Plan:
    del dice
    return tuple(renamed(asked, _OTHER_NAMES) for asked in plan)


def _told(world: World, names: Mapping[str, str]) -> dict[str, object]:
    """Return what *world* has of each stream, by other *names*."""

    def by_other_names(text: str) -> str:
        return _NAME.sub(lambda found: names.get(found[0], found[0]), text)

    def told(state: State) -> object:
        if isinstance(state, Programme):
            return state
        if not isinstance(state, Agent):
            return by_other_names(repr(state))
        lines = sorted(  # they stand in order of the names
            (month, by_other_names(repr(line)))
            for month, settled in state.incentives.items()
            for line in (*settled.acquired.values(), *settled.contributions.values())
        )
        sums = {
            month: attrs.evolve(settled, acquired={}, contributions={})
            for month, settled in state.incentives.items()
        }
        return by_other_names(repr(attrs.evolve(state, incentives=sums))), lines

    return {by_other_names(stream): told(state) for stream, (state, _) in world.states.items()}
