"""The state of a walk: its world, its map, its dice and its day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Final, TypeVar

from jamsos.domain.due import OTHER
from jamsos.domain.value import Word
from jamsos.engine.world import World
from jamsos.testing.names import AGENTS, LAST_DAY, PEOPLE

from .map import Map

T = TypeVar("T")


class Journey:
    """The state of a walk: its world, its map, its dice and its day."""

    def __init__(self, world: World, chart: Map, dice: Random) -> None:
        self.world = world
        self.chart = chart
        self.dice = dice.random
        self.today = self._first_day()
        self.income = self.pick(chart.incomes[:1] if self.one_in(2) else chart.incomes)
        """The income that people declare in this walk, beside the usual one."""
        self.programmes = self.pick(PROGRAMMES)
        self.people = PEOPLE[:1] if self.one_in(2) else PEOPLE
        self.agents = AGENTS[:2] if self.one_in(2) else AGENTS
        """Those about whom the walk is: the more happens to each, the fewer they are."""
        self.sector = Word("transport") if self.one_in(6) else OTHER

    def _first_day(self) -> date:
        days = self.chart.days
        early = [day for day in days if day <= self.chart.latest] or days[:1]
        if self.chart.late and self.one_in(2):
            early = self.chart.late
        begins = self.pick(early) - timedelta(days=self.pick((0, 1, 20, 60, 150)))
        return max(begins, days[0])

    def pick(self, options: Sequence[T]) -> T:
        """Return one of *options*."""
        return options[int(self.dice() * len(options))]

    def one_in(self, times: int) -> bool:
        """Return true once in so many *times*."""
        return self.dice() * times < 1

    def day(self) -> date:
        """Return today; now and then an earlier day, as some things are reported late."""
        if self.dice() < self.chart.stray / 2:
            return self.today - timedelta(days=self.pick((1, 20, 45)))
        return self.today

    def late(self, facts: Sequence[date], *, times: int = 5) -> date:
        """Return today; or, once in so many *times*, a day about one of earlier *facts*."""
        if not facts or not self.one_in(times):
            return self.day()
        return self.about(self.pick(facts))

    def about(self, day: date) -> date:
        """Return *day*, or one about it; none that is still to come."""
        return min(day + timedelta(days=self.pick(_ABOUT)), self.today)

    def until(self, day: date) -> None:
        """Let the time pass to about *day*: that day, one before it, or one after it."""
        self.today = max(self.today, day + timedelta(days=self.pick((0, 0, 0, -1, 1))))

    def go_on(self) -> None:
        """Let some days pass: to the next day of change at the furthest."""
        ahead = self.pick(_STEPS)
        if ahead < 0:  # to the next day on which a rule changes, or to its eve
            later = [day for day in self.chart.days if day > self.today]
            if later and (later[0] - self.today).days < _FAR and later[0] <= self._last():
                self.today = later[0] + timedelta(days=self.pick((0, -1)))
            return
        self.today = max(self.today, min(self.today + timedelta(days=ahead), self._last()))

    def _last(self) -> date:
        """Return the last day on which the walk goes by itself: seldom one without a cap."""
        return LAST_DAY if self.one_in(4) else self.chart.ends


_STEPS: Final = (0, 0, 0, 0, 1, 5, 16, 31, 31, 62, -1)
_ABOUT: Final = (0, -1, 1, -16, 16, -31, 31)
_FAR: Final = 400
PROGRAMMES: Final = (
    ("jkk", "jkm"),
    ("jkk", "jkm"),
    ("jht", "jkk", "jkm"),
    ("jkk",),
    ("jkm",),
)
