"""The findings on a law: it held, was never exercised, or is broken."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import attrs

from jamsos.engine.setting import Setting
from jamsos.engine.world import Plan, World
from jamsos.testing.laws.history import History
from jamsos.testing.laws.judging import Breaking
from jamsos.testing.laws.stating import Law

STEPS: Final = 30
"""Of so many steps a history is, at the most, unless something else is said."""


@attrs.frozen(eq=False)
class Held:
    """A law that held in every history, and what they exercised."""

    law: Law
    histories: int
    exercised: int
    """How often the law was applied."""
    outcomes: Mapping[str, int]
    """How often each verb was answered in each way."""
    seconds: float
    unnamed: tuple[str, ...] = ()
    """Values of the author's own rules that no answer named: so it is not known what they do."""


@attrs.frozen(eq=False)
class NotExercised(Held):
    """A law that no history gave an occasion to: so it is not known whether it holds."""


@attrs.frozen(eq=False)
class Broken:
    """A law that is broken, and the shortest history that was found to break it."""

    law: Law
    plan: Plan
    breaking: Breaking
    histories: int
    """How many were played until the first that broke it."""
    tries: int
    """How many shorter ones were tried after it."""
    seconds: float
    begins: Setting = attrs.field(repr=False)
    seed: int = 0
    steps: int = STEPS
    """Of how many steps at the most the histories were."""

    @property
    def history(self) -> History:
        """The history, played again."""
        world = World(self.begins)
        return History(world.play(self.plan), world)


Finding = Held | Broken
"""The result of examining a law."""
