"""Rules of an installed package that is broken: named in one line, and passed over."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

RULES = Path(__file__).parents[2] / "src" / "jamsos" / "rulebook" / "rules"
GOOD = """\
programme = "pilot"
rule = "limit"
means = "How many there may be."
unit = "agents"

[[value]]
value = 10
in_force = 2018-01-01
status = "assumed"
citation = { instrument = "Example 1/2018" }
"""


@pytest.fixture
def installed(tmp_path):
    """Give a function that installs a package with entry points, and what runs a command then."""

    def package(name, rule):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").touch()
        (tmp_path / name / "rule.toml").write_text(rule, encoding="utf-8")

    package("good_rules", GOOD)
    package("faulty_rules", GOOD.replace("10", "1.5"))
    (tmp_path / "no_rules.py").touch()
    for name, text in (
        ("exiting", "import sys; sys.exit(0)"),
        ("raising", "raise RuntimeError('it is \x1b[31mred\\nand more')"),
        ("unreadable", "def"),
    ):
        (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")

    def install(points, name="theirs"):
        info = tmp_path / f"{name}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[jamsos.rules]\n{points}\n", encoding="utf-8")

    def run(words, *options):
        path = os.pathsep.join([str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])])
        return subprocess.run(
            [sys.executable, *options, "-m", "jamsos", *words.split()],
            env={**os.environ, "PYTHONPATH": path},
            capture_output=True,
            text=True,
            check=False,
        )

    return install, run


BROKEN = [
    ("nowhere.rules", "ModuleNotFoundError: No module named 'nowhere'"),
    ("exiting", "SystemExit: 0"),
    ("raising", "RuntimeError: it is \\x1b[31mred"),
    ("unreadable", "SyntaxError: "),
    ("no_rules", "it is of type module, and not a package that holds rule files"),
    ("json:loads", "it is of type function, and not a package that holds rule files"),
    ("good_rules:nothing", "AttributeError: "),
    ("a b c", ""),
    ("faulty_rules", "rule file faulty_rules/rule.toml, line 7: value.value: it is 1.5"),
]


def test_a_package_whose_rules_cannot_be_read_is_named_and_passed_over(installed):
    install, run = installed
    points = [f"x{number} = {value}" for number, (value, _) in enumerate(BROKEN)]
    install("\n".join([*points, "good = good_rules"]))
    listed = run("rules list --programme pilot", "-W", "error")

    assert listed.returncode == 0
    assert listed.stdout.startswith("pilot/limit  whole number, agents; 2018-01-01 on; assumed")
    lines = listed.stderr.splitlines()
    assert len(lines) == len(BROKEN)
    for number, (line, (value, said)) in enumerate(zip(lines, BROKEN, strict=True)):
        named = f"jamsos: the rules that are installed as 'x{number}' ({value}) are passed over: "
        assert line.startswith(named + said)
        assert line.endswith(": mend that package, or uninstall it")


def test_what_is_due_is_said_and_a_check_tells_of_the_package(installed):
    install, run = installed
    install("x = nowhere.rules")
    due = run("due --segment bpu --month 2026-04 --income 1000000 --json")
    checked = run(f"rules check {RULES / 'jht'}")

    assert (due.returncode, due.stderr.count("\n")) == (0, 1)
    assert '"total": 8400' in due.stdout
    assert checked.returncode == 1
    first, last = checked.stdout.splitlines()
    assert first.startswith("FAULT  the rules that are installed as 'x' (nowhere.rules) are passed")
    assert last.endswith("with a fault: 1")
    assert checked.stderr == ""


def test_a_distribution_whose_entry_points_cannot_be_read_hides_no_other(installed):
    install, run = installed
    install("no line of this kind")
    install("good = good_rules", "ours")
    listed = run("rules list --programme pilot")

    assert listed.returncode == 0
    assert listed.stdout.startswith("pilot/limit")
    assert listed.stderr.startswith("jamsos: the entry points of ")
    assert listed.stderr.count("\n") == 1


def test_a_package_that_is_named_twice_is_read_once(installed):
    install, run = installed
    install("good = good_rules")
    install("good = good_rules\nagain = good_rules", "ours")
    listed = run("rules list --programme pilot")

    assert (listed.returncode, listed.stderr) == (0, "")
    assert listed.stdout.count("\n") == 1
