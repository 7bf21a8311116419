"""A world answers as a registry does, and begins with the law that it is told."""

import random
from collections import Counter
from datetime import date

import attrs
import pytest

import jamsos
from jamsos.commands.agents import (
    Assign,
    BeginTraining,
    Certify,
    Deactivate,
    EvaluateAgents,
    Reactivate,
    Recruit,
    Resign,
)
from jamsos.commands.command import Letter
from jamsos.commands.incentives import AwardIncentives
from jamsos.commands.participants import Register
from jamsos.commands.seats import Allot
from jamsos.domain.agent import AgentStatus, Return
from jamsos.domain.decision import Accepted, Refused
from jamsos.domain.history import in_order
from jamsos.engine.world import TURNED_DOWN, Asked, together
from jamsos.errors import InputError
from jamsos.policies.agent_evaluation import RETURN_RULE
from jamsos.rulebook import rules_of
from jamsos.store.event_store import EventStore, entry
from jamsos.testing import World, setting
from jamsos.testing.arguments import subject
from jamsos.testing.names import AGENTS, GROUPS
from jamsos.testing.search.map import Map
from jamsos.testing.search.walk import Walk
from tests.testing.verbs import verb

DAY = date(2018, 1, 5)
AGENT = AGENTS[0]


def to_return(after: date) -> list[Asked]:
    steps = [Allot("perisai", 1, on=DAY)]
    steps.append(Recruit(AGENT, "perisai", province="51", on=DAY))
    steps += [kind(AGENT, on=DAY) for kind in (BeginTraining, Certify, Assign)]
    office = jamsos.DeactivationReason.OFFICE
    steps.append(Deactivate(AGENT, on=date(2018, 3, 1), reason=office))
    steps.append(Reactivate(AGENT, on=after))
    return steps


def answer_of(registry: jamsos.Registry, asked: Asked) -> object:
    try:
        match asked:
            case EvaluateAgents():
                answers = registry.evaluate_agents(asked.programme, on=asked.on)
            case AwardIncentives():
                answers = registry.award_incentives(asked.programme, asked.month, on=asked.on)
            case _:
                return registry.ask(asked)
    except TURNED_DOWN as error:
        return error
    events = [e for a in answers.values() if isinstance(a, Accepted) for e in a.events]
    return Accepted(*events)


@pytest.mark.parametrize("seed", range(25))
def test_a_world_answers_every_command_as_a_registry_over_a_store_does(seed, tmp_path):
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
    commands = tuple(Recruit(each, "perisai", province="51", on=DAY) for each in AGENTS)
    letter = Letter(commands, numbered=True)
    world = World()
    refused = together(world.session().answer(letter))
    assert isinstance(refused, Refused)
    assert {reason.policy for reason in refused.reasons} == {"seat-allotment"}
    world.ask(Allot("perisai", 1, on=DAY))

    in_part = together(world.session().answer(letter))
    assert [type(event).__name__ for event in in_part.events] == [
        "AgentRecruited",
        "QuotaSeatTaken",
    ]


def test_every_step_is_asked_of_agents_at_every_stage():
    asked = set()
    chart = Map(setting(), ("seats", "agents"))
    for number in range(1_500):
        world = World()
        walk = Walk(world, chart, random.Random(f"0/{number}"))
        for _ in range(30):
            made = walk.next()
            agent = getattr(made, subject(made))
            if agent in AGENTS:
                asked.add((verb(made), world.agent(agent).status))
            world.ask(made)

    wanted = {"recruit", "begin_training", "certify", "assign", "reactivate", "resign", "terminate"}
    missing = {(each, status) for each in wanted for status in AgentStatus} - asked
    assert sorted(missing) == []


def test_more_seats_are_asked_for_than_the_cap_allows():
    outcomes = Counter()
    chart = Map(setting(), ("seats",))
    for number in range(400):
        world = World()
        walk = Walk(world, chart, random.Random(f"0/{number}"))
        for _ in range(30):
            made = walk.next()
            outcomes[verb(made), world.ask(made).outcome] += 1

    assert outcomes["allot", "refused: agent-cap"] > 10
    assert outcomes["share_out", "refused: agent-cap"] > 10


def test_a_command_that_is_asked_of_a_session_of_a_world_is_not_recorded():
    world = World()

    world.session().decide(Allot("perisai", 1, on=DAY)).or_raise()

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


def test_a_decider_of_ones_own_decides():
    def lazy(command, read, judges):
        return [(command.agent, Refused())]

    world = World(setting(deciders={Resign: lazy}))
    steps = [*to_return(date(2018, 9, 1))[:2], Resign(AGENT, on=DAY)]

    assert isinstance(world.play(steps)[-1].answer, Refused)
    assert world.agent(AGENT).seat is not None


def test_a_wrapper_around_every_decision_sees_the_decider_of_ones_own():
    seen = []

    def lazy(command, read, judges):
        return [(command.agent, Refused())]

    def around(decide, command, read, judges):
        seen.append((type(command), decide is lazy))
        return decide(command, read, judges)

    world = World(setting(deciders={Resign: lazy}, around=around))
    world.play([*to_return(date(2018, 9, 1))[:2], Resign(AGENT, on=DAY)])

    assert seen == [(Allot, False), (Recruit, False), (Resign, True)]


@pytest.mark.parametrize("kind", [EvaluateAgents, Refused, "resign", None])
def test_a_decider_of_what_is_not_a_command_is_an_error(kind):
    with pytest.raises(InputError, match=r"a decider is given for .*, which is not a command"):
        setting(deciders={kind: lambda command, read, judges: ()})


@pytest.mark.parametrize("given", ["accepted", None, True])
def test_a_decider_must_return_a_decision_for_each_stream(given):
    begins = setting(deciders={Resign: lambda command, read, judges: [(command.agent, given)]})

    with pytest.raises(TypeError, match="is not a decision: it is Accepted or Refused"):
        World(begins).ask(Resign(AGENT, on=DAY))


def test_a_wrapper_around_decisions_must_return_decisions_too():
    begins = setting(around=lambda decide, command, read, judges: [(AGENT, "accepted")])

    with pytest.raises(TypeError, match="'accepted' is not a decision"):
        World(begins).ask(Resign(AGENT, on=DAY))


def test_an_error_that_no_command_may_raise_is_raised():
    def broken(command, read, judges):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        World(setting(deciders={Resign: broken})).ask(Resign(AGENT, on=DAY))


def test_a_world_counts_as_a_registry_does():
    world = World()
    world.play(to_return(date(2018, 9, 1))[:5])
    world.ask(Register("participant-00000000-0000-7000-8000-000000000001",
                      province="51", agent=AGENT, on=DAY))  # fmt: skip

    count = world.count(jamsos.Month(2018, 1), jamsos.REGISTERED, by=("agent",))

    assert count.total == 1
    assert world.count(jamsos.Month(2017, 12), jamsos.REGISTERED).total == 0
