"""A process is forked that has a store open: gunicorn with preload, Celery, multiprocessing."""

import multiprocessing
import os
import time
import traceback
from contextlib import contextmanager
from datetime import date
from threading import Event, Thread

import pytest
from eventsourcing.persistence import PersistenceError

import jamsos
from jamsos.errors import StoreError
from jamsos.store import sqlite_connections
from jamsos.store.event_store import EventStore
from tests.faults import evidence, plain
from tests.faults.guarantees import plain_library, promised

ON = date(2018, 2, 6)
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")


def register(registry, letter):
    name = f"participant-00000000-0000-7000-8000-{int(letter):012}"
    registry.once(f"w-{letter}").register(name, province="51", on=ON).or_raise()


def forked(work):
    """Do *work* in a child; return its id."""
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        work()
        code = 0
    except BaseException:  # noqa: BLE001 - a child never goes on as if it were its parent
        traceback.print_exc()
    finally:
        os._exit(code)


def ended(*pids, seconds=60):
    """Wait for children, not for ever; say whether each was well."""
    end, codes = time.monotonic() + seconds, []
    for pid in pids:
        while (found := os.waitpid(pid, os.WNOHANG)) == (0, 0):
            if time.monotonic() > end:
                os.kill(pid, 9)
            time.sleep(0.005)
        codes.append(os.waitstatus_to_exitcode(found[1]))
    return codes == [0] * len(pids)


def letters_of(path):
    assert evidence.damage_of(str(path)) == ()
    with EventStore(path, read_only=True) as store:
        return sorted(int(r.command.removeprefix("w-")) for r in store.history())


@contextmanager
def busy(*work):
    """Let threads do *work* again and again meanwhile; raise what they raise."""
    over, wrong = Event(), []

    def repeat(work):
        number = 0
        try:
            while not over.is_set():
                work(number)
                number += 1
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is wrong
            wrong.append(error)

    threads = [Thread(target=repeat, args=(each,)) for each in work]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join(30)
    assert not wrong


@promised(
    "A store that was open before works in every child, with connections of its own, and in the"
    " parent: nothing is lost, nothing is there twice."
)
def test_a_store_that_was_open_before_a_fork_works_on_both_sides(tmp_path, often, tally):
    path, children, each = tmp_path / "office.db", often(4, 16), often(15, 100)
    with jamsos.open(path) as registry:
        register(registry, 0)

        def work(first):
            for number in range(each):
                register(registry, first + number)
                list(registry.history())

        pids = [forked(lambda n=n: work(1 + n * each)) for n in range(children)]
        work(1 + children * each)

        assert ended(*pids)
        assert len(list(registry.history())) == 1 + (children + 1) * each
    assert letters_of(path) == list(range(1 + (children + 1) * each))
    tally(runs=children)


@promised("It may be closed in the parent, or the parent may end, while the children go on.")
def test_children_go_on_when_the_parent_closes(tmp_path, often):
    for again in range(often(3, 30)):
        path, go = tmp_path / f"{again}.db", tmp_path / f"{again}.go"
        registry = jamsos.open(path)
        register(registry, 0)

        def work(registry=registry, go=go):
            register(registry, 1)
            evidence.wait_for(go)
            register(registry, 2)
            registry.close()

        pid = forked(work)
        evidence.wait_for(path)
        while registry.last_position() < 2:
            time.sleep(0.001)
        registry.close()  # the last one of all, if the child holds no lock of its own
        with jamsos.open(path) as another:
            register(another, 3)
        go.touch()
        assert ended(pid)
        assert letters_of(path) == [0, 1, 2, 3]


@promised("Whatever threads were doing at the fork: nobody waits for ever, in either process.")
def test_a_fork_while_threads_are_at_work_blocks_nobody(tmp_path, often, tally):
    path, times = tmp_path / "office.db", often(15, 300)
    with jamsos.open(path) as registry, EventStore(path) as store:
        register(registry, 0)
        with busy(
            lambda _: store.last_position(),
            lambda _: list(store.history()),
            lambda n: register(registry, 1_000_000 + n),
        ):
            for number in range(1, times + 1):

                def work():
                    assert store.last_position() > 0
                    with EventStore(path) as opened:
                        assert opened.last_position() > 0

                assert ended(forked(work), seconds=30), number
    found = [n for n in letters_of(path) if n >= 1_000_000]
    assert found == [1_000_000 + n for n in range(len(found))]
    tally(runs=times)


@promised(
    "A store that a thread is in the middle of using for longer than a fork waits: an error of its"
    " own in the child, also for whoever opens it there, and the parent goes on."
)
def test_a_store_in_the_middle_of_something_is_an_error_in_the_child(tmp_path, monkeypatch):
    monkeypatch.setattr(sqlite_connections, "_FORK", 0.05)
    path, begun, go = tmp_path / "office.db", Event(), Event()
    with jamsos.open(path) as registry:
        connections = registry._store._recorder._connections

        def long(c):
            c.execute("INSERT INTO concerns VALUES ('agent-1', 1)")
            begun.set()
            go.wait(30)

        thread = Thread(target=connections.write, args=(long,))
        thread.start()
        begun.wait(30)

        def work():
            for use in (registry.last_position, lambda: jamsos.open(path)):
                with pytest.raises(StoreError, match="forked"):
                    use()
            with jamsos.open(tmp_path / "another.db") as another:
                register(another, 0)

        pid = forked(work)
        assert ended(pid)
        go.set()
        thread.join()
        register(registry, 0)
    assert letters_of(path) == [0]


@promised("In memory each process has its own from then on.")
def test_in_memory_each_process_has_its_own_from_then_on(often):
    with jamsos.open(":memory:") as registry:
        register(registry, 0)
        with busy(lambda _: list(registry.history())):
            for number in range(often(5, 100)):

                def work(number=number):
                    before = registry.last_position()
                    register(registry, 1_000 + number)
                    assert registry.last_position() == before + 1

                assert ended(forked(work), seconds=30)
        assert registry.last_position() == 1


def in_a_pool(number):
    register(OPEN["registry"], number)
    return OPEN["registry"].last_position()


OPEN = {}


@promised("`multiprocessing` likewise.")
def test_a_pool_of_processes_uses_the_store_of_its_parent(tmp_path):
    path = tmp_path / "office.db"
    with jamsos.open(path) as registry:
        OPEN["registry"] = registry
        register(registry, 0)
        with multiprocessing.get_context("fork").Pool(3) as pool:
            positions = pool.map(in_a_pool, range(1, 31), chunksize=1)
            register(registry, 31)

        assert max(positions) >= 30
        assert registry.last_position() == 32
    assert letters_of(path) == list(range(32))


@promised("A store that was opened to be read is read in a child too.")
def test_a_store_that_is_only_read_is_read_in_a_child(tmp_path):
    path = tmp_path / "office.db"
    with jamsos.open(path) as writer, EventStore(path, read_only=True) as reader:
        register(writer, 0)
        assert reader.last_position() == 1

        def work():
            assert reader.last_position() == 1
            register(writer, 1)
            assert reader.last_position() == 2

        assert ended(forked(work))
        assert reader.last_position() == 2


@plain_library("While no other thread is at work it holds as well: children and their parent save.")
def test_plainly_children_save_where_no_thread_is_at_work(theirs, tmp_path):
    place = theirs.file(tmp_path / "perisai.db")
    app = plain.application(place)
    before = len(list(app.read()))

    def work():
        for _ in range(10):
            app.save(plain.recruited())

    pids = [forked(work) for _ in range(4)]
    work()
    assert ended(*pids)
    assert len(list(app.read())) == before + 50
    app.close()


@plain_library(
    "While a thread saves: a child waits for a connection that is lent to a thread that it has"
    " not, and every `save` in it fails: `Timed out waiting for return of writer`."
)
def test_plainly_a_child_waits_for_a_thread_that_it_has_not(theirs, tmp_path, often):
    app = plain.application(theirs.file(tmp_path / "perisai.db"))
    app.factory.datastore.pool.pool_timeout = 0.1  # it is 5 seconds, and nothing else comes

    def work():
        for _ in range(3):
            with pytest.raises(PersistenceError, match="return of writer"):
                app.save(plain.recruited())

    with busy(lambda _: app.save(plain.recruited())):
        failed = [ended(forked(work), seconds=5) for _ in range(often(6, 50))]
    app.close()

    assert any(failed)
