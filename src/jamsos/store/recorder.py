"""The contract of a database that keeps a history: rows in, rows out, all or none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol, TypeAlias, runtime_checkable

import attrs

Row: TypeAlias = tuple[int, str, int, str, bytes]
"""A stored event: its position, its stream, its version, its name, and its state."""

NewRow: TypeAlias = tuple[str, int, str, bytes]
"""An event that is to be stored: its stream, its version, its name, and its state."""

Concern: TypeAlias = tuple[str, int]
"""
A stream that an event of another one concerns, and where that event is.

The place is a position; or, while the rows are new, the place among them, from 0.
"""


@attrs.frozen
class Answered:
    """
    The answer to a letter under a command id, kept so that it is answered the same again.

    *digest* tells one letter from another. *first* is the position of the first event, and
    *events* their number. While the rows are new, *first* is the place among them, from 0.
    *answer* says for each answer how many of the events are its own, or why it was refused;
    *digest* and *answer* are None if a history was imported that does not tell them.
    """

    command: str
    digest: str | None
    first: int
    events: int
    answer: bytes | None


class Recorder(Protocol):
    """
    A database that keeps a history. `jamsos.testing.store_contract` holds one to its word.

    Positions run from 1 without a gap, in the order in which transactions become visible:
    a reader up to a position has seen everything before it. Any thread may call any method.

    Every text is opaque: a stream, a name, a command or a digest of 1 to 512 characters, none
    of them U+0000, is another one if it differs in anything, be it case, an accent, a blank at
    its end or its form in Unicode. States and answers come back byte for byte, and may be of 16
    MiB and more. Positions, versions and numbers are of 64 bits. At least 65,636 streams or
    commands can be asked for or expected at once, 32,868 rows and 14,000 answers stored at once,
    as many rows and answers loaded; nothing that is asked for is cut off. What is returned is
    what is stored at that time, whoever has stored it, and belongs to the caller; what was given
    is left as it is.

    Everything raises `UnavailableError` if the database is locked or cannot be reached,
    and `StoreError` if it cannot be read or written, or is closed.
    """

    place: str
    """The name of the database in errors; no password stands in it."""

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
        """
        Store *rows*, *answered* and *concerns* in one transaction; return the position before.

        *expected* names streams with the newest version that each must have, 0 for none, just
        before the rows are stored; *after* the last position that there must be; and
        *unconcerned* streams that no event of another one may concern after the position. Raises
        `ConflictError` if it is otherwise, if a version is taken, or a command answered:
        then nothing is stored, and no position is used up. All this is checked where nobody
        else can write, and *expected* and *unconcerned* whether or not rows of these streams are
        among *rows*; the own rows of a stream do not concern it. Raises `OutcomeUnknownError` if
        it cannot be told whether all is stored or nothing.
        """
        ...

    def load(
        self, rows: Iterable[NewRow], answered: Iterable[Answered], concerns: Iterable[Concern]
    ) -> int:
        """
        Fill an empty database with *rows*, all or none; return how many there were.

        *answered* and *concerns* are asked for once all rows are taken, with positions. Raises
        `ConflictError` if the database is not empty. What is raised by any of the three comes
        out as it is, and nothing is stored.
        """
        ...

    def news(self, versions: Mapping[str, int]) -> list[Row]:
        """
        Return the rows of each stream that follow the version named, in order of position.

        Of no streams there are none.
        """
        ...

    def concerning(self, streams: Mapping[str, int]) -> list[tuple[str, Row]]:
        """
        Return the rows of other streams that concern each of *streams* after the position named.

        Each with the stream that it concerns, in order of position.
        """
        ...

    def page(self, after: int, upto: int, names: Sequence[str]) -> list[Row]:
        """
        Return the rows that follow position *after*, up to *upto* and with it; of *names*, if any.

        In order of position. There may be none, and *upto* may lie behind the last.
        """
        ...

    def answers(self, commands: Sequence[str]) -> list[Answered]:
        """
        Return what those of *commands* were answered that have been answered, in any order.

        One that led to no events is among them; where it stood does not matter.
        """
        ...

    def last_position(self) -> int:
        """Return the position of the newest row; 0 if there is none."""
        ...

    def close(self) -> None:
        """Close the database. Everything that was stored stays."""
        ...


@runtime_checkable
class Identified(Protocol):
    """A `Recorder` whose database has an identity, made at random with its tables."""

    @property
    def identity(self) -> str:
        """A UUID, as text, that no other database has; empty if it is older than identities."""
        ...

    @property
    def layout(self) -> int:
        """The version of its tables; 0 if it is older than identities."""
        ...


@runtime_checkable
class FindsOthers(Protocol):
    """A `Recorder` that finds rows by what their names are not, without handing out the rest."""

    def other_than(self, names: Sequence[str], *, after: int) -> tuple[int, list[Row]]:
        """
        Return the newest position, and the first row that follows *after* under another name.

        That is none of *names*, or no name at all. No row, if there is none up to that position.
        """
        ...
