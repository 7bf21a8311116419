"""The connections of one process to a PostgreSQL database: lent one by one, never inherited."""

from __future__ import annotations

import os
import select
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from time import monotonic, sleep
from typing import Final, TypeAlias
from weakref import WeakSet

import psycopg
from psycopg import Connection
from psycopg.pq import ConnStatus, TransactionStatus
from psycopg.rows import TupleRow

from jamsos.errors import StoreError, UnavailableError

Connecting: TypeAlias = Callable[[], Connection[TupleRow]]

_AGAIN: Final = 1.0
"""For how many seconds a server that is away is tried again, before it is an error."""
_PAUSE: Final = 0.05
_UNFINISHED: Final = (TransactionStatus.INTRANS, TransactionStatus.INERROR)
_every: WeakSet[Connections]
_left: Final[list[object]] = []
"""The connections of a parent: kept, so that nothing of theirs is closed in its child."""


class Connections:
    """
    Connections that *connecting* makes when they are needed, and that are used again.

    Those of a process are its own: a child that is forked makes new ones, and neither uses
    nor closes those of its parent.
    """

    def __init__(self, connecting: Connecting, place: str, *, most: int, patience: float) -> None:
        self._connecting = connecting
        self._place = place
        self._most = most
        self._patience = patience
        self._closed = False
        self._begin()
        _every.add(self)

    def _begin(self) -> None:
        self._process = os.getpid()
        self._free = threading.BoundedSemaphore(self._most)
        self._idle: list[Connection[TupleRow]] = []
        self._open: set[Connection[TupleRow]] = set()

    @contextmanager
    def lent(self) -> Iterator[Connection[TupleRow]]:
        """
        Give a connection that nobody else has, and that was alive a moment ago.

        Raises `UnavailableError` if all are in use for too long, or the server is away.
        """
        if os.getpid() != self._process:  # forked by what tells nobody
            self._leave()
        free = self._free
        if not free.acquire(timeout=self._patience):
            msg = (
                f"{self._place} cannot be reached: all {self._most} connections are in use;"
                f" nothing was recorded, ask again"
            )
            raise UnavailableError(msg)
        process = self._process
        try:
            connection = self._alive() or self._new()
            try:
                yield connection
            finally:
                if process == os.getpid():
                    self._take_back(connection)
        finally:
            if process == os.getpid():  # a child that was forked meanwhile has nothing to give
                free.release()

    def close(self) -> None:
        """Close all; those that are lent, once they are given back."""
        self._closed = True
        self._drop_idle()

    def _alive(self) -> Connection[TupleRow] | None:
        """Return an idle connection; those that the server has ended are dropped."""
        while self._idle and not self._closed:
            with suppress(IndexError):  # another thread has taken the last one
                connection = self._idle.pop()
                if _is_alive(connection):
                    return connection
                self._drop(connection)
        return None

    def _new(self) -> Connection[TupleRow]:
        end = monotonic() + min(self._patience, _AGAIN)
        while not self._closed:
            try:
                connection = self._connecting()
            except UnavailableError:
                if monotonic() + _PAUSE > end:
                    raise
                sleep(_PAUSE)
            else:
                self._open.add(connection)
                return connection
        msg = f"{self._place} cannot be read or written: it is closed"
        raise StoreError(msg)

    def _take_back(self, connection: Connection[TupleRow]) -> None:
        """
        Keep *connection* for the next, unless it is broken or something goes on in it.

        What has ended one may have ended all: if it broke, the idle ones go with it.
        """
        with suppress(psycopg.Error):
            if connection.pgconn.transaction_status in _UNFINISHED:
                connection.rollback()
        if connection.pgconn.transaction_status == TransactionStatus.IDLE and not self._closed:
            self._idle.append(connection)
            return
        broken = connection.pgconn.status != ConnStatus.OK
        self._drop(connection)
        if broken or self._closed:
            self._drop_idle()

    def _drop_idle(self) -> None:
        with suppress(IndexError):
            while True:
                self._drop(self._idle.pop())

    def _drop(self, connection: Connection[TupleRow]) -> None:
        self._open.discard(connection)
        connection.close()

    def _leave(self) -> None:
        """
        Leave the connections to the process that made them, and begin with none.

        What is open here is turned to nowhere: nothing can be sent to the server by it, and the
        server still sees when the parent has ended.
        """
        for connection in list(self._open):
            _left.append(connection)
            with suppress(psycopg.Error, OSError):
                nowhere = os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC)
                os.dup2(nowhere, connection.pgconn.socket, inheritable=False)
                os.close(nowhere)
        self._begin()


_every = WeakSet()


def _leave_all() -> None:
    for connections in list(_every):
        connections._leave()  # noqa: SLF001 - of this module


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_leave_all)


def _is_alive(connection: Connection[TupleRow]) -> bool:
    """Whether the server has not ended an idle *connection*: then it has said so."""
    pgconn = connection.pgconn
    try:
        reading = select.poll() if hasattr(select, "poll") else None
        if reading is None:
            return pgconn.status == ConnStatus.OK
        reading.register(pgconn.socket, select.POLLIN)
        while pgconn.status == ConnStatus.OK and reading.poll(0):
            pgconn.consume_input()
    except (psycopg.Error, OSError):
        return False
    return bool(pgconn.status == ConnStatus.OK)
