"""A history in an SQLite database, or in memory, in the table that `eventsourcing` lays out."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from itertools import chain, islice
from pathlib import Path
from time import monotonic, sleep
from typing import Final, cast
from uuid import uuid4

from eventsourcing.persistence import ConnectionPoolClosedError, PersistenceError
from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteDatastore

from jamsos.errors import (
    ConflictError,
    NotFoundError,
    OutcomeUnknownError,
    StoreError,
    UnavailableError,
)

from .concerning import INDEXED, concerns_of
from .recorder import Answered, Concern, NewRow, Row
from .sqlite_tallies import LAYOUT, SQLiteTallies

MEMORY: Final = ":memory:"
HEADER: Final = b"SQLite format 3\x00"
"""How every file begins that SQLite makes."""

_OPENING: Final = 5.0
"""For how many seconds a file that somebody else is just making is waited for."""
_A_MOMENT: Final = 0.02

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
_TABLES: Final = ("stored_events", "commands", "tallies", "tally_cells", "concerns")
_NAMES: Final = "SELECT name FROM sqlite_master WHERE type = 'table'"
_INSERT: Final = "INSERT INTO stored_events VALUES (?, ?, ?, ?)"
_TOGETHER: Final = 50
"""Rows in one statement: each statement lets the other threads of the process in."""
_INSERT_TOGETHER: Final = _INSERT + ", (?, ?, ?, ?)" * (_TOGETHER - 1)
_ANSWER: Final = "INSERT INTO commands VALUES (?, ?, ?, ?, ?)"
_CONCERN: Final = "INSERT OR IGNORE INTO concerns VALUES (?, ?)"
_CONCERNED: Final = """
SELECT asked.key FROM json_each(?) AS asked WHERE asked.value < coalesce((
    SELECT max(position) FROM concerns WHERE stream = asked.key
    AND position <= (SELECT max(rowid) FROM stored_events)
), 0) LIMIT 1
"""
_LAST: Final = "SELECT coalesce(max(rowid), 0) FROM stored_events"
_CHANGED: Final = """
SELECT asked.key FROM json_each(?) AS asked WHERE asked.value <> coalesce((
    SELECT max(originator_version) FROM stored_events WHERE originator_id = asked.key
), 0) LIMIT 1
"""
_ROWS: Final = "SELECT e.rowid, e.originator_id, e.originator_version, e.topic, e.state FROM "
_NEWS: Final = f"""
{_ROWS} json_each(?) AS asked CROSS JOIN stored_events AS e
ON e.originator_id = asked.key AND e.originator_version > asked.value ORDER BY e.rowid
"""
_NEWS_OF_ONE: Final = f"""
{_ROWS} stored_events AS e
WHERE e.originator_id = ? AND e.originator_version > ? ORDER BY e.rowid
"""
_CONCERNING: Final = """
SELECT c.stream, e.rowid, e.originator_id, e.originator_version, e.topic, e.state
FROM json_each(?) AS asked CROSS JOIN concerns AS c
ON c.stream = asked.key AND c.position > asked.value
CROSS JOIN stored_events AS e ON e.rowid = c.position ORDER BY e.rowid
"""
_PAGE: Final = f"{_ROWS} stored_events AS e WHERE e.rowid > ? AND e.rowid <= ? ORDER BY e.rowid"
_NAMED: Final = f"""
{_ROWS} stored_events AS e
WHERE e.rowid > ? AND e.rowid <= ? AND e.topic IN (SELECT value FROM json_each(?))
ORDER BY e.rowid
"""  # noqa: S608 - of our own words
_ANSWERS: Final = "SELECT * FROM commands WHERE command IN (SELECT value FROM json_each(?))"


class SQLiteRecorder:
    """A `Recorder` over an SQLite file, or in memory."""

    def __init__(self, path: str | Path, *, create: bool, read_only: bool = False) -> None:  # noqa: ARG002
        """
        Open the database at *path*; if there is none, make it, unless *create* is False.

        Raises `NotFoundError` if there is none and none may be made, and `StoreError`
        for a file that is not such a database.
        """
        self.place = str(path)
        in_memory = self.place == MEMORY
        if not self.place:
            msg = "a store needs a name: give a path, or ':memory:'"
            raise StoreError(msg)
        if not in_memory and not create and not Path(path).is_file():
            msg = f"there is no store {path}"
            raise NotFoundError(msg)
        name = f"file:{uuid4().hex}?mode=memory&cache=shared" if in_memory else self.place
        if not in_memory and Path(path).is_file():
            with self._errors():
                _check_file(Path(path), create=create)
        end = monotonic() + _OPENING
        while True:
            try:
                self._open(name, create=create)
                break
            except UnavailableError:  # somebody else is just making it
                if monotonic() > end:
                    raise
                sleep(_A_MOMENT)
        self.tallies = SQLiteTallies(self._reading, self._writing)

    def _open(self, name: str, *, create: bool) -> None:
        with self._errors():
            self._datastore = SQLiteDatastore(name, originator_id_type="text")
            if not create:
                self._select(_PAGE, (0, 0))
                return
            with self._reading() as c:
                if set(_TABLES) <= {name for (name,) in c.execute(_NAMES).fetchall()}:
                    return
            theirs = SQLiteApplicationRecorder(self._datastore).create_table_statements
            with self._writing() as c:
                for statement in (*theirs, _COMMANDS, *LAYOUT):
                    c.execute(statement)
                _index(c)

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
        with self._writing() as c:
            last = cast("int", c.execute(_LAST).fetchone()[0])
            if after is not None and last != after:
                msg = f"something was recorded in {self.place} after position {after}; ask again"
                raise ConflictError(msg)
            changed = c.execute(_CHANGED, (json.dumps(expected),)).fetchone() if expected else None
            if changed is not None:
                msg = f"{changed[0]} has changed since it was read; nothing was recorded, ask again"
                raise ConflictError(msg)
            told = json.dumps(unconcerned)
            concerned = c.execute(_CONCERNED, (told,)).fetchone() if unconcerned else None
            if concerned is not None:
                msg = (
                    f"something that concerns {concerned[0]} was recorded since it was read;"
                    f" nothing was recorded, ask again"
                )
                raise ConflictError(msg)
            _insert(c, rows)
            if concerns:
                c.executemany(_CONCERN, ((s, last + 1 + place) for s, place in concerns))
            if answered:
                c.executemany(_ANSWER, (_told(a, last + 1 if a.events else 0) for a in answered))
            return last

    def load(
        self, rows: Iterable[NewRow], answered: Iterable[Answered], concerns: Iterable[Concern]
    ) -> int:
        """Fill an empty database, as `Recorder.load` says."""
        with self._writing() as c:
            if c.execute(_LAST).fetchone()[0]:
                msg = f"{self.place} is not empty: load a history into a new store"
                raise ConflictError(msg)
            _insert(c, rows)
            c.executemany(_ANSWER, (_told(a, 0) for a in answered))
            c.executemany(_CONCERN, concerns)
            return cast("int", c.execute(_LAST).fetchone()[0])

    def news(self, versions: Mapping[str, int]) -> list[Row]:
        """Return what is new in each stream, as `Recorder.news` says."""
        if len(versions) == 1:
            [(stream, version)] = versions.items()
            return self._select(_NEWS_OF_ONE, (stream, version))
        return self._select(_NEWS, (json.dumps(versions),)) if versions else []

    def concerning(self, streams: Mapping[str, int]) -> list[tuple[str, Row]]:
        """Return the rows that concern each stream, as `Recorder.concerning` says."""
        if not streams:
            return []
        with self._reading() as c:
            rows = c.execute(_CONCERNING, (json.dumps(streams),)).fetchall()
        return [(row[0], tuple(row[1:])) for row in rows]

    def page(self, after: int, upto: int, names: Sequence[str]) -> list[Row]:
        """Return the rows between two positions, as `Recorder.page` says."""
        if names:
            return self._select(_NAMED, (after, upto, json.dumps(names)))
        return self._select(_PAGE, (after, upto))

    def answers(self, commands: Sequence[str]) -> list[Answered]:
        """Return what commands were answered, as `Recorder.answers` says."""
        with self._reading() as c:
            rows = c.execute(_ANSWERS, (json.dumps(commands),)).fetchall()
        return [Answered(*row) for row in rows]

    def last_position(self) -> int:
        """Return the position of the newest row; 0 if there is none."""
        with self._reading() as c:
            return cast("int", c.execute(_LAST).fetchone()[0])

    def close(self) -> None:
        """Close the database. Everything that was stored stays."""
        self._datastore.close()

    def _select(self, statement: str, parameters: tuple[object, ...]) -> list[Row]:
        with self._reading() as c:
            return [tuple(row) for row in c.execute(statement, parameters).fetchall()]

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Cursor]:
        with self._errors(), self._datastore.get_connection(commit=False) as connection:
            yield connection.cursor().sqlite_cursor

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Cursor]:
        """Give a cursor that alone may write; all that it does is kept, or none of it."""
        with self._errors(), self._datastore.get_connection(commit=True) as connection:
            cursor = connection.cursor().sqlite_cursor
            cursor.execute("BEGIN IMMEDIATE")
            try:
                yield cursor
            except BaseException:
                connection.rollback()
                raise
            try:
                cursor.execute("COMMIT")
            except sqlite3.Error as error:
                connection.rollback()
                msg = (
                    f"{self.place} failed at the commit: {error}; it may be recorded or not, send"
                    f" the same command again"
                )
                raise OutcomeUnknownError(msg) from error

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """Turn the errors of the database into ours."""
        try:
            yield
        except ConnectionPoolClosedError as error:
            msg = f"{self.place} cannot be read or written: it is closed"
            raise StoreError(msg) from error
        except sqlite3.IntegrityError as error:
            msg = (
                f"another writer has recorded in {self.place} first; nothing was recorded, ask"
                f" again"
            )
            raise ConflictError(msg) from error
        except (PersistenceError, sqlite3.Error) as error:
            if "not a database" in str(error) or "no such" in str(error):
                msg = f"{self.place} is not a jamsos store ({error})"
                raise StoreError(msg) from error
            if "locked" in str(error) or "Timed out" in str(error):
                msg = f"{self.place} is locked by another writer; nothing was recorded, ask again"
                raise UnavailableError(msg) from error
            msg = f"{self.place} cannot be read or written: {error}"
            raise StoreError(msg) from error


def _index(c: sqlite3.Cursor) -> None:
    """Make the index of concerns, out of the events that are there."""
    c.execute(_CONCERNS)
    names = json.dumps(INDEXED)
    rows = c.execute(_NAMED, (0, _EVERY, names)).fetchall()
    c.executemany(_CONCERN, (each for row in rows for each in concerns_of(row)))


_EVERY: Final = 2**63 - 1


def _insert(c: sqlite3.Cursor, rows: Iterable[NewRow]) -> None:
    rest = iter(rows)
    while len(together := list(islice(rest, _TOGETHER))) == _TOGETHER:
        c.execute(_INSERT_TOGETHER, [*chain.from_iterable(together)])
    c.executemany(_INSERT, together)


def _told(answered: Answered, first: int) -> tuple[object, ...]:
    place = answered.first + first if answered.events else 0
    return (answered.command, answered.digest, place, answered.events, answered.answer)


def _check_file(path: Path, *, create: bool) -> None:
    """
    Look for whole pages and for our table, and leave the file as it is.

    If the table may be made, a database that has none yet is one that is just being made.
    """
    size = path.stat().st_size
    if size == 0 and create:
        return
    with path.open("rb") as file:
        header = file.read(18)
    known, page = header.startswith(HEADER), int.from_bytes(header[16:18])
    wal = path.with_name(f"{path.name}-wal")
    if known and page > 1 and size % page and not _has_content(wal):
        msg = f"{path} cannot be read: the last of its pages, of {page} bytes each, is cut off"
        raise StoreError(msg)
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if tables or not (create and known):
            connection.execute(f"{_PAGE} LIMIT 0", (0, 0))


def _has_content(path: Path) -> bool:
    return path.is_file() and path.stat().st_size > 0
