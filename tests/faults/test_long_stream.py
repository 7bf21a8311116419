"""A stream has become long: thousands of events of one quota, agent or participant."""

import sqlite3
import time
from contextlib import closing

from eventsourcing.domain import Aggregate, event

from tests.faults import plain
from tests.faults.guarantees import plain_library


class Seat(Aggregate):
    """A seat that is taken, and free again, many times."""

    def __init__(self) -> None:
        self.times = 0

    @event("Taken")
    def take(self) -> None:
        self.times += 1


def saved(app, events):
    seat = Seat()
    for _ in range(events - 1):
        seat.take()
    app.save(seat)
    return seat.id


@plain_library(
    "Each reading of an aggregate reads all its events: 2,000 take more than twenty times as long"
    " as 20, unless snapshots are switched on."
)
def test_plainly_every_event_is_read_each_time(tmp_path):
    app = plain.application(str(tmp_path / "perisai.db"))
    seconds = []
    for seat in (saved(app, 20), saved(app, 2_000)):
        tries = []
        for _ in range(3):
            before = time.perf_counter()
            app.repository.get(seat)
            tries.append(time.perf_counter() - before)
        seconds.append(min(tries))
    app.close()

    assert seconds[1] > 20 * seconds[0]


@plain_library("With snapshots: one that was edited is read as it is, and nothing compares it.")
def test_plainly_a_snapshot_that_was_edited_is_read_as_it_is(tmp_path):
    place = str(tmp_path / "perisai.db")
    app = plain.application(place, IS_SNAPSHOTTING_ENABLED="y")
    seat = saved(app, 20)
    app.take_snapshot(seat)
    with closing(sqlite3.connect(place)) as database, database:
        database.execute(
            "UPDATE stored_snapshots"
            " SET state = CAST(replace(CAST(state AS TEXT), '\"times\":19', '\"times\":7') AS BLOB)"
        )

    assert app.repository.get(seat).times == 7
    app.close()
