"""The connections of a store in a file: what breaks off in them, and when they are closed."""

import gc
from asyncio import CancelledError

import pytest

from jamsos.errors import StoreError
from jamsos.store.event_store import EventStore


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, CancelledError, StoreError])
@pytest.mark.parametrize("place", ["file", ":memory:"])
def test_what_is_raised_between_begin_and_commit_undoes_it_all(tmp_path, error, place):
    with EventStore(tmp_path / "office.db" if place == "file" else place) as store:
        connections = store._recorder._connections

        def work(c):
            c.execute("INSERT INTO stored_events VALUES ('agent-1', 1, 'x', x'')")
            raise error

        for _ in range(20):
            with pytest.raises(error):
                connections.write(work)
        assert store.last_position() == 0
        assert connections.write(lambda c: c.execute("SELECT 5").fetchone()[0]) == 5


def test_a_store_that_is_forgotten_leaves_nothing_open(tmp_path):
    store = EventStore(tmp_path / "office.db")
    store.last_position()
    assert len([*tmp_path.iterdir()]) > 1
    del store
    gc.collect()

    assert [p.name for p in tmp_path.iterdir()] == ["office.db"]
