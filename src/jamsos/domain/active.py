"""A named, cited definition of active: in which months a participant counts."""

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

    *months* is a pure function of a standing and the name of a programme. A participant counts
    only in months in which they are registered, whatever it gives.
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
