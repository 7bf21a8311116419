"""What it is to count in a month: a named, cited definition."""

from __future__ import annotations

from collections.abc import Callable

import attrs

from .calendar import Months
from .citation import Citation, Status
from .coverage import Standing

MANDATORY = "jkk"
"""The programme by whose coverage a participant is counted, unless another is named."""


@attrs.frozen
class Definition:
    """
    A definition of active: in which months a standing counts.

    *months* is a pure function of a standing and the name of a programme. It must give
    only months that the standing and the programme determine, so that sums hold.
    """

    name: str
    sentence: str
    citation: Citation
    status: Status
    months: Callable[[Standing, str], Months]
