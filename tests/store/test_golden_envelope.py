"""
The golden files of envelopes, and of numbers that are no ids any more.

`make_envelopes` made ``tests/golden/v8-envelope.jsonl``, when an envelope began to say who asked
and in what connection. ``tests/golden/v8-numbers.jsonl`` was made just before, when references and
command ids could still be 16 digits: it can never be made again, and is read for ever. Each line of
``tests/golden/answers-v3.jsonl`` is the answer of one of `CASES`, as it is stored where the
envelope of its letter says something. This file writes the first to the standard output when it is
run. The tests of every golden file are in ``test_golden.py``.
"""

import sys
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pytest

import jamsos
from jamsos import Accepted
from jamsos.audit.replay import replay
from jamsos.domain.envelope import UNSAID, Envelope
from jamsos.errors import CorruptHistoryError, InputError
from jamsos.store import answers as stored
from jamsos.store import history_file
from jamsos.store.event_store import EventStore
from tests.store.test_golden_answers import CASES as ANSWERED
from tests.store.test_golden_answers import events_of

GOLDEN = Path(__file__).parents[1] / "golden"
V8_ENVELOPE = GOLDEN / "v8-envelope.jsonl"
V8_NUMBERS = GOLDEN / "v8-numbers.jsonl"
ANSWERS_V3 = GOLDEN / "answers-v3.jsonl"

ANI, BUDI = (f"agent-00000000-0000-7000-8000-{number:012}" for number in (1, 2))
FISHER = "participant-00000000-0000-7000-8000-000000000001"
DAY = date(2017, 11, 24)
NIK = "5171014101900001"
JANUARY = jamsos.Months.parse("2018-01/2018-01")


def make_envelopes(folder: Path | str) -> bytes:
    """Ask with every kind of envelope, with fixed ids and a fixed clock."""
    path = Path(folder) / "envelopes.db"
    with jamsos.open(path, clock=lambda: datetime(2026, 1, 5, 2, tzinfo=UTC)) as registry:
        registry.adopt("perisai", on=date(2017, 11, 20)).or_raise()
        clerk = registry.asked(by="office-51/clerk-7", trace="4bf92f3577b34da6a3ce929d0e0e4736")
        clerk.allot("perisai", 2, on=DAY).or_raise()
        clerk.once("letter-1").recruit(ANI, "perisai", province="51", on=DAY).or_raise()
        registry.once("letter-2", by="a" * 64).begin_training(ANI, on=DAY).or_raise()
        registry.once("letter-3", trace="Z.9_:/-").certify(ANI, on=DAY).or_raise()
        registry.once("letter-4").assign(ANI, on=DAY).or_raise()
        with registry.batch(by="nightly") as batch:
            batch.recruit(BUDI, "perisai", province="51", on=DAY).or_raise()
            batch.asked(trace="row:2").resign(BUDI, on=DAY).or_raise()
    return exported(path)


def exported(path: Path) -> bytes:
    with EventStore(path, create=False) as store:
        return b"".join(history_file.lines(store))


def test_the_envelopes_of_v8_are_made_in_the_same_bytes_again(tmp_path):
    assert make_envelopes(tmp_path) == V8_ENVELOPE.read_bytes()


def test_the_envelopes_of_v8_say_what_they_are_known_to_say():
    history = history_file.read(V8_ENVELOPE)
    said = {(r.command, r.by, r.trace): None for r in history if r.position > 4}

    assert list(said) == [
        (None, "office-51/clerk-7", "4bf92f3577b34da6a3ce929d0e0e4736"),
        ("letter-1", "office-51/clerk-7", "4bf92f3577b34da6a3ce929d0e0e4736"),
        ("letter-2", "a" * 64, None),
        ("letter-3", None, "Z.9_:/-"),
        ("letter-4", None, None),
        (None, "nightly", None),
        (None, "nightly", "row:2"),
    ]


def test_an_imported_letter_is_answered_again_in_another_envelope(tmp_path):
    path = tmp_path / "imported.db"
    history_file.load(V8_ENVELOPE, path)
    with jamsos.open(path) as registry:
        again = registry.once("letter-1", by="somebody", trace="else")
        answer = again.recruit(ANI, "perisai", province="51", on=DAY)

        assert [type(event).__name__ for event in answer.or_raise().events] == [
            "AgentRecruited",
            "QuotaSeatTaken",
        ]
    assert exported(path) == V8_ENVELOPE.read_bytes()


# -- Envelopes that are not what they claim to be. ------------------------------------

WRONG = {
    "a name": ("Ni Made", "Expected `str` matching regex"),
    "nothing": ("", "Expected `str` matching regex"),
    "65 letters": ("a" * 65, "Expected `str` matching regex"),
    "an escape": ("\x1b[2J", "Expected `str` matching regex"),
    "an end of line": ("clerk\n", "Expected `str` matching regex"),
    "a number": (7, "Expected `str \\| null`, got `int`"),
    "a list": (["clerk"], "Expected `str \\| null`, got `array`"),
}


@pytest.mark.parametrize("name", ["by", "trace"])
@pytest.mark.parametrize(("value", "said"), WRONG.values(), ids=WRONG)
def test_a_line_whose_envelope_says_what_nobody_may_is_an_error(tmp_path, name, value, said):
    lines = [msgspec.json.decode(line) for line in V8_ENVELOPE.read_bytes().splitlines()]
    lines[6][name] = value
    wrong = tmp_path / "wrong.jsonl"
    wrong.write_bytes(b"".join(msgspec.json.encode(line) + b"\n" for line in lines))

    with pytest.raises(CorruptHistoryError, match=rf"line 7: {said}.* - at `\$\.{name}`"):
        history_file.load(wrong, tmp_path / "new.db")


def test_a_line_may_say_null_and_it_becomes_the_one_spelling(tmp_path):
    lines = [msgspec.json.decode(line) for line in V8_ENVELOPE.read_bytes().splitlines()]
    loose = tmp_path / "loose.jsonl"
    loose.write_bytes(
        b"".join(msgspec.json.encode({"by": None, "trace": None, **e}) + b"\n" for e in lines)
    )
    history_file.load(loose, tmp_path / "new.db")

    assert exported(tmp_path / "new.db") == V8_ENVELOPE.read_bytes()


# -- Numbers that were ids. -----------------------------------------------------------


def test_the_numbers_of_v8_are_read_and_replayed():
    held = {
        "command": {r.command for r in history_file.read(V8_NUMBERS)} - {None},
        **{
            name: {getattr(r.event, name, None) for r in history_file.read(V8_NUMBERS)} - {None}
            for name in ("reference", "sponsor", "branch")
        },
    }

    assert held == {
        "command": {NIK, f"{NIK}-2"},
        "reference": {NIK, f"{NIK}1"},
        "sponsor": {NIK},
        "branch": {NIK},
    }
    assert replay(history_file.read(V8_NUMBERS)).findings == ()


def test_a_store_with_the_numbers_of_v8_answers_them_and_takes_no_new_one(tmp_path):
    path = tmp_path / "numbers.db"
    history_file.load(V8_NUMBERS, path)
    with jamsos.open(path) as registry:
        last = registry.last_position()
        asked = {"months": JANUARY, "income": 1_000_000, "amount": 16_800, "on": date(2018, 1, 31)}

        again = registry.once(NIK).register(FISHER, province="51", on=date(2018, 1, 8), sponsor=NIK)
        assert len(again.or_raise().events) == 1
        assert registry.pay(FISHER, reference=NIK, **asked) == Accepted()
        assert registry.last_position() == last
        with pytest.raises(InputError, match="reference holds 16 digits"):
            registry.pay(FISHER, reference=f"{NIK}2", **{**asked, "months": "2018-03/2018-03"})
        registry.correct(FISHER, corrects=NIK, on=date(2018, 2, 9)).or_raise()
        assert registry.count("2018-01").total == 0


# -- Answers in an envelope. ----------------------------------------------------------

ENVELOPES = [Envelope("clerk-7", "req-1"), Envelope(by="a" * 64), Envelope(trace="Z.9_:/-")]
CASES = [(*case, ENVELOPES[n % 3]) for n, case in enumerate(ANSWERED)]
LINES = ANSWERS_V3.read_bytes().splitlines()


@pytest.mark.parametrize(("line", "case"), list(zip(LINES, CASES, strict=True)))
def test_an_answer_in_an_envelope_is_stored_in_the_golden_bytes_and_read_from_them(line, case):
    answers, commands, envelope = case

    assert stored.written(answers, commands, envelope) == line
    assert stored.answers_of(line, events_of(answers)) == (tuple(answers), commands)
    assert stored.envelope_of(line) == envelope


@pytest.mark.parametrize(("answers", "commands"), ANSWERED)
def test_an_answer_in_an_envelope_that_says_nothing_is_of_version_2(answers, commands):
    line = stored.written(answers, commands, UNSAID)

    assert line.startswith(b'{"form":"answers.v2"')
    assert stored.envelope_of(line) is UNSAID
    assert stored.envelope_of(None) is UNSAID


@pytest.mark.parametrize(
    "line",
    [
        b'{"form":"answers.v3","answers":[]}',
        b'{"form":"answers.v3","answers":[],"by":null}',
        b'{"form":"answers.v3","answers":[],"by":"Ni Made"}',
        b'{"form":"answers.v3","answers":[],"by":"a","more":1}',
        b'{"form":"answers.v2","answers":[],"by":"a"}',
    ],
)
def test_an_answer_whose_envelope_says_what_nobody_may_cannot_be_read(line):
    with pytest.raises(stored.UnreadableAnswerError):
        stored.answers_of(line, [])


if __name__ == "__main__":
    with TemporaryDirectory() as where:
        sys.stdout.buffer.write(make_envelopes(where))
