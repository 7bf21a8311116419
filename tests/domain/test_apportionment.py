"""Seats shared out by largest remainder: all of them, and no share above its quota rounded up."""

from itertools import permutations
from math import ceil, floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jamsos.domain.apportionment import largest_remainder
from jamsos.domain.geography import PROVINCES
from jamsos.domain.money import MOST
from jamsos.errors import InputError

names = st.sampled_from(sorted(PROVINCES))
weights = st.dictionaries(names, st.integers(0, 5) | st.integers(0, MOST), min_size=1).filter(
    lambda weights: sum(weights.values()) > 0
)
seats = st.integers(0, 20) | st.integers(0, MOST)


def rounded(seats, weights):
    """Share *seats* out as one must not."""
    total = sum(weights)
    return [round(seats * weight / total) for weight in weights]


@given(seats=seats, weights=weights)
def test_all_seats_are_shared_out_and_none_twice(seats, weights):
    shares = largest_remainder(seats, weights)

    assert sum(shares.values()) == seats
    assert shares.keys() == weights.keys()


@given(seats=seats, weights=weights)
def test_each_share_is_its_quota_rounded_down_or_up(seats, weights):
    total = sum(weights.values())
    for name, share in largest_remainder(seats, weights).items():
        down = seats * weights[name] // total
        assert down <= share <= down + (seats * weights[name] % total > 0)


@given(seats=seats, weights=weights)
def test_a_larger_weight_never_gets_a_smaller_share(seats, weights):
    shares = largest_remainder(seats, weights)
    for one, other in permutations(weights, 2):
        assert weights[one] >= weights[other] or shares[one] <= shares[other]


@given(seats=seats, weights=weights)
def test_no_weight_gets_no_seat(seats, weights):
    shares = largest_remainder(seats, weights)

    assert all(shares[name] == 0 for name, weight in weights.items() if weight == 0)


@given(seats=seats, weights=weights, data=st.data())
def test_the_order_of_the_weights_does_not_matter(seats, weights, data):
    shuffled = dict(data.draw(st.permutations(list(weights.items()))))

    assert largest_remainder(seats, shuffled) == largest_remainder(seats, weights)


@given(weights=weights, data=st.data())
def test_no_share_of_what_there_is_exceeds_what_is_there(weights, data):
    seats = data.draw(st.integers(0, min(MOST, sum(weights.values()))))

    shares = largest_remainder(seats, weights)
    assert all(share <= weights[name] for name, share in shares.items())


@pytest.mark.parametrize(
    ("seats", "weights", "shares"),
    [
        (10, {"a": 41, "b": 36, "c": 23}, {"a": 4, "b": 4, "c": 2}),
        (3, {"b": 1, "a": 1}, {"b": 1, "a": 2}),
        (2, {"c": 1, "b": 1, "a": 1}, {"c": 0, "b": 1, "a": 1}),
        (0, {"a": 3, "b": 0}, {"a": 0, "b": 0}),
        (7, {"a": 3, "b": 0}, {"a": 7, "b": 0}),
        (10_000, {"a": MOST, "b": MOST}, {"a": 5_000, "b": 5_000}),
    ],
)
def test_remainders_decide_and_then_the_names(seats, weights, shares):
    assert largest_remainder(seats, weights) == shares


def test_rounding_each_share_by_itself_gives_more_seats_than_there_are():
    assert rounded(3, [50, 50]) == [2, 2]
    assert sum(rounded(3, [50, 50])) == 4

    assert sum(largest_remainder(3, {"31": 50, "51": 50}).values()) == 3


@given(seats=st.integers(0, 50), weights=weights)
def test_shares_are_whole_numbers_where_a_quotient_would_be_a_float(seats, weights):
    total = sum(weights.values())
    for name, share in largest_remainder(seats, weights).items():
        assert type(share) is int
        if total < 1_000:
            quota = seats * weights[name] / total
            assert floor(quota) <= share <= ceil(quota)


@pytest.mark.parametrize("seats", [-1, 1.5, True, "3"])
def test_seats_that_are_no_whole_number_cannot_be_shared_out(seats):
    with pytest.raises(InputError, match="seats is"):
        largest_remainder(seats, {"a": 1})


@pytest.mark.parametrize("weight", [-1, 0.5, True, None])
def test_a_weight_is_a_whole_number(weight):
    with pytest.raises(InputError, match="the weight of b is"):
        largest_remainder(3, {"a": 1, "b": weight})


@pytest.mark.parametrize("weights", [{}, {"a": 0}, {"a": 0, "b": 0}])
def test_somebody_must_weigh_something(weights):
    with pytest.raises(InputError, match="give at least one weight above 0"):
        largest_remainder(3, weights)
