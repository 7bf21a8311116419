"""How soon twelve wrong rules are found and shortened, beside a plain state machine."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random
from statistics import median
from time import process_time
from typing import Any, cast

import attrs
from _table import parser, positive, show
from hypothesis import HealthCheck, Phase, Verbosity, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from jamsos.commands.agents import (
    Assign,
    BeginTraining,
    Certify,
    Deactivate,
    Reactivate,
    Recruit,
    Resign,
)
from jamsos.commands.contributions import Correct, Pay
from jamsos.commands.participants import ComeBack, Leave, Register
from jamsos.commands.programmes import Amend
from jamsos.commands.seats import Allot
from jamsos.domain.calendar import Month, Months
from jamsos.domain.citation import Status
from jamsos.domain.rule import DatedValue
from jamsos.engine.setting import Setting
from jamsos.testing import Broken, Law, World, examine, setting
from jamsos.testing.laws.judging import Judge
from jamsos.testing.names import AGENTS, ASSUMED, GROUPS, PEOPLE, PLACES, PROGRAMME, PROVINCES
from jamsos.testing.search.examining import walked
from jamsos.testing.search.map import Map
from jamsos.testing.search.walk import Walk

sys.path.append(str(Path(__file__).resolve().parent.parent))  # the bugs that the tests use
from tests.testing.bugs import BUGS, Bug
from tests.testing.bugs_of_time import BUGS_OF_TIME

STEPS = 30
BESIDE = ("off-by-one cap", "return after 5 months", "coverage across a gap", "arrears at 4 months")
FOCUSES = {
    "seats and agents": ("seats", "agents"),
    "seats, agents and rules": ("seats", "agents", "rules"),
    "participants": ("participants",),
    "incentives": ("seats", "agents", "participants", "incentives"),
    "everything": GROUPS,
}


@attrs.define
class Found:
    """What one search came to: nothing, where *length* is None."""

    histories: int
    seconds: float
    """Until the first history that breaks the law."""
    in_all: float
    """With the search for the shortest one, in seconds."""
    length: int | None = None


def by_laws(bug: Bug, number: int, most: int) -> Found:
    """Let jamsos search with the seed *number*, through at the most so many histories."""
    begins = bug.begins()
    start = process_time()
    outcome = examine(bug.law, seed=number, begins=begins, histories=most, steps=STEPS)
    in_all = process_time() - start
    if not isinstance(outcome, Broken):
        return Found(most, in_all, in_all)
    # The same histories once more, to know what of it was the search for the first.
    start = process_time()
    judge, chart = Judge(bug.law, begins), Map(begins, bug.law.about)
    for history in range(outcome.histories):
        walked(judge, chart, Random(f"{number}/{history}"), STEPS, Counter())
    return Found(outcome.histories, process_time() - start, in_all, len(outcome.plan))


def by_machine(bug: Bug, number: int, most: int) -> Found:
    """Let a plain state machine search, which knows the commands, not what is due next."""
    machine = OfAgents if "agents" in bug.law.about else OfParticipants
    begins, tally = bug.begins(), Tally()
    start = process_time()
    found = Found(most, 0, 0)
    try:
        run(number, most, lambda: machine(begins, bug.law, tally))
    except Exception:  # noqa: BLE001 - a law that is broken, or a group of them
        found.histories, found.seconds = tally.first, tally.seconds - start
        found.length = tally.shortest
    found.in_all = process_time() - start
    return found if found.length is not None else Found(most, found.in_all, found.in_all)


def run(number: int, most: int, machine: Callable[[], RuleBasedStateMachine]) -> None:
    """Let Hypothesis search: each of its histories is asked of a new *machine*."""
    run_state_machine_as_test(
        cast("type[RuleBasedStateMachine]", seed(number)(machine)),
        settings=settings(
            max_examples=most,
            stateful_step_count=STEPS,
            database=None,
            deadline=None,
            phases=(Phase.generate, Phase.shrink),
            print_blob=False,
            verbosity=Verbosity.quiet,
            report_multiple_bugs=False,
            suppress_health_check=[*HealthCheck],
        ),
    )


@attrs.define
class Tally:
    """What the histories of one search came to."""

    begun: int = 0
    first: int = 0
    """Which history was the first to break the law; 0 for none."""
    seconds: float = 0
    shortest: int | None = None

    def broken(self, commands: int) -> None:
        if not self.first:
            self.first, self.seconds = self.begun, process_time()
        self.shortest = min(commands, self.shortest or commands)


agents, people = st.sampled_from(AGENTS[:2]), st.sampled_from(PEOPLE[:2])
places, provinces = st.sampled_from(PLACES), st.sampled_from(PROVINCES)
later = st.integers(0, 200)
"""How many days pass until a command."""


class Plain(RuleBasedStateMachine):
    """The commands, each with arguments of its own kind, on days that go on."""

    def __init__(self, begins: Setting, law: Law, tally: Tally) -> None:
        super().__init__()
        tally.begun += 1
        self.tally = tally
        self.world, self.judge = World(begins), Judge(law, begins)
        self.today = date(2017, 11, 1)
        self.asked = 0

    def ask(self, days: int, kind: type[Any], *positional: object, **named: object) -> None:
        self.today += timedelta(days=days)
        step = self.world.ask(kind(*positional, on=self.today, **named))
        self.asked += 1
        why = self.judge.step(self.world, step)
        if why is not None:
            self.tally.broken(self.asked)
            raise AssertionError(why)


class OfAgents(Plain):
    """What is asked about seats and agents."""

    @rule(days=later, seats=st.integers(0, 3), region=places)
    def allot(self, days: int, seats: int, region: str) -> None:
        self.ask(days, Allot, PROGRAMME, seats, region=region)

    @rule(days=later, cap=st.integers(0, 3))
    def amend(self, days: int, cap: int) -> None:
        begin = self.today + timedelta(days=days)
        value = DatedValue(value=cap, in_force=begin, citation=ASSUMED, status=Status.ASSUMED)
        self.ask(days, Amend, PROGRAMME, "agent-cap", value, evaluation=None)

    @rule(days=later, agent=agents, province=provinces, region=places)
    def recruit(self, days: int, agent: str, province: str, region: str) -> None:
        self.ask(days, Recruit, agent, PROGRAMME, province=province, region=region)

    @rule(days=later, agent=agents)
    def begin_training(self, days: int, agent: str) -> None:
        self.ask(days, BeginTraining, agent)

    @rule(days=later, agent=agents)
    def certify(self, days: int, agent: str) -> None:
        self.ask(days, Certify, agent)

    @rule(days=later, agent=agents)
    def assign(self, days: int, agent: str) -> None:
        self.ask(days, Assign, agent)

    @rule(days=later, agent=agents, reason=st.sampled_from(["idle", "office"]))
    def deactivate(self, days: int, agent: str, reason: str) -> None:
        self.ask(days, Deactivate, agent, reason=reason)

    @rule(days=later, agent=agents, region=places)
    def reactivate(self, days: int, agent: str, region: str) -> None:
        self.ask(days, Reactivate, agent, region=region)

    @rule(days=later, agent=agents)
    def resign(self, days: int, agent: str) -> None:
        self.ask(days, Resign, agent)


class OfParticipants(Plain):
    """What is asked about participants."""

    @rule(days=later, person=people, province=provinces)
    def register(self, days: int, person: str, province: str) -> None:
        self.ask(days, Register, person, province=province)

    @rule(days=later, person=people, ahead=st.integers(-6, 6), more=st.integers(0, 5))
    def pay(self, days: int, person: str, ahead: int, more: int) -> None:
        first = Month.of(self.today + timedelta(days=days)) + ahead
        months = Months.between(first, first + more)
        named = {"months": months, "income": 1_000_000, "amount": 16_800 * (more + 1)}
        self.ask(days, Pay, person, reference=str(self.asked), **named)

    @rule(days=later, person=people, reference=st.integers(0, STEPS))
    def correct(self, days: int, person: str, reference: int) -> None:
        self.ask(days, Correct, person, corrects=str(reference))

    @rule(days=later, person=people)
    def leave(self, days: int, person: str) -> None:
        self.ask(days, Leave, person, reason="other")

    @rule(days=later, person=people, province=provinces)
    def come_back(self, days: int, person: str, province: str) -> None:
        self.ask(days, ComeBack, person, province=province)


def row(bug: Bug, who: str, found: Sequence[Found]) -> list[str]:
    """Return a row: medians over the searches that found it, and how many did."""
    hits = [each for each in found if each.length is not None]
    number = f"{len(hits)} of {len(found)}"
    if not hits:
        tried, took = found[0].histories, median(each.seconds for each in found)
        return [bug.name, who, f"over {tried:,}", f"over {took:.2f}", "", "", "", number]
    return [
        bug.name,
        who,
        f"{median(each.histories for each in hits):,.0f}",
        f"{median(each.seconds for each in hits):.2f}",
        f"{median(each.in_all for each in hits):.2f}",
        f"{max(each.in_all for each in hits):.2f}",
        " or ".join(str(length) for length in sorted(Counter(each.length or 0 for each in hits))),
        number,
    ]


def pace(about: Sequence[str], histories: int, rounds: int) -> float:
    """Return how many histories of so many steps are played in a second: the median of rounds."""
    begins = setting()
    chart, paces = Map(begins, about), []
    for turn in range(rounds):
        start = process_time()
        for number in range(histories):
            world = World(begins)
            walk = Walk(world, chart, Random(f"{turn}/{number}"))
            for _ in range(STEPS):
                world.ask(walk.next())
        paces.append(histories / (process_time() - start))
    return median(paces)


def main() -> None:
    asked = parser(__doc__ or "", rounds=5)
    asked.add_argument("--seeds", type=positive, default=20, help="searches for each bug")
    asked.add_argument("--first", type=int, default=0, help="the first of the seeds")
    asked.add_argument("--histories", type=positive, default=600, help="at the most, in a search")
    asked.add_argument("--beside", type=int, default=5, help="searches by the plain machine")
    asked.add_argument("--time", action="store_true", help="the wrong rules of time, and no others")
    told = asked.parse_args()
    rows, bugs = [], BUGS_OF_TIME if told.time else BUGS
    for bug in bugs:
        seeds = range(told.first, told.first + told.seeds)
        found = [by_laws(bug, number, told.histories) for number in seeds]
        rows.append(row(bug, "jamsos", found))
        if bug.name in BESIDE and told.beside:
            beside = seeds[: told.beside]
            plain = [by_machine(bug, number, told.histories) for number in beside]
            rows.append(row(bug, "plain", plain))
    show(
        f"{len(bugs)} wrong rules: medians over seeds {told.first} to"
        f" {told.first + told.seeds - 1}, of at the most {told.histories} histories each",
        (
            "wrong rule",
            "by",
            "histories to find",
            "seconds to find",
            "with shortening",
            "at the most",
            "shortest",
            "found",
        ),
        rows,
        f"Histories of {STEPS} steps; seconds of one core. Shortest: commands in what is shown.",
        "plain: a RuleBasedStateMachine over the same commands, world and law.",
    )
    if told.time:
        return
    print()
    show(
        f"Histories of {STEPS} steps in a second of one core: median of {told.rounds} rounds",
        ("about", "histories"),
        [[name, f"{pace(about, 100, told.rounds):,.0f}"] for name, about in FOCUSES.items()],
    )


if __name__ == "__main__":
    main()
