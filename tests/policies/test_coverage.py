"""For which months a contribution may be paid."""

from datetime import date

import pytest

import jamsos
from jamsos import Months, Refused
from jamsos.domain.participant import LeavingReason

MARCH = date(2018, 3, 20)


@pytest.fixture
def participant(registry):
    """Register somebody on 20 March 2018."""
    name = jamsos.new_participant_id()
    registry.register(name, province="51", on=MARCH).or_raise()
    return name


def pay(registry, participant, months, reference="R1", programmes=("jkk", "jkm")):
    return registry.pay(
        participant,
        reference=reference,
        months=Months.parse(months),
        income=1_000_000,
        amount=16_800,
        programmes=programmes,
        on=MARCH,
    )


def gone(registry, participant, on):
    registry.leave(participant, reason=LeavingReason.LEFT_WORK, on=on).or_raise()


def test_months_are_paid_for_from_the_month_of_registration_on(registry, participant):
    (reason,) = pay(registry, participant, "2018-02/2018-04").reasons

    assert reason.policy == "coverage"
    assert reason.explanation == (
        "The participant is not registered in segment bpu for 2018-02/2018-02."
    )
    assert "assumed" in str(reason.citation)
    assert pay(registry, participant, "2018-03/2018-04").or_raise()


def test_a_whole_year_may_be_paid_for_at_once(registry, participant):
    assert pay(registry, participant, "2018-03/2019-02").or_raise()


def test_months_are_paid_for_up_to_the_month_of_leaving(registry, participant):
    gone(registry, participant, date(2018, 6, 15))

    assert isinstance(pay(registry, participant, "2018-06/2018-07"), Refused)
    assert pay(registry, participant, "2018-05/2018-06").or_raise()


def test_who_leaves_in_the_month_of_his_registration_may_pay_for_it(registry, participant):
    gone(registry, participant, date(2018, 3, 31))

    assert isinstance(pay(registry, participant, "2018-04/2018-04"), Refused)
    assert pay(registry, participant, "2018-03/2018-03").or_raise()


def test_months_between_leaving_and_coming_back_are_not_paid_for(registry, participant):
    gone(registry, participant, date(2018, 6, 15))
    registry.come_back(participant, province="51", on=date(2018, 9, 1)).or_raise()

    (reason,) = pay(registry, participant, "2018-06/2018-09").reasons
    assert reason.explanation.endswith("for 2018-07/2018-08.")
    assert pay(registry, participant, "2018-06/2018-06").or_raise()
    assert pay(registry, participant, "2018-09/2018-09", "R2").or_raise()


def test_no_month_is_paid_for_twice_in_a_programme(registry, participant):
    pay(registry, participant, "2018-03/2018-04", programmes=("jkk",)).or_raise()

    (reason,) = pay(registry, participant, "2018-04/2018-05", "R2").reasons
    assert reason.explanation == "Contributions are paid already for 2018-04/2018-04."
    assert pay(registry, participant, "2018-04/2018-05", "R2", programmes=("jkm",)).or_raise()
    assert pay(registry, participant, "2018-05/2018-05", "R3", programmes=("jkk",)).or_raise()


def test_every_fault_of_a_payment_is_given(registry, participant):
    pay(registry, participant, "2018-03/2018-03").or_raise()

    answer = pay(registry, participant, "2018-02/2018-03", "R2")
    assert len(answer.reasons) == 2


def test_what_a_corrected_payment_covered_may_be_paid_for(registry, participant):
    pay(registry, participant, "2018-03/2018-04").or_raise()
    registry.correct(participant, corrects="R1", on=MARCH).or_raise()

    assert pay(registry, participant, "2018-03/2018-04", "R2").or_raise()


def test_a_payment_is_for_both_mandatory_programmes_unless_others_are_named(registry, participant):
    months = Months.parse("2018-03/2018-03")
    (event,) = (
        registry.pay(participant, reference="R1", months=months, income=0, amount=16_800, on=MARCH)
        .or_raise()
        .events
    )

    assert event.programmes == ("jkk", "jkm")
