"""The long run itself: its seed, and what it does with a store that failed."""

import sqlite3
from contextlib import closing

from tests.faults import long_run


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
