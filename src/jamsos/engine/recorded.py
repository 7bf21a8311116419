"""Reads what a store has recorded, and keeps of it what is asked for again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from threading import RLock

from jamsos.commands.measuring import measures_of
from jamsos.domain.aggregate import Event, State
from jamsos.domain.aggregate import state as state_of
from jamsos.domain.calendar import Month
from jamsos.domain.history import in_order
from jamsos.domain.participant import Participant
from jamsos.domain.programme import Measures
from jamsos.projections.agent_performance import RELEVANT, AgentPerformance
from jamsos.projections.incentive_base import RELEVANT as EARNING
from jamsos.projections.incentive_base import IncentiveBase
from jamsos.store.catalogue import CODEC
from jamsos.store.event_store import EventStore


class RecordedSource:
    """
    The readings of sessions over *store*: streams at their newest version, and projections.

    Agents, programmes and quotas are kept, and only what is new of them is read; participants
    are many, and asked for rarely.
    """

    def __init__(self, store: EventStore) -> None:
        self._store = store
        self._known: dict[str, tuple[State, int]] = {}
        self._performance = AgentPerformance()
        self._incentive_base = IncentiveBase()
        self.deciding = RLock()
        """Held while anything is decided: the threads of a process do not race each other."""

    def state(self, stream: str) -> State:
        """Return what *stream* holds, as of now."""
        return self.load_many([stream])[stream][0]

    def load_many(self, streams: Sequence[str]) -> Mapping[str, tuple[State, int]]:
        """Return the state and the version of each of *streams*, read afresh, all at once."""
        read: dict[str, tuple[State, int]] = {}
        versions: dict[str, int] = {}
        news: dict[str, list[Event]] = {}
        for stream in streams:
            kept = self._known.get(stream)
            versions[stream] = 0 if kept is None else kept[1]
            news[stream] = []
        for recorded in self._store.news(versions):
            news[recorded.stream].append(recorded.event)
        for stream, events in news.items():
            kept = self._known.get(stream)
            if kept is None or events:
                state = state_of(stream, events, since=None if kept is None else kept[0])
                kept = (state, versions[stream] + len(events))
                self.keep(stream, *kept)
            read[stream] = kept
        return read

    def keep(self, stream: str, state: State, version: int) -> None:
        """Keep what was read or written, except of participants."""
        if not isinstance(state, Participant):
            self._known[stream] = (state, version)

    def forget(self) -> None:
        """Read every stream afresh from now on."""
        self._known.clear()

    def performance(self) -> AgentPerformance:
        """Return what the agents have done, up to the newest event."""
        self._follow(self._performance, RELEVANT)
        return self._performance

    def incentive_base(self) -> IncentiveBase:
        """Return what incentives are computed from, up to the newest event."""
        self._follow(self._incentive_base, EARNING)
        return self._incentive_base

    def measures(self, programme: str, *, month: Month, months: int, after_months: int) -> Measures:
        """Return the measures of *programme* at the end of *month*, from the whole history."""
        history = in_order(self._store.history())
        return measures_of(
            history, programme, month=month, months=months, after_months=after_months
        )

    def _follow(
        self, projection: AgentPerformance | IncentiveBase, relevant: Sequence[type]
    ) -> None:
        """Bring *projection*, for which some events are *relevant*, up to the newest event."""
        with self.deciding:
            last = self._store.last_position()
            for recorded in self._store.history(
                after=projection.position, upto=last, names=CODEC.names(relevant)
            ):
                projection.apply(recorded)
            projection.position = last
