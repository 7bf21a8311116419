"""`jamsos law check`: the laws of a module are held against histories, and reported."""

import doctest
import json
import os
import py_compile
import re
import shlex
import subprocess
import sys
from datetime import date
from importlib.util import cache_from_source, find_spec
from pathlib import Path

import pytest

import jamsos
from jamsos.commands.agents import Recruit
from jamsos.commands.spelling import decode

LAWS = '''\
"""Two laws: one that holds, and one that somebody made up."""

from jamsos.domain.agent import Agent, AgentReactivated
from jamsos.domain.calendar import months_after
from jamsos.domain.quota import Quota, QuotaSeatTaken
from jamsos.testing import law


@law("Nobody takes a seat that is not there", cite="Seats, article 1")
def seats(event: QuotaSeatTaken, after: Quota) -> None:
    assert after.taken <= after.allotted


@law("Nobody takes a second seat", cite="Seats, article 2")
def one_seat(event: QuotaSeatTaken, after: Quota) -> None:
    assert after.taken < 2, f"{after.taken} are taken"
'''
RETURN = """\
@law("An agent is back after six months", cite="Agents, article 3")
def six_months(before: Agent, event: AgentReactivated) -> None:
    assert event.on >= months_after(before.deactivated_on, 6)
"""
NEVER = """\
@law("Seats are of the agency alone", cite="Seats, article 4", about=("participants",))
def of_the_agency(event: QuotaSeatTaken) -> None:
    assert event.agent
"""
SIX_MONTHS = LAWS.partition("\n\n@law")[0] + "\n\n" + RETURN
FIVE_MONTHS = """\
programme = "perisai"
rule = "agent-return-months"
means = "How many months after deactivation an agent may return at the earliest."
unit = "months"

[[value]]
value = 5
in_force = 2017-11-01
status = "assumed"
citation = { instrument = "made up for this test" }
"""
COMMAND = [sys.executable, "-c", "from jamsos.cli import main; raise SystemExit(main())"]
PLUGIN = ["-p", "no:jamsos", "-p", "pytest_jamsos"]  # however jamsos was installed
TUTORIAL = Path(__file__).parents[2] / "docs" / "tutorial" / "test-a-rule.md"


@pytest.fixture
def laws(tmp_path, monkeypatch):
    """Give a function that writes a module of laws into the folder that we are in."""
    monkeypatch.chdir(tmp_path)

    def write(text, name="my_laws.py"):
        file = tmp_path / name
        file.write_text(text, encoding="utf-8")
        return name

    return write


def objects(answer):
    return [json.loads(line) for line in answer.out.splitlines()]


def test_laws_that_held_are_reported_in_the_order_of_their_definition(run, laws):
    file = laws(LAWS.replace("< 2", "< 9"))
    answer = run("law", "check", file, "--histories", 40)

    assert (answer.code, answer.err) == (0, "")
    titles = [line for line in answer.out.splitlines() if line.startswith("HELD")]
    assert titles == [
        "HELD  Nobody takes a seat that is not there",
        "HELD  Nobody takes a second seat",
    ]


def test_a_law_that_is_broken_is_told_as_its_shortest_history_and_is_a_finding(run, laws):
    answer = run("law", "check", laws(LAWS), "--histories", 40)

    assert (answer.code, answer.err) == (1, "")
    assert "BROKEN LAW  Nobody takes a second seat\n" in answer.out
    assert re.findall(r"^ +(\d)  ", answer.out, re.MULTILINE) == ["1", "2", "3"]
    assert "<-- 2 are taken" in answer.out


def test_a_law_that_nothing_gave_an_occasion_to_is_a_finding(run, laws):
    file = laws(LAWS.partition("\n\n@law")[0] + "\n\n" + NEVER)
    answer = run("law", "check", file, "--histories", 1, "--json")

    assert answer.code == 1
    assert [law["outcome"] for law in objects(answer)] == ["not exercised"]


def test_json_is_one_object_for_each_law(run, laws):
    held, broken = objects(answer := run("law", "check", laws(LAWS), "--histories", 40, "--json"))

    assert (answer.code, answer.err) == (1, "")
    assert {name: held[name] for name in ("name", "says", "cite", "outcome", "histories")} == {
        "name": "seats",
        "says": "Nobody takes a seat that is not there",
        "cite": "Seats, article 1",
        "outcome": "held",
        "histories": 40,
    }
    assert held["exercised"] > 10
    assert held["seconds"] > 0
    assert (broken["name"], broken["outcome"], broken["kept"]) == ("one_seat", "broken", None)
    assert broken["histories"] <= 40
    assert broken["story"].startswith("BROKEN LAW  Nobody takes a second seat\n")
    assert [asked["type"] for asked in broken["commands"]] == [
        "quota.allot.v1",
        "agent.recruit.v1",
        "agent.recruit.v1",
    ]
    assert broken["commands"][0]["data"] == {
        "programme": "perisai",
        "seats": 2,
        "on": broken["commands"][0]["data"]["on"],
    }
    assert isinstance(decode(json.dumps(broken["commands"][1]).encode()), Recruit)


def test_months_in_a_command_are_json_too(run, laws):
    file = laws("""\
from jamsos.commands.contributions import Pay
from jamsos.testing import law


@law("Nobody pays", cite="example", about=["participants"])
def nobody_pays(command, answer) -> None:
    assert not isinstance(command, Pay)
""")
    (broken,) = objects(run("law", "check", file, "--json"))

    assert re.fullmatch(r"\d{4}-\d\d/\d{4}-\d\d", broken["commands"][0]["data"]["months"])


def test_rules_of_ones_own_are_in_force_in_the_histories(run, laws, tmp_path):
    file = laws(SIX_MONTHS)
    (tmp_path / "five.toml").write_text(FIVE_MONTHS, encoding="utf-8")

    assert run("law", "check", file, "--histories", 100).code == 0
    answer = run("law", "check", file, "--histories", 100, "--rules", "five.toml")
    assert (answer.code, answer.err) == (1, "")
    assert answer.out.startswith(
        "On top of the rules that ship, from the day on: perisai/agent-return-months (2017-11-01)\n"
        "\nBROKEN LAW  An agent is back after six months\n"
    )
    (again,) = re.findall("^Or: jamsos (.*)$", answer.out, re.MULTILINE)
    assert again.startswith("law check my_laws.py --law six_months --seed 0 --histories ")
    assert "BROKEN LAW  An agent is back after six months\n" in run(*shlex.split(again)).out


def test_a_rule_of_ones_own_that_nothing_ships_under_is_named(run, laws, tmp_path):
    text = FIVE_MONTHS.replace('"agent-return-months"', '"agent-return-month"')
    (tmp_path / "five.toml").write_text(text, encoding="utf-8")
    file = laws(SIX_MONTHS)

    answer = run("law", "check", file, "--histories", 100, "--rules", "five.toml")
    assert answer.code == 0
    assert answer.out.startswith(
        "No rule that ships has these names; only policies of your own read them:"
        " perisai/agent-return-month (2017-11-01)\n\nHELD"
    )


@pytest.mark.parametrize(("old", "new"), [('"months"', '"days"'), ("value = 5", 'value = ["a"]')])
def test_a_rule_that_ships_keeps_its_unit_and_kind(run, laws, tmp_path, old, new):
    (tmp_path / "five.toml").write_text(FIVE_MONTHS.replace(old, new), encoding="utf-8")

    answer = run("law", "check", laws(SIX_MONTHS), "--rules", "five.toml")
    assert (answer.code, answer.out) == (2, "")
    assert "rule perisai/agent-return-months is of unit" in answer.err


def test_one_law_of_a_module_can_be_asked_for(run, laws):
    file = laws(LAWS)

    (only,) = objects(run("law", "check", file, "--law", "seats", "--histories", 20, "--json"))
    assert only["name"] == "seats"
    check_usage(run("law", "check", file, "--law", "chairs"), "there are seats, one_seat")


def test_laws_of_one_name_are_kept_in_files_of_their_own(run, laws, tmp_path):
    twice = (
        LAWS
        + """

first = one_seat

@law("Nobody takes a second seat, said again", cite="Seats, article 2")
def one_seat(event: QuotaSeatTaken, after: Quota):
    assert after.taken < 2
"""
    )
    answer = run("law", "check", laws(twice), "--histories", 40, "--keep", "kept")

    assert "3 laws: 1 held, 2 broken\n" in answer.out
    kept = sorted(each.name for each in (tmp_path / "kept").iterdir())
    assert kept == ["one_seat-2.jsonl", "one_seat.jsonl"]


def test_a_law_that_cannot_be_examined_keeps_no_other_from_it(run, laws):
    file = laws(LAWS.replace("after.allotted", "after.chairs"))
    answer = run("law", "check", file, "--histories", 40)

    assert answer.code == 2
    assert answer.err.startswith("jamsos: the law seats cannot be examined: AttributeError")
    assert "BROKEN LAW  Nobody takes a second seat\n" in answer.out
    assert answer.out.endswith("2 laws: 1 broken, 1 could not be examined\n")


def test_a_law_that_gives_its_word_and_asserts_nothing_cannot_be_examined(run, laws):
    file = laws(LAWS.replace("    assert after.taken <", "    return after.taken <"))
    answer = run("law", "check", file, "--histories", 40)

    assert answer.code == 2
    assert "the law seats returned True: what it says nobody hears" in answer.err


def test_a_folder_is_no_module(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine" / "laws").mkdir(parents=True)

    for name in ("./mine/laws", "mine/", "."):
        check_usage(run("law", "check", name), f"{name} is a folder")


def test_laws_are_held_against_a_history_that_exists(run, laws, tmp_path):
    day = date(2018, 1, 5)
    with jamsos.open(tmp_path / "perisai.db") as registry:
        registry.adopt("perisai", on=day).or_raise()
        registry.allot("perisai", 2, on=day).or_raise()
        for _ in range(2):
            agent = jamsos.new_agent_id()
            registry.recruit(agent, "perisai", province="51", on=day).or_raise()
        position = registry.last_position()
    file = laws(LAWS)

    answer = run("law", "check", file, "--history", "perisai.db")
    assert (answer.code, answer.err) == (1, "")
    held, broken, summary = answer.out.strip("\n").split("\n\n")
    assert summary == "2 laws: 1 held, 1 broken"
    assert held.splitlines() == [
        "HELD  Nobody takes a seat that is not there",
        "      Seats, article 1",
        f"Events: {position}; applied to: 2.",
    ]
    assert broken.splitlines()[-1] == (
        f"  position {position}, quota-perisai-national: QuotaSeatTaken on 2018-01-05: 2 are taken"
    )
    seats, one_seat = objects(run("law", "check", file, "--history", "perisai.db", "--json"))
    assert (seats["outcome"], seats["exercised"], seats["breaches"]) == ("held", 2, [])
    assert (one_seat["outcome"], one_seat["breaches"]) == (
        "broken",
        [{"position": position, "stream": "quota-perisai-national", "why": "2 are taken"}],
    )
    answer = run("law", "check", laws(SIX_MONTHS), "--history", "perisai.db", "--language", "id")
    assert answer.code == 1
    assert answer.out.startswith("TIDAK TERUJI  An agent is back after six months\n")
    assert run("law", "check", file, "--history", "nowhere.db").code == 3
    file = laws(LAWS.replace("after.allotted", "after.chairs"))
    answer = run("law", "check", file, "--history", "perisai.db")
    assert answer.code == 2
    assert "the law seats cannot be examined: AttributeError" in answer.err
    assert "BROKEN  Nobody takes a second seat\n" in answer.out
    first, second = objects(run("law", "check", file, "--history", "perisai.db", "--json"))
    assert (first["outcome"], second["outcome"]) == ("error", "broken")
    assert "(my_laws.py, line 11)" in first["why"]


@pytest.mark.parametrize("option", [("--rules", "five.toml"), ("--keep", "kept")])
def test_what_is_of_made_up_histories_goes_with_no_other(run, laws, option):
    answer = run("law", "check", laws(LAWS), "--history", "perisai.db", *option)

    check_usage(answer, f"{option[0]} says what made-up histories begin with or leave")


def test_values_of_ones_own_that_no_answer_named_are_told(run, laws, tmp_path):
    late = FIVE_MONTHS.replace("2017-11-01", "2026-06-01")
    (tmp_path / "five.toml").write_text(late, encoding="utf-8")
    asked = ("law", "check", laws(SIX_MONTHS), "--histories", 60, "--rules", "five.toml")

    named = "perisai/agent-return-months (2026-06-01)"
    assert f"No answer named these values of your rules: {named}." in run(*asked).out
    (told,) = objects(run(*asked, "--json"))
    assert (told["outcome"], told["unnamed"]) == ("held", [named])


def test_another_seed_gives_other_histories_and_the_same_seed_the_same(run, laws):
    file = laws(LAWS)

    def told(seed):
        answer = run("law", "check", file, "--histories", 40, "--seed", seed, "--json")
        return [law["commands"] for law in objects(answer) if law["outcome"] == "broken"]

    assert told(1) == told(1) != told(2)


def test_a_story_is_told_in_indonesian(run, laws):
    answer = run("law", "check", laws(LAWS), "--histories", 40, "--language", "id")

    assert answer.code == 1
    assert "KETENTUAN DILANGGAR  Nobody takes a second seat\n" in answer.out


def test_the_histories_that_break_laws_are_kept_in_a_folder(run, laws, tmp_path):
    file = laws(LAWS)
    answer = run("law", "check", file, "--histories", 40, "--keep", "kept/here")

    assert "kept in kept/here/one_seat.jsonl\n" in answer.out
    assert [kept.name for kept in (tmp_path / "kept/here").iterdir()] == ["one_seat.jsonl"]
    answer = run("law", "check", file, "--histories", 40, "--keep", "kept/here", "--json")
    assert objects(answer)[1]["kept"] == "kept/here/one_seat.jsonl"


def test_no_folder_is_made_where_the_module_cannot_be_imported(run, laws, tmp_path):
    run("law", "check", laws("import nothing_such"), "--keep", "kept")

    assert not (tmp_path / "kept").exists()


def test_a_file_is_read_as_it_is_now(run, laws):
    run("law", "check", laws(LAWS), "--histories", 20)
    answer = run("law", "check", laws(LAWS.replace("< 2", "< 9")), "--histories", 20)

    assert answer.code == 0


def test_a_module_finds_those_beside_it_and_leaves_the_path_as_it_was(run, laws):
    laws("MOST = 9\n", "figures_of_ours.py")
    file = laws(LAWS.replace("< 2", "< MOST") + "\n\nfrom figures_of_ours import MOST\n")
    before = list(sys.path)

    assert run("law", "check", file, "--histories", 20).code == 0
    assert sys.path == before


def test_a_module_can_be_named_with_dots(laws, tmp_path):
    (tmp_path / "our_office").mkdir()
    laws(LAWS, "our_office/laws.py")
    asked = [*COMMAND, "law", "check", "our_office.laws", "--histories", "20"]
    done = subprocess.run(asked, capture_output=True, check=False, text=True, cwd=tmp_path)

    assert (done.returncode, done.stderr) == (1, "")
    assert "BROKEN LAW  Nobody takes a second seat\n" in done.stdout


def test_a_law_that_is_imported_twice_is_checked_once(run, laws):
    file = laws(LAWS.replace("< 2", "< 9") + "\n\nagain = seats\n")

    assert len(objects(run("law", "check", file, "--histories", 20, "--json"))) == 2


# -- What cannot be answered as it is put. --------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("import nothing_such", ["my_laws.py cannot be imported", "nothing_such", "line 1"]),
        ("MOST = 9\n\n1 / 0", ["ZeroDivisionError: division by zero (my_laws.py, line 3)"]),
        ("def law(:", ["my_laws.py cannot be imported: SyntaxError"]),
        ("raise SystemExit(3)", ["SystemExit: 3"]),
        ("raise ValueError('one\\ntwo')", ["ValueError: one (my_laws.py, line 1)"]),
        ("MOST = 9", ["there is no law in my_laws.py", "@jamsos.testing.law"]),
        (LAWS.replace("after: Quota", "now: Quota"), ["the law seats takes event, now"]),
    ],
)
def test_what_is_wrong_with_a_module_is_said_in_one_line(run, laws, text, words):
    check_usage(run("law", "check", laws(text), "--histories", 20), *words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            LAWS.replace("after.allotted", "after.chairs"),
            ["the law seats cannot be examined: AttributeError", "(my_laws.py, line 11)"],
        ),
        (
            LAWS.replace("after: Quota", "world").replace(
                "after.taken <= after.allotted", "world.programme('perisai').rule('x', event.on)"
            ),
            ["the law seats cannot be examined: RuleNotInForceError: no rule 'x'", "line 11"],
        ),
    ],
)
def test_what_is_wrong_with_a_law_is_said_in_one_line(run, laws, text, words):
    check_usage(run("law", "check", laws(text), "--law", "seats", "--histories", 20), *words)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere.py"], ["there is no file nowhere.py"]),
        (["nowhere.laws"], ["nowhere.laws cannot be imported: ModuleNotFoundError", "'nowhere'"]),
        ([""], ["cannot be imported"]),
        (["json"], ["there is no law in json"]),
        (["my_laws.py", "--histories", "0"], ["--histories 0 shows nothing"]),
        (["my_laws.py", "--histories", "many"], ["'many'"]),
        (["my_laws.py", "--seed", "lucky"], ["'lucky'"]),
        (["my_laws.py", "--language", "fr"], ["'fr'"]),
        (["my_laws.py", "--keep", "my_laws.py"], ["nothing can be kept in my_laws.py"]),
        ([], ["MODULE"]),
    ],
)
def test_what_is_wrong_with_the_words_is_said_in_one_line(run, laws, arguments, words):
    laws(LAWS)
    check_usage(run("law", "check", *arguments), *words)


def test_a_file_that_holds_no_python_is_named(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "notes.md").write_text("# Notes\n", encoding="utf-8")

    check_usage(run("law", "check", "notes.md"), "notes.md is not a .py file")


def test_a_rule_file_that_is_not_there_is_named(run, laws):
    answer = run("law", "check", laws(LAWS), "--rules", "nowhere.toml")

    assert (answer.code, answer.out) == (3, "")
    assert answer.err == "jamsos: there is no rule file nowhere.toml\n"


def check_usage(answer, *words):
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith("jamsos: ")
    assert answer.err.count("\n") == 1
    for word in words:
        assert word in answer.err


def test_the_command_line_brings_no_tool_of_tests_unless_it_is_asked_for():
    program = "import jamsos.cli, sys; jamsos.cli.commands(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)

    assert {"jamsos.testing", "hypothesis"}.isdisjoint(done.stdout.decode().split())


def test_laws_are_checked_without_hypothesis(laws):
    program = (
        "import sys; sys.modules['hypothesis'] = None\n"
        f"from jamsos.cli import main; sys.exit(main(['law', 'check', {laws(LAWS)!r}]))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)

    assert find_spec("hypothesis") is not None
    assert (done.returncode, done.stderr) == (1, b"")


# -- The tutorial. ---------------------------------------------------------------------

FIGURES = re.compile(r"\d[\d,]*(?= histories a second)|\d+\.\d+(?= ?s\b)")
FENCE = re.compile(
    r"(?:^Save this as `([\w./-]+)`:\n\n)?^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL
)


@pytest.mark.slow
def test_every_command_of_the_tutorial_prints_what_the_page_shows(tmp_path):
    """Files are saved, and commands given, in the order of the page; only speeds differ."""
    commands = 0
    for file, language, code in FENCE.findall(TUTORIAL.read_text(encoding="utf-8")):
        if file:
            (tmp_path / file).parent.mkdir(exist_ok=True)
            (tmp_path / file).write_text(code, encoding="utf-8")
        elif language == "console":
            for command, shown in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", code, re.MULTILINE):
                check_shown(command, shown, tmp_path)
                commands += 1

    assert commands >= 5


def check_shown(command, shown, folder):
    """Hold what a command of the page prints to what stands below it; ``...`` is anything."""
    name, *words = shlex.split(command)
    programs = {
        "jamsos": COMMAND,
        "pytest": [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *PLUGIN],
    }
    if name == "pip":
        return
    done = subprocess.run(
        [*programs[name], *words],
        capture_output=True,
        check=False,
        text=True,
        cwd=folder,
        env={**os.environ, "COLUMNS": "80", "PYTEST_ADDOPTS": ""},
    )
    printed, wanted = (FIGURES.sub("#", text.strip("\n")) for text in (done.stdout, shown))
    same = doctest.OutputChecker().check_output(f"{wanted}\n", f"{printed}\n", doctest.ELLIPSIS)

    assert done.stderr == ""
    assert same, f"$ {command}\n{done.stdout}"


# -- Laws that end the program, or assert nothing. ------------------------------------

ENDING = {
    "sys.exit(0)": "SystemExit(0), which would end the program",
    "exit()": "SystemExit(None)",
    "raise GeneratorExit": "GeneratorExit()",
    "raise KeyboardInterrupt": "KeyboardInterrupt",
    "raise BaseException('no')": "BaseException: no",
    "assert False, Ending()": "SystemExit(0)",
}
ENDING_LAW = """\
import sys

class Ending:
    def __str__(self):
        sys.exit(0)

@law("It ends everything", cite="Seats, article 9")
def ending(event: QuotaSeatTaken, after: Quota) -> None:
    END
"""


@pytest.mark.parametrize(("end", "said"), ENDING.items(), ids=ENDING)
@pytest.mark.parametrize("against", ["made up", "recorded"])
def test_a_law_that_ends_the_program_is_an_error_and_keeps_no_other_from_it(
    run, laws, life, end, said, against
):
    head, *rest = LAWS.partition("@law")
    name = laws(head + ENDING_LAW.replace("END", end) + "\n" + "".join(rest))
    options = ["--histories", 40] if against == "made up" else ["--history", life.store]
    answer = run("law", "check", name, "--json", *options)

    assert answer.code == 2
    told = {one["name"]: one["outcome"] for one in objects(answer)}
    assert told == {"ending": "error", "seats": "held", "one_seat": "broken"}
    assert answer.err.startswith("jamsos: the law ending cannot be examined: ")
    assert said in answer.err
    assert answer.err.count("\n") == 1


@pytest.mark.parametrize(
    "end", ["sys.exit(0)", "raise KeyboardInterrupt", "raise GeneratorExit", "raise BaseException"]
)
def test_a_module_that_ends_the_program_is_an_error(run, laws, end):
    answer = run("law", "check", laws(f"import sys\n{end}\n"))

    assert (answer.code, answer.out) == (2, "")
    assert "my_laws.py cannot be imported: " in answer.err
    assert answer.err.count("\n") == 1


@pytest.mark.parametrize("way", ["-O", "-OO", "PYTHONOPTIMIZE"])
def test_laws_are_not_checked_where_nothing_is_asserted(laws, way):
    words = [sys.executable, *([] if way == "PYTHONOPTIMIZE" else [way]), "-m", "jamsos"]
    env = {**os.environ, **({"PYTHONOPTIMIZE": "1"} if way == "PYTHONOPTIMIZE" else {})}
    done = subprocess.run(
        [*words, "law", "check", laws(LAWS)], env=env, capture_output=True, check=False
    )

    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr == (
        b"jamsos: Python runs with -O, and leaves out what laws assert: run it without\n"
    )


@pytest.mark.parametrize("text", [True, False], ids=["with its text", "without its text"])
@pytest.mark.parametrize("level", [0, 1, 2])
def test_a_law_that_was_compiled_without_what_it_asserts_is_refused(run, laws, level, text):
    name = laws(LAWS)
    cached = cache_from_source(name)
    py_compile.compile(name, cfile=cached if text else "bare.pyc", optimize=level, doraise=True)
    if not text:
        Path(name).unlink()
    answer = run("law", "check", name if text else "bare", "--histories", 40)
    sys.modules.pop("bare", None)

    if level == 0:
        assert (answer.code, answer.err) == (1, "")
        return
    assert (answer.code, answer.out) == (2, "2 laws: 2 could not be examined\n")
    for law in ("seats", "one_seat"):
        assert f"the law {law} was compiled with -O" in answer.err
