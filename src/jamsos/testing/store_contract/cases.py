"""The parts of cases of the contract: stores over one database, and events to store."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from functools import wraps
from typing import Final, TypeAlias

from jamsos.domain.agent import AgentCertified, AgentTrainingBegun
from jamsos.errors import JamsosError
from jamsos.store.event_store import Entry, EventStore, entry
from jamsos.store.recorder import Answered, Concern, NewRow, Recorder, Row

from .watching import Calls

OpenRecorder: TypeAlias = Callable[[], Recorder]
"""Opens the same database each time, which is empty at the first; what it opens is closed."""

Case: TypeAlias = Callable[[OpenRecorder], None]
"""Raises `AssertionError` where the database does not keep to the contract."""


class Cases:
    """
    The cases of one subject, each under the name of the function that checks it.

    Each is told a recorder that is watched, or a store over one; what goes wrong with it, an
    error of any kind, comes out as an `AssertionError` that tells what was asked.
    """

    def __init__(self) -> None:
        self.named: dict[str, Case] = {}

    def opening(self, check: Callable[[OpenRecorder], None]) -> None:
        """Make a case of *check*, which opens the database itself."""
        name = check.__name__.lstrip("_")

        @wraps(check)
        def case(open_recorder: OpenRecorder) -> None:
            calls = Calls()
            with calls.told(name.replace("_", " ")):
                check(lambda: calls.watched(open_recorder()))

        self.named[name] = case

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

    def of_rows(self, check: Callable[[Recorder], None]) -> None:
        """Make a case of *check*, which takes a recorder that is empty: rows of any kind."""

        @wraps(check)
        def case(open_recorder: OpenRecorder) -> None:
            with closing(open_recorder()) as recorder:
                check(recorder)

        self.opening(case)

    def of_rows_by_two(self, check: Callable[[Recorder, Recorder], None]) -> None:
        """Make a case of *check*, which takes two recorders over one database."""

        @wraps(check)
        def case(open_recorder: OpenRecorder) -> None:
            with closing(open_recorder()) as recorder, closing(open_recorder()) as other:
                check(recorder, other)

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


def put(
    recorder: Recorder,
    rows: Sequence[NewRow] = (),
    *,
    expected: Mapping[str, int] | None = None,
    after: int | None = None,
    answered: Sequence[Answered] = (),
    concerns: Sequence[Concern] = (),
    unconcerned: Mapping[str, int] | None = None,
) -> int:
    """Append *rows* to *recorder*, with what is said beside them and nothing else."""
    return recorder.append(
        list(rows),
        expected=expected or {},
        after=after,
        answered=list(answered),
        concerns=list(concerns),
        unconcerned=unconcerned or {},
    )


def row(stream: str, version: int = 1, *, name: str = "a", state: bytes = b"{}") -> NewRow:
    """Return a row that is to be stored, of no event that there is."""
    return stream, version, name, state


def numbered(rows: Sequence[NewRow], first: int = 1) -> list[Row]:
    """Return *rows* as they are read, the *first* of them at that position."""
    return [(position, *each) for position, each in enumerate(rows, start=first)]


def letter(command: str, first: int = 0, events: int = 0) -> Answered:
    """Return the answer to a command, to be stored."""
    return Answered(command, "digest", first, events, b"[]")


LATEST: Final = 2**63 - 1
"""As far as a position can go: all rows are read up to it."""
