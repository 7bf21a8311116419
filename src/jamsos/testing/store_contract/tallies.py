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
from .texts import LIKE, LONGEST, TEXTS
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


@CASES.of_two
def _numbers_are_exact_to_64_bits_and_so_are_positions(store: EventStore, _: EventStore) -> None:
    live, beside = _begun_tally(store), _begun_tally(store, live=False)
    large = (2**15, 2**16, 2**31, 2**32, 2**53 + 1, 2**62 - 1)
    exact: Numbers = {("a", (str(n),), 0): n for n in (*large, *(-n for n in large))}
    at = 0
    for upto in (2**31, 2**53 + 1):
        store.tallies.add({live: exact}, after=at, upto=upto)
        store.tallies.add({live: exact}, after=at, upto=upto)
        at = upto
    same(_numbers(store), {(str(n),): 2 * n for n in exact.values()})
    same(_at(store), {live: 2**53 + 1, beside: 0})

    one_less: Numbers = {p: 2 * n - (n == large[-2]) for p, n in exact.items()}
    store.tallies.add({beside: one_less}, after=0, upto=2**53)
    same(store.tallies.compare(live, beside), None)
    same(store.tallies.switch(live, beside), expected=False)
    store.tallies.add({beside: {}}, after=2**53, upto=2**53 + 1)
    cell, twice = (str(large[-2]),), 2 * large[-2]
    difference = Difference("a", cell, 0, twice, twice - 1)
    same(store.tallies.compare(live, beside), Comparison(2**53 + 1, (difference,)))


@CASES.of_two
def _the_first_and_the_last_month_asked_for_are_both_counted(
    store: EventStore, _: EventStore
) -> None:
    generation = _begun_tally(store)
    months = (0, 1, 11, 12, 13, 99, 100, 32_767, 32_768, 65_536, _LATE - 1, _LATE)
    sums: Numbers = {("a", (), month): month + 1 for month in months}
    store.tallies.add({generation: sums}, after=0, upto=1)

    for first in months:
        for last in months:
            total = sum(month + 1 for month in months if first <= month <= last)
            reading = store.tallies.read(_TALLY, 1, ("a",), first, last)
            same(reading, Reading(1, 0, {(): total} if total else {}))


@CASES.of_two
def _what_adds_up_to_nothing_is_not_there(store: EventStore, _: EventStore) -> None:
    generation = _begun_tally(store)
    store.tallies.add(
        {generation: {("a", _ONE, 1): 3, ("a", _ONE, 2): -3, ("a", _OTHER, 1): 0}}, after=0, upto=1
    )
    store.tallies.add({generation: {("b", _ONE, 1): 5, ("a", (), 1): 1}}, after=1, upto=2)
    store.tallies.add({generation: {("b", _ONE, 1): -5}}, after=2, upto=3)

    same(_numbers(store), {(): 1})
    same(_numbers(store, "b"), {})
    beside = _begun_tally(store, live=False)
    store.tallies.add({beside: {("a", (), 1): 1}}, after=0, upto=3)
    found = store.tallies.compare(generation, beside)
    differences = (Difference("a", _ONE, 1, 3, 0), Difference("a", _ONE, 2, -3, 0))
    same(found, Comparison(3, differences))


@CASES.of_two
def _headings_and_cells_that_differ_in_anything_are_kept_apart(
    store: EventStore, _: EventStore
) -> None:
    generation = _begun_tally(store)
    cells: list[Cell] = [*((text,) for text in TEXTS), (None,), ("",), (), ("", ""), (None, "")]
    sums: Numbers = {
        **{("cells", cell, 1): n for n, cell in enumerate(cells, start=1)},
        **{(f"of {text}", (), 1): n for n, text in enumerate(TEXTS, start=1)},
    }
    store.tallies.add({generation: sums}, after=0, upto=1)

    same(_numbers(store, "cells"), {cell: n for n, cell in enumerate(cells, start=1)})
    for number, text in enumerate(TEXTS, start=1):
        same(_numbers(store, f"of {text}"), {(): number})
    headings = tuple(f"of {text}" for text in TEXTS)
    total = sum(range(1, len(TEXTS) + 1))
    same(store.tallies.read(_TALLY, 1, headings, 1, 1), Reading(1, 0, {(): total}))


@CASES.of_two
def _tallies_whose_names_or_versions_differ_are_kept_apart(
    store: EventStore, other: EventStore
) -> None:
    names = [text for group in LIKE for text in group]
    names += ["x" * (LONGEST - 1) + last for last in "yz"]
    wanted = [(name, 1) for name in dict.fromkeys(names)]
    wanted += [(_TALLY, version) for version in (1, 2, 10, 32_768, 2**31 - 1)]
    for name, version in wanted:
        store.tallies.begin(name, version, live=True)

    marks = other.tallies.marks()
    same([(mark.name, mark.version) for mark in marks], wanted)
    same([mark.generation for mark in marks], sorted({mark.generation for mark in marks}))
    sums: dict[int, Numbers] = {mark.generation: {("a", (), 0): mark.generation} for mark in marks}
    store.tallies.add(sums, after=0, upto=1)
    for mark in marks:
        reading = other.tallies.read(mark.name, mark.version, ("a",), 0, 0)
        same(reading, Reading(1, 0, {(): mark.generation}))
    same(other.tallies.read(_TALLY, 3, ("a",), 0, 0), None)


@CASES.of_two
def _dropped_numbers_are_swept_and_no_others(store: EventStore, other: EventStore) -> None:
    live, beside = _begun_tally(store), _begun_tally(store, live=False)
    second = _begun_tally(store, 2)
    sums: Numbers = {("a", (str(n),), 0): 1 for n in range(20)}
    store.tallies.add({live: sums, beside: sums, second: sums}, after=0, upto=1)
    store.tallies.sweep()
    other.tallies.drop(live)
    other.tallies.drop(999)
    other.tallies.sweep()

    same(store.tallies.read(_TALLY, 1, ("a",), 0, _LATE), None)
    same(_at(store), {beside: 1, second: 1})
    reading = store.tallies.read(_TALLY, 2, ("a",), 0, _LATE)
    same(reading, Reading(1, 0, {(str(n),): 1 for n in range(20)}))
    again = _begun_tally(store)
    check(again not in {live, beside, second}, f"generation {again} was there, and comes again")
    store.tallies.add({again: {}}, after=0, upto=1)
    found = store.tallies.compare(again, beside)
    same(None if found is None else len(found.differences), 20)
    same(store.tallies.switch(again, beside), expected=True)
    same(_numbers(other), {(str(n),): 1 for n in range(20)})


@CASES.of_two
def _what_is_read_again_of_a_tally_is_read_anew(store: EventStore, other: EventStore) -> None:
    generation, both = _begun_tally(store), (store, other)
    for turn in range(6):
        expected: dict[Cell, int] = {(): turn} if turn else {}
        for opened in both:
            same(opened.tallies.read(_TALLY, 1, ("a",), 0, 0), Reading(turn, turn, expected))
            same(_at(opened), {generation: turn})
        both[turn % 2].tallies.add({generation: {("a", (), 0): 1}}, after=turn, upto=turn + 1)
        both[turn // 2 % 2].append([begun(turn + 1)])
