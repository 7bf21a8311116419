"""Somebody reads a store who has no right to write it."""

import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from threading import Event, Thread

import pytest

import jamsos
from jamsos import cli
from jamsos.errors import StoreError
from jamsos.store.event_store import EventStore
from tests.faults.files import left_by_a_killed_writer
from tests.faults.guarantees import plain_library, promised
from tests.faults.programs import NOBODY

ON = date(2018, 2, 6)
PLAIN = f"""
import os, sys
from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteDatastore
os.setgroups([]); os.setgid({NOBODY}); os.setuid({NOBODY})
datastore = SQLiteDatastore(sys.argv[1], originator_id_type="text")
print(SQLiteApplicationRecorder(datastore).max_notification_id())
os._exit(0)
"""


@pytest.fixture
def folder():
    """Give a folder that everybody may enter, and write for a while."""
    made = Path(tempfile.mkdtemp())
    made.chmod(0o777)
    yield made
    made.chmod(0o700)
    shutil.rmtree(made)


@pytest.fixture
def only_root():
    """Be sure that a test may become another user."""
    if not hasattr(os, "geteuid") or os.geteuid():
        pytest.skip("only root can become another user")


@pytest.fixture
def nobody(ours, tmp_path, only_root):  # noqa: ARG001 - it comes first
    """Read as a user who owns nothing; return how much there was, or the error."""

    def read(path, *, read_only=True):
        acks = tmp_path / "acks"
        acks.unlink(missing_ok=True)
        ours.start("as_nobody", place=str(path), acks=str(acks), read_only=read_only).succeed()
        said = json.loads(acks.read_text(encoding="utf-8"))
        return said.get("answer") or said["text"]

    return read


def register(registry, number=1):
    for _ in range(number):
        registry.register(jamsos.new_participant_id(), province="51", on=ON).or_raise()


def new(path, events=3, mode=0o644):
    with jamsos.open(path) as registry:
        register(registry, events)
    path.chmod(mode)
    return path


def contents(folder):
    return {p.name: (p.read_bytes(), p.stat().st_uid, p.stat().st_mode) for p in folder.iterdir()}


@contextmanager
def read_only(folder):
    folder.chmod(0o555)
    yield
    folder.chmod(0o777)


@promised("No right to write is needed: neither the file, nor its folder, nor anything beside it.")
@pytest.mark.parametrize("locked", [False, True], ids=["any folder", "read-only folder"])
def test_another_user_reads_and_leaves_nothing(folder, nobody, locked):
    path = new(folder / "office.db")
    before = contents(folder)
    if locked:
        folder.chmod(0o555)

    assert nobody(path) == "(3, 3)"

    assert contents(folder) == before
    folder.chmod(0o777)
    with jamsos.open(path) as registry:
        register(registry)
        assert registry.last_position() == 4


@promised("Also while its owner has it open and writes; and the owner goes on.")
def test_another_user_reads_while_the_owner_writes(folder, nobody):
    path = new(folder / "office.db")
    with jamsos.open(path) as registry:
        register(registry)
        before = contents(folder)
        assert set(before) == {"office.db", "office.db-wal", "office.db-shm"}
        with read_only(folder):
            assert nobody(path) == "(4, 4)"
        assert nobody(path) == "(4, 4)"
        assert {name: seen[0] for name, seen in contents(folder).items()} == {
            name: seen[0] for name, seen in before.items()
        }
        register(registry)
        assert nobody(path) == "(5, 5)"
    assert list(contents(folder)) == ["office.db"]


@promised(
    "Also after a writer was killed, with what stands in its log alone, and in a folder that"
    " cannot be written."
)
@pytest.mark.parametrize("shm", [True, False], ids=["its index is there", "its index is gone"])
def test_another_user_reads_what_a_killed_writer_left(folder, nobody, shm):
    path = left_by_a_killed_writer(folder / "office.db")
    if not shm:
        Path(f"{path}-shm").unlink()
    before = contents(folder)
    with read_only(folder):
        assert nobody(path) == "(2, 2)"
    assert nobody(path) == "(2, 2)"
    with jamsos.open(path, read_only=True) as registry:
        assert registry.last_position() == 2
    assert contents(folder) == before

    with jamsos.open(path) as registry:
        register(registry)
        assert registry.last_position() == 3


@promised("Whoever may not write it and opens it to write is told to open it to be read.")
def test_who_may_not_write_and_opens_to_write_is_told_to_read(folder, nobody):
    path = new(folder / "office.db")

    assert "read_only=True" in nobody(path, read_only=False)
    assert list(contents(folder)) == ["office.db"]


LESS = {
    "the file": (0o600, 0o777, True, "cannot be read: this user has no right to"),
    "the file, to write": (0o600, 0o777, False, "cannot be read: this user has no right to"),
    "the folder": (0o644, 0o700, True, "cannot be opened: Permission denied"),
    "a folder to make it in": (None, 0o555, False, "cannot be made: Permission denied"),
}


@promised("Whoever may do less than that is told, in one sentence, what.")
@pytest.mark.parametrize(("file", "around", "reading", "said"), LESS.values(), ids=LESS)
def test_who_may_do_less_is_told_what(folder, nobody, file, around, reading, said):
    path = folder / "office.db"
    if file is not None:
        new(path, mode=file)
    folder.chmod(around)

    assert nobody(path, read_only=reading) == f"{path} {said}"


# -- What is read while it is written. -------------------------------------------------


@promised("What is read without a lock, for nothing lay beside it, is never half of a change.")
def test_a_reader_of_a_file_at_rest_sees_every_event_once_it_is_written(tmp_path):
    path, done, wrong = new(tmp_path / "office.db", 1), Event(), []

    def read():
        with EventStore(path, read_only=True) as store:
            last = 0
            while not done.is_set():
                found = [r.position for r in store.history()]
                if found != list(range(1, len(found) + 1)) or len(found) < last:
                    wrong.append(found)
                last = len(found)

    reader = Thread(target=read)
    reader.start()
    try:
        for number in range(40):
            with jamsos.open(path) as registry:  # closed each time: written into the file itself
                register(registry, 1 + number % 5)
    finally:
        done.set()
        reader.join()

    assert not wrong
    with EventStore(path, read_only=True) as store:
        assert store.last_position() == 1 + sum(1 + number % 5 for number in range(40))


@promised("A reader sees what is written after it was opened.")
def test_a_reader_sees_what_is_written_after_it_was_opened(tmp_path):
    path = new(tmp_path / "office.db", 1)
    with EventStore(path, read_only=True) as reader:
        assert reader.last_position() == 1
        with jamsos.open(path) as registry:
            assert reader.last_position() == 1
            register(registry)
            assert reader.last_position() == 2
        assert reader.last_position() == 2
        with jamsos.open(path) as registry:
            register(registry)
        assert reader.last_position() == 3


@promised("Nothing is recorded through it, and nothing is made.")
def test_nothing_is_recorded_through_a_store_that_is_only_read(tmp_path):
    path = new(tmp_path / "office.db", 1)
    with jamsos.open(path, read_only=True) as registry:
        with pytest.raises(StoreError, match="opened to be read"):
            register(registry)
        with pytest.raises(StoreError, match="opened to be read"):
            registry.live_count("2018-02")
    with pytest.raises(jamsos.errors.NotFoundError):
        jamsos.open(tmp_path / "new.db", read_only=True)
    assert [p.name for p in tmp_path.iterdir()] == ["office.db"]


READINGS = [
    ("count", "STORE", "--month", "2018-02"),
    ("replay", "STORE"),
    ("show", "STORE", "programme-perisai"),
    ("export", "STORE"),
    ("explain", "STORE", "programme-perisai"),
]


@promised("No command that reads changes anything: `count`, `replay`, `show`, `explain`, `export`.")
@pytest.mark.parametrize("command", READINGS, ids=lambda c: c[0])
def test_a_command_that_reads_changes_nothing(tmp_path, command, capsys):
    path = left_by_a_killed_writer(tmp_path / "office.db")
    before = contents(tmp_path)

    cli.main([str(path) if word == "STORE" else word for word in command])

    assert contents(tmp_path) == before
    assert "Traceback" not in capsys.readouterr().err
    assert stat.S_IMODE(path.stat().st_mode) == 0o644


@plain_library(
    "A reader who may write the folder leaves files of its own there, which only root can write."
)
@pytest.mark.usefixtures("only_root")
def test_plainly_a_reader_leaves_files_of_its_own(folder):
    path = new(folder / "office.db")

    subprocess.run([sys.executable, "-c", PLAIN, str(path)], check=True, timeout=60)

    left = {p.name for p in folder.iterdir() if p.stat().st_uid == NOBODY}
    assert left >= {"office.db-shm"}


@plain_library(
    "A reader who may not write the folder cannot read: attempt to write a readonly database."
)
@pytest.mark.usefixtures("only_root")
def test_plainly_a_reader_who_may_not_write_the_folder_cannot_read(folder):
    path = new(folder / "office.db")
    with read_only(folder):
        ended = subprocess.run(
            [sys.executable, "-c", PLAIN, str(path)],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    assert ended.returncode
    assert "attempt to write a readonly database" in ended.stderr
