"""The order in which facts about an agent are told changes neither their days nor their seats."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from random import Random

from hypothesis import assume, given

from jamsos.domain import agent as agents
from jamsos.domain.agent import (
    Agent,
    AgentReseated,
    AgentStageEvent,
    TerminationCause,
    seat_changes,
)
from jamsos.domain.decision import Accepted
from jamsos.domain.programme import Programme
from jamsos.errors import InputError, NotFoundError
from tests.laws.drawing import SEEDS, tries

FIRST = date(2018, 1, 1)
DAYS = 60
PERISAI = Programme("perisai")
REGIONS = ("national", "51")
Asked = tuple[str, date, str]
"""What is told: the kind, the day, and a word more."""


def told(agent: Agent, asked: Asked) -> AgentStageEvent | None:
    """Return what *asked* leads to; None where it is turned down, or was told already."""
    kind, on, word = asked
    try:
        match kind:
            case "recruit":
                answer = agents.recruit(agent, PERISAI, province="51", region=word, rules=(), on=on)
            case "reseat":
                answer = agents.reseat(agent, region=word, rules=(), on=on)
            case "reactivate":
                case = agents.Return(agent=agent, programme=PERISAI, on=on)
                answer = agents.reactivate(case, region=word, rules=(), policies=())
            case "terminate":
                answer = agents.terminate(agent, cause=TerminationCause(word), on=on)
            case _:
                answer = getattr(agents, kind)(agent, on=on)
    except (InputError, NotFoundError):
        return None
    return answer.events[0] if isinstance(answer, Accepted) and answer.events else None


def lived(dice: Random) -> list[Asked]:
    """Return a life that is told in order of days, and a few facts that do not fit it."""
    on, life = FIRST, []

    def then(kind: str, word: str = "") -> None:
        nonlocal on
        on += timedelta(days=dice.randrange(1, 6))
        life.append((kind, on, word))

    then("recruit", dice.choice(REGIONS))
    for kind in ("begin_training", "certify", "assign")[: dice.choice((1, 2, 3, 3, 3))]:
        then(kind)
    if dice.randrange(3) == 0:
        then("reseat", dice.choice(REGIONS))
    if "assign" in {kind for kind, _, _ in life}:
        for _ in range(dice.randrange(3)):
            then("deactivate")
            then("reactivate", dice.choice(REGIONS))
        if dice.randrange(2):
            then("deactivate")
    if dice.randrange(2):
        then("resign")
    if dice.randrange(3) == 0:
        then("terminate", dice.choice([*TerminationCause]))
    kinds = {
        "recruit": REGIONS,
        "reactivate": REGIONS,
        "reseat": REGIONS,
        "terminate": [*TerminationCause],
        **dict.fromkeys(("begin_training", "certify", "assign", "deactivate", "resign"), ("",)),
    }
    for _ in range(dice.randrange(4)):
        kind = dice.choice([*kinds])
        day = FIRST + timedelta(days=dice.randrange(DAYS))
        life.append((kind, day, dice.choice(kinds[kind])))
    return life


def in_some_order(life: list[Asked], dice: Random) -> tuple[Agent, Counter[Asked], Counter]:
    """Tell *life* in an order of *dice*; what is turned down is told again after the rest."""
    agent, accepted, seats = Agent(id="agent-1"), Counter[Asked](), Counter[tuple[str, date]]()
    waiting, before = dice.sample(life, len(life)), -1
    while len(waiting) != before:
        before, left = len(waiting), []
        for asked in waiting:
            if (event := told(agent, asked)) is None:
                left.append(asked)
                continue
            accepted[asked] += 1
            after = agents.evolve(agent, event)
            for change in seat_changes(agent.seats, after.seats):
                days, sign = change.days, 1 if change.gained else -1
                seats[days.region, days.begins] += sign
                if days.ends is not None:
                    seats[days.region, days.ends] -= sign
            agent = after
        waiting = left
    return agent, accepted, seats


@given(seed=SEEDS)
@tries(400)
def test_facts_that_are_accepted_in_two_orders_give_the_same_days_and_the_same_seats(seed):
    dice = Random(seed)
    life = lived(dice)
    (one, these, _), (other, those, _) = (in_some_order(life, dice) for _ in range(2))
    assume(these == those)

    for number in range(-1, 2 * DAYS):
        day = FIRST + timedelta(days=number)
        assert one.status_on(day) is other.status_on(day)
        assert one.active_on(day) == other.active_on(day)
        assert one.active_since_as_of(day) == other.active_since_as_of(day)
        assert one.deactivated_on_as_of(day) == other.deactivated_on_as_of(day)
    assert one.seats == other.seats
    vain, in_vain = (tuple(s.event for s in each.without_effect) for each in (one, other))
    assert vain == in_vain
    assert {type(event) for event in vain} <= {AgentReseated}  # an absence was told afterwards


@given(seed=SEEDS)
@tries(200)
def test_a_life_with_one_absence_at_most_can_be_told_in_any_order_that_keeps_needs_first(seed):
    """
    With two, the one between is an error: it would take the need of the next deactivation.

    Facts of one day are told in the order in which they follow each other.
    """
    dice = Random(seed)
    straight = in_order(lived(dice))
    assume(sum(asked[0] == "deactivate" for asked in straight) <= 1)
    assume(len({on for _, on, _ in straight}) == len(straight))

    _, accepted, _ = in_some_order([*straight], dice)

    assert accepted == straight


def in_order(life: list[Asked]) -> Counter[Asked]:
    """Return what is accepted of *life* if it is told in order of its days."""
    agent, accepted = Agent(id="agent-1"), Counter[Asked]()
    for asked in sorted(life, key=lambda each: each[1]):
        if (event := told(agent, asked)) is not None:
            accepted[asked] += 1
            agent = agents.evolve(agent, event)
    return accepted


@given(seed=SEEDS)
@tries(400)
def test_the_seats_of_an_agent_are_the_sum_of_what_each_fact_changed(seed):
    dice = Random(seed)
    agent, _, changed = in_some_order(lived(dice), dice)

    for region in REGIONS:
        held = 0
        for number in range(2 * DAYS):
            day = FIRST + timedelta(days=number)
            held += changed[region, day]
            assert held == (agent.seat_on(day) == region)
