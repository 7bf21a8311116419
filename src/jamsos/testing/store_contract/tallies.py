"""Tallies, where a database keeps them: numbers and their position move together."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Final

from jamsos.domain.tally import Cell, Numbers
from jamsos.store.event_store import EventStore
from jamsos.store.tallies import Comparison, Difference, Reading

from .cases import MANY, Cases, begun, certified
from .watching import check, same

_TALLY: Final = "example"
_ONE, _OTHER = ("5", "51"), ("5", None)
_LATE: Final = 9_999 * 12


def _begun_tally(store: EventStore, version: int = 1, *, live: bool = True) -> int:
    """Begin a generation of the example; return its number."""
    store.tallies.begin(_TALLY, version, live=live)
    [mark] = [m for m in store.tallies.marks() if (m.version, m.live) == (version, live)]
    return mark.generation


def _at(store: EventStore) -> dict[int, int]:
    """Return the position of each generation."""
    return {mark.generation: mark.position for mark in store.tallies.marks()}


def _numbers(store: EventStore, heading: str = "a") -> Mapping[Cell, int] | None:
    reading = store.tallies.read(_TALLY, 1, (heading,), 0, _LATE)
    return None if reading is None else reading.numbers


CASES: Final = Cases()


@CASES.of_two
def _a_tally_begins_once_at_position_0(store: EventStore, other: EventStore) -> None:
    same(store.tallies.marks(), [])
    same(store.tallies.read(_TALLY, 1, ("a",), 0, _LATE), None)
    for opened in (store, other, store):
        opened.tallies.begin(_TALLY, 1, live=True)
        opened.tallies.begin(_TALLY, 1, live=False)
        opened.tallies.begin(_TALLY, 2, live=True)
        opened.tallies.begin("another", 1, live=True)

    marks = store.tallies.marks()
    same(other.tallies.marks(), marks)
    same(
        sorted((m.name, m.version, m.live, m.position) for m in marks),
        [
            ("another", 1, True, 0),
            (_TALLY, 1, False, 0),
            (_TALLY, 1, True, 0),
            (_TALLY, 2, True, 0),
        ],
    )
    same(len({mark.generation for mark in marks}), 4)
    same(store.tallies.read(_TALLY, 1, ("a",), 0, _LATE), Reading(0, 0, {}))


@CASES.of_two
def _numbers_and_their_position_move_together_or_not_at_all(
    store: EventStore, other: EventStore
) -> None:
    one, beside = _begun_tally(store), _begun_tally(store, live=False)
    added: Numbers = {("a", _ONE, 5): 2, ("a", _ONE, 7): -1, ("a", _OTHER, 5): 4}
    store.tallies.add({one: added}, after=0, upto=3)
    same(_at(store), {one: 3, beside: 0})

    for opened in (store, other):
        opened.tallies.add({one: added}, after=0, upto=3)
        opened.tallies.add({one: added}, after=2, upto=4)
    same(_at(other), {one: 3, beside: 0})
    same(_numbers(other), {_ONE: 1, _OTHER: 4})

    store.tallies.add({one: added, beside: added, 999: added}, after=0, upto=3)
    same(_at(store), {one: 3, beside: 3})
    same(_numbers(store), {_ONE: 1, _OTHER: 4})
    other.tallies.add({one: {}, beside: added}, after=3, upto=9)
    same(_at(store), {one: 9, beside: 9})
    same(_numbers(store), {_ONE: 1, _OTHER: 4})


@CASES.of_two
def _numbers_are_added_up_by_cell_over_the_months_and_headings_asked_for(
    store: EventStore, _: EventStore
) -> None:
    store.append([begun(1), certified(2)])
    odd: Cell = (None, 'a "b" | \u2713', "")
    generation = _begun_tally(store)
    store.tallies.add(
        {
            generation: {
                **{("a", _ONE, month): month for month in (0, 1, 2, 3)},
                ("a", _OTHER, 1): 5,
                ("a", _OTHER, 2): -5,
                ("a", (), 2): 2**40,
                ("b, c", odd, 2): -7,
                ("b, c", _ONE, 9): 90,
            }
        },
        after=0,
        upto=1,
    )

    cases: tuple[tuple[tuple[str, ...], int, int, Mapping[Cell, int]], ...] = (
        (("a",), 0, _LATE, {_ONE: 6, (): 2**40}),
        (("a",), 1, 1, {_ONE: 1, _OTHER: 5}),
        (("b, c",), 0, 8, {odd: -7}),
        (("a", "b, c", "a"), 3, 9, {_ONE: 93}),
        (("a",), 4, 9, {}),
        (("no such heading",), 0, _LATE, {}),
    )
    for headings, first, last, numbers in cases:
        reading = store.tallies.read(_TALLY, 1, headings, first, last)
        same(reading, Reading(1, 2, numbers))


@CASES.of_two
def _many_numbers_are_added_at_once(store: EventStore, _: EventStore) -> None:
    generation = _begun_tally(store)
    many: Numbers = {("a", (str(n),), n): n for n in range(1, MANY)}
    for place in (0, 1):
        store.tallies.add({generation: many}, after=place, upto=place + 1)

    same(_numbers(store), {(str(n),): 2 * n for n in range(1, MANY)})


@CASES.of_two
def _of_two_who_add_the_same_at_once_one_is_first(store: EventStore, other: EventStore) -> None:
    generation, rounds, together = _begun_tally(store), 20, Barrier(2)

    def add(to: EventStore) -> None:
        for place in range(rounds):
            together.wait(timeout=60)
            added: Numbers = {("a", (str(n),), n): 1 for n in range(20)}
            to.tallies.add({generation: added}, after=place, upto=place + 1)

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(add, opened) for opened in (store, other)]:
            done.result()
    same(_at(store), {generation: rounds})
    same(_numbers(store), {(str(n),): rounds for n in range(20)})


@CASES.of_two
def _who_reads_while_others_add_sees_numbers_as_they_stood_at_one_position(
    store: EventStore, other: EventStore
) -> None:
    generation, rounds = _begun_tally(store), 100

    def add() -> None:
        for place in range(rounds):
            added: Numbers = {("a", (str(n),), place): 1 for n in range(20)}
            store.tallies.add({generation: added}, after=place, upto=place + 1)

    with ThreadPoolExecutor(1) as pool:
        adding, ends = pool.submit(add), False
        while not ends:
            ends = adding.done()
            reading = other.tallies.read(_TALLY, 1, ("a",), 0, _LATE)
            if reading is None:
                msg = "the tally has a live generation, and no reading came"
                raise AssertionError(msg)
            expected = {(str(n),): reading.position for n in range(20) if reading.position}
            same(reading.numbers, expected)
        adding.result()


@CASES.of_two
def _two_generations_are_compared_where_they_stand_at_one_position(
    store: EventStore, _: EventStore
) -> None:
    live, beside = _begun_tally(store), _begun_tally(store, live=False)
    same(store.tallies.compare(live, beside), Comparison(0, ()))
    store.tallies.add(
        {live: {("b", _ONE, 1): 1, ("a", (), 2): 3, ("a", (), 1): 4}}, after=0, upto=5
    )
    same(store.tallies.compare(live, beside), None)
    same(store.tallies.compare(live, 999), None)
    store.tallies.add({beside: {("a", (), 1): 4, ("c", (), 0): -1}}, after=0, upto=4)
    store.tallies.add({beside: {("a", (), 2): 1}}, after=4, upto=5)

    found = store.tallies.compare(live, beside)
    same(
        found,
        Comparison(
            5,
            (
                Difference("a", (), 2, 3, 1),
                Difference("b", _ONE, 1, 1, 0),
                Difference("c", (), 0, 0, -1),
            ),
        ),
    )


@CASES.of_two
def _a_generation_that_has_come_as_far_answers_in_place_of_the_live_one(
    store: EventStore, other: EventStore
) -> None:
    live, beside, newer = (
        _begun_tally(store),
        _begun_tally(store, live=False),
        _begun_tally(store, 2),
    )
    store.tallies.add({live: {("a", (), 0): 1}}, after=0, upto=5)
    store.tallies.add({beside: {("a", (), 0): 2}}, after=0, upto=4)
    same(store.tallies.switch(live, beside), expected=False)
    same(store.tallies.switch(live, 999), expected=False)
    same(_numbers(other), {(): 1})

    store.tallies.add({beside: {("a", (), 0): 2}}, after=4, upto=6)
    same(store.tallies.switch(live, beside), expected=True)
    same(store.tallies.switch(live, beside), expected=False)
    same(_numbers(other), {(): 4})
    same(
        [(m.generation, m.live) for m in other.tallies.marks()],
        [
            (beside, True),
            (newer, True),
        ],
    )

    other.tallies.add({live: {("a", (), 0): 1}}, after=5, upto=6)
    store.tallies.sweep()
    same(_numbers(store), {(): 4})


@CASES.of_two
def _a_generation_that_was_dropped_never_comes_back(store: EventStore, _: EventStore) -> None:
    live, dropped = _begun_tally(store), {0}
    store.tallies.add({live: {("a", (), 0): 1}}, after=0, upto=1)
    for swept in (False, True, False):
        beside = _begun_tally(store, live=False)
        check(beside not in dropped, f"generation {beside} was dropped, and comes back")
        many: Numbers = {("a", (str(n),), n): 1 for n in range(5 * MANY)}
        store.tallies.add({beside: many}, after=0, upto=1)
        store.tallies.drop(beside)
        store.tallies.drop(beside)
        if swept:
            store.tallies.sweep()
        dropped.add(beside)

    beside = _begun_tally(store, live=False)
    store.tallies.add({beside: {}}, after=0, upto=1)
    same(store.tallies.compare(live, beside), Comparison(1, (Difference("a", (), 0, 1, 0),)))
    store.tallies.drop(live)
    same(store.tallies.read(_TALLY, 1, ("a",), 0, _LATE), None)
    same([mark.generation for mark in store.tallies.marks()], [beside])
