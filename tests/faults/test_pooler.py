"""A pooler stands between, and gives each transaction another connection."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import psycopg
import pytest
from eventsourcing.persistence import PersistenceError

import jamsos
from jamsos.errors import StoreError
from jamsos.store.event_store import migrate
from jamsos.store.postgres import PostgresRecorder
from jamsos.testing import store_contract
from tests import postgres as servers
from tests.faults import evidence, plain
from tests.faults.guarantees import plain_library, promised

ON = date(2017, 11, 20)


@pytest.fixture(scope="module")
def pooled(postgres, need_pgbouncer):  # noqa: ARG001 - it comes first
    """Give what turns the address of a database into its address by way of PgBouncer."""
    with servers.pooler(postgres) as port:
        yield lambda url: url.replace(f":{postgres.port}/", f":{port}/")


@promised(
    "PgBouncer in transaction mode: prepared, recorded and read as without it; nothing is lost,"
    " nothing is there twice."
)
def test_many_record_through_a_pooler_in_transaction_mode(ours, postgres, pooled, tmp_path, often):
    url = postgres.new_database()
    ours.module.prepare(pooled(url))
    acks = [tmp_path / f"acks-{writer}" for writer in range(4)]
    letters = [[f"w{w}-{n}" for n in range(often(15, 300))] for w in range(4)]
    writers = [
        ours.start("write", place=pooled(url), acks=str(path), letters=mine, many=w == 0)
        for w, (path, mine) in enumerate(zip(acks, letters, strict=True))
    ]
    for writer in writers:
        writer.succeed()

    said = evidence.told(*acks)
    assert len(said.answers) == sum(map(len, letters)), said.errors
    assert evidence.gaps_of(evidence.versions(url, "stored_events", "notification_id")) == ()
    with jamsos.open(pooled(url)) as registry:
        month = jamsos.Month(2018, 3)
        assert registry.live_count(month).total == registry.count(month).total


CASES = [name for name in store_contract.CASES if "while" in name or "loaded" in name]


@promised("Readers follow in order, and an import that breaks off leaves nothing, as without it.")
@pytest.mark.parametrize("few", [0, 1_000], ids=["copied", "called"])
def test_a_store_keeps_its_contract_through_a_pooler(postgres, pooled, monkeypatch, few):
    monkeypatch.setattr("jamsos.store.postgres.FEW", few)
    assert CASES
    url = postgres.new_database()
    migrate(pooled(url))
    for name in CASES:
        with psycopg.connect(url) as connection:
            connection.execute("TRUNCATE stored_events, commands, concerns")
        store_contract.CASES[name](lambda: PostgresRecorder(pooled(url), most_connections=3))


@promised("Nothing of a session is left behind for those who get the connection next.")
def test_nothing_is_set_in_a_session_that_is_lent_to_others(postgres, pooled):
    url = postgres.new_database()
    migrate(pooled(url))
    with jamsos.open(pooled(url)) as registry:
        registry.adopt("perisai", on=ON).or_raise()
        registry.live_count(jamsos.Month(2018, 1))
        with ThreadPoolExecutor(6) as together:
            list(together.map(lambda _: registry.last_position(), range(30)))
    with psycopg.connect(pooled(url), prepare_threshold=None, autocommit=True) as other:
        for _ in range(6):
            found = other.execute(
                "SELECT current_setting('lock_timeout'),"
                " current_setting('idle_in_transaction_session_timeout'),"
                " current_setting('search_path'), (SELECT count(*) FROM pg_prepared_statements)"
            ).fetchone()
            assert found == ("0", "0", '"$user", public', 0)


@promised(
    "An address whose schema the pooler does not pass on is refused, and what to set is said."
)
@pytest.mark.usefixtures("need_pgbouncer")
@pytest.mark.parametrize("more", ["", "ignore_startup_parameters = options"])
@pytest.mark.parametrize("use", [jamsos.open, migrate], ids=["open", "migrate"])
def test_an_address_with_options_is_refused_rather_than_led_elsewhere(postgres, more, use):
    url = postgres.new_database()
    with servers.pooler(postgres, more) as port:
        address = url.replace(f":{postgres.port}/", f":{port}/")
        with pytest.raises(StoreError, match=r"ALTER ROLE \.\.\. SET search_path") as told:
            use(f"{address}&options=-csearch_path%3Doffice_b")

    assert type(told.value) is StoreError
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT to_regclass('public.jamsos_layout')").fetchone() == (
            None,
        )


@plain_library(
    'Several threads that save and read are told `prepared statement "_pg3_2" already exists`, or'
    " that it does not, now and then; there is nothing to set."
)
def test_plainly_statements_that_were_prepared_are_met_by_others(theirs, pooled):
    url = theirs.database()
    app = plain.application(pooled(url), POSTGRES_POOL_SIZE="4", CREATE_TABLE="n")

    def work(_):
        said = []
        for _ in range(8):
            for ask in (lambda: app.save(plain.recruited()), lambda: list(app.read())):
                try:
                    ask()
                except PersistenceError as error:
                    said.append(str(error))
        return said

    with ThreadPoolExecutor(4) as together:
        said = [text for each in together.map(work, range(4)) for text in each]
    app.close()

    assert said
    assert all("prepared statement" in text for text in said)
