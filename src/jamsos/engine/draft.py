"""A draft: what was read, at which version, and what was decided on it and is not recorded yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from jamsos.commands.reading import Reading, Source
from jamsos.domain.aggregate import Event, State
from jamsos.domain.aggregate import state as state_of
from jamsos.projections.incentive_base import Lines

Mark: TypeAlias = tuple[dict[str, State], dict[str, int], int]
"""The states, the versions, and how many events were staged."""


class Draft(Reading):
    """
    Reads each stream of *source* once, and keeps what is staged on top of it.

    A decision rests on the streams and versions that were read: it is recorded only if none
    of them has changed.
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        self.states = {}
        self.versions: dict[str, int] = {}
        self.read = {}
        self.unconcerned = {}
        self.staged = []
        self.found = {}
        self.lines = Lines()
        self.as_of: int | None = None
        """The position up to which the whole history was looked at, if it was."""

    def ahead(self, streams: Iterable[str], /) -> None:
        """Read *streams* together, those of them that were not read yet."""
        new = dict.fromkeys(streams).keys() - self.states.keys()
        if not new:
            return
        for stream, (state, version) in self.source.load_many(sorted(new)).items():
            self.states[stream] = state
            self.versions[stream] = version
            self.read.setdefault(stream, version)

    def rests_on(self, position: int, /) -> None:
        """Note that the whole history up to *position* was looked at; the first time counts."""
        if self.as_of is None:
            self.as_of = position

    def stage(self, stream: str, event: Event) -> None:
        """Put *event* on top of *stream*: the next decision is made on it."""
        version = self.versions[stream] = self.versions[stream] + 1
        self.states[stream] = state_of(stream, (event,), since=self.states[stream])
        self.staged.append((stream, version, event))

    def only_read(self) -> Mapping[str, int]:
        """Return the version of each stream that was read, and on which nothing is staged."""
        only = dict(self.read)
        for stream, _, _ in self.staged:
            only.pop(stream, None)
        return only

    def mark(self) -> Mark:
        """Return where it stands, to go `back_to`."""
        return dict(self.states), dict(self.versions), len(self.staged)

    def back_to(self, mark: Mark) -> None:
        """Forget what was staged since *mark*."""
        self.states, self.versions, staged = mark
        del self.staged[staged:]
