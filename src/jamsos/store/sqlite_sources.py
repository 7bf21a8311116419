"""How a connection to an SQLite store is made: in memory, to write a file, or to read it alone."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from time import sleep, time_ns
from typing import Final, Protocol, TypeAlias

import attrs

from jamsos.errors import UnavailableError

from .sqlite_layout import found, identity_in, make_for_reading
from .sqlite_place import JOURNAL, REPLACED, SHM, WAL, DatabaseFile, Inode, inode_of

_SETTLED: Final = 20_000_000
"""Nanoseconds after which a change of a file shows in its time for certain."""
_COPY: Final = "be copied to be read with its log"
_AT_REST, _LIVE, _COPIED = "at rest", "live", "copied"
_BESIDE_A_WRITER: Final = "live, beside a writer of this process"
_LOCKED: Final = (_LIVE, _BESIDE_A_WRITER)

Mark: TypeAlias = tuple[object, ...]


class Source(Protocol):
    """Where connections come from. A connection serves as long as the mark is the same."""

    @property
    def shown(self) -> str:
        """The name of the database in errors."""
        ...

    @property
    def connections(self) -> int:
        """How many connections there may be at once."""
        ...

    @property
    def writable(self) -> bool:
        """Whether it may be written."""
        ...

    def mark(self) -> Mark:
        """Return the mark of the database as it is now; `StoreError` if it is not there."""
        ...

    def stands(self, mark: Mark) -> bool:
        """Return whether what was read under *mark* may be believed."""
        ...

    def connect(self, mark: Mark, patience: float) -> sqlite3.Connection:
        """Return a new connection to the database as it stands under *mark*."""
        ...

    def inode(self) -> Inode | None:
        """Return the file of the database; None if it has none."""
        ...


class Memory:
    """A database in memory: it is its only connection."""

    connections: Final = 1
    writable: Final = True
    shown: Final = ":memory:"

    def mark(self) -> Mark:
        """Return the same mark always."""
        return ()

    def stands(self, mark: Mark) -> bool:  # noqa: ARG002 - nobody else writes
        """Return True."""
        return True

    def connect(self, mark: Mark, patience: float) -> sqlite3.Connection:  # noqa: ARG002 - nobody else locks
        """Make the database."""
        return _connect(":memory:", 0)

    def inode(self) -> None:
        """Return None: it has no file."""


@attrs.define
class Writing:
    """A file that is written. Once its *identity* is known, no other file is taken for it."""

    file: DatabaseFile
    identity: str = ""
    connections: int = 8
    writable: bool = True
    _checked: tuple[int, int] = (0, 0)
    """The size and the time of the file when its content was last looked at."""

    @property
    def shown(self) -> str:
        """The name that was given."""
        return self.file.shown

    def mark(self) -> Mark:
        """Return which file it is; `StoreError` if it is not there."""
        seen = self.file.there()
        state = (seen.st_size, seen.st_mtime_ns)
        if state != self._checked and self.identity:  # at each checkpoint, by whomever
            self._check_content()
            self._checked = state
        return inode_of(seen)

    def stands(self, mark: Mark) -> bool:  # noqa: ARG002 - its locks keep writers away
        """Return True."""
        return True

    def connect(self, mark: Mark, patience: float) -> sqlite3.Connection:  # noqa: ARG002 - one way
        """Open the file to write it, with a write-ahead log that is synced at each commit."""
        c = _connect(self.file.uri("mode=rw"), patience)
        try:
            self.mark()  # it is still the file that was opened
            _check_identity(c, self.file, self.identity)
            [(journal,)] = c.execute("PRAGMA journal_mode").fetchall()
            if journal != "wal":
                c.execute("PRAGMA journal_mode = WAL").fetchall()
            c.execute("PRAGMA synchronous = FULL")
        except BaseException:
            c.close()
            raise
        return c

    def inode(self) -> Inode:
        """Return the file of the database."""
        return inode_of(self.file.there())

    def _check_content(self) -> None:
        """Raise `StoreError` if another database was copied into the file, past its log."""
        try:
            with closing(_connect(self.file.uri("mode=ro&immutable=1"), 0)) as c:
                identity = identity_in(c)
        except sqlite3.Error as error:
            if getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_NOTADB:
                raise self.file.gone(REPLACED) from error
            return  # it is being written
        if identity is not None and identity != self.identity:
            raise self.file.gone(REPLACED)


@attrs.define
class ReadingOnly:
    """
    A file that is read and never written, nor anything beside it.

    While nothing lies beside it, it is read without locks, and what was read holds if the file
    is the same afterwards. Where there is a log, it is read with it: under the locks of its
    index, if that is there, or from copies of both.
    """

    file: DatabaseFile
    written_here: Callable[[Inode], bool]
    """Tells whether this process has the file open to write it too."""
    settles: bool = True
    """Whether a file that was changed a moment ago is left alone until a change would show."""
    identity: str = ""
    connections: int = 8
    writable: bool = False

    @property
    def shown(self) -> str:
        """The name that was given."""
        return self.file.shown

    def mark(self) -> Mark:
        """Return how the file is to be read, and as which it is to be found afterwards."""
        mark, changed = self._mark()
        if self.settles and mark[0] not in _LOCKED and 0 <= time_ns() - changed < _SETTLED:
            sleep(_SETTLED / 1e9)
            mark, _ = self._mark()
        return mark

    def stands(self, mark: Mark) -> bool:
        """Return whether nothing was written into the file since, if no lock kept writers away."""
        return mark[0] in _LOCKED or self._mark()[0] == mark

    def connect(self, mark: Mark, patience: float) -> sqlite3.Connection:
        """Open the file as *mark* says."""
        if mark[0] == _COPIED:
            c = self._copied(mark, patience)
        elif mark[0] == _AT_REST:
            c = _connect(self.file.uri("mode=ro&immutable=1"), 0)
        else:
            # An index that is open to be read alone cannot be written by the same process.
            alone = "" if mark[0] == _BESIDE_A_WRITER else "&readonly_shm=1"
            c = _connect(self.file.uri(f"mode=ro{alone}"), patience)
        try:
            _check_identity(c, self.file, self.identity)
            make_for_reading(c, found(c, self.shown))
        except BaseException:
            c.close()
            raise
        return c

    def inode(self) -> Inode:
        """Return the file of the database."""
        return inode_of(self.file.there())

    def _mark(self) -> tuple[Mark, int]:
        seen = self.file.there()
        wal = self.file.look_beside(WAL)
        found = (*inode_of(seen), seen.st_size, seen.st_mtime_ns)
        if wal is None or wal.st_size == 0:
            if self.file.look_beside(JOURNAL) is None:
                return (_AT_REST, *found), seen.st_mtime_ns
            return (_LIVE, *inode_of(seen)), 0
        if self.file.look_beside(SHM) is not None:
            how = _BESIDE_A_WRITER if self.written_here(inode_of(seen)) else _LIVE
            return (how, *inode_of(seen)), 0
        log = (wal.st_size, wal.st_mtime_ns)
        return (_COPIED, *found, *log), max(seen.st_mtime_ns, wal.st_mtime_ns)

    def _copied(self, mark: Mark, patience: float) -> sqlite3.Connection:
        """Return a connection to copies of the file and its log, which are gone once it is open."""
        folder = tempfile.mkdtemp()
        try:
            copy = os.path.join(folder, "copy.db")  # noqa: PTH118 - a text, and stays one
            for end in ("", WAL):
                shutil.copyfile(self.file.path + end, copy + end)
            if not self.stands(mark):
                msg = f"{self.shown} is locked: somebody is writing it"
                raise UnavailableError(msg)
            c = _connect(f"{Path(copy).as_uri()}?mode=rw", patience)
            c.execute("SELECT count(*) FROM sqlite_master").fetchall()
        except OSError as error:
            raise self.file.cannot(_COPY, error) from error
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        return c


def _connect(uri: str, patience: float) -> sqlite3.Connection:
    # Never carried from thread to thread in the middle of anything: see `Connections`.
    return sqlite3.connect(
        uri, timeout=patience, isolation_level=None, check_same_thread=False, uri=True
    )


def _check_identity(c: sqlite3.Connection, file: DatabaseFile, identity: str) -> None:
    if identity and identity_in(c) != identity:
        raise file.gone(REPLACED)
