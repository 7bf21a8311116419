"""Where the benchmarks write: files of SQLite, and databases of a PostgreSQL server."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from importlib import import_module
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from jamsos.store.event_store import EventStore, migrate
from jamsos.store.recorder import NewRow

ROOT = Path(__file__).resolve().parents[1]

_SETTINGS = ("journal_mode", "synchronous")

Pieces = Sequence[Sequence[NewRow]]
"""Rows, as many together as go into one transaction."""


class Database(Protocol):
    """A kind of database, of which there can be a new one at any time."""

    name: str
    limit: str
    """What its own fastest way to write rows is called."""

    def new(self) -> str:
        """Return where an empty database is, ready for jamsos."""
        ...

    def environment(self) -> dict[str, str]:
        """Return what plain `eventsourcing` must be told to use an empty database."""
        ...

    def write(self, place: str, pieces: Pieces) -> Callable[[], None]:
        """Return what writes *pieces* by the database's own means, each in a transaction."""
        ...

    def durability(self, place: str) -> str:
        """Return how durably is written, as the database itself says."""
        ...


class Files:
    """SQLite files in a folder of their own."""

    name = "SQLite"
    limit = "executemany"

    def __init__(self, folder: Path) -> None:
        self._names = (str(folder / f"{number}.db") for number in count(1))

    def new(self) -> str:
        return next(self._names)

    def environment(self) -> dict[str, str]:
        return {"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": self.new()}

    def write(self, place: str, pieces: Pieces) -> Callable[[], None]:
        EventStore(place).close()

        def work() -> None:
            with closing(sqlite3.connect(place, isolation_level=None)) as connection:
                for rows in pieces:
                    connection.execute("BEGIN IMMEDIATE")
                    connection.executemany("INSERT INTO stored_events VALUES (?, ?, ?, ?)", rows)
                    connection.execute("COMMIT")

        return work

    def durability(self, place: str) -> str:
        with EventStore(place) as store:
            return our_settings(store)


class Server:
    """Databases of a PostgreSQL server."""

    name = "PostgreSQL"
    limit = "COPY"

    def __init__(self, address: str, names: str = "bench") -> None:
        self._address = address
        self._names = (f"{names}_{number}" for number in count(1))

    def new(self) -> str:
        place = self._empty()
        migrate(place)
        return place

    def environment(self) -> dict[str, str]:
        told = conninfo_to_dict(self._empty())
        return {
            "PERSISTENCE_MODULE": "eventsourcing.postgres",
            "POSTGRES_DBNAME": str(told["dbname"]),
            "POSTGRES_HOST": str(told["host"]),
            "POSTGRES_PORT": str(told["port"]),
            "POSTGRES_USER": str(told["user"]),
            "POSTGRES_PASSWORD": str(told.get("password", "")),
        }

    def write(self, place: str, pieces: Pieces) -> Callable[[], None]:
        def work() -> None:
            position = 0
            with psycopg.connect(place, autocommit=True) as connection:
                for rows in pieces:
                    with (
                        connection.transaction(),
                        connection.cursor() as cursor,
                        cursor.copy("COPY stored_events FROM STDIN (FORMAT BINARY)") as copy,
                    ):
                        copy.set_types(["text", "int8", "text", "bytea", "int8"])
                        for position, row in enumerate(rows, start=position + 1):  # noqa: B020
                            copy.write_row((*row, position))

        return work

    def durability(self, place: str) -> str:
        with psycopg.connect(place) as connection:
            told = [
                f"{name}={connection.execute(f'SHOW {name}').fetchone()[0]}"
                for name in ("fsync", "synchronous_commit", "full_page_writes", "wal_sync_method")
            ]
        return ", ".join(told)

    def versions(self) -> str:
        with psycopg.connect(self._address) as connection:
            version = connection.info.server_version
        return f"PostgreSQL {version // 10_000}.{version % 10_000}, psycopg {psycopg.__version__}."

    def _empty(self) -> str:
        name = next(self._names)
        with psycopg.connect(self._address, autocommit=True) as connection:
            for statement in ("DROP DATABASE IF EXISTS {} WITH (FORCE)", "CREATE DATABASE {}"):
                connection.execute(sql.SQL(statement).format(sql.Identifier(name)))
        return "postgresql:///?" + "&".join(
            f"{key}={value}"
            for key, value in conninfo_to_dict(make_conninfo(self._address, dbname=name)).items()
        )


def settings(datastore: Any) -> str:  # noqa: ANN401 - of either library
    """Return how durably an SQLite file is written, as a connection of *datastore* says."""
    with datastore.transaction(commit=False) as cursor:
        return ", ".join(f"{name}={_asked(cursor, name)}" for name in _SETTINGS)


def our_settings(store: EventStore) -> str:
    """Return how durably the SQLite file of *store* is written, as its connection says."""
    read = store._recorder._connections.read  # type: ignore[attr-defined]  # noqa: SLF001
    return ", ".join(f"{name}={read(partial(_asked, name=name))}" for name in _SETTINGS)


def _asked(connection: Any, name: str) -> Any:  # noqa: ANN401 - of either library
    connection = getattr(connection, "sqlite_cursor", connection)
    return connection.execute(f"PRAGMA {name}").fetchone()[0]


@contextmanager
def databases(address: str | None) -> Iterator[tuple[Files, Server]]:
    """Give both kinds; the server is that at *address*, or one that lives as long as this."""
    with ExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory())
        if address is None:
            sys.path.append(str(ROOT))  # the server that the tests use
            address = stack.enter_context(import_module("tests.postgres").server()).url()
        yield Files(Path(folder)), Server(address)
