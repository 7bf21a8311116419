"""Somebody has a right to less than everything: to append alone, to read alone, or to nothing."""

import os
import stat

import pytest

import jamsos
from tests.faults.files import register
from tests.faults.guarantees import promised


@promised("New files are their owner's alone, whatever the umask; the mode of others stays.")
@pytest.mark.parametrize("umask", [0o000, 0o022, 0o277])
def test_new_files_are_their_owners_alone(tmp_path, umask):
    before = os.umask(umask)
    try:
        with jamsos.open(tmp_path / "office.db") as registry:
            register(registry)
            modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in tmp_path.iterdir()}
    finally:
        os.umask(before)

    assert modes == dict.fromkeys(("office.db", "office.db-wal", "office.db-shm"), 0o600)
