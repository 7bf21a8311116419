"""A tally of one's own is named by an error if it gives no whole numbers; nothing is written."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction
from typing import Any

import pytest

import jamsos
from jamsos.domain.tally import Tally
from jamsos.engine.live import SEATS
from jamsos.errors import InputError
from jamsos.store.place import is_address

MOST = 2**63 - 1


class Number(IntEnum):
    ONE = 1


class Text(str):
    __slots__ = ()


WRONG: list[Any] = [
    *({("mine", (), 0): n} for n in (0.1, 1.0, float("nan"), float("inf"), True, None, "1")),
    *({("mine", (), 0): n} for n in (Decimal(1), Fraction(1), 1j, Number.ONE, [1])),
    *({("mine", (), 0): n} for n in (MOST + 1, -MOST - 1, 10**40)),
    {"mine": 1},
    {("mine", ()): 1},
    {("mine", (), 0, 0): 1},
    {(1, (), 0): 1},
    {("mine", "51", 0): 1},
    {("mine", (51,), 0): 1},
    {("mine", (("51",),), 0): 1},
    {("mine", (Text("51"),), 0): 1},
    {("mine", (), None): 1},
    {("mine", (), True): 1},
    {("mine", (), -1): 1},
    {("mine", (), 120_000): 1},
    {("mine", (), jamsos.Month(2018, 1)): 1},
    {("mi\0ne", (), 0): 1},
    {("mine", ("\ud800",), 0): 1},
    [("mine", (), 0)],
    None,
    1,
]


def mine(numbers: Any, *, name: str = "mine", version: int = 1) -> Tally:
    return Tally(name, version, lambda _: numbers)


def test_a_tally_that_gives_no_whole_numbers_is_an_input_error_and_nothing_is_written(place):
    with jamsos.open(place) as registry:
        for numbers in WRONG:
            for ask in (
                lambda tally: registry.live_sums(tally, "mine"),
                registry.catch_up,
                registry.rebuild,
            ):
                with pytest.raises(InputError, match="the tally 'mine', version 1"):
                    ask(mine(numbers))

        assert registry._store.tallies.marks() == []


@pytest.mark.parametrize("number", [1, -1, 0, MOST, -MOST])
def test_what_are_whole_numbers_are_kept_as_they_are(place, number):
    with jamsos.open(place) as registry:
        found = registry.live_sums(mine({("mine", ("51", None), 24_216): number}), "mine")

    assert found.numbers == ({("51", None): number} if number else {})


def test_a_sum_that_leaves_64_bits_is_an_input_error_and_stays_as_it_was(place):
    tally = mine({("mine", (), 0): MOST})
    with jamsos.open(place) as registry:
        before = registry.live_sums(tally, "mine")
        registry.allot("perisai", 1, on=jamsos.Month(2018, 1).first_day).or_raise()

        with pytest.raises(InputError, match=r"the tally 'mine': .* 64 bits"):
            registry.live_sums(tally, "mine")
        assert [m.position for m in registry._store.tallies.marks()] == [before.known_at]


def test_a_stored_number_that_is_not_whole_is_found(place):
    if is_address(place):
        pytest.skip("a column of whole numbers holds nothing else")
    tally = mine({("mine", (), 0): 1})
    with jamsos.open(place) as registry:
        registry.catch_up(tally)
    with closing(sqlite3.connect(place, isolation_level=None)) as other:
        other.execute("UPDATE tally_cells SET number = 0.5")

    with jamsos.open(place) as registry, pytest.raises(InputError, match=r"'mine'.*0\.5"):
        registry.live_sums(tally, "mine")


def test_the_name_and_the_version_of_a_tally_that_ships_are_taken(place):
    other = mine({("mine", (), 0): 1}, name="seats")
    with jamsos.open(place) as registry:
        for ask in (lambda t: registry.live_sums(t, "mine"), registry.catch_up, registry.rebuild):
            with pytest.raises(InputError, match="the tally 'seats', version 1,"):
                ask(other)

        assert registry.live_sums(SEATS, "allotted").numbers == {("perisai", "national"): 2}
        second = mine({("mine", (), 0): 1}, name="seats", version=2)
        assert registry.live_sums(second, "mine").numbers == {(): 1}


def test_two_tallies_of_one_name_and_version_are_not_mixed(place):
    with jamsos.open(place) as registry:
        with pytest.raises(InputError, match="the tally 'mine'"):
            registry.catch_up(mine({}), mine({}))
        same = mine({})
        assert registry.catch_up(same, same) == registry.last_position()


@pytest.mark.parametrize(
    ("name", "version", "sums"),
    [
        ("", 1, dict), (1, 1, dict), ("a\0", 1, dict), ("mine", 0, dict), ("mine", 1.0, dict),
        ("mine", True, dict), ("mine", 2**31, dict), ("mine", "1", dict), ("mine", 1, None),
    ],
)  # fmt: skip
def test_a_tally_that_cannot_be_kept_cannot_be_made(name, version, sums):
    with pytest.raises(InputError, match="tally"):
        Tally(name, version, sums)


def test_what_is_no_tally_is_an_input_error(office):
    with pytest.raises(InputError, match="'seats' is not a tally"):
        office.live_sums("seats", "allotted")
