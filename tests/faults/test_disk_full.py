"""The disk is full."""

import shutil
import subprocess
from contextlib import contextmanager

import pytest
from eventsourcing.persistence import PersistenceError

import jamsos
from jamsos.errors import OutcomeUnknownError, StoreError
from tests.faults import evidence, plain, programs
from tests.faults.guarantees import plain_library, promised

MANY = 2_000
MOUNT, UMOUNT = (shutil.which(name) or name for name in ("mount", "umount"))


@pytest.fixture
def small(tmp_path):
    """Give a folder on a disk of its own, of 1 MiB; skip where none can be mounted."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(
        [MOUNT, "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder],
        check=False,
        capture_output=True,
        timeout=30,
    )
    if mounted.returncode:
        pytest.skip("a disk of 1 MiB can be mounted by root alone")
    yield folder
    subprocess.run([UMOUNT, "-l", folder], check=True, timeout=30)


@contextmanager
def full(registry):
    """Let the database of *registry* grow no more, for as long as the ``with`` statement lasts."""
    execute = registry._store._recorder._connections.read
    pages = execute(lambda c: c.execute("PRAGMA page_count").fetchone()[0])
    execute(lambda c: c.execute(f"PRAGMA max_page_count = {pages}").fetchall())
    yield
    execute(lambda c: c.execute("PRAGMA max_page_count = 1000000").fetchall())


@contextmanager
def plainly_full(datastore):
    """Let the database of *datastore* grow no more, likewise."""
    with datastore.get_connection(commit=True) as connection:
        execute = connection._sqlite_conn.execute
        [(pages,)] = execute("PRAGMA page_count")
        execute(f"PRAGMA max_page_count = {pages}")
    yield
    with datastore.get_connection(commit=True) as connection:
        connection._sqlite_conn.execute("PRAGMA max_page_count = 1000000")


@promised("The error says so, what was recorded can be read, and once there is room it goes on.")
def test_a_disk_that_is_full_takes_nothing_away_and_once_there_is_room_it_goes_on(
    ours, small, tmp_path, tally
):
    place, acks = ours.file(small / "perisai.db"), tmp_path / "acks"
    ballast = small / "ballast"
    ballast.write_bytes(b"0" * 600_000)
    letters = [f"w0-{number}" for number in range(MANY)]

    ours.start(
        "write", place=place, acks=str(acks), letters=letters, patience=0.1, errors=2
    ).succeed()

    said = evidence.told(acks)
    assert set(said.errors.values()) <= {"StoreError", "OutcomeUnknownError"}
    assert len(said.errors) == 2
    assert said.answers
    ballast.unlink()
    assert ours.harm(place, acks) == evidence.Harm()
    assert ours.sent_again(place, said, letters[: len(said.answers) + 2]) == evidence.Harm()
    tally(runs=1)


@promised("A store that may not grow says so at each command, and records nothing of it.")
def test_a_store_that_may_not_grow_records_nothing_and_goes_on_when_it_may(ours, tmp_path, tally):
    place, acks = ours.file(tmp_path / "perisai.db"), tmp_path / "acks"
    batches = [f"w0-{number}" for number in range(100)]
    with (
        jamsos.open(place, patience=0.05) as registry,
        evidence.acknowledging(acks) as noting,
        full(registry),
    ):
        for letter in batches:
            try:
                noting.answered(letter, programs.answer(registry, letter, many=True))
            except (StoreError, OutcomeUnknownError) as error:
                noting.failed(letter, error)

    said = evidence.told(acks)
    tally(runs=1)
    assert said.errors
    assert not ours.module.recorded(place) & set(said.errors)
    assert ours.harm(place, acks, many=True) == evidence.Harm()
    assert ours.sent_again(place, said, batches, many=True) == evidence.Harm()


@plain_library(
    "`save` raises; called again once there is room it returns as if all were well, and has"
    " saved nothing. The aggregate counts on: its next event is stored a version too far, and"
    " its stream can never be read again."
)
def test_a_plain_save_that_is_called_again_after_a_full_disk_makes_the_stream_unreadable(
    theirs, tmp_path, tally
):
    place, acks = theirs.file(tmp_path / "perisai.db"), tmp_path / "acks"
    app = plain.application(place)
    seats, agent = plain.decided(app, "w0-0", "51")
    with evidence.acknowledging(acks) as noting:
        with plainly_full(app.factory.datastore):
            for number in range(1, 500):
                seats.take(str(agent.id), f"w0-{number}")
            with pytest.raises(PersistenceError, match="full"):
                app.save(seats, agent)
        assert app.save(seats, agent) == []
        noting.answered("w0-0")
    assert theirs.harm(place, acks).lost == ("w0-0",)

    seats.take(str(agent.id), "w0-later")
    app.save(seats)
    app.close()

    tally(runs=1)
    assert theirs.harm(place, acks).unreadable == ("51",)
