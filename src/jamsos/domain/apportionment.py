"""Apportionment: a whole number of seats shared out by weight, and none left over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from jamsos.errors import InputError

from .money import check_whole

K = TypeVar("K", bound=str)


def largest_remainder(seats: int, weights: Mapping[K, int]) -> dict[K, int]:
    """
    Share *seats* out in proportion to *weights*, by largest remainder (Hamilton).

    Each gets its quota, ``seats * weight / total``, rounded down; the seats that are left go
    one each to the largest remainders. Of equal remainders the name that comes first in
    the alphabet wins: no merit lies in it, but the answer does not depend on the order of
    *weights*. The shares add up to *seats*, and no weight gets no seat.

    >>> largest_remainder(3, {"31": 50, "51": 50})
    {'31': 2, '51': 1}

    Raises `InputError` unless seats and weights are whole numbers from 0 on, and at least one
    weight is above 0.
    """
    check_whole("seats", seats)
    for name, weight in weights.items():
        check_whole(f"the weight of {name}", weight)
    total = sum(weights.values())
    if total == 0:
        msg = f"{seats} seats cannot be shared out: give at least one weight above 0"
        raise InputError(msg)
    shares = {name: seats * weight // total for name, weight in weights.items()}
    by_remainder = sorted(weights, key=lambda name: (-(seats * weights[name] % total), name))
    for name in by_remainder[: seats - sum(shares.values())]:
        shares[name] += 1
    return shares
