"""`jamsos status`: what an operator asks of a store."""

import json
from datetime import date

import jamsos


def test_the_status_says_how_many_events_there_are_and_when_the_newest_was_recorded(life, run):
    said = json.loads(run("status", life.store, "--json").out)

    assert said["store"] == str(life.store)
    assert said["last_position"] == life.length
    assert said["recorded_at"] == life.lines()[-1]["recorded_at"].replace("Z", "+00:00")
    assert said["tallies"] == []


def test_a_tally_lags_by_the_events_that_came_after_it(life, run, tmp_path):
    copy = tmp_path / "copy.db"
    run("import", life.file, "--store", copy)
    with jamsos.open(copy) as registry:
        registry.catch_up()
        registry.move(life.fisher, province="32", on=date(2018, 3, 6)).or_raise()

    said = json.loads(run("status", copy, "--json").out)

    assert {tally["lag"] for tally in said["tallies"]} == {1}
    assert "tally     active, version" in run("status", copy).out
    assert "lags by 1" in run("status", copy).out


def test_a_history_file_has_no_status(life, run):
    answer = run("status", life.file)

    assert answer.code == 2
    assert answer.err == f"jamsos: {life.file} is a history file: only a store has a status\n"


def test_a_store_that_is_not_there_is_said_to_be_missing(run, tmp_path):
    answer = run("status", tmp_path / "nowhere.db")

    assert answer.code == 3
    assert "nowhere.db" in answer.err
