"""A history that broke a law is kept as commands, read back strictly, and held against it again."""

import json
import subprocess
import sys
from datetime import date
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from random import Random

import attrs
import pytest

from jamsos.commands.agents import Recruit
from jamsos.commands.contributions import Pay
from jamsos.commands.incentives import AwardIncentive
from jamsos.commands.participants import Leave
from jamsos.commands.programmes import Adopt, Amend, Enact
from jamsos.commands.seats import Allot, FitToCap, ShareOut
from jamsos.domain.calendar import Month, Months
from jamsos.domain.citation import Citation, Status
from jamsos.domain.coverage import Segment
from jamsos.domain.decision import Reason
from jamsos.domain.participant import Payer
from jamsos.domain.quota import QuotaSeatTaken, Seating
from jamsos.domain.rule import Conflict, DatedValue
from jamsos.domain.value import Table, Word
from jamsos.engine.world import Asked
from jamsos.errors import InputError
from jamsos.policies.agent_cap import in_force
from jamsos.policies.standard import STANDARD
from jamsos.rulebook import rules_of
from jamsos.testing import Broken, LawBrokenError, World, check, examine, law, setting
from jamsos.testing.keeping import plan_of, recheck, save
from jamsos.testing.laws.judging import Breaking
from jamsos.testing.names import AGENTS, PEOPLE
from jamsos.testing.search.map import Map
from jamsos.testing.search.walk import Walk
from tests.testing.verbs import verbs

DAY = date(2018, 1, 5)
BEGINS = setting()


@law("No more agents hold seats than the cap in force", cite="perisai/agent-cap")
def within_the_cap(event: QuotaSeatTaken, world) -> None:
    cap = world.programme("perisai").rule("agent-cap", event.on).value
    taken = world.quota("perisai").taken
    assert taken <= cap, f"{taken} of {cap}"


@law("Nobody ever takes a seat", cite="example")
def nobody(event: QuotaSeatTaken) -> None:
    msg = "somebody does"
    raise AssertionError(msg)


def one_too_many(case: Seating) -> Reason | None:
    cap, *_ = in_force(case.programme, case.quota.region, case.on)
    full = case.quota.taken > cap.value or case.quota.free <= 0
    return Reason("agent-cap", "It is full.", Citation("Example 1/2026")) if full else None


WRONG = {Seating: (one_too_many,)}


@pytest.fixture(scope="module")
def broken() -> Broken:
    found = examine(within_the_cap, seed=3, begins=setting(policies=WRONG))
    assert isinstance(found, Broken)
    return found


@pytest.fixture
def kept(broken, tmp_path) -> Path:
    path = tmp_path / "cap.jsonl"
    save(broken, path)
    return path


def of(*plan: Asked) -> Broken:
    breaking = Breaking(len(plan) - 1, "why")
    return Broken(within_the_cap, plan, breaking, 1, 0, 0.0, BEGINS, seed=7)


def typed(value: object) -> object:
    """Return *value* with the type of each part of it, so that no two kinds look alike."""
    if isinstance(value, tuple | list):
        return (type(value), *map(typed, value))
    if isinstance(value, dict):
        return {key: typed(each) for key, each in value.items()}
    if attrs.has(type(value)):
        fields = attrs.fields(type(value))
        return (type(value), *(typed(getattr(value, field.name)) for field in fields))
    return (type(value), value)


# -- A round trip. ---------------------------------------------------------------


@pytest.mark.parametrize("first", range(0, 200, 50))
def test_every_command_of_any_walk_is_read_back_as_it_was(first, tmp_path):
    chart = Map(BEGINS)
    for seed in range(first, first + 50):
        world = World(BEGINS)
        walk, plan = Walk(world, chart, Random(seed)), list[Asked]()
        for _ in range(30):
            plan.append(walk.next())
            world.ask(plan[-1])

        save(of(*plan), tmp_path / "walk.jsonl")

        read = plan_of(tmp_path / "walk.jsonl")
        assert read == tuple(plan)
        assert list(map(typed, read)) == list(map(typed, plan))


def test_every_kind_of_argument_is_read_back_as_it_was(tmp_path):
    citation = Citation("Perban 1/2023", "Pasal 7", source="S01", url="https://example.org/7")
    brackets = DatedValue(
        value=Table.of({0: 1, 25: 2}),
        in_force=DAY,
        until=date(2020, 1, 1),
        citation=citation,
        status=Status.REPORTED,
        note='said "so",\nand so on',
        conflicts=(Conflict(Table.of({0: 3}), citation),),
    )
    names = DatedValue(
        value=(Word("jkk"), Word("jkm")), in_force=DAY, citation=citation, status=Status.ENACTED
    )
    plan = (
        Enact("new", "table", unit="rupiah", values=(brackets,), on=DAY, scope="51"),
        Amend("new", "names", names, on=DAY, evaluation=None),
        Adopt("jkk", on=DAY),
        ShareOut("perisai", 3, {"51": 2, "31": 1}, on=DAY),
        AwardIncentive(AGENTS[0], Month(2018, 1), on=DAY),
        Pay(
            PEOPLE[0],
            reference="1",
            months=Months.parse("2018-01/2018-03"),
            income=1_000_000,
            amount=50_400,
            on=DAY,
            programmes=("jkk", "jkm"),
            segment=Segment.NON_WAGE_EARNER,
            payer=Payer.SPONSOR,
        ),
        Leave(participant=PEOPLE[0], reason="death", on=DAY, segment=None),
    )

    save(of(*plan), tmp_path / "kinds.jsonl")

    read = plan_of(tmp_path / "kinds.jsonl")
    assert read == plan
    assert list(map(typed, read[:-1])) == list(map(typed, plan[:-1]))
    assert read[-1].reason.name == "DEATH"  # the word that its text stood for


def test_the_first_line_says_which_law_was_broken_and_how_it_was_found(broken, kept):
    first, *rest = kept.read_text("utf-8").splitlines()

    assert json.loads(first) == {
        "law": "within_the_cap",
        "says": "No more agents hold seats than the cap in force",
        "cite": "perisai/agent-cap",
        "seed": 3,
        "why": broken.breaking.why,
        "jamsos": metadata.version("jamsos"),
        "answers": ["accepted", "accepted", "accepted"],
        "digest": sha256("\n".join(rest).encode()).hexdigest(),
    }
    assert [json.loads(line).keys() for line in rest] == [
        {"type": 0, "data": 0}.keys() for _ in broken.plan
    ]


# -- Whole, or not at all. ---------------------------------------------------------


def test_a_command_that_cannot_be_kept_leaves_the_file_as_it_was(kept):
    before = kept.read_bytes()
    alien = Allot("perisai", 2, on=DAY, region=object())

    with pytest.raises(InputError, match=r"command 2, allot, cannot be kept"):
        save(of(Allot("perisai", 2, on=DAY), alien), kept)

    assert kept.read_bytes() == before
    assert list(kept.parent.iterdir()) == [kept]


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (Allot("perisai", "two", on=DAY), r"Expected `int`, got `str` - at `\$\.seats`"),
        (Allot("perisai", 2, on="2018-02-30"), r"Invalid RFC3339 .* at `\$\.on`"),
        (Leave(PEOPLE[0], reason="bored", on=DAY), "Invalid enum value 'bored'"),
    ],
)
def test_a_command_with_a_value_that_it_has_not_is_not_kept(asked, why, tmp_path):
    with pytest.raises(InputError, match=why):
        save(of(asked), tmp_path / "none.jsonl")

    assert not list(tmp_path.iterdir())


def test_a_write_that_fails_leaves_nothing_beside(broken, tmp_path):
    (tmp_path / "taken.jsonl").mkdir()

    with pytest.raises(OSError, match=r"taken\.jsonl"):
        save(broken, tmp_path / "taken.jsonl")

    assert [path.name for path in tmp_path.iterdir()] == ["taken.jsonl"]


def test_a_history_that_is_kept_again_takes_the_place_of_the_old_one(broken, kept):
    save(of(FitToCap("perisai", on=DAY)), kept)

    assert verbs(plan_of(kept)) == ["fit_to_cap"]


# -- Read strictly. ----------------------------------------------------------------


def line(type_="quota.allot.v1", programme="perisai", seats=2, **more: object) -> str:
    data = {"on": "2018-01-05", "programme": programme, "seats": seats, **more}
    return json.dumps({"data": data, "type": type_})


def line_of(type_: str, **data: object) -> str:
    return json.dumps({"data": {"on": "2018-01-05", **data}, "type": type_})


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("", "Expecting value"),
        ("[]", "this is not a command: it has a type, its data, and nothing else"),
        ('{"type": "quota.allot.v1"}', "it has a type, its data, and nothing else"),
        ('{"type": "quota.allot.v1", "data": []}', "Expected `object`, got `array`"),
        (line("quota.allott.v1"), "there is no command 'quota.allott.v1': there are agent.recruit"),
        (line(seats="2"), "Expected `int`, got `str` - at `$.seats`"),
        (line(seats=2.0), "which is not a whole number"),
        (line_of("quota.allot.v1", seats=2), "missing required field `programme`"),
        (line(seat=2), "there is no field 'seat'"),
        (line(on="2018-02-30"), "Invalid RFC3339"),
        (line(region=None), "Expected `str`, got `null` - at `$.region`"),
        (line(region="national"), "there is no field 'region'"),
        (line()[:-1], "Expecting ',' delimiter"),
        (line()[:-1] + ', "why": "more"}', "it has a type, its data, and nothing else"),
        (line()[:-1] + ', "type": "quota.allot.v1"}', "the field 'type' is there twice"),
        (
            line_of("agent.award-incentive.v1", agent=AGENTS[0], month="2018-1"),
            "'2018-1' is not a month: write one as 2018-02 - at `$.month`",
        ),
        (
            line_of("participant.leave.v1", participant=PEOPLE[0], reason="bored"),
            "Invalid enum value 'bored' - at `$.reason`",
        ),
        (
            line_of("agent.award-incentive.v1", agent=AGENTS[0], month=201801),
            "201801 is not text - at `$.month`",
        ),
    ],
)
def test_a_line_that_save_would_not_write_is_an_error_that_names_the_file_and_the_line(
    said, why, kept
):
    first, second, *rest = kept.read_text("utf-8").splitlines()
    kept.write_text("\n".join([first, second, said, *rest[1:], ""]), "utf-8")

    with pytest.raises(InputError) as raised:
        plan_of(kept)

    assert str(raised.value).startswith(f"{kept}, line 3: ")
    assert why in str(raised.value)


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('"seed":3', '"seed":"3"', "Expected `int`, got `str`"),
        ('"seed":3,', "", "missing required field `seed`"),
        ('"seed":3', '"seed":3,"more":1', "it has more than law, says, cite"),
        ("{", "", "Extra data"),
    ],
)
def test_a_first_line_that_is_none_is_an_error_that_names_the_file(old, new, why, kept):
    kept.write_text(kept.read_text("utf-8").replace(old, new, 1), "utf-8")

    with pytest.raises(InputError) as raised:
        plan_of(kept)

    assert str(raised.value).startswith(f"{kept}, line 1: ")
    assert why in str(raised.value)


def test_a_file_that_was_cut_off_is_an_error_wherever_it_was_cut(kept):
    whole = kept.read_bytes()
    ends = [place for place, byte in enumerate(whole) if byte == ord("\n")]

    for length in sorted({*range(0, len(whole), 7), *ends, *(end + 1 for end in ends[:-1])}):
        kept.write_bytes(whole[:length])
        if length == len(whole):
            assert plan_of(kept)
            continue
        with pytest.raises(InputError, match=r"cap\.jsonl, line \d"):
            plan_of(kept)


def test_a_file_that_is_not_there_is_an_error_of_the_system(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"none\.jsonl"):
        plan_of(tmp_path / "none.jsonl")


# -- Held against the law again. ---------------------------------------------------


def test_a_law_that_is_still_broken_is_told_as_a_story(broken, kept):
    with pytest.raises(LawBrokenError) as raised:
        recheck(within_the_cap, kept, policies=WRONG)

    again = raised.value.broken
    assert (again.plan, again.breaking, again.seed) == (broken.plan, broken.breaking, 3)
    text = str(raised.value)
    assert text.startswith("BROKEN LAW  No more agents hold seats than the cap in force")
    assert f"still breaks it ({len(broken.plan)} commands)" in text
    assert text.endswith("It was found with seed 3.")


def test_the_story_of_a_law_that_is_still_broken_can_be_told_in_indonesian(kept):
    with pytest.raises(LawBrokenError, match="KETENTUAN DILANGGAR"):
        recheck(within_the_cap, kept, policies=WRONG, language="id")


def test_a_rule_that_was_put_right_keeps_the_law_though_the_commands_are_the_same(kept):
    recheck(within_the_cap, kept)
    recheck(within_the_cap, kept, policies={Seating: STANDARD[Seating]})


def test_a_decision_of_ones_own_can_be_held_against_a_kept_history(kept):
    def careless(command, read, judges):
        return command.decide(read, {**judges, Seating: (one_too_many,)})

    def around(decide, command, read, judges):
        return decide(command, read, {**judges, Seating: (one_too_many,)})

    with pytest.raises(LawBrokenError):
        recheck(within_the_cap, kept, deciders={Recruit: careless})
    with pytest.raises(LawBrokenError):
        recheck(within_the_cap, kept, around=around)


def test_a_file_of_another_law_is_refused_since_it_would_show_nothing(kept):
    with pytest.raises(InputError, match="line 1: it is kept for the law within_the_cap, 'No"):
        recheck(nobody, kept)


def test_a_law_of_the_same_name_that_says_something_else_is_another_one(kept):
    @law("Nobody sits", cite="example")
    def within_the_cap(event: QuotaSeatTaken) -> None:
        assert event is None

    with pytest.raises(InputError, match="not for within_the_cap, 'Nobody sits'"):
        recheck(within_the_cap, kept)


@pytest.mark.parametrize(
    "change",
    [
        lambda lines: lines[:-1],
        lambda lines: [lines[0], *lines[2:]],
        lambda lines: [lines[0], lines[2], lines[1], *lines[3:]],
        lambda lines: [*lines[:-1], lines[-1].replace("000001", "000002")],
    ],
)
def test_commands_that_were_changed_since_show_nothing_and_are_an_error(kept, change):
    lines = kept.read_text("utf-8").splitlines()
    kept.write_text("\n".join((*change(lines), "")), "utf-8")

    with pytest.raises(InputError, match="line 1: the commands below are not those that were"):
        recheck(within_the_cap, kept)


def test_commands_that_can_no_longer_be_meant_show_nothing_and_are_an_error(kept):
    def no_seats(command, read, judges):
        msg = f"{command.seats} of {command.programme} on {command.on}: there are none"
        raise InputError(msg)

    with pytest.raises(InputError, match=r"line 2: it was accepted when it was kept, and cannot"):
        recheck(within_the_cap, kept, deciders={Allot: no_seats})


def test_a_file_may_have_the_ends_of_lines_of_another_system(kept):
    plan = plan_of(kept)
    kept.write_bytes(kept.read_bytes().replace(b"\n", b"\r\n"))

    assert plan_of(kept) == plan


def test_an_answer_is_kept_for_each_command(kept):
    kept.write_text(kept.read_text("utf-8").replace('"answers":["accepted",', '"answers":[', 1))

    with pytest.raises(InputError, match="line 1: the commands below are not those that were"):
        plan_of(kept)


def test_an_empty_file_is_said_to_be_empty(kept):
    kept.write_bytes(b"")

    with pytest.raises(InputError, match="line 1: the file is empty"):
        plan_of(kept)


def test_rules_that_were_read_are_kept_with_the_command_that_has_them(tmp_path):
    adopted = Adopt("perisai", on=DAY, rules=rules_of("perisai"))

    save(of(adopted), tmp_path / "rules.jsonl")

    assert plan_of(tmp_path / "rules.jsonl") == (adopted,)


def test_where_nothing_can_be_kept_that_is_said_before_the_search(tmp_path):
    with pytest.raises(InputError, match=r"nothing can be kept in .*: there is no folder"):
        check(within_the_cap, policies=WRONG, keep=tmp_path / "none" / "found.jsonl")
    with pytest.raises(InputError, match="no language 'fr'"):
        check(within_the_cap, policies=WRONG, language="fr")


def test_check_keeps_the_history_that_it_found(tmp_path):
    with pytest.raises(LawBrokenError) as raised:
        check(within_the_cap, policies=WRONG, keep=tmp_path / "found.jsonl")

    assert plan_of(tmp_path / "found.jsonl") == raised.value.broken.plan


def test_a_kept_history_is_held_against_its_law_without_hypothesis(tmp_path):
    found = examine(nobody, histories=50)
    assert isinstance(found, Broken)
    save(found, tmp_path / "nobody.jsonl")
    program = f"""
import sys
sys.modules["hypothesis"] = None
from jamsos.domain.quota import QuotaSeatTaken
from jamsos.testing import LawBrokenError, law
from jamsos.testing.keeping import recheck

@law("Nobody ever takes a seat", cite="example")
def nobody(event: QuotaSeatTaken) -> None:
    raise AssertionError("somebody does")

try:
    recheck(nobody, {str(tmp_path / "nobody.jsonl")!r})
except LawBrokenError as error:
    print(error)
"""

    told = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )

    assert "<-- somebody does" in told.stdout
