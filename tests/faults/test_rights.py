"""Somebody has a right to less than everything: to append alone, to read alone, or to nothing."""

import os
import stat

import psycopg
import pytest
from eventsourcing.persistence import PersistenceError

import jamsos
from tests.faults import evidence, plain
from tests.faults.files import register
from tests.faults.guarantees import not_promised, plain_library, promised


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


@not_promised(
    "The owner of the tables, and whoever is a superuser, can change and delete everything; so"
    " can whoever may write the file."
)
def test_the_owner_of_the_tables_can_change_everything(ours, prepared):
    place = prepared(ours)
    if evidence.is_server(place):
        with psycopg.connect(place) as connection:
            connection.execute("DELETE FROM stored_events")
    else:
        evidence.ask(place, "DELETE FROM stored_events")

    with jamsos.open(place) as registry:
        assert registry.last_position() == 0


@plain_library("A new file has the mode that the umask leaves: everybody on the machine reads it.")
def test_plainly_a_new_file_is_everybodys_to_read(tmp_path):
    before = os.umask(0o022)
    try:
        app = plain.application(str(tmp_path / "office.db"))
        app.save(plain.recruited())
        app.close()
    finally:
        os.umask(before)

    assert stat.S_IMODE((tmp_path / "office.db").stat().st_mode) == 0o644


@plain_library(
    "PostgreSQL: a role with SELECT and INSERT cannot save, for `save` locks the table; with"
    " UPDATE it can, and can change what was recorded."
)
def test_plainly_a_role_that_can_append_can_change_what_was_recorded(theirs, postgres):
    place, role = theirs.database(), postgres.new_role()
    app = plain.application(place.replace("user=postgres", f"user={role}"), CREATE_TABLE="n")

    def grant(rights):
        with psycopg.connect(place) as connection:
            connection.execute(f"GRANT {rights} ON ALL TABLES IN SCHEMA public TO {role}")
            connection.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}")

    grant("SELECT, INSERT")
    with pytest.raises(PersistenceError, match="permission denied for table scheme_events"):
        app.save(plain.recruited())
    grant("UPDATE")
    assert app.save(plain.recruited())
    app.close()

    with psycopg.connect(place.replace("user=postgres", f"user={role}")) as connection:
        assert connection.execute("UPDATE scheme_events SET state = ''").rowcount > 1
