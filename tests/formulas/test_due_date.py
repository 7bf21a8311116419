"""Until when a contribution is paid, and what it costs to be late."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jamsos import Month, Segment
from jamsos.domain.due import Late
from jamsos.domain.explanation import Certainty
from jamsos.errors import RuleNotInForceError
from jamsos.formulas.due_date import due_date
from jamsos.formulas.late_fine import late_fine
from jamsos.rulebook import everything, law

LAW = law(everything())
BPU, PU = Segment.NON_WAGE_EARNER, Segment.WAGE_EARNER


def until(month, segment=BPU):
    return due_date(LAW, Month.parse(month), segment)


def fine(paid_on, amount=1_000_000, month="2019-05", segment=PU):
    return late_fine(
        Late(law=LAW, segment=segment, month=Month.parse(month), amount=amount, paid_on=paid_on)
    ).value


@pytest.mark.parametrize(
    ("month", "day"),
    [
        ("2018-01", date(2018, 1, 15)),
        ("2018-02", date(2018, 2, 15)),
        ("2018-04", date(2018, 4, 16)),  # the 15th is a Sunday
        ("2018-09", date(2018, 9, 17)),  # the 15th is a Saturday
        ("2020-07", date(2020, 7, 15)),
        ("2020-08", date(2020, 9, 30)),
        ("2021-01", date(2021, 3, 1)),  # February has no 30th, and ends on a Sunday
        ("2021-02", date(2021, 2, 15)),
    ],
)
def test_a_non_wage_earner_pays_by_the_15th_of_the_month_itself(month, day):
    assert until(month).value == day


def test_a_wage_earners_month_is_paid_by_the_15th_of_the_next():
    assert until("2018-12", PU).value == date(2019, 1, 15)


def test_that_no_rule_holds_the_public_holidays_is_said():
    assert until("2018-01").status is Certainty.NOT_ENCODED
    assert "Public holidays are in no rule" in until("2018-01").explain()


def test_a_segment_of_which_no_rule_says_it_has_no_due_date():
    with pytest.raises(RuleNotInForceError):
        until("2018-01", Segment.MIGRANT)


@pytest.mark.parametrize(
    ("paid_on", "cost"),
    [
        (date(2019, 5, 31), 0),
        (date(2019, 6, 15), 0),
        (date(2019, 6, 16), 20_000),
        (date(2019, 7, 15), 20_000),
        (date(2019, 7, 16), 40_000),
        (date(2020, 6, 15), 240_000),
    ],
)
def test_an_employer_is_fined_2_per_cent_for_each_month_that_has_begun(paid_on, cost):
    assert fine(paid_on) == cost


def test_the_fine_for_august_2020_to_january_2021_is_half_a_per_cent():
    assert fine(date(2020, 10, 1), month="2020-08") == 5_000
    assert fine(date(2021, 1, 1), month="2020-12") == 0


def test_a_non_wage_earner_is_not_fined():
    assert fine(date(2020, 1, 1), month="2018-01", segment=BPU) == 0


@given(
    st.dates(date(2019, 6, 1), date(2022, 1, 1)),
    st.dates(date(2019, 6, 1), date(2022, 1, 1)),
    st.integers(0, 2**53),
)
def test_paying_later_never_costs_less(one, other, amount):
    fines = [fine(day, amount) for day in sorted((one, other))]

    assert fines == sorted(fines)
