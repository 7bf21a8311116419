"""A store is reached by another way: another folder, a link, a second name, a name that is none."""

import json
import os
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier

import psycopg
import pytest

import jamsos
from jamsos.errors import InputError, JamsosError, NotFoundError, StoreError
from jamsos.store import history_file
from jamsos.store.event_store import EventStore
from tests.faults import evidence, plain
from tests.faults.files import contents, events_at, new, register
from tests.faults.guarantees import plain_library, promised


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


@promised(
    "Opened once more, or looked at, it lets go no lock of those who have it open, as POSIX does"
    " when a process closes a file."
)
def test_to_look_at_a_store_lets_go_no_lock_of_it(tmp_path, ours):
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


@plain_library("Two names of one file: each has its own log, and one reader sees half of all.")
def test_plainly_two_names_of_one_file_have_a_log_each(theirs, tmp_path):
    path, acks = Path(theirs.file(tmp_path / "one.db")), tmp_path / "acks"
    os.link(path, tmp_path / "two.db")
    with closing(sqlite3.connect(path, isolation_level=None)) as one:
        one.execute("INSERT INTO stored_events VALUES ('a', 1, 'b', x'')")
        theirs.start(
            "write", place=str(tmp_path / "two.db"), acks=str(acks), letters=["w0-0"]
        ).succeed()

        assert list(evidence.told(acks).answers) == ["w0-0"]
        with_one = one.execute("SELECT count(*) FROM stored_events").fetchone()
        with closing(sqlite3.connect(tmp_path / "two.db")) as two:
            assert two.execute("SELECT count(*) FROM stored_events").fetchone() != with_one


@plain_library(
    "A connection that is opened after `chdir` leads to the file of that name in the new folder:"
    " the events of one application stand in two databases, and every `save` returned."
)
def test_plainly_a_change_of_folder_leads_to_another_database(tmp_path, monkeypatch):
    for folder in ("ours", "theirs"):
        (tmp_path / folder).mkdir()
        plain.application(str(tmp_path / folder / "s.db")).close()
    monkeypatch.chdir(tmp_path / "ours")
    app = plain.application("s.db")
    monkeypatch.chdir(tmp_path / "theirs")
    together = Barrier(2)

    def read():
        with app.factory.datastore.get_connection(commit=False):
            together.wait(30)

    with ThreadPoolExecutor(2) as two:  # who read at once, each on a connection
        for _ in range(2):
            two.submit(read)
    for _ in range(6):
        assert app.save(plain.recruited())
    app.close()

    found = [events(tmp_path / folder / "s.db") for folder in ("ours", "theirs")]
    assert sum(found) == 6
    assert all(found)


def events(path):
    [(number,)] = evidence.ask(str(path), "SELECT count(*) FROM stored_events")
    return number


@plain_library(
    "PostgreSQL: whatever schema `PGOPTIONS` or the role says, the tables are made in `public`,"
    " unless `POSTGRES_SCHEMA` says another."
)
def test_plainly_the_schema_of_the_callers_settings_is_passed_over(postgres, monkeypatch):
    url = postgres.new_database()
    with psycopg.connect(url) as connection:
        connection.execute("CREATE SCHEMA office_b")
    monkeypatch.setenv("PGOPTIONS", "-c search_path=office_b")

    plain.application(url).close()

    where = "SELECT schemaname FROM pg_tables WHERE tablename = 'scheme_events'"
    assert evidence.ask(url, where) == [("public",)]
