"""What it is to count in a month: a named, cited definition."""

from __future__ import annotations

from collections.abc import Callable

import attrs

from .calendar import Months
from .citation import Citation, Status
from .coverage import NO_MONTHS, Standing

MANDATORY = "jkk"
"""The programme by whose coverage a participant is counted, unless another is named."""


@attrs.frozen
class Definition:
    """
    A definition of active: in which months a standing counts.

    *months* is a pure function of a standing and the name of a programme. Nobody counts in
    a month in which he is not registered, whatever it gives.
    """

    name: str
    sentence: str
    citation: Citation
    status: Status
    months: Callable[[Standing, str], Months]

    def counted(self, standing: Standing, programme: str) -> Months:
        """Return the months in which *standing* counts, by coverage in *programme*."""
        if not standing.spells:
            return NO_MONTHS
        return self.months(standing, programme) & standing.registered
