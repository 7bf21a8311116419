"""What the facts told of an agent make, by day: the stage, the account, the seat."""

from datetime import date
from itertools import permutations

import pytest

from jamsos.domain.agent import (
    AgentAssigned,
    AgentCertified,
    AgentFact,
    AgentFactVoided,
    AgentResigned,
    AgentStatus,
    AgentTrainingBegun,
    DeactivationReason,
    Held,
    evolve,
    recruit,
)
from jamsos.domain.programme import Programme
from tests.domain.an_agent import deactivated, recruited, returned, steps_to_work, told, who_is

S = AgentStatus
DAY = date(2018, 1, 10)
NOBODY = who_is(S.UNKNOWN)
DECEMBER, MARCH, SEPTEMBER = date(2017, 12, 1), date(2018, 3, 1), date(2018, 9, 1)
LIFE = (
    recruited(date(2017, 11, 20)),
    AgentTrainingBegun(on=date(2017, 11, 21)),
    AgentCertified(on=date(2017, 11, 28)),
    AgentAssigned(on=DECEMBER),
    deactivated(MARCH),
    returned(SEPTEMBER, region="51"),
    AgentResigned(on=date(2018, 12, 1)),
)


def voided(version, on=date(2019, 1, 7)):
    return AgentFactVoided(
        version=version,
        fact=AgentFact.RESIGNED,
        fact_on=DAY,
        programme=None,
        reason="wrong-person",
        on=on,
    )


def test_one_who_was_never_recruited_is_unknown():
    assert NOBODY.status is S.UNKNOWN
    assert (NOBODY.programme, NOBODY.province, NOBODY.seat, NOBODY.seats) == (None, None, None, ())


def test_a_recruit_holds_a_seat_in_the_region_that_they_were_given():
    rules = ("perisai/agent-cap/1",)
    asked = {"province": "51", "region": "national", "rules": rules, "on": DAY}
    answer = recruit(NOBODY, Programme("perisai"), **asked)

    agent = evolve(NOBODY, *answer.events)
    assert (agent.status, agent.programme, agent.province) == (S.RECRUITED, "perisai", "51")
    assert (agent.seat, agent.seats) == ("national", (Held("national", DAY),))
    assert answer.events[0].rules == rules


@pytest.mark.parametrize("status", [s for s in S if s is not S.UNKNOWN])
def test_one_who_is_away_holds_no_seat_and_everybody_else_keeps_theirs(status):
    agent = who_is(status)

    away = status in {S.DEACTIVATED, S.RESIGNED, S.TERMINATED}
    assert (agent.seat is None) == away
    assert (agent.status, agent.programme, agent.province) == (status, "perisai", "51")


def test_one_who_returns_holds_a_seat_in_the_region_of_the_return():
    agent = told(*LIFE[:6])

    assert (agent.seat, agent.active_since, agent.deactivated_on) == ("51", SEPTEMBER, MARCH)


@pytest.mark.parametrize(
    ("day", "status"),
    [
        (date(2017, 11, 19), S.UNKNOWN),
        (date(2017, 11, 20), S.RECRUITED),
        (date(2017, 11, 21), S.IN_TRAINING),
        (date(2017, 11, 30), S.CERTIFIED),
        (DECEMBER, S.ACTIVE),
        (date(2018, 2, 28), S.ACTIVE),
        (MARCH, S.DEACTIVATED),
        (date(2018, 8, 31), S.DEACTIVATED),
        (SEPTEMBER, S.ACTIVE),
        (date(2018, 11, 30), S.ACTIVE),
        (date(2018, 12, 1), S.RESIGNED),
    ],
)
def test_a_day_stands_as_at_its_end(day, status):
    assert told(*LIFE).status_on(day) is status


@pytest.mark.parametrize(
    ("day", "active"),
    [
        (date(2017, 11, 30), False),
        (DECEMBER, True),
        (MARCH, True),
        (date(2018, 3, 2), False),
        (date(2018, 8, 31), False),
        (SEPTEMBER, True),
        (date(2018, 12, 1), True),
        (date(2018, 12, 2), False),
    ],
)
def test_an_account_may_act_from_the_day_it_is_made_active_to_the_day_it_ends(day, active):
    assert told(*LIFE).active_on(day) == active


@pytest.mark.parametrize(
    ("day", "region"),
    [
        (date(2017, 11, 19), None),
        (date(2017, 11, 20), "national"),
        (date(2018, 2, 28), "national"),
        (MARCH, None),
        (SEPTEMBER, "51"),
        (date(2018, 11, 30), "51"),
        (date(2018, 12, 1), None),
    ],
)
def test_a_seat_is_free_again_on_the_day_on_which_it_is_given_back(day, region):
    assert told(*LIFE).seat_on(day) == region


def test_the_days_of_the_account_are_asked_for_a_day():
    agent = told(*LIFE)

    since = [agent.active_since_as_of(d) for d in (date(2017, 11, 30), DECEMBER, SEPTEMBER)]
    assert since == [None, DECEMBER, SEPTEMBER]
    assert agent.active_since_as_of(date(2018, 8, 31)) == DECEMBER
    assert agent.deactivated_on_as_of(date(2018, 2, 28)) is None
    assert agent.deactivated_on_as_of(MARCH) == MARCH


def test_a_seat_that_is_given_back_on_its_first_day_is_held_on_no_day():
    assert told(recruited(DAY), AgentResigned(on=DAY)).seats == ()


def test_the_order_of_telling_does_not_matter():
    expected = told(*LIFE)
    for order in permutations(LIFE):
        agent = told(*order)

        assert agent.seats == expected.seats
        assert agent.active_days == expected.active_days
        assert [stage.event for stage in agent.stages] == [*LIFE]
        assert [stage.status for stage in agent.stages] == [s.status for s in expected.stages]


@pytest.mark.parametrize("first", LIFE)
@pytest.mark.parametrize("second", LIFE)
def test_whatever_has_happened_to_an_agent_loads(first, second):
    agent = told(first, second)

    assert (agent.id, agent.version, len(agent.stages)) == ("agent-1", 2, 2)


def test_a_fact_of_which_the_need_is_not_met_has_no_effect_and_is_listed():
    early = AgentCertified(on=date(2017, 11, 25))
    agent = told(recruited(date(2017, 11, 20)), early)

    assert (agent.status, [s.event for s in agent.without_effect]) == (S.RECRUITED, [early])

    trained = evolve(agent, AgentTrainingBegun(on=date(2017, 11, 21)))
    assert (trained.status, trained.without_effect) == (S.CERTIFIED, ())


def test_facts_of_one_day_follow_each_other_as_they_were_told():
    assert told(*steps_to_work(DAY), deactivated(DAY), returned(DAY)).status is S.ACTIVE


# -- Voided. -----------------------------------------------------------------------


def test_a_fact_that_was_voided_never_was():
    agent = told(*LIFE, voided(7))

    assert agent.status is S.ACTIVE
    assert agent.seats == told(*LIFE[:6]).seats
    assert (agent.version, [*agent.voided]) == (8, [7])


def test_a_fact_that_was_voided_can_be_told_otherwise():
    agent = told(*LIFE, voided(7), AgentResigned(on=date(2018, 11, 1)))

    assert agent.status_on(date(2018, 10, 31)) is S.ACTIVE
    assert agent.status_on(date(2018, 11, 1)) is S.RESIGNED


def test_a_decision_has_effect_again_once_the_fact_before_it_is_voided():
    idle = deactivated(MARCH, DeactivationReason.IDLE)
    agent = told(*LIFE[:4], idle, AgentResigned(on=DAY))
    assert agent.without_effect[0].event == idle

    assert evolve(agent, voided(6)).status is S.DEACTIVATED


def test_voiding_what_never_was_loads_and_changes_no_stage():
    assert evolve(told(*LIFE), voided(99)).stages == told(*LIFE).stages
