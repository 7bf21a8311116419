"""Histories that version 0.1 kept, a verb with its arguments on each line, are still read."""

import json
from datetime import date
from pathlib import Path
from shutil import copyfile

import pytest

from jamsos import (
    Citation,
    DatedValue,
    DeactivationReason,
    LeavingReason,
    Month,
    Months,
    Payer,
    Segment,
    Status,
    TerminationCause,
)
from jamsos.commands import spelling_0_1
from jamsos.commands.agents import (
    Assign,
    BeginTraining,
    Certify,
    Deactivate,
    EvaluateAgents,
    Reactivate,
    Recruit,
    Reseat,
    Resign,
    Terminate,
)
from jamsos.commands.catalogue import NAMES
from jamsos.commands.contributions import Correct, Pay, PayDifference, Refund
from jamsos.commands.facts import Void
from jamsos.commands.incentives import AwardIncentive, AwardIncentives
from jamsos.commands.participants import ComeBack, Leave, Move, Register, Transfer
from jamsos.commands.programmes import (
    Adopt,
    Amend,
    ConcludeEvaluation,
    Enact,
    EndRule,
    OpenEvaluation,
)
from jamsos.commands.seats import Allot, FitToCap, MoveSeats, ShareOut
from jamsos.domain.programme import Outcome
from jamsos.domain.quota import QuotaSeatTaken
from jamsos.domain.rule import Conflict
from jamsos.domain.value import Table, Word
from jamsos.errors import InputError
from jamsos.testing import LawBrokenError, law, plan_of, recheck
from jamsos.testing.names import AGENTS, PEOPLE

KEPT = Path(__file__).with_name("kept_by_0_1.jsonl")
"""Written by version 0.1.0: a line for each verb, and for each kind of value in it."""
DAY = date(2018, 1, 5)
AGENT, WHO = AGENTS[0], PEOPLE[0]
CITED = Citation("Perban 1/2023", "Pasal 7", source="S01", url="https://example.org/7")
TWO = DatedValue(
    value=2,
    in_force=DAY,
    until=date(2020, 1, 1),
    citation=CITED,
    status=Status.REPORTED,
    note='said "so"',
    conflicts=(Conflict(3, Citation("Perban 2/2023")),),
)
BRACKETS = DatedValue(
    value=Table.of({0: 1, 25: 2}), in_force=DAY, citation=CITED, status=Status.ENACTED
)
TWO_NAMES = DatedValue(
    value=(Word("jkk"), Word("jkm")), in_force=DAY, citation=CITED, status=Status.ASSUMED
)
PLAN = (
    Adopt("jkk", on=DAY),
    Enact("new", "table", unit="rupiah", values=(BRACKETS,), on=DAY, scope="51"),
    Amend("perisai", "agent-idle-months", TWO, on=DAY),
    Amend("new", "names", TWO_NAMES, on=DAY, evaluation="first"),
    EndRule("perisai", "agent-cap", last_day=date(2018, 8, 31), citation=CITED, on=DAY),
    OpenEvaluation("perisai", "first", trigger="full", on=DAY),
    ConcludeEvaluation(
        "perisai",
        "first",
        outcome=Outcome.RAISE,
        month=Month(2018, 10),
        after_months=3,
        on=date(2018, 11, 1),
    ),
    Allot("perisai", 2, on=DAY),
    ShareOut("perisai", 3, {"51": 2, "31": 1}, on=DAY),
    MoveSeats("perisai", 1, source="national", to="51", on=DAY),
    FitToCap("perisai", on=DAY),
    Recruit(AGENT, "perisai", province="51", on=DAY),
    BeginTraining(AGENT, on=DAY),
    Certify(AGENT, on=DAY),
    Assign(AGENT, on=DAY),
    Register(WHO, province="51", on=DAY, agent=AGENT),
    Pay(
        WHO,
        reference="1",
        months=Months.parse("2018-01/2018-03"),
        income=1_000_000,
        amount=50_400,
        on=DAY,
        payer=Payer.SELF,
    ),
    Correct(WHO, corrects="1", on=DAY),
    Move(WHO, province="31", on=DAY),
    Transfer(WHO, on=DAY, branch="BDG-1", segment=Segment.NON_WAGE_EARNER),
    Leave(WHO, reason=LeavingReason.DEATH, on=DAY),
    ComeBack(WHO, province="51", on=DAY),
    Deactivate(AGENT, on=DAY, reason=DeactivationReason.OFFICE),
    Reactivate(AGENT, on=date(2018, 12, 5)),
    Resign(AGENT, on=date(2019, 1, 5)),
    Terminate(AGENT, cause=TerminationCause.FRAUD, on=date(2019, 2, 5)),
    EvaluateAgents("perisai", on=DAY),
    AwardIncentive(AGENT, Month(2018, 1), on=date(2018, 2, 5)),
    AwardIncentives("perisai", Month(2018, 1), on=date(2018, 2, 5)),
)


@law("Nobody ever takes a seat", cite="example")
def nobody(event: QuotaSeatTaken) -> None:
    msg = "somebody does"
    raise AssertionError(msg)


def test_every_verb_that_version_0_1_kept_is_read_as_its_command():
    assert plan_of(KEPT) == PLAN
    assert {type(asked) for asked in PLAN} == {*NAMES} - {
        PayDifference,
        Refund,
        Reseat,
        Void,
    }  # new


def test_a_history_that_version_0_1_kept_is_held_against_its_law():
    recheck(nobody, KEPT)


def test_a_law_that_is_still_broken_by_such_a_history_is_told(tmp_path):
    path = tmp_path / "nobody.jsonl"
    path.write_text(BROKEN, "utf-8")

    with pytest.raises(LawBrokenError, match="<-- somebody does") as raised:
        recheck(nobody, path)

    assert [type(asked) for asked in raised.value.broken.plan] == [Allot, Recruit]


BROKEN = (
    '{"answers":["accepted","accepted"],"cite":"example","digest":"c2ac5b97576250fd94'
    'cf54a324b169a83336624b7c99b5093bffe07d10ccd047","jamsos":"0.1.0","law":"nobody",'
    '"says":"Nobody ever takes a seat","seed":0,"why":"somebody does"}'
    "\n"
    '{"named":{"on":"2018-01-01","region":"national"},"positional":["perisai",1],"ver'
    'b":"allot"}'
    "\n"
    '{"named":{"province":"51","on":"2018-01-01","region":"national"},"positional":["'
    'agent-00000000-0000-7000-8000-000000000001","perisai"],"verb":"recruit"}'
    "\n"
)
"""The file that version 0.1.0 wrote for this law."""

ADOPTED = '{"on":"2018-01-05"},"positional":["jkk"]'
ON = '{"on":"2018-01-05"'


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('"positional":["perisai",2],"verb":"allot"', '"positional":["perisai",2,3]', "not a comm"),
        ('["perisai",2]', '["perisai",2,"2018-01-05"]', "allot takes programme, seats, on, region"),
        ('["perisai",2]', '["perisai","2"]', "Expected `int`, got `str` - at `$.seats`"),
        ('["perisai",2]', '{"programme":"perisai"}', "allot has a list of arguments"),
        ('["jkk"]', "7", "adopt has a list of arguments"),
        (ADOPTED, '[],"positional":["jkk"]', "an object of those that are named"),
        ('["jkk"]', '["jkk"],"more":1', "this is not a command"),
        ('"positional":["jkk"]', '"positional":[]', "missing required field `programme`"),
        (ADOPTED, ADOPTED.replace(ON, f'{ON},"programme":"jkk"'), "adopt takes programme"),
        (ADOPTED, ADOPTED.replace(ON, f'{ON},"rules":"a/folder"'), "names a file of one machine"),
        ('"verb":"adopt"', '"verb":"adapt"', "this is not a command"),
        ('"scope":"51"', '"scoop":"51"', "enact takes programme, rule, unit, values, on, scope"),
        ('example.org/7"}', 'example.org/7","akn":null}', "no field 'akn'"),
        ('"instrument":"Perban 2/2023",', '"instrument":"Perban 2/2023","vol":1,', "vol"),
    ],
)
def test_a_line_that_version_0_1_would_not_have_kept_is_an_error_that_names_it(
    old, new, why, tmp_path
):
    copyfile(KEPT, tmp_path / "kept.jsonl")
    text = KEPT.read_text("utf-8")
    assert old in text
    number = text[: text.index(old)].count("\n") + 1
    (tmp_path / "kept.jsonl").write_text(text.replace(old, new, 1), "utf-8")

    with pytest.raises(InputError) as raised:
        plan_of(tmp_path / "kept.jsonl")

    assert f"kept.jsonl, line {number}: " in str(raised.value)
    assert why in str(raised.value)


DIGESTS = {
    "enact": "a4c0ea371de192b97a48b9f7b638fa55216d9475186c7665d9d1355561608851",
    "brackets": "645f4dbaa407498dedc929157a8bd59f5da70273e83192c98b6eb1d9c31d1e53",
    "amend": "15cfb4d79fcebe1bbeb9321cc7e4a5b4000a1e66ce7dc8c332cc3f4eca74f107",
    "end_rule": "4c73553c7f56b3af4cb627117d393c192796d7538ffe09b8f67edaa008fbafdd",
    "recruit_many": "18b2a5eed1e501d55e5a0ed253a0c185a58226e68ee6ef73384b2de259cbe684",
}
"""The digests that version 0.1.0 stored for these letters."""


@pytest.mark.parametrize(
    ("name", "commands"),
    [
        ("enact", [Enact("new", "table", unit="rupiah", values=(TWO,), on=DAY, scope="51")]),
        ("brackets", [Enact("new", "brackets", unit="rupiah", values=[BRACKETS], on=DAY)]),
        ("amend", [PLAN[2]]),
        ("end_rule", [PLAN[4]]),
        (
            "recruit_many",
            [
                Recruit(AGENTS[0], "perisai", province="51", on=DAY),
                Recruit(AGENTS[1], "perisai", province="31", on=DAY),
            ],
        ),
    ],
)
def test_a_letter_that_version_0_1_answered_is_known_again_by_its_digest(name, commands):
    assert DIGESTS[name] in spelling_0_1.digests(commands)


def test_the_file_of_version_0_1_is_as_it_was_written():
    heading, *lines = map(json.loads, KEPT.read_text("utf-8").splitlines())

    assert heading["jamsos"] == "0.1.0"
    assert all(line.keys() == {"verb", "positional", "named"} for line in lines)
