"""Something is raised in the middle of a request: by a signal handler, or by whoever decides."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from asyncio import CancelledError
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from functools import partial
from threading import Event, Thread

import pytest
from eventsourcing.persistence import PersistenceError

import jamsos
from jamsos.domain.agent import AgentTrainingBegun
from jamsos.errors import StoreError
from jamsos.store.event_store import EventStore, entry
from tests.faults import plain
from tests.faults.guarantees import plain_library, promised

ON = date(2018, 2, 6)
NOW = datetime(2018, 2, 6, tzinfo=UTC)


class SoftTimeLimit(Exception):  # noqa: N818 - as Celery names its own
    """An error of somebody else's."""


ERRORS = [KeyboardInterrupt, SoftTimeLimit, SystemExit, CancelledError]
RAISED = pytest.mark.parametrize("error", ERRORS, ids=lambda e: e.__name__)


def timed(work):
    before = time.perf_counter()
    work()
    return time.perf_counter() - before


def begun(number):
    stream = f"agent-00000000-0000-7000-8000-{number:012}"
    return entry(stream, 1, AgentTrainingBegun(on=ON), NOW)


@contextmanager
def interrupting(error):
    """Give how to do something in which, after so many seconds, a signal handler raises *error*."""
    armed = [False]

    def handler(*_):
        if armed[0]:
            armed[0] = False
            raise error

    def attempt(seconds, work):
        try:
            armed[0] = True
            signal.setitimer(signal.ITIMER_REAL, seconds)
            work()
        except error as raised:
            return raised
        finally:
            armed[0] = False
            signal.setitimer(signal.ITIMER_REAL, 0)
        return None

    before = signal.signal(signal.SIGALRM, handler)
    try:
        yield attempt
    finally:
        signal.signal(signal.SIGALRM, before)


UNRAISABLE = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
"""What a handler raises while something is being freed is lost: that is how Python is."""


@promised(
    "A signal handler raises at any moment of a request: that one fails, the next are answered at"
    " once, and nothing is half recorded."
)
@RAISED
@UNRAISABLE
@pytest.mark.parametrize("place", ["file", ":memory:"])
def test_only_the_request_that_is_interrupted_fails(tmp_path, often, tally, error, place):
    draw, times, kept = random.Random(7), often(200, 5_000), []
    at = tmp_path / "office.db" if place == "file" else place
    acknowledged = []
    with EventStore(at, patience=0) as store, interrupting(error) as attempt:
        usual = min(timed(lambda n=n: store.append([begun(n)])) for n in range(10))
        for number in range(10, times):
            new = begun(number)
            raised = attempt(draw.uniform(1e-6, usual), lambda new=new: store.append([new]))
            if raised is None:
                acknowledged.append(new.stream)
            else:
                kept.append(raised)  # with all that its frames hold
            if place == "file":  # nobody holds a lock
                with closing(sqlite3.connect(at, timeout=0, isolation_level=None)) as other:
                    other.execute("BEGIN IMMEDIATE")
                    other.execute("ROLLBACK")
        recorded = [r.stream for r in store.history()]
        assert set(acknowledged) <= set(recorded)
        assert len(recorded) == len(set(recorded))
        last = store.last_position()
        assert store.append([begun(times)]) == range(last + 1, last + 2)
    assert kept
    tally(runs=times)


@promised("A whole request likewise: it is recorded under its command id, or not at all.")
@UNRAISABLE
@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit])
def test_a_command_that_is_interrupted_is_recorded_whole_or_not_at_all(tmp_path, often, error):
    draw, times, answered = random.Random(7), often(60, 2_000), set()
    participants = [jamsos.new_participant_id() for _ in range(times)]

    def register(registry, number):
        desk = registry.once(f"w0-{number}")
        desk.register(participants[number], province="51", on=ON).or_raise()

    with (
        jamsos.open(tmp_path / "office.db", patience=0) as registry,
        interrupting(error) as attempt,
    ):
        usual = min(timed(partial(register, registry, n)) for n in range(10))
        for number in range(10, times):
            if attempt(draw.uniform(1e-6, usual), partial(register, registry, number)) is None:
                answered.add(f"w0-{number}")
        assert answered <= {r.command for r in registry.history()}
        for number in range(times):
            register(registry, number)
        assert registry.last_position() == times


@promised("The same while it opens a connection, and while it reads.")
@UNRAISABLE
def test_who_is_interrupted_while_connecting_or_reading_can_read_again(tmp_path, often):
    draw, path = random.Random(11), tmp_path / "office.db"
    kept = []
    with EventStore(path) as store, interrupting(SoftTimeLimit) as attempt:
        connections = store._recorder._connections
        for number in range(often(300, 5_000)):
            if number % 3 == 0:
                for slot in connections._slots:
                    slot.drop()
            kept.append(attempt(draw.uniform(1e-6, 3e-4), store.last_position))
            assert store.last_position() == 0
            assert not any(s.connection and s.connection.in_transaction for s in connections._slots)
    assert any(kept)
    assert [p.name for p in tmp_path.iterdir()] == ["office.db"]


# -- Threads, when a store is closed and when the interpreter ends. ------------------------


@promised("Closed while threads ask it: each gets its answer or a `StoreError`; nothing crashes.")
@pytest.mark.parametrize("place", ["file", ":memory:"])
def test_a_store_may_be_closed_while_threads_ask_it(tmp_path, often, place):
    for number in range(often(5, 50)):
        path = tmp_path / f"{number}.db" if place == "file" else place
        registry, wrong, started = jamsos.open(path), [], Event()

        def ask(registry=registry, wrong=wrong, started=started):
            try:
                while True:
                    list(registry.history())
                    registry.register(jamsos.new_participant_id(), province="51", on=ON)
                    started.set()
            except StoreError as error:
                if "closed" not in str(error):
                    wrong.append(error)
            except BaseException as error:  # noqa: BLE001 - whatever it is, it is wrong
                wrong.append(error)

        threads = [Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        started.wait(10)
        registry.close()
        for thread in threads:
            thread.join(10)
            assert not thread.is_alive()
        assert not wrong
    if place == "file":
        assert not [p for p in tmp_path.iterdir() if p.suffix != ".db"]


ENDING = """
import sys, threading, time
from datetime import UTC, date, datetime
import jamsos
registry = jamsos.open(sys.argv[1])
begun = threading.Barrier(5)
def ask():
    registry.last_position(); begun.wait()
    while True:
        list(registry.history())
        registry.register(jamsos.new_participant_id(), province="51", on=date(2018, 2, 6))
for _ in range(4):
    threading.Thread(target=ask, daemon=True).start()
begun.wait(); time.sleep(0.05)
"""


@promised("When the interpreter ends with stores open and threads at work, it ends.")
@pytest.mark.parametrize("place", ["file", ":memory:"])
def test_the_interpreter_ends_with_an_open_store_and_threads_at_work(tmp_path, often, place):
    path = str(tmp_path / "office.db") if place == "file" else place
    for _ in range(often(2, 20)):
        ended = subprocess.run(
            [sys.executable, "-X", "dev", "-W", "ignore::ResourceWarning", "-c", ENDING, path],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert (ended.returncode, ended.stderr) == (0, "")
    if place == "file":
        with EventStore(path) as store:
            assert [r.position for r in store.history()] == list(
                range(1, store.last_position() + 1)
            )


# -- The plain library. ------------------------------------------------------------------

FAILED = (PersistenceError, sqlite3.Error)
"""The errors of the plain library: its own, and those that it lets through."""


def saving(path):
    """Save again and again while signals come; at the first failure, return whether it stays."""
    app = plain.application(path)
    app.factory.datastore.pool.pool_timeout = 0.1  # it is 5 seconds, and nothing else comes
    draw = random.Random(7)
    with interrupting(SoftTimeLimit) as attempt:
        usual = min(timed(lambda: app.save(plain.recruited())) for _ in range(10))
        for _ in range(5_000):
            new = plain.recruited()
            try:
                attempt(draw.uniform(1e-6, usual), lambda new=new: app.save(new))
            except FAILED:
                break
    for _ in range(3):
        with pytest.raises(FAILED, match=r"within a transaction|Timed out"):
            app.save(plain.recruited())


@plain_library(
    "A signal handler that raises in `save`: soon every later `save` fails, with `cannot start a"
    " transaction within a transaction`, or waits for ever at a lock that nobody lets go."
)
@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_plainly_every_later_save_fails_or_waits(tmp_path):
    pid = os.fork()
    if not pid:
        code = 1
        try:
            saving(str(tmp_path / "plain.db"))
            code = 0
        finally:
            os._exit(code)
    end = time.monotonic() + 3
    while (found := os.waitpid(pid, os.WNOHANG)) == (0, 0):
        if time.monotonic() > end:
            os.kill(pid, signal.SIGKILL)
        time.sleep(0.01)

    assert os.waitstatus_to_exitcode(found[1]) in {0, -signal.SIGKILL}
