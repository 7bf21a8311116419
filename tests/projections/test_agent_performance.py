"""What each agent acquired, and when."""

from datetime import date

import attrs
import pytest

import jamsos
from jamsos import Month
from jamsos.domain.agent import (
    AgentFact,
    AgentFactVoided,
    AgentResigned,
    DeactivationReason,
    TerminationCause,
    evolve,
)
from jamsos.projections.agent_performance import RELEVANT, AgentPerformance

JANUARY, MARCH = Month(2018, 1), Month(2018, 3)


def performance(registry):
    found = AgentPerformance()
    for recorded in registry.history():
        found.apply(recorded)
    return found


def acquire(registry, agent, *days):
    for day in days:
        participant = jamsos.new_participant_id()
        registry.register(participant, province="51", agent=agent, on=day).or_raise()


def test_acquisitions_are_counted_in_the_month_of_their_day(registry, agent):
    acquire(registry, agent, date(2018, 1, 1), date(2018, 1, 31), date(2018, 2, 1))
    found = performance(registry)

    assert [found.acquired(agent, upto=Month(2017, 12) + n) for n in range(4)] == [0, 2, 3, 3]
    assert found.acquired(agent) == 3
    assert found.last_acquisition(agent) == Month(2018, 2)


def test_all_agents_together_acquired_what_each_of_them_did(registry, agent):
    other = jamsos.new_agent_id()
    acquire(registry, agent, date(2018, 1, 1), date(2018, 2, 1))
    acquire(registry, None, date(2018, 1, 1))

    found = performance(registry)
    assert found.acquired() == 2
    assert found.acquired(upto=JANUARY) == 1
    assert found.acquired(other) == 0


def test_the_last_acquisition_is_the_latest_and_not_the_one_recorded_last(registry, agent):
    acquire(registry, agent, date(2018, 3, 1), date(2018, 1, 1))

    assert performance(registry).last_acquisition(agent) == MARCH


def test_who_has_acquired_nobody_has_no_last_acquisition(registry, agent):
    assert performance(registry).last_acquisition(agent) is None


@pytest.mark.parametrize(("month", "productive"), [(1, False), (2, True), (4, True), (5, False)])
def test_productive_is_who_acquired_in_the_months_up_to_the_one_that_is_asked(
    registry, agent, month, productive
):
    acquire(registry, agent, date(2018, 2, 10))

    found = performance(registry).productive(Month(2018, month), months=3)
    assert found == ({agent} if productive else set())


def test_only_who_holds_a_seat_is_productive(registry, agent):
    acquire(registry, agent, date(2018, 2, 10))
    registry.resign(agent, on=date(2018, 2, 20)).or_raise()

    assert performance(registry).productive(Month(2018, 2), months=3) == set()


def test_a_recruit_holds_a_seat_and_is_not_active(registry):
    agent = jamsos.new_agent_id()
    registry.recruit(agent, "perisai", province="51", on=date(2018, 1, 1)).or_raise()

    found = performance(registry)
    assert (found.recruited, found.seated, found.active) == ({agent: "perisai"}, {agent}, set())


@pytest.mark.parametrize(
    "end",
    [
        lambda desk, who, on: desk.deactivate(who, on=on, reason=DeactivationReason.OFFICE),
        lambda desk, who, on: desk.resign(who, on=on),
        lambda desk, who, on: desk.terminate(who, on=on, cause=TerminationCause.FRAUD),
    ],
    ids=["deactivate", "resign", "terminate"],
)
def test_who_is_away_holds_no_seat_and_is_not_active(registry, agent, end):
    assert performance(registry).active == performance(registry).seated == {agent}

    end(registry, agent, date(2018, 1, 2)).or_raise()
    found = performance(registry)
    assert (found.active, found.seated) == (set(), set())
    assert found.recruited == {agent: "perisai"}


def test_who_returns_holds_a_seat_and_is_active(registry, agent):
    registry.deactivate(agent, on=date(2018, 4, 1)).or_raise()
    registry.reactivate(agent, on=date(2018, 10, 1)).or_raise()

    assert performance(registry).active == performance(registry).seated == {agent}


def test_seats_and_accounts_are_those_of_the_day_that_is_asked(registry, agent):
    registry.deactivate(agent, on=date(2018, 4, 1)).or_raise()
    registry.reactivate(agent, on=date(2018, 10, 1)).or_raise()
    found = performance(registry)

    seated = [date(2017, 11, 20), date(2018, 3, 31), date(2018, 10, 1)]
    assert [found.seated_on(day) for day in seated] == [{agent}] * 3
    empty = [date(2017, 11, 19), date(2018, 4, 1), date(2018, 9, 30)]
    assert [found.seated_on(day) for day in empty] == [set()] * 3
    days = [date(2017, 11, 30), date(2017, 12, 1), date(2018, 4, 1), date(2018, 4, 2)]
    assert [found.active_on(day) for day in days] == [set(), {agent}, {agent}, set()]


def test_productive_in_a_month_is_who_held_a_seat_at_its_end_whatever_came_later(registry, agent):
    acquire(registry, agent, date(2018, 2, 10))
    registry.resign(agent, on=date(2018, 3, 31)).or_raise()
    found = performance(registry)

    assert found.productive(Month(2018, 2), months=3) == {agent}
    assert found.productive(MARCH, months=3) == set()


def test_what_was_voided_of_an_agent_never_was(registry, agent):
    acquire(registry, agent, date(2018, 2, 10))
    registry.resign(agent, on=date(2018, 2, 20)).or_raise()
    found = performance(registry)
    voided = AgentFactVoided(
        version=5,
        fact=AgentFact.RESIGNED,
        fact_on=date(2018, 2, 20),
        programme=None,
        reason="wrong-person",
        on=date(2018, 5, 2),
    )

    found.note(agent, 6, voided)

    assert found.productive(Month(2018, 2), months=3) == found.active == {agent}


def test_an_award_between_facts_leaves_their_versions_as_they_are(registry, agent):
    found = performance(registry)

    found.note(agent, 9, AgentResigned(on=date(2018, 2, 20)))

    state = attrs.evolve(registry.agent(agent), version=8)
    assert found.agents[agent] == evolve(state, AgentResigned(on=date(2018, 2, 20)))


def test_the_position_is_that_of_the_last_event(registry, agent):
    acquire(registry, agent, date(2018, 1, 1))

    assert AgentPerformance().position == 0
    assert performance(registry).position == registry.last_position()


def test_the_events_that_matter_are_enough(registry, agent):
    acquire(registry, agent, date(2018, 1, 1))
    registry.deactivate(agent, on=date(2018, 5, 1)).or_raise()
    registry.reactivate(agent, on=date(2018, 11, 1)).or_raise()
    registry.terminate(agent, on=date(2018, 11, 2), cause=TerminationCause.CRIME).or_raise()
    some = AgentPerformance()

    for recorded in registry.history():
        if isinstance(recorded.event, RELEVANT):
            some.apply(recorded)

    some.position = registry.last_position()
    assert some == performance(registry)
