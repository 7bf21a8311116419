"""A store in a file: its names, its links and its mode; what is read and written beside it."""

import sqlite3
import stat
from contextlib import closing

import pytest

import jamsos
from jamsos.errors import StoreError
from jamsos.store.event_store import EventStore
from tests.faults.files import contents, events_at, left_by_a_killed_writer, new, register


def test_a_link_to_what_is_not_there_yet_makes_the_store_where_it_leads(tmp_path):
    (tmp_path / "disk").mkdir()
    (tmp_path / "link.db").symlink_to(tmp_path / "disk" / "real.db")

    new(tmp_path / "link.db")

    assert list(contents(tmp_path / "disk")) == ["real.db"]
    assert events_at(tmp_path / "link.db") == 1


def test_a_file_that_is_brought_back_is_used_again(tmp_path):
    path = new(tmp_path / "office.db")
    with jamsos.open(path, patience=0) as registry:
        path.rename(tmp_path / "away.db")
        with pytest.raises(StoreError, match="removed or renamed"):
            register(registry)
        (tmp_path / "away.db").rename(path)

        register(registry)

    assert events_at(path) == 2


def test_a_read_only_store_misses_its_file_too(tmp_path):
    path = new(tmp_path / "office.db")
    with EventStore(path, read_only=True) as store:
        assert store.last_position() == 1
        new(tmp_path / "other.db", 3).replace(path)

        with pytest.raises(StoreError, match="replaced by another"):
            store.last_position()


def test_a_table_of_somebody_elses_beside_ours_does_no_harm(tmp_path):
    path = new(tmp_path / "office.db")
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("CREATE TABLE notes (text)")

    assert events_at(path) == 1
    new(path)
    assert events_at(path) == 2


@pytest.mark.parametrize("name", ["x" * 247, "a?mode=memory", "50%41.db", "né #1.db", "~.db"])
def test_any_name_that_a_file_can_have_is_the_name_of_a_store(tmp_path, name, monkeypatch):
    monkeypatch.chdir(tmp_path)
    new(name)

    assert list(contents(tmp_path)) == [name]
    assert events_at(name) == 1


def test_the_mode_of_a_file_that_is_there_stays(tmp_path):
    path = new(tmp_path / "office.db")
    path.chmod(0o640)
    new(path)

    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_store_that_others_write_into_its_file_stays_the_same(tmp_path):
    path = new(tmp_path / "office.db")
    with jamsos.open(path, patience=0) as registry:
        for number in range(3):
            with closing(sqlite3.connect(path)) as other:
                other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            register(registry)
            assert registry.last_position() == number + 2


@pytest.mark.parametrize("killed", [False, True])
def test_one_process_may_read_alone_and_write_in_either_order(tmp_path, killed):
    path = tmp_path / "office.db"
    last = 2 if killed else 1
    if killed:
        left_by_a_killed_writer(path, last)
    else:
        new(path, last)
    with EventStore(path, read_only=True) as reader:
        assert reader.last_position() == last
        with jamsos.open(path) as registry:
            register(registry)
            assert reader.last_position() == last + 1
            with EventStore(path, read_only=True) as another:
                for number in range(last + 2, last + 6):
                    register(registry)
                    assert another.last_position() == reader.last_position() == number
        assert reader.last_position() == last + 5
