"""A process is forked that has a store on a server open."""

import json
import os
import signal
import sys
import threading
import time
from datetime import date

import psycopg
import pytest
from eventsourcing.persistence import PersistenceError

import jamsos
from jamsos.store.event_store import migrate
from tests.faults import evidence, plain
from tests.faults.guarantees import plain_library, promised

ON = date(2017, 11, 20)
CHILDREN = 4
BACKENDS = (
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
    " AND backend_type = 'client backend' AND pid <> pg_backend_pid() ORDER BY 1"
)


@pytest.fixture
def place(postgres):
    """Prepare a store with seats for everybody."""
    url = postgres.new_database()
    migrate(url)
    with jamsos.open(url) as registry:
        registry.adopt("perisai", on=ON).or_raise()
        registry.allot("perisai", 1_000, on=ON).or_raise()
    return url


def recruit(registry, letter):
    agent = jamsos.new_agent_id()
    desk = registry.once(letter)
    desk.recruit(agent, "perisai", province="51", on=date(2017, 12, 1)).or_raise()
    assert registry.agent(agent).province == "51"
    return agent


def forked(work):
    """Do *work* in a child; return the descriptor from which its answer is read, and its number."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writing)
        return pid, reading
    try:
        answer = json.dumps(work())
    except BaseException as error:  # noqa: BLE001 - a child never goes on as if it were its parent
        answer = json.dumps(f"{type(error).__name__}: {error}")
    try:
        os.write(writing, answer.encode())
    finally:
        os._exit(0)


def answer_of(child):
    pid, reading = child
    with open(reading, encoding="utf-8") as file:  # noqa: PTH123 - a descriptor
        said = file.read()
    os.waitpid(pid, 0)
    return json.loads(said)


@promised(
    "PostgreSQL: every child goes on with connections of its own, as does the parent; nothing is"
    " lost, nothing is there twice, and nobody reads the answer to another."
)
def test_children_and_their_parent_record_and_read_on_connections_of_their_own(place, often):
    number = often(5, 60)
    with jamsos.open(place) as registry:
        recruit(registry, "before")
        before = evidence.ask(place, BACKENDS)

        def work(name):
            return [recruit(registry, f"{name}-{n}") for n in range(number)]

        children = [forked(lambda name=name: work(name)) for name in range(CHILDREN)]
        answers = [work("parent"), *map(answer_of, children)]

        assert all(isinstance(answer, list) for answer in answers), answers
        recorded = {r.stream for r in registry.history() if r.stream.startswith("agent-")}
        assert {agent for answer in answers for agent in answer} <= recorded
        assert len(recorded) == (CHILDREN + 1) * number + 1
        assert before[0] in evidence.ask(place, BACKENDS), "the child has closed the parent's"


@promised(
    "A child that closes the store, or ends, says nothing on the connections of its parent; and"
    " when the parent ends, the server knows, though a child lives on."
)
@pytest.mark.parametrize("how", ["close", "collect", "exit"])
def test_a_child_neither_uses_nor_closes_the_connections_of_its_parent(place, how):
    registry = jamsos.open(place)
    connections = registry._store._recorder._connections
    with connections.lent(), connections.lent():
        pass
    before = evidence.ask(place, BACKENDS)

    def work():
        if how == "close":
            registry.close()
        elif how == "collect":
            connections._idle.clear()
            connections._open.clear()
            registry.last_position()
        else:
            sys.stdout.flush()
        return "fine"

    assert answer_of(forked(work)) == "fine"
    time.sleep(0.1)
    assert set(before) <= set(evidence.ask(place, BACKENDS))
    assert registry.last_position() > 0

    ended = threading.Event()
    reading, writing = os.pipe()
    child = forked(lambda: os.read(reading, 1).decode())  # it lives on until it is told
    for connection in list(connections._open):
        os.close(os.dup(connection.pgconn.socket))
        connection.pgconn.finish()
    for _ in range(100):
        if not set(before) & set(evidence.ask(place, BACKENDS)):
            ended.set()
            break
        time.sleep(0.05)
    os.write(writing, b"x")
    assert answer_of(child) == "x"
    assert ended.is_set()
    for descriptor in (reading, writing):
        os.close(descriptor)
    registry.close()


@promised("Forked while other threads hold every connection: nobody waits for what is never freed.")
def test_a_fork_while_other_threads_hold_every_connection_hangs_nobody(place):
    with jamsos.open(place) as registry:
        recorder = registry._store._recorder
        go, ready = threading.Event(), threading.Semaphore(0)

        def hold():
            with recorder._connection() as connection:
                connection.execute("SELECT 1")
                ready.release()
                go.wait(30)

        threads = [threading.Thread(target=hold) for _ in range(10)]
        for thread in threads:
            thread.start()
        for _ in threads:
            ready.acquire()

        child = forked(lambda: recruit(registry, "child"))
        said = answer_of(child)
        go.set()
        for thread in threads:
            thread.join()

        assert said.startswith("agent-")
        assert registry.agent(said).province == "51"
        assert len(recorder._connections._idle) == 10


@promised("A child that was forked in the middle of a transaction does not end it.")
def test_a_child_that_was_forked_in_a_transaction_does_not_end_it(place):
    with jamsos.open(place) as registry:
        recorder = registry._store._recorder

        def work():
            raise KeyboardInterrupt

        with recorder._writing() as connection:
            connection.execute("CREATE TABLE mine (n int)")
            child = forked(work)
            assert answer_of(child).startswith("KeyboardInterrupt")
            connection.execute("INSERT INTO mine VALUES (1)")
        with psycopg.connect(place) as other:
            assert other.execute("SELECT n FROM mine").fetchall() == [(1,)]


@plain_library(
    "After a child has saved and ended, `save` fails in the parent, now and then or each time:"
    ' `prepared statement "_pg3_0" already exists`.'
)
def test_plainly_the_parent_cannot_save_after_its_child_has(theirs):
    app = plain.application(theirs.database())
    app.save(plain.recruited())

    def work():
        said = []
        for _ in range(5):
            try:
                app.save(plain.recruited())
            except PersistenceError as error:
                said.append(str(error))
        return said

    assert answer_of(forked(work)) == []
    said = work()
    app.close()

    assert said
    assert all("prepared statement" in text for text in said)


@plain_library(
    "When both save at the same time, each reads answers to the other: they wait for ever, or fail."
)
def test_plainly_parent_and_child_read_answers_to_each_other(theirs):
    place = theirs.database()
    reading, writing = os.pipe()

    def work():
        app = plain.application(place, CREATE_TABLE="n", POSTGRES_POOL_SIZE="1")
        list(app.read())
        os.fork()
        os.fork()
        signal.alarm(2)
        for _ in range(20):
            app.save(plain.recruited())
        os.write(writing, b"x")

    pid = os.fork()
    if not pid:
        try:
            work()
        finally:
            os._exit(0)
    os.close(writing)
    with open(reading, "rb") as file:  # noqa: PTH123 - a descriptor
        well = file.read()  # until the last of the four has ended
    os.waitpid(pid, 0)

    assert len(well) < 4
