"""What is read was made to do harm: by depth, by length, by what a terminal would obey."""

import sqlite3
from contextlib import closing

import pytest
from eventsourcing.persistence import MapperDeserialisationError

from tests.faults import plain
from tests.faults.guarantees import plain_library

DEEP = b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}"


@plain_library(
    "Reads no files and prints nothing. Of what is stored, a state that is too deep is an error"
    " that names its aggregate and its version."
)
def test_plainly_a_state_that_is_too_deep_is_an_error_with_its_name(tmp_path):
    place = str(tmp_path / "perisai.db")
    app = plain.application(place)
    agent = plain.recruited()
    app.save(agent)
    with closing(sqlite3.connect(place)) as database, database:
        database.execute("UPDATE stored_events SET state = ?", [DEEP])

    with pytest.raises(MapperDeserialisationError, match=f"{agent.id}.* 1: maximum recursion"):
        app.repository.get(agent.id)
    app.close()
