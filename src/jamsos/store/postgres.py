"""A history in a PostgreSQL database, which many processes may share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from typing import Final, cast

import psycopg
from psycopg import Connection
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import TupleRow, tuple_row
from psycopg_pool import ConnectionPool, PoolClosed, PoolTimeout

from jamsos.errors import ConflictError, OutcomeUnknownError, StoreError, UnavailableError

from .concerning import INDEXED, concerns_of
from .postgres_layout import LAYOUT, VERSION
from .postgres_snapshots import LAYOUT as SNAPSHOTS_LAYOUT
from .postgres_snapshots import PostgresSnapshots
from .postgres_tallies import LAYOUT as TALLIES_LAYOUT
from .postgres_tallies import PostgresTallies
from .recorder import Answered, Concern, NewRow, Row

FEW: Final = 1_000
"""Up to so many rows go in one statement; more are copied."""

_LOCK: Final = 0x6A616D736F73
"""The number of the advisory lock under which the layout is changed: *jamsos* in ASCII."""

_APPEND: Final = """
SELECT jamsos_append(
    %b::text[], %b::bigint[], %b::text[], %b::bytea[],
    %b::text[], %b::bigint[], %b::bigint, %b::text[], %b::bigint[],
    %b::text[], %b::text[], %b::bigint[], %b::bigint[], %b::bytea[],
    %b::text[], %b::bigint[]
)
"""
_CHECK: Final = """
SELECT jamsos_check(%b::text[], %b::bigint[], %b::bigint, %b::text[], %b::bigint[])
"""
_COPY_EVENTS: Final = "COPY stored_events FROM STDIN (FORMAT BINARY)"
_COPY_CONCERNS: Final = "COPY concerns FROM STDIN (FORMAT BINARY)"
_COPY_COMMANDS: Final = "COPY commands FROM STDIN (FORMAT BINARY)"
_LAST: Final = "SELECT coalesce(max(notification_id), 0) FROM stored_events"
_ROWS: Final = "SELECT notification_id, originator_id, originator_version, topic, state FROM "
_NEWS: Final = f"""
{_ROWS} unnest(%b::text[], %b::bigint[]) AS asked (stream, version) JOIN stored_events
ON originator_id = stream AND originator_version > version ORDER BY notification_id
"""
_PAGE: Final = f"""
{_ROWS} stored_events
WHERE notification_id > %b::bigint AND notification_id <= %b::bigint
AND (%b::text[] = ARRAY[]::text[] OR topic = ANY(%b::text[])) ORDER BY notification_id
"""
_CONCERNING: Final = """
SELECT c.stream, notification_id, originator_id, originator_version, topic, state
FROM unnest(%b::text[], %b::bigint[]) AS asked (stream, known)
JOIN concerns AS c ON c.stream = asked.stream AND c.position > known
JOIN stored_events ON notification_id = c.position ORDER BY notification_id
"""
_ANSWERS: Final = """
SELECT command, request, position, events, answer FROM commands WHERE command = ANY(%b::text[])
"""


def migrate(url: str) -> int:
    """
    Make the tables of the database at *url*, if they are missing; return their version.

    Several processes may do so at once. Raises `UnavailableError` if the server cannot be
    reached, `StoreError` if it refuses.
    """
    place = _place(url)
    with _errors_of(place), psycopg.connect(url) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        connection.execute(LAYOUT)
        connection.execute(TALLIES_LAYOUT)
        connection.execute(SNAPSHOTS_LAYOUT)
        _index(connection)
        connection.execute(
            "INSERT INTO jamsos_layout VALUES (%s) ON CONFLICT DO NOTHING", [VERSION]
        )
    return VERSION


class PostgresRecorder:
    """A `Recorder` over a PostgreSQL database whose tables `migrate` has made."""

    def __init__(
        self,
        url: str,
        *,
        read_only: bool = False,  # noqa: ARG002
        most_connections: int = 10,
        patience: float = 5.0,
    ) -> None:
        """
        Open the database at *url*: ``postgresql://user:password@host:port/database``.

        *patience* is how long, in seconds, is waited for a connection or for the lock that
        each append takes. Raises `UnavailableError` if the server cannot be reached,
        and `StoreError` for a database without our tables: they are never made here.
        """
        self.place = _place(url)
        with _errors_of(self.place):
            options = str(conninfo_to_dict(url).get("options", ""))
            self._pool: ConnectionPool[Connection[TupleRow]] = ConnectionPool(
                url,
                kwargs={
                    "autocommit": True,
                    "row_factory": tuple_row,
                    "options": f"{options} -c lock_timeout={round(patience * 1_000)}"
                    " -c idle_in_transaction_session_timeout=60000",
                },
                min_size=1,
                max_size=most_connections,
                timeout=patience,
                reconnect_timeout=patience,
                open=False,
                name="jamsos",
            )
            self._check_layout(url)
            self._pool.open()
        self.tallies = PostgresTallies(self._connection, self._writing)
        self.snapshots = PostgresSnapshots(self._connection)

    def append(
        self,
        rows: Sequence[NewRow],
        *,
        expected: Mapping[str, int],
        after: int | None,
        answered: Sequence[Answered],
        concerns: Sequence[Concern],
        unconcerned: Mapping[str, int],
    ) -> int:
        """Store rows and answers in one transaction, as `Recorder.append` says."""
        checks = (
            list(expected),
            list(expected.values()),
            after,
            list(unconcerned),
            list(unconcerned.values()),
        )
        if len(rows) > FEW:
            with self._writing() as connection:
                [(last,)] = connection.execute(_CHECK, checks, prepare=True)
                _copy(connection, rows, last, answered, last + 1, concerns)
            return cast("int", last)
        columns = [list(column) for column in zip(*rows, strict=True)] or [[], [], [], []]
        answers = [
            [a.command for a in answered],
            [a.digest for a in answered],
            [a.first for a in answered],
            [a.events for a in answered],
            [a.answer for a in answered],
            [stream for stream, _ in concerns],
            [place for _, place in concerns],
        ]
        with self._connection() as connection, _commit_of(self.place):
            [(last,)] = connection.execute(_APPEND, (*columns, *checks, *answers), prepare=True)
        return cast("int", last)

    def load(
        self, rows: Iterable[NewRow], answered: Iterable[Answered], concerns: Iterable[Concern]
    ) -> int:
        """Fill an empty database, as `Recorder.load` says."""
        with self._writing() as connection:
            [(last,)] = connection.execute(_CHECK, ([], [], None, [], []), prepare=True)
            if last:
                msg = f"{self.place} is not empty: load a history into a new store"
                raise ConflictError(msg)
            return _copy(connection, rows, 0, answered, 0, concerns)

    def news(self, versions: Mapping[str, int]) -> list[Row]:
        """Return what is new in each stream, as `Recorder.news` says."""
        if not versions:
            return []
        return self._select(_NEWS, [list(versions), list(versions.values())])

    def concerning(self, streams: Mapping[str, int]) -> list[tuple[str, Row]]:
        """Return the rows that concern each stream, as `Recorder.concerning` says."""
        if not streams:
            return []
        with self._connection() as connection:
            asked = [list(streams), list(streams.values())]
            rows = connection.execute(_CONCERNING, asked, prepare=True, binary=True)
            return [(stream, cast("Row", tuple(row))) for stream, *row in rows]

    def page(self, after: int, upto: int, names: Sequence[str]) -> list[Row]:
        """Return the rows between two positions, as `Recorder.page` says."""
        return self._select(_PAGE, [after, upto, list(names), list(names)])

    def answers(self, commands: Sequence[str]) -> list[Answered]:
        """Return what commands were answered, as `Recorder.answers` says."""
        with self._connection() as connection:
            rows = connection.execute(_ANSWERS, [list(commands)], prepare=True, binary=True)
            return [Answered(*row) for row in rows]

    def last_position(self) -> int:
        """Return the position of the newest row; 0 if there is none."""
        with self._connection() as connection:
            [(last,)] = connection.execute(_LAST, prepare=True)
        return cast("int", last)

    def close(self) -> None:
        """Close the database. Everything that was stored stays."""
        self._pool.close()

    def _select(self, statement: str, parameters: Sequence[object]) -> list[Row]:
        with self._connection() as connection:
            rows = connection.execute(statement, parameters, prepare=True, binary=True)
            return cast("list[Row]", rows.fetchall())

    @contextmanager
    def _connection(self) -> Iterator[Connection[TupleRow]]:
        with _errors_of(self.place), self._pool.connection() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection[TupleRow]]:
        """Give a connection in a transaction; all that it does is kept, or none of it."""
        with self._connection() as connection:
            connection.execute("BEGIN ISOLATION LEVEL READ COMMITTED")
            yield connection  # what is raised here, the pool rolls back
            with _commit_of(self.place):
                connection.execute("COMMIT")

    def _check_layout(self, url: str) -> None:
        try:
            with psycopg.connect(url) as connection:
                [(version,)] = connection.execute("SELECT max(version) FROM jamsos_layout")
        except psycopg.errors.UndefinedTable:
            version = None
        if version != VERSION:
            found = "none" if version is None else f"those of version {version}"
            msg = (
                f"{self.place} needs tables of version {VERSION} and has {found}: run"
                f" 'jamsos migrate' with its address first"
            )
            raise StoreError(msg)


def _copy(
    connection: Connection[TupleRow],
    rows: Iterable[NewRow],
    last: int,
    answered: Iterable[Answered],
    first: int,
    concerns: Iterable[Concern],
) -> int:
    """
    Copy *rows*, to follow the position *last*, what commands were *answered*, and *concerns*.

    The places of the last two are added to *first*.
    """
    number = 0
    with connection.cursor() as cursor:
        with cursor.copy(_COPY_EVENTS) as copy:
            copy.set_types(["text", "int8", "text", "bytea", "int8"])
            write = copy.write_row
            for number, row in zip(count(1), rows, strict=False):
                write((*row, last + number))
        with cursor.copy(_COPY_COMMANDS) as copy:
            copy.set_types(["text", "text", "int8", "int8", "bytea"])
            for a in answered:
                place = a.first + first if a.events else 0
                copy.write_row((a.command, a.digest, place, a.events, a.answer))
        _copy_concerns(cursor, ((stream, place + first) for stream, place in concerns))
    return number


def _copy_concerns(cursor: psycopg.Cursor[TupleRow], concerns: Iterable[Concern]) -> None:
    with cursor.copy(_COPY_CONCERNS) as copy:
        copy.set_types(["text", "int8"])
        for concern in concerns:
            copy.write_row(concern)


def _index(connection: Connection[TupleRow]) -> None:
    """Make the index of concerns, if there is none yet, out of the events that are there."""
    [(there,)] = connection.execute("SELECT EXISTS (SELECT FROM concerns)")
    if there:
        return
    names = list(INDEXED)
    rows = connection.execute(_PAGE, [0, 2**63 - 1, names, names], binary=True).fetchall()
    with connection.cursor() as cursor:
        _copy_concerns(cursor, (c for row in rows for c in concerns_of(cast("Row", row))))


def _place(url: str) -> str:
    """Return what errors call the database at *url*: without its password."""
    try:
        parts = conninfo_to_dict(url)
    except psycopg.Error as error:
        msg = f"this is not an address of a PostgreSQL database: {error}"
        raise StoreError(msg) from error
    user, host, port = (parts.get(part) for part in ("user", "host", "port"))
    where = f"{host or 'localhost'}{f':{port}' if port else ''}"
    return f"postgresql://{f'{user}@' if user else ''}{where}/{parts.get('dbname') or ''}"


@contextmanager
def _commit_of(place: str) -> Iterator[None]:
    """Tell an error that says no from a connection that was lost before the answer came."""
    try:
        yield
    except psycopg.OperationalError as error:
        if error.sqlstate is not None and not error.sqlstate.startswith(("08", "57P")):
            raise
        msg = (
            f"{place} was lost at the commit ({_first_line(error)}); it may be recorded or not,"
            f" send the same command again"
        )
        raise OutcomeUnknownError(msg) from error


@contextmanager
def _errors_of(place: str) -> Iterator[None]:
    """Turn the errors of the database at *place* into ours."""
    try:
        yield
    except psycopg.errors.SerializationFailure as error:
        msg = f"{_first_line(error)}; nothing was recorded, ask again"
        raise ConflictError(msg) from error
    except psycopg.IntegrityError as error:
        msg = f"another writer has recorded in {place} first; nothing was recorded, ask again"
        raise ConflictError(msg) from error
    except psycopg.errors.LockNotAvailable as error:
        msg = f"{place} is locked by another writer; nothing was recorded, ask again"
        raise UnavailableError(msg) from error
    except PoolClosed as error:
        msg = f"{place} cannot be read or written: it is closed"
        raise StoreError(msg) from error
    except (PoolTimeout, psycopg.errors.AdminShutdown, psycopg.errors.CrashShutdown) as error:
        msg = f"{place} cannot be reached: {_first_line(error)}; nothing was recorded, ask again"
        raise UnavailableError(msg) from error
    except psycopg.OperationalError as error:
        msg = f"{place} cannot be reached: {_first_line(error)}; nothing was recorded, ask again"
        raise (StoreError if error.sqlstate else UnavailableError)(msg) from error
    except psycopg.Error as error:
        msg = f"{place} cannot be read or written: {_first_line(error)}"
        raise StoreError(msg) from error


def _first_line(error: BaseException) -> str:
    return str(error).strip().partition("\n")[0]
