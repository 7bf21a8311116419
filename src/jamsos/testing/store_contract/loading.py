"""A history is loaded into an empty store, whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from jamsos.errors import ConflictError, InputError
from jamsos.store.event_store import Entry, EventStore

from .cases import BUDI, MANY, Cases, agent, begun, certified, raises
from .watching import same

CASES: Final = Cases()


@CASES.of_one
def _a_history_is_loaded_into_an_empty_store(store: EventStore) -> None:
    given = [begun(1, command="letter-1"), begun(1, BUDI), *(certified(2),)]

    same(store.load(iter(given)), 3)
    same([e for _, e in store.entries()], given)
    same(store.answers(["letter-1"])["letter-1"].first, 1)
    with raises(ConflictError):
        store.load([begun(1, agent(3))])
    same(store.append([begun(3)]), range(4, 5))


@CASES.of_one
def _a_history_that_breaks_off_while_it_is_loaded_leaves_the_store_empty(
    store: EventStore,
) -> None:
    def broken() -> Iterator[Entry]:
        yield from (begun(1, agent(number)) for number in range(MANY))
        msg = "the file ends"
        raise InputError(msg)

    with raises(InputError):
        store.load(broken())
    same(store.last_position(), 0)
    same(store.append([begun(1)]), range(1, 2))
