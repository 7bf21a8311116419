"""Every store that ships keeps to the contract, case by case."""

import inspect
import subprocess
import sys

import pytest
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteDatastore

import jamsos
from jamsos.errors import InputError, MissingExtraError, StoreError, UnavailableError
from jamsos.store.event_store import migrate
from jamsos.store.postgres import FEW, PostgresRecorder
from jamsos.store.recorder import Recorder
from jamsos.store.sqlite import SQLiteRecorder
from jamsos.testing import store_contract
from tests.postgres import HOST, USER

CASES = pytest.mark.parametrize("case", store_contract.CASES.values(), ids=store_contract.CASES)
KEPT = "what_was_stored_is_there_when_it_is_opened_again"


@CASES
def test_a_file_keeps_to_the_contract(case, tmp_path):
    case(lambda: SQLiteRecorder(tmp_path / "perisai.db", create=True))


@pytest.mark.parametrize("name", sorted(store_contract.CASES.keys() - {KEPT}))
def test_memory_keeps_to_the_contract_as_long_as_it_is_open(name):
    recorder = SQLiteRecorder(":memory:", create=True)
    store_contract.CASES[name](lambda: recorder)


@CASES
def test_postgresql_keeps_to_the_contract(case, prepared):
    case(lambda: PostgresRecorder(prepared, most_connections=3))


@CASES
def test_postgresql_keeps_to_the_contract_where_everything_is_copied(case, prepared, monkeypatch):
    monkeypatch.setattr("jamsos.store.postgres.FEW", 0)
    case(lambda: PostgresRecorder(prepared, most_connections=3))


def test_a_recorder_that_ships_has_every_method_of_the_port():
    port = {name for name, _ in inspect.getmembers(Recorder, inspect.isfunction) if name[0] != "_"}
    for recorder in (SQLiteRecorder, PostgresRecorder):
        assert port <= set(dir(recorder))


# -- PostgreSQL: the address, the tables, the server. ------------------------------


@pytest.fixture
def prepared(postgres):
    """Give the address of an empty database with our tables."""
    url = postgres.new_database()
    migrate(url)
    return url


def test_a_database_without_tables_is_not_opened_and_gets_none(postgres):
    url = postgres.new_database()

    for _ in range(2):
        with pytest.raises(StoreError, match="run 'jamsos migrate' with its address first"):
            jamsos.open(url)


def test_tables_are_made_once_and_what_is_stored_stays(prepared):
    with jamsos.open(prepared) as registry:
        registry.once("letter-1").adopt("perisai", on=jamsos.Month(2017, 12).first_day).or_raise()
        last = registry.last_position()

    assert migrate(prepared) == migrate(prepared)
    with jamsos.open(prepared) as registry:
        assert registry.last_position() == last > 0


@pytest.mark.parametrize("address", ["perisai.db", "", ":memory:", "mysql://localhost/perisai"])
def test_only_a_server_is_prepared(address):
    with pytest.raises(InputError, match="needs no preparation"):
        migrate(address)


@pytest.mark.parametrize("use", [jamsos.open, migrate], ids=["open", "migrate"])
def test_a_server_that_is_not_there_is_unavailable_and_the_password_is_not_told(use):
    with pytest.raises(UnavailableError) as told:
        use("postgresql://ani:secret@127.0.0.1:9/perisai")

    assert str(told.value).startswith("postgresql://ani@127.0.0.1:9/perisai cannot be reached")
    assert "secret" not in str(told.value)


def test_an_address_that_is_none_says_so():
    with pytest.raises(InputError, match="not an address of a PostgreSQL database"):
        jamsos.open("postgresql://localhost/perisai?colour=red")


def test_a_store_in_postgresql_without_its_library_says_what_to_install():
    code = (
        "import sys; sys.modules['psycopg'] = None\n"
        "import jamsos\n"
        "from jamsos.errors import MissingExtraError\n"
        "try: jamsos.open('postgresql://localhost/perisai')\n"
        "except MissingExtraError as error: print(error)"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )

    assert answer.stdout == "a store in PostgreSQL needs psycopg: install 'jamsos[postgres]'\n"
    assert issubclass(MissingExtraError, ImportError)


@pytest.mark.parametrize("number", [1, FEW, FEW + 1])
def test_the_librarys_own_recorder_reads_what_is_stored_in_postgresql(prepared, number):
    with jamsos.open(prepared) as registry:
        registry.register_many(
            {"participant": jamsos.new_participant_id(), "province": "51", "on": DAY}
            for _ in range(number)
        )
        stored = [(r.position, r.stream, r.version) for r in registry.history()]
    port = prepared.partition(f"{HOST}:")[2].partition("/")[0]
    name = prepared.partition(f"{port}/")[2].partition("?")[0]
    with PostgresDatastore(name, HOST, port, USER, "", originator_id_type="text") as datastore:
        library = PostgresApplicationRecorder(datastore)
        read = library.select_notifications(1, number + 1)

    assert [(n.id, n.originator_id, n.originator_version) for n in read] == stored


def test_the_librarys_own_recorder_reads_what_is_stored_in_a_file(tmp_path):
    with jamsos.open(tmp_path / "perisai.db") as registry:
        registry.adopt("perisai", on=DAY).or_raise()
        stored = [(r.position, r.stream, r.version) for r in registry.history()]
    datastore = SQLiteDatastore(str(tmp_path / "perisai.db"), originator_id_type="text")
    read = SQLiteApplicationRecorder(datastore).select_notifications(1, len(stored) + 1)
    datastore.close()

    assert [(n.id, n.originator_id, n.originator_version) for n in read] == stored


DAY = jamsos.Month(2018, 1).first_day
