"""Errors of PostgreSQL: what lasts is told at once, and what passes is decided again."""

import socket
import threading
import time
from contextlib import ExitStack, contextmanager, suppress
from datetime import date

import psycopg
import pytest

import jamsos
from jamsos.errors import InputError, StoreError, UnavailableError
from jamsos.store.event_store import migrate
from jamsos.store.postgres import PostgresRecorder
from jamsos.store.postgres_errors import ours
from tests.faults.guarantees import promised

ON = date(2017, 11, 20)
RIGHT = "right"
AT_ONCE = 4.0
"""Seconds; less than any patience, more than a machine needs that is busy."""


def run(url, *statements):
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


def name_of(url):
    return psycopg.conninfo.conninfo_to_dict(url)["dbname"]


@pytest.fixture
def url(postgres):
    """Give the address of an empty store."""
    found = postgres.new_database()
    migrate(found)
    return found


@pytest.fixture(scope="module")
def standing(postgres):
    """Give the address of a store of which nothing is changed."""
    found = postgres.new_database()
    migrate(found)
    return found


@contextmanager
def told_at_once(error=StoreError, match=""):
    begun = time.monotonic()
    with pytest.raises(error, match=match) as told:
        yield told
    assert type(told.value) is error
    assert "ask again" not in str(told.value)
    assert time.monotonic() - begun < AT_ONCE


# -- Opening. ----------------------------------------------------------------------

LASTING = {
    "a database that is not there": (
        lambda u, _: u.replace(f"/{name_of(u)}", "/nowhere"),
        "no such",
    ),
    "a role that is not there": (lambda u, _: u.replace("=postgres", "=nobody_here"), "lets this"),
    "a role that is not let in": (
        lambda u, p: u.replace("=postgres", f"={p.new_role('never_let_in')}"),
        "lets this role not in",
    ),
    "a wrong password": (
        lambda u, p: u.replace(
            "//", "//{}:wrong@".format(p.new_role("must_say_a_password", password=RIGHT))
        ).replace("?user=postgres", ""),
        "password is wrong or missing",
    ),
    "no password": (
        lambda u, p: u.replace(
            "=postgres", f"={p.new_role('must_say_a_password', password=RIGHT)}"
        ),
        "password is wrong or missing",
    ),
    "a role without rights": (
        lambda u, p: u.replace("=postgres", f"={p.new_role()}"),
        "this role may not do that",
    ),
    "a host that is not there": (lambda u, _: u.replace("127.0.0.1", "no-host.invalid"), "no host"),
    "a server without TLS": (lambda u, _: f"{u}&sslmode=require", "SSL"),
    "a certificate that is not there": (
        lambda u, _: f"{u}&sslmode=verify-full&sslrootcert=/nowhere",
        "cannot be opened",
    ),
    "an option that there is not": (lambda u, _: f"{u}&options=-cnonsense%3D1", "nonsense"),
    "a service that there is not": (lambda u, _: f"{u}&service=nowhere", "service"),
}


@promised(
    "What lasts is told at once, by its own name, and nobody is to ask again: a wrong"
    " password, a database, a role, a right, a host.",
    fault="refused",
)
@pytest.mark.parametrize("kind", LASTING)
def test_what_lasts_is_told_at_once_and_nobody_is_to_ask_again(postgres, standing, kind):
    change, words = LASTING[kind]
    with told_at_once(match=words):
        jamsos.open(change(standing, postgres))


@pytest.mark.parametrize("ending", ["&sslmode=nonsense", "&connect_timeout=soon", "&port=0"])
def test_an_address_that_cannot_be_is_an_input_error_at_once(standing, ending):
    with told_at_once(InputError, "not an address of a PostgreSQL database"):
        jamsos.open(standing + ending)


def test_the_reason_is_found_by_its_code_whatever_language_the_server_speaks(postgres, monkeypatch):
    monkeypatch.setattr("jamsos.store.postgres_errors._IN_WORDS", ())
    with told_at_once(match="there is no such database"):
        jamsos.open(postgres.url("nowhere"))


def test_where_the_code_cannot_be_had_the_words_are_read(postgres, monkeypatch):
    monkeypatch.setattr("jamsos.store.postgres_errors.sys.platform", "darwin")
    with told_at_once(match="there is no such database"):
        jamsos.open(postgres.url("nowhere"))


def test_too_many_connections_pass(postgres, url):
    run(url, f'ALTER DATABASE "{name_of(url)}" CONNECTION LIMIT 0')
    role = postgres.new_role()
    with pytest.raises(UnavailableError, match=r"too many connections .*ask again"):
        jamsos.open(url.replace("=postgres", f"={role}"))


def test_a_server_that_is_starting_up_or_down_passes():
    said = b"SFATAL\0VFATAL\0C57P03\0Mel sistema esta arrancando\0\0"
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer():
            for _ in range(4):
                with suppress(OSError), listener.accept()[0] as client:
                    if client.recv(8)[-4:] == b"\x04\xd2\x16\x2f":
                        client.sendall(b"N")
                        client.recv(4096)
                    else:
                        client.recv(4096)
                    client.sendall(b"E" + (len(said) + 4).to_bytes(4, "big") + said)

        threading.Thread(target=answer, daemon=True).start()
        with pytest.raises(UnavailableError, match="ask again"):
            jamsos.open(f"postgresql://u@127.0.0.1:{listener.getsockname()[1]}/db")


def test_a_server_that_says_nothing_is_not_waited_for_for_ever():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        begun = time.monotonic()
        with pytest.raises(UnavailableError, match="ask again"):
            PostgresRecorder(
                f"postgresql://u@127.0.0.1:{listener.getsockname()[1]}/db", patience=0.1
            )
        assert time.monotonic() - begun < 8


# -- While open. -------------------------------------------------------------------


@promised(
    "A session that stood idle and was ended is begun again, for readings and commands.",
    fault="refused",
)
def test_a_session_that_stood_idle_is_begun_again_for_readings_and_commands(url):
    run(url, f"ALTER DATABASE \"{name_of(url)}\" SET idle_session_timeout = '300ms'")
    with jamsos.open(url) as registry:
        for ask in (
            lambda: registry.adopt("perisai", on=ON).or_raise(),
            registry.last_position,
            lambda: registry.allot("perisai", 5, on=ON).or_raise(),
            lambda: registry.live_count(jamsos.Month(2018, 1)),
        ):
            time.sleep(0.6)
            ask()
        recorder = registry._store._recorder
        time.sleep(0.6)
        row = ("agent-1", 1, "x.v1", b"{}")
        recorder.append([row], expected={}, after=None, answered=(), concerns=(), unconcerned={})


def test_sessions_that_an_administrator_ended_are_begun_again_all_of_them(postgres, url):
    with jamsos.open(url) as registry, ExitStack() as together:
        connections = registry._store._recorder._connections
        for _ in range(6):
            together.enter_context(connections.lent())
        together.close()
        assert len(connections._idle) == 6

        assert postgres.terminate_connections(url) == 6
        assert registry.last_position() == 0
        postgres.terminate_connections(url)
        registry.adopt("perisai", on=ON).or_raise()


def test_a_reading_whose_connection_breaks_in_it_is_tried_once_more(postgres, url, monkeypatch):
    with jamsos.open(url) as registry:
        registry.last_position()
        monkeypatch.setattr("jamsos.store.postgres_connections._is_alive", lambda _: True)
        postgres.terminate_connections(url)

        assert registry.last_position() == 0


@promised(
    "A time-out of a statement is named, and one may ask again.",
    fault="refused",
)
def test_a_time_out_of_a_statement_is_named_and_passes(url):
    run(url, f"ALTER DATABASE \"{name_of(url)}\" SET statement_timeout = '150ms'")
    with (
        jamsos.open(url, patience=0.5) as registry,
        psycopg.connect(url) as other,
    ):
        other.execute("LOCK TABLE stored_events IN ACCESS EXCLUSIVE MODE")
        for ask in (registry.last_position, lambda: registry.adopt("perisai", on=ON)):
            begun = time.monotonic()
            with pytest.raises(UnavailableError, match=r"statement_timeout.*ask again"):
                ask()
            assert time.monotonic() - begun < 2
        other.rollback()
        registry.adopt("perisai", on=ON).or_raise()


def test_a_time_out_passes_within_the_patience_that_was_given(url):
    run(url, f"ALTER DATABASE \"{name_of(url)}\" SET statement_timeout = '200ms'")
    with jamsos.open(url) as registry, psycopg.connect(url) as other:
        other.execute("LOCK TABLE stored_events IN EXCLUSIVE MODE")
        later = threading.Timer(0.7, other.rollback)
        later.start()

        registry.adopt("perisai", on=ON).or_raise()

        later.join()


@promised(
    "A lock is waited for as long as the patience that was given lasts, and no longer.",
    fault="refused",
)
@pytest.mark.parametrize("mode", ["EXCLUSIVE", "ACCESS EXCLUSIVE"])
def test_a_lock_is_waited_for_no_longer_than_patience_lasts(standing, mode):
    recorder = PostgresRecorder(standing, patience=0.2)
    with psycopg.connect(standing) as other:
        other.execute(f"LOCK TABLE stored_events IN {mode} MODE")
        begun = time.monotonic()
        with pytest.raises(UnavailableError, match="locked"):
            recorder.append(
                [("agent-1", 1, "x.v1", b"{}")],
                expected={},
                after=None,
                answered=(),
                concerns=(),
                unconcerned={},
            )
        assert time.monotonic() - begun < 2
    recorder.close()


def test_the_time_out_of_the_caller_for_locks_holds(url):
    run(url, f"ALTER DATABASE \"{name_of(url)}\" SET lock_timeout = '100ms'")
    recorder = PostgresRecorder(url)
    with psycopg.connect(url) as other:
        other.execute("LOCK TABLE stored_events IN ACCESS EXCLUSIVE MODE")
        begun = time.monotonic()
        with pytest.raises(UnavailableError, match="locked"):
            recorder.last_position()
        assert time.monotonic() - begun < 2
    recorder.close()


@pytest.mark.parametrize("how", ["renamed", "no longer let in", "may not read any more"])
def test_what_lasts_is_told_at_once_while_it_is_open_too(postgres, url, how):
    role = postgres.new_role()
    run(
        url,
        f"GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA public TO {role}",
        f"GRANT EXECUTE ON FUNCTION jamsos_append TO {role}",
    )
    with jamsos.open(url.replace("=postgres", f"={role}")) as registry:
        registry.adopt("perisai", on=ON).or_raise()
        if how == "renamed":
            postgres.terminate_connections(url)
            run(postgres.url(), f'ALTER DATABASE "{name_of(url)}" RENAME TO "{name_of(url)}_old"')
        elif how == "no longer let in":
            run(url, f"ALTER ROLE {role} NOLOGIN")
            postgres.terminate_connections(url)
        else:
            run(url, f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}")
        for ask in (registry.last_position, lambda: registry.allot("perisai", 1, on=ON)):
            with told_at_once(match="refuses"):
                ask()


def test_a_store_that_can_only_be_read_says_so_and_is_read(url):
    run(url, f'ALTER DATABASE "{name_of(url)}" SET default_transaction_read_only = on')
    with jamsos.open(url) as registry:
        with told_at_once(match="it can only be read"):
            registry.adopt("perisai", on=ON)
        assert registry.last_position() == 0
    with told_at_once(match="it can only be read"):
        migrate(url)


def test_as_many_wait_as_there_are_connections_and_no_longer_than_patience_lasts(standing):
    recorder = PostgresRecorder(standing, most_connections=2, patience=0.2)
    with (
        recorder._connection(),
        recorder._connection(),
        pytest.raises(UnavailableError, match="all 2 connections are in use"),
    ):
        recorder.last_position()
    assert recorder.last_position() == 0
    recorder.close()
    with told_at_once(match="it is closed"):
        recorder.last_position()


@pytest.mark.parametrize(
    ("error", "passes"),
    [
        (psycopg.errors.DiskFull, False),
        (psycopg.errors.OutOfMemory, True),
        (psycopg.errors.TooManyConnections, True),
        (psycopg.errors.CannotConnectNow, True),
        (psycopg.errors.AdminShutdown, True),
        (psycopg.errors.CrashShutdown, True),
        (psycopg.errors.IdleSessionTimeout, True),
        (psycopg.errors.IdleInTransactionSessionTimeout, True),
        (psycopg.errors.QueryCanceled, True),
        (psycopg.errors.LockNotAvailable, True),
        (psycopg.OperationalError, True),
        (psycopg.errors.IoError, False),
        (psycopg.errors.DataCorrupted, False),
        (psycopg.errors.InsufficientPrivilege, False),
        (psycopg.errors.ReadOnlySqlTransaction, False),
        (psycopg.errors.UndefinedTable, False),
        (psycopg.errors.ConfigurationLimitExceeded, False),
    ],
    ids=lambda given: getattr(given, "__name__", given),
)
def test_an_error_passes_or_lasts(error, passes):
    told = ours(error("words"), "postgresql://h/db")

    assert isinstance(told, UnavailableError if passes else StoreError)
    assert isinstance(told, UnavailableError) == passes == ("ask again" in str(told))
