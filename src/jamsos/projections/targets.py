"""Progress from a cited opening balance toward a cited target."""

from __future__ import annotations

from datetime import date

import attrs

from jamsos.domain.programme import Programme
from jamsos.domain.rule import Rule


@attrs.frozen
class Progress:
    """How far *opening* + *added* has come toward *target*."""

    opening: Rule
    target: Rule
    added: int

    @property
    def reached(self) -> int:
        """The opening balance and what was added to it."""
        return self.opening.value + self.added

    @property
    def missing(self) -> int:
        """The number still missing to the target; 0 once it is reached."""
        return max(0, self.target.value - self.reached)

    @property
    def per_mille_of_growth(self) -> int:
        """How much of the growth that was planned is there, in whole thousandths, cut off."""
        planned = self.target.value - self.opening.value
        return 1000 * self.added // planned if planned > 0 else 1000


def progress(programme: Programme, what: str, *, added: int, on: date) -> Progress:
    """
    Return the progress of *what*, such as ``informal-participants``, as of the rules *on* a day.

    Reads the rules ``opening-…`` and ``target-…`` of *programme*. Raises
    `RuleNotInForceError` if one of them is not in force.
    """
    return Progress(
        programme.rule(f"opening-{what}", on), programme.rule(f"target-{what}", on), added
    )
