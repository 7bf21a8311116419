"""Live counts: what is kept beside a history, is added to once, and never lies."""

import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from threading import Event, Thread

import pytest

import jamsos
from jamsos import Citation, Definition, Month, Status
from jamsos.engine.live import ACTIVE, ACTIVE_BY_AGENT, USUAL, Live, tally_of
from jamsos.errors import CorruptHistoryError, InputError
from jamsos.formulas.active import IN_GRACE, REGISTERED
from jamsos.projections.tallies import ACQUISITIONS, SEATS
from jamsos.store.event_store import EventStore
from tests.engine.live import FEBRUARY, enrol, same

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


def test_a_definition_that_looks_at_the_agent_who_cares_is_kept_by_a_tally_of_its_own(
    registry, agent
):
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
            return store.tallies._connections.read(
                lambda c: c.execute("SELECT count(*) FROM tally_cells").fetchone()[0]
            )

    assert kept(200) == kept(2) > 0


# -- Each event once, and none passed over. --------------------------------------------


def test_what_is_kept_is_there_when_the_store_is_opened_again(empty):
    for expected in (2, 4, 6):
        with jamsos.open(empty) as registry:
            enrol(registry, 2)
            assert same(registry) == expected
    with EventStore(empty) as store:
        [mark] = store.tallies.marks()
        assert (mark.name, mark.position, mark.live) == ("active", 6, True)


def test_many_who_catch_up_and_record_at_once_add_each_event_once(empty):
    with jamsos.open(empty) as first:
        first.catch_up()
        stop = Event()

        def work(number):
            with jamsos.open(empty) as registry:
                live = Live(registry._store, page=7)
                while True:  # each at least once, however slow the machine is
                    live.catch_up(USUAL)
                    if number:
                        enrol(registry, 5)
                    if stop.is_set():
                        return

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
def test_a_process_that_is_killed_in_the_middle_leaves_a_sum_that_can_be_taken_on(empty):
    with jamsos.open(empty) as registry:
        enrol(registry, 600)
        stopped_at = set()
        for pause in (0.02, 0.05, 0.1, 0.15, 0.2):
            with subprocess.Popen(
                [sys.executable, "-c", KILLED, empty], stdout=subprocess.PIPE
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


def test_a_tail_never_passes_over_an_event_that_is_being_recorded(empty):
    writers, transactions = 3, 12
    with jamsos.open(empty) as reader:
        live = Live(reader._store, page=50)

        def write():
            with jamsos.open(empty) as registry:
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
