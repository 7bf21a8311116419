"""`jamsos rebuild`: live counts made again, what differed, and what became of them."""

import sqlite3
from contextlib import closing

import pytest

import jamsos
from jamsos import Citation, Definition, Month, Months, Status
from jamsos.store.event_store import migrate
from jamsos.store.history_file import load

NAMES = ["active", "seats", "acquisitions"]


@pytest.fixture
def store(life, tmp_path):
    """Copy the life, with live counts beside it."""
    path = tmp_path / "perisai.db"
    path.write_bytes(life.store.read_bytes())
    with jamsos.open(path) as registry:
        registry.catch_up()
    return path


def spoil(store, number):
    """Make so many numbers of who is active wrong by one."""
    with closing(sqlite3.connect(store)) as database, database:
        database.execute(
            "UPDATE tally_cells SET number = number + 1 WHERE (generation, heading, cell, month) IN"
            " (SELECT generation, heading, cell, month FROM tally_cells WHERE generation ="
            " (SELECT generation FROM tallies WHERE name = 'active') LIMIT ?)",
            [number],
        )


def test_what_agrees_is_put_in_place_and_is_no_finding(run, store, life):
    answer = run("rebuild", store)

    assert (answer.code, answer.err) == (0, "")
    assert answer.out.splitlines() == [
        f"{name}: rebuilt up to position {life.length}, no difference; the new one answers now"
        for name in NAMES
    ]


def test_what_differs_is_a_finding_and_is_fixed(run, store, life):
    spoil(store, 1)

    compared = run("rebuild", store, "active", "--compare-only")
    rebuilt = run("rebuild", store, "active")
    again = run("rebuild", store, "active")

    assert (compared.code, rebuilt.code, again.code) == (1, 1, 0)
    told, finding = compared.out.splitlines()
    assert told == f"active: rebuilt up to position {life.length}, 1 difference; the live one stays"
    assert finding == (
        "FINDING  ever-paid, jht, parts, 2017-12, bpu, 32: 2 live, 1 from the history"
    )
    assert finding in rebuilt.out
    assert "the new one answers now" in rebuilt.out


def test_many_differences_are_counted_and_all_of_them_are_in_the_json(run, store):
    spoil(store, 25)

    text = run("rebuild", store, "--compare-only")
    told = run("rebuild", store, "--compare-only", "--json")

    assert (text.code, told.code) == (1, 1)
    assert text.out.count("FINDING") == 20
    assert "and 5 more, which --json lists" in text.out
    assert told.json["replaced"] is False
    active = told.json["tallies"][0]
    assert len(active["differences"]) == 25
    assert active["differences"][0] == {
        "heading": "ever-paid, jht, parts",
        "cell": ["bpu", "32"],
        "month": "2017-12",
        "live": 2,
        "rebuilt": 1,
    }


def test_what_was_not_kept_is_made_and_only_where_it_is_asked_for(run, life, tmp_path):
    path = tmp_path / "new.db"
    load(life.file, path)

    compared = run("rebuild", path, "--compare-only")
    made = run("rebuild", path, "active-by-agent")
    both = run("rebuild", path, "--json")

    assert (compared.code, made.code, both.code) == (0, 0, 0)
    assert compared.out == f"nothing is kept in {path}, and so there is nothing to compare\n"
    assert made.out.startswith(f"active-by-agent: made, up to position {life.length}; it was not")
    assert sorted((t["name"], t["made"]) for t in both.json["tallies"]) == sorted(
        [*((name, True) for name in NAMES), ("active-by-agent", False)]
    )


def test_a_tally_of_a_users_own_is_named_and_left_as_it_is(run, store):
    own = Definition(
        "nobody", "nobody counts", Citation("Example"), Status.ASSUMED, lambda *_: Months()
    )
    with jamsos.open(store) as registry:
        registry.live_count(Month(2018, 2), own)

    answer = run("rebuild", store)

    assert answer.code == 0
    assert "active/nobody: no tally of this name ships" in answer.out
    assert run("rebuild", store, "--json").json["not known here"] == ["active/nobody"]


def test_a_database_of_a_server_is_rebuilt_too(run, postgres, life):
    url = postgres.new_database()
    migrate(url)
    load(life.file, url)

    assert run("rebuild", url).code == 0
    with jamsos.open(url) as registry:
        month = Month(2018, 1)
        assert registry.live_count(month) == registry.count(month)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("nothing.db",), 3, "there is no file"),
        (("life.jsonl",), 2, "import it first"),
        (("life.db", "nobody"), 2, "rebuild active, seats, acquisitions, active-by-agent"),
        (("other.db",), 3, "not a jamsos store"),
    ],
)
def test_what_cannot_be_rebuilt_is_said(run, life, tmp_path, monkeypatch, arguments, code, said):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "life.db").write_bytes(life.store.read_bytes())
    (tmp_path / "life.jsonl").write_bytes(life.file.read_bytes())
    with closing(sqlite3.connect("other.db")) as database, database:
        database.execute("CREATE TABLE something (else_ INTEGER)")

    answer = run("rebuild", *arguments)

    assert (answer.code, answer.out) == (code, "")
    assert said in answer.err
