"""A database is of another version of jamsos, or of another program."""

import shutil
import sqlite3
from contextlib import closing

import pytest
from eventsourcing.persistence import PersistenceError

from jamsos.errors import StoreError
from jamsos.store import sqlite_layout
from jamsos.store.event_store import EventStore
from jamsos.store.recorder import Identified
from tests.faults import plain
from tests.faults.files import contents, events_at, new
from tests.faults.guarantees import plain_library, promised


@promised("Each store has an identity of its own, and keeps it wherever it is copied or moved.")
def test_each_store_has_an_identity_of_its_own(tmp_path):
    one, other = new(tmp_path / "one.db"), new(tmp_path / "other.db")
    shutil.copyfile(one, tmp_path / "copy.db")
    found = {}
    for path in (one, other, tmp_path / "copy.db"):
        for read_only in (False, True):
            with EventStore(path, read_only=read_only) as store:
                assert isinstance(store._recorder, Identified)
                assert store._recorder.layout == sqlite_layout.LAYOUT
                found.setdefault(path.name, set()).add(store.identity)
    assert found["one.db"] == found["copy.db"] != found["other.db"]
    assert all(len(identities) == 1 for identities in found.values())
    with EventStore(":memory:") as one, EventStore(":memory:") as other:
        assert one.identity != other.identity


def made_old(path, *, without=()):
    """Make the store at *path* as it was before it had an identity."""
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        for table in ("jamsos_store", *without):
            database.execute(f"DROP TABLE {table}")
        database.execute("PRAGMA application_id = 0")
        database.execute("PRAGMA user_version = 0")
    return path


OLD = pytest.mark.parametrize(
    "without", [(), ("concerns",), ("concerns", "tallies", "tally_cells")], ids=str
)


@promised("A store of before there was a layout is upgraded when it is opened to be written.")
@OLD
def test_an_old_store_is_upgraded_when_it_is_opened_to_be_written(tmp_path, without):
    path = made_old(new(tmp_path / "office.db", 3), without=without)

    with EventStore(path) as store:
        identity = store.identity
        assert store.last_position() == 3
        assert store.tallies.marks() == []
        assert store.concerning({"agent-1": 0}) == []
    with EventStore(path, create=False) as store:
        assert store.identity == identity
        assert store._recorder.layout == sqlite_layout.LAYOUT


@promised("Opened to be read it is read as it is.")
@OLD
def test_an_old_store_that_is_only_read_stays_as_it_is(tmp_path, without):
    path = made_old(new(tmp_path / "office.db", 3), without=without)
    before = contents(tmp_path)

    with EventStore(path, read_only=True) as store:
        assert len(list(store.history())) == store.last_position() == 3
        assert store.identity is None
        assert store._recorder.layout == 0
        assert store.answers(["c-1"]) == {}
        assert store.concerning({"agent-1": 0}) == []
        assert store.tallies.marks() == []
    assert contents(tmp_path) == before


@promised(
    "A layout that is newer than this jamsos is refused, with both versions and what to do; and"
    " nothing in it is touched."
)
@pytest.mark.parametrize("read_only", [False, True])
@pytest.mark.parametrize("version", [sqlite_layout.LAYOUT + 1, 99])
def test_a_newer_layout_is_refused_and_left_as_it_is(tmp_path, read_only, version):
    path = new(tmp_path / "office.db")
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute(f"PRAGMA user_version = {version}")
        database.execute("ALTER TABLE commands ADD COLUMN of_the_future")
    before = contents(tmp_path)

    with pytest.raises(StoreError, match=f"layout {version}.* up to 1: upgrade jamsos"):
        EventStore(path, read_only=read_only)

    assert contents(tmp_path) == before


THEIRS = {
    "another program's mark": "PRAGMA application_id = 252006673",
    "its own version": "PRAGMA user_version = 7; CREATE TABLE stored_events (a); ",
    "other tables": "CREATE TABLE invoices (number INTEGER)",
    "a table commands of its own": "CREATE TABLE commands (name, does)",
    "our tables with other columns": (
        "CREATE TABLE stored_events (id, body); CREATE TABLE commands (name, does)"
    ),
    "one column more": (
        "CREATE TABLE stored_events (originator_id, originator_version, topic, state, more);"
        " CREATE TABLE commands (command, request, position, events, answer)"
    ),
    "a view of that name": (
        "CREATE VIEW stored_events AS SELECT 1 AS a; CREATE VIEW commands AS SELECT 1 AS b"
    ),
    "the plain library": (
        "CREATE TABLE stored_events (originator_id TEXT, originator_version INTEGER, topic TEXT,"
        " state BLOB, PRIMARY KEY (originator_id, originator_version))"
    ),
}


@promised("The database of another program is refused, and left byte for byte as it is.")
@pytest.mark.parametrize("how", ["write", "no create", "read"])
@pytest.mark.parametrize("journal", ["delete", "wal"])
@pytest.mark.parametrize("theirs", THEIRS.values(), ids=THEIRS)
def test_a_foreign_database_is_refused_and_left_as_it_is(tmp_path, theirs, journal, how):
    path = tmp_path / "theirs.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute(f"PRAGMA journal_mode = {journal}")
        database.executescript(theirs)
    before = contents(tmp_path)

    with pytest.raises(StoreError, match="is not a jamsos store"):
        EventStore(path, create=how == "write", read_only=how == "read")

    assert contents(tmp_path) == before


@plain_library(
    "Has no version and no identity. A table of its name with other columns is found at the first"
    " `save`; one with the same columns, as jamsos has them, is written into."
)
def test_plainly_a_table_of_its_name_is_taken_for_its_own(tmp_path):
    path = tmp_path / "theirs.db"
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE stored_events (id, body)")
    app = plain.application(str(path))
    with pytest.raises(PersistenceError, match="2 columns but 4 values"):
        app.save(plain.recruited())
    app.close()

    office = new(tmp_path / "office.db")
    app = plain.application(str(office))
    assert app.save(plain.recruited())
    app.close()
    assert events_at(office) == 2
