"""The event store: what is stored, in which order, and what it says when that cannot be."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path

import pytest

from jamsos.domain.agent import AgentCertified, AgentResigned, AgentTrainingBegun
from jamsos.domain.quota import QuotaSeatReleased
from jamsos.errors import ConflictError, CorruptHistoryError, InputError, NotFoundError, StoreError
from jamsos.store import history_file
from jamsos.store.event_store import PAGE, Entry, EventStore, entry

NOW = datetime(2018, 2, 5, 3, 4, 5, 678901, tzinfo=UTC)
ON = date(2018, 2, 5)
SEATS = "quota-perisai-national"


def agent(number: int) -> str:
    return f"agent-00000000-0000-7000-8000-{number:012}"


ANI, BUDI = agent(1), agent(2)

Change = Callable[[sqlite3.Connection], object]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "perisai.db"


@pytest.fixture(params=["file", "memory"])
def store(request: pytest.FixtureRequest, path: Path) -> Iterator[EventStore]:
    with EventStore(path if request.param == "file" else ":memory:") as opened:
        yield opened


def begun(version: int, stream: str = ANI, day: int = 1) -> Entry:
    return entry(stream, version, AgentTrainingBegun(on=date(2018, 2, day)), NOW)


def certified(version: int, stream: str = ANI) -> Entry:
    return entry(stream, version, AgentCertified(on=ON), NOW)


@contextmanager
def plain(path: Path) -> Iterator[sqlite3.Connection]:
    """Give a connection that knows nothing of jamsos; what it does is kept."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        yield connection


def impatient(store: EventStore) -> EventStore:
    """Let *store* give up on a lock at once, and not after seconds."""
    store._recorder._connections.read(lambda c: c.execute("PRAGMA busy_timeout = 0").fetchall())
    return store


# -- Append. -----------------------------------------------------------------------


def test_a_new_store_is_empty(store):
    assert store.last_position() == 0
    assert list(store.history()) == []
    assert list(store.entries()) == []
    assert store.stream(ANI) == []


def test_positions_begin_at_1_and_follow_each_other(store):
    positions = [
        store.append([begun(1), begun(1, BUDI)]),
        store.append([certified(2)]),
        store.append([certified(2, BUDI), begun(3), begun(4)]),
    ]

    assert positions == [range(1, 3), range(3, 4), range(4, 7)]
    assert [recorded.position for recorded in store.history()] == [1, 2, 3, 4, 5, 6]
    assert store.last_position() == 6


def test_nothing_to_store_takes_no_position(store):
    store.append([begun(1)])

    assert list(store.append([])) == []
    assert store.last_position() == 1


def test_an_event_comes_back_with_its_place_and_its_moment(store):
    store.append([begun(1), certified(2)])

    first, second = store.history()
    assert (first.position, first.stream, first.version) == (1, ANI, 1)
    assert (second.position, second.stream, second.version) == (2, ANI, 2)
    assert (first.event, second.event) == (
        AgentTrainingBegun(on=date(2018, 2, 1)),
        AgentCertified(on=ON),
    )
    assert first.recorded_at == NOW
    assert first.recorded_at.utcoffset() == timedelta(0)


def test_events_of_many_streams_are_stored_together_in_the_order_given(store):
    released = entry(SEATS, 1, QuotaSeatReleased(agent=ANI, on=ON), NOW)

    store.append([begun(1), released, begun(1, BUDI), certified(2)])

    streams = [(recorded.stream, recorded.version) for recorded in store.history()]
    assert streams == [(ANI, 1), (SEATS, 1), (BUDI, 1), (ANI, 2)]


@pytest.mark.parametrize("taken", [0, 1, 2])
def test_events_of_many_streams_are_stored_all_or_none(store, taken):
    store.append([begun(1)])
    entries = [begun(1, BUDI), certified(2, BUDI)]
    entries.insert(taken, begun(1))

    with pytest.raises(ConflictError):
        store.append(entries)

    assert [recorded.stream for recorded in store.history()] == [ANI]
    assert store.append([begun(1, BUDI)]) == range(2, 3)


def test_a_version_that_is_taken_is_a_conflict_and_nothing_is_stored(store):
    store.append([begun(1, day=1)])

    with pytest.raises(ConflictError, match="ask again"):
        store.append([begun(1, day=2)])

    assert [recorded.event.on.day for recorded in store.history()] == [1]


def test_a_version_that_is_given_twice_at_once_is_a_conflict(store):
    with pytest.raises(ConflictError):
        store.append([begun(1), begun(1)])

    assert store.last_position() == 0


@pytest.mark.parametrize("version", [0, 2])
def test_a_stream_that_has_changed_since_it_was_read_is_a_conflict(store, version):
    store.append([begun(1)])

    with pytest.raises(ConflictError, match="nothing was recorded"):
        store.append([begun(1, BUDI)], reads={ANI: version})

    assert store.stream(BUDI) == []


@pytest.mark.parametrize("reads", [{ANI: 1}, {SEATS: 0}, {ANI: 1, SEATS: 0}, {}, None])
def test_streams_that_are_as_they_were_read_are_no_conflict(store, reads):
    store.append([begun(1)])

    store.append([begun(1, BUDI)], reads=reads)

    assert store.last_position() == 2


def test_one_of_many_read_streams_that_has_changed_is_enough_for_a_conflict(store):
    store.append([begun(1), begun(1, BUDI)])

    with pytest.raises(ConflictError):
        store.append(
            [entry(SEATS, 1, QuotaSeatReleased(agent=ANI, on=ON), NOW)], reads={ANI: 1, BUDI: 0}
        )

    assert store.last_position() == 2


def test_after_a_conflict_the_next_events_are_stored_without_a_gap(store):
    store.append([begun(1)])
    for _ in range(3):
        with pytest.raises(ConflictError):
            store.append([begun(1)])

    assert store.append([certified(2)]) == range(2, 3)


def test_two_stores_in_memory_know_nothing_of_each_other():
    with EventStore(":memory:") as one, EventStore(":memory:") as other:
        one.append([begun(1)])

        assert (one.last_position(), other.last_position()) == (1, 0)


# -- Read. -------------------------------------------------------------------------


@pytest.mark.parametrize(("after", "versions"), [(0, [1, 2, 3]), (1, [2, 3]), (3, []), (9, [])])
def test_a_stream_is_read_after_a_version(store, after, versions):
    store.append([begun(1), begun(1, BUDI), certified(2)])
    store.append([certified(2, BUDI), begun(3)])

    assert [recorded.version for recorded in store.stream(ANI, after=after)] == versions


def test_many_streams_are_read_together_in_the_order_of_their_events(store):
    store.append([begun(1), begun(1, BUDI), certified(2)])
    store.append([certified(2, BUDI), entry(SEATS, 1, QuotaSeatReleased(agent=ANI, on=ON), NOW)])

    def read(**after: int) -> list[tuple[int, str, int]]:
        asked = {{"ani": ANI, "budi": BUDI, "nobody": agent(3)}[who]: v for who, v in after.items()}
        return [(r.position, r.stream, r.version) for r in store.news(asked)]

    assert read(budi=0, ani=0) == [(1, ANI, 1), (2, BUDI, 1), (3, ANI, 2), (4, BUDI, 2)]
    assert read(budi=2, ani=1, nobody=0) == [(3, ANI, 2)]
    assert read(ani=1) == [(3, ANI, 2)]
    assert read() == []


@pytest.mark.parametrize("number", [1, 2, 1_000, 5_001])
def test_any_number_of_streams_is_read_together(number):
    names = [agent(n) for n in range(1, number + 1)]
    with EventStore(":memory:") as store:
        store.append([begun(1, name) for name in reversed(names)])
        store.append([begun(1, agent(number + 1))])

        read = store.news(dict.fromkeys(names, 0))

        assert [r.position for r in read] == list(range(1, number + 1))


@pytest.mark.parametrize(
    ("after", "upto", "positions"),
    [
        (0, None, [1, 2, 3, 4]),
        (2, None, [3, 4]),
        (0, 2, [1, 2]),
        (1, 3, [2, 3]),
        (2, 2, []),
        (3, 2, []),
        (4, None, []),
        (0, 0, []),
        (0, 9, [1, 2, 3, 4]),
    ],
)
def test_a_history_is_read_after_a_position_and_up_to_one(store, after, upto, positions):
    store.append([begun(1), certified(2), begun(3), certified(4)])

    read = [recorded.position for recorded in store.history(after=after, upto=upto)]

    assert read == positions


@pytest.mark.parametrize(
    ("names", "positions"),
    [
        (["agent.certified.v1"], [2, 4]),
        (["agent.certified.v1", "agent.training-begun.v1"], [1, 2, 3, 4]),
        (["agent.resigned.v1"], []),
        ([], [1, 2, 3, 4]),
    ],
)
def test_a_history_is_read_by_the_names_of_its_events(store, names, positions):
    store.append([begun(1), certified(2), begun(3), certified(4)])

    assert [recorded.position for recorded in store.history(names=names)] == positions


@pytest.mark.parametrize("size", [PAGE - 1, PAGE, PAGE + 1, 2 * PAGE + 1])
def test_a_history_is_whole_on_both_sides_of_a_page(size):
    with EventStore(":memory:") as store:
        store.append([begun(version) for version in range(1, size)])
        store.append([certified(size)])

        assert [r.position for r in store.history()] == list(range(1, size + 1))
        assert [r.position for r in store.history(names=["agent.certified.v1"])] == [size]
        assert [r.position for r in store.history(after=1, upto=size - 1)] == list(range(2, size))


def test_a_history_is_read_as_it_was_when_its_reading_began(store):
    store.append([begun(1), certified(2)])
    history = store.history()

    first = next(history)
    store.append([begun(3)])

    assert [first.version, *(recorded.version for recorded in history)] == [1, 2]


def test_what_is_stored_is_there_when_the_file_is_opened_again(path):
    with EventStore(path) as store:
        store.append([begun(1), begun(1, BUDI)])
    with EventStore(path) as store:
        store.append([certified(2)])
    with EventStore(path, create=False) as store:
        versions = [(r.position, r.stream, r.version) for r in store.history()]

    assert versions == [(1, ANI, 1), (2, BUDI, 1), (3, ANI, 2)]


def test_a_closed_store_leaves_one_file(path):
    with EventStore(path) as store:
        store.append([begun(1)])

    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_two_stores_on_one_file_see_what_the_other_has_stored(path):
    with EventStore(path) as one, EventStore(path) as other:
        one.append([begun(1)])
        seen = [recorded.event for recorded in other.history()]
        positions = other.append([certified(2)], reads={BUDI: 0})

        assert seen == [AgentTrainingBegun(on=date(2018, 2, 1))]
        assert positions == range(2, 3)
        assert one.stream(ANI, after=1)[0].event == AgentCertified(on=ON)
        assert one.last_position() == other.last_position() == 2


def test_of_two_stores_on_one_file_only_one_gets_a_version(path):
    with EventStore(path) as one, EventStore(path) as other:
        one.append([begun(1)])

        with pytest.raises(ConflictError):
            other.append([certified(1)])
        with pytest.raises(ConflictError):
            other.append([begun(1, BUDI)], reads={ANI: 0})

        assert one.last_position() == 1


def test_a_reader_in_the_middle_of_a_history_does_not_stop_a_writer(path):
    with EventStore(path) as one, EventStore(path) as other:
        one.append([begun(1), certified(2)])
        history = one.history()
        next(history)

        assert impatient(other).append([begun(3)]) == range(3, 4)


# -- What is no store, or cannot be written. ---------------------------------------


@pytest.mark.parametrize("missing", ["perisai.db", "nowhere/perisai.db"])
def test_a_store_that_is_not_there_is_not_found_and_not_made(tmp_path, missing):
    with pytest.raises(NotFoundError, match=missing):
        EventStore(tmp_path / missing, create=False)

    assert list(tmp_path.iterdir()) == []


def test_a_store_in_a_folder_that_is_not_there_cannot_be_made(tmp_path):
    with pytest.raises(StoreError, match="nowhere"):
        EventStore(tmp_path / "nowhere" / "perisai.db")

    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_no_store(tmp_path):
    with pytest.raises(StoreError):
        EventStore(tmp_path)
    with pytest.raises(StoreError, match="is a folder"):
        EventStore(tmp_path, create=False)


def test_an_empty_name_is_no_store():
    with pytest.raises(InputError):
        EventStore("")


@pytest.mark.parametrize("create", [True, False])
@pytest.mark.parametrize(
    "content", [b"not a database, and longer than a header of one" * 20, b"{}\n"]
)
def test_a_file_that_is_no_database_is_no_store_and_is_left_alone(path, create, content):
    path.write_bytes(content)

    with pytest.raises(StoreError, match="is not a jamsos store"):
        EventStore(path, create=create)

    assert path.read_bytes() == content


@pytest.mark.parametrize("create", [True, False])
def test_a_database_of_something_else_is_no_store_and_is_left_alone(path, create):
    with plain(path) as other:
        other.execute("CREATE TABLE invoices (number INTEGER)")
    content = path.read_bytes()

    with pytest.raises(StoreError, match="is not a jamsos store"):
        EventStore(path, create=create)

    assert path.read_bytes() == content


@pytest.mark.parametrize("create", [True, False])
@pytest.mark.parametrize("columns", ["id INTEGER", "originator_id, originator_version, topic"])
def test_a_database_with_another_table_of_that_name_is_no_store(path, create, columns):
    with plain(path) as other:
        other.execute(f"CREATE TABLE stored_events ({columns})")

    with pytest.raises(StoreError):
        EventStore(path, create=create)


def test_an_empty_file_is_no_store_unless_one_may_be_made(path):
    path.touch()

    with pytest.raises(StoreError, match="is not a jamsos store"):
        EventStore(path, create=False)
    with EventStore(path) as store:
        assert store.append([begun(1)]) == range(1, 2)


def test_a_store_that_another_writer_holds_is_locked_and_the_same_events_are_stored_later(path):
    with EventStore(path) as store, plain(path) as other:
        store.append([begun(1)])
        other.execute("BEGIN IMMEDIATE")

        with pytest.raises(StoreError, match="locked by another writer; nothing was recorded"):
            impatient(store).append([certified(2)])
        assert store.last_position() == 1
        other.execute("ROLLBACK")

        assert store.append([certified(2)]) == range(2, 3)


def test_a_store_can_be_read_while_another_writer_holds_it(path):
    with EventStore(path) as store, plain(path) as other:
        store.append([begun(1)])
        other.execute("BEGIN IMMEDIATE")

        assert [recorded.version for recorded in impatient(store).history()] == [1]


@pytest.mark.slow
def test_a_store_waits_some_seconds_for_another_writer_before_it_gives_up(path):
    with EventStore(path) as store, plain(path) as other:
        other.execute("BEGIN IMMEDIATE")

        with pytest.raises(StoreError, match="locked by another writer"):
            store.append([begun(1)])
        other.execute("ROLLBACK")

        assert store.append([begun(1)]) == range(1, 2)


@pytest.mark.parametrize(
    "pragma", ["PRAGMA query_only = 1", "PRAGMA max_page_count = 1"], ids=["read only", "full"]
)
def test_a_store_that_cannot_be_written_says_so_and_stores_nothing(path, pragma):
    many = [begun(version) for version in range(1, 1_000)]
    with EventStore(path) as store:
        store._recorder._connections.read(lambda c: c.execute(pragma).fetchall())

        with pytest.raises(StoreError, match="cannot be read or written"):
            store.append(many)

        assert store.last_position() == 0


@pytest.mark.parametrize(
    "use",
    [
        lambda store: store.append([begun(1)]),
        lambda store: store.stream(ANI),
        lambda store: store.news({ANI: 0, BUDI: 0}),
        lambda store: store.answers(["c-1"]),
        lambda store: list(store.history()),
        lambda store: list(store.entries()),
        lambda store: store.last_position(),
    ],
    ids=["append", "stream", "news", "answers", "history", "entries", "last_position"],
)
def test_a_closed_store_says_so(store, use):
    store.close()

    with pytest.raises(StoreError, match="cannot be read or written"):
        use(store)


def test_a_store_may_be_closed_twice(store):
    store.close()
    store.close()


# -- Rows that somebody has edited. ------------------------------------------------


def row(column: str, value: object) -> Change:
    """Edit the third event of a history."""
    edit = f"UPDATE stored_events SET {column} = ? WHERE rowid = 3"  # noqa: S608 - names of ours
    return lambda connection: connection.execute(edit, [value])


def deleted(position: int) -> Change:
    return lambda connection: connection.execute(
        "DELETE FROM stored_events WHERE rowid = ?", [position]
    )


def data(text: str, *, at: str = "2018-02-05T03:04:05Z") -> Change:
    return row("state", f'{{"recorded_at":"{at}","data":{text}}}'.encode())


CERTIFIED = '{"on":"2018-02-05"}'
FAULTS = {
    "unknown event": row("topic", "agent.lost.v1"),
    "newer event": row("topic", "agent.certified.v2"),
    "another event": row("topic", "agent.recruited.v1"),
    "another aggregate": row("topic", "quota.seat-released.v1"),
    "no name": row("topic", None),
    "bytes for a name": row("topic", b"\x00\xff"),
    "broken JSON": row("state", b"{"),
    "no JSON": row("state", b"\x00\xff\x00"),
    "no data": row("state", None),
    "a number for data": row("state", 5),
    "unknown field": data('{"on":"2018-02-05","name":"x"}'),
    "missing field": data("{}"),
    "wrong field": data('{"on":"2018-02-05T00:00:00"}'),
    "deep nesting": data(f'{{"on":"2018-02-05","x":{"[" * 100_000}{"]" * 100_000}}}'),
    "long number": data(f'{{"on":"2018-02-05","x":{"9" * 5_000}}}'),
    "unknown key": row(
        "state", b'{"recorded_at":"2018-02-05T03:04:05Z","data":{"on":"2018-02-05"},"whom":"x"}'
    ),
    "no moment": row("state", b'{"data":{"on":"2018-02-05"}}'),
    "moment without a zone": data(CERTIFIED, at="2018-02-05T03:04:05"),
    "no stream": row("originator_id", None),
    "no stream's name": row("originator_id", "office-1"),
    "bytes for a stream": row("originator_id", b"\x00\xff"),
    "another kind of stream": row("originator_id", SEATS),
}
MISPLACED = {
    "version missing": row("originator_version", 4),
    "version 0": row("originator_version", 0),
    "version no number": row("originator_version", "x"),
    "no version": row("originator_version", None),
}


@pytest.fixture
def history(path: Path) -> Path:
    """Make a store with four events: the third is the second of its stream."""
    with EventStore(path) as store:
        store.append([begun(1), begun(1, BUDI), certified(2)])
        store.append([entry(ANI, 3, AgentResigned(on=ON), NOW)])
    return path


@pytest.mark.parametrize("change", FAULTS.values(), ids=FAULTS.keys())
def test_an_edited_event_is_told_with_its_position_and_never_skipped(history, change):
    with plain(history) as other:
        change(other)

    with EventStore(history, create=False) as store:
        reading = store.history()
        before = [recorded.position for recorded in islice(reading, 2)]
        with pytest.raises(CorruptHistoryError, match="position 3") as told:
            next(reading)
        with pytest.raises(CorruptHistoryError):
            list(store.entries())

    assert before == [1, 2]
    assert told.value.position == 3


@pytest.mark.parametrize("change", (FAULTS | MISPLACED).values(), ids=(FAULTS | MISPLACED).keys())
def test_reading_an_edited_history_stops_at_the_position_of_the_edit(history, change):
    with plain(history) as other:
        change(other)

    with pytest.raises(CorruptHistoryError, match="position 3") as told:
        list(history_file.read(history))

    assert told.value.position == 3


@pytest.mark.parametrize("position", [1, 2, 3])
def test_reading_a_history_with_a_deleted_event_stops_after_the_gap(history, position):
    with plain(history) as other:
        deleted(position)(other)

    with pytest.raises(CorruptHistoryError, match=f"{position} is missing") as told:
        list(history_file.read(history))

    assert told.value.position == position + 1


@pytest.mark.parametrize(
    ("change", "after"),
    [
        (deleted(1), 0),
        (deleted(3), 0),
        (deleted(3), 1),
        (row("originator_id", BUDI), 0),
        *((change, 0) for change in MISPLACED.values()),
    ],
    ids=[
        "first deleted",
        "middle deleted",
        "middle deleted, read after the first",
        "middle in another stream",
        *MISPLACED,
    ],
)
def test_a_stream_with_a_gap_is_never_read_as_if_it_were_whole(history, change, after):
    with plain(history) as other:
        change(other)

    with EventStore(history, create=False) as store, pytest.raises(CorruptHistoryError):
        store.stream(ANI, after=after)
    if after == 0:
        with EventStore(history, create=False) as store, pytest.raises(CorruptHistoryError):
            store.news({BUDI: 0, ANI: 0})


def test_white_space_that_somebody_put_into_an_event_does_not_reach_a_file(history, tmp_path):
    with plain(history) as other:
        data('{\n  "on": "2018-02-05"\n}')(other)

    with EventStore(history, create=False) as store:
        (tmp_path / "perisai.jsonl").write_bytes(b"".join(history_file.lines(store)))

    assert [r.position for r in history_file.read(tmp_path / "perisai.jsonl")] == [1, 2, 3, 4]
