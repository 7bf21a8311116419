"""An agent goes on with a seat of another region: by day, and in whatever order it is told."""

from datetime import date
from itertools import permutations

import pytest

from jamsos.domain.agent import (
    AgentFact,
    AgentReseated,
    AgentResigned,
    AgentStatus,
    Held,
    assign,
    deactivate,
    evolve,
    idle_months,
    reseat,
    resign,
    retell,
    void,
)
from jamsos.domain.decision import Accepted
from jamsos.errors import InputError, NotFoundError
from tests.domain.an_agent import deactivated, returned, steps_to_work, told, who_is

DECEMBER, FEBRUARY, MARCH = date(2017, 12, 4), date(2018, 2, 1), date(2018, 3, 1)
JUNE, SEPTEMBER = date(2018, 6, 4), date(2018, 9, 3)
AT_WORK = steps_to_work(DECEMBER)
S = AgentStatus
SEATED = (S.RECRUITED, S.IN_TRAINING, S.CERTIFIED, S.ACTIVE)


def elsewhere(on, region="51"):
    return AgentReseated(region=region, rules=(), on=on)


def ask(agent, on, region="51"):
    return reseat(agent, region=region, rules=(), on=on)


@pytest.mark.parametrize("status", SEATED)
def test_one_who_holds_a_seat_gets_another_and_stays_at_the_same_stage(status):
    agent = who_is(status, DECEMBER)

    (event,) = ask(agent, MARCH).events
    after = evolve(agent, event)

    assert after.status is status
    assert after.seats == (Held("national", DECEMBER, MARCH), Held("51", MARCH))
    assert after.seat_on(date(2018, 2, 28)) == "national"
    assert after.seat_on(MARCH) == after.seat == "51"


@pytest.mark.parametrize("status", [S.DEACTIVATED, S.RESIGNED, S.TERMINATED])
def test_one_who_holds_no_seat_is_refused(status):
    (reason,) = ask(who_is(status, DECEMBER), MARCH).reasons

    said = f"An agent who is {status} cannot get a seat of another region."
    assert (reason.policy, reason.explanation) == ("agent-lifecycle", said)


def test_one_who_was_never_recruited_is_not_found():
    with pytest.raises(NotFoundError, match="was never recruited, and cannot get a seat"):
        ask(who_is(S.UNKNOWN), MARCH)


def test_on_a_day_before_the_recruitment_it_is_an_error_that_names_it():
    agent = told(*AT_WORK)

    with pytest.raises(InputError, match="they are recruited for perisai on 2017-12-04"):
        ask(agent, date(2017, 12, 3))
    assert ask(agent, DECEMBER).events


def test_the_very_same_does_nothing_and_another_seat_on_that_day_is_an_error():
    agent = told(*AT_WORK, elsewhere(MARCH))

    assert ask(agent, MARCH) == Accepted()
    with pytest.raises(InputError, match="they get a seat of region 51 on 2018-03-01"):
        ask(agent, MARCH, region="31")
    assert ask(agent, date(2018, 3, 2), region="31").events


def test_a_return_and_a_seat_elsewhere_on_one_day_are_an_error():
    away = told(*AT_WORK, deactivated(MARCH), returned(SEPTEMBER))

    with pytest.raises(InputError, match="they return on 2018-09-03, on a seat of region national"):
        ask(away, SEPTEMBER)
    assert ask(away, date(2018, 9, 4)).events


def test_the_account_stays_active_without_a_break_and_idleness_goes_on():
    agent = told(*AT_WORK, elsewhere(MARCH))

    assert agent.active_days == ((DECEMBER, None),)
    assert agent.active_since == DECEMBER
    assert idle_months(agent, last_acquisition=None, on=date(2018, 4, 2)) == 3


def test_a_seat_of_the_same_region_changes_no_seat():
    assert told(*AT_WORK, elsewhere(MARCH, "national")).seats == (Held("national", DECEMBER),)


def test_a_seat_that_is_left_on_its_first_day_was_never_held():
    assert told(*AT_WORK, elsewhere(DECEMBER)).seats == (Held("51", DECEMBER),)


def test_the_order_of_telling_makes_no_other_seats():
    facts = (elsewhere(FEBRUARY), elsewhere(JUNE, "31"), AgentResigned(on=SEPTEMBER))

    lives = {told(*AT_WORK, *order).seats for order in permutations(facts)}

    assert lives == {
        (
            Held("national", DECEMBER, FEBRUARY),
            Held("51", FEBRUARY, JUNE),
            Held("31", JUNE, SEPTEMBER),
        )
    }


def test_an_absence_before_it_can_be_told_late_and_the_return_names_the_seat():
    agent = told(*AT_WORK, elsewhere(JUNE))

    for event in (deactivated(FEBRUARY), returned(MARCH)):
        agent = evolve(agent, event)

    assert agent.seats == (
        Held("national", DECEMBER, FEBRUARY),
        Held("national", MARCH, JUNE),
        Held("51", JUNE),
    )


def test_an_absence_told_late_that_covers_it_leaves_no_seat():
    agent = told(*AT_WORK, elsewhere(MARCH))
    assert deactivate(agent, on=FEBRUARY).events

    agent = told(*AT_WORK, elsewhere(MARCH), deactivated(FEBRUARY))
    assert agent.seats == (Held("national", DECEMBER, FEBRUARY),)
    assert agent.status is S.DEACTIVATED
    assert [stage.version for stage in agent.without_effect] == [5]


def test_a_resignation_before_it_is_an_error_that_names_the_seat():
    agent = told(*AT_WORK, elsewhere(MARCH))

    with pytest.raises(InputError, match="they get a seat of region 51 on 2018-03-01"):
        resign(agent, on=FEBRUARY)
    assert resign(agent, on=MARCH).events


def test_a_return_takes_the_seat_that_it_names_after_a_seat_elsewhere():
    agent = told(*AT_WORK, elsewhere(FEBRUARY), deactivated(MARCH), returned(SEPTEMBER))

    assert agent.seats[1:] == (Held("51", FEBRUARY, MARCH), Held("national", SEPTEMBER))


def test_it_is_voided_and_told_otherwise():
    agent = told(*AT_WORK, elsewhere(MARCH))

    (voided,) = void(agent, version=5, reason="mistake", on=JUNE).events
    assert voided.fact is AgentFact.RESEATED
    assert evolve(agent, voided).seats == (Held("national", DECEMBER),)

    answer = retell(agent, lambda a: ask(a, FEBRUARY, "31"), instead_of=5, on=FEBRUARY)
    for event in answer.events:
        agent = evolve(agent, event)
    assert agent.seats == (Held("national", DECEMBER, FEBRUARY), Held("31", FEBRUARY))


def test_a_seat_elsewhere_does_not_hide_that_something_was_told_already():
    agent = told(*AT_WORK, elsewhere(MARCH))

    with pytest.raises(InputError, match="the account is made active on 2017-12-04"):
        assign(agent, on=JUNE)
