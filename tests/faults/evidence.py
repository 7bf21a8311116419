"""The answers that writers got, kept in files of their own; and what a database makes of it."""

from __future__ import annotations

import json
import os
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import psycopg


class Acknowledgements:
    """
    A file with a line for everything that a writer was told, synced before it goes on.

    A *letter* is one decision that is asked for. It is acknowledged with the answer, or it has
    failed with the name of an error.
    """

    def __init__(self, path: str | Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)

    def answered(self, letter: str, answer: object = None) -> None:
        self._say({"letter": letter, "answer": repr(answer)})

    def failed(self, letter: str, error: Exception) -> None:
        self._say({"letter": letter, "error": type(error).__name__, "text": str(error)})

    def close(self) -> None:
        os.close(self._file)

    def _say(self, line: dict[str, str]) -> None:
        # A line of its own, also after one that was cut off when its writer was killed.
        os.write(self._file, ("\n" + json.dumps(line) + "\n").encode())
        os.fsync(self._file)


@contextmanager
def acknowledging(path: str | Path) -> Iterator[Acknowledgements]:
    """Give a file of acknowledgements that is closed at the end."""
    with closing(Acknowledgements(path)) as acknowledgements:
        yield acknowledgements


@dataclass(frozen=True)
class Told:
    """The answers that the writers of a store got, by letter."""

    answers: dict[str, str]
    errors: dict[str, str]
    """The last error of each letter that was never answered."""


def told(*paths: Path) -> Told:
    """Return what files of acknowledgements say; a line that was cut off says nothing."""
    answers: dict[str, str] = {}
    errors: dict[str, str] = {}
    for path in paths:
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        for line in text.splitlines():
            if not line.endswith("}"):
                continue
            said = json.loads(line)
            if "answer" in said:
                answers[said["letter"]] = said["answer"]
            else:
                errors[said["letter"]] = said["error"]
    return Told(answers, {le: error for le, error in errors.items() if le not in answers})


@dataclass(frozen=True)
class Harm:
    """The faults of a store: none, if it kept its word."""

    lost: tuple[str, ...] = ()
    """Letters that were acknowledged, and of which nothing is there."""
    torn: tuple[str, ...] = ()
    """Letters of whose decision only a part is there."""
    doubled: tuple[str, ...] = ()
    """Letters that were decided more than once."""
    denied: tuple[str, ...] = ()
    """Letters whose error said that nothing was recorded, and that are recorded."""
    changed: tuple[str, ...] = ()
    """Letters that are not answered again what they were answered first."""
    gaps: tuple[str, ...] = ()
    """Versions, or positions, that are missing or there twice."""
    unreadable: tuple[str, ...] = ()
    """Streams that cannot be read any more."""
    damage: tuple[str, ...] = ()
    """The report of the database on itself, if it does not say that it is well."""

    def __str__(self) -> str:
        kinds = {field.name: getattr(self, field.name) for field in fields(self)}
        return "; ".join(f"{kind}: {found[:5]}" for kind, found in kinds.items() if found) or "none"


def versions(place: str, table: str, order: str) -> list[tuple[str, int]]:
    """Return the stream and the version of each stored event, asked of the database itself."""
    columns = "originator_id, originator_version"
    found = ask(place, f"SELECT {columns} FROM {table} ORDER BY {order}")
    return [(str(stream), version) for stream, version in found]


def ask(place: str, question: str) -> list[tuple[Any, ...]]:
    """Put *question* to the database at *place*, with nothing of anybody's between."""
    if is_server(place):
        with psycopg.connect(place, autocommit=True, connect_timeout=10) as connection:
            return connection.execute(question).fetchall()
    with closing(sqlite3.connect(place, isolation_level=None, timeout=30)) as database:
        return database.execute(question).fetchall()


def is_server(place: str) -> bool:
    """Return whether *place* is the address of a server."""
    return place.startswith("postgresql://")


def damage_of(place: str) -> tuple[str, ...]:
    """Return what SQLite finds wrong with the file at *place*; a server says so by itself."""
    if is_server(place):
        return ()
    return tuple(said for (said,) in ask(place, "PRAGMA integrity_check") if said != "ok")


def gaps_of(versions: Iterable[tuple[str, int]]) -> tuple[str, ...]:
    """Return each version that does not follow the one before it, by stream, from 1 on."""
    newest: dict[str, int] = {}
    found = []
    for stream, version in versions:
        if version != newest.get(stream, 0) + 1:
            found.append(f"{version} of {stream} follows {newest.get(stream, 0)}")
        newest[stream] = version
    return tuple(found)


def wait_for(file: Path, seconds: float = 60) -> None:
    """Wait until *file* is there, with hardly a pause: all who wait are to begin at once."""
    end = time.monotonic() + seconds
    while not file.exists() and time.monotonic() < end:
        time.sleep(0.0005)
