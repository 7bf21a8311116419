"""Bad input of every kind: one sentence on the standard error, and the right exit code."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

import jamsos

COMMAND = "from jamsos.cli import main; raise SystemExit(main())"
GOLDEN = Path(__file__).parents[1] / "golden" / "v1.jsonl"
READING = {
    "count": ("--month", "2018-02", "--active", "registered"),
    "replay": (),
    "show": ("programme-perisai",),
}


def check_one_sentence(answer, code, *words):
    """Hold *answer* to one line of error, its exit code, and what it must speak of."""
    assert answer.code == code
    assert answer.out == ""
    assert answer.err.startswith("jamsos: ")
    assert answer.err.count("\n") == 1
    assert answer.err.endswith("\n")
    for word in words:
        assert word in answer.err


# -- Commands that cannot be answered as they are given. --------------------------

COUNT = ("count", "STORE", "--month", "2018-02")
COMMANDS = {
    "no command": ((), "COMMAND"),
    "unknown command": (("recount", "STORE"), "'recount'"),
    "unknown option": ((*COUNT, "--quickly"), "--quickly"),
    "one argument too many": (("export", "STORE", "STORE"), "unrecognized"),
    "count without a store": (("count", "--month", "2018-02"), "STORE"),
    "count without a month": (("count", "STORE"), "--month"),
    "count of no store": (("count", "", "--month", "2018-02"), "STORE: it is empty"),
    "export of blanks": (("export", "  "), "STORE: it is empty"),
    "rules of no file": (("rules", "list", "--rules", ""), "'' is no name of a rule file"),
    "laws of no module": (("law", "check", ""), "'' cannot be imported"),
    "a command of no name": (("",), "''"),
    "month 13": (("count", "STORE", "--month", "2018-13"), "there is no month 2018-13"),
    "month 0": (("count", "STORE", "--month", "2018-00"), "there is no month 2018-00"),
    "year 0": (("count", "STORE", "--month", "0000-12"), "there is no month 0000-12"),
    "half a month": (("count", "STORE", "--month", "2018-1"), "'2018-1' is not a month"),
    "a day for a month": (("count", "STORE", "--month", "2018-02-05"), "'2018-02-05'"),
    "a word for a month": (("count", "STORE", "--month", "february"), "'february'"),
    "no word for a month": (("count", "STORE", "--month", ""), "''"),
    "unknown definition": ((*COUNT, "--active", "active"), "'active'"),
    "unknown dimension": ((*COUNT, "--by", "month"), "'month'"),
    "one unknown dimension of two": ((*COUNT, "--by", "segment,regency"), "'regency'"),
    "dimensions by another comma": ((*COUNT, "--by", "segment;agent"), "'segment;agent'"),
    "no programme's name": ((*COUNT, "--programme", "JHT"), "'JHT'"),
    "future position": ((*COUNT, "--known-at", "28"), "ends at position 27"),
    "far future position": ((*COUNT, "--known-at", "9" * 30), "ends at position 27"),
    "negative position": ((*COUNT, "--known-at", "-1"), "-1"),
    "position with decimals": ((*COUNT, "--known-at", "1.5"), "'1.5'"),
    "a word for a position": ((*COUNT, "--known-at", "now"), "'now'"),
    "a position of 6,000 digits": ((*COUNT, "--known-at", "9" * 6_000), "is no position"),
    "a month for a day": ((*COUNT, "--known-at", "2018-02"), "'2018-02'"),
    "a day that there is not": ((*COUNT, "--known-at", "2018-02-30"), "'2018-02-30'"),
    "a moment without an offset": (
        (*COUNT, "--known-at", "2018-02-28T12:00:00"),
        "give the moment with one, as 2018-02-28T12:00:00+07:00",
    ),
    "replay to a moment without an offset": (
        ("replay", "STORE", "--to", "2018-02-28T12:00"),
        "without an offset",
    ),
    "replay to the future": (("replay", "STORE", "--to", "28"), "ends at position 27"),
    "replay to before the start": (("replay", "STORE", "--to", "-1"), "-1"),
    "replay to a word": (("replay", "STORE", "--to", "end"), "'end'"),
    "show without a stream": (("show", "STORE"), "STREAM"),
    "show no stream": (("show", "STORE", "office-1"), "'office-1'"),
    "show nothing recorded": (("show", "STORE", "programme-jkk"), "programme-jkk"),
    "import without a target": (("import", "FILE"), "--store"),
    "import onto what is there": (("import", "FILE", "--store", "STORE"), "exists already"),
    "import of a store": (("import", "STORE", "--store", "NEW"), "is a store"),
    "export of a file": (("export", "FILE"), "is a history file already"),
    "demo until another day": (("demo", "--until", "2018-03"), "'2018-03'"),
    "demo until no day": (("demo", "--until", ""), "''"),
    "demo with a word for a seed": (("demo", "--seed", "lucky"), "'lucky'"),
    "demo onto what is there": (("demo", "--store", "STORE"), "exists already"),
}


@pytest.mark.parametrize(("asked", "word"), COMMANDS.values(), ids=COMMANDS)
def test_a_wrong_command_line_is_told_so_in_one_sentence(run, life, tmp_path, asked, word):
    names = {"STORE": life.store, "FILE": life.file, "NEW": tmp_path / "new.db"}
    answer = run(*(names.get(argument, argument) for argument in asked))

    check_one_sentence(answer, 2, word)
    assert list(tmp_path.iterdir()) == []


def test_a_position_before_the_start_is_not_laid_to_the_end_of_the_history(run, life):
    answer = run(*("count", life.store, "--month", "2018-02", "--known-at", "-1"))

    assert "ends at position 0" not in answer.err  # it ends at 27


# -- Files that are no history. ---------------------------------------------------


def missing(_):
    pass


def directory(path):
    path.mkdir()


def binary(path):
    path.write_bytes(bytes(range(256)) * 50)


def letter(path):
    path.write_text("Dear registry,\nthe agents are well.\n")


def other_encoding(path):
    path.write_bytes("Ibu Ani é".encode("latin-1"))


def array(path):
    path.write_text("[" * 100_000)


def half_a_database(path):
    with jamsos.open(path) as registry:
        registry.adopt("perisai", on=date(2017, 11, 20)).or_raise()
    path.write_bytes(path.read_bytes()[:5_000])


def head_of_a_database(path):
    path.write_bytes(b"SQLite format 3\x00")


def database_of_others(path):
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE letters (text)")
        database.commit()


NO_HISTORIES = [
    (missing, "there is no file"),
    (directory, "cannot be read"),
    (binary, "line 1"),
    (letter, "line 1"),
    (other_encoding, "line 1"),
    (array, "line 1: it is a JSON array"),
    (half_a_database, "cannot be read"),
    (head_of_a_database, ""),
    (database_of_others, "is not a jamsos store"),
]
IDS = [make.__name__ for make, _ in NO_HISTORIES]


@pytest.mark.parametrize("command", READING)
@pytest.mark.parametrize(("make", "word"), NO_HISTORIES, ids=IDS)
def test_a_file_that_is_no_history_is_reported_and_not_read(run, tmp_path, command, make, word):
    path = tmp_path / "history"
    make(path)

    check_one_sentence(run(command, path, *READING[command]), 3, str(path), word)


@pytest.mark.parametrize(
    "make", [missing, directory, half_a_database, database_of_others], ids=lambda m: m.__name__
)
def test_what_is_no_store_is_not_exported(run, tmp_path, make):
    make(tmp_path / "store.db")

    check_one_sentence(run("export", tmp_path / "store.db"), 3, "store.db")


@pytest.mark.parametrize(
    "make", [missing, directory, binary, letter], ids=lambda make: make.__name__
)
def test_what_is_no_history_file_is_not_imported(run, tmp_path, make):
    make(tmp_path / "file.jsonl")
    answer = run("import", tmp_path / "file.jsonl", "--store", tmp_path / "new.db")

    check_one_sentence(answer, 3, "file.jsonl")
    assert not (tmp_path / "new.db").exists()


def test_a_database_of_others_is_left_as_it_was(run, tmp_path):
    path = tmp_path / "letters.db"
    database_of_others(path)
    before = path.read_bytes()
    run("count", path, "--month", "2018-02")

    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(
    not hasattr(os, "getuid") or os.getuid() == 0, reason="root may read what nobody may"
)
@pytest.mark.parametrize("command", READING)
@pytest.mark.parametrize("form", ["store", "file"])
def test_a_file_that_may_not_be_read_is_reported(run, life, tmp_path, command, form):
    path = tmp_path / "locked"
    shutil.copy(getattr(life, form), path)
    path.chmod(0)

    check_one_sentence(run(command, path, *READING[command]), 3, str(path), "denied")


# -- Histories with one fault. ----------------------------------------------------


def fault(position, *words):
    """Mark a function that puts a fault into the lines of the golden history."""

    def mark(put):
        FAULTS.append(pytest.param((put, position, words), id=put.__name__))
        return put

    return mark


FAULTS = []


@fault(10, "it is there already")
def duplicate_position(lines):
    lines[10]["position"] = 10


@fault(11, "10 is missing")
def position_left_out(lines):
    del lines[9]


@fault(None, "position")
def position_0(lines):
    lines[0]["position"] = 0


@fault(None, "position")
def position_with_decimals(lines):
    lines[0]["position"] = 1.5


@fault(20, "it must be 4")
def duplicate_version(lines):
    lines[19]["version"] = 3


@fault(20, "'agent.promoted.v1'")
def unknown_event(lines):
    lines[19]["type"] = "agent.promoted.v1"


@fault(20, "'agent.assigned.v2'")
def event_of_a_version_to_come(lines):
    lines[19]["type"] = "agent.assigned.v2"


@fault(20, "cannot stand in agent-")
def event_of_another_stream(lines):
    lines[19]["type"] = "quota.allotted.v1"


@fault(20, "is not a stream")
def stream_of_no_kind(lines):
    lines[19]["stream"] = "office-1"


@fault(27, "Budi")
def stream_that_names_a_person(lines):
    name = lines[26]["stream"]
    for line in lines:
        if line["stream"] == name:
            line["stream"] = "participant-Budi"


@fault(6, "quota-perisai-99")
def stream_of_an_unknown_region(lines):
    for line in lines:
        if line["stream"] == "quota-perisai-national":
            line["stream"] = "quota-perisai-99"


@fault(20)
def stream_with_a_line_break(lines):
    lines[19]["stream"] = "agent-1\nand another line"


@fault(20)
def event_with_a_line_break(lines):
    lines[19]["type"] = "quota.allotted.v1\nand another line"


@fault(None, "line 20", "`who`")
def unknown_field_of_the_line(lines):
    lines[19]["who"] = "Ani"


@fault(None, "`recorded_at`")
def missing_field_of_the_line(lines):
    del lines[19]["recorded_at"]


@fault(20, "'who'")
def unknown_field(lines):
    lines[19]["data"]["who"] = "Ani"


@fault(20, "`on`")
def missing_field(lines):
    del lines[19]["data"]["on"]


@fault(35, "'agent'")
def missing_field_that_may_be_nothing(lines):
    change = lines[34]["data"]["changes"][0]
    del change["spells"][0]["agent"]


@fault(31, "'amount' is 16800.5", "not a whole number")
def amount_with_decimals(lines):
    lines[30]["data"]["amount"] = 16_800.5


@fault(31, "'amount' is 16800.0", "not a whole number")
def amount_written_as_a_float(lines):
    lines[30]["data"]["amount"] = 16_800.0


@fault(31, "amount is -1")
def negative_amount(lines):
    lines[30]["data"]["amount"] = -1


@fault(31, "income is -1")
def negative_income(lines):
    lines[30]["data"]["income"] = -1


@fault(31, "amount")
def amount_in_a_text(lines):
    lines[30]["data"]["amount"] = "16800"


@fault(31, "amount is 9223372036854775808")
def amount_too_large(lines):
    lines[30]["data"]["amount"] = 2**63


@fault(39, "idle_months")
def negative_idle_months(lines):
    lines[38]["data"]["idle_months"] = -1


@fault(6, "seats")
def negative_seats(lines):
    lines[5]["data"]["seats"] = -1


@fault(31, "2018-13")
def month_13(lines):
    lines[30]["data"]["months"] = "2017-12/2018-13"


@fault(53, "2018-13")
def month_13_of_an_evaluation(lines):
    lines[52]["data"]["measures"]["month"] = "2018-13"


@fault(31, "months")
def months_with_a_gap(lines):
    lines[30]["data"]["months"] = "2017-12/2017-12,2018-02/2018-02"


@fault(31, "2018-02/2017-12")
def months_that_run_backwards(lines):
    lines[30]["data"]["months"] = "2018-02/2017-12"


@fault(20, "date", "`$.on`")
def day_that_there_is_not(lines):
    lines[19]["data"]["on"] = "2018-02-30"


@fault(12, "region is '99'")
def unknown_region_of_a_seat(lines):
    lines[11]["data"]["region"] = "99"


@fault(6, "region is '99'")
def unknown_region_of_seats(lines):
    lines[5]["data"]["region"] = "99"


@fault(8, "'99'")
def seats_from_an_unknown_region(lines):
    lines[7]["data"]["source"] = "99"


@fault(7, "'99'")
def seats_for_an_unknown_region(lines):
    lines[6]["data"]["to"] = "99"


@fault(12, "province is '97'")
def unknown_province(lines):
    lines[11]["data"]["province"] = "97"


@fault(27, "'BPU'")
def unknown_segment(lines):
    lines[26]["data"]["segment"] = "BPU"


@fault(31, "programmes")
def no_programme(lines):
    lines[30]["data"]["programmes"] = []


@fault(31, "'JKK of Ani'")
def programme_that_names_a_person(lines):
    lines[30]["data"]["programmes"] = ["JKK of Ani"]


@fault(None, "recorded_at")
def moment_without_an_offset(lines):
    lines[19]["recorded_at"] = "2023-01-02T02:00:00"


@fault(20)
def moment_before_the_first_one_in_utc(lines):
    lines[19]["recorded_at"] = "0001-01-01T00:00:00+07:00"


@fault(20)
def moment_after_the_last_one_in_utc(lines):
    lines[19]["recorded_at"] = "9999-12-31T23:59:59-07:00"


@pytest.fixture(params=FAULTS)
def faulty(request, written):
    """Give a history with one fault, the position of it, and what is to be said of it."""
    put, position, words = request.param
    lines = [json.loads(line) for line in GOLDEN.read_bytes().splitlines()]
    put(lines)
    place = () if position is None else (f"position {position}",)
    return written(lines), (*place, *words)


@pytest.mark.parametrize("command", READING)
def test_a_fault_is_reported_in_one_sentence_and_nothing_is_printed(run, command, faulty):
    history, words = faulty

    check_one_sentence(run(command, history, *READING[command]), 3, *words)


def test_a_history_with_a_fault_is_not_imported(run, tmp_path, faulty):
    history, words = faulty
    answer = run("import", history, "--store", tmp_path / "new.db")

    check_one_sentence(answer, 3, *words)
    assert list(tmp_path.iterdir()) == [history]


def cut_off(text):
    return text[:-30]


def cut_off_after_the_position(text):
    return text[: text.rindex(b',"stream"')]


def empty_line(text):
    return text.replace(b"\n", b"\n\n", 1)


def field_of_the_line_twice(text):
    return text.replace(b'{"position":1,', b'{"position":9,"position":1,', 1)


def field_twice(text):
    return text.replace(b'"amount":16800,', b'"amount":1,"amount":16800,', 1)


def number_that_is_none(text):
    return text.replace(b'"amount":16800', b'"amount":NaN', 1)


def number_of_6000_digits(text):
    return text.replace(b'"amount":16800', b'"amount":1' + b"0" * 6_000, 1)


def position_of_6000_digits(text):
    return text.replace(b'"position":1,', b'"position":1' + b"0" * 6_000 + b",", 1)


def data_without_a_bottom(text):
    deep = b"[" * 100_000 + b"]" * 100_000
    return text.replace(b'"data":{"on":"2017-12-04"}', b'"data":' + deep, 1)


def half_a_character(text):
    return text.replace(b"perisai", b"peris\xc3", 1)


def bytes_of_a_mark_in_the_middle(text):
    return text.replace(b"\n", b"\n\xef\xbb\xbf", 1)


RAW = [
    (cut_off, "line 63: the file ends in the middle of a line"),
    (cut_off_after_the_position, "line 63: the file ends in the middle of a line"),
    (empty_line, "line 2"),
    (field_of_the_line_twice, "'position' is there twice"),
    (field_twice, "'amount' is there twice"),
    (number_that_is_none, "line 31"),
    (number_of_6000_digits, "line 31"),
    (position_of_6000_digits, "line 1"),
    (data_without_a_bottom, "line 20"),
    (half_a_character, "line 1"),
    (bytes_of_a_mark_in_the_middle, "line 2"),
]


@pytest.mark.parametrize("command", READING)
@pytest.mark.parametrize(("spoil", "word"), RAW, ids=[spoil.__name__ for spoil, _ in RAW])
def test_a_spoilt_line_is_reported_with_its_number(run, tmp_path, command, spoil, word):
    history = tmp_path / "spoilt.jsonl"
    history.write_bytes(spoil(GOLDEN.read_bytes()))

    assert history.read_bytes() != GOLDEN.read_bytes()
    check_one_sentence(run(command, history, *READING[command]), 3, word)


# -- Stores that were changed by other tools. -------------------------------------

CHANGES = {
    "a row deleted": ("DELETE FROM stored_events WHERE rowid = 10", 11, "10 is missing"),
    "a row moved": ("UPDATE stored_events SET rowid = 99 WHERE rowid = 10", 11, "10 is missing"),
    "the name changed": (
        "UPDATE stored_events SET topic = 'agent.promoted.v1' WHERE rowid = 10",
        10,
        "agent.promoted.v1",
    ),
    "the version changed": (
        "UPDATE stored_events SET originator_version = 9 WHERE rowid = 10",
        10,
        "it must be 4",
    ),
    "the event emptied": ("UPDATE stored_events SET state = x'' WHERE rowid = 10", 10, "position"),
    "the event made a number": ("UPDATE stored_events SET state = 7 WHERE rowid = 10", 10, ""),
    "the stream made nothing": (
        "UPDATE stored_events SET originator_id = '' WHERE rowid = 10",
        10,
        "is not a stream",
    ),
}


@pytest.mark.parametrize("command", READING)
@pytest.mark.parametrize(("change", "position", "word"), CHANGES.values(), ids=CHANGES)
def test_a_store_that_was_tampered_with_is_reported(
    run, life, tmp_path, command, change, position, word
):
    store = tmp_path / "tampered.db"
    shutil.copy(life.store, store)
    with closing(sqlite3.connect(store)) as database:
        database.execute(change)
        database.commit()

    check_one_sentence(run(command, store, *READING[command]), 3, f"position {position}", word)


# -- As a process. ----------------------------------------------------------------


def test_a_process_shows_no_traceback(life):
    answer = subprocess.run(
        [sys.executable, "-c", COMMAND, "count", life.store, "--month", "2018-13"],
        capture_output=True,
        check=False,
        text=True,
    )

    assert (answer.returncode, answer.stdout) == (2, "")
    assert answer.stderr == "jamsos: there is no month 2018-13: write one as 2018-02\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full here")
@pytest.mark.parametrize("asked", [("count", "--month", "2018-02"), ("export",), ("replay",)])
def test_a_full_disk_is_no_finding_and_no_traceback(life, asked):
    command, *options = asked
    with Path("/dev/full").open("wb") as full:
        answer = subprocess.run(
            [sys.executable, "-c", COMMAND, command, life.store, *options],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
            text=True,
        )

    assert answer.returncode not in {0, 1}
    assert answer.stderr.startswith("jamsos: ")
    assert answer.stderr.count("\n") == 1
