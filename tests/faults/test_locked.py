"""Another process holds the database locked."""

import sqlite3
import time
from contextlib import closing, contextmanager
from threading import Timer

import psycopg
import pytest

import jamsos
from tests.faults import evidence, running
from tests.faults.guarantees import plain_library, promised

LETTERS = ["w0-0", "w0-1"]


@contextmanager
def locked(place):
    """Hold the database at *place* locked against writers; give how to let it go."""
    if evidence.is_server(place):
        with closing(psycopg.connect(place)) as other:
            other.execute("LOCK TABLE stored_events IN EXCLUSIVE MODE")
            yield other.rollback
    else:
        with closing(sqlite3.connect(place, isolation_level=None, check_same_thread=False)) as file:
            file.execute("BEGIN IMMEDIATE")
            yield file.rollback


@promised("For a moment: a command waits, and is recorded.")
def test_a_request_waits_for_a_lock_that_is_held_for_a_moment(ours, prepared, tmp_path, tally):
    place, acks = prepared(ours), tmp_path / "acks"
    with locked(place) as let_go:
        begun = time.monotonic()
        later = Timer(1.0, let_go)
        later.start()

        ours.start("write", place=place, acks=str(acks), letters=LETTERS).succeed()

        later.join()
        assert time.monotonic() - begun >= 1

    said = evidence.told(acks)
    tally(runs=1)
    assert list(said.answers) == LETTERS
    assert ours.harm(place, acks) == evidence.Harm()


@promised(
    "For longer than anybody waits: an `UnavailableError`, after which nothing is recorded; the"
    " command can be sent again."
)
def test_a_lock_that_is_held_for_too_long_is_an_error_and_nothing_is_recorded(
    ours, prepared, tmp_path, tally
):
    place, acks, go = prepared(ours), tmp_path / "acks", tmp_path / "go"
    writer = ours.start(
        "write",
        place=place,
        acks=str(acks),
        letters=LETTERS,
        go=str(go),
        patience=0.1,
        errors=2,
    )
    running.wait_until(tmp_path.joinpath("acks.ready").exists)
    with locked(place):
        go.touch()
        writer.succeed()

    said = evidence.told(acks)
    tally(runs=1)
    assert said.errors == dict.fromkeys(LETTERS, "UnavailableError")
    assert ours.module.recorded(place) == set()
    assert ours.sent_again(place, said, LETTERS) == evidence.Harm()


@promised("A store that is there is opened and read all the same.")
@pytest.mark.parametrize(
    "kind",
    ["file", "database"],
)
def test_a_store_is_opened_and_read_while_another_writes(ours, tmp_path, kind):
    place = ours.file(tmp_path / "perisai.db") if kind == "file" else ours.database()
    with locked(place), jamsos.open(place) as registry:
        assert registry.last_position() > 0
        assert registry.quota("perisai", "51").free > 0


@plain_library(
    "For longer than its time-out: `save` raises, and the same `save` tried again returns as if"
    " all were well. The event is lost."
)
def test_a_plain_save_that_is_tried_again_after_a_lock_loses_the_event(theirs, tmp_path, tally):
    place, acks, go = theirs.file(tmp_path / "perisai.db"), tmp_path / "acks", tmp_path / "go"
    writer = theirs.start(
        "write",
        place=place,
        acks=str(acks),
        letters=LETTERS[:1],
        go=str(go),
        retry="save",
        env={"SQLITE_LOCK_TIMEOUT": "1"},
    )
    running.wait_until(tmp_path.joinpath("acks.ready").exists)
    with locked(place):
        go.touch()
        writer.succeed()

    tally(runs=1)
    assert list(evidence.told(acks).answers) == LETTERS[:1]
    assert theirs.harm(place, acks).lost == tuple(LETTERS[:1])
