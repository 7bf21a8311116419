"""Streams and histories are read after a version, between positions, by name."""

from __future__ import annotations

from typing import Final

from jamsos.store.event_store import EventStore

from .cases import ANI, BUDI, MANY, Cases, agent, begun, certified
from .watching import same

CASES: Final = Cases()


@CASES.of_one
def _a_stream_is_read_after_a_version(store: EventStore) -> None:
    store.append([begun(1), begun(1, BUDI), certified(2), begun(3)])

    for after, versions in ((0, [1, 2, 3]), (1, [2, 3]), (3, []), (9, [])):
        same([r.version for r in store.stream(ANI, after=after)], versions)


@CASES.of_one
def _many_streams_are_read_together_in_order_of_position(store: EventStore) -> None:
    names = [agent(number) for number in range(1, MANY)]
    store.append([begun(1, name) for name in reversed(names)])
    store.append([certified(2, BUDI), certified(2)])

    same(len(store.news(dict.fromkeys(names, 0))), MANY + 1)
    read = [(r.stream, r.version) for r in store.news({ANI: 1, BUDI: 0, agent(MANY): 0})]
    same(read, [(BUDI, 1), (BUDI, 2), (ANI, 2)])
    same(store.news({}), [])


@CASES.of_one
def _a_history_is_read_between_two_positions_and_by_name(store: EventStore) -> None:
    store.append([begun(1), certified(2), begun(3), certified(4)])

    for after, upto, places in (
        (0, None, [1, 2, 3, 4]),
        (2, None, [3, 4]),
        (1, 3, [2, 3]),
        (2, 2, []),
        (4, None, []),
        (0, 9, [1, 2, 3, 4]),
    ):
        same([r.position for r in store.history(after=after, upto=upto)], places)
    named = store.history(after=1, names=["agent.certified.v1", "agent.assigned.v1"])
    same([r.position for r in named], [2, 4])
