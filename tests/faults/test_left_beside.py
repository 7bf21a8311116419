"""The log of a killed writer lies beside the name of a file."""

from pathlib import Path

import pytest

import jamsos
from jamsos.errors import StoreError
from jamsos.store.event_store import EventStore
from tests.faults import programs
from tests.faults.files import contents, events_at, register
from tests.faults.guarantees import promised


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
