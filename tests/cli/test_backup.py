"""`jamsos backup`: a copy of a store that may be open, and what is said of it."""

import jamsos
from jamsos.store import history_file


def test_a_backup_says_how_many_events_it_holds(run, life, tmp_path):
    new = tmp_path / "copy.db"
    answer = run("backup", life.store, new)

    assert answer == (0, f"27 events of {life.store} backed up to {new}\n", "")
    assert run("export", new).out == run("export", life.store).out
    assert run("replay", new) == run("replay", life.store)


def test_a_backup_says_it_in_json(run, life, tmp_path):
    new = tmp_path / "copy.db"
    answer = run("backup", life.store, new, "--json")

    assert answer.json == {"store": str(life.store), "backup": str(new), "events": 27}


def test_a_store_that_is_open_is_backed_up(run, life, tmp_path):
    with jamsos.open(life.store):
        answer = run("backup", life.store, tmp_path / "copy.db")

    assert answer.code == 0
    assert sum(1 for _ in history_file.read(tmp_path / "copy.db")) == 27


def test_a_file_that_is_there_is_no_place_for_a_backup(run, life, tmp_path):
    (tmp_path / "copy.db").touch()
    answer = run("backup", life.store, tmp_path / "copy.db")

    assert (answer.code, answer.out) == (2, "")
    assert "exists already" in answer.err


def test_the_standard_input_is_no_store(run, tmp_path):
    answer = run("backup", "-", tmp_path / "copy.db")

    assert (answer.code, answer.out) == (2, "")
    assert answer.err.count("\n") == 1
