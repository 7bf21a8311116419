"""Holds histories against one law as they are played, and says where one breaks it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any, Final

import attrs

from jamsos.engine.setting import Setting
from jamsos.engine.world import Happened, Plan, Step, World
from jamsos.errors import InputError

from .asserting import OPTIMIZED, asserts
from .history import History
from .speaking import Over
from .stating import Law, NotMeantError


@attrs.frozen
class Breaking:
    """Where a history breaks a law: in which step, from 0, and *why*, where the law says it."""

    step: int
    why: str


@attrs.define
class Judge:
    """
    Holds histories against one law, and counts how often it was applied.

    Raises `InputError` where nothing would be asserted: where Python runs with ``-O``, or the
    law was compiled by one that did; and where the law ends the program, or would.
    """

    law: Law
    begins: Setting
    exercised: int = 0
    named: set[object] = attrs.field(factory=set, repr=False)
    """The rules and texts that the answers named, where there are rules of one's own."""

    def __attrs_post_init__(self) -> None:
        if not __debug__:
            raise InputError(OPTIMIZED)
        if not asserts(self.law.holds):
            msg = (
                f"the law {self.law.name} was compiled with -O, and what it asserts was left out:"
                f" compile it without"
            )
            raise InputError(msg)

    def step(self, world: World, step: Step) -> str | None:
        """Return what the law says against *step*, just played; or None."""
        if self.law.over is Over.STEP:
            given = {
                "command": step.command,
                "answer": step.answer,
                "step": step,
                "world": world,
            }
            return self._apply(given)
        if self.law.over is Over.EVENT and step.happened:
            events, states = self.law.events, self.law.states
            for happened in step.happened:
                if (not events or isinstance(happened.event, events)) and (
                    not states or isinstance(happened.after, states)
                ):
                    why = self._apply(_given(happened, world))
                    if why is not None:
                        return why
        return None

    def whole(self, plan: Plan, world: World, steps: Sequence[Step]) -> str | None:
        """Return what the law says against a whole history, just played; or None."""
        if self.law.over is Over.HISTORY:
            return self._apply({"history": History(steps, world)})
        if self.law.over is Over.HISTORIES and self.law.variant is not None:
            # The same dice for the same plan, however often it is tried.
            try:
                other = self.law.variant(plan, Random(len(plan)))
            except _ENDS as error:
                raise self._ended(error) from error
            beside = World(self.begins)
            given = {
                "history": History(steps, world),
                "other": History(beside.play(other), beside),
            }
            return self._apply(given)
        return None

    def plan(self, plan: Plan) -> Breaking | None:
        """Play *plan*, and return where it breaks the law, if it does."""
        world, steps = World(self.begins), list[Step]()
        for number, asked in enumerate(plan):
            step = world.ask(asked)
            steps.append(step)
            why = self.step(world, step)
            if why is not None:
                return Breaking(number, why)
        why = self.whole(plan, world, steps)
        return None if why is None else Breaking(len(plan) - 1, why)

    def _apply(self, given: Mapping[str, Any]) -> str | None:
        try:
            said = self.law.holds(*(given[name] for name in self.law.takes))
        except NotMeantError:
            return None
        except AssertionError as error:
            self.exercised += 1
            return self._why(error)
        except _ENDS as error:
            raise self._ended(error) from error
        if said is not None:
            msg = (
                f"the law {self.law.name} returned {said!r}: what it says nobody hears; let it"
                f" assert what must hold"
            )
            raise InputError(msg)
        self.exercised += 1
        return None

    def _why(self, error: AssertionError) -> str:
        try:
            return str(error).partition("\n")[0]
        except _ENDS as ended:
            raise self._ended(ended) from ended

    def _ended(self, error: BaseException) -> InputError:
        said = f"{type(error).__name__}({', '.join(map(repr, error.args))})"
        return InputError(
            f"the law {self.law.name} raised {said}, which would end the program: let it assert"
            f" what must hold"
        )


_ENDS: Final = (SystemExit, GeneratorExit)
"""What of a law would end the program, and so is an error of that law; an interrupt is none."""


def _given(happened: Happened, world: World) -> Mapping[str, Any]:
    return {
        "before": happened.before,
        "event": happened.event,
        "after": happened.after,
        "world": world,
    }
