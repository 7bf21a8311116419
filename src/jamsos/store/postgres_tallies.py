"""Tallies in a PostgreSQL database, beside the history that they sum up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Final, TypeAlias

import psycopg
from psycopg import Connection
from psycopg.rows import TupleRow

from jamsos.domain.tally import Cell, Numbers
from jamsos.errors import InputError

from .tallies import TOO_LARGE, Comparison, Mark, Reading, compared, read_back, rows

_MARKS: Final = """
SELECT generation, name, version, live, position FROM {schema}.tallies
WHERE {same} ORDER BY generation
"""
_BEGIN: Final = """
INSERT INTO {schema}.tallies (name, version, live, position)
SELECT %b::text, %b::integer, %b::boolean, 0 WHERE {same} ON CONFLICT DO NOTHING
"""
# A writer that waits for a lock looks again at the position when it gets it, and moves nothing.
_ADD: Final = """
WITH moved AS (
    UPDATE {schema}.tallies SET position = %b::bigint WHERE generation IN (
        SELECT generation FROM {schema}.tallies
        WHERE generation = ANY(%b::bigint[]) AND position = %b::bigint AND {same}
        AND (SELECT CASE WHEN current_setting('lock_timeout') = '0'
            THEN set_config('lock_timeout', '{wait}', TRUE) ELSE '-' END) <> ''
        ORDER BY generation FOR UPDATE
    ) RETURNING generation
)
INSERT INTO {schema}.tally_cells AS old (generation, heading, cell, month, number)
SELECT generation, heading, cell, month, number
FROM unnest(%b::bigint[], %b::text[], %b::text[], %b::integer[], %b::bigint[])
AS new (generation, heading, cell, month, number) JOIN moved USING (generation)
ON CONFLICT (generation, heading, cell, month)
DO UPDATE SET number = old.number + excluded.number
"""
# Grouped by themselves, the numbers under a heading are found by the whole of the index; joined,
# they would be filtered out of all of a generation if the table was not analysed yet.
_READ: Final = """
SELECT t.position, (SELECT coalesce(max(notification_id), 0) FROM {schema}.stored_events),
    c.cell, c.number
FROM {schema}.tallies AS t CROSS JOIN unnest(%b::text[]) AS asked (heading) LEFT JOIN LATERAL (
    SELECT cell, sum(number)::bigint AS number FROM {schema}.tally_cells
    WHERE generation = t.generation AND heading = asked.heading
    AND month BETWEEN %b::integer AND %b::integer GROUP BY cell
) AS c ON TRUE WHERE t.name = %b AND t.version = %b AND t.live AND {same}
"""
_POSITIONS: Final = """
SELECT generation, position FROM {schema}.tallies WHERE generation IN (%b, %b) AND {same}
"""
_COMPARE: Final = """
SELECT heading, cell, month,
    coalesce(sum(number) FILTER (WHERE generation = %(live)b), 0)::bigint,
    coalesce(sum(number) FILTER (WHERE generation = %(rebuilt)b), 0)::bigint
FROM {schema}.tally_cells WHERE generation IN (%(live)b, %(rebuilt)b) GROUP BY heading, cell, month
HAVING coalesce(sum(number) FILTER (WHERE generation = %(live)b), 0)
    <> coalesce(sum(number) FILTER (WHERE generation = %(rebuilt)b), 0)
ORDER BY heading, cell, month
"""
_LIVE: Final = "UPDATE {schema}.tallies SET live = TRUE WHERE generation = %b AND {same}"
_DROP: Final = "DELETE FROM {schema}.tallies WHERE generation = %b AND {same}"
_PART: Final = 10_000
_SWEEP: Final = """
DELETE FROM {schema}.tally_cells WHERE (generation, heading, cell, month) IN (
    SELECT generation, heading, cell, month FROM {schema}.tally_cells
    WHERE generation NOT IN (SELECT generation FROM {schema}.tallies) AND {same} LIMIT {part}
)
"""

Connections: TypeAlias = Callable[[], AbstractContextManager[Connection[TupleRow]]]
Selecting: TypeAlias = Callable[[str, Sequence[object]], list[TupleRow]]


class PostgresTallies:
    """
    `Tallies` beside a history, through the connections that its recorder gives.

    *selecting* returns rows, *connecting* gives a connection that commits each statement,
    *writing* one in a transaction; *of_store* lets a statement stand for this store alone.
    """

    def __init__(
        self,
        selecting: Selecting,
        connecting: Connections,
        writing: Connections,
        of_store: Callable[[str], str],
    ) -> None:
        self._selecting = selecting
        self._connecting = connecting
        self._writing = writing
        self._marks, self._begin, self._add = map(of_store, (_MARKS, _BEGIN, _ADD))
        self._read, self._positions = map(of_store, (_READ, _POSITIONS))
        self._compare, self._live, self._drop = map(of_store, (_COMPARE, _LIVE, _DROP))
        self._sweep = of_store(_SWEEP.replace("{part}", str(_PART)))

    def marks(self) -> list[Mark]:
        """Return every mark, as `Tallies.marks` says."""
        return [Mark(*row) for row in self._selecting(self._marks, ())]

    def begin(self, name: str, version: int, *, live: bool) -> None:
        """Make a generation, as `Tallies.begin` says."""
        with self._connecting() as connection:
            connection.execute(self._begin, [name, version, live])

    def add(self, sums: Mapping[int, Numbers], *, after: int, upto: int) -> None:
        """Add numbers and move marks in one statement, as `Tallies.add` says."""
        columns = [list(column) for column in zip(*rows(sums), strict=True)] or [[]] * 5
        with self._connecting() as connection:
            try:
                connection.execute(self._add, [upto, list(sums), after, *columns], prepare=True)
            except psycopg.errors.NumericValueOutOfRange as error:
                raise InputError(TOO_LARGE) from error

    def read(
        self, name: str, version: int, headings: tuple[str, ...], first: int, last: int
    ) -> Reading | None:
        """Return numbers in one statement, as `Tallies.read` says."""
        asked = [sorted(set(headings)), first, last, name, version]
        found = self._selecting(self._read, asked)
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
            at = self._standing(connection, live, rebuilt)
            if at is None or at[0] != at[1]:
                return None
            found = connection.execute(self._compare, {"live": live, "rebuilt": rebuilt}).fetchall()
        return compared(at[0], found)

    def switch(self, live: int, rebuilt: int) -> bool:
        """Let another generation answer, as `Tallies.switch` says."""
        with self._writing() as connection:
            at = self._standing(connection, live, rebuilt, lock=True)
            if at is None or at[1] < at[0]:
                return False
            connection.execute(self._drop, [live])
            connection.execute(self._live, [rebuilt])
        return True

    def drop(self, generation: int) -> None:
        """Drop a generation, as `Tallies.drop` says."""
        with self._connecting() as connection:
            connection.execute(self._drop, [generation])

    def sweep(self) -> None:
        """Remove what is left of dropped generations, as `Tallies.sweep` says."""
        more = True
        while more:
            with self._connecting() as connection:
                more = connection.execute(self._sweep).rowcount == _PART

    def _standing(
        self, connection: Connection[TupleRow], live: int, rebuilt: int, *, lock: bool = False
    ) -> tuple[int, int] | None:
        """Return where two generations stand; None unless both are there."""
        asked = f"{self._positions} ORDER BY generation FOR UPDATE" if lock else self._positions
        found: dict[int, int] = dict(connection.execute(asked, [live, rebuilt]).fetchall())
        return (found[live], found[rebuilt]) if len(found) == len({live, rebuilt}) else None
