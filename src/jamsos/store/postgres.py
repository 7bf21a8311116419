"""
A history in a PostgreSQL database, which many processes may share.

It is long because each statement of the store stands beside the method that asks it; tables,
connections, errors and places have files of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from itertools import chain, count, islice
from math import ceil
from time import monotonic
from typing import Any, Final, TypeAlias, TypeVar, cast
from uuid import uuid4

import psycopg
from psycopg import Connection
from psycopg.rows import TupleRow, tuple_row

from jamsos.errors import ConflictError, CorruptHistoryError, StoreError

from .concerning import INDEXED, concerns_of
from .postgres_connections import Connections
from .postgres_errors import commit_of, errors_of, not_connected
from .postgres_layout import INDEX, VERSION, check, look, statements
from .postgres_place import Address, Where, address_of, where
from .postgres_snapshots import PostgresSnapshots
from .postgres_tallies import PostgresTallies
from .recorder import Answered, Concern, NewRow, Row

T = TypeVar("T")
Checks: TypeAlias = tuple[Mapping[str, int], int | None, Mapping[str, int]]
"""What must hold before an append, as `Recorder.append` says: expected, after, unconcerned."""

_UNCHECKED: Final[Checks] = ({}, None, {})

FEW: Final = 1_000
"""Up to so many rows go in one statement; more are copied, or go in several."""
_PART: Final = 1_000

_LOCK: Final = 0x6A616D736F73
"""The number of the advisory lock under which the layout is changed: *jamsos* in ASCII."""
_STANDING_IDLE: Final = 60_000
"""For how many milliseconds a transaction of ours may stand idle, and hold its locks."""

_SETTINGS: Final = """
SELECT set_config(name, CASE WHEN current_setting(name) = usual THEN ours ELSE current_setting(name)
    END, FALSE)
FROM unnest(%s::text[], %s::text[], %s::text[]) AS t (name, usual, ours)
WHERE pg_backend_pid() = %s
"""
"""
Settings of a session, where the caller has left them as they were, and where it is a session: a
pooler tells of no process of the server's own.
"""

_IDENTITY: Final = """
INSERT INTO {schema}.jamsos_store (identity) VALUES (%s) ON CONFLICT DO NOTHING
"""
_VERSION: Final = """
INSERT INTO {schema}.jamsos_layout (version) VALUES (%s) ON CONFLICT DO NOTHING
"""
_STORE: Final = """
SELECT identity::text, (
    SELECT bool_and(has_table_privilege(c.oid, 'INSERT')) FROM pg_catalog.pg_class AS c
    WHERE relnamespace = m.relnamespace AND relname IN ('stored_events', 'commands', 'concerns')
), has_any_column_privilege(m.oid, 'UPDATE')
FROM {schema}.jamsos_store AS s JOIN pg_catalog.pg_class AS m ON m.oid = s.tableoid
"""
_SAME: Final = "(SELECT 1 / count(*) FROM {schema}.jamsos_store WHERE identity = '{identity}') = 1"
"""Holds for the store that was opened, and is an error in any other; asked once a statement."""

_APPEND: Final = """
SELECT {schema}.jamsos_append(
    '{identity}', {wait},
    %b::text[], %b::bigint[], %b::text[], %b::bytea[],
    %b::text[], %b::bigint[], %b::bigint, %b::text[], %b::bigint[],
    %b::text[], %b::text[], %b::bigint[], %b::bigint[], %b::bytea[],
    %b::text[], %b::bigint[]
)
"""
_ALONE: Final = "SELECT FROM {schema}.jamsos_store FOR UPDATE"
_CHECK: Final = """
WITH newest AS MATERIALIZED (
    SELECT coalesce((SELECT max(notification_id) FROM {schema}.stored_events), 0) AS last
    WHERE {same}
)
SELECT last, (
    SELECT s FROM unnest(%b::text[], %b::bigint[]) AS t (s, v) WHERE v <> coalesce((
        SELECT max(originator_version) FROM {schema}.stored_events WHERE originator_id = s
    ), 0) LIMIT 1
), (
    SELECT s FROM unnest(%b::text[], %b::bigint[]) AS t (s, k) WHERE k < coalesce((
        SELECT max(position) FROM {schema}.concerns WHERE stream = s AND position <= last
    ), 0) LIMIT 1
) FROM newest
"""
_COPY_EVENTS: Final = """
COPY {schema}.stored_events (
    originator_id, originator_version, topic, state, notification_id
) FROM STDIN (FORMAT BINARY)
"""
_COPY_CONCERNS: Final = """
COPY {schema}.concerns (stream, position) FROM STDIN (FORMAT BINARY)
"""
_COPY_COMMANDS: Final = """
COPY {schema}.commands (command, request, position, events, answer) FROM STDIN (FORMAT BINARY)
"""
_LAST: Final = """
SELECT coalesce((SELECT max(notification_id) FROM {schema}.stored_events), 0) WHERE {same}
"""
_ROWS: Final = "SELECT notification_id, originator_id, originator_version, topic, state FROM "
_NEWS: Final = f"""
{_ROWS} unnest(%b::text[], %b::bigint[]) AS asked (stream, version)
JOIN {{schema}}.stored_events ON originator_id = stream AND originator_version > version
WHERE {{same}} ORDER BY notification_id
"""
_PAGE: Final = f"""
{_ROWS} {{schema}}.stored_events
WHERE notification_id > %b::bigint AND notification_id <= %b::bigint
AND (%b::text[] = ARRAY[]::text[] OR topic = ANY(%b::text[])) AND {{same}}
ORDER BY notification_id
"""
_CONCERNING: Final = """
SELECT c.stream, notification_id, originator_id, originator_version, topic, state
FROM unnest(%b::text[], %b::bigint[]) AS asked (stream, known)
JOIN {schema}.concerns AS c ON c.stream = asked.stream AND c.position > known
JOIN {schema}.stored_events ON notification_id = c.position
WHERE {same} ORDER BY notification_id
"""
_OTHER: Final = f"""
SELECT last, found.* FROM ({_LAST}) AS newest (last) LEFT JOIN LATERAL (
    {_ROWS} {{schema}}.stored_events
    WHERE notification_id > %b::bigint AND notification_id <= last
    AND topic <> ALL (%b::text[]) ORDER BY notification_id LIMIT 1
) AS found ON true
"""  # noqa: S608 - of our own words
_ANSWERS: Final = """
SELECT command, request, position, events, answer FROM {schema}.commands
WHERE command = ANY(%b::text[]) AND {same}
"""


def migrate(url: str) -> int:
    """
    Make the tables of the database at *url*, or bring them up to date; return their version.

    Several processes may do so at once. All is done, or nothing. Raises `UnavailableError` if
    the server cannot be reached, and `StoreError` if it refuses, or if tables of the same
    names are somebody else's.
    """
    address = address_of(url)
    with closing(_connected(address)) as connection, errors_of(address.place):
        at = where(connection, address)
        with errors_of(at.place), connection.transaction():
            connection.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
            connection.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
            found = look(connection, at)
            for statement in statements(at, found):
                connection.execute(statement)
            if "concerns" not in found.relations:
                _index(connection, at)
            connection.execute(_filled(_IDENTITY, at), [uuid4()])
            connection.execute(_filled(_VERSION, at), [VERSION])
            check(connection, at)
    return VERSION


class PostgresRecorder:
    """A `Recorder` over a PostgreSQL database whose tables `migrate` has made."""

    def __init__(
        self,
        url: str,
        *,
        read_only: bool = False,
        most_connections: int = 10,
        patience: float = 5.0,
    ) -> None:
        """
        Open the database at *url*: ``postgresql://user:password@host:port/database``.

        Its schema is the one that the settings of the caller, the role or the database select;
        it is found out once, and every statement names it. *patience* is how long, in seconds,
        is waited for a connection or for the lock that each append takes. Raises
        `UnavailableError` if the server cannot be reached, and `StoreError` for a database
        without our tables: they are never made here.
        """
        address = address_of(url)
        self._wait = max(1, round(patience * 1_000))
        self._address = address
        self._patience = patience
        self._read_only = read_only
        with closing(_connected(address, patience)) as connection, errors_of(address.place):
            at = where(connection, address)
            with errors_of(at.place):
                found = check(connection, at)
                of_store = connection.execute(_STORE.replace("{schema}", at.named)).fetchone()
        if of_store is None:
            msg = f"{at.place} has lost its identity: restore the table jamsos_store"
            raise StoreError(msg)
        self.place = at.place
        self.layout = VERSION
        self.identity, self._may_copy, self._may_lock = cast("tuple[str, bool, bool]", of_store)
        self._may_call = found.callable or not self._may_copy
        self._at = at
        self._connections = Connections(
            self._session, self.place, most=most_connections, patience=patience
        )
        self._append, self._alone, self._check = map(self._of_store, (_APPEND, _ALONE, _CHECK))
        self._news, self._page, self._last = map(self._of_store, (_NEWS, _PAGE, _LAST))
        self._concerning, self._answers = map(self._of_store, (_CONCERNING, _ANSWERS))
        self._other = self._of_store(_OTHER)
        self.tallies = PostgresTallies(
            self._select, self._connection, self._writing, self._of_store
        )
        self.snapshots = PostgresSnapshots(self._connection, self._of_store)

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
        checks = (expected, after, unconcerned)
        end = monotonic() + self._patience
        while True:
            try:
                return self._appended(rows, answered, concerns, checks)
            except ConflictError as error:
                if not _is_of_position(error) or monotonic() > end:
                    raise

    def _appended(
        self,
        rows: Sequence[NewRow],
        answered: Sequence[Answered],
        concerns: Sequence[Concern],
        checks: Checks,
    ) -> int:
        if len(rows) <= FEW and self._may_call and self._at.isolated:
            with self._connection() as connection, commit_of(self.place):
                return self._call(connection, rows, answered, concerns, checks)
        with self._writing() as connection:
            if self._may_copy:
                last = self._checked(connection, checks)
                self._copy(connection, rows, last, answered, last + 1, concerns)
            else:
                last = self._call(connection, rows[:_PART], (), (), checks)
                self._send(connection, rows[_PART:], answered, concerns, last + 1)
        return last

    def load(
        self, rows: Iterable[NewRow], answered: Iterable[Answered], concerns: Iterable[Concern]
    ) -> int:
        """Fill an empty database, as `Recorder.load` says."""
        with self._writing() as connection:
            if self._may_copy:
                last = self._checked(connection, _UNCHECKED)
            else:
                last = self._call(connection, (), (), ())
            if last:
                msg = f"{self.place} is not empty: load a history into a new store"
                raise ConflictError(msg)
            if self._may_copy:
                return self._copy(connection, rows, 0, answered, 0, concerns)
            return self._send(connection, rows, answered, concerns, 0)

    def news(self, versions: Mapping[str, int]) -> list[Row]:
        """Return what is new in each stream, as `Recorder.news` says."""
        if not versions:
            return []
        asked = [list(versions), list(versions.values())]
        return cast("list[Row]", self._select(self._news, asked))

    def concerning(self, streams: Mapping[str, int]) -> list[tuple[str, Row]]:
        """Return the rows that concern each stream, as `Recorder.concerning` says."""
        if not streams:
            return []
        rows = self._select(self._concerning, [list(streams), list(streams.values())])
        return [(stream, cast("Row", tuple(row))) for stream, *row in rows]

    def page(self, after: int, upto: int, names: Sequence[str]) -> list[Row]:
        """Return the rows between two positions, as `Recorder.page` says."""
        asked = [after, upto, list(names), list(names)]
        return cast("list[Row]", self._select(self._page, asked))

    def other_than(self, names: Sequence[str], *, after: int) -> tuple[int, list[Row]]:
        """Return the first row of another name, as `FindsOthers.other_than` says."""
        [(last, *row)] = self._select(self._other, [after, list(names)])
        return cast("int", last), [] if row[0] is None else [cast("Row", tuple(row))]

    def answers(self, commands: Sequence[str]) -> list[Answered]:
        """Return what commands were answered, as `Recorder.answers` says."""
        return [Answered(*row) for row in self._select(self._answers, [list(commands)])]

    def last_position(self) -> int:
        """Return the position of the newest row; 0 if there is none."""
        [(last,)] = self._select(self._last)
        return cast("int", last)

    def close(self) -> None:
        """Close the database. Everything that was stored stays."""
        self._connections.close()

    def _select(self, statement: str, parameters: Sequence[object] = ()) -> list[TupleRow]:
        """Return rows; a connection that broke meanwhile is tried once more by another."""
        with errors_of(self.place):
            try:
                return self._selected(statement, parameters)
            except psycopg.OperationalError as error:
                if error.sqlstate and not error.sqlstate.startswith(("08", "57P", "25P")):
                    raise
            return self._selected(statement, parameters)

    def _selected(self, statement: str, parameters: Sequence[object]) -> list[TupleRow]:
        with self._connections.lent() as connection:
            return connection.execute(statement, parameters, prepare=True, binary=True).fetchall()

    @contextmanager
    def _connection(self) -> Iterator[Connection[TupleRow]]:
        with errors_of(self.place), self._connections.lent() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection[TupleRow]]:
        """Give a connection in a transaction; all that it does is kept, or none of it."""
        with self._connection() as connection:
            begin = "BEGIN ISOLATION LEVEL READ COMMITTED"
            if connection.prepare_threshold is None:  # there is no session that has them set
                begin = (
                    f"{begin}; SET LOCAL lock_timeout = {self._wait};"
                    f" SET LOCAL idle_in_transaction_session_timeout = {_STANDING_IDLE}"
                )
            connection.execute(begin)
            yield connection  # what is raised here, is rolled back
            with commit_of(self.place):
                connection.execute("COMMIT")

    def _session(self) -> Connection[TupleRow]:
        """Return a new connection, with settings of ours if it is a session of the server's."""
        connection = _connected(self._address, self._patience)
        settings = [
            ("lock_timeout", "0", str(self._wait)),
            ("idle_in_transaction_session_timeout", "0", str(_STANDING_IDLE)),
            *([("default_transaction_read_only", "off", "on")] if self._read_only else []),
        ]
        asked = [*map(list, zip(*settings, strict=True)), connection.info.backend_pid]
        connection._pool = None  # noqa: SLF001 - so psycopg does not warn of those left open
        try:
            with errors_of(self.place):
                alone = connection.execute(_SETTINGS, asked).fetchone() is not None
        except BaseException:
            connection.close()
            raise
        if not alone:
            connection.prepare_threshold = None
        return connection

    def _of_store(self, statement: str) -> str:
        """Return *statement* for this store and no other."""
        filled = statement.replace("{same}", _SAME).replace("{identity}", self.identity)
        return _filled(filled.replace("{wait}", str(self._wait)), self._at)

    def _checked(self, connection: Connection[TupleRow], checks: Checks) -> int:
        """
        Return the last position, if an append may follow it; raise `ConflictError` if not.

        Others wait until it is done, if this role may make them; if not, the second of two
        finds its positions taken.
        """
        if self._may_lock:
            connection.execute(self._alone, ())
        expected, after, unconcerned = checks
        asked = [
            list(expected),
            list(expected.values()),
            list(unconcerned),
            list(unconcerned.values()),
        ]
        found = connection.execute(self._check, asked).fetchone()
        last, changed, concerned = cast("tuple[int, str | None, str | None]", found)
        if after is not None and last != after:
            msg = f"something was recorded after position {after}; nothing was recorded, ask again"
            raise ConflictError(msg)
        if changed is not None:
            msg = f"{changed} has changed since it was read; nothing was recorded, ask again"
            raise ConflictError(msg)
        if concerned is not None:
            msg = (
                f"something that concerns {concerned} was recorded since; nothing was recorded,"
                f" ask again"
            )
            raise ConflictError(msg)
        return last

    def _call(
        self,
        connection: Connection[TupleRow],
        rows: Sequence[NewRow],
        answered: Sequence[Answered],
        concerns: Sequence[Concern],
        checks: Checks = _UNCHECKED,
        first: int = 0,
    ) -> int:
        """
        Append by the function; return the position before.

        *first* is added to the places of what was *answered* and of *concerns*.
        """
        expected, after, unconcerned = checks
        last = connection.execute(
            self._append,
            (
                *([list(column) for column in zip(*rows, strict=True)] or [[], [], [], []]),
                list(expected),
                list(expected.values()),
                after,
                list(unconcerned),
                list(unconcerned.values()),
                [a.command for a in answered],
                [a.digest for a in answered],
                [a.first + first for a in answered],
                [a.events for a in answered],
                [a.answer for a in answered],
                [stream for stream, _ in concerns],
                [place + first for _, place in concerns],
            ),
            prepare=True,
        ).fetchone()
        return cast("tuple[int]", last)[0]

    def _send(
        self,
        connection: Connection[TupleRow],
        rows: Iterable[NewRow],
        answered: Iterable[Answered],
        concerns: Iterable[Concern],
        first: int,
    ) -> int:
        """Append a part at a time by the function, where nothing may be copied; as `_copy` does."""
        number = 0
        for part in _parts(rows):
            self._call(connection, part, (), ())
            number += len(part)
        last = self._call(connection, (), (), ())
        for told in _parts(answered):
            self._call(connection, (), told, (), first=first - last - 1)
        for concerned in _parts(concerns):
            self._call(connection, (), (), concerned, first=first - last - 1)
        return number

    def _copy(
        self,
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
            with cursor.copy(_COPY_EVENTS.replace("{schema}", self._at.named)) as copy:
                copy.set_types(["text", "int8", "text", "bytea", "int8"])
                write = copy.write_row
                for number, row in zip(count(1), rows, strict=False):
                    write((*row, last + number))
            with cursor.copy(_COPY_COMMANDS.replace("{schema}", self._at.named)) as copy:
                copy.set_types(["text", "text", "int8", "int8", "bytea"])
                for a in answered:
                    place = a.first + first if a.events else 0
                    copy.write_row((a.command, a.digest, place, a.events, a.answer))
            _copy_concerns(cursor, self._at, ((s, place + first) for s, place in concerns))
        return number


def _connected(address: Address, patience: float | None = None) -> Connection[TupleRow]:
    """Return a new connection. Raises what of ours says why there is none."""
    given: dict[str, Any] = {"client_encoding": "utf8"}
    if patience is not None and not address.patient:
        given["connect_timeout"] = max(2, ceil(patience))
    try:
        return psycopg.connect(address.url, autocommit=True, row_factory=tuple_row, **given)
    except psycopg.Error as error:
        told = not_connected(error, address)
    raise told


def _filled(statement: str, at: Where) -> str:
    """Return *statement*, which has parameters or `%%`, with the name of the schema in it."""
    return statement.replace("{schema}", at.quoted)


def _is_of_position(error: ConflictError) -> bool:
    """Whether two took the same position, which they do only if one of them may not lock."""
    cause = error.__cause__
    return isinstance(cause, psycopg.Error) and cause.diag.constraint_name == INDEX


def _parts(every: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(every)
    while part := list(islice(rest, _PART)):
        yield part


def _copy_concerns(
    cursor: psycopg.Cursor[TupleRow], at: Where, concerns: Iterable[Concern]
) -> None:
    with cursor.copy(_COPY_CONCERNS.replace("{schema}", at.named)) as copy:
        copy.set_types(["text", "int8"])
        for concern in concerns:
            copy.write_row(concern)


def _index(connection: Connection[TupleRow], at: Where) -> None:
    """Make the index of concerns out of the events that are there."""
    names = list(INDEXED)
    page = _filled(_PAGE.replace("{same}", "TRUE"), at)
    rows = connection.execute(page, [0, 2**63 - 1, names, names], binary=True).fetchall()
    with connection.cursor() as cursor:
        _copy_concerns(cursor, at, chain.from_iterable(_concerned(at, row) for row in rows))


def _concerned(at: Where, row: TupleRow) -> list[Concern]:
    try:
        return list(concerns_of(cast("Row", row)))
    except ValueError as error:
        position, stream, version, name, _ = row
        msg = (
            f"position {position} of {at.place}, version {version} of {stream}, {name}, cannot be"
            f" read: {error}"
        )
        raise CorruptHistoryError(msg, position=position) from error
