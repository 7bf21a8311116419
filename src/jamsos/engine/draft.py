"""A draft: what was read, at which version, and what was decided on it and is not recorded yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from jamsos.commands.reading import Reading, Source
from jamsos.domain.aggregate import Event, State
from jamsos.domain.aggregate import state as state_of
from jamsos.projections.incentive_base import Lines


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
        self._before: list[State] = []
        """The state of its stream before each event that was staged."""
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
        before, version = self.states[stream], self.versions[stream] + 1
        after = state_of(stream, (event,), since=before)
        self._before.append(before)  # first: `back_to` may come at any moment
        self.staged.append((stream, version, event))
        self.states[stream], self.versions[stream] = after, version

    def only_read(self) -> Mapping[str, int]:
        """Return the version of each stream that was read, and on which nothing is staged."""
        only = dict(self.read)
        for stream, _, _ in self.staged:
            only.pop(stream, None)
        return only

    def back_to(self, first: int) -> None:
        """Forget the events that were staged from place *first* on."""
        undone = zip(self.staged[first:], self._before[first : len(self.staged)], strict=True)
        for (stream, version, _), before in reversed([*undone]):
            self.states[stream], self.versions[stream] = before, version - 1
        del self.staged[first:], self._before[first:]
