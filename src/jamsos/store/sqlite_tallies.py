"""Tallies in an SQLite database, beside the history that they sum up."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from typing import Final

from jamsos.domain.tally import Numbers
from jamsos.errors import InputError

from .sqlite_connections import Connections
from .tallies import TOO_LARGE, Comparison, Mark, Reading, compared, read_back, rows

_MARKS: Final = "SELECT generation, name, version, live, position FROM tallies ORDER BY generation"
_BEGIN: Final = """
INSERT INTO tallies (name, version, live, position) VALUES (?, ?, ?, 0) ON CONFLICT DO NOTHING
"""
_MOVE: Final = "UPDATE tallies SET position = ? WHERE generation = ? AND position = ?"
_ADD: Final = """
INSERT INTO tally_cells VALUES (?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET number = CASE typeof(number + excluded.number)
WHEN 'integer' THEN number + excluded.number END
"""
"""A sum that is no whole number any more is NULL, which may not stand there: SQLite goes on in
floating point where 64 bits do not suffice."""
_READ: Final = """
SELECT t.position, (SELECT coalesce(max(rowid), 0) FROM stored_events), c.cell, sum(c.number)
FROM tallies AS t LEFT JOIN tally_cells AS c ON c.generation = t.generation
AND c.heading IN (SELECT value FROM json_each(?)) AND c.month BETWEEN ? AND ?
WHERE t.name = ? AND t.version = ? AND t.live GROUP BY c.cell
"""
_POSITION: Final = "SELECT position FROM tallies WHERE generation = ?"
_COMPARE: Final = """
SELECT heading, cell, month,
    sum(CASE generation WHEN ?1 THEN number ELSE 0 END) AS live,
    sum(CASE generation WHEN ?2 THEN number ELSE 0 END) AS rebuilt
FROM tally_cells WHERE generation IN (?1, ?2)
GROUP BY heading, cell, month HAVING live <> rebuilt ORDER BY heading, cell, month
"""
_LIVE: Final = "UPDATE tallies SET live = 1 WHERE generation = ?"
_DROP: Final = "DELETE FROM tallies WHERE generation = ?"
_PART: Final = 10_000
_SWEEP: Final = f"""
DELETE FROM tally_cells WHERE (generation, heading, cell, month) IN (
    SELECT generation, heading, cell, month FROM tally_cells
    WHERE generation NOT IN (SELECT generation FROM tallies) LIMIT {_PART}
)
"""  # noqa: S608 - of our own words


class SQLiteTallies:
    """`Tallies` over the tables of `sqlite_layout`, through the connections of a recorder."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def marks(self) -> list[Mark]:
        """Return every mark, as `Tallies.marks` says."""
        found = self._connections.read(lambda c: c.execute(_MARKS).fetchall())
        return [
            Mark(generation, name, version, bool(live), position)
            for generation, name, version, live, position in found
        ]

    def begin(self, name: str, version: int, *, live: bool) -> None:
        """Make a generation, as `Tallies.begin` says."""
        self._connections.write(lambda c: c.execute(_BEGIN, (name, version, live)).close())

    def add(self, sums: Mapping[int, Numbers], *, after: int, upto: int) -> None:
        """Add numbers and move marks in one transaction, as `Tallies.add` says."""
        new = rows(sums)

        def added(c: sqlite3.Connection) -> None:
            moved = {g for g in sums if c.execute(_MOVE, (upto, g, after)).rowcount}
            try:
                c.executemany(_ADD, [row for row in new if row[0] in moved])
            except sqlite3.IntegrityError as error:
                raise InputError(TOO_LARGE) from error

        self._connections.write(added)

    def read(
        self, name: str, version: int, headings: tuple[str, ...], first: int, last: int
    ) -> Reading | None:
        """Return numbers in one statement, as `Tallies.read` says."""
        asked = (json.dumps(headings), first, last, name, version)
        found = self._connections.read(lambda c: c.execute(_READ, asked).fetchall())
        if not found:
            return None
        position, newest, _, _ = found[0]
        numbers = {read_back(cell): number for _, _, cell, number in found if number}
        return Reading(position, newest, numbers)

    def compare(self, live: int, rebuilt: int) -> Comparison | None:
        """Return where two generations differ, as `Tallies.compare` says."""

        def comparison(c: sqlite3.Connection) -> Comparison | None:
            with c:
                c.execute("BEGIN")
                one, other = (c.execute(_POSITION, (g,)).fetchone() for g in (live, rebuilt))
                if one is None or other is None or one[0] != other[0]:
                    return None
                return compared(one[0], c.execute(_COMPARE, (live, rebuilt)).fetchall())

        return self._connections.read(comparison)

    def switch(self, live: int, rebuilt: int) -> bool:
        """Let another generation answer, as `Tallies.switch` says."""

        def switched(c: sqlite3.Connection) -> bool:
            one, other = (c.execute(_POSITION, (g,)).fetchone() for g in (live, rebuilt))
            if one is None or other is None or other[0] < one[0]:
                return False
            c.execute(_DROP, (live,))
            c.execute(_LIVE, (rebuilt,))
            return True

        return self._connections.write(switched)

    def drop(self, generation: int) -> None:
        """Drop a generation, as `Tallies.drop` says."""
        self._connections.write(lambda c: c.execute(_DROP, (generation,)).close())

    def sweep(self) -> None:
        """Remove what is left of dropped generations, as `Tallies.sweep` says."""
        while self._connections.write(lambda c: c.execute(_SWEEP).rowcount) == _PART:
            pass
