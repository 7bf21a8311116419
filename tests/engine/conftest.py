"""Stores to begin with: empty, or with two seats; shared, or in memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import jamsos
from jamsos.store.event_store import migrate
from tests.engine.beginnings import two_seats


@pytest.fixture(params=["a file", "PostgreSQL"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Name an empty store that many processes may share: a file, and a database of a server."""
    if request.param == "a file":
        return str(tmp_path / "perisai.db")
    address = request.getfixturevalue("postgres").new_database()
    migrate(address)
    return address


@pytest.fixture
def place(empty: str) -> str:
    """Name a store with two seats, which several registries may open."""
    with jamsos.open(empty) as registry:
        two_seats(registry)
    return empty


@pytest.fixture
def office() -> Iterator[jamsos.Registry]:
    """Open a registry in memory, with two seats."""
    with jamsos.open(":memory:") as opened:
        two_seats(opened)
        yield opened
