"""Stores in a file that tests of faults begin with, and the look at what a folder holds."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Final

import jamsos
from jamsos.store.event_store import EventStore

ON: Final = date(2018, 2, 6)


def register(registry: jamsos.Registry) -> None:
    registry.register(jamsos.new_participant_id(), province="51", on=ON).or_raise()


def new(path: Path | str, events: int = 1) -> Path:
    """Make a store of so many events at *path*; return the path."""
    with jamsos.open(path) as registry:
        for _ in range(events):
            register(registry)
    return Path(path)


def left_by_a_killed_writer(path: Path, events: int = 2) -> Path:
    """Copy a store as it is while its writer has it open: so it stays when that is killed."""
    origin = path.with_name("origin.db")
    with jamsos.open(origin) as registry:
        for _ in range(events):
            register(registry)
        for end in ("", "-wal", "-shm"):
            shutil.copyfile(f"{origin}{end}", f"{path}{end}")
            Path(f"{path}{end}").chmod(0o644)
    origin.unlink()
    return path


def events_at(path: Path | str) -> int:
    with EventStore(path, read_only=True) as store:
        return store.last_position()


def contents(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file()}
