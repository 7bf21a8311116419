"""The tables of an SQLite store, their version and its identity; other databases are told apart."""

from __future__ import annotations

import json
import sqlite3
from typing import Final
from uuid import uuid4

import attrs
from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteDatastore

from jamsos.errors import StoreError

from .concerning import INDEXED, concerns_of
from .recorder import Row

LAYOUT: Final = 1
"""The version of these tables. Version 0 is older than identities."""
APPLICATION: Final = 0x6A616D73
"""The number in the header by which SQLite knows whose database it is: *jams* in ASCII."""

_COMMANDS: Final = """
CREATE TABLE IF NOT EXISTS commands (
    command TEXT PRIMARY KEY, request TEXT, position INTEGER, events INTEGER, answer BLOB
) WITHOUT ROWID
"""
_CONCERNS: Final = """
CREATE TABLE IF NOT EXISTS concerns (
    stream TEXT, position INTEGER, PRIMARY KEY (stream, position)
) WITHOUT ROWID
"""
_TALLIES: Final = """
CREATE TABLE IF NOT EXISTS tallies (
    generation INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL,
    version INTEGER NOT NULL, live INTEGER NOT NULL, position INTEGER NOT NULL,
    UNIQUE (name, version, live)
)
"""  # AUTOINCREMENT: the number of a generation that was dropped never comes back
_CELLS: Final = """
CREATE TABLE IF NOT EXISTS tally_cells (
    generation INTEGER, heading TEXT, cell TEXT, month INTEGER, number INTEGER NOT NULL,
    PRIMARY KEY (generation, heading, cell, month)
) WITHOUT ROWID
"""
_LATER: Final = {
    "commands": _COMMANDS,
    "concerns": _CONCERNS,
    "tallies": _TALLIES,
    "tally_cells": _CELLS,
}
_STORE: Final = "CREATE TABLE jamsos_store (identity TEXT NOT NULL)"
_IDENTITY: Final = "SELECT identity FROM jamsos_store"
_COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "stored_events": ("originator_id", "originator_version", "topic", "state"),
    "commands": ("command", "request", "position", "events", "answer"),
    "concerns": ("stream", "position"),
    "tallies": ("generation", "name", "version", "live", "position"),
    "tally_cells": ("generation", "heading", "cell", "month", "number"),
    "jamsos_store": ("identity",),
}
_NOBODY: Final = "it has no identity"
_MARKED: Final = "another program has put its mark on it"
_OLDEST: Final = frozenset({"stored_events", "commands"})
"""The tables that every store has."""
_TABLES: Final = """
SELECT m.name, c.name FROM main.sqlite_master AS m LEFT JOIN pragma_table_info(m.name, 'main') AS c
WHERE m.type IN ('table', 'view') ORDER BY m.name, c.cid
"""
_INSERT_CONCERN: Final = "INSERT OR IGNORE INTO concerns VALUES (?, ?)"
_INDEXED_ROWS: Final = """
SELECT rowid, originator_id, originator_version, topic, state FROM stored_events
WHERE topic IN (SELECT value FROM json_each(?)) ORDER BY rowid
"""


@attrs.frozen
class Found:
    """What a database says of itself. The *layout* is None if it is empty."""

    layout: int | None
    identity: str
    tables: frozenset[str]

    @property
    def whole(self) -> bool:
        """Whether it has everything that this layout has."""
        return self.layout == LAYOUT and self.tables >= _COLUMNS.keys()


def found(c: sqlite3.Connection, shown: str) -> Found:
    """
    Return what stands in a database, all as at one moment.

    Raises `StoreError` if it is not ours, or too new for us.
    """
    if c.in_transaction:
        return _found(c, shown)
    with c:
        c.execute("BEGIN")
        return _found(c, shown)


def _found(c: sqlite3.Connection, shown: str) -> Found:
    [(application,)] = c.execute("PRAGMA main.application_id").fetchall()
    [(version,)] = c.execute("PRAGMA main.user_version").fetchall()
    if application not in {0, APPLICATION} or (application == 0 and version):
        raise foreign(shown, _MARKED)
    if version > LAYOUT:
        msg = (
            f"{shown} has layout {version}, and this jamsos knows layouts up to {LAYOUT}: upgrade"
            f" jamsos; nothing in it was touched"
        )
        raise StoreError(msg)
    columns: dict[str, tuple[str, ...]] = {}
    for table, column in c.execute(_TABLES).fetchall():
        columns[table] = (*columns.get(table, ()), column)
    if not columns and application == 0:
        return Found(None, "", frozenset())
    needed = {*_OLDEST, "jamsos_store"} if application else _OLDEST
    for table in sorted(needed - columns.keys()):
        raise foreign(shown, f"no such table: {table}")
    for table, expected in _COLUMNS.items():
        if columns.get(table, expected) != expected:
            raise foreign(shown, f"its table {table} has other columns")
    identity = identity_in(c) if application else ""
    if identity is None:
        raise foreign(shown, _NOBODY)
    return Found(version, identity, frozenset(columns))


def identity_in(c: sqlite3.Connection) -> str | None:
    """Return the identity of a store; None if it has none, or more than one."""
    if not c.execute("SELECT 1 FROM main.sqlite_master WHERE name = 'jamsos_store'").fetchall():
        return None
    identities = c.execute(_IDENTITY).fetchall()
    return str(identities[0][0]) if len(identities) == 1 else None


def make(c: sqlite3.Connection, before: Found) -> Found:
    """Make in the transaction of *c* what was missing *before*, the identity too."""
    for statement in (*_events(), *_LATER.values()):
        c.execute(statement)
    if "concerns" not in before.tables:
        _index(c)
    identity = before.identity or str(uuid4())
    if not before.identity:
        c.execute(_STORE)
        c.execute("INSERT INTO jamsos_store VALUES (?)", (identity,))
        c.execute(f"PRAGMA application_id = {APPLICATION}")
        c.execute(f"PRAGMA user_version = {LAYOUT}")
    return Found(LAYOUT, identity, before.tables | _COLUMNS.keys())


def make_for_reading(c: sqlite3.Connection, before: Found) -> None:
    """Let *c* read a database that lacks tables, and may not be changed: it gets its own."""
    missing = _LATER.keys() - before.tables
    if before.layout is None or not missing:
        return
    c.execute("PRAGMA temp_store = MEMORY")
    for table in missing:
        c.execute(_LATER[table].replace("CREATE TABLE", "CREATE TEMP TABLE"))
    if "concerns" not in before.tables:
        _index(c)


def _index(c: sqlite3.Connection) -> None:
    """Fill the index of concerns, out of the events that are there."""
    rows: list[Row] = c.execute(_INDEXED_ROWS, (json.dumps(INDEXED),)).fetchall()
    c.executemany(_INSERT_CONCERN, (each for row in rows for each in concerns_of(row)))


def _events() -> list[str]:
    """Return the statements of the table of events, as `eventsourcing` lays it out."""
    unopened = SQLiteDatastore(":memory:", originator_id_type="text")
    return SQLiteApplicationRecorder(unopened).create_table_statements


def foreign(shown: str, why: str) -> StoreError:
    """Return the error of a database that is not ours."""
    return StoreError(f"{shown} is not a jamsos store ({why}); it was left as it is")
