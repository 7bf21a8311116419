"""A rate: a whole number of parts per 100,000, written as a percentage; never a float."""

from __future__ import annotations

import re
from typing import Final

from jamsos.errors import InputError

RATE: Final = "per-100000"
"""The unit of a rule whose whole numbers are rates: 240 of it is 0.24 %."""

WHOLE: Final = 100_000
"""The rate of the whole: 100 %."""

_PER_CENT: Final = WHOLE // 100
_DECIMALS: Final = 3
_TEXT = re.compile(rf"(\d{{1,3}})(?:\.(\d{{1,{_DECIMALS}}}))? %", re.ASCII)


def parse_rate(text: str) -> int:
    """
    Return the rate that *text* writes as a percentage.

    >>> parse_rate("0.24 %"), parse_rate("7.5 %"), parse_rate("100 %")
    (240, 7500, 100000)

    Raises `InputError` unless it is a percentage of at most 100 %, with decimals that fit.
    """
    match = _TEXT.fullmatch(text)
    if match is None:
        msg = (
            f"{text!r} is not a rate: write a percentage of at most {_DECIMALS} decimals, as 0.24 %"
        )
        raise InputError(msg)
    rate = int(match[1]) * _PER_CENT + int((match[2] or "").ljust(_DECIMALS, "0"))
    if rate > WHOLE:
        msg = f"{text!r} is more than 100 %"
        raise InputError(msg)
    return rate
