"""The errors for a law that does not hold: their text is the story."""

from __future__ import annotations

from .search.findings import Broken, NotExercised
from .story import report


class LawBrokenError(AssertionError):
    """Raised for a law that is *broken*; its text is the story, told in *language*."""

    def __init__(self, broken: Broken, language: str = "en") -> None:
        super().__init__(report(broken, language))
        self.broken = broken


class LawNotExercisedError(AssertionError):
    """Raised where no history gave the law an occasion: it is not held."""

    def __init__(self, outcome: NotExercised, language: str = "en") -> None:
        super().__init__(report(outcome, language))
        self.outcome = outcome
