"""`jamsos export` and `jamsos import`: the same history comes back, or nothing does."""

import gzip
import io
import json
import os
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
import zstandard

import jamsos

COMMAND = "from jamsos.cli import main; raise SystemExit(main())"
GOLDEN = Path(__file__).parents[1] / "golden" / "v1.jsonl"


def moments(store):
    """Return when each event was recorded, by position, as the database has it."""
    with closing(sqlite3.connect(store)) as database:
        rows = database.execute("SELECT rowid, state FROM stored_events ORDER BY rowid")
        return {position: json.loads(state)["recorded_at"] for position, state in rows}


# -- There and back. --------------------------------------------------------------


def test_an_export_of_a_store_is_its_history_file(run, life):
    answer = run("export", life.store)

    assert (answer.code, answer.err) == (0, "")
    assert answer.out.encode() == life.file.read_bytes()


def test_an_import_says_how_many_events_it_took(run, life, tmp_path):
    new = tmp_path / "new.db"
    answer = run("import", life.file, "--store", new)

    assert answer == (0, f"27 events imported into {new}\n", "")
    assert sorted(tmp_path.iterdir()) == [new]


def test_an_import_says_it_in_json(run, life, tmp_path):
    new = tmp_path / "new.db"
    answer = run("import", life.file, "--store", new, "--json")

    assert (answer.code, answer.json) == (0, {"store": str(new), "events": 27})


@pytest.mark.parametrize("history", ["life", "golden"])
def test_the_same_bytes_come_back(run, life, tmp_path, history):
    file = life.file if history == "life" else GOLDEN
    run("import", file, "--store", tmp_path / "new.db")

    assert run("export", tmp_path / "new.db").out.encode() == file.read_bytes()


def test_a_foreign_history_keeps_its_own_moments(run, tmp_path):
    new = tmp_path / "new.db"
    run("import", GOLDEN, "--store", new)
    lines = [json.loads(line) for line in GOLDEN.read_bytes().splitlines()]

    assert moments(new) == {line["position"]: line["recorded_at"] for line in lines}
    assert moments(new)[1] == "2023-01-02T02:00:00Z"


def test_an_imported_history_counts_as_the_one_it_came_from(run, life, tmp_path):
    new = tmp_path / "new.db"
    run("import", life.file, "--store", new)

    asked = ("--month", "2018-02", "--active", "in-grace", "--by", "agent,programme", "--members")
    assert run("count", new, *asked) == run("count", life.store, *asked)
    assert run("replay", new) == run("replay", life.store)


def test_a_history_without_events_becomes_a_store_without_events(run, tmp_path):
    (tmp_path / "empty.jsonl").touch()
    answer = run("import", tmp_path / "empty.jsonl", "--store", tmp_path / "new.db")

    assert answer.out.startswith("0 events imported")
    assert run("export", tmp_path / "new.db") == (0, "", "")


# -- Histories that others write. -------------------------------------------------


def upside_down(value):
    """Return *value* with the fields of every object in the opposite order."""
    if isinstance(value, dict):
        return {name: upside_down(part) for name, part in reversed(value.items())}
    return [upside_down(part) for part in value] if isinstance(value, list) else value


@pytest.mark.parametrize(
    ("as_written", "as_kept"),
    [
        ("2018-03-06T09:00:00+07:00", "2018-03-06T02:00:00Z"),
        ("2018-03-06T00:30:00-01:30", "2018-03-06T02:00:00Z"),
        ("2018-01-01T08:59:59.25+09:00", "2017-12-31T23:59:59.250000Z"),
        ("2018-03-06T02:00:00+00:00", "2018-03-06T02:00:00Z"),
    ],
)
def test_a_moment_of_any_time_zone_is_kept_in_utc(
    run, life, written, tmp_path, as_written, as_kept
):
    lines = life.lines()
    lines[0]["recorded_at"] = as_written
    run("import", written(lines), "--store", tmp_path / "new.db")

    assert moments(tmp_path / "new.db")[1] == as_kept


def test_fields_in_any_order_and_spaces_become_the_one_spelling(run, life, tmp_path):
    foreign = tmp_path / "foreign.jsonl"
    lines = [json.dumps(upside_down(line), separators=(" , ", " : ")) for line in life.lines()]
    foreign.write_text("\r\n".join(lines) + "\r\n")
    answer = run("import", foreign, "--store", tmp_path / "new.db")

    assert answer.code == 0
    assert run("export", tmp_path / "new.db").out.encode() == life.file.read_bytes()


# -- Or nothing does. -------------------------------------------------------------


def cut_off(lines):
    lines[-1] = lines[-1][:-30]


def doubled(lines):
    lines.insert(20, lines[20])


def not_json(lines):
    lines[26] = b"Dear registry,"


@pytest.mark.parametrize("fault", [cut_off, doubled, not_json], ids=lambda f: f.__name__)
def test_nothing_is_written_of_a_history_that_cannot_be_read_to_its_end(run, life, tmp_path, fault):
    lines = life.file.read_bytes().splitlines(keepends=True)
    fault(lines)
    broken = tmp_path / "broken.jsonl"
    broken.write_bytes(b"".join(lines))
    answer = run("import", broken, "--store", tmp_path / "new.db")

    assert (answer.code, answer.out) == (3, "")
    assert answer.err.count("\n") == 1
    assert sorted(tmp_path.iterdir()) == [broken]


def test_an_existing_target_is_left_as_it_is(run, life, tmp_path):
    target = tmp_path / "old.db"
    target.write_text("mine")
    answer = run("import", life.file, "--store", target)

    assert (answer.code, answer.out) == (2, "")
    assert answer.err == f"jamsos: {target} exists already: give the name of a new store\n"
    assert target.read_text() == "mine"
    assert sorted(tmp_path.iterdir()) == [target]


def test_a_store_is_not_imported_but_exported_first(run, life, tmp_path):
    answer = run("import", life.store, "--store", tmp_path / "new.db")

    assert (answer.code, answer.out) == (2, "")
    assert answer.err == (f"jamsos: {life.store} is a store, not a history file: export it first\n")
    assert list(tmp_path.iterdir()) == []


def test_a_target_in_no_folder_cannot_be_written(run, life, tmp_path):
    target = tmp_path / "nowhere" / "new.db"
    answer = run("import", life.file, "--store", target)

    assert (answer.code, answer.out) == (3, "")
    assert answer.err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_history_file_is_not_exported(run, life):
    answer = run("export", life.file)

    assert (answer.code, answer.out) == (2, "")
    assert answer.err == (
        f"jamsos: {life.file} is a history file already: there is nothing to export\n"
    )


def test_a_store_with_a_gap_is_not_exported_as_if_it_had_none(run, life, tmp_path):
    broken = tmp_path / "broken.db"
    broken.write_bytes(life.store.read_bytes())
    with closing(sqlite3.connect(broken)) as database:
        database.execute("DELETE FROM stored_events WHERE rowid = 10")
        database.commit()
    answer = run("export", broken)

    assert answer.code == 3
    assert answer.err == "jamsos: position 11 follows position 9: 10 is missing\n"


def test_a_store_with_an_event_that_cannot_be_read_is_not_exported(run, life, tmp_path):
    broken = tmp_path / "broken.db"
    broken.write_bytes(life.store.read_bytes())
    with closing(sqlite3.connect(broken)) as database:
        database.execute("UPDATE stored_events SET topic = 'agent.promoted.v1' WHERE rowid = 10")
        database.commit()
    answer = run("export", broken)

    assert answer.code == 3
    assert "position 10" in answer.err
    assert "there is no event 'agent.promoted.v1'" in answer.err


# -- From where it comes. ---------------------------------------------------------

READING = [
    ("count", "SOURCE", "--month", "2018-02", "--active", "in-grace"),
    ("replay", "SOURCE"),
    ("show", "SOURCE", "programme-perisai"),
    ("explain", "SOURCE", "programme-perisai@2"),
    ("law", "check", "LAWS", "--history", "SOURCE"),
    ("import", "SOURCE", "--store", "NEW"),
]
LAWS = """
from jamsos.testing import law

@law("one", cite="none")
def one(before, event, after, world):
    pass

@law("two", cite="none")
def two(before, event, after, world):
    pass
"""


@pytest.mark.parametrize("way", ["pipe", "standard input", "gzip", "zstd"])
@pytest.mark.parametrize("asked", READING, ids=lambda asked: asked[0])
def test_a_history_may_come_through_a_pipe_or_packed(run, life, tmp_path, monkeypatch, asked, way):
    content, source = life.file.read_bytes(), tmp_path / "source"
    (tmp_path / "laws.py").write_text(LAWS)
    if way == "pipe":
        os.mkfifo(source)
        threading.Thread(target=source.write_bytes, args=(content,), daemon=True).start()
    elif way == "standard input":
        source = "-"
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))
    else:
        pack = gzip.compress if way == "gzip" else zstandard.ZstdCompressor().compress
        source.write_bytes(pack(content))
    names = {"LAWS": tmp_path / "laws.py", "NEW": tmp_path / "new.db"}
    answer = run(*({**names, "SOURCE": source}.get(word, word) for word in asked))
    (tmp_path / "new.db").unlink(missing_ok=True)
    plain = run(*({**names, "SOURCE": life.file}.get(word, word) for word in asked))

    assert answer == plain
    assert answer.code in {0, 1}
    assert answer.out


@pytest.mark.parametrize("command", ["export", "rebuild"])
@pytest.mark.parametrize("source", ["-", "pipe"])
def test_what_needs_a_store_does_not_wait_for_a_pipe(run, tmp_path, command, source):
    os.mkfifo(tmp_path / "pipe")
    answer = run(command, source if source == "-" else tmp_path / source)

    assert (answer.code, answer.out) == (2, "")
    assert "is a history file" in answer.err


# -- Places with a password. ------------------------------------------------------


def with_password(url):
    """Return *url*, of a server that asks nobody for a password, with one."""
    return url.replace("?user=postgres", "").replace("://", "://postgres:geheim@")


def test_a_password_is_never_printed(run, life, postgres):
    url = with_password(postgres.new_database())
    place = url.replace(":geheim", "")
    commands = [
        ("migrate", url),
        ("import", life.file, "--store", url),
        ("import", life.file, "--store", url),
        ("import", url, "--store", "new.db"),
        ("demo", "--store", url),
        ("backup", url, "new.db"),
        ("backup", life.store, url),
    ]
    answers = [run(*command) for command in commands]
    answers += [run(*command, "--json") for command in commands]

    assert [answer.code for answer in answers] == [0, 0, 2, 2, 2, 2, 2, 0, 2, 2, 2, 2, 2, 2]
    assert answers[1].out == f"27 events imported into {place}\n"
    assert f"{place} is not empty" in answers[2].err
    assert f"{place} holds 27 events: give the demo an empty database" in answers[4].err
    assert not any("geheim" in answer.out + answer.err for answer in answers)


def test_an_import_into_a_database_tells_its_place_without_the_password_in_json_too(
    run, life, postgres
):
    url = with_password(postgres.new_database())
    run("migrate", url)
    answer = run("import", life.file, "--store", url, "--json")

    assert answer.json == {"store": url.replace(":geheim", ""), "events": 27}


# -- Through a pipe. --------------------------------------------------------------


@pytest.fixture(scope="module")
def crowd(tmp_path_factory):
    """Keep a store that is longer than any pipe: 1,000 participants, registered directly."""
    store = tmp_path_factory.mktemp("crowd") / "crowd.db"
    with jamsos.open(store) as registry, registry.batch() as desk:
        for _ in range(1_000):
            who = jamsos.new_participant_id()
            desk.register(who, province="51", on=date(2018, 1, 8)).or_raise()
    return store


def piped(*arguments):
    """Start a command with its output in a pipe."""
    return subprocess.Popen(
        [sys.executable, "-c", COMMAND, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def test_an_export_through_a_pipe_is_the_history_file(life):
    with piped("export", life.store) as export:
        out, err = export.communicate()

    assert (export.returncode, err) == (0, b"")
    assert out == life.file.read_bytes()


def test_an_export_through_a_pipe_can_be_imported(run, crowd, tmp_path):
    with (tmp_path / "crowd.jsonl").open("wb") as file, piped("export", crowd) as export:
        for line in export.stdout:
            file.write(line)
    run("import", tmp_path / "crowd.jsonl", "--store", tmp_path / "new.db")

    asked = ("--month", "2018-02", "--active", "registered")
    assert run("count", tmp_path / "new.db", *asked) == run("count", crowd, *asked)
    assert export.returncode == 0


@pytest.mark.parametrize(
    "asked",
    [
        ("export",),
        ("count", "--month", "2018-02", "--active", "registered", "--members"),
        ("count", "--month", "2018-02", "--active", "registered", "--members", "--json"),
    ],
    ids=" ".join,
)
def test_a_reader_who_has_read_enough_may_leave(crowd, asked):
    command, *options = asked
    with piped(command, crowd, *options) as process:
        first = process.stdout.read(10)
        process.stdout.close()
        err = process.stderr.read()

    assert len(first) == 10
    assert err == b""
    assert process.returncode == 0
