"""The tables of a PostgreSQL store: made, brought up to date, and told from somebody else's."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import count

import psycopg
import pytest

import jamsos
from jamsos.errors import CorruptHistoryError, StoreError, UnavailableError
from jamsos.store.event_store import EventStore, migrate
from jamsos.store.postgres import PostgresRecorder
from jamsos.store.postgres_layout import TABLES, VERSION
from tests.faults.guarantees import promised

ON = date(2017, 11, 20)
NUMBERS = count(1)
RELATIONS = (
    "SELECT relname, relkind, relnatts FROM pg_class AS c JOIN pg_namespace AS n"
    " ON n.oid = relnamespace WHERE nspname = current_schema() ORDER BY 1"
)
FUNCTIONS = (
    "SELECT proname, replace(prosrc, current_schema(), 's') FROM pg_proc AS p"
    " JOIN pg_namespace AS n ON n.oid = pronamespace"
    " WHERE nspname = current_schema() ORDER BY 1, 2"
)

# What older versions of jamsos have made, as far as it is seen from outside.
LAYOUT_1 = """
CREATE TABLE stored_events (
    originator_id text NOT NULL,
    originator_version bigint NOT NULL,
    topic text NOT NULL,
    state bytea NOT NULL,
    notification_id bigint NOT NULL,
    PRIMARY KEY (originator_id, originator_version)
) WITH (autovacuum_analyze_threshold = 1000, autovacuum_analyze_scale_factor = 0.01);
CREATE UNIQUE INDEX stored_events_notification_id_idx ON stored_events (notification_id);
CREATE TABLE commands (
    command text PRIMARY KEY, request text, position bigint NOT NULL, events bigint NOT NULL,
    answer bytea
);
CREATE FUNCTION jamsos_append(
    streams text[], versions bigint[], names text[], states bytea[],
    expected text[], newest bigint[], after_position bigint,
    commands text[], requests text[], firsts bigint[], numbers bigint[], answers bytea[]
) RETURNS bigint LANGUAGE sql AS $$ SELECT 1::bigint $$;
CREATE FUNCTION jamsos_check(expected text[], newest bigint[], after_position bigint)
RETURNS bigint LANGUAGE sql AS $$ SELECT 1::bigint $$;
CREATE TABLE jamsos_layout (version integer PRIMARY KEY);
INSERT INTO jamsos_layout VALUES (1);
"""
LAYOUT_2 = (
    LAYOUT_1
    + """
CREATE TABLE tallies (
    generation bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL,
    version integer NOT NULL, live boolean NOT NULL, position bigint NOT NULL,
    UNIQUE (name, version, live)
) WITH (fillfactor = 50);
CREATE TABLE tally_cells (
    generation bigint NOT NULL, heading text NOT NULL, cell text NOT NULL,
    month integer NOT NULL, number bigint NOT NULL,
    PRIMARY KEY (generation, heading, cell, month)
) WITH (fillfactor = 70);
INSERT INTO jamsos_layout VALUES (2);
"""
)
LAYOUT_3 = (
    LAYOUT_2
    + """
CREATE TABLE concerns (
    stream text NOT NULL, position bigint NOT NULL, PRIMARY KEY (stream, position)
);
DROP FUNCTION jamsos_append(
    text[], bigint[], text[], bytea[], text[], bigint[], bigint,
    text[], text[], bigint[], bigint[], bytea[]
);
DROP FUNCTION jamsos_check(text[], bigint[], bigint);
CREATE FUNCTION jamsos_append(
    streams text[], versions bigint[], names text[], states bytea[],
    expected text[], newest bigint[], after_position bigint, unconcerned text[], known bigint[],
    commands text[], requests text[], firsts bigint[], numbers bigint[], answers bytea[],
    concerned text[], places bigint[]
) RETURNS bigint LANGUAGE sql AS $$ SELECT 1::bigint $$;
CREATE FUNCTION jamsos_check(
    expected text[], newest bigint[], after_position bigint, unconcerned text[], known bigint[]
) RETURNS bigint LANGUAGE sql AS $$ SELECT 1::bigint $$;
INSERT INTO jamsos_layout VALUES (3);
"""
)
OLD = {1: LAYOUT_1, 2: LAYOUT_2, 3: LAYOUT_3}


@pytest.fixture(scope="module")
def database(postgres):
    """Give a database in which each test has a schema of its own."""
    return postgres.new_database()


@pytest.fixture
def new_place(database):
    """Give the address of an empty schema, as often as asked."""

    def new():
        number = next(NUMBERS)
        ask(database, f"CREATE SCHEMA s{number}")
        return f"{database}&options=-csearch_path%3Ds{number}"

    return new


@pytest.fixture
def place(new_place):
    """Give the address of an empty schema."""
    return new_place()


def ask(url, question):
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(question)
        return cursor.fetchall() if cursor.description else []


def seen(url):
    return ask(url, RELATIONS), ask(url, FUNCTIONS)


@pytest.fixture(scope="module")
def filled(database):
    """Give the rows of a small history, as every version of jamsos has stored them."""
    ask(database, "CREATE SCHEMA filled")
    url = f"{database}&options=-csearch_path%3Dfilled"
    migrate(url)
    with jamsos.open(url) as registry:
        registry.once("letter-1").adopt("perisai", on=ON).or_raise()
        registry.once("letter-2").allot("perisai", 10, on=ON).or_raise()
        agent = jamsos.new_agent_id()
        registry.recruit(agent, "perisai", province="51", on=ON).or_raise()
        registry.begin_training(agent, on=ON).or_raise()
        registry.certify(agent, on=ON).or_raise()
        registry.assign(agent, on=date(2017, 12, 1)).or_raise()
        registry.register(
            jamsos.new_participant_id(), province="51", agent=agent, on=date(2017, 12, 4)
        ).or_raise()
    return {t: ask(url, f"SELECT * FROM {t}") for t in ("stored_events", "commands", "concerns")}  # noqa: S608


def old(url, version, filled):
    with psycopg.connect(url) as connection:
        connection.execute(OLD[version])
        for table, rows in filled.items():
            if table != "concerns" or version == 3:
                marks = ", ".join(["%s"] * len(rows[0]))
                connection.cursor().executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608
    return url


@promised(
    "PostgreSQL: an older layout is told, and `jamsos migrate` brings it up to date with"
    " all that it held.",
    fault="layout",
)
@pytest.mark.parametrize("version", OLD)
def test_an_older_layout_is_told_and_brought_up_to_date_with_all_that_it_held(
    new_place, filled, version
):
    url = old(new_place(), version, filled)
    with pytest.raises(
        StoreError, match=f"version {VERSION} and has those of version {version}: run 'jamsos migr"
    ):
        jamsos.open(url)

    assert migrate(url) == VERSION == migrate(url)

    with EventStore(url) as store, jamsos.open(url) as registry:
        assert store.last_position() == len(filled["stored_events"])
        assert store.answers(["letter-1"]).keys() == {"letter-1"}
        registry.allot("perisai", 1, on=date(2018, 1, 1)).or_raise()
    assert len(filled["concerns"]) > 0
    assert set(ask(url, "SELECT * FROM concerns")) == set(filled["concerns"])
    fresh = new_place()
    migrate(fresh)
    assert seen(url) == seen(fresh)


def test_many_who_migrate_at_once_make_one_store(new_place, filled):
    for url in (new_place(), old(new_place(), 1, filled)):
        with ThreadPoolExecutor(8) as together:
            assert set(together.map(migrate, [url] * 8)) == {VERSION}
        assert len(ask(url, "SELECT identity FROM jamsos_store")) == 1


def test_a_migration_that_fails_leaves_the_old_layout_whole(place, filled):
    url = old(place, 2, filled)
    ask(url, "UPDATE stored_events SET state = '7' WHERE topic LIKE 'participant.%'")
    before = seen(url)

    with pytest.raises(CorruptHistoryError, match=r"position \d+ of .* cannot be read"):
        migrate(url)

    assert seen(url) == before


@promised(
    "A newer one is refused, with both versions.",
    fault="layout",
)
@pytest.mark.parametrize("use", [jamsos.open, migrate], ids=["open", "migrate"])
def test_a_newer_layout_is_told_with_both_versions_and_left_alone(use, place):
    url = place
    migrate(url)
    ask(url, f"INSERT INTO jamsos_layout VALUES ({VERSION + 1})")  # noqa: S608 - a number
    before = seen(url)

    with pytest.raises(
        StoreError, match=f"of version {VERSION + 1}, and this jamsos .* {VERSION}: upgrade jamsos"
    ) as told:
        use(url)

    assert type(told.value) is StoreError
    assert seen(url) == before


FOREIGN = {
    "commands": "CREATE TABLE commands (id serial PRIMARY KEY, line text)",
    "the same columns": "CREATE TABLE commands (command text PRIMARY KEY, request text,"
    " position bigint NOT NULL, events bigint NOT NULL, answer bytea)",
    "a view": "CREATE VIEW tallies AS SELECT 1 AS generation",
    "a sequence": "CREATE SEQUENCE concerns",
    "a type": "CREATE TYPE commands AS ENUM ('go', 'stop')",
    "a composite type": "CREATE TYPE commands AS (command text)",
    "an index": "CREATE TABLE other (n int); CREATE INDEX stored_events_notification_id_idx"
    " ON other (n)",
    "a function": "CREATE FUNCTION jamsos_append(n int) RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "a layout": "CREATE TABLE jamsos_layout (version integer PRIMARY KEY);"
    " INSERT INTO jamsos_layout VALUES (20240101)",
    "a layout of ours in number": "CREATE TABLE jamsos_layout (version integer PRIMARY KEY);"
    " INSERT INTO jamsos_layout VALUES (4)",
    "an empty layout": "CREATE TABLE jamsos_layout (version integer PRIMARY KEY)",
    "a layout of other columns": "CREATE TABLE jamsos_layout (page text)",
    "plain eventsourcing": "CREATE TABLE stored_events (originator_id uuid NOT NULL,"
    " originator_version bigint NOT NULL, topic text, state bytea, notification_id bigserial)",
    "a table of another kind": "CREATE TABLE jamsos_store (identity text)",
}


@promised(
    "Tables, views, types or functions of somebody else's are refused, and nothing is made.",
    fault="layout",
)
@pytest.mark.parametrize("use", [migrate, jamsos.open], ids=["migrate", "open"])
@pytest.mark.parametrize("kind", FOREIGN)
def test_what_is_somebody_elses_is_refused_and_nothing_is_made(place, use, kind):
    url = place
    ask(url, FOREIGN[kind])
    before = seen(url)

    with pytest.raises(
        StoreError, match="is not of jamsos: give jamsos a schema of its own: CREATE"
    ):
        use(url)

    assert seen(url) == before


@pytest.mark.parametrize("kind", FOREIGN)
def test_in_a_schema_of_its_own_jamsos_is_untouched_by_what_others_have(kind, place, new_place):
    url = place
    ask(url, FOREIGN[kind])
    own = new_place() + "," + url.rpartition("%3D")[2]

    migrate(own)

    with jamsos.open(own) as registry:
        registry.adopt("perisai", on=ON).or_raise()


SPOILED = {
    "a table of other columns": "DROP TABLE commands; CREATE TABLE commands (line text)",
    "a column of another type": "ALTER TABLE commands ALTER position TYPE text",
    "a column that is gone": "ALTER TABLE stored_events DROP COLUMN topic",
    "a view in place of a table": "ALTER TABLE concerns RENAME TO c;"
    " CREATE VIEW concerns AS SELECT * FROM c",
    "a table that is gone": "DROP TABLE stored_events",
    "answers that are gone": "DROP TABLE commands",
    "a function that is gone": "DROP FUNCTION jamsos_append",
    "another function": "CREATE FUNCTION jamsos_append(n int) RETURNS int LANGUAGE sql"
    " AS 'SELECT 1'",
    "the rights of the caller": "ALTER FUNCTION jamsos_append SECURITY INVOKER",
    "no identity": "DELETE FROM jamsos_store",
}


@pytest.mark.parametrize("kind", SPOILED)
def test_a_store_whose_tables_are_not_ours_any_more_is_not_opened(kind, place):
    url = place
    migrate(url)
    ask(url, SPOILED[kind])

    with pytest.raises(StoreError) as told:
        jamsos.open(url)
    assert type(told.value) is StoreError


def test_columns_that_somebody_has_added_are_no_hindrance(place):
    url = place
    migrate(url)
    for table in sorted(TABLES):
        ask(url, f"ALTER TABLE {table} ADD COLUMN noted timestamptz DEFAULT now()")
    migrate(url)

    recorder = PostgresRecorder(url)
    rows = [(f"agent-{n}", 1, "x.v1", b"{}") for n in range(1_002)]
    for some in (rows[:1], rows[1:]):
        recorder.append(some, expected={}, after=None, answered=(), concerns=(), unconcerned={})
    assert recorder.last_position() == len(rows)
    recorder.close()


def test_what_was_lost_and_can_be_made_again_is_made_again(place, filled):
    url = old(place, 3, filled)
    migrate(url)
    ask(url, "DROP TABLE concerns, tallies, tally_cells")
    with pytest.raises(StoreError, match="without concerns: run 'jamsos migrate'"):
        jamsos.open(url)

    migrate(url)

    assert set(ask(url, "SELECT * FROM concerns")) == set(filled["concerns"])


def test_the_server_is_asked_for_the_identity_once_a_statement(place):
    url = place
    migrate(url)
    recorder = PostgresRecorder(url)
    with psycopg.connect(url) as connection:
        for statement in (recorder._page, recorder._news, recorder._answers, recorder._concerning):
            asked = statement.replace("%b", "NULL")
            plan = str(connection.execute(f"EXPLAIN {asked}").fetchall())
            assert "One-Time Filter" in plan, statement
    recorder.close()


def test_a_server_that_is_away_is_unavailable_to_migrate(postgres):
    with pytest.raises(UnavailableError, match="ask again"):
        migrate(f"postgresql://postgres@127.0.0.1:{postgres.port + 1}/nowhere")
