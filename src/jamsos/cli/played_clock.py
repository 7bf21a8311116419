"""The clock of `jamsos demo`: what is recorded, is recorded on the day that is played."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final

from jamsos.domain.history import WIB

_FIRST: Final = time(16)


class PlayedClock:
    """
    Tells the day that is played, and not the day on which somebody plays it.

    From 16:00 WIB on, as an office records at the end of its day; each reading is a minute after
    the one before it. So a demo has the same moments whenever it is played.
    """

    def __init__(self, day: date) -> None:
        self.turn_to(day)

    def turn_to(self, day: date) -> None:
        """Let it be the afternoon of *day*."""
        self._next = datetime.combine(day, _FIRST, WIB)

    def __call__(self) -> datetime:
        """Tell the moment, and let a minute pass."""
        now = self._next
        self._next += timedelta(minutes=1)
        return now
