"""Two settings are played side by side, to find the shortest history on which they differ."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from random import Random
from time import perf_counter
from typing import TypeAlias

import attrs

from jamsos.commands.catalogue import verb_of
from jamsos.domain.aggregate import Event
from jamsos.engine.setting import Setting, setting
from jamsos.engine.world import Asked, Plan, Step, World, named_in, unnamed
from jamsos.rulebook import RuleFile
from jamsos.store.catalogue import CODEC

from .alike import alike, said_of
from .laws.judging import Breaking
from .search.examining import check_size
from .search.map import Map
from .search.shortening import shortened
from .search.walk import Walk
from .story import tell


@attrs.frozen(eq=False)
class Same:
    """Two settings that answered every command of every history alike, and what was asked."""

    histories: int
    outcomes: Mapping[str, int]
    """How often each verb was answered in each way."""
    seconds: float
    unnamed: tuple[str, ...] = ()
    """Values of rule files that no answer named: they may differ where nobody looked."""


@attrs.frozen(eq=False)
class Difference:
    """The shortest history that was found on which two settings differ, in its last step."""

    plan: Plan
    step: int
    """In which step they differ, from 0."""
    a: Step
    b: Step
    """That step as each of the two answered it."""
    histories: int
    """How many were played until the first on which they differed."""
    tries: int
    """How many shorter ones were tried after it."""
    seconds: float
    settings: tuple[Setting, Setting] = attrs.field(repr=False)

    def story(self, language: str = "en") -> list[str]:
        """
        Return the history as sentences in *language*, and then what each of the two answered.

        Raises `InputError` for a language in which there are no stories.
        """
        told = tell(self.plan, self.settings[0], language)
        return [*told, f"a: {_answered(self.a)}", f"b: {_answered(self.b)}"]

    def __str__(self) -> str:
        return "\n".join(self.story())


Rules: TypeAlias = Setting | str | Path | Iterable[RuleFile]
"""A setting, or rule files that come on top of those that ship, as `setting` takes them."""


def compare(
    a: Rules, b: Rules, *, histories: int = 500, steps: int = 30, seed: int = 0
) -> Difference | Same:
    """
    Return the shortest history found on which *a* and *b* differ; or that they are the same.

    >>> from jamsos.domain.agent import Return
    >>> from jamsos.testing import setting
    >>> found = compare(setting(), setting(policies={Return: ()}), histories=100)
    >>> rule = "agent-return-months"
    >>> type(found.plan[-1]).__name__, rule in found.a.outcome, rule in found.b.outcome
    ('Reactivate', True, False)

    Each is a setting, or rule files as `setting` takes them. So many *histories* are played, each
    of at the most so many *steps*, the same in both. They differ where a command is answered in
    another way, or where other events happen; the names of the rules decided on, and how much
    of the history was known, make no difference. The same *seed* gives the same histories.
    Raises `InputError` where none is asked for.
    """
    check_size(histories, steps)
    start = perf_counter()
    a, b = (each if isinstance(each, Setting) else setting(each) for each in (a, b))
    chart, both = _map(a, b), _Both(a, b)
    outcomes: Counter[str] = Counter()
    for number in range(histories):
        plan = both.walk(chart, Random(f"{seed}/{number}"), steps, outcomes)
        if plan is None:
            continue
        found = Breaking(len(plan) - 1, "it is answered otherwise")
        shortest, found, tries = shortened(both, plan, found, a)
        one, other = (World(each).play(shortest)[-1] for each in (a, b))
        seconds = perf_counter() - start
        return Difference(shortest, found.step, one, other, number + 1, tries, seconds, (a, b))
    left = (unnamed(a, both.named), unnamed(b, both.named))
    return Same(
        histories, dict(sorted(outcomes.items())), perf_counter() - start, (*left[0], *left[1])
    )


@attrs.frozen
class _Both:
    """Plays plans in two settings, as a `Judge` plays them in one."""

    a: Setting
    b: Setting
    named: set[object] = attrs.field(factory=set)

    def walk(self, chart: Map, dice: Random, length: int, outcomes: Counter[str]) -> Plan | None:
        """Return a plan that is answered otherwise in its last step, if a walk comes to one."""
        one, other = World(self.a), World(self.b)
        walk, plan = Walk(one, chart, dice), list[Asked]()
        for _ in range(length):
            asked = walk.next()
            plan.append(asked)
            step = one.ask(asked)
            outcomes[f"{verb_of(type(asked))}: {step.outcome}"] += 1
            beside = other.ask(asked)
            if not alike(step, beside):
                return tuple(plan)
            if self.a.own or self.b.own:
                self.named.update((*named_in(step), *named_in(beside)))
        return None

    def plan(self, plan: Plan) -> Breaking | None:
        """Return the first step of *plan* that is answered otherwise, if one is."""
        one, other = World(self.a), World(self.b)
        for number, asked in enumerate(plan):
            if not alike(one.ask(asked), other.ask(asked)):
                return Breaking(number, "it is answered otherwise")
        return None


def _map(a: Setting, b: Setting) -> Map:
    """Return a map of *a* that knows the days, months and incomes that matter in *b* as well."""
    chart, beside = Map(a), Map(b)
    chart.days = tuple(sorted({*chart.days, *beside.days}))
    chart.edges = tuple(sorted({*chart.edges, *beside.edges}))
    chart.late = tuple(sorted({*chart.late, *beside.late}))
    chart.incomes = tuple(dict.fromkeys((*chart.incomes, *beside.incomes)))
    return chart


def _answered(step: Step) -> str:
    """Return what *step* was answered, on one line: the outcome, and why or what happened."""
    if isinstance(step.answer, Exception):
        return f"{step.outcome}: {step.answer}"
    reasons = getattr(step.answer, "reasons", ())
    said = [str(reason) for reason in reasons] or [_event_text(h.event) for h in step.happened]
    return f"{step.outcome}: {'; '.join(said)}" if said else step.outcome


def _event_text(event: Event) -> str:
    return f"{CODEC.name(event)} {json.dumps(said_of(event)[1], ensure_ascii=False)}"
