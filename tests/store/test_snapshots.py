"""A snapshot is used only if it is whole, of this code, and of an event that is there; or made."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import attrs
import psycopg
import pytest

import jamsos
from jamsos.audit.snapshots import SnapshotsCompared
from jamsos.cli import main
from jamsos.domain.aggregate import state as state_of
from jamsos.store.event_store import EventStore, entry, migrate
from jamsos.store.snapshots import EVERY, MAKER, KeepsSnapshots, snapshot
from tests.faults.guarantees import promised
from tests.store.test_states import long_agent, long_quota

NOW = datetime(2018, 2, 5, tzinfo=UTC)
QUOTA = "quota-perisai-national"


def source_of_maker():
    """Return the digest of the source of all that makes a state of events, or bytes of a state."""
    package = Path(jamsos.__file__).parent
    files = [
        *sorted((package / "domain").rglob("*.py")),
        package / "store" / "catalogue.py",
        *sorted((package / "store" / "old_events").glob("*.py")),
        package / "store" / "states.py",
    ]
    source = sha256()
    for file in files:
        source.update(file.relative_to(package).as_posix().encode() + b"\0")
        source.update(file.read_text(encoding="utf-8").encode() + b"\0")
    return source.hexdigest()[:16]


def test_snapshots_are_of_the_code_that_makes_states():
    now = source_of_maker()
    assert now == MAKER, f"set MAKER in jamsos/store/snapshots.py to {now!r}"


@pytest.fixture(params=["a file", "PostgreSQL"])
def place(request, tmp_path):
    """Name a store in a file, or in a database, that is empty."""
    if request.param == "a file":
        return str(tmp_path / "office.db")
    url = request.getfixturevalue("postgres").new_database()
    migrate(url)
    return url


def run(place, statement, *parameters):
    """Run *statement*, with ? for parameters, in the database at *place*; return what it gives."""
    if place.startswith("postgresql"):
        with psycopg.connect(place) as connection:
            done = connection.execute(statement.replace("?", "%s"), parameters)
            return done.fetchall() if done.description else []
    with closing(sqlite3.connect(place)) as connection, connection:
        return connection.execute(statement, parameters).fetchall()


def fill(place, stream, events):
    with EventStore(place) as store:
        store.load(entry(stream, version, e, NOW) for version, e in enumerate(events, start=1))


def kept(place):
    with EventStore(place, create=False) as store:
        return {each.stream: each for each in store.every_snapshot()}


def read_cold(place, stream):
    """Return the state of *stream*, and how many of its events were read for it."""
    with jamsos.open(place) as registry:
        store, read = registry._store, []
        news = store.news

        def counting(versions):
            found = news(versions)
            read.extend(found)
            return found

        store.news = counting
        return registry._source.state(stream), len(read)


def right(stream, events):
    return state_of(stream, events)


def test_a_recorder_that_ships_keeps_snapshots(place):
    with EventStore(place) as store:
        assert isinstance(store._recorder, KeepsSnapshots)


@promised(
    "It is read whole once, and then from a snapshot of its state: one event in place of"
    " thousands.",
    fault="long_stream",
)
@pytest.mark.parametrize("long", [long_agent, long_quota])
def test_a_long_stream_is_read_once_and_from_its_snapshot_ever_after(place, long):
    stream, events = long(3 * EVERY)
    fill(place, stream, events)

    assert read_cold(place, stream) == (right(stream, events), 3 * EVERY)
    assert kept(place)[stream].version == 3 * EVERY
    assert read_cold(place, stream) == (right(stream, events), 1)


def test_a_stream_is_long_from_so_many_events_on(tmp_path):
    for number, there in ((EVERY - 1, False), (EVERY, True)):
        place = str(tmp_path / f"{number}.db")
        stream, events = long_quota(number)
        fill(place, stream, events)
        read_cold(place, stream)
        assert (stream in kept(place)) is there


def test_a_snapshot_is_made_again_after_so_many_more_events_and_not_before(tmp_path):
    place = str(tmp_path / "office.db")
    stream, events = long_quota(3 * EVERY)
    fill(place, stream, events[:EVERY])
    read_cold(place, stream)
    for more, version in ((EVERY - 1, EVERY), (EVERY, 2 * EVERY)):
        with EventStore(place) as store:
            known = len(store.stream(stream))
            new = [entry(stream, at + 1, events[at], NOW) for at in range(known, EVERY + more)]
            store.append(new)
        assert read_cold(place, stream) == (right(stream, events[: EVERY + more]), more + 1)
        assert kept(place)[stream].version == version


def test_a_registry_makes_snapshots_of_what_it_records(tmp_path):
    place = str(tmp_path / "office.db")
    someone, on = jamsos.new_participant_id(), date(2018, 1, 8)
    with jamsos.open(place) as registry:
        registry.register(someone, province="51", on=on)
        for days in range(1, EVERY + 5):
            registry.move(someone, province=("32", "51")[days % 2], on=on + timedelta(days=days))
        state = registry.participant(someone)
    assert kept(place)[someone].version == EVERY
    assert read_cold(place, someone) == (state, 6)


SPOILED = {
    "torn": lambda s: attrs.evolve(s, state=s.state[: len(s.state) // 2]),
    "empty": lambda s: attrs.evolve(s, state=b""),
    "edited": lambda s: attrs.evolve(s, state=s.state.replace(b'"taken":', b'"taken":1')),
    "of other code": lambda s: attrs.evolve(s, maker="older"),
    "of another stream": lambda s: attrs.evolve(
        snapshot("quota-perisai-51", s.version, s.state), stream=QUOTA
    ),
    "of another version": lambda s: attrs.evolve(s, version=s.version - 1),
    "beyond the end": lambda s: snapshot(QUOTA, s.version + 1, s.state),
    "of version 0": lambda s: snapshot(QUOTA, 0, s.state),
    "no state, rightly signed": lambda s: snapshot(QUOTA, s.version, b"nonsense"),
}


@promised(
    "A snapshot that is torn, edited, of other code or of another stream is passed over,"
    " and made again.",
    fault="long_stream",
)
@pytest.mark.parametrize("how", SPOILED)
def test_a_snapshot_that_is_spoiled_is_passed_over_and_made_again(place, how):
    stream, events = long_quota(2 * EVERY)
    fill(place, stream, events)
    read_cold(place, stream)
    right_one = kept(place)[stream]
    bad = SPOILED[how](right_one)
    run(
        place,
        "UPDATE jamsos_snapshots SET version = ?, maker = ?, digest = ?, state = ?",
        bad.version,
        bad.maker,
        bad.digest,
        bad.state,
    )

    state, read = read_cold(place, stream)

    assert state == right(stream, events)
    assert read >= 2 * EVERY
    assert kept(place)[stream] == right_one
    assert read_cold(place, stream) == (state, 1)


def test_a_snapshot_whose_event_was_removed_is_not_rested_on(place):
    stream, events = long_quota(2 * EVERY)
    fill(place, stream, events)
    read_cold(place, stream)
    run(place, "DELETE FROM stored_events WHERE originator_version > ?", EVERY + 3)
    assert read_cold(place, stream) == (right(stream, events[: EVERY + 3]), EVERY + 3)


@pytest.mark.parametrize("damage", ["DROP TABLE jamsos_snapshots", "DELETE FROM jamsos_snapshots"])
def test_snapshots_can_be_thrown_away_at_any_time(place, damage):
    stream, events = long_quota(2 * EVERY)
    fill(place, stream, events)
    read_cold(place, stream)
    run(place, damage)
    assert read_cold(place, stream) == (right(stream, events), 2 * EVERY)


def test_a_table_of_somebody_else_stops_nothing(tmp_path):
    place = str(tmp_path / "office.db")
    stream, events = long_quota(2 * EVERY)
    fill(place, stream, events)
    run(place, "DROP TABLE IF EXISTS jamsos_snapshots")
    run(place, "CREATE TABLE jamsos_snapshots (mine TEXT)")
    assert read_cold(place, stream) == (right(stream, events), 2 * EVERY)


def test_a_history_that_is_loaded_into_an_emptied_store_meets_no_old_snapshot(place):
    stream, events = long_quota(2 * EVERY)
    fill(place, stream, events)
    read_cold(place, stream)
    for table in ("stored_events", "concerns", "commands"):
        run(place, f"DELETE FROM {table}")  # noqa: S608 - one of three
    other = [attrs.evolve(events[0], seats=7), *events[1:]]
    fill(place, stream, other)
    assert read_cold(place, stream)[0] == right(stream, other)


def test_a_store_that_is_only_read_gets_no_snapshot_and_uses_those_there_are(place):
    stream, events = long_quota(2 * EVERY)
    fill(place, stream, events)
    with jamsos.open(place, read_only=True) as registry:
        assert registry.quota("perisai") == right(stream, events)
    assert stream not in kept(place)
    read_cold(place, stream)
    with jamsos.open(place, read_only=True) as registry:
        assert registry.quota("perisai") == right(stream, events)


def test_a_writer_who_holds_the_file_is_not_waited_for(tmp_path):
    place = str(tmp_path / "office.db")
    stream, events = long_quota(2 * EVERY)
    fill(place, stream, events)
    with closing(sqlite3.connect(place, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        assert read_cold(place, stream)[0] == right(stream, events)
        assert time.monotonic() - began < 2
        other.execute("ROLLBACK")
    assert stream not in kept(place)
    read_cold(place, stream)
    assert stream in kept(place)


def test_a_role_without_a_right_to_snapshots_does_without(postgres):
    url = postgres.new_database()
    migrate(url)
    stream, events = long_quota(2 * EVERY)
    fill(url, stream, events)
    role = f"reader_{os.getpid()}"
    for statement in (
        f"CREATE ROLE {role} LOGIN",
        f"GRANT USAGE ON SCHEMA public TO {role}",
        f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}",
        f"REVOKE SELECT ON jamsos_snapshots FROM {role}",  # noqa: S608 - a name of our own
    ):
        run(url, statement)
    as_role = url.replace("user=postgres", f"user={role}")
    assert read_cold(as_role, stream) == (right(stream, events), 2 * EVERY)
    run(url, f"GRANT SELECT ON jamsos_snapshots TO {role}")
    assert read_cold(as_role, stream) == (right(stream, events), 2 * EVERY)
    assert stream not in kept(url)
    read_cold(url, stream)
    assert read_cold(as_role, stream) == (right(stream, events), 1)


def written_over_and_over(place):
    """Start a process that makes a snapshot of the quota at *place* over and over."""
    source = Path(jamsos.__file__).parents[1]
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, place], env={**os.environ, "PYTHONPATH": str(source)}
    )


WRITER = """
import sys
import jamsos
with jamsos.open(sys.argv[1]) as registry:
    while True:
        quota = registry.quota("perisai")
        registry._store.keep_snapshots({quota.stream: registry._source._known[quota.stream]})
"""


@promised(
    "Writers who are killed while they write one spoil nothing.",
    fault="long_stream",
)
def test_writers_who_are_killed_while_they_write_one_snapshot_spoil_nothing(place):
    stream, events = long_quota(2 * EVERY)
    fill(place, stream, events)
    for pause in (0.0, 0.004):
        run(place, "DROP TABLE IF EXISTS jamsos_snapshots")
        if place.startswith("postgresql"):
            migrate(place)
        writers = [written_over_and_over(place) for _ in range(2)]
        end = time.monotonic() + 60
        while stream not in kept(place):
            assert time.monotonic() < end
            time.sleep(0.002)
        time.sleep(pause)
        for writer in writers:
            writer.kill()
        assert {writer.wait(30) for writer in writers} == {-signal.SIGKILL}
        assert kept(place)[stream].holds
        assert read_cold(place, stream) == (right(stream, events), 1)


# -- Replay. --------------------------------------------------------------------------


def findings(place):
    with EventStore(place, create=False, read_only=True) as store:
        compared = SnapshotsCompared(store)
        assert len([*compared.watch(store.history())]) == store.last_position()
        return [found.what for found in compared.at_the_end()]


def test_replay_finds_nothing_in_a_snapshot_that_is_right_or_of_other_code(place):
    stream, events = long_quota(2 * EVERY)
    fill(place, stream, events)
    read_cold(place, stream)
    assert findings(place) == []
    run(place, "UPDATE jamsos_snapshots SET maker = 'older', state = ?", b"?")
    assert findings(place) == []


@promised(
    "`jamsos replay` finds one that was edited, or that rests on events that were.",
    fault="long_stream",
)
def test_replay_finds_a_snapshot_that_was_edited(place):
    stream, events = long_quota(2 * EVERY)
    fill(place, stream, events)
    read_cold(place, stream)
    run(place, "UPDATE jamsos_snapshots SET state = ?", b"{}")
    [what] = findings(place)
    assert what == f"the snapshot of {stream} at version {2 * EVERY} is not as it was made; drop it"


def test_replay_finds_a_snapshot_of_events_that_were_edited_since(place, capsys):
    stream, events = long_quota(2 * EVERY)
    fill(place, stream, events)
    read_cold(place, stream)
    [(state,)] = run(place, "SELECT state FROM stored_events WHERE originator_version = 1")
    seats = f'"seats":{2 * EVERY}'.encode()
    edited = bytes(state).replace(seats, b'"seats":5')
    assert edited != bytes(state)
    run(place, "UPDATE stored_events SET state = ? WHERE originator_version = 1", edited)
    [what] = findings(place)
    assert "is not the state that the events make" in what
    assert main(["replay", place]) == 1
    assert f"FINDING  position {2 * EVERY}: {what}" in capsys.readouterr().out


def test_replay_finds_a_snapshot_of_events_that_were_removed(place):
    stream, events = long_quota(2 * EVERY)
    fill(place, stream, events)
    read_cold(place, stream)
    run(place, "DELETE FROM stored_events WHERE originator_version > ?", EVERY)
    [what] = findings(place)
    assert "is of an event that the history does not have" in what
