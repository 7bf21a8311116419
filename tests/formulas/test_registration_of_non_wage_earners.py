"""Who may be registered as a non-wage earner, and for which programmes."""

from datetime import date, timedelta

import pytest

from jamsos.errors import InputError, RuleNotInForceError
from jamsos.formulas.registration_of_non_wage_earners import (
    Applicant,
    registration_of_non_wage_earner,
)
from jamsos.rulebook import everything, law

LAW = law(everything())


def admission(born, on, **more):
    return registration_of_non_wage_earner(Applicant(law=LAW, born=born, on=on, **more))


@pytest.mark.parametrize(
    ("on", "limit"),
    [
        (date(2017, 6, 21), 56),
        (date(2017, 6, 22), 60),
        (date(2020, 12, 31), 60),
        (date(2021, 1, 1), 65),
        (date(2025, 6, 1), 65),
    ],
)
def test_the_age_of_the_limit_must_not_be_reached_on_the_day(on, limit):
    reached = on.replace(year=on.year - limit)

    assert not admission(reached, on).value.admitted
    assert admission(reached + timedelta(days=1), on).value.admitted


@pytest.mark.parametrize(
    ("registered", "paid", "admitted"),
    [
        (date(2025, 6, 1), date(2025, 6, 14), True),
        (date(2025, 6, 1), date(2025, 6, 15), False),
        (date(2022, 6, 1), date(2022, 6, 16), True),
    ],
)
def test_since_july_2022_the_limit_holds_on_the_day_of_the_first_payment_too(
    registered, paid, admitted
):
    born = date(registered.year - 65, 6, 15)

    answer = admission(born, registered, first_payment_on=paid).value
    assert answer.admitted == admitted


@pytest.mark.parametrize(
    ("occupation", "mandatory", "optional"),
    [
        ("employer", ("jht", "jkk", "jkm"), ()),
        ("outside-employment", ("jkk", "jkm"), ("jht",)),
        ("in-training", ("jkk",), ("jkm",)),
    ],
)
def test_each_occupation_must_take_programmes_and_may_take_others(occupation, mandatory, optional):
    answer = admission(date(1990, 1, 1), date(2025, 6, 1), occupation=occupation).value

    assert (answer.mandatory, answer.optional) == (mandatory, optional)


def test_why_somebody_is_not_admitted_is_told():
    answer = admission(date(1960, 6, 1), date(2025, 6, 1))

    assert "On 2025-06-01 the applicant is 65, not under 65." in answer.explain()
    assert "Pada 2025-06-01 umurnya 65, tidak di bawah 65." in answer.explain("id")
    assert answer.status == "assumed"


def test_an_occupation_that_no_rule_knows_is_an_error():
    with pytest.raises(InputError):
        admission(date(1990, 1, 1), date(2025, 6, 1), occupation="king")


def test_before_any_limit_is_in_force_there_is_no_answer():
    with pytest.raises(RuleNotInForceError):
        admission(date(1990, 1, 1), date(2015, 6, 30))
