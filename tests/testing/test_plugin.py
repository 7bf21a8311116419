"""The plugin for pytest: stories in place of tracebacks, and what was exercised under ``-v``."""

import os
import re
import subprocess
import sys

import pytest

LAWS = """\
from jamsos.domain.quota import Quota, QuotaSeatTaken
from jamsos.testing import check, law


@law("Nobody takes a seat that is not there", cite="Seats, article 1")
def seats(event: QuotaSeatTaken, after: Quota) -> None:
    assert after.taken <= after.allotted


@law("Nobody takes a second seat", cite="Seats, article 2")
def one_seat(event: QuotaSeatTaken, after: Quota) -> None:
    assert after.taken < 2, f"{after.taken} are taken"
"""
HELD = """

def test_that_holds(check_law):
    held = check_law(seats, histories=20)
    assert held.histories == 20
"""
BROKEN = """

def test_that_is_broken():
    check(one_seat, histories=20)
"""
PLAIN = """\
def test_of_something_else():
    assert 1 + 1 == 3
"""
pytestmark = pytest.mark.slow  # each is a pytest of its own
EACH = pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "two workers"])


@pytest.fixture
def pytest_run(tmp_path):
    """Give a function that runs pytest with the plugin over the text of one test file."""

    def run(text, *options):
        (tmp_path / "test_it.py").write_text(text, encoding="utf-8")
        done = subprocess.run(
            [
                *(sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:jamsos"),
                *("-p", "pytest_jamsos", *options, "test_it.py"),
            ],
            capture_output=True,
            check=False,
            text=True,
            cwd=tmp_path,
            env={**os.environ, "COLUMNS": "80", "PYTEST_ADDOPTS": ""},
        )
        assert done.stderr == ""
        return done.returncode, done.stdout

    return run


def section(out, title):
    """Return what stands between the line of a *title* and the next such line."""
    _, after = re.split(rf"^=+ {title} =+\n", out, flags=re.MULTILINE)
    return re.split(r"^=+ .*\n", after, flags=re.MULTILINE)[0]


@EACH
def test_a_broken_law_is_shown_as_its_story_and_nothing_else(pytest_run, workers):
    code, out = pytest_run(LAWS + BROKEN, *workers)
    heading, *shown = section(out, "FAILURES").splitlines()
    if workers:
        assert shown.pop(0).startswith("[gw")

    assert code == 1
    assert re.fullmatch("_+ test_that_is_broken _+", heading)
    assert shown[0] == "BROKEN LAW  Nobody takes a second seat"
    assert "checking.py" not in out
    assert "test_it.py:" not in "\n".join(shown)
    assert re.findall(r"^ +(\d)  ", "\n".join(shown), re.MULTILINE) == ["1", "2", "3"]
    assert "FAILED test_it.py::test_that_is_broken - BROKEN LAW  Nobody takes a" in out


@EACH
def test_the_laws_that_held_are_listed_with_what_was_exercised_where_it_is_asked_for(
    pytest_run, workers
):
    code, out = pytest_run(LAWS + HELD + BROKEN, "-v", *workers)
    said = section(out, "laws").splitlines()

    assert code == 1
    assert len(said) == 1
    assert re.fullmatch(
        r"held  Nobody takes a seat that is not there: \d+ times in 20 histories", said[0]
    )


def test_the_laws_that_held_are_not_listed_otherwise(pytest_run):
    code, out = pytest_run(LAWS + HELD)

    assert code == 0
    assert "1 passed" in out
    assert " laws ==" not in out
    assert "held  " not in out


def test_a_law_that_was_not_exercised_is_shown_without_a_traceback(pytest_run):
    code, out = pytest_run(LAWS + "\n\ndef test_it():\n    check(seats, histories=1, steps=1)\n")

    assert code == 1
    assert section(out, "FAILURES").splitlines()[1].startswith("NOT EXERCISED  Nobody takes")
    assert "checking.py" not in out


def test_a_system_that_disagrees_is_shown_by_its_story(pytest_run):
    code, out = pytest_run("""\
from jamsos.testing.agreeing import agree


class Yes:
    def ask(self, command):
        return "refused"


def test_it():
    agree(Yes)
""")

    assert code == 1
    assert section(out, "FAILURES").splitlines()[1].startswith("NOT THE SAME ANSWER  1: ")


@EACH
def test_another_failure_is_shown_as_ever(pytest_run, workers):
    code, out = pytest_run(PLAIN, *workers)

    assert code == 1
    assert "assert (1 + 1) == 3" in section(out, "FAILURES")
    assert "test_it.py:2: AssertionError" in out


def test_a_broken_law_that_is_expected_fails_no_test(pytest_run):
    marked = BROKEN.replace("def ", "import pytest\n\n@pytest.mark.xfail(strict=True)\ndef ")
    code, out = pytest_run(LAWS + marked)

    assert code == 0
    assert "1 xfailed" in out


def test_the_number_of_exercises_goes_into_the_report_for_machines(pytest_run, tmp_path):
    pytest_run(LAWS + HELD + BROKEN, "--junit-xml=report.xml")
    written = (tmp_path / "report.xml").read_text(encoding="utf-8")

    assert 'name="jamsos law" value="Nobody takes a seat that is not there: ' in written
    assert "BROKEN LAW  Nobody takes a second seat" in written


def test_the_plugin_itself_opens_nothing_of_jamsos():
    program = """
import sys
import pytest_jamsos
print([name for name in sys.modules if name.partition(".")[0] in ("jamsos", "hypothesis")])
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)

    assert done.stdout == b"[]\n"
