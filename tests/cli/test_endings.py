"""How a command ends that is interrupted, or whose answer nobody takes: in one line, in order."""

import os
import shutil
import signal
import subprocess
import sys
import time

import pytest

from tests.signals import heeded

COMMAND = [sys.executable, "-m", "jamsos"]
CLOSED = "the answer cannot be written: the standard output is closed"
FULL = "the answer cannot be written: No space left on device"
LAWS = """\
import sys, time
from jamsos.domain.quota import QuotaSeatTaken
from jamsos.testing import law


@law("It takes its time", cite="example")
def slow(event: QuotaSeatTaken) -> None:
    print("here", file=sys.stderr, flush=True)
    time.sleep(60)
    assert event
"""


def shell(line, folder):
    """Run *line* in a shell, where ``jamsos`` is this jamsos."""
    program = f'jamsos() {{ "{sys.executable}" -m jamsos "$@"; }}; {line}'
    return subprocess.run(
        ["/bin/sh", "-c", program], cwd=folder, capture_output=True, text=True, check=False
    )


@pytest.fixture
def folder(life, tmp_path):
    shutil.copy(life.store, tmp_path / "life.db")
    shutil.copy(life.file, tmp_path / "life.jsonl")
    (tmp_path / "laws.py").write_text(LAWS, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("name", "code", "said"),
    [
        ("SIGINT", 130, "interrupted"),
        ("SIGTERM", 143, "terminated"),
        ("SIGHUP", 129, "the terminal is gone"),
    ],
)
def test_a_command_that_is_stopped_says_so_in_one_line(folder, name, code, said):
    # A law is no place to hide from it: neither is whatever else is in the middle of its work.
    with subprocess.Popen(
        [*COMMAND, "law", "check", "laws.py"],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=heeded,  # noqa: PLW1509 - it only sets a signal
    ) as process:
        assert process.stderr.readline() == "here\n"
        process.send_signal(getattr(signal, name))
        out, err = process.communicate(timeout=30)

    assert (process.returncode, out) == (code, "")
    assert err == f"jamsos: {said}\n"


def test_an_import_that_is_stopped_leaves_nothing_half_written(folder):
    pipe = folder / "pipe.jsonl"
    os.mkfifo(pipe)
    before = {*folder.iterdir()}
    with (
        subprocess.Popen(
            [*COMMAND, "import", "pipe.jsonl", "--store", "new.db"],
            cwd=folder,
            stderr=subprocess.PIPE,
            text=True,
        ) as process,
        pipe.open("wb") as file,
    ):
        file.write((folder / "life.jsonl").read_bytes()[:2_000])
        file.flush()
        time.sleep(0.5)
        process.send_signal(signal.SIGTERM)
        err = process.communicate(timeout=30)[1]

    assert process.returncode == 143
    assert err == "jamsos: terminated\n"
    assert {*folder.iterdir()} == before


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("jamsos export life.db >&-", 3, CLOSED),
        ("jamsos import life.jsonl --store new.db >&-", 3, CLOSED),
        ("jamsos export life.db >/dev/full", 3, FULL),
        ("jamsos schema >/dev/full", 3, FULL),
        ("jamsos --help >/dev/full", 3, FULL),
        ("jamsos export life.db | head -1 >/dev/null", 0, None),
        ("jamsos recount 2>&-", 2, None),
        ("jamsos recount 2>/dev/full", 2, None),
        ("jamsos schema >&- 2>&-", 3, None),
        ("jamsos schema <&- >/dev/null", 0, None),
    ],
)
def test_an_answer_that_nobody_takes_is_told_in_one_line_or_not_at_all(folder, line, code, said):
    done = shell(line, folder)

    assert done.returncode == code
    assert done.stdout == ""
    assert done.stderr == ("" if said is None else f"jamsos: {said}\n")
    assert not (folder / "new.db").exists()


def test_an_error_goes_to_no_file_that_took_the_place_of_a_closed_stream(folder):
    before = (folder / "life.db").read_bytes()
    done = shell("jamsos rebuild life.db nothing 2>&- >out", folder)

    assert (done.returncode, done.stdout, done.stderr) == (2, "", "")
    assert (folder / "out").read_bytes() == b""
    assert (folder / "life.db").read_bytes() == before


@pytest.mark.parametrize(
    ("raised", "code", "said"),
    [
        ("OSError(28, 'No space left on device', '/a/file')", 3, "/a/file: No space left"),
        ("RecursionError", 3, "nested more deeply than can be read"),
        ("MemoryError", 3, "not memory enough"),
        ("KeyboardInterrupt", 130, ""),
    ],
)
def test_what_becomes_of_a_machine_is_told_in_one_line(folder, raised, code, said):
    program = (
        "import sys; from jamsos.store import history_file\n"
        f"def read(_): raise {raised}\n"
        "history_file.read = read\n"
        "from jamsos.cli import main; sys.exit(main(['replay', 'life.jsonl']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout) == (code, "")
    assert said in done.stderr
    assert done.stderr.count("\n") <= 1


def test_handlers_of_others_stay_and_ours_are_taken_back(run, life):
    def theirs(*_):
        pass

    before = signal.signal(signal.SIGTERM, theirs)
    try:
        interrupt = signal.getsignal(signal.SIGINT)
        assert run("replay", life.file).code == 0
        assert signal.getsignal(signal.SIGTERM) is theirs
        assert signal.getsignal(signal.SIGINT) is interrupt
    finally:
        signal.signal(signal.SIGTERM, before)
