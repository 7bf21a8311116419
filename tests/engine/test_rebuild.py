"""Live counts made again from the history, beside the live ones."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import attrs

import jamsos
from jamsos.engine.live import ACTIVE, USUAL, Live
from jamsos.formulas.active import REGISTERED
from tests.engine.live import FEBRUARY, enrol, same


def spoil(registry, tally=ACTIVE):
    """Add five people to a live count whom no event knows."""
    store = registry._store
    [mark] = [m for m in store.tallies.marks() if m.name == tally.name and m.live]
    wrong = {("registered, *, total", (), FEBRUARY.index): 5}
    at = mark.position
    store.tallies.add({mark.generation: wrong}, after=at, upto=at)


def test_a_rebuild_says_what_was_wrong_and_fixes_it(empty):
    with jamsos.open(empty) as registry:
        enrol(registry, 3)
        registry.catch_up(ACTIVE)
        spoil(registry)
        assert registry.live_count(FEBRUARY, REGISTERED).total == 8

        [only] = registry.rebuild(ACTIVE, compare_only=True)
        assert registry.live_count(FEBRUARY, REGISTERED).total == 8
        [rebuilt] = registry.rebuild(ACTIVE)
        assert same(registry) == 3

        assert only == rebuilt
        assert (rebuilt.name, rebuilt.known_at, rebuilt.made) == ("active", 3, False)
        [found] = rebuilt.differences
        assert (found.heading, found.cell, found.month) == (
            "registered, *, total",
            (),
            FEBRUARY.index,
        )
        assert (found.live, found.rebuilt) == (5, 0)
        assert [r.differences for r in registry.rebuild(ACTIVE)] == [()]


def test_what_was_not_kept_is_made_by_a_rebuild_and_left_alone_by_a_comparison(registry):
    assert registry.rebuild(compare_only=True) == []
    assert registry._store.tallies.marks() == []
    assert [(r.name, r.made) for r in registry.rebuild()] == [(t.name, True) for t in USUAL]
    assert [(r.name, r.made) for r in registry.rebuild()] == [(t.name, False) for t in USUAL]


def test_while_it_is_made_again_the_live_one_answers_and_takes_new_events(empty):
    with jamsos.open(empty) as registry:
        enrol(registry, 40)
        registry.catch_up(ACTIVE)
        answers = []

        def ask(events):
            if len(answers) < 6:
                answers.append(None)  # what is asked here reads events as well
                enrol(registry)
                answers[-1] = same(registry)
            return ACTIVE.sums(events)

        [rebuilt] = Live(registry._store, page=10).rebuild([attrs.evolve(ACTIVE, sums=ask)])

        assert answers == list(range(41, 47))
        assert (rebuilt.differences, rebuilt.known_at) == ((), 46)
        assert same(registry) == 46


def test_two_rebuilds_at_once_leave_one_generation_and_no_other_number(empty):
    with jamsos.open(empty) as registry:
        enrol(registry, 60)
        registry.catch_up()
        spoil(registry)

        def rebuild(_):
            with jamsos.open(empty) as other:
                return Live(other._store, page=7).rebuild(USUAL)

        with ThreadPoolExecutor(2) as pool:
            found = [len(r.differences) for done in pool.map(rebuild, range(2)) for r in done]

        assert sum(found) in {1, 2}
        marks = registry._store.tallies.marks()
        assert sorted((m.name, m.live) for m in marks) == sorted((t.name, True) for t in USUAL)
        assert same(registry) == 60
        assert {r.differences for r in registry.rebuild(compare_only=True)} == {()}


def test_a_rebuild_that_broke_off_goes_on_where_it_stopped(registry):
    enrol(registry, 30)
    registry.catch_up(ACTIVE)
    seen = []

    def once(events):
        seen.append(len(events))
        if len(seen) == 2:
            raise KeyboardInterrupt
        return ACTIVE.sums(events)

    watched = attrs.evolve(ACTIVE, sums=once)
    live = Live(registry._store, page=10)
    with suppress(KeyboardInterrupt):
        live.rebuild([watched])
    assert same(registry) == 30
    [rebuilt] = live.rebuild([watched])

    assert rebuilt.differences == ()
    assert sum(seen) == registry.last_position() + 10  # the page that broke off is read again


def test_another_version_begins_again_and_the_older_one_answers_until_it_is_rebuilt(registry):
    twice = attrs.evolve(
        ACTIVE,
        version=2,
        sums=lambda events: {place: 2 * n for place, n in ACTIVE.sums(events).items()},
    )
    enrol(registry, 3)
    heading = "registered, *, total"
    assert registry.live_sums(twice, heading).numbers == {(): 6}
    assert registry.live_sums(ACTIVE, heading).numbers == {(): 3}

    [rebuilt] = registry.rebuild(twice)
    assert rebuilt.differences == ()
    assert [(m.name, m.version) for m in registry._store.tallies.marks()] == [("active", 2)]
    assert registry.live_sums(twice, heading).numbers == {(): 6}
