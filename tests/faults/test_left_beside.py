"""The log of a killed writer lies beside the name of a file."""

import shutil
from pathlib import Path

import pytest

import jamsos
from jamsos.errors import StoreError
from jamsos.store.event_store import EventStore
from tests.faults import evidence, plain, programs
from tests.faults.files import contents, events_at, new, register
from tests.faults.guarantees import not_promised, plain_library, promised


def killed_writer(ours, tmp_path):
    """Give a store whose writer was killed: its newest events stand in the log alone."""
    path = tmp_path / "office.db"
    place = ours.file(path)
    letters = [f"w0-{number}" for number in range(5)]
    acks = tmp_path.parent / f"{tmp_path.name}-acks"
    ours.start("write", place=place, acks=str(acks), letters=letters, unanswered=letters[-1]).wait()
    assert Path(f"{path}-wal").stat().st_size
    return path


@promised("Beside its database: it is read and written on, with all that stood in the log alone.")
def test_what_a_killed_writer_left_beside_its_database_is_read_and_written_on(ours, tmp_path):
    path = killed_writer(ours, tmp_path)
    with EventStore(path, read_only=True) as store:
        read = store.last_position()
    with jamsos.open(path) as registry:
        assert registry.last_position() == read
        register(registry)
    assert events_at(path) == read + 1
    assert programs.recorded(str(path)) >= {f"w0-{number}" for number in range(5)}


@promised(
    "Without its database, be it a `-wal`, a `-shm` or a `-journal`: no store is made there, and"
    " the file is named."
)
@pytest.mark.parametrize("end", ["-wal", "-shm", "-journal"])
def test_no_store_is_made_beside_the_log_of_another(tmp_path, end):
    left = tmp_path / f"office.db{end}"
    left.write_bytes(b"what only the other knows")

    for use in (jamsos.open, EventStore):
        with pytest.raises(StoreError, match=f"office.db{end} was left there"):
            use(tmp_path / "office.db")

    assert contents(tmp_path) == {left.name: b"what only the other knows"}


@promised("Beside an empty file likewise.")
def test_no_store_is_made_of_an_empty_file_beside_the_log_of_another(ours, tmp_path):
    path = killed_writer(ours, tmp_path)
    path.write_bytes(b"")
    before = contents(tmp_path)

    with pytest.raises(StoreError, match=r"office\.db-wal was left there"):
        jamsos.open(path)

    assert contents(tmp_path) == before


@not_promised(
    "A backup that is copied over the file while the log of another is left beside it: SQLite"
    " takes the log for the file's own, and what is read is not the backup. Move the log away"
    " first."
)
def test_a_backup_beside_the_log_of_another_is_not_what_is_read(ours, tmp_path):
    path, backup = killed_writer(ours, tmp_path), new(tmp_path / "backup.db", 2)
    shutil.copyfile(backup, path)

    assert events_at(path) > events_at(backup)


def plain_writer_killed(theirs, tmp_path):
    """Give a database of the plain library whose writer was killed, and what they were told."""
    place, acks = Path(theirs.file(tmp_path / "office.db")), tmp_path / "acks"
    letters = [f"w0-{number}" for number in range(5)]
    theirs.start(
        "write", place=str(place), acks=str(acks), letters=letters, unanswered=letters[-1]
    ).wait()
    assert Path(f"{place}-wal").stat().st_size
    assert len(evidence.told(acks).answers) == 4
    return place


@plain_library(
    "Without its database: a new one is made there, the log is deleted, and what stood in it"
    " alone is gone."
)
def test_plainly_the_log_of_another_is_deleted(theirs, tmp_path):
    place = plain_writer_killed(theirs, tmp_path)
    place.unlink()

    app = plain.application(str(place))
    assert list(app.read()) == []
    app.close()
    assert not Path(f"{place}-wal").exists()


@plain_library("Beside a backup that is copied over the file: the same, what is read is not that.")
def test_plainly_a_backup_beside_the_log_of_another_is_not_what_is_read(theirs, tmp_path):
    backup = Path(theirs.file(tmp_path / "backup.db"))
    place = plain_writer_killed(theirs, tmp_path)
    shutil.copyfile(backup, place)

    found = []
    for each in (place, backup):
        app = plain.application(str(each))
        found.append(len(list(app.read())))
        app.close()
    assert found[0] > found[1]
