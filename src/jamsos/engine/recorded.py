"""Reads what a store has recorded, and keeps of it what is asked for again."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from threading import Condition, RLock
from types import MappingProxyType
from typing import Final
from weakref import WeakSet

from jamsos.commands.measuring import measures_of
from jamsos.commands.reading import Concerning
from jamsos.domain.aggregate import Event, State
from jamsos.domain.aggregate import state as state_of
from jamsos.domain.calendar import Month
from jamsos.domain.history import in_order
from jamsos.domain.identity import AgentId
from jamsos.domain.participant import Participant
from jamsos.domain.programme import Measures
from jamsos.projections.agent_performance import RELEVANT, AgentPerformance, acquisition
from jamsos.store.catalogue import CODEC
from jamsos.store.event_store import EventStore
from jamsos.store.snapshots import EVERY

FEW: Final = 64
"""So many participants are kept: those asked for last."""

_sources: WeakSet[RecordedSource] = WeakSet()
"""All that there are in this process."""


class RecordedSource:
    """
    The readings of sessions over *store*: streams at their newest version, and projections.

    Agents, programmes and quotas are kept, and only what is new of them is read; participants
    are many, and of them only a `FEW` are.
    """

    def __init__(self, store: EventStore) -> None:
        self._store = store
        self._known: dict[str, tuple[State, int]] = {}
        self._people: dict[str, tuple[State, int]] = {}
        self._noted: dict[str, int] = {}
        """The version of which a snapshot of a stream was found, or made, where there is one."""
        self._long: dict[str, tuple[State, int]] = {}
        """The streams of which a snapshot is to be made, as they were read or written last."""
        self._performance = AgentPerformance()
        self._acquired: dict[AgentId, tuple[Mapping[date, int], int]] = {}
        self.deciding = RLock()
        """Held while anything is decided: the threads of a process do not race each other."""
        _sources.add(self)

    def is_deciding(self) -> bool:
        """Return whether this thread holds `deciding`."""
        try:
            Condition(self.deciding).notify(0)
        except RuntimeError:
            return False
        return True

    def state(self, stream: str) -> State:
        """Return what *stream* holds, as of now."""
        state, _ = self.load_many([stream])[stream]
        self.keep_snapshots()
        return state

    def load_many(self, streams: Sequence[str]) -> Mapping[str, tuple[State, int]]:
        """Return the state and the version of each of *streams*, read afresh, all at once."""
        known = {stream: self._kept(stream) for stream in streams}
        found = self._snapshots([stream for stream, kept in known.items() if kept is None])
        versions = {stream: 0 if kept is None else kept[1] for stream, kept in known.items()}
        # With the event of which a snapshot was made: that it is there still.
        news = self._news(
            versions | {stream: version - 1 for stream, (_, version) in found.items()}
        )
        gone = [s for s in found if not news[s]]
        for stream in gone:
            del found[stream]
        if gone:
            news |= self._news(dict.fromkeys(gone, 0))
        read: dict[str, tuple[State, int]] = {}
        for stream, before in known.items():
            events, there = news[stream], found.get(stream)
            if there is not None:
                self._noted[stream] = there[1]
                events = events[1:]
            if before is not None and not events:
                read[stream] = before
                continue
            state, version = before or there or (None, 0)
            read[stream] = state_of(stream, events, since=state), version + len(events)
            self.keep(stream, *read[stream])
        return read

    def _news(self, versions: Mapping[str, int]) -> dict[str, list[Event]]:
        """Return the events of each stream that follow the version named."""
        news: dict[str, list[Event]] = {stream: [] for stream in versions}
        for recorded in self._store.news(versions):
            news[recorded.stream].append(recorded.event)
        return news

    def _snapshots(self, streams: Sequence[str]) -> dict[str, tuple[State, int]]:
        return self._store.snapshots(streams) if streams else {}

    def keep(self, stream: str, state: State, version: int) -> None:
        """Keep what was read or written; of participants, those asked for last."""
        kept = state, version
        if version - self._noted.get(stream, 0) >= EVERY:
            self._long[stream] = kept
        if not isinstance(state, Participant):
            self._known[stream] = kept
            return
        people = self._people
        people.pop(stream, None)
        people[stream] = kept
        if len(people) > FEW:
            with suppress(RuntimeError):  # another thread keeps somebody too
                last = next(iter(people))
                people.pop(last, None)
                self._noted.pop(last, None)

    def keep_snapshots(self) -> None:
        """Keep a snapshot of each stream that has many more events than its last one."""
        if not self._long:
            return
        long, self._long = self._long, {}
        with suppress(Exception):  # nothing rests on them, and what was asked is answered
            self._store.keep_snapshots(long)
        self._noted |= {stream: version for stream, (_, version) in long.items()}

    def _kept(self, stream: str) -> tuple[State, int] | None:
        return self._known.get(stream) or self._people.get(stream)

    def forget(self) -> None:
        """Read every stream afresh from now on."""
        self._known.clear()
        self._people.clear()
        self._long.clear()
        self._acquired.clear()

    def concerning(self, stream: str) -> Concerning:
        """Return the events of other streams that concern *stream*, as of now."""
        found = self._store.concerning({stream: 0})
        events = tuple((recorded.stream, recorded.event) for _, recorded in found)
        return Concerning(found[-1][1].position if found else 0, events)

    def acquisitions(self, agent: AgentId) -> tuple[Mapping[date, int], int]:
        """Return how many *agent* acquired on which day, reading only what is new."""
        known, position = self._acquired.get(agent, _NO_DAYS)
        news = [recorded for _, recorded in self._store.concerning({agent: position})]
        if news:
            days, position = Counter(known), news[-1].position
            for recorded in news:
                acquired = acquisition(recorded.event)
                if acquired is not None and acquired[0] == agent:
                    days[acquired[1]] += acquired[2]
            known = MappingProxyType(days)
            self._acquired[agent] = known, position
        return known, position

    def last_position(self) -> int:
        """Return the position of the newest event."""
        return self._store.last_position()

    def performance(self) -> AgentPerformance:
        """Return what the agents have done, up to the newest event: the caller's own."""
        with self.deciding:
            found, last = self._performance.copy(), self._store.last_position()
            for recorded in self._store.history(
                after=found.position, upto=last, names=CODEC.names(RELEVANT)
            ):
                found.apply(recorded)
            found.position = last
            self._performance = found  # once it is whole: a signal handler may break off the above
            return found.copy()

    def measures(self, programme: str, *, month: Month, months: int, after_months: int) -> Measures:
        """Return the measures of *programme* at the end of *month*, from the whole history."""
        history = in_order(self._store.history())
        return measures_of(
            history, programme, month=month, months=months, after_months=after_months
        )


_NO_DAYS: Final[tuple[Mapping[date, int], int]] = (MappingProxyType({}), 0)


def _after_fork() -> None:
    """Let this process, a fork, decide: the thread that was deciding is not here."""
    for source in tuple(_sources):
        source.deciding = RLock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
