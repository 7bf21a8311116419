"""Snapshots in a PostgreSQL database, beside the history."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from typing import Final, TypeAlias

import psycopg
from psycopg import Connection
from psycopg.rows import TupleRow

from .snapshots import Snapshot

_FIND: Final = """
SELECT stream, version, maker, digest, state FROM {schema}.jamsos_snapshots
WHERE stream = ANY(%b::text[]) AND {same}
"""
_NEXT: Final = """
SELECT stream, version, maker, digest, state FROM {schema}.jamsos_snapshots
WHERE stream > %b::text AND {same} ORDER BY stream LIMIT 1
"""
_KEEP: Final = """
INSERT INTO {schema}.jamsos_snapshots (stream, version, maker, digest, state)
SELECT %b::text, %b::bigint, %b::text, %b::text, %b::bytea WHERE {same}
ON CONFLICT (stream) DO UPDATE SET version = excluded.version, maker = excluded.maker,
digest = excluded.digest, state = excluded.state
"""
_CLEAR: Final = "DELETE FROM {schema}.jamsos_snapshots WHERE {same}"
_AT_ONCE: Final = "SET LOCAL lock_timeout = 1"

Connections: TypeAlias = Callable[[], AbstractContextManager[Connection[TupleRow]]]

_NOT_OURS: Final = (
    psycopg.errors.UndefinedTable,
    psycopg.errors.UndefinedColumn,
    psycopg.errors.InsufficientPrivilege,
    psycopg.errors.ReadOnlySqlTransaction,
)
"""Without the table, or without a right to it, all goes on without snapshots."""


class PostgresSnapshots:
    """
    `Snapshots` beside a history, through the connections that its recorder gives.

    *of_store* lets a statement stand for this store alone.
    """

    def __init__(self, connection: Connections, of_store: Callable[[str], str]) -> None:
        self._connection = connection
        self._find, self._next, self._keep, self._clear = map(
            of_store, (_FIND, _NEXT, _KEEP, _CLEAR)
        )
        self._readable = self._writable = True

    def find(self, streams: Sequence[str]) -> list[Snapshot]:
        """Return the snapshots of *streams*, as `Snapshots.find` says."""
        if not self._readable:
            return []
        with self._connection() as connection:
            try:
                rows = connection.execute(self._find, [list(streams)], prepare=True, binary=True)
                return [Snapshot(*row) for row in rows]
            except _NOT_OURS:
                self._readable = False
                return []

    def keep(self, snapshots: Sequence[Snapshot]) -> bool:
        """Keep *snapshots*, as `Snapshots.keep` says."""
        if not (self._readable and self._writable):
            return False
        with self._connection() as connection:
            try:
                with connection.transaction():
                    connection.execute(_AT_ONCE)
                    for s in sorted(snapshots, key=lambda each: each.stream):
                        made = [s.stream, s.version, s.maker, s.digest, s.state]
                        connection.execute(self._keep, made)
            except _NOT_OURS:
                self._writable = False
                return False
            except psycopg.errors.LockNotAvailable:
                return False
        return True

    def every(self) -> Iterator[Snapshot]:
        """Yield every snapshot, as `Snapshots.every` says."""
        after = ""
        while self._readable:
            with self._connection() as connection:
                try:
                    row = connection.execute(self._next, [after], binary=True).fetchone()
                except _NOT_OURS:
                    return
            if row is None:
                return
            after = row[0]
            yield Snapshot(*row)

    def drop(self) -> None:
        """Drop every snapshot, as `Snapshots.drop` says."""
        with self._connection() as connection, suppress(*_NOT_OURS):
            connection.execute(self._clear)
