"""The place of a store in a file is not what it seems."""

import json
import os
import shutil
import sqlite3
import stat
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from eventsourcing.application import Application

import jamsos
from jamsos.errors import InputError, JamsosError, NotFoundError, StoreError
from jamsos.store import history_file, sqlite_layout
from jamsos.store.event_store import EventStore
from jamsos.store.recorder import Identified
from tests.faults import programs
from tests.faults.evidence import told
from tests.faults.guarantees import not_promised, plain_library, promised

ON = date(2018, 2, 6)


def register(registry):
    registry.register(jamsos.new_participant_id(), province="51", on=ON).or_raise()


def new(path, events=1):
    """Make a store of so many events at *path*; return the path."""
    with jamsos.open(path) as registry:
        for _ in range(events):
            register(registry)
    return Path(path)


def events_at(path):
    with EventStore(path, read_only=True) as store:
        return store.last_position()


def contents(folder):
    return {p.name: p.read_bytes() for p in Path(folder).iterdir() if p.is_file()}


# -- One place, whatever leads to it. -------------------------------------------------


@promised(
    "It is resolved once: `chdir` changes nothing, also between threads that open connections of"
    " their own."
)
def test_the_working_directory_may_change_while_a_store_is_open(tmp_path, monkeypatch):
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    ours.mkdir()
    theirs.mkdir()
    new(theirs / "s.db")
    monkeypatch.chdir(ours)
    with jamsos.open("s.db") as registry:
        monkeypatch.chdir(theirs)
        with ThreadPoolExecutor(6) as together:
            for number in range(30):
                together.submit(registry.last_position)
                together.submit(register, registry)
                if number % 10 == 5:
                    os.chdir(tmp_path)

    assert (events_at(ours / "s.db"), events_at(theirs / "s.db")) == (30, 1)
    assert list(contents(theirs)) == ["s.db"]


@promised("A symbolic link is followed once: turned elsewhere, it changes nothing.")
def test_a_symbolic_link_may_be_turned_while_a_store_is_open(tmp_path):
    mine, other, link = new(tmp_path / "mine.db"), new(tmp_path / "other.db"), tmp_path / "link.db"
    link.symlink_to(mine)
    with jamsos.open(link) as registry:
        link.unlink()
        link.symlink_to(other)
        register(registry)

    assert (events_at(mine), events_at(other)) == (2, 1)


def test_a_link_to_what_is_not_there_yet_makes_the_store_where_it_leads(tmp_path):
    (tmp_path / "disk").mkdir()
    (tmp_path / "link.db").symlink_to(tmp_path / "disk" / "real.db")

    new(tmp_path / "link.db")

    assert list(contents(tmp_path / "disk")) == ["real.db"]
    assert events_at(tmp_path / "link.db") == 1


@promised("A file with a second name (a hard link) is refused: each name would have its own log.")
@pytest.mark.parametrize("read_only", [False, True])
def test_a_file_with_two_names_is_refused(tmp_path, read_only):
    path = new(tmp_path / "one.db")
    os.link(path, tmp_path / "two.db")

    for name in ("one.db", "two.db"):
        with pytest.raises(StoreError, match="2 names"):
            jamsos.open(tmp_path / name, read_only=read_only)
    tmp_path.joinpath("two.db").unlink()
    assert events_at(path) == 1


@plain_library("Two names of one file: each has its own log, and one reader sees half of all.")
def test_plainly_two_names_of_one_file_have_a_log_each(theirs, tmp_path):
    path, acks = Path(theirs.file(tmp_path / "one.db")), tmp_path / "acks"
    os.link(path, tmp_path / "two.db")
    with closing(sqlite3.connect(path, isolation_level=None)) as one:
        one.execute("INSERT INTO stored_events VALUES ('a', 1, 'b', x'')")
        theirs.start(
            "write", place=str(tmp_path / "two.db"), acks=str(acks), letters=["w0-0"]
        ).succeed()

        assert list(told(acks).answers) == ["w0-0"]
        with_one = one.execute("SELECT count(*) FROM stored_events").fetchone()
        with closing(sqlite3.connect(tmp_path / "two.db")) as two:
            assert two.execute("SELECT count(*) FROM stored_events").fetchone() != with_one


# -- The file goes away while it is open. ---------------------------------------------


def removed(path, _):
    path.unlink()


def renamed(path, tmp_path):
    path.rename(tmp_path / "elsewhere.db")


def replaced(path, tmp_path):
    new(tmp_path / "other.db").replace(path)


def made_again(path, _):
    path.unlink()
    path.touch()


def a_folder_instead(path, tmp_path):
    path.rename(tmp_path / "elsewhere.db")
    path.mkdir()


GOES = pytest.mark.parametrize(
    "goes", [removed, renamed, replaced, made_again, a_folder_instead], ids=lambda f: f.__name__
)


@promised(
    "Removed, renamed or replaced while it is open: the next command says so, be it a reading or"
    " a writing, and nothing is acknowledged that is not there."
)
@GOES
@pytest.mark.parametrize("forgotten", [False, True], ids=["connected", "not connected"])
def test_a_file_that_goes_away_is_missed_at_the_next_command(tmp_path, goes, forgotten):
    path = new(tmp_path / "office.db")
    with jamsos.open(path, patience=0) as registry:
        register(registry)
        if forgotten:
            for slot in registry._store._recorder._connections._slots:
                slot.drop()
        goes(path, tmp_path)

        for use in (registry.last_position, lambda: register(registry), registry.last_position):
            with pytest.raises(StoreError, match="while it was open"):
                use()


@promised(
    "So does it if another store, or something else, is copied into the file while it is open."
)
@pytest.mark.parametrize("other", ["a store", "a letter"])
def test_another_content_of_the_same_file_is_noticed(tmp_path, other):
    path, theirs = new(tmp_path / "office.db", 2), new(tmp_path / "other.db", 9)
    if other == "a letter":
        theirs.write_text("Dear registry, " * 500, encoding="utf-8")
    with jamsos.open(path, patience=0) as registry:
        assert registry.last_position() == 2
        shutil.copyfile(theirs, path)

        for use in (registry.last_position, lambda: register(registry)):
            with pytest.raises(StoreError, match="replaced by another"):
                use()


@not_promised(
    "An older copy of the same store that is copied into its file while it is open: put a backup"
    " back while nobody has the store open, and without the `-wal` of the other."
)
def test_an_older_copy_of_the_same_store_is_not_noticed(tmp_path):
    path = new(tmp_path / "office.db", 2)
    shutil.copyfile(path, tmp_path / "backup.db")
    new(path, 3)
    with jamsos.open(path, patience=0) as registry:
        assert registry.last_position() == 5
        shutil.copyfile(tmp_path / "backup.db", path)
        assert registry.last_position() in {2, 5}


def test_a_store_that_others_write_into_its_file_stays_the_same(tmp_path):
    path = new(tmp_path / "office.db")
    with jamsos.open(path, patience=0) as registry:
        for number in range(3):
            with closing(sqlite3.connect(path)) as other:
                other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            register(registry)
            assert registry.last_position() == number + 2


def test_a_file_that_is_brought_back_is_used_again(tmp_path):
    path = new(tmp_path / "office.db")
    with jamsos.open(path, patience=0) as registry:
        path.rename(tmp_path / "away.db")
        with pytest.raises(StoreError, match="removed or renamed"):
            register(registry)
        (tmp_path / "away.db").rename(path)

        register(registry)

    assert events_at(path) == 2


def test_a_file_that_goes_away_during_a_transaction_leaves_it_in_doubt(tmp_path):
    path = new(tmp_path / "office.db")
    with EventStore(path) as store:
        connections = store._recorder._connections

        def work(c):
            c.execute("INSERT INTO concerns VALUES ('agent-1', 1)")
            path.rename(tmp_path / "away.db")

        with pytest.raises(jamsos.errors.OutcomeUnknownError, match="its file is gone"):
            connections.write(work)


def test_a_read_only_store_misses_its_file_too(tmp_path):
    path = new(tmp_path / "office.db")
    with EventStore(path, read_only=True) as store:
        assert store.last_position() == 1
        new(tmp_path / "other.db", 3).replace(path)

        with pytest.raises(StoreError, match="replaced by another"):
            store.last_position()


@plain_library("Removed while it is open: `save` returns as if all were well; the event is gone.")
def test_plainly_what_is_saved_into_a_removed_file_is_gone(tmp_path, monkeypatch):
    monkeypatch.setenv("PERSISTENCE_MODULE", "eventsourcing.sqlite")
    monkeypatch.setenv("SQLITE_DBNAME", str(tmp_path / "plain.db"))
    from eventsourcing.domain import Aggregate  # noqa: PLC0415

    app: Application = Application()
    app.save(Aggregate())
    (tmp_path / "plain.db").unlink()

    assert app.save(Aggregate())
    app.close()
    assert not (tmp_path / "plain.db").exists()


# -- What was left beside a name. -----------------------------------------------------


@promised(
    "A `-wal`, `-shm` or `-journal` that a killed writer left beside a name without a database:"
    " no store is made there, and the file is named."
)
@pytest.mark.parametrize("end", ["-wal", "-shm", "-journal"])
def test_no_store_is_made_beside_the_log_of_another(tmp_path, end):
    left = tmp_path / f"office.db{end}"
    left.write_bytes(b"what only the other knows")

    for use in (jamsos.open, EventStore):
        with pytest.raises(StoreError, match=f"office.db{end} was left there"):
            use(tmp_path / "office.db")

    assert contents(tmp_path) == {left.name: b"what only the other knows"}


def test_no_store_is_made_of_an_empty_file_beside_the_log_of_another(ours, tmp_path):
    path = killed_writer(ours, tmp_path)
    path.write_bytes(b"")
    before = contents(tmp_path)

    with pytest.raises(StoreError, match=r"office\.db-wal was left there"):
        jamsos.open(path)

    assert contents(tmp_path) == before


def killed_writer(ours, tmp_path):
    """Give a store whose writer was killed: its newest events stand in the log alone."""
    path = tmp_path / "office.db"
    place = ours.file(path)
    letters = [f"w0-{number}" for number in range(5)]
    acks = tmp_path.parent / f"{tmp_path.name}-acks"
    ours.start("write", place=place, acks=str(acks), letters=letters, unanswered=letters[-1]).wait()
    assert Path(f"{path}-wal").stat().st_size
    return path


def test_what_a_killed_writer_left_beside_its_database_is_read_and_written_on(ours, tmp_path):
    path = killed_writer(ours, tmp_path)
    with EventStore(path, read_only=True) as store:
        read = store.last_position()
    with jamsos.open(path) as registry:
        assert registry.last_position() == read
        register(registry)
    assert events_at(path) == read + 1
    assert programs.recorded(str(path)) >= {f"w0-{number}" for number in range(5)}


# -- Identity and layout. --------------------------------------------------------------


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


@promised("A store of before it had a layout is upgraded when it is opened to be written.")
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


def test_a_table_of_somebody_elses_beside_ours_does_no_harm(tmp_path):
    path = new(tmp_path / "office.db")
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("CREATE TABLE notes (text)")

    assert events_at(path) == 1
    new(path)
    assert events_at(path) == 2


# -- Names and rights. -------------------------------------------------------------------


NAMES = {
    "a NUL": ("off\0ice.db", InputError, "NUL"),
    "a home": ("~/office.db", InputError, "whole path in place of ~"),
    "a home of somebody": ("~ani/office.db", InputError, "whole path in place of ~ani"),
    "no folder": ("nowhere/office.db", StoreError, "there is no folder"),
    "a file for a folder": ("letter.txt/office.db", StoreError, "there is no folder"),
    "a folder": ("folder", StoreError, "is a folder"),
    "256 bytes": ("x" * 253 + ".db", InputError, "too long by 9 bytes"),
    "248 bytes": ("x" * 248, InputError, "too long by 1 bytes"),
}


@promised("A name that cannot be one, a folder, a missing folder: one sentence that says so.")
@pytest.mark.parametrize(("name", "error", "said"), NAMES.values(), ids=NAMES)
def test_a_name_that_cannot_be_one_is_one_sentence(tmp_path, monkeypatch, name, error, said):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "letter.txt").write_text("hello", encoding="utf-8")
    (tmp_path / "folder").mkdir()
    for use in (jamsos.open, EventStore, lambda n: jamsos.open(n, read_only=True)):
        with pytest.raises(JamsosError) as raised:
            use(name)
        if not isinstance(raised.value, NotFoundError):
            assert isinstance(raised.value, error)
            assert said in str(raised.value)
        assert "\n" not in str(raised.value)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["folder", "letter.txt"]


@pytest.mark.parametrize("name", ["x" * 247, "a?mode=memory", "50%41.db", "né #1.db", "~.db"])
def test_any_name_that_a_file_can_have_is_the_name_of_a_store(tmp_path, name, monkeypatch):
    monkeypatch.chdir(tmp_path)
    new(name)

    assert list(contents(tmp_path)) == [name]
    assert events_at(name) == 1


@promised("New files are their owner's alone, whatever the umask; the mode of others stays.")
@pytest.mark.parametrize("umask", [0o000, 0o022, 0o277])
def test_new_files_are_their_owners_alone(tmp_path, umask):
    before = os.umask(umask)
    try:
        with jamsos.open(tmp_path / "office.db") as registry:
            register(registry)
            modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in tmp_path.iterdir()}
    finally:
        os.umask(before)

    assert modes == dict.fromkeys(("office.db", "office.db-wal", "office.db-shm"), 0o600)


def test_the_mode_of_a_file_that_is_there_stays(tmp_path):
    path = new(tmp_path / "office.db")
    path.chmod(0o640)
    new(path)

    assert stat.S_IMODE(path.stat().st_mode) == 0o640


# -- A file that this process closes would let go its locks. ----------------------------


def test_to_look_at_a_store_lets_go_no_lock_of_it(tmp_path, ours):
    """POSIX: who closes a file lets go every lock that the process holds on it."""
    path = new(tmp_path / "office.db")
    with jamsos.open(path) as registry:
        register(registry)
        for _ in range(3):
            with EventStore(path):
                pass
            with EventStore(path, read_only=True) as store:
                store.last_position()
            assert history_file.is_store(path)
            assert len(list(history_file.read(path))) == 2
        # Another process that opens and closes it must not take itself for the last one.
        ours.start("open_new", place=str(path), acks=str(tmp_path / "acks"), go=str(path)).succeed()

        assert Path(f"{path}-wal").exists()
        register(registry)
    assert json.loads((tmp_path / "acks").read_text().strip())["answer"]
