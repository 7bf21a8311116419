"""The server refuses: a password, a database or a right is wrong, or it ends a session."""

import time
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from eventsourcing.persistence import PersistenceError
from psycopg.conninfo import conninfo_to_dict

from tests.faults import plain
from tests.faults.guarantees import plain_library

RIGHT = "right"


@plain_library(
    "A wrong password, a database that is not there, a server that is away: after the whole"
    " time-out the same words, `couldn't get a connection`. The password is not among them."
)
def test_plainly_what_lasts_is_told_in_the_words_of_what_passes(postgres):
    url = postgres.new_database()
    role = postgres.new_role("must_say_a_password", password=RIGHT)
    places = (
        url.replace("user=postgres", f"user={role}"),
        postgres.url("nowhere"),
        url.replace(str(postgres.port), "1"),
    )

    def said(place):
        known = {"POSTGRES_PASSWORD": "geheim", "POSTGRES_CONNECT_TIMEOUT": "1"}
        with pytest.raises(PersistenceError) as told:
            plain.application(place, **known)
        return str(told.value)

    with ThreadPoolExecutor(3) as together:
        assert {*together.map(said, places)} == {"couldn't get a connection after 1.00 sec"}


@plain_library(
    "A session that stood idle for too long and was ended: `save` begins another; a reading fails."
)
def test_plainly_a_reading_after_an_idle_session_fails(theirs):
    place = theirs.database()
    name = conninfo_to_dict(place)["dbname"]
    with psycopg.connect(place, autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE \"{name}\" SET idle_session_timeout = '100ms'")
    app = plain.application(place, CREATE_TABLE="n")
    app.save(plain.recruited())

    time.sleep(0.4)
    assert app.save(plain.recruited())
    time.sleep(0.4)
    with pytest.raises(PersistenceError, match="idle-session timeout"):
        list(app.read())
    app.close()
