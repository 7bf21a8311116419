"""Whole calendar months, and the day that lies some of them later."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jamsos.domain.calendar import Month, months_after
from jamsos.errors import InputError

FEBRUARY = Month(2018, 2)

months = st.builds(Month, st.integers(1, 9999), st.integers(1, 12))


@pytest.mark.parametrize(("year", "month"), [(1, 1), (2018, 1), (2018, 12), (9999, 12)])
def test_the_first_and_the_last_month_of_a_year_exist(year, month):
    assert str(Month(year, month)) == f"{year:04}-{month:02}"


@pytest.mark.parametrize(("year", "month"), [(2018, 0), (2018, 13), (0, 12), (10_000, 1)])
def test_there_is_no_month_0_or_13_and_no_year_0_or_10000(year, month):
    with pytest.raises(InputError, match="there is no month"):
        Month(year, month)


@pytest.mark.parametrize(
    "text",
    ["", "2018", "2018-2", "2018-002", "18-02", "2018/02", " 2018-02", "2018-02\n", "२०१८-०२"],
)
def test_a_text_that_is_written_otherwise_is_no_month(text):
    with pytest.raises(InputError, match="is not a month: write one as 2018-02"):
        Month.parse(text)


@pytest.mark.parametrize("text", ["2018-00", "2018-13", "0000-01"])
def test_a_text_that_is_written_well_may_still_name_no_month(text):
    with pytest.raises(InputError, match=f"there is no month {text}"):
        Month.parse(text)


@given(months)
def test_a_month_is_read_back_as_it_is_written(month):
    assert Month.parse(str(month)) == month


@given(months, months)
def test_order_and_distance_are_those_of_the_calendar(one, other):
    assert (one < other) == (str(one) < str(other)) == (one.first_day < other.first_day)
    assert (one <= other) == (not one > other)
    assert (one >= other) == (not one < other)
    assert (one == other) == (hash(one) == hash(other))
    assert one + (other - one) == other


def test_a_month_is_equal_to_no_text():
    assert Month(2018, 2) != "2018-02"


@given(st.dates())
def test_a_day_lies_in_its_month_from_the_first_day_to_the_last(day):
    month = Month.of(day)

    assert month.first_day <= day <= month.last_day
    assert (month.first_day.day, month.first_day.month) == (1, day.month)


@pytest.mark.parametrize(("year", "last"), [(2018, 28), (2020, 29), (1900, 28), (2000, 29)])
def test_february_has_a_29th_day_in_leap_years_only(year, last):
    assert Month(year, 2).last_day == date(year, 2, last)


def test_there_is_no_month_after_9999_nor_before_the_year_1():
    with pytest.raises(InputError):
        Month(9999, 12) + 1
    with pytest.raises(InputError):
        Month(1, 1) + -1


def test_a_month_shows_how_it_is_read():
    assert repr(FEBRUARY) == "Month('2018-02')"


@pytest.mark.parametrize(
    ("day", "later"),
    [
        (date(2018, 8, 30), date(2019, 2, 28)),
        (date(2018, 8, 31), date(2019, 2, 28)),
        (date(2018, 8, 28), date(2019, 2, 28)),
        (date(2018, 8, 27), date(2019, 2, 27)),
        (date(2019, 8, 31), date(2020, 2, 29)),
        (date(2018, 1, 31), date(2018, 7, 31)),
    ],
)
def test_six_months_after_the_end_of_a_month_is_cut_to_the_last_day(day, later):
    assert months_after(day, 6) == later


def test_no_months_after_a_day_is_that_day():
    assert months_after(date(2018, 8, 31), 0) == date(2018, 8, 31)
