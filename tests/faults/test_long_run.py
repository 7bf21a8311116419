"""Everything at once, at random: a short piece of the long run."""

import sqlite3
from contextlib import closing

import pytest

from tests.faults import long_run
from tests.faults.guarantees import promised


@promised(
    "Eight processes that fork, are killed, stopped and interrupted by signals, over a database"
    " that is locked, cut off and restarted: what was acknowledged is recorded, once, and nothing"
    " that was denied is. `make long-run` goes on for 20 minutes."
)
@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_a_round_of_the_long_run_keeps_every_word(need_postgres, kind, often, tally):  # noqa: ARG001
    assert long_run.over(kind, seconds=often(0, 60), seed=2018, round_seconds=often(4, 10))

    tally(runs=1)


def test_a_seed_gives_the_same_faults_again():
    faults = long_run.plan("s7r1", long_run.OF_A_SERVER, 10)

    assert faults == long_run.plan("s7r1", long_run.OF_A_SERVER, 10)
    assert faults != long_run.plan("s7r2", long_run.OF_A_SERVER, 10)
    assert all(0 < fault.at < 10 for fault in faults)


def test_a_store_that_lost_an_acknowledged_letter_is_kept_and_the_run_fails(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(long_run, "mkdtemp", lambda **_: str(tmp_path))

    def losing(on, *_):
        with long_run.noting(tmp_path / "acks-0") as told, long_run.jamsos.open(on.place) as desk:
            for letter in ("w-1", "w-2"):
                told.answered(letter, long_run.answer(desk, letter))
        with closing(sqlite3.connect(on.place)) as database, database:
            database.execute(
                "DELETE FROM stored_events WHERE rowid = (SELECT max(rowid) FROM stored_events)"
            )
        return long_run.Counter()

    monkeypatch.setattr(long_run, "one_round", losing)

    assert not long_run.over("sqlite", seconds=0, seed=1)
    assert "FAILED in round 0 of seed 1: lost: ('w-2',)" in capsys.readouterr().out
    assert (tmp_path / "store.db").exists()
