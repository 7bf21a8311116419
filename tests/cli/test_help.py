"""`--help`: every command says what it does, with an example and its exit codes."""

import re
import subprocess
import sys

import pytest

import jamsos
from jamsos.cli import commands
from jamsos.formulas.active import DEFINITIONS
from jamsos.projections.active_participants import DIMENSIONS

COMMANDS = (
    "demo",
    "count",
    "replay",
    "show",
    "export",
    "import",
    "backup",
    "migrate",
    "rebuild",
    "status",
    "schema",
    "rules list",
    "rules show",
    "rules check",
    "law check",
    "rules diff",
    "due",
    "explain",
)
COMMAND = "from jamsos.cli import main; raise SystemExit(main())"


def example(text):
    """Return the line that follows ``example:``."""
    (found,) = re.findall(r"^example:\n +(.+)$", text, re.MULTILINE)
    return found


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_explains_itself(run, command):
    answer = run(*command.split(), "--help")

    assert (answer.code, answer.err) == (0, "")
    assert answer.out.startswith(f"usage: jamsos {command} ")
    assert "exit codes: 0 fine, 1 findings, 2 usage, 3 unreadable or corrupt" in answer.out
    assert "--json" in answer.out


@pytest.mark.parametrize("command", COMMANDS)
def test_the_example_of_a_command_is_one_that_it_understands(
    run, life, command, tmp_path, monkeypatch
):
    (tmp_path / "perisai.db").write_bytes(life.store.read_bytes())
    (tmp_path / "perisai.jsonl").write_bytes(life.file.read_bytes())
    monkeypatch.chdir(tmp_path)
    words = example(run(*command.split(), "--help").out).partition(" > ")[0].split()
    answer = run(*words[1:])

    # A store that is there already, no such position, file or server: no fault of the words.
    assert words[: len(command.split()) + 1] == ["jamsos", *command.split()]
    assert "--help" not in answer.err
    codes = {"demo": 2, "import": 2, "replay": 2, "rules check": 3, "migrate": 3, "law check": 3}
    assert answer.code == codes.get(command, 0)


def test_every_command_is_tried_here():
    assert set(commands()) == set(COMMANDS)


def test_the_whole_lists_every_command(run):
    answer = run("--help")

    assert (answer.code, answer.err) == (0, "")
    for command in {command.split()[0] for command in COMMANDS}:
        assert re.search(rf"^ +{command} +\S", answer.out, re.MULTILINE)
    assert "exit codes: 0 fine, 1 findings, 2 usage, 3 unreadable or corrupt" in answer.out


@pytest.mark.parametrize("word", [*DEFINITIONS, *DIMENSIONS, "programme"])
def test_the_help_of_count_names_the_definitions_and_the_dimensions(run, word):
    assert word in run("count", "--help").out


def test_the_version_is_printed(run):
    answer = run("--version")

    assert (answer.code, answer.out, answer.err) == (0, f"jamsos {jamsos.__version__}\n", "")


def test_the_package_runs_as_the_command(life):
    asked = [sys.executable, "-m", "jamsos", "count", life.store, "--month", "2018-02"]
    done = subprocess.run(asked, capture_output=True, check=False)
    wrong = subprocess.run([*asked[:3], "recount"], capture_output=True, check=False)

    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(b"2018-02, ")
    assert wrong.returncode == 2
    assert wrong.stderr.endswith(b"see 'jamsos --help'\n")


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["rules", "--help"]])
def test_no_command_is_imported_before_it_is_given(words):
    program = f"import sys; from jamsos.cli import main; main({words}); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    *_, loaded = done.stdout.decode().splitlines()
    files = {name for name in loaded.split() if name.startswith("jamsos.cli.")}

    always = ("command", "exit_codes", "stopping", "writing")
    assert files == {f"jamsos.cli.{name}" for name in always}


def test_a_command_imports_no_other(life):
    program = (
        "import sys; from jamsos.cli import main;"
        f"main(['count', {str(life.store)!r}, '--month', '2018-02']); print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    *_, loaded = done.stdout.decode().splitlines()
    others = {"jamsos.testing", "jamsos.audit", "jamsos.cli.law", "jamsos.cli.rules", "hypothesis"}

    assert "jamsos.cli.count" in loaded.split()
    assert others.isdisjoint(loaded.split())


def test_a_process_ends_with_the_exit_code_of_its_command(life, written):
    def code(*arguments):
        asked = [sys.executable, "-c", COMMAND, *map(str, arguments)]
        return subprocess.run(asked, capture_output=True, check=False).returncode

    lines = life.lines()
    del lines[11]  # Budi recruited, and no seat taken
    for position, line in enumerate(lines, start=1):
        line["position"] = position
    broken = life.lines()
    del broken[9]

    assert code("--help") == 0
    assert code("count", life.store, "--month", "2018-02") == 0
    assert code("replay", written(lines, "lie.jsonl")) == 1
    assert code("count", life.store, "--month", "2018-13") == 2
    assert code("replay", written(broken, "broken.jsonl")) == 3
