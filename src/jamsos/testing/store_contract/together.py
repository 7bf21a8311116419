"""Two write and read at once, and later: nothing is lost, nothing is passed over."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from threading import Barrier
from typing import Final

from jamsos.domain.decision import Accepted
from jamsos.errors import ConflictError, StoreError
from jamsos.store.event_store import EventStore, Kept
from jamsos.store.recorder import Answered

from .cases import (
    ANI,
    LATEST,
    Cases,
    OpenRecorder,
    agent,
    begun,
    certified,
    letter,
    numbered,
    places,
    put,
    raises,
    row,
)
from .watching import check, same

CASES: Final = Cases()


@CASES.of_two
def _what_one_has_stored_the_other_reads(store: EventStore, other: EventStore) -> None:
    store.append([begun(1)])
    same(places(other), [(1, ANI, 1)])
    same(other.append([certified(2)]), range(2, 3))
    same([r.version for r in store.stream(ANI, after=1)], [2])


@CASES.of_two
def _of_two_who_write_one_version_at_once_one_is_first(
    store: EventStore, other: EventStore
) -> None:
    rounds, together = 20, Barrier(2)

    def write(to: EventStore) -> int:
        first = 0
        for version in range(1, rounds + 1):
            together.wait(timeout=60)
            try:
                to.append([begun(version)])
                first += 1
            except ConflictError:
                pass
            except BaseException:
                together.abort()  # the other waits for nobody
                raise
        return first

    with ThreadPoolExecutor(2) as pool:
        same(sum(pool.map(write, [store, other])), rounds)
    same(places(store), [(n, ANI, n) for n in range(1, rounds + 1)])


@CASES.of_two
def _who_reads_while_others_write_never_passes_over_an_event(
    store: EventStore, other: EventStore
) -> None:
    transactions, writers = 25, 3

    def write(writer: int) -> None:
        by = (store, other)[writer % 2]
        for number in range(transactions):
            size = 1 + 200 * (number % 3)
            first = (writer * transactions + number) * 1_000
            by.append([begun(1, agent(first + n)) for n in range(size)])

    seen: list[int] = []
    with ThreadPoolExecutor(writers) as pool:
        writing = [pool.submit(write, writer) for writer in range(writers)]
        ends = False
        while not ends:
            ends = all(future.done() for future in writing)
            seen += [r.position for r in other.history(after=len(seen))]
            same(seen, list(range(1, len(seen) + 1)))
        for future in writing:
            future.result()
    same(len(seen), store.last_position())


@CASES.opening
def _what_was_stored_is_there_when_it_is_opened_again(open_recorder: OpenRecorder) -> None:
    with EventStore(open_recorder()) as store:
        store.append([begun(1)], kept=[Kept("letter-1", "digest", 0, (Accepted(),))])
    with EventStore(open_recorder()) as store:
        same(places(store), [(1, ANI, 1)])
        same(list(store.answers(["letter-1"])), ["letter-1"])
        same(store.append([certified(2)]), range(2, 3))
    with closing(open_recorder()) as recorder:
        told = [Answered("letter-2", "digest", 0, 1, b"[1]")]
        rows = [row("one"), row("two")]
        put(recorder, rows, answered=told, concerns=[("other", 1)])
        before = recorder.page(0, LATEST, ())
    with closing(open_recorder()) as recorder:
        same(recorder.page(0, LATEST, ()), before)
        same(recorder.news({"one": 0, "two": 0}), numbered(rows, 3))
        same(recorder.concerning({"other": 0}), [("other", (4, *rows[1]))])
        same(recorder.answers(["letter-2"]), [Answered("letter-2", "digest", 3, 1, b"[1]")])
        late: tuple[Callable[[], int], ...] = (
            partial(put, recorder, rows[:1]),
            partial(put, recorder, answered=[letter("letter-2")]),
            partial(put, recorder, [row("new")], expected={"one": 0}),
            partial(put, recorder, [row("new")], after=3),
            partial(put, recorder, [row("new")], unconcerned={"other": 3}),
            lambda: recorder.load(iter(rows), iter([]), iter([])),
        )
        for append in late:
            with raises(ConflictError):
                append()
        same(put(recorder, [row("new")], after=4, unconcerned={"other": 4}), 4)


@CASES.opening
def _a_closed_store_says_so(open_recorder: OpenRecorder) -> None:
    store = EventStore(open_recorder())
    store.close()
    for use in (store.last_position, lambda: store.append([begun(1)]), lambda: store.stream(ANI)):
        with raises(StoreError):
            use()
    recorder = open_recorder()
    recorder.close()
    for ask in (
        lambda: recorder.news({"one": 0, "two": 0}),
        lambda: recorder.concerning({"one": 0}),
        lambda: recorder.page(0, LATEST, ["a"]),
        lambda: recorder.answers(["letter-1"]),
        lambda: put(recorder, answered=[Answered("letter-1", "digest", 0, 0, b"[0]")]),
        lambda: recorder.load(iter([row("one")]), iter([]), iter([])),
    ):
        with raises(StoreError):
            ask()


_PASSWORD: Final = re.compile(r"://[^/@\s]*:[^/@\s]+@|\bpassword\s*=", re.IGNORECASE)


@CASES.opening
def _a_database_has_a_name_without_a_password(open_recorder: OpenRecorder) -> None:
    with closing(open_recorder()) as recorder:
        named = isinstance(recorder.place, str) and bool(recorder.place)
        check(named, "the place of a recorder is its name in errors")
        check(not _PASSWORD.search(recorder.place), "a password stands in the place")
