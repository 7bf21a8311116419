"""For how many whole months an agent has acquired nobody."""

from datetime import date

import pytest

from jamsos.domain.agent import AgentStatus, Deactivation, evolve, idle_months
from jamsos.domain.calendar import Month
from jamsos.domain.programme import Programme
from jamsos.errors import InputError
from tests.domain.an_agent import deactivated, returned, who_is

SINCE = date(2018, 1, 31)
ACTIVE = who_is(AgentStatus.ACTIVE, SINCE)


@pytest.mark.parametrize(
    ("on", "idle"),
    [
        (date(2018, 1, 31), 0),
        (date(2018, 2, 28), 0),
        (date(2018, 3, 1), 1),
        (date(2018, 3, 31), 1),
        (date(2018, 4, 1), 2),
        (date(2018, 4, 30), 2),
        (date(2018, 5, 1), 3),
        (date(2018, 6, 1), 4),
    ],
)
def test_months_are_idle_from_the_month_after_the_account_became_active(on, idle):
    assert idle_months(ACTIVE, last_acquisition=None, on=on) == idle


@pytest.mark.parametrize(
    ("last", "idle"),
    [
        (Month(2017, 6), 4),
        (Month(2018, 1), 4),
        (Month(2018, 2), 3),
        (Month(2018, 3), 2),
        (Month(2018, 5), 0),
        (Month(2018, 6), 0),
        (Month(2018, 8), 0),
    ],
)
def test_an_acquisition_begins_the_count_anew_unless_it_is_from_before(last, idle):
    assert idle_months(ACTIVE, last_acquisition=last, on=date(2018, 6, 15)) == idle


def test_the_months_of_a_deactivation_are_not_idle_ones():
    back = evolve(evolve(ACTIVE, deactivated(date(2018, 6, 1))), returned(date(2018, 12, 3)))

    assert idle_months(back, last_acquisition=Month(2018, 2), on=date(2019, 2, 1)) == 1


def test_months_are_idle_by_the_account_of_the_day_whatever_was_told_of_later_days():
    agent = evolve(evolve(ACTIVE, deactivated(date(2018, 8, 3))), returned(date(2019, 2, 4)))

    def idle(on):
        return idle_months(agent, last_acquisition=None, on=on)

    assert [idle(date(2018, 5, 1)), idle(date(2018, 8, 2))] == [3, 6]
    assert [idle(date(2018, 8, 3)), idle(date(2019, 2, 3))] == [0, 0]
    assert [idle(date(2019, 2, 4)), idle(date(2019, 4, 1))] == [0, 1]


@pytest.mark.parametrize("status", [s for s in AgentStatus if s is not AgentStatus.ACTIVE])
def test_who_is_not_active_is_not_idle(status):
    agent = who_is(status, SINCE)

    assert idle_months(agent, last_acquisition=None, on=date(2020, 1, 1)) == 0


@pytest.mark.parametrize("number", [-1, 2.0, True])
def test_a_case_is_made_of_whole_months_only(number):
    with pytest.raises(InputError, match="idle_months is"):
        Deactivation(
            agent=ACTIVE, programme=Programme("perisai"), idle_months=number, on=date(2018, 5, 1)
        )
