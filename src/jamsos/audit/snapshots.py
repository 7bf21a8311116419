"""Compares each snapshot of a store with the state that the events make at its version."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from jamsos.domain.aggregate import Event, State
from jamsos.domain.aggregate import state as state_of
from jamsos.domain.history import Recorded
from jamsos.store.event_store import EventStore
from jamsos.store.snapshots import MAKER

from .replay import Finding


class SnapshotsCompared:
    """
    The snapshots of *store*, compared with its history while that goes through `watch`.

    Those of other code are passed over: this code makes nothing of them.
    """

    def __init__(self, store: EventStore) -> None:
        self.findings: list[Finding] = []
        """What was found wrong so far."""
        self._store = store
        self._versions: dict[str, int] = {}
        for each in store.every_snapshot():
            if each.holds:
                self._versions[each.stream] = each.version
            elif each.maker == MAKER:
                self._found(None, each.stream, each.version, "is not as it was made")

    @property
    def number(self) -> int:
        """How many snapshots are compared."""
        return len(self._versions)

    def watch(self, history: Iterable[Recorded[Event]]) -> Iterator[Recorded[Event]]:
        """Pass *history* on, and fold the streams of which there are snapshots."""
        states: dict[str, State] = {}
        for recorded in history:
            stream = recorded.stream
            version = self._versions.get(stream)
            if version is not None and recorded.version <= version:
                states[stream] = state_of(stream, (recorded.event,), since=states.get(stream))
                if recorded.version == version:
                    self._compare(recorded, states.pop(stream))
            yield recorded

    def at_the_end(self) -> list[Finding]:
        """Return what was found, the snapshots of events that the history does not have too."""
        for stream, version in self._versions.items():
            self._found(None, stream, version, "is of an event that the history does not have")
        self._versions.clear()
        return self.findings

    def _compare(self, recorded: Recorded[Event], state: State) -> None:
        stream, version = recorded.stream, recorded.version
        del self._versions[stream]
        kept, of = self._store.snapshots([stream]).get(stream, (None, version))
        if of == version and kept != state:  # no other was made since
            what = "is not the state that the events make"
            self._found(recorded.position, stream, version, what)

    def _found(self, position: int | None, stream: str, version: int, what: str) -> None:
        self.findings.append(
            Finding(position, f"the snapshot of {stream} at version {version} {what}; drop it")
        )
