"""A walk through a world: it offers commands that fit as things stand, and some that do not."""

from __future__ import annotations

from random import Random

from jamsos.engine.world import Asked, World

from .astray import astray
from .journey import Journey
from .map import Map
from .moves.seats import anything
from .turns import TURNS


class Walk(Journey):
    """One walk through a world: it offers what may be asked next."""

    def __init__(self, world: World, chart: Map, dice: Random) -> None:
        super().__init__(world, chart, dice)
        self._turns = [turn for group in chart.about for turn in TURNS[group]]

    def next(self) -> Asked:
        """Return what is asked next, some days later."""
        self.go_on()
        for _ in range(8):
            made = self.pick(self._turns)(self)
            if made is not None:
                break
        else:
            made = anything(self)
        if self.dice() < self.chart.stray:
            made = astray(self, made)
        return made
