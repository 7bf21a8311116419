"""A store is made aside, and gets its name when it is whole: nothing is ever written over."""

import os
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
from contextlib import closing
from datetime import date
from pathlib import Path
from time import monotonic, sleep

import pytest

import jamsos
from jamsos.errors import ConflictError, CorruptHistoryError, InputError, StoreError
from jamsos.store import history_file, new_store
from jamsos.store.event_store import EventStore, migrate
from tests.signals import heeded

GOLDEN = Path(__file__).parents[1] / "golden" / "v1.jsonl"
TEXT = GOLDEN.read_bytes()
LENGTH = len(TEXT.splitlines())
IMPORT = """
import sys
from jamsos.cli import main
raise SystemExit(main(["import", sys.argv[1], "--store", sys.argv[2]]))
"""


def length(store):
    return sum(1 for _ in history_file.read(store))


def wait_until(something):
    end = monotonic() + 30
    while not something():
        assert monotonic() < end
        sleep(0.01)


class Slow:
    """An import whose history comes through a pipe: it is under way until that is told on."""

    def __init__(self, folder, new, text=TEXT):
        self.pipe, self.new, self.text = folder / f"pipe-{id(self)}", new, text
        self.outcome = None
        os.mkfifo(self.pipe)
        self._thread = threading.Thread(target=self._load)
        self._thread.start()
        self._end = self.pipe.open("wb", buffering=0)
        self._end.write(self.text[:5_000])
        wait_until(lambda: any(".importing-" in p.name for p in new.parent.iterdir()))

    def _load(self):
        try:
            self.outcome = history_file.load(self.pipe, self.new)
        except Exception as error:  # noqa: BLE001 - it is what is looked at
            self.outcome = error

    def finish(self):
        self._end.write(self.text[5_000:])
        self._end.close()
        self._thread.join()
        self.pipe.unlink()
        return self.outcome


# -- Two at once. -----------------------------------------------------------------


def test_of_two_imports_to_one_name_one_wins_and_the_other_is_told(tmp_path):
    new = tmp_path / "new.db"
    slow = Slow(tmp_path, new)
    fast = history_file.load(GOLDEN, new)
    told = slow.finish()

    assert fast == length(new) == LENGTH
    assert isinstance(told, ConflictError)
    assert str(new) in str(told)
    assert [*tmp_path.iterdir()] == [new]


def test_a_faulty_import_beside_a_good_one_takes_nothing_from_it(tmp_path):
    new = tmp_path / "new.db"
    faulty = Slow(tmp_path, new, TEXT[:-30])
    good = Slow(tmp_path, new)

    assert isinstance(faulty.finish(), CorruptHistoryError)
    assert good.finish() == length(new) == LENGTH
    assert [*tmp_path.iterdir()] == [new]


def test_a_store_that_is_made_while_an_import_runs_stays_and_keeps_what_it_recorded(tmp_path):
    new = tmp_path / "new.db"
    slow = Slow(tmp_path, new)
    with jamsos.open(new) as registry:
        registry.adopt("perisai", on=date(2017, 11, 20)).or_raise()
        held = registry.last_position()
        told = slow.finish()
        registry.allot("perisai", 9, on=date(2017, 11, 20)).or_raise()

    assert isinstance(told, ConflictError)
    assert length(new) == held + 1
    assert [*tmp_path.iterdir()] == [new]


@pytest.mark.parametrize("beside", ["-wal", "-shm", "-journal"])
def test_what_sqlite_leaves_beside_a_name_while_an_import_runs_is_no_part_of_it(tmp_path, beside):
    new = tmp_path / "new.db"
    slow = Slow(tmp_path, new)
    (tmp_path / f"new.db{beside}").write_bytes(b"x")
    told = slow.finish()

    assert isinstance(told, ConflictError)
    assert f"new.db{beside}" in str(told)
    assert [path.name for path in tmp_path.iterdir()] == [f"new.db{beside}"]


@pytest.mark.parametrize("renames", [True, False], ids=["in one step", "by a link"])
def test_a_name_that_is_taken_at_the_last_moment_stays_taken(tmp_path, monkeypatch, renames):
    if not renames:  # as on a system that has no such call
        monkeypatch.setattr(new_store, "_renamed", lambda _path, _target: False)
    (tmp_path / "one").write_text("one")
    (tmp_path / "two").write_text("two")

    assert new_store._moved(tmp_path / "one", tmp_path / "three")
    assert not new_store._moved(tmp_path / "two", tmp_path / "three")
    assert (tmp_path / "three").read_text() == "one"
    assert {path.name for path in tmp_path.iterdir()} == {"two", "three"}


def test_a_file_system_with_no_way_to_replace_nothing_is_told_to_be_so(tmp_path, monkeypatch):
    def link(*_):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(new_store, "_renamed", lambda _path, _target: False)
    monkeypatch.setattr(os, "link", link)

    with pytest.raises(StoreError, match="make the store elsewhere"):
        history_file.load(GOLDEN, tmp_path / "new.db")

    assert [*tmp_path.iterdir()] == []


# -- What stands there. -----------------------------------------------------------


@pytest.mark.parametrize("beside", ["-wal", "-shm", "-journal"])
def test_what_a_killed_writer_has_left_beside_the_name_is_named_and_left(tmp_path, beside):
    left = tmp_path / f"office.db{beside}"
    left.write_bytes(b"acknowledged")

    with pytest.raises(InputError, match=left.name):
        history_file.load(GOLDEN, tmp_path / "office.db")

    assert [*tmp_path.iterdir()] == [left]
    assert left.read_bytes() == b"acknowledged"


def test_the_log_of_a_killed_writer_is_never_read_as_part_of_an_import(tmp_path):
    office = tmp_path / "office.db"
    program = """
import os, sys
from datetime import date
import jamsos
registry = jamsos.open(sys.argv[1])
registry.adopt("perisai", on=date(2017, 11, 20)).or_raise()
os.kill(os.getpid(), 9)
"""
    subprocess.run([sys.executable, "-c", program, office], check=False)
    office.unlink()

    with pytest.raises(InputError, match=r"office\.db-"):
        history_file.load(GOLDEN, office)

    assert not office.exists()


@pytest.mark.parametrize("to", ["nowhere.db", "there.db"])
def test_a_link_is_not_followed_and_stays(tmp_path, to):
    (tmp_path / "there.db").write_text("mine")
    (tmp_path / "new.db").symlink_to(tmp_path / to)

    with pytest.raises(InputError, match="exists already"):
        history_file.load(GOLDEN, tmp_path / "new.db")

    assert (tmp_path / "new.db").is_symlink()
    assert (tmp_path / "there.db").read_text() == "mine"


@pytest.mark.parametrize("name", ["new.db.partial", "new.db.importing", "new.db.tmp"])
def test_a_file_of_ones_own_beside_the_name_is_left_alone(tmp_path, name):
    (tmp_path / name).write_text("mine")
    history_file.load(GOLDEN, tmp_path / "new.db")

    assert (tmp_path / name).read_text() == "mine"
    assert {path.name for path in tmp_path.iterdir()} == {"new.db", name}


@pytest.mark.parametrize("place", [":memory:", "-", ""])
def test_a_name_that_keeps_nothing_is_refused(tmp_path, monkeypatch, place):
    monkeypatch.chdir(tmp_path)

    with pytest.raises(InputError, match=r"name of a (new )?store"):
        history_file.load(GOLDEN, place)

    assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize("name", ["x" * 247, "é" * 123, "a name with\nlines"])
def test_a_name_may_be_as_long_and_as_odd_as_any(tmp_path, name):
    assert history_file.load(GOLDEN, tmp_path / name) == length(tmp_path / name)


@pytest.mark.parametrize("name", ["x" * 248, "é" * 124])
def test_a_name_that_is_too_long_for_the_files_beside_it_is_refused(tmp_path, name):
    with pytest.raises(InputError, match="too long by 1 bytes"):
        history_file.load(GOLDEN, tmp_path / name)

    assert [*tmp_path.iterdir()] == []


# -- Whose it is, and what is left. -----------------------------------------------


def test_an_import_is_its_owners_alone_from_the_first_moment_on(tmp_path):
    umask = os.umask(0o022)
    try:
        slow = Slow(tmp_path, tmp_path / "new.db")
        under_way = [p for p in tmp_path.iterdir() if "importing" in p.name]
        modes = {stat.S_IMODE(path.stat().st_mode) for path in under_way}
        slow.finish()
    finally:
        os.umask(umask)

    assert modes == {0o600}
    assert stat.S_IMODE((tmp_path / "new.db").stat().st_mode) == 0o600


@pytest.fixture
def under_way(tmp_path):
    """Give an import in a process of its own that is under way, and its pipe."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    program = [sys.executable, "-c", IMPORT, pipe, tmp_path / "new.db"]
    with subprocess.Popen(
        program,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=heeded,  # noqa: PLW1509 - it only sets a signal
    ) as process:
        with pipe.open("wb", buffering=0) as end:
            end.write(TEXT[:5_000])
            wait_until(lambda: any(".importing-" in p.name for p in tmp_path.iterdir()))
            sleep(0.1)  # so that it waits for more
            pipe.unlink()
            yield process
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_an_import_that_is_told_to_end_leaves_nothing_and_ends(tmp_path, under_way, number):
    under_way.send_signal(number)
    out, _ = under_way.communicate(timeout=30)

    assert under_way.returncode in {-number, 128 + number, 1}
    assert out == b""
    assert [*tmp_path.iterdir()] == []


def test_an_import_that_is_killed_leaves_no_store_and_does_not_hinder_the_next(tmp_path, under_way):
    under_way.kill()
    under_way.communicate()
    left = {path.name for path in tmp_path.iterdir()}

    assert left
    assert all(name.startswith("new.db.importing-") for name in left)
    assert history_file.load(GOLDEN, tmp_path / "new.db") == length(tmp_path / "new.db") == LENGTH


def test_what_fails_while_a_store_is_made_is_told_by_the_name_that_was_asked_for(tmp_path):
    new = tmp_path / "new.db"

    def make():
        with new_store.made_aside(new, "importing") as made:
            msg = f"{made.path} is no store"
            raise StoreError(msg)

    with pytest.raises(StoreError) as told:
        make()

    assert str(told.value) == f"{new} is no store"
    assert [*tmp_path.iterdir()] == []


def test_what_is_reported_is_read_back_under_the_final_name(tmp_path):
    history_file.load(GOLDEN, tmp_path / "new.db")

    history_file.check_filled(tmp_path / "new.db", LENGTH)
    with pytest.raises(StoreError, match=f"holds {LENGTH} events, of {LENGTH + 1}"):
        history_file.check_filled(tmp_path / "new.db", LENGTH + 1)


def test_an_import_is_one_whole_file(tmp_path):
    history_file.load(GOLDEN, tmp_path / "new.db")

    with closing(sqlite3.connect(f"file:{tmp_path / 'new.db'}?immutable=1", uri=True)) as database:
        assert database.execute("SELECT count(*) FROM stored_events").fetchone() == (LENGTH,)


# -- Into PostgreSQL. -------------------------------------------------------------


@pytest.fixture
def database(postgres):
    url = postgres.new_database()
    migrate(url)
    return url


def test_a_database_with_events_is_left_as_it_is(database, tmp_path):
    with jamsos.open(database) as registry:
        registry.adopt("perisai", on=date(2017, 11, 20)).or_raise()
        held = registry.last_position()

    with pytest.raises(ConflictError, match="is not empty"):
        history_file.load(GOLDEN, database)

    assert length(database) == held
    assert [*tmp_path.iterdir()] == []


def test_nothing_is_written_of_a_history_that_cannot_be_read_to_its_end(database, tmp_path):
    broken = tmp_path / "broken.jsonl"
    broken.write_bytes(TEXT[:-30])

    with pytest.raises(CorruptHistoryError):
        history_file.load(broken, database)

    with EventStore(database) as store:
        assert store.last_position() == 0
        assert store.answers(["command-1"]) == {}
    assert history_file.load(GOLDEN, database) == length(database) == LENGTH


def test_a_store_is_put_into_a_database_whole_or_not_at_all(database, tmp_path):
    history_file.load(GOLDEN, tmp_path / "golden.db")
    with EventStore(tmp_path / "golden.db", create=False) as store:
        number = history_file.fill(database, (entry for _, entry in store.entries()))
        with pytest.raises(ConflictError, match="is not empty"):
            history_file.fill(database, (entry for _, entry in store.entries()))
        agents = {r.stream: 0 for r in store.history() if r.stream.startswith("agent-")}
        concerning = store.concerning(agents)

    assert number == length(database) == LENGTH
    with EventStore(database) as there:
        assert there.concerning(agents) == concerning != []
