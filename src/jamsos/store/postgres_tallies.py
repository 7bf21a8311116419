"""Tallies in a PostgreSQL database, beside the history that they sum up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Final, TypeAlias

import psycopg
from psycopg import Connection
from psycopg.rows import TupleRow

from jamsos.domain.tally import Cell, Numbers
from jamsos.errors import InputError

from .tallies import TOO_LARGE, Comparison, Mark, Reading, compared, read_back, rows

LAYOUT: Final = """
CREATE TABLE IF NOT EXISTS tallies (
    generation bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    version integer NOT NULL,
    live boolean NOT NULL,
    position bigint NOT NULL,
    UNIQUE (name, version, live)
) WITH (fillfactor = 50);
CREATE TABLE IF NOT EXISTS tally_cells (
    generation bigint NOT NULL,
    heading text NOT NULL,
    cell text NOT NULL,
    month integer NOT NULL,
    number bigint NOT NULL,
    PRIMARY KEY (generation, heading, cell, month)
) WITH (fillfactor = 70);
"""

_MARKS: Final = "SELECT generation, name, version, live, position FROM tallies ORDER BY generation"
_BEGIN: Final = """
INSERT INTO tallies (name, version, live, position) VALUES (%b, %b, %b, 0) ON CONFLICT DO NOTHING
"""
# A writer that waits for a lock looks again at the position when it gets it, and moves nothing.
_ADD: Final = """
WITH moved AS (
    UPDATE tallies SET position = %b::bigint WHERE generation IN (
        SELECT generation FROM tallies
        WHERE generation = ANY(%b::bigint[]) AND position = %b::bigint
        ORDER BY generation FOR UPDATE
    ) RETURNING generation
)
INSERT INTO tally_cells
SELECT generation, heading, cell, month, number
FROM unnest(%b::bigint[], %b::text[], %b::text[], %b::integer[], %b::bigint[])
AS new (generation, heading, cell, month, number) JOIN moved USING (generation)
ON CONFLICT (generation, heading, cell, month)
DO UPDATE SET number = tally_cells.number + excluded.number
"""
# Grouped by themselves, the numbers under a heading are found by the whole of the index; joined,
# they would be filtered out of all of a generation if the table was not analysed yet.
_READ: Final = """
SELECT t.position, (SELECT coalesce(max(notification_id), 0) FROM stored_events), c.cell, c.number
FROM tallies AS t CROSS JOIN unnest(%b::text[]) AS asked (heading) LEFT JOIN LATERAL (
    SELECT cell, sum(number)::bigint AS number FROM tally_cells
    WHERE generation = t.generation AND heading = asked.heading
    AND month BETWEEN %b::integer AND %b::integer GROUP BY cell
) AS c ON TRUE WHERE t.name = %b AND t.version = %b AND t.live
"""
_POSITIONS: Final = "SELECT generation, position FROM tallies WHERE generation IN (%b, %b)"
_COMPARE: Final = """
SELECT heading, cell, month,
    coalesce(sum(number) FILTER (WHERE generation = %(live)b), 0)::bigint,
    coalesce(sum(number) FILTER (WHERE generation = %(rebuilt)b), 0)::bigint
FROM tally_cells WHERE generation IN (%(live)b, %(rebuilt)b) GROUP BY heading, cell, month
HAVING coalesce(sum(number) FILTER (WHERE generation = %(live)b), 0)
    <> coalesce(sum(number) FILTER (WHERE generation = %(rebuilt)b), 0)
ORDER BY heading, cell, month
"""
_LIVE: Final = "UPDATE tallies SET live = TRUE WHERE generation = %b"
_DROP: Final = "DELETE FROM tallies WHERE generation = %b"
_PART: Final = 10_000
_SWEEP: Final = f"""
DELETE FROM tally_cells WHERE (generation, heading, cell, month) IN (
    SELECT generation, heading, cell, month FROM tally_cells
    WHERE generation NOT IN (SELECT generation FROM tallies) LIMIT {_PART}
)
"""  # noqa: S608 - of our own words

Connections: TypeAlias = Callable[[], AbstractContextManager[Connection[TupleRow]]]


class PostgresTallies:
    """
    `Tallies` over the tables of `LAYOUT`, through the connections that a recorder gives.

    *connecting* gives one that commits each statement, *writing* one in a transaction.
    """

    def __init__(self, connecting: Connections, writing: Connections) -> None:
        self._connecting = connecting
        self._writing = writing

    def marks(self) -> list[Mark]:
        """Return every mark, as `Tallies.marks` says."""
        with self._connecting() as connection:
            return [Mark(*row) for row in connection.execute(_MARKS, prepare=True)]

    def begin(self, name: str, version: int, *, live: bool) -> None:
        """Make a generation, as `Tallies.begin` says."""
        with self._connecting() as connection:
            connection.execute(_BEGIN, [name, version, live])

    def add(self, sums: Mapping[int, Numbers], *, after: int, upto: int) -> None:
        """Add numbers and move marks in one statement, as `Tallies.add` says."""
        columns = [list(column) for column in zip(*rows(sums), strict=True)] or [[]] * 5
        with self._connecting() as connection:
            try:
                connection.execute(_ADD, [upto, list(sums), after, *columns], prepare=True)
            except psycopg.errors.NumericValueOutOfRange as error:
                raise InputError(TOO_LARGE) from error

    def read(
        self, name: str, version: int, headings: tuple[str, ...], first: int, last: int
    ) -> Reading | None:
        """Return numbers in one statement, as `Tallies.read` says."""
        asked = [sorted(set(headings)), first, last, name, version]
        with self._connecting() as connection:
            found = connection.execute(_READ, asked, prepare=True, binary=True).fetchall()
        if not found:
            return None
        position, last_position, _, _ = found[0]
        numbers: Counter[Cell] = Counter()
        for _, _, cell, number in found:
            if cell is not None:
                numbers[read_back(cell)] += number
        return Reading(position, last_position, {cell: n for cell, n in numbers.items() if n})

    def compare(self, live: int, rebuilt: int) -> Comparison | None:
        """Return where two generations differ, as `Tallies.compare` says."""
        with self._writing() as connection:
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            at = _positions(connection, live, rebuilt)
            if at is None or at[0] != at[1]:
                return None
            found = connection.execute(_COMPARE, {"live": live, "rebuilt": rebuilt}).fetchall()
        return compared(at[0], found)

    def switch(self, live: int, rebuilt: int) -> bool:
        """Let another generation answer, as `Tallies.switch` says."""
        with self._writing() as connection:
            at = _positions(connection, live, rebuilt, lock=True)
            if at is None or at[1] < at[0]:
                return False
            connection.execute(_DROP, [live])
            connection.execute(_LIVE, [rebuilt])
        return True

    def drop(self, generation: int) -> None:
        """Drop a generation, as `Tallies.drop` says."""
        with self._connecting() as connection:
            connection.execute(_DROP, [generation])

    def sweep(self) -> None:
        """Remove what is left of dropped generations, as `Tallies.sweep` says."""
        more = True
        while more:
            with self._connecting() as connection:
                more = connection.execute(_SWEEP).rowcount == _PART


def _positions(
    connection: Connection[TupleRow], live: int, rebuilt: int, *, lock: bool = False
) -> tuple[int, int] | None:
    """Return where two generations stand; None unless both are there."""
    asked = f"{_POSITIONS} ORDER BY generation FOR UPDATE" if lock else _POSITIONS
    found: dict[int, int] = dict(connection.execute(asked, [live, rebuilt]).fetchall())
    return (found[live], found[rebuilt]) if len(found) == len({live, rebuilt}) else None
