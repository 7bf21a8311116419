"""
The golden file of stored answers: version 2 is written in these bytes, and read for ever.

Each line of ``tests/golden/answers-v2.jsonl`` is the answer of one of `CASES`, as it is stored. A
line that is there is never made again; version 3 gets a file of its own. Data that are not an
answer are a `CorruptHistoryError` that names the command id, and hurts no other letter.
"""

import sqlite3
from contextlib import closing
from datetime import date

import msgspec
import pytest

import jamsos
from jamsos.commands.agents import BeginTraining, Certify
from jamsos.commands.command import Letter
from jamsos.commands.seats import Allot
from jamsos.commands.spelling import digest, written
from jamsos.domain.decision import Accepted, Reason, Refused
from jamsos.domain.geography import Region
from jamsos.domain.identity import ProgrammeName
from jamsos.domain.quota import QuotaAllotted
from jamsos.errors import CorruptHistoryError
from jamsos.store import answers as stored
from jamsos.store.event_store import EventStore
from tests.commands.examples import BARE, CITED, EXAMPLES, GOLDEN

FILE = GOLDEN.with_name("answers-v2.jsonl")
DAY = date(2018, 1, 9)


def allotted(seats):
    return QuotaAllotted(
        programme=ProgrammeName("perisai"),
        region=Region("51"),
        seats=seats,
        source=None,
        rules=(),
        on=DAY,
    )


FULL = Refused(
    Reason("agent-cap", "All “1.200” seats are taken – in all.", CITED),
    Reason("closed", "", BARE),
)
FOUR = (
    *EXAMPLES[:2],
    *(next(each for each in EXAMPLES if type(each) is kind) for kind in (BeginTraining, Certify)),
)
CASES = [
    ([Accepted()], written(FOUR[:1])),
    ([Accepted(allotted(1))], written(FOUR[:1])),
    ([Accepted(allotted(1), allotted(2))], written(FOUR[1:2])),
    ([FULL], written(FOUR[2:3])),
    ([Accepted(allotted(1)), FULL, Accepted(), Accepted(allotted(2))], written(FOUR[:4])),
    ([], written([])),
    ([Accepted(allotted(1)), Refused(Reason("closed", "No.", BARE))], None),
]
LINES = FILE.read_bytes().splitlines()
GOLDEN_CASES = list(zip(LINES, CASES, strict=True))


def events_of(answers):
    return [event for each in answers if isinstance(each, Accepted) for event in each.events]


@pytest.mark.parametrize(("line", "case"), GOLDEN_CASES, ids=range(len(CASES)))
def test_an_answer_is_stored_in_the_golden_bytes_and_read_from_them(line, case):
    answers, commands = case

    assert stored.written(answers, commands) == line
    assert stored.answers_of(line, events_of(answers)) == (tuple(answers), commands)


@pytest.mark.parametrize(("line", "case"), GOLDEN_CASES, ids=range(len(CASES)))
def test_the_same_answer_in_version_1_is_read_the_same_without_its_commands(line, case):
    answers, _ = case
    version_1 = bytes(msgspec.json.decode(line, type=dict[str, msgspec.Raw])["answers"])

    assert stored.answers_of(version_1, events_of(answers)) == (tuple(answers), None)


def test_nothing_stored_is_one_command_that_was_accepted():
    assert stored.answers_of(None, [allotted(1), allotted(2)]) == (
        (Accepted(allotted(1), allotted(2)),),
        None,
    )
    assert stored.answers_of(None, []) == ((Accepted(),), None)


# -- Data that are not a stored answer. ---------------------------------------------

REASON = b'{"policy":"p","explanation":"e","citation":{"instrument":"i"}}'
WRONG = {
    "nothing": b"",
    "half of version 1": b"[2",
    "half of version 2": b'{"form":"answers.v2","answers":[2]',
    "not JSON": b"accepted",
    "not UTF-8": b'[[{"policy":"\xff","explanation":"e","citation":{"instrument":"i"}}]]',
    "more after it": b"[2]]",
    "a number": b"2",
    "null": b"null",
    "unknown form": b'{"form":"answers.v3","answers":[2]}',
    "no form": b'{"answers":[2]}',
    "no answers": b'{"form":"answers.v2"}',
    "more than a form has": b'{"form":"answers.v2","answers":[2],"more":1}',
    "too few events": b"[1]",
    "too many events": b'{"form":"answers.v2","answers":[3]}',
    "below nothing": b"[3,-1]",
    "no answer at all": b"[]",
    "refused, and yet there are events": b"[[%b]]" % REASON,
    "a float": b"[2.5]",
    "a truth": b"[true]",
    "text": b'["2"]',
    "null among them": b"[2,null]",
    "a reason of nothing": b"[2,[{}]]",
    "a reason with a wrong field": b"[2,[%b]]" % REASON.replace(b'"p"', b"1"),
    "a citation of nothing": b"[2,[%b]]" % REASON.replace(b'"i"', b'""'),
    "an address that is none": b"[2,[%b]]" % REASON.replace(b'"i"', b'"i","url":"here"'),
    "other commands than answers": b'{"form":"answers.v2","answers":[2],"commands":[{},{}]}',
    "commands that are no list": b'{"form":"answers.v2","answers":[2],"commands":{}}',
    "commands of nothing": b'{"form":"answers.v2","answers":[2],"commands":null}',
    "very deep": b"[" * 100_000,
    "commands very deep": b'{"form":"answers.v2","answers":[2],"commands":%b' % (b"[" * 100_000),
    "another type of column": "[2]",
}


@pytest.fixture(params=WRONG.values(), ids=WRONG)
def place(request, tmp_path):
    """Keep a store in which the answer to letter-1, which led to two events, is wrong."""
    path = tmp_path / "perisai.db"
    with jamsos.open(path) as registry:
        registry.adopt("perisai", on=DAY).or_raise()
        registry.allot("perisai", 100, on=DAY).or_raise()
        registry.once("letter-1").allot("perisai", 10, on=DAY, region="51").or_raise()
        registry.once("letter-2").allot("perisai", 20, on=DAY, region="52").or_raise()
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(
            "UPDATE commands SET answer = ? WHERE command = 'letter-1'", [request.param]
        )
    return path


def test_what_is_no_stored_answer_is_an_error_that_names_the_command_id(place):
    with (
        EventStore(place, create=False) as store,
        pytest.raises(CorruptHistoryError, match="the answer to command letter-1 cannot be read: "),
    ):
        store.answers(["letter-1"])
    with (
        jamsos.open(place) as registry,
        pytest.raises(CorruptHistoryError, match="the answer to command letter-1 cannot be read: "),
    ):
        registry.once("letter-1").allot("perisai", 10, on=DAY, region="51")


def test_an_answer_that_cannot_be_read_hurts_no_other_letter_of_its_group(place):
    with jamsos.open(place) as registry:
        before = registry.last_position()
        letters = [
            Letter((Allot("perisai", 10, on=DAY, region="51"),), "letter-1"),
            Letter((Allot("perisai", 20, on=DAY, region="52"),), "letter-2"),
            Letter((Allot("perisai", 30, on=DAY, region="53"),), "letter-3"),
        ]
        broken, again, new = registry._writer.record(letters)

        assert isinstance(broken, CorruptHistoryError)
        assert "letter-1" in str(broken)
        assert again == [registry.once("letter-2").allot("perisai", 20, on=DAY, region="52")]
        assert len(new[0].or_raise().events) == 2
        assert registry.last_position() == before + 2


def test_what_was_asked_is_kept_beside_the_answer_in_its_published_spelling(tmp_path):
    path = tmp_path / "perisai.db"
    asked = [Allot("perisai", 100, on=DAY), Allot("perisai", 10, on=DAY, region="51")]
    with jamsos.open(path) as registry:
        registry.adopt("perisai", on=DAY).or_raise()
        registry.once("letter-1").ask_all(asked)
    with EventStore(path, create=False) as store:
        kept = store.answers(["letter-1"])["letter-1"]

    assert kept.commands == written(asked)
    assert kept.digest == digest(written(asked))
