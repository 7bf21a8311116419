"""Stores that are faulty, locked, closed or none at all."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path

import pytest

import jamsos
from jamsos.domain.agent import AgentStatus
from jamsos.errors import CorruptHistoryError, JamsosError, StoreError
from tests.registry.beginnings import LAUNCH, adopted, at_work, enrolled, recruited


@contextmanager
def plain(path: Path) -> Iterator[sqlite3.Connection]:
    """Give a connection that knows nothing of jamsos; what it does is kept."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        yield connection


def impatient(registry: jamsos.Registry) -> None:
    """Let *registry* give up on a lock at once, and not after seconds."""
    registry._writer._patience = 0
    connections = registry._store._recorder._connections
    connections.read(lambda c: c.execute("PRAGMA busy_timeout = 0").fetchall())


Fault = Callable[[sqlite3.Connection], object]


def newest(column: str, value: object) -> Fault:
    """Edit the newest event."""
    edit = (
        f"UPDATE stored_events SET {column} = ?"  # noqa: S608 - names of ours
        " WHERE rowid = (SELECT max(rowid) FROM stored_events)"
    )
    return lambda connection: connection.execute(edit, [value])


def statement(text: str) -> Fault:
    return lambda connection: connection.execute(text)


DEEP = b'{"recorded_at":"2018-01-01T00:00:00Z","data":' + b"[" * 99_999 + b"]" * 99_999 + b"}"
FAULTS = {
    "table dropped": statement("DROP TABLE stored_events"),
    "data missing": newest("state", None),
    "data broken": newest("state", b'{"'),
    "data a number": newest("state", 5),
    "data nested deeply": newest("state", DEEP),
    "name missing": newest("topic", None),
    "name unknown": newest("topic", "agent.lost.v1"),
    "name of bytes": newest("topic", b"\xff"),
    "version a text": newest("originator_version", "x"),
    "version missing": newest("originator_version", None),
    "version too high": newest("originator_version", 99),
    "stream unknown": newest("originator_id", "office-1"),
    "stream missing": newest("originator_id", None),
    "first event deleted": statement("DELETE FROM stored_events WHERE rowid = 1"),
    "event in the middle deleted": statement(
        "DELETE FROM stored_events WHERE rowid = (SELECT max(rowid) - 1 FROM stored_events)"
    ),
}


@pytest.fixture
def agent_and_store(path: Path) -> tuple[str, Path]:
    """Make a store whose last three events are the training of one agent."""
    with jamsos.open(path) as registry:
        agent = at_work(adopted(registry))
    return agent, path


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_a_faulty_history_is_never_read_to_its_end_nor_counted(agent_and_store, fault):
    _, path = agent_and_store
    with jamsos.open(path) as registry:
        assert list(registry.history())
        with plain(path) as other:
            fault(other)

        with pytest.raises((CorruptHistoryError, StoreError)):
            list(registry.history())
        with pytest.raises((CorruptHistoryError, StoreError)):
            registry.count(jamsos.Month(2018, 1))


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_no_error_but_ours_leaves_the_registry_whatever_is_asked_of_a_faulty_store(
    agent_and_store, fault
):
    agent, path = agent_and_store
    with plain(path) as other:
        fault(other)
    asked: list[Callable[[jamsos.Registry], object]] = [
        lambda r: r.agent(agent),
        lambda r: r.quota("perisai"),
        lambda r: r.programme("perisai"),
        lambda r: r.resign(agent, on=LAUNCH),
        lambda r: r.evaluate_agents("perisai", on=date(2018, 6, 1)),
        lambda r: r.deactivate(agent, on=date(2018, 6, 1)),
        lambda r: r.recruit(jamsos.new_agent_id(), "perisai", province="51", on=LAUNCH),
        lambda r: enrolled(r, agent, on=LAUNCH),
        lambda r: r.last_position(),
    ]
    escaped = []
    for ask in asked:
        try:
            with jamsos.open(path) as registry:
                ask(registry)
        except JamsosError:
            pass
        except Exception as error:  # noqa: BLE001 - what escapes is what is looked for
            escaped.append(error)

    assert escaped == []


@pytest.mark.parametrize("fault", ["event in the middle deleted", "version too high"])
def test_a_state_is_never_made_of_half_a_stream(agent_and_store, fault):
    agent, path = agent_and_store
    with plain(path) as other:
        FAULTS[fault](other)

    with jamsos.open(path) as registry, pytest.raises(CorruptHistoryError):
        registry.agent(agent)


def test_a_store_that_another_writer_holds_records_nothing_and_the_same_command_succeeds_later(
    path,
):
    with jamsos.open(path) as registry, plain(path) as other:
        agent, last = recruited(adopted(registry)), registry.last_position()
        impatient(registry)
        other.execute("BEGIN IMMEDIATE")

        with pytest.raises(StoreError, match="locked by another writer; nothing was recorded"):
            registry.begin_training(agent, on=LAUNCH)
        assert registry.last_position() == last
        assert registry.agent(agent).status is AgentStatus.RECRUITED
        with pytest.raises(StoreError), registry.batch() as desk:
            desk.begin_training(agent, on=LAUNCH).or_raise()
        other.execute("ROLLBACK")

        assert registry.begin_training(agent, on=LAUNCH).or_raise().events
        assert registry.last_position() == last + 1


@pytest.mark.parametrize(
    "use",
    [
        lambda r: r.adopt("perisai", on=LAUNCH),
        lambda r: r.agent(jamsos.new_agent_id()),
        lambda r: r.last_position(),
        lambda r: list(r.history()),
        lambda r: r.count(jamsos.Month(2018, 1)),
        lambda r: r.trial().adopt("perisai", on=LAUNCH),
    ],
    ids=["adopt", "agent", "last_position", "history", "count", "trial"],
)
def test_a_closed_registry_says_so(registry, use):
    registry.close()

    with pytest.raises(StoreError):
        use(registry)


@pytest.mark.parametrize("content", [b"not a database\n" * 100, b"{}"])
def test_a_file_that_is_no_store_cannot_be_opened(path, content):
    path.write_bytes(content)

    with pytest.raises(StoreError, match="is not a jamsos store"):
        jamsos.open(path)


def test_a_database_of_something_else_cannot_be_opened(path):
    with plain(path) as other:
        other.execute("CREATE TABLE invoices (number INTEGER)")

    with pytest.raises(StoreError, match="is not a jamsos store"):
        jamsos.open(path)


def test_a_folder_cannot_be_opened(tmp_path):
    with pytest.raises(StoreError):
        jamsos.open(tmp_path)
