"""
The cap holds: a proof by induction, for every cap, number of regions and order of commands.

The rules below say, in a dozen lines each, what a command may do to seats. z3 proves that no
rule breaks a law of `LAWS`, from any state at all in which the books are right: so no order of
commands does. A rule reads plain numbers as well as the terms of z3, and so the same rules are
held against the real commands, on every small state: the proof is about the code.

A command is told of a day, and of any: what it does to seats it does on that day and on every
later one, or up to a day. So the proof is about two days, any two, the first before the second,
of which a command may reach either, or both; what holds of any two holds of all.

The proof is of arithmetic. That no two writers decide on the same state is the store's part.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from itertools import product
from random import Random
from typing import Any, TypeAlias

import attrs
import pytest
import z3
from z3 import z3util

from jamsos import Accepted, Citation, DatedValue, Outcome, Status
from jamsos.desk import Desk
from jamsos.domain.agent import Agent, AgentStatus
from jamsos.domain.aggregate import state as state_of
from jamsos.domain.geography import NATIONAL
from jamsos.domain.money import MOST
from jamsos.domain.programme import Evaluation, Programme, ProgrammeRuleEnacted, evolve
from jamsos.domain.quota import (
    Allotment,
    Change,
    Quota,
    QuotaAllotted,
    QuotaTakenBack,
    Seating,
    take,
)
from jamsos.domain.quota import evolve as evolve_quota
from jamsos.engine.session import SHIPPED, Rules, Session
from jamsos.errors import InputError
from jamsos.policies.standard import STANDARD
from tests.domain.an_agent import who_is

Number: TypeAlias = Any
"""An int, or an integer term of z3: both know ``+``, ``<`` and ``==``."""

Truth: TypeAlias = Any
"""A bool, or a formula of z3: both know ``&`` and ``|``."""


# -- What seats there are. ----------------------------------------------------------


@attrs.frozen
class Place:
    """The seats of a region, and how many *holders* they have; *mine* is 1 if the agent is one."""

    allotted: Number
    taken: Number
    holders: Number
    mine: Number
    cap: Number
    """The cap that the region has of its own; a number beyond reach, where it has none."""

    @property
    def free(self) -> Number:
        return self.allotted - self.taken

    def plus(self, allotted: Number) -> Place:
        return attrs.evolve(self, allotted=self.allotted + allotted)


@attrs.frozen
class Seats:
    """
    The seats of a programme; and one agent, any one: the agent of whom the next command is.

    *one* and *other* are the regions that it is about, any two; *rest* is the sum of all the
    other regions, however many. *cap* is the nation's on the day of the command.
    """

    nation: Place
    one: Place
    other: Place
    rest: Place
    passed_on: Number
    cap: Number

    @property
    def places(self) -> tuple[Place, ...]:
        return self.nation, self.one, self.other, self.rest

    @property
    def issued(self) -> Number:
        return self.nation.allotted + self.passed_on

    @property
    def taken(self) -> Number:
        return sum(place.taken for place in self.places)

    @property
    def mine(self) -> Number:
        return sum(place.mine for place in self.places)

    def but(self, **changed: Any) -> Seats:
        return attrs.evolve(self, **changed)


# -- The rules: when a command is granted, and what becomes of the seats. -------------

Step: TypeAlias = tuple[Truth, Seats]
Rule: TypeAlias = Callable[[Seats, Number], Step]


def allot(s: Seats, n: Number) -> Step:
    return s.issued + n <= s.cap, s.but(nation=s.nation.plus(n))


def withdraw(s: Seats, n: Number) -> Step:
    return n <= s.nation.free, s.but(nation=s.nation.plus(-n))


def pass_on(s: Seats, n: Number) -> Step:
    may = (n <= s.nation.free) & (s.issued <= s.cap) & (s.one.allotted + n <= s.one.cap)
    return may, s.but(nation=s.nation.plus(-n), one=s.one.plus(n), passed_on=s.passed_on + n)


def give_back(s: Seats, n: Number) -> Step:
    may = n <= s.one.free
    return may, s.but(nation=s.nation.plus(n), one=s.one.plus(-n), passed_on=s.passed_on - n)


def move(s: Seats, n: Number) -> Step:
    may = (n <= s.one.free) & (s.issued <= s.cap) & (s.other.allotted + n <= s.other.cap)
    return may, s.but(one=s.one.plus(-n), other=s.other.plus(n))


def _seated(place: Place, by: int) -> Place:
    return attrs.evolve(
        place, taken=place.taken + by, holders=place.holders + by, mine=place.mine + by
    )


def take_of_the_nation(s: Seats, _: Number) -> Step:
    alone = (s.passed_on == 0) & (s.nation.taken < s.cap)
    under = alone | ((s.passed_on != 0) & (s.issued <= s.cap))
    may = (s.mine == 0) & (s.nation.taken < s.nation.allotted) & under
    return may, s.but(nation=_seated(s.nation, 1))


def take_of_a_region(s: Seats, _: Number) -> Step:
    room = (s.one.taken < s.one.allotted) & (s.one.taken < s.one.cap)
    return (s.mine == 0) & room & (s.issued <= s.cap), s.but(one=_seated(s.one, 1))


def release_to_the_nation(s: Seats, _: Number) -> Step:
    return s.nation.mine == 1, s.but(nation=_seated(s.nation, -1))


def release_to_a_region(s: Seats, _: Number) -> Step:
    return s.one.mine == 1, s.but(one=_seated(s.one, -1))


def ask_again(s: Seats, _: Number) -> Step:
    """Deliver the command of one who holds a seat of the region a second time."""
    return s.one.mine == 1, s


def lower_the_cap(s: Seats, n: Number) -> Step:
    return n <= s.cap, s.but(cap=n)


def raise_the_cap(s: Seats, n: Number) -> Step:
    """Raise it, after an evaluation: what the evaluation has said is of no matter here."""
    return n > s.cap, s.but(cap=n)


def give_a_region_another_cap(s: Seats, n: Number) -> Step:
    return n >= 0, s.but(one=attrs.evolve(s.one, cap=n))


RULES: Mapping[str, Rule] = {
    rule.__name__: rule
    for rule in (
        allot,
        withdraw,
        pass_on,
        give_back,
        move,
        take_of_the_nation,
        take_of_a_region,
        release_to_the_nation,
        release_to_a_region,
        ask_again,
        lower_the_cap,
        raise_the_cap,
        give_a_region_another_cap,
    )
}


# -- The laws: of each state, and of each step from one to the next. ------------------


def right(place: Place) -> Truth:
    """Say that no more is taken than allotted, and that what is taken is held."""
    held = (place.taken == place.holders) & (place.mine >= 0) & (place.mine <= place.holders)
    return (place.taken >= 0) & (place.taken <= place.allotted) & held & (place.cap >= 0)


def the_books_are_right(s: Seats) -> Truth:
    """Say it of all places; that one agent holds one seat; and that every seat is somewhere."""
    everywhere = right(s.nation) & right(s.one) & right(s.other) & right(s.rest)
    elsewhere = s.one.allotted + s.other.allotted + s.rest.allotted
    return everywhere & (s.mine <= 1) & (s.passed_on == elsewhere) & (s.cap >= 0)


RELEASES = {"release_to_the_nation", "release_to_a_region"}
NEW_OR_GONE = {"allot", "withdraw"}

Law: TypeAlias = Callable[[str, Seats, Seats], Truth]

LAWS: Mapping[str, Law] = {
    "the books stay right": lambda _, __, after: the_books_are_right(after),
    "who is seated is seated under the cap of the day": lambda _, before, after: z3.Implies(
        after.taken > before.taken, after.taken <= after.cap
    ),
    "and under the region's own": lambda _, before, after: z3.Implies(
        after.one.taken > before.one.taken, after.one.taken <= after.one.cap
    ),
    "seats are issued under the cap of the day": lambda _, before, after: z3.Implies(
        after.issued > before.issued, after.issued <= after.cap
    ),
    "seats that change hands stay as many": lambda rule, before, after: z3.Or(
        rule in NEW_OR_GONE,
        sum(p.allotted for p in before.places) == sum(p.allotted for p in after.places),
    ),
    "nobody loses a seat that they do not release": lambda rule, before, after: z3.Or(
        rule in RELEASES,
        z3.And(*(a.holders >= b.holders for a, b in zip(after.places, before.places, strict=True))),
    ),
}


def any_seats(day: str = "") -> Seats:
    places = (
        Place(*(z3.Int(f"{day}{name}.{field.name}") for field in attrs.fields(Place)))
        for name in ("nation", "one", "other", "rest")
    )
    return Seats(*places, z3.Int(f"{day}passed_on"), z3.Int(f"{day}cap"))


# -- Two days: any two, the first before the second. ---------------------------------

Days: TypeAlias = tuple[Seats, Seats]
"""The seats at the ends of the two days, each with the cap of its day."""

Reach: TypeAlias = tuple[bool, bool]
"""Whether a command is about each of the two days."""

REACHES: tuple[Reach, ...] = ((True, True), (False, True), (True, False))
"""From a day on that is not after the first; from a later one on; or until the second."""

Telling: TypeAlias = Callable[[Rule, Days, Reach, Number], tuple[Truth, Days]]

CHANGE_A_CAP = {lower_the_cap, raise_the_cap, give_a_region_another_cap}


def on_each_day(rule: Rule, days: Days, reach: Reach, n: Number) -> tuple[Truth, Days]:
    """Grant what *rule* grants on each day that is reached, and do the same on each of them."""
    first, second = (rule(seats, n) for seats in days)
    may: Truth = True
    for (granted, _), reached in zip((first, second), reach, strict=True):
        if reached:
            may = granted & may
            if rule in CHANGE_A_CAP:  # whether it is lowered is asked of its first day alone
                break
    return may, _after(days, (first[1], second[1]), reach)


def _after(days: Days, after: Days, reach: Reach) -> Days:
    first, second = (a if r else b for a, b, r in zip(after, days, reach, strict=True))
    return first, second


def on_its_day_alone(rule: Rule, days: Days, reach: Reach, n: Number) -> tuple[Truth, Days]:
    """Grant what *rule* grants on the day that is asked, without a look at later ones."""
    first, second = (rule(seats, n) for seats in days)
    may = first[0] if reach[0] else second[0]
    return may, _after(days, (first[1], second[1]), reach)


def at_the_end_of_all_days(rule: Rule, days: Days, reach: Reach, n: Number) -> tuple[Truth, Days]:
    """Grant what *rule* grants by all that was told, whatever day it was told of."""
    first, second = (rule(seats, n) for seats in days)
    return second[0], _after(days, (first[1], second[1]), reach)


def broken(rules: Mapping[str, Rule], telling: Telling = on_each_day) -> dict[str, tuple[str, ...]]:
    """Return the laws that each of *rules* can break; none for a rule that breaks none."""
    found = {name: tuple(_broken_by(name, rule, telling)) for name, rule in rules.items()}
    return {name: laws for name, laws in found.items() if laws}


def _broken_by(name: str, rule: Rule, telling: Telling) -> Iterator[str]:
    before, n = (any_seats("first."), any_seats("second.")), z3.Int("n")
    right = [the_books_are_right(seats) for seats in before]
    told = [telling(rule, before, reach, n) for reach in REACHES]
    for said, law in LAWS.items():
        wrong = [
            z3.And(may, z3.Not(law(name, was, now)))
            for may, after in told
            for was, now in zip(before, after, strict=True)
            if was is not now
        ]
        solver = z3.Solver()
        solver.add(*right, n > 0, z3.Or(*wrong))
        answer = solver.check()
        assert answer != z3.unknown
        if answer == z3.sat:
            yield said


def test_no_command_breaks_a_law_from_any_state_whatever():
    assert broken(RULES) == {}


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_a_state_in_which_it_is_granted(rule):
    before, n = any_seats(), z3.Int("n")
    may, _ = RULES[rule](before, n)
    solver = z3.Solver()
    solver.add(the_books_are_right(before), n > 0, may, before.cap > 1, before.rest.taken > 0)

    assert solver.check() == z3.sat


def test_the_books_are_right_before_anything_has_happened():
    nothing = Place(0, 0, 0, 0, MOST)

    assert the_books_are_right(Seats(nothing, nothing, nothing, nothing, 0, 0))


def test_the_rest_can_stand_for_any_number_of_regions():
    """One region more added to a rest that is right leaves it right; no region is right."""
    rest, more, n = any_seats().rest, any_seats().one, z3.Int("n")
    fields = ("allotted", "taken", "holders", "mine")
    both = Place(*(getattr(rest, f) + getattr(more, f) for f in fields), n)
    solver = z3.Solver()
    solver.add(right(rest), right(more), n >= 0, z3.Not(right(both)))

    assert solver.check() == z3.unsat
    assert right(Place(0, 0, 0, 0, MOST))


def test_no_rule_reads_the_rest_or_writes_to_it():
    before, n = any_seats(), z3.Int("n")
    of_the_rest = {f"rest.{field.name}" for field in attrs.fields(Place)} - {"rest.mine"}
    for name, rule in RULES.items():
        may, after = rule(before, n)

        assert not of_the_rest & {str(term) for term in z3util.get_vars(may)}, name
        assert after.rest is before.rest, name


# -- Seeded wrong rules: the proof fails, and says which rule it was. ------------------


def unchecked(s: Seats, _: Number) -> Step:
    return (s.mine == 0) & (s.issued <= s.cap), s.but(one=_seated(s.one, 1))


def unchecked_in_the_nation(s: Seats, _: Number) -> Step:
    return (s.mine == 0) & (s.issued <= s.cap), s.but(nation=_seated(s.nation, 1))


def one_too_many(s: Seats, n: Number) -> Step:
    may, after = take_of_the_nation(s.but(cap=s.cap + 1), n)
    return may, after.but(cap=s.cap)


def regardless_of_a_lower_cap(s: Seats, _: Number) -> Step:
    return (s.mine == 0) & (s.one.taken < s.one.allotted), s.but(one=_seated(s.one, 1))


def regardless_of_the_regions_own_cap(s: Seats, n: Number) -> Step:
    may, after = take_of_a_region(s.but(one=attrs.evolve(s.one, cap=MOST)), n)
    return may & (s.one.taken < MOST), after.but(one=attrs.evolve(after.one, cap=s.one.cap))


def move_without_taking_back(s: Seats, n: Number) -> Step:
    may, _ = move(s, n)
    return may, s.but(other=s.other.plus(n))


def pass_on_unremembered(s: Seats, n: Number) -> Step:
    may, after = pass_on(s, n)
    return may, after.but(passed_on=s.passed_on)


def take_back_what_is_taken(s: Seats, n: Number) -> Step:
    _, after = give_back(s, n)
    return n <= s.one.allotted, after


def withdraw_what_is_taken(s: Seats, n: Number) -> Step:
    return n <= s.nation.allotted, s.but(nation=s.nation.plus(-n))


def allot_over_the_cap(s: Seats, n: Number) -> Step:
    return n >= 0, s.but(nation=s.nation.plus(n))


def allot_under_the_cap_of_the_nation_alone(s: Seats, n: Number) -> Step:
    return s.nation.allotted + n <= s.cap, s.but(nation=s.nation.plus(n))


def count_twice(s: Seats, _: Number) -> Step:
    return s.one.mine == 1, s.but(one=attrs.evolve(s.one, taken=s.one.taken + 1))


def seat_twice(s: Seats, _: Number) -> Step:
    room = (s.one.taken < s.one.allotted) & (s.issued <= s.cap)
    return (s.one.mine == 1) & room, s.but(one=_seated(s.one, 1))


def release_what_another_holds(s: Seats, _: Number) -> Step:
    return (s.mine == 0) & (s.one.taken > 0), s.but(one=_seated(s.one, -1))


def unseat_who_is_over(s: Seats, n: Number) -> Step:
    may, after = lower_the_cap(s, n)
    return may & (s.one.mine == 1), after.but(one=_seated(s.one, -1))


WRONG: tuple[tuple[str, Rule], ...] = (
    ("take_of_a_region", unchecked),
    ("take_of_the_nation", unchecked_in_the_nation),
    ("take_of_the_nation", one_too_many),
    ("take_of_a_region", regardless_of_a_lower_cap),
    ("take_of_a_region", regardless_of_the_regions_own_cap),
    ("move", move_without_taking_back),
    ("pass_on", pass_on_unremembered),
    ("give_back", take_back_what_is_taken),
    ("withdraw", withdraw_what_is_taken),
    ("allot", allot_over_the_cap),
    ("allot", allot_under_the_cap_of_the_nation_alone),
    ("ask_again", count_twice),
    ("ask_again", seat_twice),
    ("release_to_a_region", release_what_another_holds),
    ("lower_the_cap", unseat_who_is_over),
)


@pytest.mark.parametrize(("rule", "wrong"), WRONG, ids=[wrong.__name__ for _, wrong in WRONG])
def test_with_a_wrong_rule_the_proof_fails_and_names_it(rule, wrong):
    assert list(broken({**RULES, rule: wrong})) == [rule]


@pytest.mark.parametrize("telling", [on_its_day_alone, at_the_end_of_all_days])
def test_rules_that_are_asked_on_one_day_only_do_not_hold_on_the_others(telling):
    found = broken(RULES, telling)

    takes = {"take_of_the_nation", "take_of_a_region"}
    assert found.keys() >= takes | {"allot", "withdraw", "pass_on", "give_back", "move"}
    assert not found.keys() & {"ask_again", "lower_the_cap", "raise_the_cap"}
    under = "who is seated is seated under the cap of the day"
    assert all({"the books stay right", under} <= {*found[take]} for take in takes)


def test_every_law_is_broken_by_one_wrong_rule_or_another():
    seen = {law for rule, wrong in WRONG for law in broken({rule: wrong})[rule]}

    assert seen == set(LAWS)


# -- The rules are the code's: both are asked, on every small state. -------------------

DAY, LATER = DAYS = (date(2018, 1, 10), date(2018, 2, 10))
ONE, OTHER, REST = "51", "31", "banuspa"
REGIONS = {"nation": NATIONAL, "one": ONE, "other": OTHER, "rest": REST}
AGENT = "agent-00000000-0000-7000-8000-000000000001"
FIRST_DAY = date(2018, 1, 1)


def dated(value: int, in_force: date = FIRST_DAY, until: date | None = None) -> DatedValue:
    source = Citation("Example 1/2018")
    return DatedValue(
        value=value, in_force=in_force, until=until, citation=source, status=Status.ASSUMED
    )


def on_both(first: int, second: int) -> tuple[DatedValue, ...]:
    """Return the values of a rule on the two days; one, where it is the same."""
    if first == second:
        return (dated(first),)
    return dated(first, until=LATER - timedelta(days=1)), dated(second, LATER)


@cache
def a_programme(caps: tuple[int, int], own: tuple[int, int] | None = None) -> Programme:
    programme = attrs.evolve(Programme("perisai"), established=DAY)
    values = {("agent-cap", NATIONAL): caps, ("agent-return-months", NATIONAL): (0, 0)}
    if own is not None:
        values |= {("agent-cap", ONE): own, ("agent-cap", OTHER): own}
    for (rule, scope), value in values.items():
        enacted = ProgrammeRuleEnacted(
            rule=rule, scope=scope, unit="agents", values=on_both(*value), on=DAY
        )
        programme = evolve(programme, enacted)
    return programme


def a_quota(region: str, days: Days) -> Quota:
    """Return seats that stand as on the first day from ever on, and change on the second."""
    name = next(name for name, each in REGIONS.items() if each == region)
    first, second = (getattr(seats, name) for seats in days)
    passed_on = [seats.passed_on if region == NATIONAL else 0 for seats in days]
    change = Change(
        LATER,
        second.allotted - first.allotted,
        second.taken - first.taken,
        passed_on[1] - passed_on[0],
    )
    return Quota(
        programme="perisai",
        region=region,
        allotted=second.allotted,
        taken=second.taken,
        passed_on=passed_on[1],
        changes=(change,) if change != Change(LATER) else (),
    )


BEFORE = date(2018, 1, 1)
AGENTS: Mapping[str | None, tuple[Agent, ...]] = {
    None: (Agent(id=AGENT), who_is(AgentStatus.DEACTIVATED, BEFORE, named=AGENT)),
    **{
        region: tuple(
            who_is(status, BEFORE, region=region, named=AGENT)
            for status in (AgentStatus.RECRUITED, AgentStatus.ACTIVE)
        )
        for region in (NATIONAL, ONE)
    },
}
"""The agent, by where they sit. One who has resigned is granted less than the rules say."""


@attrs.frozen
class OnRecord:
    """The record, as a desk reads it: the same seats as *seats*."""

    states: dict[str, Any]

    def load(self, stream: str) -> tuple[Any, int]:
        state = self.states.get(stream)
        return (state_of(stream, ()) if state is None else state), 0

    def load_many(self, streams: Iterable[str]) -> dict[str, tuple[Any, int]]:
        return {stream: self.load(stream) for stream in streams}


def on_record(days: Days, programme: Programme, agent: Agent) -> OnRecord:
    states: dict[str, Any] = {"programme-perisai": programme, AGENT: agent}
    for region in REGIONS.values():
        states[f"quota-perisai-{region}"] = a_quota(region, days)
    return OnRecord(states)


def as_numbers(states: Mapping[str, Any], like: Days, reach: Reach) -> Days:
    """Return the seats in *states*; who holds them follows from *like*, and from the agent."""
    first, second = (
        _as_numbers(states, day, before, reached)
        for day, before, reached in zip(DAYS, like, reach, strict=True)
    )
    return first, second


def _as_numbers(states: Mapping[str, Any], day: date, like: Seats, reached: bool) -> Seats:  # noqa: FBT001
    agent, programme = states[AGENT], states["programme-perisai"]
    places = {}
    for name, region in REGIONS.items():
        quota, before = states[f"quota-perisai-{region}"].at(day), getattr(like, name)
        mine = int(agent.seat == region) if reached else before.mine
        holders = before.holders - before.mine + mine
        places[name] = Place(quota.allotted, quota.taken, holders, mine, before.cap)
    nation = states[f"quota-perisai-{NATIONAL}"].at(day)
    cap = programme.rule("agent-cap", day).value
    return Seats(**places, passed_on=nation.passed_on, cap=cap)


def answered(
    source: OnRecord,
    ask: Callable[[Desk], Any],
    like: Days,
    reach: Reach = (True, True),
    by: Rules = SHIPPED,
) -> tuple[bool, Days]:
    """Return whether *ask* makes anything happen, decided *by* such rules, and the seats after."""
    session = Session(source, by)
    try:
        answer = ask(Desk(session))
    except InputError:
        return False, like
    happens = isinstance(answer, Accepted) and bool(answer.events)
    return happens, as_numbers({**source.states, **session.draft.states}, like, reach)


PAIRS = [(0, 0), (1, 0), (1, 1), (2, 0), (2, 1), (2, 2)]
FEWER = [(0, 0), (1, 0), (2, 1)]


def small_states() -> Iterator[tuple[Days, Programme, str | None]]:
    """Return seats of every small size, with the law, and where the agent sits."""
    dice = Random(1)
    for cap, own in product(range(6), (None, 1)):
        for nation, one, other, rest in product(PAIRS, PAIRS, FEWER, [(0, 0), (1, 1)]):
            pairs = dict(zip(REGIONS, (nation, one, other, rest), strict=True))
            for seat in (None, NATIONAL, ONE):
                places = {
                    name: Place(
                        *pair,
                        pair[1],
                        int(seat == REGIONS[name]),
                        own if own is not None and name in {"one", "other"} else MOST,
                    )
                    for name, pair in pairs.items()
                }
                if all(place.mine <= place.holders for place in places.values()):
                    passed_on = one[0] + other[0] + rest[0]
                    first = Seats(**places, passed_on=passed_on, cap=cap)
                    second, own_later = a_later_day(first, own, dice)
                    caps = None if own is None else (own, own_later)
                    yield (first, second), a_programme((cap, second.cap), caps), seat


def a_later_day(first: Seats, own: int | None, dice: Random) -> tuple[Seats, int]:
    """Return seats of a later day that are near those of the *first*, or the same."""
    if dice.randrange(3) == 0:
        return first, own or 0
    own_later = dice.choice((0, 1, 1, 2))
    places = {}
    for name in REGIONS:
        was = getattr(first, name)
        allotted = max(was.mine, was.allotted + dice.choice((0, 0, 0, 1, -1)))
        taken = min(allotted, max(was.mine, was.taken + dice.choice((0, 0, 0, 1, -1))))
        cap = own_later if own is not None and name in {"one", "other"} else MOST
        places[name] = Place(allotted, taken, taken, was.mine, cap)
    passed_on = sum(places[name].allotted for name in REGIONS if name != "nation")
    cap = max(0, first.cap + dice.choice((0, 0, 0, 1, -1)))
    return Seats(**places, passed_on=passed_on, cap=cap), own_later


ON: tuple[tuple[date, Reach], ...] = ((DAY, (True, True)), (LATER, (False, True)))
"""The days that are asked, and which of the two a command of that day is about."""


def _of_seats(s: Seats, n: int, on: date) -> Iterator[tuple[str, Callable[[Desk], Any]]]:
    """Return what can be asked about *n* seats, each with the rule that it must follow."""
    said = {"on": on}
    yield "allot", lambda d: d.allot("perisai", s.issued + n, **said)
    if s.issued >= n:
        yield "withdraw", lambda d: d.allot("perisai", s.issued - n, **said)
    yield "pass_on", lambda d: d.allot("perisai", s.one.allotted + n, region=ONE, **said)
    yield "pass_on", lambda d: d.move_seats("perisai", n, source=NATIONAL, to=ONE, **said)
    if s.one.allotted >= n:
        yield "give_back", lambda d: d.allot("perisai", s.one.allotted - n, region=ONE, **said)
    yield "give_back", lambda d: d.move_seats("perisai", n, source=ONE, to=NATIONAL, **said)
    yield "move", lambda d: d.move_seats("perisai", n, source=ONE, to=OTHER, **said)


def _of_the_agent(agent: Agent, on: date) -> Iterator[tuple[str, Callable[[Desk], Any]]]:
    """Return what can be asked about the agent, each with the rule that it must follow."""
    said = {"programme": "perisai", "province": "51", "on": on}
    there = {NATIONAL: "the_nation", ONE: "a_region"}
    if agent.status is AgentStatus.DEACTIVATED:
        for region, name in there.items():
            yield f"take_of_{name}", lambda d, r=region: d.reactivate(AGENT, region=r, on=on)
    elif agent.seat is None:
        for region, name in there.items():
            yield f"take_of_{name}", lambda d, r=region: d.recruit(AGENT, region=r, **said)
    else:
        name = there[agent.seat]
        yield f"release_to_{name}", lambda d: d.resign(AGENT, on=on)
        yield f"release_to_{name}", lambda d: d.terminate(AGENT, cause="fraud", on=on)
        if agent.status is AgentStatus.ACTIVE:
            yield f"release_to_{name}", lambda d: d.deactivate(AGENT, on=on, reason="office")
            yield "ask_again", lambda d: d.reactivate(AGENT, region=ONE, on=on)
        for region in there:
            yield "ask_again", lambda d, r=region: d.recruit(AGENT, region=r, **said)


@attrs.define
class Compared:
    """How many states and commands were looked at; and where rule and code go apart."""

    states: int = 0
    asked: int = 0
    granted: int = 0
    apart: tuple[str, int, date, Days] | None = None


def compare(
    rules: Mapping[str, Rule], only: Collection[str] = RULES, by: Rules = SHIPPED
) -> Compared:
    """Ask both, on each small state, what becomes of each command, until they go apart."""
    seen = Compared()
    for days, programme, seat in small_states():
        seen.states += 1
        for (number, agent), (on, reach) in product(enumerate(AGENTS[seat]), ON):
            source = on_record(days, programme, agent)
            commands = [(rule, ask, 1) for rule, ask in _of_the_agent(agent, on)]
            if seat is None and not number:
                asked = days[0] if reach[0] else days[1]
                commands += [(*command, n) for n in (1, 2) for command in _of_seats(asked, n, on)]
            for rule, ask, n in commands:
                if rule in only:
                    may, after = on_each_day(rules[rule], days, reach, n)
                    happens, there = answered(source, ask, days, reach, by)
                    seen.asked += 1
                    seen.granted += happens
                    alike = happens == (may and rule != "ask_again")
                    if not alike or there != (after if may else days):
                        seen.apart = rule, n, on, days
                        return seen
    return seen


@pytest.mark.parametrize("region", [NATIONAL, ONE])
def test_a_seat_that_is_held_until_a_day_is_granted_as_the_rule_says_of_the_days_before(region):
    rule, granted = {NATIONAL: take_of_the_nation, ONE: take_of_a_region}[region], 0
    for days, programme, seat in small_states():
        if seat is None:
            quota, national = a_quota(region, days), a_quota(NATIONAL, days)
            case = Seating(
                agent=AGENTS[None][0],
                programme=programme,
                quota=quota,
                national=national,
                on=DAY,
                until=LATER,
            )
            may, _ = on_each_day(rule, days, (True, False), 1)
            answer = take(case, rules=(), policies=STANDARD[Seating])
            assert isinstance(answer, Accepted) == may, days
            if isinstance(answer, Accepted):
                granted += 1
                taken, released = answer.events
                after = evolve_quota(evolve_quota(quota, taken), released)
                assert after.at(DAY).taken == quota.at(DAY).taken + 1
                assert after.at(LATER) == attrs.evolve(quota.at(LATER), changes=after.changes)
    assert granted


def test_on_every_small_state_a_command_is_granted_as_the_rules_say_and_does_what_they_say():
    seen = compare(RULES)

    print(f"{seen.states:,} states, {seen.asked:,} commands, {seen.granted:,} of them granted")
    assert seen.apart is None
    assert 0 < seen.granted < seen.asked


OF_SEATS = [(rule, wrong) for rule, wrong in WRONG if rule != "lower_the_cap"]


@pytest.mark.parametrize(("rule", "wrong"), OF_SEATS, ids=[wrong.__name__ for _, wrong in OF_SEATS])
def test_a_wrong_rule_is_not_the_codes(rule, wrong):
    assert compare({**RULES, rule: wrong}, only={rule}).apart[0] == rule


@pytest.mark.parametrize(
    ("case", "rule"),
    [
        (Seating, "take_of_the_nation"),
        (Seating, "take_of_a_region"),
        (Allotment, "allot"),
        (Allotment, "pass_on"),
        (Allotment, "move"),
    ],
)
def test_code_that_asks_no_policy_is_not_the_rules(case, rule):
    by = Rules({**STANDARD, case: ()})

    assert compare(RULES, only={rule}, by=by).apart[0] == rule


def _told(events: Iterable[Any]) -> Iterator[tuple[str, int, dict[str, str]]]:
    """Return the rules that *events* tell of, with the seats and who is *one* and *other*."""
    at = iter(events)
    for event in at:
        if isinstance(event, QuotaAllotted):
            yield "allot", event.seats, {}
        elif event.to is None:
            yield "withdraw", event.seats, {}
        else:
            got = next(at)
            assert isinstance(event, QuotaTakenBack)
            assert (got.region, got.seats) == (event.to, event.seats)
            if got.source == NATIONAL:
                yield "pass_on", got.seats, {"one": got.region}
            elif got.region == NATIONAL:
                yield "give_back", got.seats, {"one": got.source}
            else:
                yield "move", got.seats, {"one": got.source, "other": got.region}


def _placed(seats: Seats, who: Mapping[str, str]) -> Seats:
    """Return *seats* with the regions that *who* names as *one* and *other*; or back again."""
    names = {region: name for name, region in REGIONS.items()}
    for role, region in who.items():
        there = names[region]
        seats = attrs.evolve(seats, **{role: getattr(seats, there), there: getattr(seats, role)})
    return seats


def test_on_every_small_state_a_command_for_many_regions_is_a_row_of_granted_rules():
    asked, seen = 0, Counter()
    weights = [{ONE: 1, OTHER: 1}, {ONE: 2, OTHER: 1, REST: 1}, {OTHER: 1, ONE: 0}]
    for days, programme, seat in small_states():
        if seat is not None:
            continue
        source = on_record(days, programme, AGENTS[None][0])
        for on, reach in ON:
            commands = [lambda d, on=on: d.fit_to_cap("perisai", on=on)]
            commands += [
                lambda d, n=n, w=w, on=on: d.share_out("perisai", n, w, on=on)
                for n, w in product((0, 2, 3), weights)
            ]
            for ask in commands:
                session = Session(source)
                asked += 1
                try:
                    answer = ask(Desk(session))
                except InputError:
                    continue
                if not isinstance(answer, Accepted):
                    continue
                now = days
                for rule, n, who in _told(answer.events):
                    first, second = (_placed(seats, who) for seats in now)
                    may, after = on_each_day(RULES[rule], (first, second), reach, n)
                    assert may, (rule, n, who, now)
                    first, second = (_placed(seats, who) for seats in after)
                    now = first, second
                    seen[rule] += 1
                assert now == as_numbers({**source.states, **session.draft.states}, days, reach)
    print(f"{asked:,} commands for many regions, {seen.total():,} rules applied")
    assert seen.keys() == {"allot", "withdraw", "pass_on", "give_back"}


@pytest.mark.parametrize(("cap", "n"), list(product(range(4), repeat=2)))
@pytest.mark.parametrize("evaluated", [False, True])
def test_the_cap_is_lowered_at_will_and_raised_only_after_an_evaluation(cap, n, evaluated):
    programme = attrs.evolve(
        a_programme((cap, cap)), evaluations={"first": Evaluation(DAY, DAY, Outcome.RAISE)}
    )
    none = Place(0, 0, 0, 0, MOST)
    seats = Seats(none, none, none, none, 0, cap)
    source = on_record((seats, seats), programme, AGENTS[None][0])
    value = attrs.evolve(dated(n), in_force=DAY)
    name = "first" if evaluated else None

    happens, after = answered(
        source,
        lambda d: d.amend("perisai", "agent-cap", value, on=DAY, evaluation=name),
        (seats, seats),
    )

    lowered, raised = lower_the_cap(seats, n), raise_the_cap(seats, n)
    assert happens == (lowered[0] or (raised[0] and evaluated))
    assert after == ((lowered[1],) * 2 if happens else (seats, seats))
