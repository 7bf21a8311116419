"""Readings of a world for laws: sums, days, and the world before a step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, TypeAlias

from jamsos.commands.catalogue import verb_of
from jamsos.commands.contributions import Pay
from jamsos.domain.agent import Agent
from jamsos.domain.calendar import Month, Months
from jamsos.domain.geography import NATIONAL
from jamsos.domain.quota import Quota
from jamsos.domain.rule import DatedValue
from jamsos.engine.draft import Draft
from jamsos.engine.world import Asked, Step, World
from jamsos.errors import JamsosError
from jamsos.formulas.payment_due import is_encoded, payment_due
from jamsos.testing.arguments import arguments_of

Measure: TypeAlias = Callable[[World], int]
"""A whole number that is read off a world, in whatever unit it has."""


def before(world: World, step: Step) -> World:
    """
    Return the world as it was before *step*, its last one, was asked.

    >>> from jamsos.commands.seats import Allot
    >>> world = World()
    >>> step = world.ask(Allot("perisai", 2, on=date(2018, 1, 1)))
    >>> world.quota("perisai").issued, before(world, step).quota("perisai").issued
    (2, 0)
    """
    was = copied(world)
    for each in reversed(step.happened):
        _, version = was.states[each.stream]
        was.states[each.stream] = (each.before, version - 1)
        if version == 1:
            del was.states[each.stream]
    del was.events[len(was.events) - len(step.happened) :]
    return was


def copied(world: World) -> World:
    """Return a world that is as *world* is, to go on in without changing that one."""
    copy = World(world.begins)
    copy.states, copy.events = dict(world.states), list(world.events)
    return copy


def seats_taken(world: World) -> int:
    """Return how many seats are taken, in all regions and programmes."""
    return sum(quota.taken for quota in _quotas(world))


def seats_beside_agents(world: World) -> int:
    """Return how many more seats are taken than agents hold: 0 where all is well."""
    return seats_taken(world) - sum(agent.seat is not None for agent in agents_of(world))


def seats_beside_issued(world: World) -> int:
    """Return how many more seats regions have than were issued: 0 where all is well."""
    quotas = [*_quotas(world)]
    issued = sum(quota.issued for quota in quotas if quota.region == NATIONAL)
    return sum(quota.allotted for quota in quotas) - issued


def due_for(world: World, asked: Asked) -> int | None:
    """Return what is due for the payment that *asked* tells of, in rupiah; None if no rule says."""
    if not isinstance(asked, Pay):
        return None
    try:
        case = asked.case(Draft(world))
        return payment_due(case).value.total if is_encoded(case) else None
    except JamsosError:
        return None


def last_day(world: World) -> date:
    """Return the last day of which anything is recorded."""
    return max(event.on for _, _, event in (*world.begins.founding[:1], *world.events))


def latest_day(asked: Asked) -> date:
    """Return the latest day that *asked* speaks of: its months count, and where a value begins."""
    days = [date.min]
    for value in arguments_of(asked).values():
        if isinstance(value, date):
            days.append(value)
        elif isinstance(value, DatedValue):
            days.append(value.in_force)
        elif isinstance(value, Month):
            days.append(value.last_day)
        elif isinstance(value, Months) and value:
            days.append(date.max if value.last is None else value.last.last_day)
    return max(days)


def verb_in(step: Step) -> str:
    """Return the verb of the command that was asked in *step*."""
    return verb_of(type(step.command))


def states_of(world: World, kind: type[Any]) -> Iterator[Any]:
    """Yield every state of one *kind* in *world*."""
    return (state for state, _ in world.states.values() if isinstance(state, kind))


def agents_of(world: World) -> Iterator[Agent]:
    """Yield every agent of *world*."""
    return states_of(world, Agent)


def _quotas(world: World) -> Iterator[Quota]:
    return states_of(world, Quota)
