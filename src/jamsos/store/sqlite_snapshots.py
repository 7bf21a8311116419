"""Snapshots in an SQLite database, beside the history: in a table made when one is kept first."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, Final, TypeAlias

from .snapshots import Snapshot
from .sqlite_connections import Connections

LAYOUT: Final = """
CREATE TABLE IF NOT EXISTS jamsos_snapshots (
    stream TEXT PRIMARY KEY, version INTEGER NOT NULL, maker TEXT NOT NULL,
    digest TEXT NOT NULL, state BLOB NOT NULL
)
"""
_COLUMNS: Final = "stream, version, maker, digest, state"
_THERE: Final = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'jamsos_snapshots'"
_FIND_ONE: Final = f"SELECT {_COLUMNS} FROM jamsos_snapshots WHERE stream = ?"  # noqa: S608 - ours
_FIND: Final = f"""
SELECT {_COLUMNS} FROM jamsos_snapshots WHERE stream IN (SELECT value FROM json_each(?))
"""  # noqa: S608 - of our own words
_NEXT: Final = f"""
SELECT {_COLUMNS} FROM jamsos_snapshots WHERE stream > ? ORDER BY stream LIMIT 1
"""  # noqa: S608 - of our own words
_DROP: Final = "DROP TABLE IF EXISTS jamsos_snapshots"
_KEEP: Final = f"INSERT OR REPLACE INTO jamsos_snapshots ({_COLUMNS}) VALUES (?, ?, ?, ?, ?)"  # noqa: S608

_Row: TypeAlias = tuple[Any, ...]


class SQLiteSnapshots:
    """`Snapshots` over the table of `LAYOUT`, through the connections of a recorder."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def find(self, streams: Sequence[str]) -> list[Snapshot]:
        """Return the snapshots of *streams*, as `Snapshots.find` says."""

        def work(c: sqlite3.Connection) -> list[_Row]:
            try:
                if len(streams) == 1:
                    return c.execute(_FIND_ONE, (streams[0],)).fetchall()
                return c.execute(_FIND, (json.dumps(streams),)).fetchall()
            except sqlite3.OperationalError as error:
                if _is_passing(error):
                    raise
                return []  # no such table, or one of somebody else's

        return [each for row in self._connections.read(work) if (each := _read(row)) is not None]

    def keep(self, snapshots: Sequence[Snapshot]) -> bool:
        """Keep *snapshots* in one transaction, as `Snapshots.keep` says."""
        rows = [(s.stream, s.version, s.maker, s.digest, s.state) for s in snapshots]

        def work(c: sqlite3.Connection) -> bool:
            [(patience,)] = c.execute("PRAGMA busy_timeout").fetchall()
            c.execute("PRAGMA busy_timeout = 0").fetchall()
            try:
                with c:
                    c.execute("BEGIN IMMEDIATE").fetchall()
                    c.execute(LAYOUT).fetchall()
                    c.executemany(_KEEP, rows)
            except sqlite3.Error:  # locked, read-only, full, or a table of somebody else's
                return False
            finally:
                c.execute(f"PRAGMA busy_timeout = {int(patience)}").fetchall()
            return True

        return self._connections.read(work)

    def every(self) -> Iterator[Snapshot]:
        """Yield every snapshot, as `Snapshots.every` says."""
        after = ""
        while True:
            rows = self._connections.read(partial(_next, after=after))
            if not rows:
                return
            after = str(rows[0][0])
            if (found := _read(rows[0])) is not None:
                yield found

    def drop(self) -> None:
        """Drop every snapshot, as `Snapshots.drop` says."""
        self._connections.write(lambda c: c.execute(_DROP).fetchall())


def _next(c: sqlite3.Connection, *, after: str) -> list[_Row]:
    there = c.execute(_THERE).fetchall()
    return c.execute(_NEXT, (after,)).fetchall() if there else []


def _is_passing(error: sqlite3.Error) -> bool:
    return error.sqlite_errorcode & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


def _read(row: _Row) -> Snapshot | None:
    """Return *row* as a snapshot, whatever somebody has put in its columns; None for no name."""
    stream, version, maker, digest, state = row
    if not isinstance(stream, str):
        return None
    return Snapshot(
        stream,
        version if isinstance(version, int) else -1,
        str(maker),
        str(digest),
        state if isinstance(state, bytes) else b"",
    )
