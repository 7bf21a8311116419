"""Histories are played until one breaks a law; then the shortest that does is looked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any, Final, Protocol

import attrs

from jamsos.commands.agents import Deactivate, EvaluateAgents, Reactivate, Recruit, Resign
from jamsos.commands.catalogue import verb_of
from jamsos.commands.command import fields_of
from jamsos.commands.contributions import Pay
from jamsos.commands.incentives import AwardIncentive, AwardIncentives
from jamsos.commands.participants import ComeBack, Leave, Register, Transfer
from jamsos.commands.seats import Allot, MoveSeats, ShareOut
from jamsos.domain.agent import DeactivationReason
from jamsos.domain.calendar import Month, Months, months_after
from jamsos.domain.geography import NATIONAL
from jamsos.engine.session import Around, Decider
from jamsos.engine.setting import Setting, setting
from jamsos.engine.world import Asked, Happened, Plan, Step, World, named_in, unnamed
from jamsos.errors import InputError
from jamsos.language import Language
from jamsos.policies.standard import ExtraPolicies
from jamsos.rulebook import RuleFile

from .moves import (
    AGENTS,
    PEOPLE,
    PLACES,
    PROGRAMME,
    PROVINCES,
    Map,
    Walk,
    as_due,
    changed,
    keywords,
)
from .stating import History, Law, Over, _NotMeantError

MOST_TRIES: Final = 4_000
"""So many shorter histories are tried, at the most, for one that breaks a law."""

STEPS: Final = 30
"""Of so many steps a history is, at the most, unless something else is said."""

_SOONER: Final = (1, 2, 3, 6, 12, 24)
"""By so many months, too, what comes after a request that is left out may happen sooner."""

_FEW: Final = 12
"""In a plan of so many requests, two changes are tried at a time."""


@attrs.frozen
class Breaking:
    """Where a history breaks a law: in which step, from 0, and *why*, where the law says it."""

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
    unnamed: tuple[str, ...] = ()
    """Values of the author's own rules that no answer named: nobody knows what they do."""

    def __str__(self) -> str:
        return _report(self)


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
    steps: int = STEPS
    """Of how many steps at the most the histories were."""

    @property
    def history(self) -> History:
        """The history, played again."""
        world = World(self.begins)
        return History(world.play(self.plan), world)

    def __str__(self) -> str:
        return _report(self)


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
    steps: int = STEPS,
    seed: int = 0,
    rules: str | Path | Iterable[RuleFile] | None = None,
    policies: ExtraPolicies | None = None,
    deciders: Mapping[type, Decider] | None = None,
    around: Around | None = None,
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

    The law that ships decides, or else *rules*, *policies*, *deciders* and *around*, as for
    `setting`. The same *seed* gives the same histories. Raises `LawBrokenError`, whose text is
    the shortest history that breaks it, told in *language*; it is kept in the file *keep*, if
    one is named.
    Raises `LawNotExercisedError` where nothing came up that the law speaks of.
    """
    if not isinstance(stated, Law):
        msg = f"{stated!r} is no law: state one with @jamsos.testing.law"
        raise InputError(msg)
    Language.of(language)
    if keep is not None and not Path(keep).parent.is_dir():
        msg = f"nothing can be kept in {keep}: there is no folder {Path(keep).parent}"
        raise InputError(msg)
    outcome = examine(
        stated,
        histories=histories,
        steps=steps,
        seed=seed,
        begins=setting(rules, policies=policies, deciders=deciders, around=around),
    )
    if isinstance(outcome, Broken):
        if keep is not None:
            from .keeping import save  # noqa: PLC0415 - likewise

            save(outcome, keep)
        raise LawBrokenError(outcome, _report(outcome, language))
    if isinstance(outcome, NotExercised):
        raise LawNotExercisedError(_report(outcome, language))
    return outcome


def examine(
    stated: Law,
    *,
    histories: int = 1_000,
    steps: int = STEPS,
    seed: int = 0,
    begins: Setting | None = None,
    chart: Map | None = None,
) -> Outcome:
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


def _report(outcome: Outcome, language: str = "en") -> str:
    from .story import report  # noqa: PLC0415 - a story is told of what is found here

    return report(outcome, language)


def check_size(histories: int, steps: int) -> None:
    """Raise `InputError` for so few *histories* or *steps* that nothing is shown by them."""
    if histories < 1 or steps < 1:
        msg = f"{histories} histories of {steps} steps show nothing: ask for at least 1 of 1"
        raise InputError(msg)


@attrs.define
class Judge:
    """
    Holds histories against one law, and counts how often it was applied.

    Raises `InputError` where Python runs with ``-O``: then nothing is asserted.
    """

    law: Law
    begins: Setting
    exercised: int = 0
    named: set[object] = attrs.field(factory=set, repr=False)
    """What the answers named, where there are rules of one's own."""

    def __attrs_post_init__(self) -> None:
        if not __debug__:
            msg = "Python runs with -O, and leaves out what laws assert: run it without"
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
            said = self.law.holds(*(given[name] for name in self.law.takes))
        except _NotMeantError:
            return None
        except AssertionError as error:
            self.exercised += 1
            return str(error).partition("\n")[0]
        if said is not None:
            msg = (
                f"the law {self.law.name} returned {said!r}: what it says nobody hears; let it"
                f" assert what must hold"
            )
            raise InputError(msg)
        self.exercised += 1
        return None


def _given(happened: Happened, world: World) -> Mapping[str, Any]:
    return {
        "before": happened.before,
        "event": happened.event,
        "after": happened.after,
        "world": world,
    }


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


# -- The shortest history. -------------------------------------------------------------


class Judging(Protocol):
    """Who says whether a plan breaks what it holds plans against."""

    def plan(self, plan: Plan) -> Breaking | None:
        """Play *plan*, and return where it breaks, if it does."""
        ...


def shortened(
    judge: Judging, plan: Plan, breaking: Breaking, begins: Setting | None = None
) -> tuple[Plan, Breaking, int]:
    """
    Return a plan that breaks the law, from which nothing can be left out; and the tries.

    What is due for a payment that becomes another one is what the law says that *begins*.
    """
    search = _Shorter(judge, plan[: breaking.step + 1], breaking, Map(begins or setting()))
    before: tuple[int, int] | None = None
    while before != (size := (len(search.plan), search.gained)):
        before = size
        search.leave_out()
        search.leave_out_pairs()
        search.same_people()
        search.in_other_ways()
        search.sooner()
        search.simplify()
        if len(search.plan) <= _FEW:
            search.in_another_order()
            search.leave_out_and_hasten()
            search.leave_out_and_simplify()
    return search.plan, search.breaking, search.tries


@attrs.define
class _Shorter:
    """A search for a shorter plan that breaks a law, by one change after another."""

    judge: Judging
    plan: Plan
    breaking: Breaking
    chart: Map
    tries: int = 0
    gained: int = 0
    _seen: set[object] = attrs.field(factory=set, repr=False)

    def __attrs_post_init__(self) -> None:
        self._seen.add(repr(self.plan))

    def attempt(self, plan: Plan, *, shorter: bool = False) -> bool:
        """Take *plan* instead, if it breaks the law too; only a *shorter* one, if it says so."""
        key = repr(plan)
        if self.tries >= MOST_TRIES or not plan or key in self._seen:
            return False
        self._seen.add(key)
        self.tries += 1
        try:
            breaking = self.judge.plan(plan)
        except Exception:  # noqa: BLE001 - such a plan shows another fault, not this one
            return False
        if breaking is None or (shorter and breaking.step + 1 >= len(self.plan)):
            return False
        self.plan, self.breaking = plan[: breaking.step + 1], breaking
        self._seen.add(repr(self.plan))
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
                for number in range(len(rest))
                for simpler in self._simpler(rest, number)
            ):
                out += 1

    def leave_out_and_hasten(self) -> None:
        """Leave out one request, or two, where what comes after them happens sooner."""
        out = 0
        while out < len(self.plan) - 1:
            if not any(self._hastened(out, out + size) for size in (1, 2)):
                out += 1

    def _hastened(self, first: int, end: int) -> bool:
        ahead, later = self.plan[:first], self.plan[end:]
        if not later:
            return False
        # As long after the one before as it was after the last one left out; or about that.
        days = [each.on for each in (*ahead[-1:], self.plan[end - 1])]
        gap = Month.of(days[-1]) - Month.of(days[0])
        return any(
            self.attempt((*ahead, *(_months_sooner(each, months) for each in later)))
            for months in dict.fromkeys((gap, *_SOONER))
        )

    def same_people(self) -> None:
        """Let one person, or place, stand for another."""
        for names, rename in (
            (AGENTS, renamed),
            (PEOPLE, renamed),
            (PROVINCES, renamed),
            (PLACES, _elsewhere),
        ):
            for number, name in enumerate(names):
                for simpler in names[:number]:
                    if self.attempt(tuple(rename(asked, {name: simpler}) for asked in self.plan)):
                        break

    def in_other_ways(self) -> None:
        """Ask for the same by a simpler request: for one agent, or for the nation."""
        for seats in (1, None):
            self.attempt(tuple(_nationwide(self.plan, seats)))
        for number in range(len(self.plan)):
            if self.attempt(tuple(_registered_there(self.plan, number)), shorter=True):
                break
        number = 0
        while number < len(self.plan):
            agents = {asked.agent: None for asked in self.plan if isinstance(asked, Recruit)}
            for simpler in _otherwise(self.plan[number], agents):
                if self.attempt((*self.plan[:number], simpler, *self.plan[number + 1 :])):
                    break
            number += 1

    def sooner(self) -> None:
        """Let everything from one request on happen sooner: on the day of the one before it."""
        number = 1
        while number < len(self.plan):
            before, on = (asked.on for asked in self.plan[number - 1 : number + 1])
            if before < on:
                later = tuple(_on_other_days(asked, before - on) for asked in self.plan[number:])
                self.attempt((*self.plan[:number], *later))
            number += 1

    def in_another_order(self) -> None:
        """Ask one request at another time, where the law is broken sooner then."""
        first = 0
        while first < len(self.plan):
            rest = (*self.plan[:first], *self.plan[first + 1 :])
            moved = (
                (*rest[:place], self.plan[first], *rest[place:])
                for place in range(len(rest) + 1)
                if place != first
            )
            if not any(self.attempt(plan, shorter=True) for plan in moved):
                first += 1

    def simplify(self) -> None:
        """Make what is asked simpler, request by request: smaller numbers, fewer days."""
        number = 0
        while number < len(self.plan):
            for simpler in self._simpler(self.plan, number):
                if self.attempt((*self.plan[:number], simpler, *self.plan[number + 1 :])):
                    break
            else:
                number += 1

    def _simpler(self, plan: Plan, number: int) -> Iterable[Asked]:
        """Yield what is simpler than a request of *plan*; a payment also of what is due then."""
        now, days = plan[number], [e.on for e in (*plan[:number][-1:], *plan[number + 1 :][:2])]
        for simpler in _simpler(now, days):
            if isinstance(simpler, Pay) and isinstance(now, Pay) and simpler.amount == now.amount:
                yield as_due(self.chart, simpler)
            yield simpler


def renamed(asked: Asked, names: Mapping[Any, Any], only: Collection[str] | None = None) -> Asked:
    """Return *asked* with other *names* in place of those that they stand under."""

    def other(value: Any) -> Any:  # noqa: ANN401 - any argument
        if isinstance(value, Mapping):
            return {other(key): each for key, each in [*value.items()][::-1]}
        return names.get(value, value) if isinstance(value, str) else value

    fields = [f.name for f in fields_of(asked) if only is None or f.name in only]
    return changed(asked, **{name: other(getattr(asked, name)) for name in fields})


def _elsewhere(asked: Asked, names: Mapping[Any, Any]) -> Asked:
    """Return *asked* with the seats of other regions; people stay where they are."""
    return renamed(asked, names, only=_REGIONS)


_REGIONS: Final = frozenset({"region", "source", "to"})


def _nationwide(plan: Plan, seats: int | None) -> Iterable[Asked]:
    """Yield the commands of *plan* with all seats in the nation's own quota, or only *seats*."""
    for asked in plan:
        if isinstance(asked, ShareOut) or (isinstance(asked, Allot) and asked.region == NATIONAL):
            there = asked.seats if seats is None else seats
            yield Allot(asked.programme, there, on=asked.on)
        elif isinstance(asked, Recruit | Reactivate):
            yield changed(asked, region=NATIONAL)
        elif not isinstance(asked, Allot | MoveSeats):
            yield asked


def _registered_there(plan: Plan, number: int) -> Iterable[Asked]:
    """Yield the commands of *plan*, with a registration in place of a transfer, or of a return."""
    moved = plan[number]
    if not isinstance(moved, Transfer | ComeBack):
        yield from plan
        return
    yield from (
        asked
        for asked in plan[:number]
        if not isinstance(asked, Register | Leave)
        or asked.participant != moved.participant
        or asked.segment not in {moved.segment, None}
    )
    yield Register(
        moved.participant,
        province=PROVINCES[0],
        on=moved.on,
        segment=moved.segment,
        agent=moved.agent,
    )
    yield from plan[number + 1 :]


def _otherwise(asked: Asked, agents: Collection[str]) -> Iterable[Asked]:
    """Yield other commands that do what *asked* does, or a part of it: for one agent of many."""
    match asked:
        case EvaluateAgents():
            for agent in agents:
                yield Deactivate(agent, on=asked.on)
        case AwardIncentives():
            for agent in agents:
                yield AwardIncentive(agent, asked.month, on=asked.on)
        case Deactivate():
            if asked.reason != DeactivationReason.OFFICE:  # which needs no idle time
                yield changed(asked, reason=DeactivationReason.OFFICE)
            yield Resign(asked.agent, on=asked.on)
        case Reactivate():
            for agent in [each for each in AGENTS if each not in agents][:1]:
                yield Recruit(
                    agent, PROGRAMME, province=PROVINCES[0], on=asked.on, region=asked.region
                )


def _on_other_days(asked: Asked, by: timedelta) -> Asked:
    """Return *asked* so many days later, or sooner."""
    return changed(asked, on=asked.on + by)


def _months_sooner(asked: Asked, months: int) -> Asked:
    """Return *asked* so many months sooner, for months that lie as much sooner."""
    sooner: dict[str, Any] = {"on": months_after(asked.on, -months)}
    if isinstance(asked, Pay):
        sooner["months"] = Months([(a - months, b - months) for a, b in asked.months.runs])
    return changed(asked, **sooner)


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


def _simpler(asked: Asked, days: Sequence[date]) -> Iterable[Asked]:
    """Yield *asked* with one thing in it that is simpler; *days* are those of its neighbours."""
    kept = keywords(asked)
    for field in fields_of(asked):
        if field.name not in kept:
            for other in _smaller(getattr(asked, field.name)):
                yield changed(asked, **{field.name: other})
    for name, value in kept.items():
        options: list[Any] = list(_smaller(value))
        if name == "on":
            months = kept.get("months")
            own = [months.first.first_day] if isinstance(months, Months) and months.first else []
            options = sorted(day for day in {*days, *own} if day < value)
        elif name == "months":
            now = Month.of(asked.on)
            options.append(Months.between(now, now))
        elif name in _USUAL and str(value) != str(_USUAL[name]) and value != _USUAL[name]:
            usual = _USUAL[name]
            options = [type(value)(usual) if isinstance(value, str) and usual else usual]
        elif name in _USUAL:
            options = []
        for other in options:
            yield changed(asked, **{name: other})


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
