"""
The connections of a process to an SQLite store: each lent to one thread, none to a fork.

It is long because what is held across a fork is what requests hold: the locks have one order.
"""

from __future__ import annotations

import os
import sqlite3
import weakref
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from threading import RLock
from time import monotonic
from typing import Final, TypeVar

from jamsos.errors import (
    ConflictError,
    JamsosError,
    OutcomeUnknownError,
    StoreError,
    UnavailableError,
)

from .sqlite_place import Inode, inode_of
from .sqlite_sources import Mark, Source

T = TypeVar("T")

_TRIES: Final = 10
"""How often something is read again that was written at the same moment."""
_FORK: Final = 5.0
"""For how many seconds a fork waits until no thread is in the middle of anything."""
_GONE: Final = "its file is gone"
_WAITED: Final = 0.01
_PASSING: Final = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL})
_MOVING: Final = frozenset({sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY})
"""Errors of who finds no log where there was one just now."""
_NOT_OURS: Final = ("not a database", "no such")


class _MovedError(Exception):
    """Raised when a file was written while it was read without a lock."""


class _Slot:
    """A place for one connection, and the lock of whoever uses it."""

    def __init__(self) -> None:
        self.lock = RLock()
        self.connection: sqlite3.Connection | None = None
        self.mark: Mark | None = None

    def drop(self) -> None:
        """Close the connection, if there is one."""
        connection, self.connection, self.mark = self.connection, None, None
        if connection is not None:
            connection.close()


class Connections:
    """
    The connections to the database of *source*; each waits for locks as long as *patience* says.

    A signal handler, or whatever else, may raise anywhere: every lock is let go, every
    transaction ended, and every connection given back or closed, by ``with`` statements over
    objects of C, which nothing can come between; and no cursor outlives its statement, in which
    it would hold a lock. After a fork neither side has a connection of the other.
    """

    def __init__(self, source: Source, patience: float) -> None:
        self._source = source
        self._patience = patience
        self._writer = RLock()
        """Held by the thread that writes: the others wait for it without asking SQLite."""
        self._slots = tuple(_Slot() for _ in range(source.connections))
        self._idle = deque(self._slots)
        """Slots that nobody uses, the last one used at the end: a hint, the locks decide."""
        self._others = cycle(self._slots)
        self._closed = False
        self._unsynced = False
        """Whether a commit has failed, which may be in the log and not on the disk."""
        self._broken = ""
        """Why nothing can be asked any more in this process."""
        self._inode = source.inode()
        if self._inode in _process.spoilt:
            msg = (
                f"{source.shown} cannot be opened in this process: it was in use at the moment at"
                f" which the process was forked"
            )
            raise StoreError(msg)
        with _process.connecting:
            _process.all.add(self)

    def read(self, work: Callable[[sqlite3.Connection], T], /) -> T:
        """Return what *work* reads from a connection. It must keep no cursor."""
        with self._errors():
            for left in reversed(range(_TRIES)):
                slot, idle = self._slot()
                try:
                    with slot.lock:
                        mark = self._source.mark()
                        try:
                            found = work(self._connected(slot, mark))
                        except (sqlite3.Error, JamsosError, _MovedError) as error:
                            if not (left and self._again(error, mark)):
                                raise
                            continue
                        except BaseException:
                            self._doubt(slot)
                            raise
                        if self._source.stands(mark):
                            return found
                finally:
                    if idle:
                        self._idle.append(slot)
            raise _MovedError

    def write(self, work: Callable[[sqlite3.Connection], T], /) -> T:
        """Let *work* write in a transaction: all that it does is kept, or none of it."""
        self._check_writable()
        began = monotonic()
        done = False
        with self._errors(), self._writer:
            waited = monotonic() - began
            slot, idle = self._slot()
            try:
                with slot.lock:
                    mark = self._source.mark()
                    c = self._connected(slot, mark)
                    if c.in_transaction:
                        msg = f"{self._source.shown} is asked in the middle of another request"
                        raise StoreError(msg)
                    try:
                        if waited > _WAITED:
                            self._set_timeout(c, self._patience - waited)
                        with c:
                            c.execute("BEGIN IMMEDIATE")
                            self._source.mark()
                            found = work(c)
                            done = True
                        if waited > _WAITED:
                            self._set_timeout(c, self._patience)
                    except JamsosError:
                        raise
                    except sqlite3.Error as error:
                        if done:
                            self._unsynced = True
                            self._doubt(slot)
                            raise self._in_doubt(error) from error
                        raise
                    except BaseException:
                        self._doubt(slot)
                        raise
                    try:
                        self._source.mark()
                    except StoreError as error:
                        self._doubt(slot)
                        raise self._in_doubt(_GONE) from error
                    return found
            finally:
                if idle:
                    self._idle.append(slot)

    def has_open(self, inode: Inode) -> bool:
        """Return whether this process may hold a lock of this file."""
        return self._inode == inode and any(slot.connection for slot in self._slots)

    def writes(self, inode: Inode) -> bool:
        """Return whether it may write this file."""
        return self._inode == inode and self._source.writable and not self._closed

    def _let_go_of_readers(self) -> None:
        """Let this process close an index that it has open to read alone: none could write it."""
        end = monotonic() + self._patience
        for connections in _process.each():
            if self._inode is not None:
                connections.let_go(self._inode, end)

    def let_go(self, inode: Inode, end: float) -> None:
        """Close every connection, once it is not used, if it only reads this file."""
        if self._inode != inode or self._source.writable:
            return
        for slot in self._slots:
            if slot.connection is not None and _acquired(slot.lock, end):
                try:
                    slot.drop()
                finally:
                    slot.lock.release()

    def close(self) -> None:
        """Close every connection, once it is not used any more."""
        self._closed = True
        for slot in self._slots:
            with slot.lock:
                slot.drop()

    def _slot(self) -> tuple[_Slot, bool]:
        """Return a slot that is idle, and True; or, if there is none, one to wait for."""
        try:
            return self._idle.pop(), True
        except IndexError:
            return next(self._others), False

    def _connected(self, slot: _Slot, mark: Mark) -> sqlite3.Connection:
        """Return the connection of *slot*, made now if it has none for this *mark*."""
        if self._closed:
            msg = f"{self._source.shown} cannot be read or written: it is closed"
            raise StoreError(msg)
        if self._broken:
            raise StoreError(self._broken)
        if slot.connection is None or slot.mark != mark:
            slot.drop()
            if self._source.writable:
                self._let_go_of_readers()
                slot.connection, slot.mark = self._source.connect(mark, self._patience), mark
            else:
                with _process.connecting:  # no writer of this process begins meanwhile
                    if self._source.mark() != mark:
                        raise _MovedError
                    slot.connection, slot.mark = self._source.connect(mark, self._patience), mark
        if self._unsynced:
            self._synced(slot.connection)
        return slot.connection

    def _synced(self, c: sqlite3.Connection) -> None:
        """
        Bring the log to the disk before anything of it is told or followed.

        What a commit wrote that failed at its end can be read all the same. A second sync of the
        log may say that all is well when it is not; a checkpoint writes the pages again.
        """
        busy, _, _ = c.execute("PRAGMA wal_checkpoint(FULL)").fetchone()
        if busy:
            msg = f"{self._source.shown} is locked by a reader; nothing was recorded, ask again"
            raise UnavailableError(msg)
        self._unsynced = False

    def _again(self, error: Exception, mark: Mark) -> bool:
        """Return whether *error* may come of what was written at the same moment."""
        if self._source.writable:
            return False
        passing = isinstance(error, sqlite3.Error) and _code_of(error) in _MOVING
        return passing or isinstance(error, _MovedError) or self._source.mark() != mark

    def _doubt(self, slot: _Slot) -> None:
        """Close a connection in the middle of whose work something was raised."""
        if self._inode is not None:  # one in memory is its database, and was rolled back
            slot.drop()

    def _set_timeout(self, c: sqlite3.Connection, seconds: float) -> None:
        c.execute(f"PRAGMA busy_timeout = {max(0, int(seconds * 1_000))}").fetchall()

    def _check_writable(self) -> None:
        if not self._source.writable:
            msg = (
                f"{self._source.shown} was opened to be read: open it without read_only to"
                f" record in it"
            )
            raise StoreError(msg)

    def _in_doubt(self, why: object) -> OutcomeUnknownError:
        msg = (
            f"{self._source.shown} failed at the commit: {why}; it may be recorded or not, send the"
            f" same command again"
        )
        return OutcomeUnknownError(msg)

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """Turn the errors of the database into ours."""
        try:
            yield
        except _MovedError as error:
            msg = f"{self._source.shown} is being written at every moment; ask again"
            raise UnavailableError(msg) from error
        except sqlite3.IntegrityError as error:
            msg = (
                f"another writer has recorded in {self._source.shown} first; nothing was recorded,"
                f" ask again"
            )
            raise ConflictError(msg) from error
        except sqlite3.Error as error:
            code = _code_of(error)
            if code in _PASSING:
                msg = (
                    f"{self._source.shown} is locked by another writer; nothing was recorded, ask"
                    f" again"
                )
                raise UnavailableError(msg) from error
            if any(said in str(error) for said in _NOT_OURS):
                msg = f"{self._source.shown} is not a jamsos store ({error})"
                raise StoreError(msg) from error
            msg = f"{self._source.shown} cannot be read or written: {error}"
            raise StoreError(msg) from error

    # -- At a fork. SQLite keeps in each process which locks it holds on a file: a child that
    # opened one beside a connection of its parent would believe that it had those.

    def stand_still(self, end: float) -> list[RLock]:
        """Close what no thread uses, and let nothing begin; return the locks that are held."""
        held = [lock for lock in (self._writer, *self._locks()) if _acquired(lock, end)]
        for slot in self._slots:
            c = slot.connection
            if c is not None and slot.lock in held and self._inode and not c.in_transaction:
                slot.drop()
        return held

    def begin_in_child(self, held: list[RLock]) -> None:
        """Begin anew in a child, with locks of its own; what was in use is left as it is."""
        self._writer = RLock()
        for slot in self._slots:
            calm, slot.lock = slot.lock in held, RLock()
            c = slot.connection
            if calm and (c is None or (self._inode is None and not c.in_transaction)):
                continue
            self._broken = (
                f"{self._source.shown} was in use at the moment at which this process was forked:"
                f" open it once the process has been forked"
            )
            _process.carried.append(c)
            _process.spoilt.add(self._inode)
            slot.connection, slot.mark = None, None
        self._idle = deque(self._slots)

    def _locks(self) -> list[RLock]:
        return [slot.lock for slot in self._slots]


class _Process:
    """All connections of the process, and what is done with them when it is forked."""

    def __init__(self) -> None:
        self.forking = RLock()
        self.connecting = RLock()
        self.all: weakref.WeakSet[Connections] = weakref.WeakSet()
        self.carried: list[sqlite3.Connection | None] = []
        """Connections of a parent: to close one would let go the locks of this process."""
        self.spoilt: set[Inode | None] = set()
        """Files that this process can never open, for it carries a connection to them."""
        self._held: list[tuple[Connections, list[RLock]]] = []

    def each(self) -> list[Connections]:
        while True:  # without a lock: it is asked under those of connections
            try:
                return list(self.all)
            except RuntimeError:  # another was just made
                continue

    def before(self) -> None:
        end = monotonic() + _FORK
        self.forking.acquire()
        for connections in self.each():
            self._held.append((connections, connections.stand_still(end)))

    def in_parent(self) -> None:
        held, self._held = self._held, []
        for _, locks in held:
            for lock in locks:
                lock.release()
        self.forking.release()

    def in_child(self) -> None:
        held, self._held = self._held, []
        self.forking, self.connecting = RLock(), RLock()
        for connections, locks in held:
            connections.begin_in_child(locks)


_process: Final = _Process()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_process.before,
        after_in_parent=_process.in_parent,
        after_in_child=_process.in_child,
    )


def written_here(inode: Inode) -> bool:
    """Return whether this process has this file open to write it."""
    return any(connections.writes(inode) for connections in _process.each())


def is_open_here(path: str | Path) -> bool:
    """
    Return whether this process has the file at *path* open as a store.

    To close such a file would let go every lock of this process on it, also those of SQLite.
    """
    try:
        inode = inode_of(Path(path).stat())
    except (OSError, ValueError):
        return False
    return any(connections.has_open(inode) for connections in _process.each())


def header_of(path: str | Path) -> bytes | None:
    """Return how the file at *path* begins; None if this process has it open as a store."""
    with _process.connecting:
        if is_open_here(path):
            return None
        with Path(path).open("rb") as file:
            return file.read(18)


def _code_of(error: sqlite3.Error) -> int:
    """Return the primary code of an error; that of none, if it is not of SQLite itself."""
    return getattr(error, "sqlite_errorcode", -1) & 0xFF


def _acquired(lock: RLock, end: float) -> bool:
    return lock.acquire(timeout=max(0.0, end - monotonic()))
