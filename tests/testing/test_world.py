"""A world answers as a registry does, and begins with the law that it is told."""

import random
from collections import Counter
from datetime import date

import attrs
import pytest
from jamsos.request import Request
from jamsos.testing.world import TURNED_DOWN, together

import jamsos
from jamsos.desk import Desk
from jamsos.domain.agent import AgentStatus, Return
from jamsos.domain.decision import Accepted, Refused
from jamsos.domain.history import in_order
from jamsos.errors import InputError
from jamsos.policies.agent_evaluation import RETURN_RULE
from jamsos.rulebook import rules_of
from jamsos.store.event_store import EventStore, entry
from jamsos.testing import World, given, setting
from jamsos.testing.moves import AGENTS, GROUPS, Map, Walk, request

DAY = date(2018, 1, 5)
AGENT = AGENTS[0]


def to_return(after: date) -> list[jamsos.testing.Step]:
    steps = [request("allot", "perisai", 1, on=DAY)]
    steps.append(request("recruit", AGENT, "perisai", province="51", on=DAY))
    steps += [request(verb, AGENT, on=DAY) for verb in ("begin_training", "certify", "assign")]
    office = jamsos.DeactivationReason.OFFICE
    steps.append(request("deactivate", AGENT, on=date(2018, 3, 1), reason=office))
    steps.append(request("reactivate", AGENT, on=after))
    return steps


def answer_of(registry: jamsos.Registry, asked: Request) -> object:
    try:
        answer = getattr(registry, asked.name)(*asked.positional, **asked.named)
    except TURNED_DOWN as error:
        return error
    if isinstance(answer, dict):
        events = [e for a in answer.values() if isinstance(a, Accepted) for e in a.events]
        return Accepted(*events)
    return answer


@pytest.mark.parametrize("seed", range(25))
def test_a_world_answers_every_request_as_a_registry_over_a_store_does(seed, tmp_path):
    begins = setting()
    store = EventStore(tmp_path / "history.db")
    when = jamsos.testing.World(begins).history()[0].recorded_at
    store.append([entry(*happened, when) for happened in begins.founding])
    store.close()
    world = World(begins)
    walk = Walk(world, Map(begins, GROUPS), random.Random(seed))

    with jamsos.open(tmp_path / "history.db", clock=lambda: when) as registry:
        for _ in range(30):
            asked = walk.next()
            step = world.ask(asked)
            theirs = answer_of(registry, asked)
            if isinstance(theirs, Exception):
                assert (type(step.answer), str(step.answer)) == (type(theirs), str(theirs)), asked
            else:
                assert step.answer == theirs, asked

        assert [(r.stream, r.version, r.event) for r in registry.history()] == [
            (r.stream, r.version, r.event) for r in world.history()
        ]


def test_the_positions_and_versions_of_a_worlds_history_follow_each_other():
    world = World()
    world.play(to_return(date(2018, 9, 1)))

    assert len(list(in_order(world.history()))) == world.position


def test_a_name_that_is_nobodys_is_an_error_as_in_a_registry():
    world = World()

    with pytest.raises(InputError, match="is not a participant"):
        world.participant(AGENT)
    with pytest.raises(InputError, match="is not an agent"):
        world.agent("participant-00000000-0000-7000-8000-000000000001")


def test_where_many_are_asked_and_all_are_refused_the_answer_is_a_refusal():
    rows = [{"agent": each, "programme": "perisai", "province": "51", "on": DAY} for each in AGENTS]
    world = World()
    given().when("recruit_many", rows).then_refused("agent-cap")
    world.ask(request("allot", "perisai", 1, on=DAY))

    in_part = together(world.desk().recruit_many(rows))
    assert [type(event).__name__ for event in in_part.events] == [
        "AgentRecruited",
        "QuotaSeatTaken",
    ]


def test_what_a_desk_of_ones_own_gives_must_be_an_answer():
    with pytest.raises(TypeError, match="'accepted' is no answer: a desk gives Accepted"):
        together("accepted")


def test_every_step_is_asked_of_agents_at_every_stage():
    asked = set()
    chart = Map(setting(), ("seats", "agents"))
    for number in range(1_500):
        world = World()
        walk = Walk(world, chart, random.Random(f"0/{number}"))
        for _ in range(30):
            made = walk.next()
            if made.positional[0] in AGENTS:
                asked.add((made.name, world.agent(made.positional[0]).status))
            world.ask(made)

    verbs = {"recruit", "begin_training", "certify", "assign", "reactivate", "resign", "terminate"}
    missing = {(verb, status) for verb in verbs for status in AgentStatus} - asked
    assert sorted(missing) == []


def test_more_seats_are_asked_for_than_the_cap_allows():
    outcomes = Counter()
    chart = Map(setting(), ("seats",))
    for number in range(400):
        world = World()
        walk = Walk(world, chart, random.Random(f"0/{number}"))
        for _ in range(30):
            made = walk.next()
            outcomes[made.name, world.ask(made).outcome] += 1

    assert outcomes["allot", "refused: agent-cap"] > 10
    assert outcomes["share_out", "refused: agent-cap"] > 10


def test_what_is_asked_of_the_desk_of_a_world_is_not_recorded():
    world = World()

    world.desk().allot("perisai", 1, on=DAY).or_raise()

    assert world.quota("perisai").allotted == 0
    assert world.events == []


@pytest.mark.parametrize(
    ("after", "outcome"),
    [
        (date(2018, 8, 31), "refused: agent-return-months"),
        (date(2018, 9, 1), "accepted"),
    ],
)
def test_by_the_law_that_ships_an_agent_returns_after_six_months(after, outcome):
    assert World().play(to_return(after))[-1].outcome == outcome


def test_a_rule_of_ones_own_takes_the_place_of_the_one_that_ships():
    [rule] = [file for file in rules_of("perisai") if file.rule == RETURN_RULE]
    five = attrs.evolve(rule, values=(attrs.evolve(rule.values[0], value=5),))
    world = World(setting([five]))

    assert world.play(to_return(date(2018, 8, 1)))[-1].outcome == "accepted"
    assert World().play(to_return(date(2018, 8, 1)))[-1].outcome.startswith("refused")


def test_a_policy_of_ones_own_judges_its_case_in_place_of_those_that_ship():
    world = World(setting(policies={Return: ()}))

    assert world.play(to_return(date(2018, 3, 2)))[-1].outcome == "accepted"


def test_a_desk_of_ones_own_decides():
    class Lazy(Desk):
        def resign(self, agent, *, on):
            del agent, on
            return Refused()

    world = World(setting(desk=Lazy))
    steps = [*to_return(date(2018, 9, 1))[:2], request("resign", AGENT, on=DAY)]

    assert isinstance(world.play(steps)[-1].answer, Refused)
    assert world.agent(AGENT).seat is not None


def test_an_error_that_no_request_may_raise_is_raised():
    class Broken(Desk):
        def resign(self, agent, *, on):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        World(setting(desk=Broken)).ask(request("resign", AGENT, on=DAY))


def test_a_world_counts_as_a_registry_does():
    world = World()
    world.play(to_return(date(2018, 9, 1))[:5])
    world.ask(request("register", "participant-00000000-0000-7000-8000-000000000001",
                      province="51", agent=AGENT, on=DAY))  # fmt: skip

    count = world.count(jamsos.Month(2018, 1), jamsos.REGISTERED, by=("agent",))

    assert count.total == 1
    assert world.count(jamsos.Month(2017, 12), jamsos.REGISTERED).total == 0
