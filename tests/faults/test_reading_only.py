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


def left_by_a_killed_writer(path, events=2):
    """Copy a store as it is while its writer has it open: so it stays when that is killed."""
    origin = path.with_name("origin.db")
    with jamsos.open(origin) as registry:
        register(registry, events)
        for end in ("", "-wal", "-shm"):
            shutil.copyfile(f"{origin}{end}", f"{path}{end}")
            Path(f"{path}{end}").chmod(0o644)
    origin.unlink()
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


def test_who_may_not_write_and_opens_to_write_is_told_to_read(folder, nobody):
    path = new(folder / "office.db")

    assert "read_only=True" in nobody(path, read_only=False)
    assert list(contents(folder)) == ["office.db"]


@pytest.mark.parametrize("read_only", [True, False])
def test_who_may_not_read_is_told_so(folder, nobody, read_only):
    path = new(folder / "office.db", mode=0o600)

    said = nobody(path, read_only=read_only)

    assert said == f"{path} cannot be read: this user has no right to"


def test_who_may_not_enter_the_folder_is_told_so(folder, nobody):
    path = new(folder / "office.db")
    folder.chmod(0o700)

    assert nobody(path) == f"{path} cannot be opened: Permission denied"


def test_who_may_not_write_the_folder_makes_no_store(folder, nobody):
    with read_only(folder):
        said = nobody(folder / "office.db", read_only=False)

    assert said == f"{folder / 'office.db'} cannot be made: Permission denied"


@plain_library(
    "A reader who may write the folder leaves files of its own there, which only root can write."
)
@pytest.mark.usefixtures("only_root")
def test_plainly_a_reader_leaves_files_of_its_own(folder):
    path = new(folder / "office.db")

    subprocess.run([sys.executable, "-c", PLAIN, str(path)], check=True, timeout=60)

    left = {p.name for p in folder.iterdir() if p.stat().st_uid == NOBODY}
    assert left >= {"office.db-shm"}


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
