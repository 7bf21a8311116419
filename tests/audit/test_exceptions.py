"""What stands though the facts known now do not bear it is listed, and nothing else is."""

from datetime import date

import pytest

import jamsos
from jamsos.audit.exceptions import Why, exceptions
from jamsos.audit.replay import replay
from jamsos.domain.participant import LeavingReason
from tests.registry.beginnings import FEBRUARY, adopted, at_work, enrolled, paid

PUT_RIGHT = date(2018, 7, 2)


@pytest.fixture
def registry():
    with jamsos.open(":memory:") as registry:
        yield adopted(registry)


def listed(registry):
    found = replay(registry.history())
    assert found.findings == ()
    assert found.exceptions == exceptions(registry.history())
    return [(each.stream, each.version, each.why) for each in found.exceptions]


def test_a_history_told_in_order_has_none(registry):
    agent = at_work(registry)
    somebody = enrolled(registry, agent, on=date(2018, 1, 9))
    registry.move(somebody, province="31", on=date(2018, 2, 1)).or_raise()
    registry.leave(somebody, reason=LeavingReason.OTHER, on=date(2018, 3, 1)).or_raise()
    registry.resign(agent, on=date(2018, 3, 1)).or_raise()

    assert listed(registry) == []


def test_a_move_after_a_leaving_that_was_told_late_has_no_effect(registry):
    somebody = enrolled(registry)
    registry.move(somebody, province="31", on=date(2018, 3, 5)).or_raise()
    registry.leave(somebody, reason=LeavingReason.OTHER, on=date(2018, 3, 4)).or_raise()

    assert listed(registry) == [(somebody, 3, Why.WITHOUT_EFFECT)]


def test_an_enrolment_by_an_account_that_had_ended_the_day_before_is_listed(registry):
    on_the_day, the_day_after = at_work(registry), at_work(registry)
    for agent in (on_the_day, the_day_after):
        enrolled(registry, agent, on=date(2018, 3, 5))
    registry.resign(on_the_day, on=date(2018, 3, 5)).or_raise()
    assert listed(registry) == []

    registry.resign(the_day_after, on=date(2018, 3, 4)).or_raise()
    (found,) = exceptions(registry.history())
    assert (found.version, found.on, found.why) == (1, date(2018, 3, 5), Why.ACCOUNT_NOT_ACTIVE)
    assert found.what == (
        f"the registration in segment bpu of 2018-03-05 (version 1): the account of {the_day_after}"
        " was not active on that day"
    )


@pytest.mark.parametrize(
    ("on", "why"),
    [
        (date(2017, 12, 31), []),  # three idle months all the same
        (date(2018, 1, 1), [Why.WAS_NOT_IDLE]),
        (date(2018, 4, 1), [Why.WAS_NOT_IDLE]),
    ],
    ids=str,
)
def test_an_acquisition_told_late_inside_an_idle_period_is_listed_with_the_deactivation(
    registry, on, why
):
    agent = at_work(registry)
    assert list(registry.evaluate_agents("perisai", on=date(2018, 4, 1))) == [agent]
    enrolled(registry, agent, on=on)

    assert [each for _, _, each in listed(registry)] == why


def test_payments_after_a_death_that_was_told_late_are_listed(registry):
    somebody = enrolled(registry)
    paid(registry, somebody, FEBRUARY, date(2018, 2, 10), reference="F-2")
    registry.leave(somebody, reason=LeavingReason.DEATH, on=date(2018, 2, 10)).or_raise()
    # the month of the death is covered no more: its payment is listed, January's is not

    assert listed(registry) == [(somebody, 3, Why.AFTER_DEATH)]
    registry.correct(somebody, corrects="F-2", on=PUT_RIGHT).or_raise()
    assert listed(registry) == []


def test_a_deactivation_of_an_agent_who_had_resigned_has_no_effect(registry):
    agent = at_work(registry)
    registry.evaluate_agents("perisai", on=date(2018, 4, 2))
    registry.resign(agent, on=date(2018, 4, 1)).or_raise()

    assert [(stream, why) for stream, _, why in listed(registry)] == [(agent, Why.WITHOUT_EFFECT)]


def test_an_exception_is_gone_when_the_fact_is_put_right(registry):
    agent = at_work(registry)
    enrolled(registry, agent, on=date(2018, 3, 5))
    registry.resign(agent, on=date(2018, 3, 4)).or_raise()
    resignation = registry.agent(agent).version
    registry.void(agent, version=resignation, on=PUT_RIGHT).or_raise()

    assert listed(registry) == []
