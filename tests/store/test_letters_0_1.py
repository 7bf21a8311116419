"""
Letters that version 0.1 answered are answered the same for ever, and decided no second time.

``tests/golden/letters-0.1.jsonl`` holds what its store kept for each letter, and the commands as
they are written today; ``store-0.1.jsonl`` its events. ``tests/store/letters_0_1`` made both, once,
with the code of version 0.1, and says how each letter was sent.
"""

import sqlite3
from contextlib import closing
from datetime import timedelta

import attrs
import msgspec
import psycopg
import pytest

import jamsos
from jamsos.commands import catalogue, spelling, spelling_0_1
from jamsos.commands.catalogue import COMMANDS, NAMES
from jamsos.commands.seats import Allot
from jamsos.commands.spelling import decode
from jamsos.domain.decision import Accepted, Reason, Refused
from jamsos.errors import InputError
from jamsos.store.event_store import EventStore, migrate
from tests.commands.examples import DAY
from tests.commands.examples import GOLDEN as COMMANDS_GOLDEN

GOLDEN = COMMANDS_GOLDEN.parent


class Sent(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    request: str
    position: int
    events: int
    answer: str
    commands: tuple[msgspec.Raw, ...]


SENT = [
    msgspec.json.decode(line, type=Sent)
    for line in (GOLDEN / "letters-0.1.jsonl").read_bytes().splitlines()
]
EVENTS = [
    msgspec.json.decode(line, type=tuple[str, int, str, str])
    for line in (GOLDEN / "store-0.1.jsonl").read_bytes().splitlines()
]
ANSWERS = msgspec.json.Decoder(tuple[int | tuple[Reason, ...], ...])
FOUND_NO_MORE = ("adopt-path", "pay-many-row-by-row")
"""Told by a path then; and by a default that one row spelled and the next one left out."""
FOUND = [each for each in SENT if each.id not in FOUND_NO_MORE]


LATER = {
    "agent.reseat.v1",
    "fact.void.v1",
    "participant.pay-difference.v1",
    "participant.refund.v1",
}
"""The commands that version 0.1 did not have."""


def commands_of(sent):
    """Return what was asked, as it is asked today."""
    return [decode(bytes(each)) for each in sent.commands]


def in_file(folder):
    """Put the rows of the store of version 0.1 into a file, and return its name."""
    path = folder / "0.1.db"
    EventStore(path).close()
    with closing(sqlite3.connect(path)) as database, database:
        for stream, version, name, state in EVENTS:
            row = (stream, version, name, state.encode())
            database.execute("INSERT INTO stored_events VALUES (?, ?, ?, ?)", row)
        for each in SENT:
            row = (each.id, each.request, each.position, each.events, each.answer.encode())
            database.execute("INSERT INTO commands VALUES (?, ?, ?, ?, ?)", row)
    return path


def in_server(url):
    """Put the rows of the store of version 0.1 into the database at *url*, and return that."""
    migrate(url)
    with psycopg.connect(url) as database:
        for position, (stream, version, name, state) in enumerate(EVENTS, start=1):
            row = (stream, version, name, state.encode(), position)
            database.execute("INSERT INTO stored_events VALUES (%s, %s, %s, %s, %s)", row)
        for each in SENT:
            row = (each.id, each.request, each.position, each.events, each.answer.encode())
            database.execute("INSERT INTO commands VALUES (%s, %s, %s, %s, %s)", row)
    return url


def rows_of(place):
    """Return everything that is recorded at *place*."""
    queries = ("SELECT * FROM stored_events ORDER BY 1, 2", "SELECT * FROM commands ORDER BY 1")
    connect = psycopg.connect if isinstance(place, str) else sqlite3.connect
    with closing(connect(place)) as database:
        return [database.execute(query).fetchall() for query in queries]


@pytest.fixture(scope="module", params=["SQLite", "PostgreSQL"])
def place(request, tmp_path_factory):
    if request.param == "SQLite":
        return in_file(tmp_path_factory.mktemp("0.1"))
    return in_server(request.getfixturevalue("postgres").new_database())


@pytest.fixture(scope="module")
def registry(place):
    with jamsos.open(place) as opened:
        yield opened


@pytest.fixture(scope="module")
def first(registry):
    """Give a function that says what a letter was answered, out of what the golden files say."""
    events = [recorded.event for recorded in registry.history()]

    def answers(sent):
        left = iter(events[sent.position - 1 :])
        return [
            Accepted(*(next(left) for _ in range(each)))
            if isinstance(each, int)
            else Refused(*each)
            for each in ANSWERS.decode(sent.answer)
        ]

    return answers


# -- What was sent is found again. -----------------------------------------------------------


def test_every_command_was_sent_to_version_0_1_and_each_kind_of_answer_was_given():
    asked = {msgspec.json.decode(each)["type"] for sent in SENT for each in sent.commands}
    answers = [each for sent in SENT for each in ANSWERS.decode(sent.answer)]
    policies = {r.policy for each in answers if not isinstance(each, int) for r in each}

    assert asked == set(COMMANDS) - LATER
    assert 0 in answers
    assert {"closed", "agent-cap", "programme-evaluation"} <= policies
    assert sum(sent.events for sent in SENT) == sum("command" in row[3] for row in EVENTS)


@pytest.mark.parametrize("sent", FOUND, ids=lambda sent: sent.id)
def test_a_letter_of_version_0_1_gets_its_first_answer_and_records_nothing(
    registry, place, first, sent
):
    before, asked = rows_of(place), commands_of(sent)

    answers = registry.once(sent.id).ask_all(asked)

    assert answers == first(sent)
    if len(asked) == 1:
        assert registry.once(sent.id).ask(asked[0]) == answers[0]
        named = {f.name: getattr(asked[0], f.name) for f in attrs.fields(type(asked[0]))}
        verb = getattr(registry.once(sent.id), catalogue.verb_of(type(asked[0])))
        assert verb(**named) == answers[0]
    if "-many" in sent.id:
        many = getattr(registry.once(sent.id), sent.id[: sent.id.index("-")] + "_many")
        assert many(iter(asked)) == answers
    assert rows_of(place) == before


@pytest.mark.parametrize("sent", SENT, ids=lambda sent: sent.id)
def test_another_letter_under_the_same_id_is_an_error_and_records_nothing(registry, place, sent):
    before, asked = rows_of(place), commands_of(sent)
    later = [attrs.evolve(each, on=each.on + timedelta(days=1)) for each in asked]

    for other in filter(None, (later, [*asked, Allot("perisai", 1, on=DAY)])):
        with pytest.raises(InputError, match=f"the command id {sent.id} belongs to another"):
            registry.once(sent.id).ask_all(other)
    assert rows_of(place) == before


@pytest.mark.parametrize("id_", FOUND_NO_MORE)
def test_a_letter_that_cannot_be_found_any_more_is_an_error_that_says_why(registry, place, id_):
    before = rows_of(place)
    (sent,) = (each for each in SENT if each.id == id_)

    with pytest.raises(InputError) as caught:
        registry.once(id_).ask_all(commands_of(sent))

    assert "Version 0.1 answered that one" in str(caught.value)
    assert "rule files by their path, and rows by the defaults that they spelled" in str(
        caught.value
    )
    assert "This may be the same command in an older spelling" in str(caught.value)
    assert rows_of(place) == before


def test_an_error_about_a_letter_of_today_says_nothing_of_version_0_1(registry):
    registry.once("of-today").ask(Allot("perisai", 1_000, on=DAY))

    with pytest.raises(InputError, match="belongs to another command: give each command an id of"):
        registry.once("of-today").ask(Allot("perisai", 1_001, on=DAY))
    with pytest.raises(InputError) as caught:
        registry.once("of-today").ask(Allot("perisai", 1_001, on=DAY))
    assert "0.1" not in str(caught.value)


def test_letters_of_version_0_1_are_found_together_in_a_group(registry, first):
    single = [sent for sent in FOUND if len(sent.commands) == 1]

    with registry.group_commit() as desk:
        answers = [desk.once(sent.id).ask(commands_of(sent)[0]) for sent in single]

    assert [[answer] for answer in answers] == list(map(first, single))


# -- A command that takes more than it did then. ---------------------------------------------


def test_a_letter_of_version_0_1_is_found_though_its_command_takes_one_more_field_since(
    registry, place, first, monkeypatch
):
    (sent,) = (each for each in SENT if each.id == "allot-region")
    (before,) = commands_of(sent)

    @attrs.frozen(kw_only=True)
    class AllotSince(Allot):
        why: str | None = None

    names = {kind: name for kind, name in NAMES.items() if kind is not Allot}
    for module in (spelling, spelling_0_1):
        monkeypatch.setattr(module, "NAMES", names | {AllotSince: NAMES[Allot]})
    data = {"seats": before.seats, "on": before.on, "region": before.region}

    again = registry.once(sent.id).ask(AllotSince("perisai", **data))

    assert [again] == first(sent)
    recorded = rows_of(place)
    with pytest.raises(InputError, match="belongs to another command"):
        registry.once(sent.id).ask(AllotSince("perisai", **data, why="more"))
    assert rows_of(place) == recorded
