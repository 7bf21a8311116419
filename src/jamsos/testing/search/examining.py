"""Histories are played until one breaks a law; then the shortest that does is looked for."""

from __future__ import annotations

from collections import Counter
from random import Random
from time import perf_counter

from jamsos.commands.catalogue import verb_of
from jamsos.engine.setting import Setting, setting
from jamsos.engine.world import Asked, Plan, Step, World, named_in, unnamed
from jamsos.errors import InputError
from jamsos.testing.laws.judging import Breaking, Judge
from jamsos.testing.laws.stating import Law

from .findings import STEPS, Broken, Finding, Held, NotExercised
from .map import Map
from .shortening import shortened
from .walk import Walk


def examine(
    stated: Law,
    *,
    histories: int = 1_000,
    steps: int = STEPS,
    seed: int = 0,
    begins: Setting | None = None,
    chart: Map | None = None,
) -> Finding:
    """Return whether *stated* held in so many *histories*, or was broken; as `check` does."""
    check_size(histories, steps)
    start = perf_counter()
    begins = begins or setting()
    chart = chart or Map(begins, stated.about)
    outcomes: Counter[str] = Counter()
    judge = Judge(stated, begins)
    for number in range(histories):
        dice = Random(f"{seed}/{number}")
        try:
            plan, breaking = walked(judge, chart, dice, steps, outcomes)
        except Exception as error:
            error.add_note(f"in history {number + 1} of seed {seed}, for the law {stated.name}")
            raise
        if breaking is not None:
            shortest, breaking, tries = shortened(judge, plan, breaking, begins)
            return Broken(
                stated,
                shortest,
                breaking,
                number + 1,
                tries,
                perf_counter() - start,
                begins,
                seed,
                steps,
            )
    held = Held if judge.exercised else NotExercised
    return held(
        stated,
        histories,
        judge.exercised,
        dict(sorted(outcomes.items())),
        perf_counter() - start,
        unnamed(begins, judge.named),
    )


def check_size(histories: int, steps: int) -> None:
    """Raise `InputError` for so few *histories* or *steps* that nothing is shown by them."""
    if histories < 1 or steps < 1:
        msg = f"{histories} histories of {steps} steps show nothing: ask for at least 1 of 1"
        raise InputError(msg)


def walked(
    judge: Judge, chart: Map, dice: Random, length: int, outcomes: Counter[str]
) -> tuple[Plan, Breaking | None]:
    """Play a history of *length* steps, or fewer where one breaks the law."""
    world = World(judge.begins)
    walk, plan, steps = Walk(world, chart, dice), list[Asked](), list[Step]()
    for number in range(length):
        asked = walk.next()
        plan.append(asked)
        step = world.ask(asked)
        steps.append(step)
        outcomes[f"{verb_of(type(asked))}: {step.outcome}"] += 1
        if judge.begins.own:
            judge.named.update(named_in(step))
        why = judge.step(world, step)
        if why is not None:
            return tuple(plan), Breaking(number, why)
    why = judge.whole(tuple(plan), world, steps)
    return tuple(plan), None if why is None else Breaking(length - 1, why)
