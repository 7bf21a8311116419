"""
The cap holds: every history of a few agents, regions and seats, made by the real commands.

A search, breadth first, asks a desk for everything that touches seats, on each of some days
between which the cap changes, in every state that can come about. A command may be told late:
days come in any order, and so caps do; a cap that is lowered is lowered by a command too, at any
time. The laws are looked at in every state and at every step, on each of the days.

The search is the code's own: there is no second account of the rules that could be wrong. It
is not a proof: what only shows with more agents or seats is left to the proof beside it.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from itertools import permutations
from typing import Any, TypeAlias

import attrs
import pytest

from jamsos import Accepted, Citation, DatedValue, DeactivationReason, Status
from jamsos.commands import voiding_of_agents
from jamsos.commands.reseating import with_seats
from jamsos.desk import Desk
from jamsos.domain import agent as agents
from jamsos.domain import quota as quotas
from jamsos.domain.agent import Agent, AgentRecruited, recruit
from jamsos.domain.aggregate import state as state_of
from jamsos.domain.geography import NATIONAL
from jamsos.domain.programme import Programme, ProgrammeRuleEnacted, evolve
from jamsos.domain.quota import (
    Allotment,
    Quota,
    QuotaSeatReleased,
    Seating,
    take_back,
)
from jamsos.engine.session import SHIPPED, Rules, Session
from jamsos.errors import InputError, NotFoundError
from jamsos.policies.agent_cap import allotment_is_under_the_cap, seat_is_free
from jamsos.policies.standard import STANDARD

DAYS = (date(2017, 12, 31), date(2018, 7, 1), date(2019, 1, 1))
PLACES = (NATIONAL, "51", "banuspa")
AGENTS = tuple(f"agent-00000000-0000-7000-8000-00000000000{number}" for number in range(3))
NAMES = dict(zip(AGENTS, ("Agus", "Budi", "Citra"), strict=True))

World: TypeAlias = Mapping[str, Any]
"""The state of every stream that is not empty."""

Asked: TypeAlias = tuple[str, date, Callable[[Desk], Any]]
"""A command, in words; on which day; and how."""


@attrs.frozen
class Size:
    """How much there is in a search: the cap on each day, agents, and regions."""

    caps: tuple[int, ...]
    agents: int
    regions: int
    own: tuple[int, ...] = ()
    """The cap that the last region has of its own on each day, where it has one."""

    @property
    def places(self) -> tuple[str, ...]:
        return PLACES[: 1 + self.regions]

    def known(self, caps: tuple[int, ...]) -> tuple[int, ...]:
        """Return those of *caps* that are in force from the beginning: all, unless they fall."""
        return caps if sorted(caps) == [*caps] else caps[:1]

    def falls(self, programme: Programme) -> Iterator[tuple[str, DatedValue]]:
        """Return where a cap is to be lowered yet, and to what."""
        for where, caps in ((NATIONAL, self.caps), (self.places[-1], self.own)):
            if len(self.known(caps)) < len(caps):
                _, lower = _values((date(2017, 11, 1), *DAYS[1:]), caps)
                if len(programme.rules["agent-cap", where]) == 1:
                    yield where, lower

    def law(self) -> Programme:
        """Return the programme, with its cap on each day that is known from the beginning."""
        first_days = (date(2017, 11, 1), *DAYS[1:])
        programme = attrs.evolve(Programme("perisai"), established=first_days[0])
        values = {
            ("agent-cap", NATIONAL): _values(first_days, self.known(self.caps)),
            ("agent-return-months", NATIONAL): _values(first_days, (6,)),
        }
        if self.own:
            own = self.known(self.own)
            values["agent-cap", self.places[-1]] = _values(first_days, own)
        for (rule, scope), dated in values.items():
            enacted = ProgrammeRuleEnacted(
                rule=rule, scope=scope, unit="agents", values=dated, on=first_days[0]
            )
            programme = evolve(programme, enacted)
        return programme


def _values(first_days: Sequence[date], values: Sequence[int]) -> tuple[DatedValue, ...]:
    """Return *values*, each from one of *first_days* on until the next."""
    firsts = first_days[: len(values)]
    ends = [first - timedelta(days=1) for first in firsts[1:]]
    return tuple(
        DatedValue(
            value=value,
            in_force=first,
            until=until,
            citation=Citation("Example 1/2018"),
            status=Status.ASSUMED,
        )
        for value, first, until in zip(values, firsts, [*ends, None], strict=True)
    )


@cache
def _nothing(stream: str) -> Any:
    return state_of(stream, ())


@attrs.frozen
class OnRecord:
    """The record, as a desk reads it."""

    world: World

    def load(self, stream: str) -> tuple[Any, int]:
        return self.world.get(stream) or _nothing(stream), 0

    def load_many(self, streams: Iterable[str]) -> dict[str, tuple[Any, int]]:
        return {stream: self.load(stream) for stream in streams}


# -- What can be asked. ---------------------------------------------------------------


def commands(size: Size, world: World) -> Iterator[Asked]:
    """Return everything that can be asked in *world*, each on each of the days."""
    for on in DAYS[: len(size.caps)]:
        for label, ask in (*_of_seats(size, on), *_of_agents(size, world, on)):
            yield label, on, ask
    for where, lower in size.falls(world["programme-perisai"]):
        yield (
            f"lower the cap of {where}",
            DAYS[1],
            lambda d, w=where, v=lower: d.amend("perisai", "agent-cap", v, scope=w, on=DAYS[1]),
        )


def _of_seats(size: Size, on: date) -> Iterator[tuple[str, Callable[[Desk], Any]]]:
    most = max(size.caps)
    for n in range(most + 2):  # one more than there can be
        for where in size.places:
            yield (
                f"allot {where} {n}",
                lambda d, n=n, r=where: d.allot("perisai", n, region=r, on=on),
            )
        yield (
            f"share out {n}",
            lambda d, n=n: d.share_out("perisai", n, dict.fromkeys(size.places[1:], 1), on=on),
        )
    for source, to in permutations(size.places, 2):
        for n in (1, 2):
            yield (
                f"move {n} from {source} to {to}",
                lambda d, n=n, s=source, t=to: d.move_seats("perisai", n, source=s, to=t, on=on),
            )
    yield "fit to the cap", lambda d: d.fit_to_cap("perisai", on=on)


def _of_agents(size: Size, world: World, on: date) -> Iterator[tuple[str, Callable[[Desk], Any]]]:
    alike = set()
    for who in AGENTS[: size.agents]:
        agent = world.get(who)
        if (key := _agent(agent)) in alike:
            continue
        alike.add(key)
        name = NAMES[who]
        for where in size.places:
            yield f"hire {name} in {where}", lambda d, w=who, r=where: _hire(d, w, r, on)
        if agent is None:
            continue
        for where in size.places:
            yield (
                f"bring {name} back in {where}",
                lambda d, w=who, r=where: d.reactivate(w, region=r, on=on),
            )
        yield (
            f"deactivate {name}",
            lambda d, w=who: d.deactivate(w, reason=DeactivationReason.OFFICE, on=on),
        )
        yield f"let {name} resign", lambda d, w=who: d.resign(w, on=on)


def _hire(desk: Desk, who: str, where: str, on: date) -> Any:
    """Recruit an agent and, as no stage in between touches a seat, put them to work at once."""
    answer = desk.recruit(who, "perisai", province="51", region=where, on=on)
    if isinstance(answer, Accepted) and answer.events:
        for step in (desk.begin_training, desk.certify, desk.assign):
            step(who, on=on).or_raise()
    return answer


# -- What must hold. ------------------------------------------------------------------


def wrong_in(size: Size, world: World) -> str | None:
    """Return what is wrong with the books of *world*, if anything is."""
    told = {where: _quota(world, where) for where in size.places}
    seats = [world[who].seat for who in AGENTS if who in world]
    if any(quota.taken != seats.count(where) for where, quota in told.items()):
        return "seats taken are not those held"
    for day in DAYS[: len(size.caps)]:
        there = {where: quota.at(day) for where, quota in told.items()}
        if not all(0 <= quota.taken <= quota.allotted for quota in there.values()):
            return "more is taken than allotted"
        if there[NATIONAL].issued != sum(quota.allotted for quota in there.values()):
            return "seats issued are not those of all regions"
    return None


def wrong_step(size: Size, before: World, after: World, on: date, label: str) -> str | None:
    """Return what is wrong with the step from *before* to *after* on any day, if anything is."""
    programme = after["programme-perisai"]
    for day in DAYS[: len(size.caps)]:
        cap = programme.rule("agent-cap", day).value
        was, now = _numbers(size, before, day), _numbers(size, after, day)
        if day < on and was != now:
            return "a day before the one asked is another"
        if sum(now.taken) > max(cap, sum(was.taken)):
            return "more agents are seated than the cap of the day"
        if now.issued > max(cap, was.issued):
            return "more seats are issued than the cap of the day"
        if size.own:
            own = programme.rule("agent-cap", day, scope=size.places[-1]).value
            if now.taken[-1] > max(own, was.taken[-1]):
                return "more agents are seated than the region's own cap"
        if label.startswith("move") and now.issued != was.issued:
            return "seats that move do not stay as many"
        gone = sum(was.taken) - sum(now.taken)
        if gone > ("deactivate" in label or "resign" in label):
            return "an agent loses their seat"
    return None


@attrs.frozen
class _Numbers:
    taken: tuple[int, ...]
    issued: int


def _numbers(size: Size, world: World, day: date) -> _Numbers:
    there = [_quota(world, where).at(day) for where in size.places]
    return _Numbers(tuple(q.taken for q in there), sum(q.allotted for q in there))


def _quota(world: World, where: str) -> Quota:
    return world.get(f"quota-perisai-{where}") or Quota(programme="perisai", region=where)


# -- The search. ----------------------------------------------------------------------


@attrs.define
class Found:
    """The findings of a search; *wrong* and the *history* that led there, if anything was."""

    states: int = 0
    asked: int = 0
    refused: set[str] = attrs.field(factory=set)
    fullest: int = 0
    wrong: str | None = None
    history: tuple[str, ...] = ()


@cache
def _agent(agent: Agent | None) -> str:
    """Return what of *agent*, beside the name, any later command can depend on."""
    if agent is None:
        return str(None)
    told = " ".join(f"{type(stage.event).__name__} {stage.on}" for stage in agent.stages)
    return f"{told} {agent.seats}"


def _key(size: Size, world: World) -> tuple[Any, ...]:
    """Return what tells worlds apart: agents have no names here, for they are alike."""
    seats = (_quota(world, where) for where in size.places)
    lowered = len(tuple(size.falls(world["programme-perisai"])))
    return (lowered, *seats, *sorted(_agent(world.get(who)) for who in AGENTS))


def _not_empty(states: World) -> World:
    return {stream: state for stream, state in states.items() if state is not _nothing(stream)}


def search(size: Size, rules: Rules = SHIPPED) -> Found:
    """Look at every world that commands can lead to, nearest first, until one is wrong."""
    found = Found()
    first: World = {"programme-perisai": size.law()}
    seen = {_key(size, first)}
    queue: deque[tuple[World, tuple[str, ...]]] = deque([(first, ())])
    while queue:
        world, history = queue.popleft()
        found.states += 1
        fullest = (sum(_numbers(size, world, day).taken) for day in DAYS[: len(size.caps)])
        found.fullest = max(found.fullest, *fullest)
        source = OnRecord(world)
        for label, on, ask in commands(size, world):
            found.asked += 1
            session = Session(source, rules)
            try:
                answer = ask(Desk(session))
            except (InputError, NotFoundError):
                continue
            if not isinstance(answer, Accepted):
                found.refused |= {reason.policy for reason in answer.reasons}
                continue
            if not answer.events:
                continue
            after = {**world, **_not_empty(session.draft.states)}
            told = (*history, f"{label} on {on}")
            found.wrong = wrong_step(size, world, after, on, label) or wrong_in(size, after)
            if found.wrong is not None:
                found.history = told
                return found
            if (key := _key(size, after)) not in seen:
                seen.add(key)
                queue.append((after, told))
    return found


SMALL = Size((2, 1), agents=2, regions=1)
WIDE = Size((2, 1), agents=2, regions=2)
WITH_OWN = Size((2, 2), agents=2, regions=1, own=(2, 1))
LARGE = {
    "three agents, a cap of 3 that falls to 1": Size((3, 1), agents=3, regions=0),
    "three agents, two regions, a cap of 0 and then of 2": Size((0, 2), agents=3, regions=2),
    "two agents, a region, a cap of 2 that falls to 1": SMALL,
    "two agents, a region with a cap of its own that falls": WITH_OWN,
}
"""These take minutes each: they are searched where ``HYPOTHESIS_PROFILE=slow``."""

SLOW = os.environ.get("HYPOTHESIS_PROFILE") == "slow"
SIZES = {
    "an agent, two regions, a cap of 2 that falls to 1": Size((2, 1), agents=1, regions=2),
    "two agents, a cap of 2 that falls to 1": Size((2, 1), agents=2, regions=0),
    **(LARGE if SLOW else {}),
}


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_no_history_of_this_size_breaks_a_law(size):
    found = search(size)

    print(f"{found.states:,} states, {found.asked:,} commands")
    assert found.wrong is None, found.history
    assert found.fullest == min(max(size.caps), size.agents)
    by_the_law = {"agent-cap", "agent-lifecycle", "agent-return-months"}
    assert found.refused == by_the_law | {"seat-allotment"}


# -- Seeded wrong rules: the search finds each, by its shortest history. ----------------


Seed: TypeAlias = Callable[[pytest.MonkeyPatch], Rules]
"""Puts something wrong in its place, and returns the rules by which to decide."""


def a_policy(case: type, policy: Callable[[Any], Any]) -> Seed:
    """Return how to put *policy* in the place of the one that ships for *case*."""
    return lambda _: Rules({**STANDARD, case: (policy,)})


def a_decision(name: str, wrong: Callable[..., Any]) -> Seed:
    """Return how to put *wrong* in the place of the decision on quotas of that *name*."""

    def put(patch: pytest.MonkeyPatch) -> Rules:
        for module in (quotas, quotas.reallotment):
            if name in vars(module):
                patch.setattr(module, name, wrong)
        return SHIPPED

    return put


def blind_to_later_days(case: Seating) -> Any:
    return seat_is_free(attrs.evolve(case, until=case.on + timedelta(days=1)))


def blind_to_days(case: Seating) -> Any:
    """Judge by what was told, whatever day it was told of."""
    quota, national = (attrs.evolve(q, changes=()) for q in (case.quota, case.national))
    return seat_is_free(attrs.evolve(case, quota=quota, national=national))


def allotted_blind_to_later_caps(case: Allotment) -> Any:
    day = case.programme.rule("agent-cap", case.on)
    rules = {("agent-cap", NATIONAL): (day,)}
    programme = attrs.evolve(case.programme, rules=rules)
    return allotment_is_under_the_cap(attrs.evolve(case, programme=programme))


def take_back_blind_to_later_days(quota: Quota, seats: int, *, on: date, **said: Any) -> Any:
    return take_back(quota.at(on), seats, on=on, **said)


def blind_to_free_seats(case: Seating) -> Any:
    return seat_is_free(attrs.evolve(case, quota=attrs.evolve(case.quota, allotted=99)))


def blind_to_the_cap(case: Seating) -> Any:
    free, _ = case.quota.least_free(case.on)
    return None if free > 0 else seat_is_free(case)


def blind_to_other_regions(case: Seating) -> Any:
    alone = attrs.evolve(case.national, passed_on=0)
    quota = alone if case.quota.region == NATIONAL else case.quota
    return seat_is_free(attrs.evolve(case, quota=quota, national=alone))


def blind_to_the_regions_own_cap(case: Seating) -> Any:
    rules = {key: rule for key, rule in case.programme.rules.items() if key[1] == NATIONAL}
    programme = attrs.evolve(case.programme, rules=rules)
    return seat_is_free(attrs.evolve(case, programme=programme))


def one_too_many(case: Allotment) -> Any:
    return allotment_is_under_the_cap(attrs.evolve(case, seats=case.seats - 1))


def take_back_what_is_taken(quota: Quota, seats: int, **said: Any) -> Any:
    empty = attrs.evolve(quota, taken=0)
    return take_back(empty, seats, **said)


def take_back_and_unseat(quota: Quota, seats: int, **said: Any) -> Any:
    taken_back = take_back_what_is_taken(quota, seats, **said)
    if seats <= quota.free:
        return taken_back
    return Accepted(QuotaSeatReleased(agent=AGENTS[0], on=said["on"]), *taken_back.events)


def take_back_nothing(quota: Quota, seats: int, *, to: str | None = None, on: date) -> Any:
    between_regions = to is not None and NATIONAL not in {to, quota.region}
    taken_back = take_back(quota, seats, to=to, on=on)
    return Accepted() if between_regions else taken_back


def release_nothing(quota: Quota, agent: Agent, *, on: date) -> Any:
    del quota, agent, on
    return Accepted()


def decide_duplicates_again(patch: pytest.MonkeyPatch) -> Rules:
    """Let a command that is delivered twice be decided as if it were the first."""

    def recruit_again(agent: Agent, *args: Any, **said: Any) -> Any:
        return recruit(Agent(id=agent.id), *args, **said)

    def seated_again(read: Any, judges: Any, agent: Agent, decision: Any, **said: Any) -> Any:
        happens = decision.events if isinstance(decision, Accepted) else ()
        hired = any(isinstance(event, AgentRecruited) for event in happens)
        before = Agent(id=agent.id) if hired else agent
        return with_seats(read, judges, before, decision, **said)

    patch.setattr(agents, "recruit", recruit_again)
    patch.setattr(voiding_of_agents, "with_seats", seated_again)
    return SHIPPED


FIRST, SECOND, _ = DAYS

LOWER = f"lower the cap of national on {SECOND}"

WRONG: Mapping[str, tuple[Any, ...]] = {
    "later days are not looked at": (
        a_policy(Seating, blind_to_later_days),
        SMALL,
        "more is taken than allotted",
        [
            f"allot national 1 on {FIRST}",
            f"allot national 0 on {SECOND}",
            f"hire Agus in national on {FIRST}",
        ],
    ),
    "a seat is free once it was told that it is given up": (
        a_policy(Seating, blind_to_days),
        SMALL,
        "more is taken than allotted",
        [f"allot national 1 on {SECOND}", f"hire Agus in national on {FIRST}"],
    ),
    "a later cap is not looked at when seats are allotted": (
        a_policy(Allotment, allotted_blind_to_later_caps),
        SMALL,
        "more seats are issued than the cap of the day",
        [LOWER, f"allot national 2 on {FIRST}"],
    ),
    "seats that are not free later are taken back": (
        a_decision("take_back", take_back_blind_to_later_days),
        SMALL,
        "more is taken than allotted",
        [
            f"allot national 1 on {FIRST}",
            f"allot national 0 on {SECOND}",
            f"allot national 0 on {FIRST}",
        ],
    ),
    "seats are not looked at": (
        a_policy(Seating, blind_to_free_seats),
        SMALL,
        "more is taken than allotted",
        [f"hire Agus in national on {FIRST}"],
    ),
    "a lower cap is not looked at": (
        a_policy(Seating, blind_to_the_cap),
        SMALL,
        "more agents are seated than the cap of the day",
        [
            f"allot national 2 on {FIRST}",
            f"hire Agus in national on {FIRST}",
            LOWER,
            f"hire Budi in national on {FIRST}",
        ],
    ),
    "other regions are not looked at": (
        a_policy(Seating, blind_to_other_regions),
        WIDE,
        "more agents are seated than the cap of the day",
        [
            f"share out 2 on {FIRST}",
            f"hire Agus in 51 on {FIRST}",
            LOWER,
            f"hire Budi in banuspa on {FIRST}",
        ],
    ),
    "a region's own cap is not looked at": (
        a_policy(Seating, blind_to_the_regions_own_cap),
        WITH_OWN,
        "more agents are seated than the region's own cap",
        [
            f"share out 2 on {FIRST}",
            f"hire Agus in 51 on {FIRST}",
            f"lower the cap of 51 on {SECOND}",
            f"hire Budi in 51 on {FIRST}",
        ],
    ),
    "one seat too many is allotted": (
        a_policy(Allotment, one_too_many),
        SMALL,
        "more seats are issued than the cap of the day",
        [f"allot national 3 on {FIRST}"],
    ),
    "seats that are taken are taken back": (
        a_decision("take_back", take_back_what_is_taken),
        SMALL,
        "more is taken than allotted",
        [
            f"allot national 1 on {FIRST}",
            f"hire Agus in national on {FIRST}",
            f"allot national 0 on {FIRST}",
        ],
    ),
    "an agent whose seat is taken back loses it": (
        a_decision("take_back", take_back_and_unseat),
        SMALL,
        "an agent loses their seat",
        [
            f"allot national 1 on {FIRST}",
            f"hire Agus in national on {FIRST}",
            f"allot national 0 on {FIRST}",
        ],
    ),
    "seats move and stay": (
        a_decision("take_back", take_back_nothing),
        WIDE,
        "seats that move do not stay as many",
        [f"share out 1 on {FIRST}", f"move 1 from 51 to banuspa on {FIRST}"],
    ),
    "a seat is not released": (
        a_decision("release", release_nothing),
        SMALL,
        "seats taken are not those held",
        [
            f"allot national 1 on {FIRST}",
            f"hire Agus in national on {FIRST}",
            f"deactivate Agus on {FIRST}",
        ],
    ),
    "a duplicate is counted twice": (
        decide_duplicates_again,
        SMALL,
        "seats taken are not those held",
        [
            f"allot national 2 on {FIRST}",
            f"hire Agus in national on {FIRST}",
            f"hire Agus in national on {FIRST}",
        ],
    ),
}


@pytest.mark.parametrize(("seed", "size", "law", "history"), WRONG.values(), ids=WRONG)
def test_a_wrong_rule_is_found_by_its_shortest_history(monkeypatch, seed, size, law, history):
    found = search(size, seed(monkeypatch))

    assert found.wrong == law
    assert list(found.history) == history
