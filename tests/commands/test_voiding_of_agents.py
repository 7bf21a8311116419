"""Voiding a fact about an agent: the seat follows, and is refused where somebody else sits."""

from datetime import date

import pytest

from jamsos.commands.agents import Assign, BeginTraining, Certify, Deactivate, Recruit, Resign
from jamsos.commands.seats import Allot
from jamsos.commands.voiding_of_agents import void_agent_fact
from jamsos.domain.agent import AgentStatus, DeactivationReason, Held
from jamsos.domain.decision import Accepted, Refused
from jamsos.domain.quota import QuotaSeatReleased, QuotaSeatTaken
from jamsos.engine.draft import Draft
from jamsos.engine.world import World
from jamsos.errors import InputError, NotFoundError
from jamsos.policies.standard import STANDARD

ANI, BUDI = (f"agent-00000000-0000-7000-8000-{number:012}" for number in (1, 2))
DAY, FEBRUARY, MARCH = date(2018, 1, 10), date(2018, 2, 1), date(2018, 3, 1)
ON = date(2018, 6, 1)


@pytest.fixture
def world():
    """One seat, and Ani on it, whose account is active since 10 January 2018."""
    world = World()
    recruited = Recruit(ANI, "perisai", province="51", on=DAY)
    steps = (BeginTraining(ANI, on=DAY), Certify(ANI, on=DAY), Assign(ANI, on=DAY))
    for step in world.play([Allot("perisai", 1, on=DAY), recruited, *steps]):
        assert step.outcome == "accepted"
    return world


def ask(world, asked):
    step = world.ask(asked)
    assert step.outcome == "accepted", step.answer


def void(world, version, agent=ANI):
    """Void a fact, and record it where it is accepted; return the decisions."""
    steps = void_agent_fact(Draft(world), STANDARD, agent, version, "slip-of-the-pen", ON)
    if not any(isinstance(decision, Refused) for _, decision in steps):
        for stream, decision in steps:
            for event in decision.events:
                world.happen(stream, event)
    return [decision for _, decision in steps]


def test_a_resignation_that_is_voided_gives_the_seat_back_from_its_day_on(world):
    ask(world, Resign(ANI, on=MARCH))

    _, seat = void(world, 5)

    (taken,) = seat.events
    assert isinstance(taken, QuotaSeatTaken)
    assert (taken.agent, taken.on, taken.rules) == (ANI, MARCH, ("perisai/agent-cap/2",))
    assert world.agent(ANI).seats == (Held("national", DAY),)
    assert world.quota("perisai").taken == 1


def test_a_deactivation_that_is_voided_gives_the_seat_back_until_the_resignation(world):
    ask(world, Deactivate(ANI, on=FEBRUARY, reason=DeactivationReason.OFFICE))
    ask(world, Resign(ANI, on=MARCH))

    _, seat = void(world, 5)

    assert [(type(e), e.on) for e in seat.events] == [
        (QuotaSeatTaken, FEBRUARY),
        (QuotaSeatReleased, MARCH),
    ]
    assert world.agent(ANI).status_on(date(2018, 2, 28)) is AgentStatus.ACTIVE


def test_a_recruitment_that_is_voided_releases_the_seat_from_its_day_on():
    world = World()
    ask(world, Allot("perisai", 1, on=DAY))
    ask(world, Recruit(ANI, "perisai", province="51", on=DAY))

    _, seat = void(world, 1)

    assert seat == Accepted(QuotaSeatReleased(agent=ANI, on=DAY))
    assert (world.agent(ANI).status, world.quota("perisai").taken) == (AgentStatus.UNKNOWN, 0)
    ask(world, Recruit(ANI, "perisai", province="31", on=DAY))


def test_a_deactivation_is_not_voided_while_somebody_sits_on_the_seat_and_they_are_named(world):
    ask(world, Deactivate(ANI, on=FEBRUARY, reason=DeactivationReason.OFFICE))
    ask(world, Recruit(BUDI, "perisai", province="51", on=MARCH))

    _, seat = void(world, 5)

    (reason,) = seat.reasons
    assert reason.policy == "seat-allotment"
    assert reason.explanation.endswith(f" {BUDI} sits there from 2018-03-01 on.")
    assert world.agent(ANI).status is AgentStatus.DEACTIVATED

    ask(world, Resign(BUDI, on=MARCH))
    assert len(void(world, 5)) == 2
    assert world.agent(ANI).status is AgentStatus.ACTIVE


def test_a_step_of_the_beginning_that_is_voided_leaves_the_seat_where_it_is(world):
    (voided,) = void(world, 4)

    assert voided.events[0].fact == "assigned"
    assert world.agent(ANI).status is AgentStatus.CERTIFIED


def test_what_cannot_be_voided_is_an_error(world):
    with pytest.raises(InputError, match="the training begins on 2018-01-10"):
        void(world, 1)
    with pytest.raises(NotFoundError, match="version 9"):
        void(world, 9)
    with pytest.raises(NotFoundError, match="never recruited"):
        void(world, 1, agent=BUDI)


def test_voided_a_second_time_in_the_same_way_nothing_happens(world):
    ask(world, Resign(ANI, on=MARCH))
    void(world, 5)

    assert void(world, 5) == [Accepted()]
