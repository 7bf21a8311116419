"""A tally that is kept beside a history is the sum over it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from random import Random

import attrs
from hypothesis import given

from jamsos import Month, Recorded, Registry
from jamsos.domain.aggregate import Event
from jamsos.domain.tally import Numbers, Tally
from jamsos.engine.live import ACTIVE, Live
from jamsos.projections.active_participants import DIMENSIONS
from jamsos.projections.census import Census
from jamsos.projections.count import Count
from jamsos.projections.recount import Recount
from jamsos.projections.tallies import ACQUISITIONS, SEATS
from jamsos.store.event_store import EventStore
from tests.laws.drawing import AGENTS, PLACES, PROGRAMME, SEEDS, plans, tries
from tests.laws.playing import ALL_DEFINITIONS, CHOICES, ask, found, months_of, open_

KEPT_FOR = ("jkk", "jkm", "jht", "jp")
"""Programmes that a participant pays for, and one that nobody does."""


class Stopped(Exception):  # noqa: N818 - no error
    """Breaks off a reading in the middle."""


def _now_and_then(dice: Random, tally: Tally, do: Callable[[], object]) -> Tally:
    """Return *tally*, which lets something else happen between a reading and its adding up."""

    def sums(events: Sequence[Recorded[Event]]) -> Numbers:
        numbers = tally.sums(events)
        if dice.randrange(3) == 0:
            do()
        return numbers

    return attrs.evolve(tally, sums=sums)


def _stop() -> None:
    raise Stopped


def _check_live(registry: Registry, dice: Random) -> None:
    """Compare what is live with sums over the whole history, by every definition."""
    history = list(registry.history())
    census, months = Census(), months_of(history)
    for recorded in history:
        census.apply(recorded)
    for definition in ALL_DEFINITIONS:
        for programme in KEPT_FOR:
            month, by = dice.choice(months), dice.choice(CHOICES)
            active = census.active(definition, programme)
            live = registry.live_count(month, definition, by=by, programme=programme)
            assert live == Count(
                definition,
                programme,
                month,
                len(history),
                active.count(month),
                by,
                active.by(month, *by),
            )


@given(plan=plans(), seed=SEEDS)
@tries(60)
def test_a_live_count_is_the_count_whenever_it_is_asked_for(plan, seed):
    dice = Random(seed)
    with open_() as registry:
        for asked in plan:
            ask(registry, asked)
            if dice.randrange(12) == 0:
                _check_live(registry, dice)
        _check_live(registry, dice)

        month = dice.choice(months_of(registry.history()))
        definition = dice.choice(ALL_DEFINITIONS)
        recount = Recount()
        for recorded in registry.history():
            recount.apply(recorded)
        scratch = recount.count([(definition, "jkk")], upto=month)[definition.name, "jkk"]
        live = registry.live_count(month, definition, by=DIMENSIONS)
        assert live == registry.count(month, definition, by=DIMENSIONS)
        assert live.parts == {key: n for (at, key), n in scratch.items() if at == month.index}


@given(plan=plans(), seed=SEEDS)
@tries(60)
def test_an_event_is_added_once_however_often_a_reading_stops_or_two_read_at_once(plan, seed):
    dice = Random(seed)
    with EventStore(":memory:") as store:
        registry = found(store)

        def read(tally: Tally) -> None:
            Live(store, page=dice.randint(1, 5)).catch_up([tally])

        for asked in plan:
            ask(registry, asked)
            for tally in (ACTIVE, SEATS, ACQUISITIONS):
                at_once = partial(read, tally)
                with suppress(Stopped):
                    read(_now_and_then(dice, tally, dice.choice((_stop, at_once))))

        assert [r.differences for r in registry.rebuild()] == [()] * 3
        _check_live(registry, dice)
        quotas = [registry.quota(PROGRAMME, region) for region in PLACES]
        for heading in ("allotted", "taken"):
            assert registry.live_sums(SEATS, heading).numbers == {
                (PROGRAMME, q.region): getattr(q, heading) for q in quotas if getattr(q, heading)
            }
        performance = registry.performance()
        for month in {Month.of(r.event.on) for r in registry.history()}:
            acquired = registry.live_sums(ACQUISITIONS, "acquired", upto=month).numbers
            assert acquired == {
                (agent,): n for agent in AGENTS if (n := performance.acquired(agent, upto=month))
            }


@given(plan=plans(), seed=SEEDS)
@tries(40)
def test_a_rebuild_that_is_stopped_goes_on_and_fixes_what_was_wrong(plan, seed):
    dice = Random(seed)
    with EventStore(":memory:") as store:
        registry = found(store)
        for asked in plan:
            ask(registry, asked)
        last = registry.catch_up(ACTIVE)
        [mark] = store.tallies.marks()
        wrong = {("registered, *, total", (), 24_216): 5, ("no such heading", ("a", None), 0): -1}
        store.tallies.add({mark.generation: wrong}, after=last, upto=last)
        live = Live(store, page=dice.randint(1, 5))

        stopping, rebuilt = _now_and_then(dice, ACTIVE, _stop), None
        while rebuilt is None:
            with suppress(Stopped):
                [rebuilt] = live.rebuild([stopping])

        assert {
            (d.heading, d.cell, d.month): d.live - d.rebuilt for d in rebuilt.differences
        } == wrong
        assert [each.live for each in store.tallies.marks()] == [True]
        _check_live(registry, dice)
