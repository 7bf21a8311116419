"""Live counts: what is kept beside a history, is taken on once, made anew, and never lies."""

import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from datetime import date
from functools import partial
from threading import Event, Thread

import attrs
import pytest

import jamsos
from jamsos import Citation, Definition, Month, Status
from jamsos.engine.live import ACTIVE, ACTIVE_BY_AGENT, USUAL, Live, tally_of
from jamsos.errors import CorruptHistoryError, InputError
from jamsos.formulas.active import IN_GRACE, REGISTERED
from jamsos.projections.tallies import ACQUISITIONS, SEATS
from jamsos.store.event_store import EventStore, migrate

FEBRUARY = Month(2018, 2)


def enrol(registry, number=1, *, province="51", agent=None):
    """Register so many newcomers, in one transaction."""
    with registry.batch() as desk:
        for _ in range(number):
            who = jamsos.new_participant_id()
            desk.register(who, province=province, agent=agent, on=date(2018, 1, 8)).or_raise()


def same(registry, definition=REGISTERED, by=()):
    """Return the live count, once it is the one from the history."""
    live = registry.live_count(FEBRUARY, definition, by=by)
    assert live == registry.count(FEBRUARY, definition, by=by)
    return live.total


@pytest.fixture(params=["file", "postgres"])
def place(request, tmp_path):
    """Name a store that many processes may share: a file, and a database of a server."""
    if request.param == "file":
        return str(tmp_path / "perisai.db")
    url = request.getfixturevalue("postgres").new_database()
    migrate(url)
    return url


# -- What it answers. ----------------------------------------------------------------


def test_a_live_count_names_its_definition_its_month_and_the_position_it_is_known_at(registry):
    enrol(registry, 3)
    count = registry.live_count(FEBRUARY, REGISTERED, by=("province",), programme="jht")

    assert (count.definition, count.programme, count.month) == (REGISTERED, "jht", FEBRUARY)
    assert (count.total, count.parts) == (3, {("51",): 3})
    assert count.known_at == registry.last_position()


def test_a_live_count_knows_what_was_recorded_just_before_it(registry):
    for expected in range(1, 5):
        enrol(registry)
        assert same(registry) == expected


def test_nobody_counts_live_in_an_empty_history():
    with jamsos.open(":memory:") as registry:
        assert registry.catch_up() == 0
        assert same(registry) == 0
        assert registry.live_sums(SEATS, "taken").numbers == {}


def test_a_dimension_that_there_is_not_is_told(registry):
    with pytest.raises(InputError, match="count by segment, province, agent"):
        registry.live_count(FEBRUARY, by=("village",))


def test_seats_and_acquisitions_are_kept_too(registry, agent):
    enrol(registry, 2, agent=agent)

    seats = registry.live_sums(SEATS, "allotted")
    assert (seats.known_at, seats.numbers) == (
        registry.last_position(),
        {("perisai", "national"): 1_200},
    )
    assert registry.live_sums(SEATS, "taken").numbers == {("perisai", "national"): 1}
    acquired = partial(registry.live_sums, ACQUISITIONS, "acquired")
    assert acquired().numbers == {(agent,): 2}
    january = Month(2018, 1)
    assert acquired(since=january, upto=january).numbers == {(agent,): 2}
    assert acquired(upto=january + -1).numbers == acquired(since=FEBRUARY).numbers == {}


def test_a_definition_that_looks_at_who_cares_is_kept_by_a_tally_of_its_own(registry, agent):
    cared_for = Definition(
        "cared-for",
        "an agent cares for the participant",
        Citation("Example 1/2026"),
        Status.ASSUMED,
        lambda s, _: s.registered if any(spell.agent for spell in s.spells) else s.paid_for(""),
    )
    enrol(registry, 2, agent=agent)
    enrol(registry, 3)

    assert same(registry, cared_for) == same(registry, cared_for, by=("agent",)) == 2
    assert [r.differences for r in registry.rebuild(tally_of(cared_for, by_agent=False))] == [()]


def test_there_are_as_many_numbers_for_many_participants_as_for_few():
    def kept(number):
        with EventStore(":memory:") as store:
            registry = jamsos.Registry(store)
            for province in ("31", "51"):
                enrol(registry, number, province=province)
            registry.catch_up()
            with store.tallies._reading() as cursor:
                return cursor.execute("SELECT count(*) FROM tally_cells").fetchone()[0]

    assert kept(200) == kept(2) > 0


# -- Each event once, and none passed over. --------------------------------------------


def test_what_is_kept_is_there_when_the_store_is_opened_again(place):
    for expected in (2, 4, 6):
        with jamsos.open(place) as registry:
            enrol(registry, 2)
            assert same(registry) == expected
    with EventStore(place) as store:
        [mark] = store.tallies.marks()
        assert (mark.name, mark.position, mark.live) == ("active", 6, True)


def test_many_who_catch_up_and_record_at_once_add_each_event_once(place):
    with jamsos.open(place) as first:
        first.catch_up()
        stop = Event()

        def work(number):
            with jamsos.open(place) as registry:
                live = Live(registry._store, page=7)
                while not stop.is_set():
                    live.catch_up(USUAL)
                    if number:
                        enrol(registry, 5)

        with ThreadPoolExecutor(4) as pool:
            working = [pool.submit(work, number % 2) for number in range(4)]
            for _ in range(20):
                live = first.live_count(FEBRUARY, REGISTERED)
                assert live == first.count(FEBRUARY, REGISTERED, known_at=live.known_at)
            stop.set()
            for done in working:
                done.result()
        assert same(first) > 0
        assert {r.differences for r in first.rebuild()} == {()}


KILLED = """
import sys
from jamsos.engine.live import USUAL, Live
from jamsos.store.event_store import EventStore
with EventStore(sys.argv[1]) as store:
    print("ready", flush=True)
    Live(store, page=3).catch_up(USUAL)
    print("done", flush=True)
"""


@pytest.mark.slow
def test_who_is_killed_in_the_middle_leaves_a_sum_that_can_be_taken_on(place):
    with jamsos.open(place) as registry:
        enrol(registry, 600)
        stopped_at = set()
        for pause in (0.02, 0.05, 0.1, 0.15, 0.2):
            with subprocess.Popen(
                [sys.executable, "-c", KILLED, place], stdout=subprocess.PIPE
            ) as process:
                process.stdout.readline()
                time.sleep(pause)
                process.kill()
            marks = registry._store.tallies.marks()
            stopped_at |= {mark.position for mark in marks}
            for mark in marks:
                if mark.name == "active" and mark.position:
                    kept = registry._store.tallies.read(
                        "active", 1, ("registered, *, total",), 0, FEBRUARY.index
                    )
                    assert kept.numbers == {(): kept.position}
        assert stopped_at & set(range(1, 600))
        assert same(registry) == 600
        assert {r.differences for r in registry.rebuild()} == {()}


def test_a_tail_never_passes_over_an_event_that_is_being_recorded(place):
    writers, transactions = 3, 12
    with jamsos.open(place) as reader:
        live = Live(reader._store, page=50)

        def write():
            with jamsos.open(place) as registry:
                for number in range(transactions):
                    enrol(registry, 1 + 80 * (number % 2))

        with ThreadPoolExecutor(writers) as pool:
            writing = [pool.submit(write) for _ in range(writers)]
            while not all(future.done() for future in writing):
                live.catch_up([ACTIVE])
            for future in writing:
                future.result()
        assert same(reader) == writers * transactions // 2 * 82


@pytest.mark.parametrize("missing", [4, 5, 6])
def test_a_missing_event_stops_the_adding_up_and_nothing_of_its_page_is_added(tmp_path, missing):
    path = tmp_path / "perisai.db"
    with jamsos.open(path) as registry:
        enrol(registry, 10)
        with closing(sqlite3.connect(path)) as database, database:
            database.execute("DELETE FROM stored_events WHERE rowid = ?", [missing])
        for _ in range(2):
            with pytest.raises(CorruptHistoryError, match=rf"\b{missing}\b.* is missing"):
                Live(registry._store, page=3).catch_up([ACTIVE])
            assert [mark.position for mark in registry._store.tallies.marks()] == [3]


def test_an_event_that_cannot_be_read_stops_the_adding_up(tmp_path):
    path = tmp_path / "perisai.db"
    with jamsos.open(path) as registry:
        enrol(registry, 3)
        registry.catch_up()
        enrol(registry, 3)
        with closing(sqlite3.connect(path)) as database, database:
            database.execute("UPDATE stored_events SET state = x'7b7d' WHERE rowid = 5")
        with pytest.raises(CorruptHistoryError) as raised:
            registry.live_count(FEBRUARY, REGISTERED)
        assert raised.value.position == 5
        assert {mark.position for mark in registry._store.tallies.marks()} == {3}


def test_a_history_that_has_lost_its_end_is_told(tmp_path):
    path = tmp_path / "perisai.db"
    with jamsos.open(path) as registry:
        enrol(registry, 3)
        registry.catch_up()
        with closing(sqlite3.connect(path)) as database, database:
            database.execute("DELETE FROM stored_events WHERE rowid = 3")
        for ask in (partial(registry.live_count, FEBRUARY), registry.rebuild):
            with pytest.raises(CorruptHistoryError, match=r"ends at 2: events were removed"):
                ask()


def test_a_store_from_before_there_were_tallies_gets_them_when_it_is_opened(tmp_path):
    path = tmp_path / "perisai.db"
    with jamsos.open(path) as registry:
        enrol(registry, 3)
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("DROP TABLE tallies")
        database.execute("DROP TABLE tally_cells")
    with jamsos.open(path) as registry:
        assert same(registry) == 3


# -- Made anew. ----------------------------------------------------------------------


def spoil(registry, tally=ACTIVE):
    """Add five people to a live count whom no event knows."""
    store = registry._store
    [mark] = [m for m in store.tallies.marks() if m.name == tally.name and m.live]
    wrong = {("registered, *, total", (), FEBRUARY.index): 5}
    at = mark.position
    store.tallies.add({mark.generation: wrong}, after=at, upto=at)


def test_a_rebuild_says_what_was_wrong_and_mends_it(place):
    with jamsos.open(place) as registry:
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


def test_while_it_is_made_anew_the_live_one_answers_and_takes_new_events(place):
    with jamsos.open(place) as registry:
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


def test_two_rebuilds_at_once_leave_one_generation_and_no_other_number(place):
    with jamsos.open(place) as registry:
        enrol(registry, 60)
        registry.catch_up()
        spoil(registry)

        def rebuild(_):
            with jamsos.open(place) as other:
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


def test_another_version_begins_anew_and_the_older_one_answers_until_it_is_rebuilt(registry):
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


def test_a_service_can_keep_up_in_a_loop_while_others_record(tmp_path):
    path, stop = tmp_path / "perisai.db", Event()
    with jamsos.open(path) as registry:

        def keep_up():
            with jamsos.open(path) as other:
                while not stop.is_set():
                    other.catch_up(ACTIVE_BY_AGENT)
                    stop.wait(0.001)

        loop = Thread(target=keep_up)
        loop.start()
        for _ in range(10):
            enrol(registry, 3)
        stop.set()
        loop.join()
        assert same(registry, IN_GRACE, by=("agent",)) == 0
        assert same(registry, by=("agent",)) == 30
