"""How many of those whom agents acquired still count some months later."""

from datetime import date

import pytest

import jamsos
from jamsos import PAID_UP, REGISTERED, Month, Months
from jamsos.domain.participant import LeavingReason
from jamsos.projections.retention import Retention


def looked_at(registry, number, definition=PAID_UP, after_months=3):
    retention = Retention(definition, after_months)
    for recorded in registry.history():
        retention.apply(recorded)
    month = Month(2018, number)
    return retention.eligible(month), retention.still_active(month)


def acquire(registry, agent, on, months=""):
    participant = jamsos.new_participant_id()
    registry.register(participant, province="51", agent=agent, on=on).or_raise()
    if months:
        registry.pay(
            participant,
            reference="R1",
            months=Months.parse(months),
            income=0,
            amount=16_800,
            on=on,
        ).or_raise()
    return participant


def test_one_is_looked_at_when_the_months_have_passed(registry, agent):
    acquire(registry, agent, date(2018, 1, 31), "2018-01/2018-04")

    assert looked_at(registry, 3) == (0, 0)
    assert looked_at(registry, 4) == (1, 1)


@pytest.mark.parametrize(("paid", "still"), [("2018-01/2018-03", 0), ("2018-01/2018-04", 1)])
def test_one_is_still_active_who_counts_in_the_month_of_the_look(registry, agent, paid, still):
    acquire(registry, agent, date(2018, 1, 5), paid)

    assert looked_at(registry, 4) == (1, still)


def test_how_one_stood_in_that_month_is_what_stays(registry, agent):
    acquire(registry, agent, date(2018, 1, 5), "2018-01/2018-04")

    assert looked_at(registry, 12) == (1, 1)


def test_those_of_all_months_are_added_up(registry, agent):
    acquire(registry, agent, date(2018, 1, 5), "2018-01/2018-04")
    acquire(registry, agent, date(2018, 2, 5), "2018-02/2018-02")

    assert looked_at(registry, 4) == (1, 1)
    assert looked_at(registry, 5) == (2, 1)


def test_who_was_registered_without_an_agent_is_not_looked_at(registry):
    acquire(registry, None, date(2018, 1, 5), "2018-01/2018-04")

    assert looked_at(registry, 12) == (0, 0)


def test_who_left_in_the_month_of_his_registration_is_not_looked_at(registry, agent):
    gone = acquire(registry, agent, date(2018, 1, 5), "2018-01/2018-04")
    registry.leave(gone, reason=LeavingReason.LEFT_WORK, on=date(2018, 1, 31)).or_raise()

    assert looked_at(registry, 12) == (0, 0)


def test_who_left_later_is_looked_at_and_found_gone(registry, agent):
    gone = acquire(registry, agent, date(2018, 1, 5))
    registry.leave(gone, reason=LeavingReason.LEFT_WORK, on=date(2018, 2, 1)).or_raise()

    assert looked_at(registry, 12, REGISTERED) == (1, 0)


def test_who_changes_hands_later_was_acquired_by_an_agent_all_the_same(registry, agent):
    given = acquire(registry, agent, date(2018, 1, 5), "2018-01/2018-04")
    registry.transfer(given, branch="JKT-1", on=date(2018, 2, 1)).or_raise()

    assert looked_at(registry, 4) == (1, 1)


def test_who_is_with_an_agent_at_the_end_of_his_first_month_is_looked_at(registry, agent):
    given = acquire(registry, None, date(2018, 1, 5), "2018-01/2018-04")
    registry.transfer(given, agent=agent, on=date(2018, 1, 20)).or_raise()
    acquired = acquire(registry, agent, date(2018, 1, 5), "2018-01/2018-04")
    registry.transfer(acquired, branch="JKT-1", on=date(2018, 1, 20)).or_raise()

    assert looked_at(registry, 4) == (1, 1)


def test_a_correction_changes_what_is_found(registry, agent):
    participant = acquire(registry, agent, date(2018, 1, 5), "2018-01/2018-04")
    registry.correct(participant, corrects="R1", on=date(2018, 5, 1)).or_raise()

    assert looked_at(registry, 4) == (1, 0)
