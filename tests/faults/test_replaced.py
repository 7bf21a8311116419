"""The file or the tables of a store are removed, renamed or replaced while it is open."""

import shutil

import psycopg
import pytest

import jamsos
from jamsos.errors import StoreError
from jamsos.store.event_store import EventStore
from tests.faults import evidence, plain
from tests.faults.files import new, register
from tests.faults.guarantees import not_promised, plain_library, promised


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


@promised("Gone in the middle of a transaction: an `OutcomeUnknownError`.")
def test_a_file_that_goes_away_during_a_transaction_leaves_it_in_doubt(tmp_path):
    path = new(tmp_path / "office.db")
    with EventStore(path) as store:
        connections = store._recorder._connections

        def work(c):
            c.execute("INSERT INTO concerns VALUES ('agent-1', 1)")
            path.rename(tmp_path / "away.db")

        with pytest.raises(jamsos.errors.OutcomeUnknownError, match="its file is gone"):
            connections.write(work)


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


@plain_library("Removed while it is open: `save` returns as if all were well; the event is gone.")
def test_plainly_what_is_saved_into_a_removed_file_is_gone(tmp_path):
    path = tmp_path / "plain.db"
    app = plain.application(str(path))
    app.save(plain.recruited())
    path.unlink()

    assert app.save(plain.recruited())
    app.close()
    assert not path.exists()


@plain_library(
    "PostgreSQL: the tables that were put in the place of its own are written on, as if they were"
    " those."
)
def test_plainly_tables_in_the_place_of_its_own_are_written_on(theirs):
    place = theirs.database()
    app = plain.application(place)
    with psycopg.connect(place) as connection:
        connection.execute("ALTER TABLE scheme_events RENAME TO of_before")
        connection.execute("CREATE TABLE scheme_events (LIKE of_before INCLUDING ALL)")

    assert app.save(plain.recruited())
    app.close()

    assert evidence.ask(place, "SELECT count(*) FROM scheme_events") == [(1,)]
