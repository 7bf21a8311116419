"""The log: silent by default, and never with anything of a person in it."""

import logging
import subprocess
import sys
from datetime import date

import pytest

import jamsos
from jamsos.errors import UnavailableError
from jamsos.store.sqlite import SQLiteRecorder

DAY = date(2017, 11, 20)


class Away:
    """A recorder whose database is locked for the first so many appends."""

    def __init__(self, path, times):
        self._recorder = SQLiteRecorder(path, create=True)
        self._times = times

    def __getattr__(self, name):
        return getattr(self._recorder, name)

    def append(self, rows, **more):
        self._times -= 1
        if self._times >= 0:
            msg = "it is locked"
            raise UnavailableError(msg)
        return self._recorder.append(rows, **more)


def test_opening_a_store_is_told_with_its_place_and_its_identity(tmp_path, caplog):
    with caplog.at_level(logging.INFO, "jamsos"), jamsos.open(tmp_path / "office.db") as opened:
        identity = opened._store.identity

    assert caplog.messages == [
        f"opened {tmp_path / 'office.db'} to be read and written; its identity is {identity}"
    ]


def test_a_command_that_is_decided_again_is_told_to_those_who_listen_to_all(tmp_path, caplog):
    away = Away(tmp_path / "office.db", 2)
    with jamsos.open(away) as registry, caplog.at_level(logging.DEBUG, "jamsos"):
        registry.adopt("perisai", on=DAY).or_raise()

    told = [m for m in caplog.messages if m.startswith("UnavailableError: 1 letters are decided")]
    assert len(told) == 2
    assert "perisai" not in caplog.text.replace("test_log", "")


def test_the_end_of_patience_is_a_warning(tmp_path, caplog):
    away = Away(tmp_path / "office.db", 9_999)
    caplog.set_level(logging.WARNING, "jamsos")
    with jamsos.open(away, patience=0.05) as registry, pytest.raises(UnavailableError):
        registry.adopt("perisai", on=DAY)

    assert caplog.messages == ["UnavailableError has ended 1 letters: 0 others wait"]


def test_a_program_that_does_not_listen_hears_nothing(tmp_path):
    program = (
        "import jamsos, logging; from jamsos.log import LOG; LOG.warning('heard');"
        f"jamsos.open({str(tmp_path / 'office.db')!r}).close()"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)

    assert (done.stdout, done.stderr) == (b"", b"")
