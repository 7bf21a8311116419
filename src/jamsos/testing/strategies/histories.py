"""Strategies for plans and histories: each is made from one seed, and then shortened."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache, partial
from random import Random
from typing import Final

from jamsos.engine.setting import Setting, setting
from jamsos.engine.world import Asked, Plan, World
from jamsos.errors import InputError
from jamsos.testing.laws.history import History
from jamsos.testing.names import GROUPS
from jamsos.testing.search.map import STRAY, Map
from jamsos.testing.search.walk import Walk

from .drawn import Drawn, st
from .values import check_order


def plans(
    *,
    about: Collection[str] = GROUPS,
    steps: int = 30,
    stray: float = STRAY,
    begins: Setting | None = None,
) -> Drawn[Plan]:
    """
    Draw plans of at the most so many *steps*: commands in the order in which they are asked.

    They are *about* some of ``seats``, ``agents``, ``participants``, ``rules``,
    ``evaluations``, ``incentives``. Most commands are possible as things stand, and lie near
    caps, thresholds and the days on which a rule changes; a share of about *stray*, from 0 to
    1, is out of place. The law that ships is in force, or what *begins* says, made by
    `jamsos.testing.setting`: play a plan in a `jamsos.testing.World` that begins alike.

    >>> from hypothesis import find
    >>> from jamsos.commands.agents import Certify
    >>> certified = lambda plan: any(isinstance(each, Certify) for each in plan)
    >>> len(find(plans(about=["seats", "agents"], steps=9), certified))
    1

    A plan is made from one seed, and then any command may be left out: so that the plan that
    Hypothesis shows in the end is a short one. Raises `InputError` for an unknown group, or
    none; for no steps; and for a share that is none.
    """
    groups = (about,) if isinstance(about, str) else tuple(about)
    unknown = [group for group in groups if group not in GROUPS]
    if unknown or not groups:
        msg = f"a plan is about {unknown or 'nothing'}: choose from {', '.join(GROUPS)}"
        raise InputError(msg)
    check_order(1, steps)
    chart = Map(begins or setting(), groups, stray)
    # While commands are left out, one after another, the plan that they are left out of stays.
    whole = lru_cache(maxsize=64)(partial(_walked, chart, steps))

    @st.composite
    def plan(draw: st.DrawFn) -> Plan:
        # One draw for all, of which a byte 0 leaves a command out: small ones would be copied.
        drawn = draw(st.binary(min_size=steps + _SEED, max_size=steps + _SEED))
        kept, seed = drawn[:steps], int.from_bytes(drawn[steps:])
        return tuple(asked for asked, keep in zip(whole(seed), kept, strict=False) if keep)

    return plan()


def histories(
    *,
    about: Collection[str] = GROUPS,
    steps: int = 30,
    stray: float = STRAY,
    begins: Setting | None = None,
) -> Drawn[History]:
    """
    Draw histories: `plans` of the same arguments, each played in a world of its own.

    A `jamsos.testing.History` has the *steps*, with what each was answered, and the *world* as
    it is after the last of them. Raises as `plans` does.

    >>> from hypothesis import find
    >>> agency = histories(about=["seats", "agents"], steps=3)
    >>> find(agency, lambda history: history.events).steps[-1].outcome
    'accepted'
    """
    begins = begins or setting()
    planned = plans(about=about, steps=steps, stray=stray, begins=begins)

    @st.composite
    def history(draw: st.DrawFn) -> History:
        world = World(begins)
        return History(world.play(draw(planned)), world)

    return history()


_SEED: Final = 8
"""So many bytes make a seed."""


def _walked(chart: Map, steps: int, seed: int) -> Plan:
    """Return the plan that a walk from *seed* makes."""
    world, plan = World(chart.begins), list[Asked]()
    walk = Walk(world, chart, Random(seed))
    for _ in range(steps):
        plan.append(walk.next())
        try:
            world.ask(plan[-1])
        except Exception:  # noqa: BLE001 - it is raised again where the plan is played
            break
    return tuple(plan)
