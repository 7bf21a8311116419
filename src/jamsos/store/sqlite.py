"""A history in an SQLite database, or in memory, in the table that `eventsourcing` lays out."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, islice
from pathlib import Path
from time import monotonic, sleep
from typing import Final, cast

from jamsos.errors import ConflictError, NotFoundError, StoreError, UnavailableError

from . import sqlite_layout
from .recorder import Answered, Concern, NewRow, Row
from .sqlite_connections import Connections, header_of, written_here
from .sqlite_layout import Found, found
from .sqlite_place import HEADER, DatabaseFile
from .sqlite_snapshots import SQLiteSnapshots
from .sqlite_sources import Memory, ReadingOnly, Writing
from .sqlite_tallies import SQLiteTallies

__all__ = ["HEADER", "LOCK", "MEMORY", "SQLiteRecorder"]

MEMORY: Final = ":memory:"

LOCK: Final = 5.0
"""For how many seconds a lock of another writer is waited for, at the most."""
_OPENING: Final = 5.0
"""For how many seconds a file that somebody else is just making is waited for."""
_A_MOMENT: Final = 0.02
_EMPTY: Final = "it is empty"

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
_OTHER: Final = f"""
{_ROWS} stored_events AS e WHERE e.rowid > ? AND e.rowid <= ?
AND (e.topic IS NULL OR e.topic NOT IN (SELECT value FROM json_each(?))) ORDER BY e.rowid LIMIT 1
"""  # noqa: S608 - of our own words
_ANSWERS: Final = "SELECT * FROM commands WHERE command IN (SELECT value FROM json_each(?))"


class SQLiteRecorder:
    """A `Recorder` over an SQLite file, or in memory."""

    def __init__(
        self,
        path: str | Path,
        *,
        create: bool,
        read_only: bool = False,
        patience: float = LOCK,
    ) -> None:
        """
        Open the database at *path*; if there is none, make it, unless *create* is False.

        One that is opened *read_only* is never made nor changed, and nothing is left beside it.
        The lock of another writer is waited for as long as *patience* says. Raises
        `NotFoundError` if there is none and none may be made, `InputError` for what is no name
        of a file, and `StoreError` for a file that is not such a database.
        """
        patience = min(patience, LOCK)
        if str(path) == MEMORY:
            self._open_in_memory()
        else:
            self._open_file(DatabaseFile(path), patience, create=create, read_only=read_only)
        self.identity = self._found.identity
        self.layout = self._found.layout or 0
        self.tallies = SQLiteTallies(self._connections)
        self.snapshots = SQLiteSnapshots(self._connections)

    def _open_in_memory(self) -> None:
        self.place = MEMORY
        self._connections = Connections(Memory(), 0)
        empty = self._connections.read(lambda c: found(c, MEMORY))
        self._found = self._connections.write(lambda c: sqlite_layout.make(c, empty))

    def _open_file(
        self, file: DatabaseFile, patience: float, *, create: bool, read_only: bool
    ) -> None:
        self.place = file.shown
        create = create and not read_only
        if create:
            file.make()
        seen = file.look()
        if seen is None:
            msg = f"there is no store {file.shown}"
            raise NotFoundError(msg)
        file.check(seen, write=not read_only)
        file.remember(seen)
        end = monotonic() + max(patience, _OPENING)
        while True:
            try:
                self._connect(file, patience, create=create, read_only=read_only)
                break
            except UnavailableError:  # somebody else is just making it
                if monotonic() > end:
                    raise
                sleep(_A_MOMENT)

    def _connect(
        self, file: DatabaseFile, patience: float, *, create: bool, read_only: bool
    ) -> None:
        """Look at what is there without touching it; then open it as it is asked for."""
        reading, writing = ReadingOnly(file, written_here, settles=read_only), Writing(file)
        self._connections = Connections(reading, patience)
        try:
            try:
                header = header_of(file.path)
            except OSError as error:
                msg = f"{file.shown} cannot be read: {error.strerror}"
                raise StoreError(msg) from error
            if header is not None:
                file.check_whole(header)
            self._found = self._inspected(reading, create=create)
            if not read_only:
                self._connections.close()
                self._connections = Connections(writing, patience)
                self._found = self._upgraded(file.shown, create=create)
        except BaseException:
            self._connections.close()
            raise
        reading.identity = writing.identity = self._found.identity

    def _inspected(self, reading: ReadingOnly, *, create: bool) -> Found:
        """Return what stands in the file; if it was changed a moment ago, look twice."""

        def ours(c: sqlite3.Connection) -> Found:
            return _ours(c, reading.shown, create=create)

        try:
            return self._connections.read(ours)
        except StoreError:
            reading.settles = True
            return self._connections.read(ours)

    def _upgraded(self, shown: str, *, create: bool) -> Found:
        """Return what stands in the file, once it has everything of this layout."""

        def upgraded(c: sqlite3.Connection) -> Found:
            before = _ours(c, shown, create=create)
            return before if before.whole else sqlite_layout.make(c, before)

        there = self._connections.read(lambda c: _ours(c, shown, create=create))
        return there if there.whole else self._connections.write(upgraded)

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

        def appended(c: sqlite3.Connection) -> int:
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

        return self._connections.write(appended)

    def load(
        self, rows: Iterable[NewRow], answered: Iterable[Answered], concerns: Iterable[Concern]
    ) -> int:
        """Fill an empty database, as `Recorder.load` says."""

        def loaded(c: sqlite3.Connection) -> int:
            if c.execute(_LAST).fetchone()[0]:
                msg = f"{self.place} is not empty: load a history into a new store"
                raise ConflictError(msg)
            _insert(c, rows)
            c.executemany(_ANSWER, (_told(a, 0) for a in answered))
            c.executemany(_CONCERN, concerns)
            return cast("int", c.execute(_LAST).fetchone()[0])

        return self._connections.write(loaded)

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
        told = json.dumps(streams)
        rows = self._connections.read(lambda c: c.execute(_CONCERNING, (told,)).fetchall())
        return [(row[0], row[1:]) for row in rows]

    def page(self, after: int, upto: int, names: Sequence[str]) -> list[Row]:
        """Return the rows between two positions, as `Recorder.page` says."""
        if names:
            return self._select(_NAMED, (after, upto, json.dumps(names)))
        return self._select(_PAGE, (after, upto))

    def other_than(self, names: Sequence[str], *, after: int) -> tuple[int, list[Row]]:
        """Return the first row of another name, as `FindsOthers.other_than` says."""
        told = json.dumps(names)

        def other(c: sqlite3.Connection) -> tuple[int, list[Row]]:
            last = cast("int", c.execute(_LAST).fetchone()[0])
            found = c.execute(_OTHER, (after, last, told)).fetchall()
            return last, [tuple(row) for row in found]

        return self._connections.read(other)

    def answers(self, commands: Sequence[str]) -> list[Answered]:
        """Return what commands were answered, as `Recorder.answers` says."""
        told = json.dumps(commands)
        rows = self._connections.read(lambda c: c.execute(_ANSWERS, (told,)).fetchall())
        return [Answered(*row) for row in rows]

    def last_position(self) -> int:
        """Return the position of the newest row; 0 if there is none."""
        return self._connections.read(lambda c: cast("int", c.execute(_LAST).fetchone()[0]))

    def close(self) -> None:
        """Close the database. Everything that was stored stays."""
        self._connections.close()

    def _select(self, statement: str, parameters: tuple[object, ...]) -> list[Row]:
        return self._connections.read(lambda c: c.execute(statement, parameters).fetchall())


def _ours(c: sqlite3.Connection, shown: str, *, create: bool) -> Found:
    """Return what stands in a database; `StoreError` if it is not ours, and not to be made so."""
    there = found(c, shown)
    if there.layout is None and not create:
        raise sqlite_layout.foreign(shown, _EMPTY)
    return there


def _insert(c: sqlite3.Connection, rows: Iterable[NewRow]) -> None:
    rest = iter(rows)
    while len(together := list(islice(rest, _TOGETHER))) == _TOGETHER:
        c.execute(_INSERT_TOGETHER, [*chain.from_iterable(together)])
    c.executemany(_INSERT, together)


def _told(answered: Answered, first: int) -> tuple[object, ...]:
    place = answered.first + first if answered.events else 0
    return (answered.command, answered.digest, place, answered.events, answered.answer)
