"""A copy of a store, made while it is open and written to; the copy is the same history."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from time import monotonic
from typing import Final

from jamsos.errors import InputError, StoreError, UnavailableError

from .event_store import EventStore
from .history_file import check_filled, is_store
from .new_store import Aside, check_new, made_aside
from .place import is_address, shown_place

_WHOLE: Final = -1
"""All pages in one step: those who write go on, and what they write is no part of the copy."""
_PATIENCE: Final = 5.0
_BUSY: Final = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


def backup(store: str | Path, new: str | Path) -> int:
    """
    Copy the store in the file at *store* to *new*; return how many events the copy holds.

    The store may be open, and be written to. The copy holds the history as it was at one moment,
    with the answers to letters, refusals among them, and everything else that the store keeps.
    It is checked before it gets its name, and never takes the place of another file. Raises
    `InputError` for what is no store in a file, or if *new* exists already.
    """
    if is_address(store):
        place = shown_place(store)
        msg = (
            f"{place} is backed up by its own tools: pg_dump --format=custom --file=NEW {place},"
            f" and pg_restore into an empty database"
        )
        raise InputError(msg)
    if is_address(new):
        msg = f"{shown_place(new)} is a database: a backup is a file, give the name of a new one"
        raise InputError(msg)
    check_new(new)
    if not is_store(store):
        msg = f"{store} is a history file and no store: copy it as any other file"
        raise InputError(msg)
    path = Path(store).resolve()
    EventStore(path, read_only=True).close()  # which says what is wrong with it
    with made_aside(new, "backup") as made:
        _copy(path, made, store)
        with EventStore(made.path, read_only=True) as copy:
            number = copy.last_position()
        made.publish()
    check_filled(new, number)
    return number


def _copy(path: Path, made: Aside, store: str | Path) -> None:
    try:
        with closing(_reading(path)) as source, closing(sqlite3.connect(made.path)) as copy:
            source.backup(copy, pages=_WHOLE, progress=_impatient(store))
        with closing(sqlite3.connect(made.path)) as copy:
            found = copy.execute("PRAGMA integrity_check(1)").fetchone()[0]
    except sqlite3.Error as error:
        msg = f"{store} cannot be backed up to {made.target}: {error}"
        raise StoreError(msg) from error
    if found != "ok":
        msg = f"{store} is damaged, and was not backed up: {found}"
        raise StoreError(msg)


def _reading(path: Path) -> sqlite3.Connection:
    """
    Open the database at *path*, from which is only read.

    Who may write there does so as any who have it open, and cleans up in the end; who may not,
    leaves nothing behind.
    """
    mode = "rw" if os.access(path, os.W_OK) and os.access(path.parent, os.W_OK) else "ro"
    address = f"{path.as_uri()}?mode={mode}"
    beside = path.with_name(f"{path.name}-wal")
    if mode == "ro" and not beside.exists():
        address += "&immutable=1"  # nobody has it open
    return sqlite3.connect(address, uri=True, timeout=_PATIENCE)


def _impatient(store: str | Path) -> Callable[[int, int, int], None]:
    """Return what ends a copy for which is waited too long."""
    end = monotonic() + _PATIENCE

    def look(status: int, _remaining: int, _pages: int) -> None:
        if status in _BUSY and monotonic() > end:
            msg = f"{store} is locked by another writer; nothing was backed up, ask again"
            raise UnavailableError(msg)

    return look
