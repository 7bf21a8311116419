"""Sets of months, held against plain Python sets of numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jamsos.domain.calendar import FOREVER, Month, Months, month_of, months_of
from jamsos.errors import InputError

START = Month(2017, 1).index
HORIZON = range(START, START + 60)
"""Further than any month that is drawn here: what lasts to its end lasts for ever."""

indexes = st.integers(START, START + 40)


@st.composite
def runs(draw):
    first, last = sorted((draw(indexes), draw(indexes)))
    return first, draw(st.sampled_from([last, last, FOREVER]))


sets_of_months = st.builds(Months, st.lists(runs(), max_size=5))
months = st.builds(Month.at, indexes)


def plain(some):
    return {index for index in HORIZON if Month.at(index) in some}


@given(sets_of_months, sets_of_months)
def test_union_intersection_and_difference_are_those_of_sets(one, other):
    assert plain(one | other) == plain(one) | plain(other)
    assert plain(one & other) == plain(one) & plain(other)
    assert plain(one - other) == plain(one) - plain(other)


@given(sets_of_months, sets_of_months)
def test_two_sets_are_equal_when_they_hold_the_same_months(one, other):
    same = plain(one) == plain(other)

    assert (one == other) == same
    assert (str(one) == str(other)) == same
    assert not same or hash(one) == hash(other)


@given(sets_of_months, sets_of_months, months, st.integers(0, 6))
def test_runs_neither_touch_nor_overlap_nor_run_backwards(one, other, month, number):
    for made in (
        one | other,
        one & other,
        one - other,
        one.extended(number),
        one.before(month),
        one.since(month),
        one.onward(),
    ):
        assert all(first <= last for first, last in made.runs)
        assert all(a[1] + 1 < b[0] for a, b in zip(made.runs, made.runs[1:], strict=False))
        assert Months.parse(str(made)) == made


@given(sets_of_months, st.integers(0, 6))
def test_extended_adds_the_months_that_follow_each_run(some, number):
    wanted = {at + more for at in plain(some) for more in range(number + 1)}

    assert plain(some.extended(number)) == wanted & set(HORIZON)


@given(sets_of_months, months)
def test_a_month_cuts_a_set_into_what_comes_before_it_and_since_it(some, month):
    assert plain(some.before(month)) == {at for at in plain(some) if at < month.index}
    assert plain(some.since(month)) == {at for at in plain(some) if at >= month.index}


@given(sets_of_months)
def test_onward_is_the_first_month_and_all_that_follow(some):
    first = min(plain(some), default=FOREVER)

    assert plain(some.onward()) == {at for at in HORIZON if at >= first}


@given(sets_of_months)
def test_the_first_and_the_last_month_are_those_of_the_set_where_it_has_an_end(some):
    held = plain(some)
    endless = bool(some) and some.runs[-1][1] == FOREVER

    assert some.first == (Month.at(min(held)) if held else None)
    assert some.last == (Month.at(max(held)) if held and not endless else None)
    assert bool(some) == bool(held)


@given(sets_of_months)
def test_a_set_is_listed_in_order_unless_it_has_no_end(some):
    if some and some.last is None:
        with pytest.raises(InputError, match="has no end"):
            list(some)
    else:
        assert [month.index for month in some] == sorted(plain(some))


@given(sets_of_months)
def test_one_unbroken_run_with_an_end_is_contiguous_and_nothing_else(some):
    held = plain(some)
    unbroken = bool(held) and held == set(range(min(held), max(held) + 1))

    assert some.contiguous == (unbroken and some.last is not None)


def test_a_set_of_months_is_equal_to_no_text():
    assert Months.parse("2018-01/2018-01") != "2018-01/2018-01"


def test_no_months_are_written_as_nothing():
    assert str(Months()) == ""
    assert Months.parse("") == Months()


def test_equal_texts_give_the_same_object():
    assert Months.parse("2018-01/2018-03") is Months.parse("2018-01/2018-03")


def test_between_two_months_both_are_included():
    assert str(Months.between(Month(2018, 1), Month(2018, 3))) == "2018-01/2018-03"
    assert str(Months.between(Month(2018, 1), Month(2018, 1))) == "2018-01/2018-01"
    assert str(Months.between(Month(2018, 1), None)) == "2018-01/.."


def test_between_a_month_and_an_earlier_one_there_is_no_run():
    with pytest.raises(InputError):
        Months.between(Month(2018, 3), Month(2018, 2))


@pytest.mark.parametrize(
    "text",
    [
        "2018-13/2018-13",
        "2018-01/2018-13",
        "2018-00/2018-01",
        "2018-03/2018-01",
        "2018-01/2018-03,2018-03/2018-05",
        "2018-01/2018-03,2018-04/2018-05",
        "2018-01/..,2018-03/2018-04",
        "2018-05/2018-06,2018-01/2018-02",
        "2018-01/2018-03,2018-02/2018-02",
        "2018-01",
        "2018-01/",
        "/2018-01",
        "../2018-01",
        "2018-01/2018-02,",
        "2018-01/2018-02, 2018-05/2018-06",
        "2018-01/9999-12",
        "January",
        " ",
    ],
    ids=repr,
)
def test_a_text_that_is_not_the_one_way_to_write_its_months_is_no_set(text):
    with pytest.raises(InputError):
        Months.parse(text)


@pytest.mark.parametrize(
    "text", ["2018-01/2018-03,2018-05/2018-05", "2018-01/2018-03,2018-05/..", "2018-01/.."]
)
def test_runs_that_leave_a_month_out_are_one_set(text):
    assert str(Months.parse(text)) == text
    assert repr(Months.parse(text)) == f"Months('{text}')"


@pytest.mark.parametrize("text", ["0001-01/0001-01", "0001-01/9999-11", "9999-11/.."])
def test_the_first_and_the_last_month_of_the_calendar_are_months(text):
    assert str(Months.parse(text)) == text


@pytest.mark.parametrize(
    ("some", "others", "left"),
    [
        ("2018-01/2018-02,2018-05/2018-06", "2017-12/2018-03", "2018-05/2018-06"),
        ("2018-01/2018-02,2018-05/2018-06", "2018-01/2018-02", "2018-05/2018-06"),
        ("2018-01/2018-02,2018-05/2018-06", "2018-02/2018-05", "2018-01/2018-01,2018-06/2018-06"),
        ("2018-01/2018-02", "2018-01/2018-02", ""),
        ("2018-01/..", "2018-03/..", "2018-01/2018-02"),
    ],
)
def test_what_is_taken_away_leaves_the_other_runs(some, others, left):
    assert str(Months.parse(some) - Months.parse(others)) == left


# -- As they may be given. --------------------------------------------------------


@pytest.mark.parametrize("given_as", [Month(2018, 1), "2018-01"])
def test_a_month_may_be_given_as_text(given_as):
    assert month_of(given_as) == Month(2018, 1)


@pytest.mark.parametrize(
    ("given_as", "said"),
    [
        ("2018-1", "write one as 2018-02"),
        ("2018-13", "there is no month 2018-13"),
        ("2018-01-31", "write one as 2018-02"),
        (201801, "give Month"),
        (None, "give Month"),
        (Months(), "give Month"),
    ],
)
def test_what_names_no_month_is_an_input_error_that_says_what_to_give(given_as, said):
    with pytest.raises(InputError, match=said):
        month_of(given_as)


@pytest.mark.parametrize(
    ("given_as", "read"),
    [
        ("2018-01/2018-03", "2018-01/2018-03"),
        (Months.parse("2018-01/2018-03"), "2018-01/2018-03"),
        ("2018-01", "2018-01/2018-01"),
        (Month(2018, 1), "2018-01/2018-01"),
        ("", ""),
    ],
)
def test_months_may_be_given_as_text_and_one_month_by_itself(given_as, read):
    assert months_of(given_as) == Months.parse(read)


@pytest.mark.parametrize(
    ("given_as", "said"),
    [
        ("2018-03/2018-01", "does not name months"),
        ("2018-13", "there is no month 2018-13"),
        ("soon", "is not a month"),
        (3, "give Months.parse"),
        (None, "give Months.parse"),
        ([Month(2018, 1)], "give Months.parse"),
    ],
)
def test_what_names_no_months_is_an_input_error_that_says_what_to_give_instead(given_as, said):
    with pytest.raises(InputError, match=said):
        months_of(given_as)
