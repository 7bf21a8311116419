"""Histories are played until one breaks a law; then the shortest that does is looked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any, Final

import attrs

from jamsos.desk import Desk
from jamsos.domain.calendar import Months
from jamsos.errors import InputError
from jamsos.request import Request
from jamsos.rulebook import RuleFile

from .moves import AGENTS, PEOPLE, PLACES, PROVINCES, Map, Walk
from .stating import History, Law, Over, _NotMeantError
from .world import Happened, Judges, Plan, Setting, Step, World, setting

MOST_TRIES: Final = 4_000
"""So many shorter histories are tried, at the most, for one that breaks a law."""

_FEW: Final = 12
"""In a plan of so many requests, two changes are tried at a time."""


@attrs.frozen
class Breaking:
    """Where a history breaks a law: in which step, from 0, and what the law says of it."""

    step: int
    why: str


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


@attrs.frozen(eq=False)
class NotExercised(Held):
    """A law that no history gave an occasion to: nobody knows whether it holds."""


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

    @property
    def history(self) -> History:
        """The history, played again."""
        world = World(self.begins)
        return History(world.play(self.plan), world)


Outcome = Held | Broken
"""What examining a law comes to."""


class LawBrokenError(AssertionError):
    """Raised by `check` for a law that is broken; its text is the story."""

    def __init__(self, broken: Broken, story: str) -> None:
        super().__init__(story)
        self.broken = broken


class LawNotExercisedError(AssertionError):
    """Raised by `check` where no history gave the law an occasion: it is not held."""


def check(
    stated: Law,
    *,
    histories: int = 1_000,
    steps: int = 30,
    seed: int = 0,
    rules: str | Path | Iterable[RuleFile] | None = None,
    policies: Judges | None = None,
    desk: Callable[..., Desk] = Desk,
    language: str = "en",
    keep: str | Path | None = None,
) -> Held:
    """
    Hold *stated* against histories of at the most so many *steps*; return what was exercised.

    >>> from jamsos.testing import law
    >>> from jamsos.domain.quota import Quota, QuotaSeatTaken
    >>> @law("Nobody takes a seat that is not there", cite="example")
    ... def seats(event: QuotaSeatTaken, after: Quota) -> None:
    ...     assert after.taken <= after.allotted
    >>> check(seats, histories=50).exercised > 10
    True

    The law that ships decides, or else *rules*, *policies* and *desk*, as for `setting`. The
    same *seed* gives the same histories. Raises `LawBrokenError`, whose text is the shortest
    history that breaks it, told in *language*; it is kept in the file *keep*, if one is named.
    Raises `LawNotExercisedError` where nothing came up that the law speaks of.
    """
    from .story import report  # noqa: PLC0415 - a story is told of what is found here

    outcome = examine(
        stated,
        histories=histories,
        steps=steps,
        seed=seed,
        begins=setting(rules, policies=policies, desk=desk),
    )
    if isinstance(outcome, Broken):
        if keep is not None:
            from .keeping import save  # noqa: PLC0415 - likewise

            save(outcome, keep)
        raise LawBrokenError(outcome, report(outcome, language))
    if isinstance(outcome, NotExercised):
        raise LawNotExercisedError(report(outcome, language))
    return outcome


def examine(
    stated: Law,
    *,
    histories: int = 1_000,
    steps: int = 30,
    seed: int = 0,
    begins: Setting | None = None,
    chart: Map | None = None,
) -> Outcome:
    """Return whether *stated* held in so many *histories*, or was broken; as `check` does."""
    if histories < 1 or steps < 1:
        msg = f"{histories} histories of {steps} steps show nothing: ask for at least 1 of 1"
        raise InputError(msg)
    start = perf_counter()
    begins = begins or setting()
    chart = chart or Map(begins, stated.about)
    outcomes: Counter[str] = Counter()
    judge = Judge(stated, begins)
    for number in range(histories):
        dice = Random(f"{seed}/{number}")
        plan, breaking = _walk(judge, chart, dice, steps, outcomes)
        if breaking is not None:
            shortest, breaking, tries = shortened(judge, plan, breaking)
            return Broken(
                stated,
                shortest,
                breaking,
                number + 1,
                tries,
                perf_counter() - start,
                begins,
                seed,
            )
    held = Held if judge.exercised else NotExercised
    return held(
        stated, histories, judge.exercised, dict(sorted(outcomes.items())), perf_counter() - start
    )


@attrs.define
class Judge:
    """Holds histories against one law, and counts how often it was applied."""

    law: Law
    begins: Setting
    exercised: int = 0

    def step(self, world: World, step: Step) -> str | None:
        """Return what the law says against *step*, just played; or None."""
        if self.law.over is Over.STEP:
            given = {
                "request": step.request,
                "answer": step.answer,
                "step": step,
                "world": world,
            }
            return self._apply(given)
        if self.law.over is Over.EVENT and step.happened:
            wanted = self.law.events
            for happened in step.happened:
                if not wanted or isinstance(happened.event, wanted):
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
            other = self.law.variant(plan, Random(len(plan)))
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
            self.law.holds(*(given[name] for name in self.law.takes))
        except _NotMeantError:
            return None
        except AssertionError as error:
            self.exercised += 1
            return str(error).partition("\n")[0] or "it does not hold"
        self.exercised += 1
        return None


def _given(happened: Happened, world: World) -> Mapping[str, Any]:
    return {
        "before": happened.before,
        "event": happened.event,
        "after": happened.after,
        "world": world,
    }


def _walk(
    judge: Judge, chart: Map, dice: Random, length: int, outcomes: Counter[str]
) -> tuple[Plan, Breaking | None]:
    """Play a history of *length* steps, or fewer where one breaks the law."""
    world = World(judge.begins)
    walk, plan, steps = Walk(world, chart, dice), list[Request](), list[Step]()
    for number in range(length):
        asked = walk.next()
        plan.append(asked)
        step = world.ask(asked)
        steps.append(step)
        outcomes[f"{asked.name}: {step.outcome}"] += 1
        why = judge.step(world, step)
        if why is not None:
            return tuple(plan), Breaking(number, why)
    why = judge.whole(tuple(plan), world, steps)
    return tuple(plan), None if why is None else Breaking(length - 1, why)


# -- The shortest history. -------------------------------------------------------------


def shortened(judge: Judge, plan: Plan, breaking: Breaking) -> tuple[Plan, Breaking, int]:
    """Return a plan that breaks the law, from which nothing can be left out; and the tries."""
    search = _Shorter(judge, plan[: breaking.step + 1], breaking)
    before: tuple[int, int] | None = None
    while before != (size := (len(search.plan), search.gained)):
        before = size
        search.leave_out()
        search.leave_out_pairs()
        search.same_people()
        search.simplify()
        if len(search.plan) <= _FEW:
            search.leave_out_and_simplify()
    return search.plan, search.breaking, search.tries


@attrs.define
class _Shorter:
    """A search for a shorter plan that breaks a law, by one change after another."""

    judge: Judge
    plan: Plan
    breaking: Breaking
    tries: int = 0
    gained: int = 0
    _seen: set[object] = attrs.field(factory=set, repr=False)

    def attempt(self, plan: Plan) -> bool:
        """Take *plan* instead, if it breaks the law too."""
        key = repr(plan)
        if self.tries >= MOST_TRIES or not plan or key in self._seen:
            return False
        self._seen.add(key)
        self.tries += 1
        try:
            breaking = self.judge.plan(plan)
        except Exception:  # noqa: BLE001 - such a plan shows another fault, not this one
            return False
        if breaking is None:
            return False
        self.plan, self.breaking = plan[: breaking.step + 1], breaking
        self.gained += 1
        return True

    def leave_out(self) -> None:
        """Leave out as many requests together as can be, then fewer, then each."""
        size = max(1, len(self.plan) // 2)
        while size:
            start = 0
            while start < len(self.plan):
                if not self.attempt(self.plan[:start] + self.plan[start + size :]):
                    start += size
            size //= 2

    def leave_out_pairs(self) -> None:
        """Leave out two requests that only together can be."""
        first = 0
        while first < len(self.plan):
            for second in range(first + 1, len(self.plan)):
                fewer = (
                    *self.plan[:first],
                    *self.plan[first + 1 : second],
                    *self.plan[second + 1 :],
                )
                if self.attempt(fewer):
                    break
            else:
                first += 1

    def leave_out_and_simplify(self) -> None:
        """Leave out one request where another is made simpler at the same time."""
        out = 0
        while out < len(self.plan):
            rest = (*self.plan[:out], *self.plan[out + 1 :])
            if not any(
                self.attempt((*rest[:number], simpler, *rest[number + 1 :]))
                for number, asked in enumerate(rest)
                for simpler in _simpler(asked, rest[number - 1].named.get("on") if number else None)
            ):
                out += 1

    def same_people(self) -> None:
        """Let one person, or place, stand for another."""
        for names in (AGENTS, PEOPLE, PROVINCES, PLACES):
            for number, name in enumerate(names):
                for simpler in names[:number]:
                    if self.attempt(tuple(renamed(asked, {name: simpler}) for asked in self.plan)):
                        break

    def simplify(self) -> None:
        """Make what is asked simpler, request by request: smaller numbers, fewer days."""
        number = 0
        while number < len(self.plan):
            asked = self.plan[number]
            earlier = self.plan[number - 1].named.get("on") if number else None
            for simpler in _simpler(asked, earlier):
                if self.attempt((*self.plan[:number], simpler, *self.plan[number + 1 :])):
                    break
            else:
                number += 1


def renamed(asked: Request, names: Mapping[Any, Any]) -> Request:
    """Return *asked* with other *names* in place of those that they stand under."""

    def other(value: Any) -> Any:  # noqa: ANN401 - any argument
        return names.get(value, value) if isinstance(value, str) else value

    return Request(
        asked.verb,
        tuple(map(other, asked.positional)),
        {key: other(value) for key, value in asked.named.items()},
    )


_USUAL: Final[Mapping[str, Any]] = {
    "province": "51",
    "region": "national",
    "segment": "bpu",
    "payer": "self",
    "sector": "other",
    "budget": "own",
    "agent": None,
    "sponsor": None,
    "evaluation": None,
    "programmes": ("jkk", "jkm"),
    "income": 1_000_000,
    "amount": 16_800,
}
"""What is simplest for each argument."""


def _simpler(asked: Request, earlier: date | None) -> Iterable[Request]:
    """Yield *asked* with one thing in it that is simpler."""
    for place, value in enumerate(asked.positional):
        for other in _smaller(value):
            positional = (*asked.positional[:place], other, *asked.positional[place + 1 :])
            yield Request(asked.verb, positional, asked.named)
    for name, value in asked.named.items():
        options: list[Any] = list(_smaller(value))
        if name == "on" and isinstance(earlier, date) and earlier < value:
            options = [earlier]
        elif name in _USUAL and str(value) != str(_USUAL[name]) and value != _USUAL[name]:
            usual = _USUAL[name]
            options = [type(value)(usual) if isinstance(value, str) and usual else usual]
        elif name in _USUAL:
            options = []
        for other in options:
            yield Request(asked.verb, asked.positional, {**asked.named, name: other})


def _smaller(value: Any) -> Iterable[Any]:  # noqa: ANN401 - any argument
    """Yield what is simpler than *value*: smaller numbers, fewer months."""
    if isinstance(value, bool):
        return
    if isinstance(value, int):
        yield from (n for n in (0, 1, value // 2, value - 1) if 0 <= n < value)
    elif isinstance(value, Months) and value.contiguous:
        (first, last) = value.runs[0]
        if first < last:
            yield from (Months([(first, first)]), Months([(first, last - 1)]))
    elif attrs.has(type(value)) and isinstance(getattr(value, "value", None), int):
        yield from (attrs.evolve(value, value=number) for number in _smaller(value.value))
        in_force = getattr(value, "in_force", None)
        if isinstance(in_force, date) and in_force.day != 1:
            yield attrs.evolve(value, in_force=in_force - timedelta(days=in_force.day - 1))
