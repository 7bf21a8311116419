"""Where a PostgreSQL store is: found once, under the caller's settings, and never mistaken."""

from contextlib import suppress
from datetime import date
from urllib.parse import quote

import psycopg
import pytest

import jamsos
from jamsos.cli import main
from jamsos.errors import InputError, StoreError
from jamsos.store.event_store import migrate
from jamsos.store.place import shown_place
from jamsos.store.postgres import PostgresRecorder
from jamsos.testing import store_contract
from tests.faults.guarantees import promised

ON = date(2017, 11, 20)
RIGHT = "right"


def run(url, *statements):
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


def tables_of(url):
    with psycopg.connect(url) as connection:
        return dict(
            connection.execute(
                "SELECT nspname, count(*) FROM pg_class AS c JOIN pg_namespace AS n"
                " ON n.oid = relnamespace WHERE relkind = 'r' AND nspname !~ '^(pg_|inform)'"
                " GROUP BY nspname"
            ).fetchall()
        )


def by_address(url, _monkeypatch, _folder):
    return f"{url}&options=-csearch_path%3Doffice_b"


def by_environment(url, monkeypatch, _folder):
    monkeypatch.setenv("PGOPTIONS", "-c search_path=office_b")
    return url


def by_service(url, monkeypatch, folder):
    parts = psycopg.conninfo.conninfo_to_dict(url)
    lines = "".join(f"{name}={value}\n" for name, value in parts.items())
    folder.joinpath("services").write_text(
        f"[office]\n{lines}options=-csearch_path=office_b\n", encoding="utf-8"
    )
    monkeypatch.setenv("PGSERVICEFILE", str(folder / "services"))
    return "postgresql:///?service=office"


def by_database(url, _monkeypatch, _folder):
    name = psycopg.conninfo.conninfo_to_dict(url)["dbname"]
    run(url, f'ALTER DATABASE "{name}" SET search_path = office_b')
    return url


SETTINGS = pytest.mark.parametrize(
    "given", [by_address, by_environment, by_service, by_database], ids=lambda f: f.__name__
)


@promised(
    "PostgreSQL: the schema that the caller's settings select (`options`, `PGOPTIONS`, a"
    " service, the role or the database) holds at every connection.",
    fault="place",
)
@SETTINGS
def test_the_settings_of_the_caller_say_which_schema_at_every_connection(
    postgres, monkeypatch, tmp_path, given
):
    plain = postgres.new_database()
    run(plain, "CREATE SCHEMA office_b")
    url = given(plain, monkeypatch, tmp_path)

    migrate(url)
    with jamsos.open(url) as registry:
        assert registry._store.place.endswith("(schema office_b)")
        registry.adopt("perisai", on=ON).or_raise()
        postgres.terminate_connections(plain)
        assert registry.last_position() > 0

    assert set(tables_of(plain)) == {"office_b"}


@promised(
    "A schema that is not there is an error, and nothing is made in another.",
    fault="place",
)
@pytest.mark.parametrize("use", [jamsos.open, migrate], ids=["open", "migrate"])
@pytest.mark.parametrize("path", ["office_c,public", "office_c", ""])
def test_a_schema_that_is_not_there_is_an_error_and_nothing_is_made_elsewhere(postgres, use, path):
    plain = postgres.new_database()
    migrate(plain)
    before = tables_of(plain)

    with pytest.raises(StoreError, match=r"selects (schema office_c|no schema)"):
        use(f"{plain}&options=-csearch_path%3D{quote(path)}")

    assert tables_of(plain) == before


def test_a_schema_that_the_role_may_not_use_is_not_passed_over(postgres):
    plain = postgres.new_database()
    migrate(plain)
    role = postgres.new_role()
    run(plain, "CREATE SCHEMA office_b", f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}")

    with pytest.raises(
        StoreError, match=f"office_b, which is not there or may not be used by {role}"
    ):
        jamsos.open(
            f"{plain}&options=-csearch_path%3Doffice_b,public".replace("postgres&", f"{role}&")
        )


@pytest.mark.parametrize("use", [jamsos.open, migrate], ids=["open", "migrate"])
def test_the_catalogue_is_no_place_for_a_store(postgres, use):
    with pytest.raises(StoreError, match="is of PostgreSQL itself"):
        use(f"{postgres.new_database()}&options=-csearch_path%3Dpg_catalog")


def test_tables_of_another_schema_on_the_path_are_not_taken_for_ours(postgres):
    plain = postgres.new_database()
    migrate(plain)
    run(plain, "CREATE SCHEMA office_b")
    url = f"{plain}&options=-csearch_path%3Doffice_b,public"

    with pytest.raises(StoreError, match=r"none \(those in schema public are not looked at\): run"):
        jamsos.open(url)

    migrate(url)
    assert tables_of(plain) == {"public": 8, "office_b": 8}


def test_the_schema_of_the_role_itself_is_chosen_as_postgresql_does(postgres):
    plain = postgres.new_database()
    run(plain, "CREATE SCHEMA postgres")

    migrate(plain)

    assert set(tables_of(plain)) == {"postgres"}


def test_any_name_of_a_schema_will_do(postgres):
    plain = postgres.new_database()
    run(plain, """CREATE SCHEMA "Office 50% 'of' {all}" """)
    url = f"{plain}&options=" + quote("""-csearch_path="Office\\ 50%\\ 'of'\\ {all}" """.strip())

    migrate(url)
    recorder = PostgresRecorder(url)
    rows = [(f"agent-{n}", 1, "x.v1", b"{}") for n in range(1_001)]
    for some in (rows[:1], rows[1:], rows[:0]):
        recorder.append(some, expected={}, after=None, answered=(), concerns=(), unconcerned={})

    assert recorder.last_position() == len(rows) == len(recorder.page(0, 2_000, ()))
    assert recorder.place.endswith("(schema Office 50% 'of' {all})")
    recorder.close()


@promised(
    "Another tenant's `search_path`, set while the store is open, leads nowhere else.",
    fault="place",
)
def test_another_tenants_search_path_set_later_leads_nowhere_else(postgres):
    plain = postgres.new_database()
    migrate(plain)
    run(plain, "CREATE SCHEMA office_b")
    migrate(f"{plain}&options=-csearch_path%3Doffice_b")
    with (
        jamsos.open(plain) as registry,
        jamsos.open(f"{plain}&options=-csearch_path%3Doffice_b") as b,
    ):
        name = psycopg.conninfo.conninfo_to_dict(plain)["dbname"]
        run(plain, f'ALTER DATABASE "{name}" SET search_path = office_b')
        postgres.terminate_connections(plain)

        registry.adopt("perisai", on=ON).or_raise()

        assert registry.last_position() > 0
        assert b.last_position() == 0


# -- A store that is another one than it was. --------------------------------------


def replaced(_postgres, url):
    run(url, "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
    migrate(url)


def emptied(_postgres, url):
    run(url, "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")


def renamed(postgres, url):
    name = psycopg.conninfo.conninfo_to_dict(url)["dbname"]
    other = postgres.new_database()
    theirs = psycopg.conninfo.conninfo_to_dict(other)["dbname"]
    migrate(other)
    postgres.terminate_connections(url)
    run(
        postgres.url(),
        f'ALTER DATABASE "{name}" RENAME TO "{name}_old"',
        f'ALTER DATABASE "{theirs}" RENAME TO "{name}"',
    )


@promised(
    "PostgreSQL: the tables, or the database, replaced, emptied or renamed: the next"
    " command says so.",
    fault="replaced",
)
@pytest.mark.parametrize("change", [replaced, emptied, renamed])
def test_a_store_that_was_replaced_while_open_is_an_error_at_the_next_command(postgres, change):
    url = postgres.new_database()
    migrate(url)
    with jamsos.open(url) as registry:
        registry.adopt("perisai", on=ON).or_raise()
        identity = registry._store._recorder.identity
        change(postgres, url)

        for ask in (
            lambda: registry.allot("perisai", 1, on=ON),
            registry.last_position,
            lambda: list(registry.history()),
            lambda: registry.quota("perisai"),
            registry._store.tallies.marks,
            lambda: registry._store.tallies.begin("a", 1, live=True),
        ):
            with pytest.raises(StoreError, match=r"another store now|are gone") as told:
                ask()
            assert "ask again" not in str(told.value)

    if change is not emptied:
        with jamsos.open(url) as registry:
            assert registry.last_position() == 0
            assert registry._store._recorder.identity != identity


def test_every_store_has_an_identity_that_stays(postgres):
    one, other = postgres.new_database(), postgres.new_database()
    found = []
    for url in (one, other, one):
        migrate(url)
        recorder = PostgresRecorder(url, read_only=True)
        found.append(recorder.identity)
        assert recorder.layout == 4
        recorder.close()

    assert found[0] == found[2] != found[1]


# -- What people may see of an address. --------------------------------------------

BROKEN = [
    "postgresql://u:ge%heim@127.0.0.1:9/db",
    "postgresql://u:geheim%@127.0.0.1:9/db",
    "postgresql://u:ge/heim@127.0.0.1:9/db",
    "postgresql://u:ge@heim@127.0.0.1:9/db",
    "postgresql://u:geheim/db",
    "postgresql://u:geheim@127.0.0.1:geheim/db",
    "postgresql://u@127.0.0.1:9/db?password=a&geheim",
    "postgresql://u@127.0.0.1:9/db?password=a&geheim=1",
    "postgresql://u@127.0.0.1:9/db?password=geheim&sslmode=nonsense",
    "postgresql://u:geheim@127.0.0.1:9/db?sslmode=geheim",
    "postgresql://u:geheim@127.0.0.1:9/db?connect_timeout=geheim",
    "postgresql://u:geheim@127.0.0.1:99999/db",
    "postgresql://u:geheim@127.0.0.1:9/db\x00",
    "postgresql+psycopg://u:geheim@127.0.0.1:9/db",
    "postgresql://u:ge?heim@x@127.0.0.1:9/db",
]


def chain(error):
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


@pytest.mark.parametrize("address", BROKEN)
@pytest.mark.parametrize("use", [jamsos.open, migrate], ids=["open", "migrate"])
def test_an_address_that_cannot_be_read_is_an_input_error_without_its_password(use, address):
    with pytest.raises(InputError) as told:
        use(address)

    for error in chain(told.value):
        for text in (str(error), repr(error), *map(repr, error.args)):
            assert "heim" not in text, text


@promised(
    "No command prints a password, also of an address that cannot be read.",
    fault="refused",
)
@pytest.mark.parametrize("address", [BROKEN[0], BROKEN[6], "postgresql://u:geheim@127.0.0.1:9/db"])
@pytest.mark.parametrize(
    "command",
    [
        ["migrate"],
        ["replay"],
        ["count", "--month", "2018-01"],
        ["show"],
        ["export"],
        ["demo", "--store"],
    ],
    ids=lambda command: command[0],
)
def test_no_command_prints_a_password(capsys, monkeypatch, tmp_path, command, address):
    monkeypatch.chdir(tmp_path)
    with suppress(SystemExit):
        main([*command, address, *(["agent-1"] if command == ["show"] else [])])

    said = capsys.readouterr()
    assert "heim" not in said.out + said.err


@promised(
    "Nor is it in an error of the library, wherever it came from.",
    fault="refused",
)
@pytest.mark.parametrize("where", ["address", "PGPASSWORD", "passfile"])
def test_a_password_that_the_server_refuses_is_never_told(postgres, monkeypatch, tmp_path, where):
    url, role = postgres.new_database(), postgres.new_role("must_say_a_password", password=RIGHT)
    host = f"127.0.0.1:{postgres.port}"
    name = psycopg.conninfo.conninfo_to_dict(url)["dbname"]
    address = f"postgresql://{role}@{host}/{name}"
    if where == "address":
        address = address.replace("@", ":ge%2Fheim@")
    elif where == "PGPASSWORD":
        monkeypatch.setenv("PGPASSWORD", "ge/heim")
    else:
        tmp_path.joinpath("pass").write_text("*:*:*:*:ge/heim\n", encoding="utf-8")
        tmp_path.joinpath("pass").chmod(0o600)
        monkeypatch.setenv("PGPASSFILE", str(tmp_path / "pass"))

    with pytest.raises(StoreError, match="the password is wrong or missing") as told:
        jamsos.open(address)

    for error in chain(told.value):
        assert "heim" not in f"{error} {error!r} {error.args}"


@pytest.mark.parametrize("database", ["geheim", "ge%20heim%20x"])
def test_words_of_the_server_that_quote_a_password_are_left_out(postgres, database):
    with pytest.raises(StoreError) as told:
        jamsos.open(f"postgresql://postgres:{database}@127.0.0.1:{postgres.port}/{database}")

    assert "there is no such database" in str(told.value)
    assert "its own words are not shown" in str(told.value)
    assert all(
        "heim" not in str(error.args).partition("(")[2] for error in chain(told.value.__cause__)
    )


def test_a_recorder_does_not_show_its_password(postgres):
    url = postgres.new_database().replace("//", "//postgres:geheim@").replace("?user=postgres", "")
    migrate(url)
    recorder = PostgresRecorder(url)

    assert "geheim" not in f"{recorder!r} {recorder._address!r} {recorder.place}"
    recorder.close()


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("postgresql://h/db?user=u&password=a@b", "postgresql://..."),
        ("postgresql://u:se?cr@h/db", "postgresql://..."),
        ("postgresql://u:se/cr@t@h:1/db", "postgresql://u@h:1/db"),
        ("postgresql://u:geheim/db", "postgresql://u:/db"),
        ("postgresql://[::1]:5432/db", "postgresql://[::1]:5432/db"),
        ("postgresql://a:1,b:2/db", "postgresql://a:1,b:2/db"),
    ],
)
def test_an_address_is_shown_without_what_may_be_a_password(address, shown):
    assert shown_place(address) == shown


def test_a_database_in_another_encoding_is_refused(postgres):
    name = "latin_1"
    run(postgres.url(), f"CREATE DATABASE {name} ENCODING 'LATIN1' TEMPLATE template0 LOCALE 'C'")

    with pytest.raises(StoreError, match="needs a database in UTF8"):
        migrate(postgres.url(name))


@pytest.mark.parametrize("level", ["serializable"])
def test_a_stricter_isolation_of_the_role_is_no_hindrance(postgres, level):
    url = postgres.new_database()
    name = psycopg.conninfo.conninfo_to_dict(url)["dbname"]
    run(url, f"ALTER DATABASE \"{name}\" SET default_transaction_isolation = '{level}'")
    migrate(url)

    store_contract.CASES["who_reads_while_others_write_never_passes_over_an_event"](
        lambda: PostgresRecorder(url, most_connections=3)
    )
