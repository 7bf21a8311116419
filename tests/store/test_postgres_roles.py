"""The roles of the page on PostgreSQL: who may read, who may append, and what nobody may."""

import re
from contextlib import suppress
from datetime import date
from pathlib import Path

import psycopg
import pytest

import jamsos
from jamsos.errors import ConflictError, JamsosError, StoreError
from jamsos.store.event_store import EventStore, migrate
from jamsos.store.postgres import PostgresRecorder
from jamsos.store.recorder import Answered
from jamsos.testing import store_contract
from tests.faults.guarantees import not_promised, promised

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "give-roles-in-postgresql.md"
BLOCKS = re.findall(
    r"^```sql\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
)
ON = date(2017, 11, 20)
EMPTY = (
    "TRUNCATE jamsos.stored_events, jamsos.commands, jamsos.concerns, jamsos.tallies,"
    " jamsos.tally_cells, jamsos.jamsos_snapshots"
)


def address(url, role):
    return re.sub(r"user=\w+", f"user={role}", url)


def run(url, *statements):
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


@pytest.fixture(scope="module")
def followed(postgres):
    """Give a database in which the page was followed, from its first block to its last."""
    url = postgres.new_database()
    before, after, member = BLOCKS
    run(url, before)
    migrate(address(url, "jamsos_owner"))
    run(address(url, "jamsos_owner"), after)
    run(url, member)
    return url


@pytest.fixture
def database(followed):
    """Give a database in which the page was followed, and nothing was recorded yet."""
    run(followed, EMPTY)
    return followed


def rows(number, stream="agent-{}"):
    return [(stream.format(n), 1, "x.v1", b"{}") for n in range(number)]


def append(recorder, some, **how):
    usual = {"expected": {}, "after": None, "answered": (), "concerns": (), "unconcerned": {}}
    return recorder.append(some, **(usual | how))


@promised(
    "PostgreSQL: with the rights of the page on roles, a writer records, reads and counts,"
    " and a reader reads.",
    fault="rights",
)
def test_a_writer_records_reads_and_counts_and_a_reader_reads(database):
    with jamsos.open(address(database, "jamsos_writer")) as registry:
        registry.adopt("perisai", on=ON).or_raise()
        registry.once("letter-1").allot("perisai", 10, on=ON).or_raise()
        registry.recruit(jamsos.new_agent_id(), "perisai", province="51", on=ON).or_raise()
        seats = registry.live_count(jamsos.Month(2018, 1)).total
        last = registry.last_position()
    with jamsos.open(address(database, "jamsos_reader"), read_only=True) as registry:
        assert registry.last_position() == last == len(list(registry.history()))
        assert registry.quota("perisai").taken == 1
        assert registry.live_count(jamsos.Month(2018, 1)).total == seats


@promised(
    "PostgreSQL: SELECT is enough, and nothing is recorded with it.",
    fault="reading_only",
)
def test_a_reader_needs_select_alone_and_records_nothing(database):
    for how in ({}, {"read_only": True}):
        with jamsos.open(address(database, "jamsos_reader"), **how) as registry:
            with pytest.raises(StoreError, match=r"this role may not|opened to be read") as told:
                registry.adopt("perisai", on=ON)
            assert type(told.value) is StoreError
            with pytest.raises(StoreError):
                registry.live_count(jamsos.Month(2018, 1))
            assert registry.last_position() == 0


@pytest.mark.parametrize("number", [1, 1_000, 1_001, 2_500])
def test_a_writer_appends_any_number_in_one_transaction(database, number):
    recorder = PostgresRecorder(address(database, "jamsos_writer"))
    some = rows(number)
    answered = [Answered("letter-1", "d", 0, number, b"[1]"), Answered("no", "d", 0, 0, b"[]")]
    concerns = [("agent-x", number - 1), ("agent-x", 0)]

    assert append(recorder, some, answered=answered, concerns=concerns) == 0
    with pytest.raises(ConflictError):
        append(recorder, some)
    assert append(recorder, [("agent-0", 2, "y.v1", b"{}")], expected={"agent-0": 1}) == number

    assert [row[1] for row in recorder.page(0, number, ())] == [row[0] for row in some]
    told = {a.command: (a.first, a.events) for a in recorder.answers(["letter-1", "no"])}
    assert told == {"letter-1": (1, number), "no": (0, 0)}
    assert {row[0] for _, row in recorder.concerning({"agent-x": 0})} == {1, number}
    recorder.close()


def test_a_writer_fills_an_empty_store_and_no_other(database):
    recorder = PostgresRecorder(address(database, "jamsos_writer"))
    answered = [Answered(f"letter-{n}", None, n + 1, 1, None) for n in range(2_100)]
    concerns = [("agent-x", n + 1) for n in range(2_100)]

    assert recorder.load(iter(rows(2_100)), answered, concerns) == 2_100
    with pytest.raises(ConflictError, match="not empty"):
        recorder.load(rows(1, "agent-new-{}"), (), ())

    assert [row[0] for row in recorder.page(0, 9_999, ())] == list(range(1, 2_101))
    assert [a.first for a in recorder.answers(["letter-0", "letter-2099"])] == [1, 2_100]
    assert len(recorder.concerning({"agent-x": 0})) == 2_100
    recorder.close()


WRITING = [
    name for name in store_contract.CASES if any(word in name for word in ("while", "loaded"))
]


@pytest.mark.parametrize("role", ["jamsos_writer", "an INSERT role"])
def test_a_store_keeps_its_contract_under_a_role_that_can_only_append(postgres, database, role):
    if role != "jamsos_writer":
        role = postgres.new_role()
        run(
            database,
            f"ALTER ROLE {role} SET search_path = jamsos",
            f"GRANT USAGE ON SCHEMA jamsos TO {role}",
            f"GRANT SELECT ON ALL TABLES IN SCHEMA jamsos TO {role}",
            f"GRANT INSERT ON jamsos.stored_events, jamsos.commands, jamsos.concerns TO {role}",
        )
    for case in (store_contract.CASES[name] for name in WRITING):
        run(database, EMPTY)
        case(lambda: PostgresRecorder(address(database, role), most_connections=3))
    if role != "jamsos_writer":
        run(database, f"DROP OWNED BY {role}")


def test_a_role_that_was_granted_nothing_is_told_what_it_lacks(postgres, database):
    role = postgres.new_role()
    run(database, f"ALTER ROLE {role} SET search_path = jamsos")
    with pytest.raises(StoreError, match=f"may not be used by {role}"):
        jamsos.open(address(database, role))

    run(database, f"GRANT USAGE ON SCHEMA jamsos TO {role}")
    with pytest.raises(StoreError, match=r"this role may not do that; see docs/how-to/give-roles"):
        jamsos.open(address(database, role))
    run(database, f"DROP OWNED BY {role}")


def test_nobody_who_was_not_told_may_call_the_function(postgres, database):
    role = postgres.new_role()
    run(database, f"GRANT USAGE ON SCHEMA jamsos TO {role}")
    with psycopg.connect(database) as connection:
        [(functions, allowed, fixed)] = connection.execute(
            "SELECT count(*), count(*) FILTER (WHERE has_function_privilege(%s, p.oid, 'EXECUTE')),"
            " bool_and(prosecdef AND proconfig = '{\"search_path=pg_catalog, pg_temp\"}')"
            " FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = pronamespace"
            " WHERE nspname = 'jamsos'",
            [role],
        )
    assert (functions, allowed, fixed) == (1, 0, True)
    run(database, f"DROP OWNED BY {role}")


# -- What a writer tries. ----------------------------------------------------------

HISTORY = ("stored_events", "commands", "concerns", "jamsos_store", "jamsos_layout")
TRIED = [
    *(
        statement.format(table=f"jamsos.{table}")
        for table in HISTORY
        for statement in (
            "DELETE FROM {table}",
            "TRUNCATE {table}",
            "DROP TABLE {table}",
            "ALTER TABLE {table} DISABLE TRIGGER ALL",
            "ALTER TABLE {table} OWNER TO jamsos_writer",
            "CREATE TRIGGER t BEFORE INSERT ON {table} EXECUTE FUNCTION mine()",
            "CREATE RULE r AS ON INSERT TO {table} DO INSTEAD NOTHING",
            "LOCK TABLE {table} IN EXCLUSIVE MODE",
            "CREATE INDEX ON {table} ((1))",
            "GRANT ALL ON {table} TO PUBLIC",
            "SELECT * FROM {table} FOR UPDATE",
        )
    ),
    "UPDATE jamsos.stored_events SET state = ''",
    "UPDATE jamsos.commands SET answer = NULL",
    "UPDATE jamsos.concerns SET position = 9",
    "UPDATE jamsos.jamsos_store SET identity = gen_random_uuid()",
    "INSERT INTO jamsos.stored_events VALUES ('agent-z', 1, 'x.v1', '', 99)",
    "INSERT INTO jamsos.commands VALUES ('letter-9', '', 0, 0, '')",
    "INSERT INTO jamsos.concerns VALUES ('agent-z', 1)",
    "INSERT INTO jamsos.jamsos_layout VALUES (9)",
    "COPY jamsos.stored_events FROM '/dev/null'",
    "MERGE INTO jamsos.commands USING (VALUES (1)) AS v ON TRUE WHEN MATCHED THEN DELETE",
    "CREATE TABLE jamsos.mine (n int)",
    "CREATE FUNCTION jamsos.jamsos_append() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "ALTER FUNCTION jamsos.jamsos_append SET search_path = pg_temp",
    "ALTER FUNCTION jamsos.jamsos_append SECURITY INVOKER",
    "DROP FUNCTION jamsos.jamsos_append",
    "ALTER SCHEMA jamsos RENAME TO theirs",
    "DROP SCHEMA jamsos CASCADE",
    "DROP OWNED BY jamsos_owner",
    "SET ROLE jamsos_owner",
    "SET SESSION AUTHORIZATION jamsos_owner",
    "SET session_replication_role = replica",
    "GRANT jamsos_owner TO jamsos_writer",
    "ALTER ROLE jamsos_writer SUPERUSER",
]


def everything(url):
    with psycopg.connect(url) as connection:
        return [
            connection.execute(f"SELECT * FROM jamsos.{table}").fetchall()  # noqa: S608
            for table in HISTORY
        ]


def rights(url):
    with psycopg.connect(url) as connection:
        return connection.execute(
            "SELECT relname, relowner, relacl, relrowsecurity, relhastriggers, relhasrules"
            " FROM pg_class WHERE relnamespace = 'jamsos'::regnamespace ORDER BY 1"
        ).fetchall()


@promised(
    "A writer's role can change and delete nothing that was recorded.",
    fault="rights",
)
def test_a_writer_can_change_nothing_that_was_recorded(database):
    writer = address(database, "jamsos_writer")
    with jamsos.open(writer) as registry:
        registry.once("letter-1").adopt("perisai", on=ON).or_raise()
    before, granted = everything(database), rights(database)

    with psycopg.connect(writer, autocommit=True) as connection:
        for statement in TRIED:
            with suppress(psycopg.Error):  # or a warning that nothing was granted
                connection.execute(statement)
                assert statement.startswith("GRANT ALL")

    assert everything(database) == before
    assert rights(database) == granted


SHADOWS = """
CREATE TEMP TABLE stored_events (LIKE jamsos.stored_events);
CREATE TEMP TABLE commands (LIKE jamsos.commands);
CREATE TEMP TABLE concerns (LIKE jamsos.concerns);
CREATE TEMP TABLE jamsos_store (LIKE jamsos.jamsos_store);
INSERT INTO jamsos_store SELECT * FROM jamsos.jamsos_store;
CREATE FUNCTION pg_temp.max(bigint) RETURNS bigint LANGUAGE sql AS 'SELECT 0::bigint';
CREATE FUNCTION pg_temp.coalesce(bigint, integer) RETURNS bigint LANGUAGE sql AS 'SELECT 0::bigint';
CREATE FUNCTION pg_temp.set_config(text, text, boolean) RETURNS text LANGUAGE sql AS 'SELECT $1';
SET search_path = pg_temp, jamsos, pg_catalog;
"""


def called(connection, identity, *, streams, versions, states=None, **more):
    given = {
        "states": states or [b"{}"] * len(streams),
        "names": ["x.v1"] * len(streams),
        "requests": [""] * len(more.get("asked", [])),
        "answers": [b"[]"] * len(more.get("asked", [])),
        "asked": [],
        "firsts": [],
        "numbers": [],
        "concerned": [],
        "places": [],
    } | more
    return connection.execute(
        "SELECT jamsos.jamsos_append(%(store)s, 1000, %(streams)s::text[], %(versions)s::bigint[],"
        " %(names)s::text[], %(states)s::bytea[], '{}', '{}', NULL, '{}', '{}', %(asked)s::text[],"
        " %(requests)s::text[], %(firsts)s::bigint[], %(numbers)s::bigint[], %(answers)s::bytea[],"
        " %(concerned)s::text[], %(places)s::bigint[])",
        given | {"store": identity, "streams": streams, "versions": versions},
    ).fetchone()[0]


@pytest.fixture
def writing(database):
    """Give a connection of the writer's, past jamsos, to a store with events; and its identity."""
    recorder = PostgresRecorder(address(database, "jamsos_writer"))
    append(recorder, rows(2))
    recorder.close()
    with psycopg.connect(address(database, "jamsos_writer"), autocommit=True) as connection:
        yield connection, recorder.identity


def test_nothing_of_the_callers_is_taken_for_what_the_function_uses(database, writing):
    connection, identity = writing
    connection.execute(SHADOWS)

    assert called(connection, identity, streams=["agent-9"], versions=[1]) == 2

    assert len(everything(database)[0]) == 3
    assert connection.execute("SELECT count(*) FROM pg_temp.stored_events").fetchone() == (0,)


@promised(
    "Nor can it append what does not follow, past jamsos.",
    fault="rights",
)
@pytest.mark.parametrize(
    "odd",
    [
        {"streams": ["agent-9"], "versions": [0]},
        {"streams": ["agent-9"], "versions": [-1]},
        {"streams": ["agent-9"], "versions": [2]},
        {"streams": ["agent-9"], "versions": [None]},
        {"streams": [None], "versions": [1]},
        {"streams": ["agent-0"], "versions": [1]},
        {"streams": ["agent-0"], "versions": [3]},
        {"streams": ["agent-9", "agent-9"], "versions": [2, 1]},
        {"streams": ["agent-9", "agent-9"], "versions": [1, 3]},
        {"streams": ["agent-9"], "versions": [1], "states": [None]},
        {"streams": ["agent-9"], "versions": []},
        {"streams": ["agent-9"], "versions": [1], "concerned": ["a"], "places": [1]},
        {"streams": ["agent-9"], "versions": [1], "concerned": ["a"], "places": [-1]},
        {"streams": [], "versions": [], "concerned": ["a"], "places": [-2]},
        {"streams": [], "versions": [], "asked": ["l"], "firsts": [-1], "numbers": [1]},
        {"streams": [], "versions": [], "asked": ["l"], "firsts": [0], "numbers": [1]},
        {"streams": ["agent-9"], "versions": [1], "asked": ["l"], "firsts": [0], "numbers": [2]},
        {"streams": ["agent-9"], "versions": [1], "asked": ["l"], "firsts": [0], "numbers": [-1]},
        {"streams": ["agent-9"], "versions": [1], "asked": [None], "firsts": [0], "numbers": [0]},
    ],
    ids=str,
)
def test_the_function_takes_nothing_that_does_not_follow(database, writing, odd):
    connection, identity = writing
    before = everything(database)

    with pytest.raises(psycopg.Error):
        called(connection, identity, **odd)

    assert everything(database) == before


def test_the_function_appends_to_no_other_store_and_in_no_other_isolation(database, writing):
    connection, identity = writing
    before = everything(database)

    for other in (None, "00000000-0000-0000-0000-000000000000"):
        with pytest.raises(psycopg.errors.DivisionByZero, match="another store"):
            called(connection, other, streams=["agent-9"], versions=[1])
    connection.execute("SET default_transaction_isolation = 'repeatable read'")
    with pytest.raises(psycopg.errors.FeatureNotSupported, match="READ COMMITTED"):
        called(connection, identity, streams=["agent-9"], versions=[1])

    assert everything(database) == before


@not_promised(
    "A writer's role that calls the function past jamsos can append what jamsos would not:"
    " reading stops there, and says so.",
    fault="rights",
)
def test_what_a_direct_call_can_do_all_the_same_is_found_when_it_is_read(database, writing):
    connection, identity = writing
    odd = {"states": [b"\xff\xfe"], "asked": ["letter-7"], "firsts": [0], "numbers": [0]}

    assert called(connection, identity, streams=["anything"], versions=[1], **odd) == 2

    with (
        EventStore(address(database, "jamsos_writer")) as store,
        pytest.raises(JamsosError, match="anything"),
    ):
        list(store.history(after=2))
