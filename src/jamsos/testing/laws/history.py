"""A history that was played, as laws over whole histories see it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs

from jamsos.domain.history import Recorded
from jamsos.engine.world import Step, World


@attrs.frozen(eq=False)
class History:
    """
    A history that was played: its *steps*, and the *world* as it is after the last of them.

    Iterating over it gives its events, `jamsos.Recorded`, from those that enacted the law on.
    """

    steps: Sequence[Step]
    world: World

    def __iter__(self) -> Any:  # noqa: ANN401 - an iterator of recorded events
        return iter(self.world.history())

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:  # noqa: ANN401, FBT001 - as Hypothesis asks
        del cycle
        printer.pretty([step.command for step in self.steps])

    @property
    def events(self) -> list[Recorded[Any]]:
        """The events that the steps made, without those that enacted the law."""
        return self.world.history()[len(self.world.begins.founding) :]
