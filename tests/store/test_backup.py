"""A backup is the same history, made while the store is open and written to."""

import os
import shutil
import sqlite3
import stat
import subprocess
import threading
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict

import jamsos
from jamsos.audit.replay import replay
from jamsos.domain.decision import Accepted, Refused
from jamsos.errors import ConflictError, InputError, NotFoundError, StoreError, UnavailableError
from jamsos.store import backup as backing_up
from jamsos.store import history_file
from jamsos.store.backup import backup
from jamsos.store.event_store import migrate
from jamsos.store.new_store import made_aside
from tests import postgres as servers

GOLDEN = Path(__file__).parents[1] / "golden" / "v1.jsonl"
DAY = date(2017, 11, 20)
LATER = date(2017, 12, 1)


def begin(registry):
    """Leave one seat, give it away under an id, and refuse another under a second one."""
    registry.once("adopt").adopt("perisai", on=DAY).or_raise()
    registry.once("allot").allot("perisai", 1, on=DAY).or_raise()
    taken, late = jamsos.new_agent_id(), jamsos.new_agent_id()
    registry.once("first").recruit(taken, "perisai", province="51", on=LATER).or_raise()
    refused = registry.once("second").recruit(late, "perisai", province="51", on=LATER)
    assert isinstance(refused, Refused)
    return taken, late, refused


def check_answers(place, taken, late, refused):
    """Hold the store at *place* to the answers that were given; nothing is decided anew."""
    with jamsos.open(place) as registry:
        held = registry.last_position()
        again = registry.once("first").recruit(taken, "perisai", province="51", on=LATER)
        assert isinstance(again, Accepted)
        assert again.events
        said = registry.once("second").recruit(late, "perisai", province="51", on=LATER)
        assert said.reasons == refused.reasons
        with pytest.raises(InputError, match="another"):
            registry.once("second").recruit(late, "perisai", province="31", on=LATER)
        assert registry.last_position() == held
        done = replay(registry.history())
    assert not done.findings


def events(store):
    return list(history_file.read(store))


# -- What a backup is. ------------------------------------------------------------


def test_a_backup_answers_command_ids_as_before_refusals_included(tmp_path):
    with jamsos.open(tmp_path / "office.db") as registry:
        before = begin(registry)
        number = backup(tmp_path / "office.db", tmp_path / "copy.db")
        registry.allot("perisai", 1, on=LATER).or_raise()

    assert number == len(events(tmp_path / "copy.db"))
    assert events(tmp_path / "copy.db") == events(tmp_path / "office.db")[:number]
    check_answers(tmp_path / "copy.db", *before)


def test_live_counts_are_part_of_a_backup(tmp_path):
    with jamsos.open(tmp_path / "office.db") as registry:
        begin(registry)
        registry.catch_up()
        backup(tmp_path / "office.db", tmp_path / "copy.db")

    def marks(path):
        with closing(sqlite3.connect(path)) as database:
            return database.execute("SELECT * FROM tallies ORDER BY 1").fetchall()

    assert marks(tmp_path / "copy.db") == marks(tmp_path / "office.db") != []


def test_a_backup_while_writers_are_at_work_is_the_history_as_it_was_at_one_moment(tmp_path):
    office = tmp_path / "office.db"
    with jamsos.open(office) as registry:
        before = begin(registry)
        ended, answered = threading.Event(), []

        def write(name):
            while not ended.is_set():
                who = jamsos.new_participant_id()
                asked = f"{name}-{len(answered)}"
                registry.once(asked).register(who, province="51", on=LATER).or_raise()
                answered.append((asked, who))

        writers = [threading.Thread(target=write, args=(f"writer-{n}",)) for n in range(3)]
        for writer in writers:
            writer.start()
        while len(answered) < 5:
            pass
        known = answered[:]
        numbers = [backup(office, tmp_path / f"copy-{n}.db") for n in range(5)]
        ended.set()
        for writer in writers:
            writer.join()

    whole = events(office)
    assert numbers == sorted(numbers)
    for n, number in enumerate(numbers):
        assert events(tmp_path / f"copy-{n}.db") == whole[:number]
    check_answers(tmp_path / "copy-0.db", *before)
    with jamsos.open(tmp_path / "copy-0.db") as registry:
        for asked, who in known:  # what was acknowledged before the backup began is in it
            assert registry.once(asked).register(who, province="51", on=LATER).events
        assert registry.last_position() == numbers[0]
    assert {p.name for p in tmp_path.iterdir()} == {
        "office.db",
        *(f"copy-{n}.db" for n in range(5)),
    }


def test_a_backup_holds_what_a_killed_writer_has_left_in_the_log(tmp_path):
    with jamsos.open(tmp_path / "office.db") as registry:
        begin(registry)
        for path in [*tmp_path.iterdir()]:  # as a machine finds them that was switched off
            shutil.copy(path, tmp_path / path.name.replace("office", "found"))
        number = registry.last_position()

    assert (tmp_path / "found.db-wal").stat().st_size > 0
    assert backup(tmp_path / "found.db", tmp_path / "copy.db") == number


def test_a_backup_is_its_owners_alone_and_nothing_stands_beside_it(tmp_path):
    history_file.load(GOLDEN, tmp_path / "office.db")
    umask = os.umask(0o022)
    try:
        backup(tmp_path / "office.db", tmp_path / "copy.db")
    finally:
        os.umask(umask)

    assert stat.S_IMODE((tmp_path / "copy.db").stat().st_mode) == 0o600
    assert {path.name for path in tmp_path.iterdir()} == {"office.db", "copy.db"}


def test_a_backup_of_a_backup_is_the_same_bytes_of_history(tmp_path):
    history_file.load(GOLDEN, tmp_path / "office.db")
    backup(tmp_path / "office.db", tmp_path / "one.db")
    backup(tmp_path / "one.db", tmp_path / "two.db")

    assert events(tmp_path / "two.db") == events(GOLDEN)


# -- What is refused. -------------------------------------------------------------


@pytest.mark.parametrize("new", ["office.db", "there.db", "link.db", "."])
def test_a_backup_takes_the_place_of_nothing(tmp_path, new):
    history_file.load(GOLDEN, tmp_path / "office.db")
    (tmp_path / "there.db").write_text("mine")
    (tmp_path / "link.db").symlink_to("nowhere.db")
    before = {path.name for path in tmp_path.iterdir()}

    with pytest.raises(InputError, match="exists already"):
        backup(tmp_path / "office.db", tmp_path / new)

    assert {path.name for path in tmp_path.iterdir()} == before
    assert (tmp_path / "there.db").read_text() == "mine"
    assert events(tmp_path / "office.db") == events(GOLDEN)


def test_a_name_that_is_taken_while_a_backup_runs_stays_taken(tmp_path, monkeypatch):
    history_file.load(GOLDEN, tmp_path / "office.db")
    copy = backing_up._copy

    def slow(*asked):
        copy(*asked)
        jamsos.open(tmp_path / "copy.db").close()  # by somebody else, meanwhile

    monkeypatch.setattr(backing_up, "_copy", slow)

    with pytest.raises(ConflictError, match=r"copy\.db"):
        backup(tmp_path / "office.db", tmp_path / "copy.db")

    assert {path.name for path in tmp_path.iterdir()} == {"office.db", "copy.db"}
    assert events(tmp_path / "copy.db") == []


def test_the_log_of_another_store_beside_the_name_is_named(tmp_path):
    history_file.load(GOLDEN, tmp_path / "office.db")
    (tmp_path / "copy.db-wal").write_bytes(b"acknowledged")

    with pytest.raises(InputError, match=r"copy\.db-wal"):
        backup(tmp_path / "office.db", tmp_path / "copy.db")


def test_a_history_file_is_copied_otherwise(tmp_path):
    with pytest.raises(InputError, match="copy it as any other file"):
        backup(GOLDEN, tmp_path / "copy.db")

    assert [*tmp_path.iterdir()] == []


def test_a_server_is_backed_up_by_its_own_tools_and_no_password_is_told(tmp_path):
    with pytest.raises(InputError) as told:
        backup("postgresql://u:geheim@127.0.0.1:1/office?sslmode=require", tmp_path / "copy.db")

    assert "pg_dump" in str(told.value)
    assert "postgresql://u@127.0.0.1:1/office" in str(told.value)
    assert "geheim" not in str(told.value)


def test_a_backup_is_a_file(tmp_path):
    history_file.load(GOLDEN, tmp_path / "office.db")

    with pytest.raises(InputError, match="a backup is a file") as told:
        backup(tmp_path / "office.db", "postgresql://u:geheim@127.0.0.1:1/office")

    assert "geheim" not in str(told.value)


@pytest.mark.parametrize("place", ["nowhere.db", "folder/copy.db"])
def test_what_is_not_there_is_told(tmp_path, place):
    if place == "nowhere.db":
        with pytest.raises(NotFoundError):
            backup(tmp_path / place, tmp_path / "copy.db")
        assert [*tmp_path.iterdir()] == []
        return
    history_file.load(GOLDEN, tmp_path / "office.db")
    with pytest.raises(StoreError, match="cannot be written"):
        backup(tmp_path / "office.db", tmp_path / place)


def test_a_database_of_others_is_no_store(tmp_path):
    with closing(sqlite3.connect(tmp_path / "letters.db")) as database:
        database.execute("CREATE TABLE letters (text)")
        database.commit()

    with pytest.raises(StoreError, match="is not a jamsos store"):
        backup(tmp_path / "letters.db", tmp_path / "copy.db")

    assert [path.name for path in tmp_path.iterdir()] == ["letters.db"]


def test_a_damaged_store_is_not_backed_up(tmp_path):
    office = tmp_path / "office.db"
    history_file.load(GOLDEN, office)
    with closing(sqlite3.connect(office)) as database:
        [(size,)] = database.execute("PRAGMA page_size")
        [(root,)] = database.execute(
            "SELECT rootpage FROM sqlite_master WHERE name LIKE 'sqlite_autoindex_stored_events%'"
        )
    content = bytearray(office.read_bytes())
    content[(root - 1) * size + 8 : root * size] = bytes(size - 8)
    office.write_bytes(content)

    with pytest.raises(StoreError, match=r"office\.db"):
        backup(office, tmp_path / "copy.db")

    assert [path.name for path in tmp_path.iterdir()] == ["office.db"]


def test_a_store_that_somebody_locks_is_waited_for_and_then_told(tmp_path, monkeypatch):
    office = tmp_path / "office.db"
    history_file.load(GOLDEN, office)
    monkeypatch.setattr(backing_up, "_PATIENCE", 0.2)
    with closing(sqlite3.connect(office, isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode = DELETE")
        other.execute("BEGIN EXCLUSIVE")
        with (
            pytest.raises(UnavailableError, match="locked"),
            made_aside(tmp_path / "copy.db", "backup") as made,
        ):
            backing_up._copy(office, made, office)
        other.execute("ROLLBACK")

    assert [path.name for path in tmp_path.iterdir()] == ["office.db"]


# -- A server, by its own tools. --------------------------------------------------


def test_what_pg_dump_has_written_answers_command_ids_as_before(postgres):
    tools = servers.binaries()
    if not all((tools / name).is_file() for name in ("pg_dump", "psql")):
        pytest.skip("pg_dump and psql are not installed")
    source, restored = postgres.new_database(), postgres.new_database()
    migrate(source)
    with jamsos.open(source) as registry:
        before = begin(registry)
        dumped = subprocess.run([tools / "pg_dump", source], check=True, capture_output=True).stdout
    subprocess.run(
        [tools / "psql", "--quiet", "-v", "ON_ERROR_STOP=1", restored],
        check=True,
        input=dumped,
        stdout=subprocess.DEVNULL,
    )

    assert conninfo_to_dict(source)["dbname"] != conninfo_to_dict(restored)["dbname"]
    assert events(restored) == events(source)
    check_answers(restored, *before)
