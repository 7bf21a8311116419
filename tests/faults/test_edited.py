"""Somebody edits or deletes rows of the database."""

import sqlite3
from contextlib import closing, contextmanager

import psycopg
import pytest

import jamsos
from jamsos.audit import replay
from jamsos.errors import CorruptHistoryError
from tests.faults import evidence, plain, programs
from tests.faults.guarantees import not_promised, plain_library, promised

LETTERS = [f"w0-{number}" for number in range(6)]


class Rows:
    """The rows of a database, for one who knows nothing of what they mean."""

    def __init__(self, connection, column, mark, table):
        self._execute = connection.execute
        self._column, self._mark, self._table = column, mark, table

    def change(self, position, **columns):
        for name, value in columns.items():
            self._run(
                f"UPDATE {self._table} SET {name} = ? WHERE {self._column} = ?", value, position
            )

    def delete(self, *positions):
        for position in positions:
            self._run(f"DELETE FROM {self._table} WHERE {self._column} = ?", position)

    def state(self, position):
        asked = f"SELECT state FROM {self._table} WHERE {self._column} = ?"
        return bytes(self._run(asked, position).fetchone()[0])

    def last(self):
        return self._run(f"SELECT max({self._column}) FROM {self._table}").fetchone()[0]

    def _run(self, statement, *parameters):
        return self._execute(statement.replace("?", self._mark), parameters)


@contextmanager
def rows_of(place, table="stored_events"):
    if evidence.is_server(place):
        with psycopg.connect(place) as connection:
            yield Rows(connection, "notification_id", "%s", table)
    else:
        with closing(sqlite3.connect(place, isolation_level=None)) as connection:
            yield Rows(connection, "rowid", "?", table)


@pytest.fixture
def written(ours, prepared):
    """Give a store with some letters, each of two events, at the end."""
    place = prepared(ours)
    with jamsos.open(place) as registry:
        for letter in LETTERS:
            programs.answer(registry, letter).or_raise()
    return place


def history(place):
    with jamsos.open(place) as registry:
        return list(registry.history())


def findings(place):
    with jamsos.open(place) as registry:
        return replay.replay(registry.history()).findings


CAUGHT = {
    "JSON is broken": lambda rows, at: rows.change(at, state=rows.state(at)[:-2]),
    "a field is missing": lambda rows, at: rows.change(
        at, state=rows.state(at).replace(b'"province":"14",', b"")
    ),
    "a value cannot be": lambda rows, at: rows.change(
        at, state=rows.state(at).replace(b'"province":"14"', b'"province":"99"')
    ),
    "its name is unknown": lambda rows, at: rows.change(at, topic="agent.promoted.v1"),
    "it is of another kind": lambda rows, at: rows.change(at, topic="quota.seat-taken.v1"),
    "it is deleted": lambda rows, at: rows.delete(at),
    "two are deleted": lambda rows, at: rows.delete(at, at + 1),
    "its version is another": lambda rows, at: rows.change(at, originator_version=7),
}


@promised(
    "Reading stops at the first event that is broken, unknown, of another kind, or missing in the"
    " middle, and names its position."
)
@pytest.mark.parametrize("edit", CAUGHT)
def test_reading_stops_at_an_event_that_is_not_what_it_claims_to_be(written, edit):
    at = len(history(written)) - 5
    with rows_of(written) as rows:
        CAUGHT[edit](rows, at)

    with pytest.raises(CorruptHistoryError) as caught:
        history(written)

    assert caught.value.position in {at, at + 1, at + 2}


@promised("A decision of which the last event is deleted is found by `jamsos replay`.")
def test_half_a_decision_at_the_end_is_found_by_replay(written):
    with rows_of(written) as rows:
        rows.delete(rows.last())

    assert history(written)
    assert findings(written)


@promised("A command whose events were deleted is never answered with those of another.")
def test_a_command_whose_events_were_deleted_is_not_answered_with_those_of_another(written):
    with rows_of(written) as rows:
        rows.delete(rows.last(), rows.last() - 1)

    with jamsos.open(written) as registry:
        programs.answer(registry, "w0-another").or_raise()
        with pytest.raises(CorruptHistoryError):
            programs.answer(registry, LETTERS[-1])


@not_promised(
    "A whole decision that is deleted at the end leaves no trace: without a seal, nobody can"
    " tell that there was more."
)
def test_a_decision_that_is_deleted_at_the_end_is_not_noticed(written):
    before = history(written)
    with rows_of(written) as rows:
        rows.delete(rows.last(), rows.last() - 1)

    assert history(written) == before[:-2]
    assert not findings(written)


@not_promised(
    "A value that is changed to another valid one is read as if it had always been so, unless"
    " other events contradict it."
)
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"province":"14"', b'"province":"51"'),
        (b'"recorded_at":"2', b'"recorded_at":"1'),
    ],
    ids=["province", "recorded_at"],
)
def test_a_value_that_is_changed_to_another_valid_one_is_not_noticed(written, old, new):
    at = len(history(written)) - 5
    with rows_of(written) as rows:
        assert old in rows.state(at)
        rows.change(at, state=rows.state(at).replace(old, new))

    assert len(history(written)) == at + 5
    assert not findings(written)


PLAIN_CAUGHT = {
    "JSON is broken": lambda rows, at: rows.change(at, state=rows.state(at)[:-2]),
    "its name is unknown": lambda rows, at: rows.change(at, topic="nowhere:Nothing"),
    "it is deleted": lambda rows, at: rows.delete(at),
}


@pytest.fixture
def written_plainly(theirs, prepared):
    place = prepared(theirs)
    app = plain.application(place)
    for letter in LETTERS:
        plain.send(app, letter, "never")
    app.close()
    table = "scheme_events" if evidence.is_server(place) else "stored_events"
    return place, table


@plain_library("An aggregate cannot be read whose event is broken, unknown, or missing inside.")
@pytest.mark.parametrize("edit", PLAIN_CAUGHT)
def test_a_plain_aggregate_with_a_broken_event_cannot_be_read(theirs, written_plainly, edit):
    place, table = written_plainly
    with rows_of(place, table) as rows:
        PLAIN_CAUGHT[edit](rows, rows.last() - 3)

    assert theirs.harm(place).unreadable == ("14",)


@plain_library(
    "The last event of any aggregate can be deleted, also in the middle of the history, and a"
    " value changed to another valid one: nothing notices."
)
def test_a_plain_aggregate_whose_last_event_is_deleted_is_read_as_if_nothing_were(
    theirs, written_plainly
):
    place, table = written_plainly
    with rows_of(place, table) as rows:
        at = rows.last() - 3
        rows.delete(rows.last() - 1)
        assert b'"w0-4"' in rows.state(at)
        rows.change(at, state=rows.state(at).replace(b'"w0-4"', b'"w0-9"'))

    found = theirs.harm(place)
    assert (found.unreadable, found.gaps) == ((), ())
