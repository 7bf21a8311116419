"""The parts of cases of the contract: stores over one database, and events to store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import wraps
from typing import Final, TypeAlias

from jamsos.domain.agent import AgentCertified, AgentTrainingBegun
from jamsos.errors import JamsosError
from jamsos.store.event_store import Entry, EventStore, entry
from jamsos.store.recorder import Recorder

OpenRecorder: TypeAlias = Callable[[], Recorder]
"""Opens the same database each time, which is empty at the first; what it opens is closed."""

Case: TypeAlias = Callable[[OpenRecorder], None]
"""Raises `AssertionError` where the database does not keep to the contract."""


class Cases:
    """The cases of one subject, each under the name of the function that checks it."""

    def __init__(self) -> None:
        self.named: dict[str, Case] = {}

    def opening(self, case: Case) -> None:
        """Keep a *case* that opens the database itself."""
        self.named[case.__name__.lstrip("_")] = case

    def of_one(self, check: Callable[[EventStore], None]) -> None:
        """Make a case of *check*, which takes a store that is empty."""

        @wraps(check)
        def case(open_recorder: OpenRecorder) -> None:
            with EventStore(open_recorder()) as store:
                check(store)

        self.opening(case)

    def of_two(self, check: Callable[[EventStore, EventStore], None]) -> None:
        """Make a case of *check*, which takes two stores over one database."""

        @wraps(check)
        def case(open_recorder: OpenRecorder) -> None:
            with EventStore(open_recorder()) as store, EventStore(open_recorder()) as other:
                check(store, other)

        self.opening(case)


NOW: Final = datetime(2018, 2, 5, 3, 4, 5, 678901, tzinfo=UTC)
ON: Final = date(2018, 2, 5)
SEATS: Final = "quota-perisai-national"
MANY: Final = 2_500


def agent(number: int) -> str:
    """Return the name of an agent."""
    return f"agent-00000000-0000-7000-8000-{number:012}"


ANI, BUDI = agent(1), agent(2)


def begun(version: int, stream: str = ANI, *, day: int = 1, command: str | None = None) -> Entry:
    """Return the entry of an agent who begins training."""
    return entry(stream, version, AgentTrainingBegun(on=date(2018, 2, day)), NOW, command)


def certified(version: int, stream: str = ANI) -> Entry:
    """Return the entry of an agent who is certified."""
    return entry(stream, version, AgentCertified(on=ON), NOW)


def places(store: EventStore) -> list[tuple[int, str, int]]:
    """Return the position, the stream and the version of every event."""
    return [(r.position, r.stream, r.version) for r in store.history()]


@contextmanager
def raises(error: type[JamsosError]) -> Iterator[None]:
    """Fail unless *error* is raised."""
    try:
        yield
    except error:
        return
    msg = f"no {error.__name__} was raised"
    raise AssertionError(msg)
