"""The four definitions of active, on standings made by hand."""

import pytest

from jamsos import Month, Months, Standing, Status
from jamsos.domain.coverage import Paid, Spell
from jamsos.formulas.active import (
    DEFINITIONS,
    EVER_PAID,
    GRACE_MONTHS,
    GRACE_RULE,
    IN_GRACE,
    PAID_UP,
    REGISTERED,
)
from jamsos.rulebook import everything


def standing(*spells, paid="", programme="jkk"):
    """Make the standing of one who was registered in *spells*, and has *paid* for months."""
    return Standing(
        tuple(Spell(Months.parse(months), "51") for months in spells),
        (Paid((programme,), Months.parse(paid)),) if paid else (),
    )


def counted(definition, who, programme="jkk"):
    return str(definition.counted(who, programme))


STEADY = standing("2018-01/..", paid="2018-02/2018-04")
LAPSED = standing("2018-01/..", paid="2018-02/2018-02,2018-09/2018-09")
GONE = standing("2018-01/2018-05", paid="2018-02/2018-08")
RETURNED = standing("2018-01/2018-03", "2018-06/..", paid="2018-02/2018-03")
NEVER_PAID = standing("2018-01/..")
NOBODY = Standing()


@pytest.mark.parametrize(
    ("who", "months"),
    [
        (STEADY, "2018-02/2018-04"),
        (LAPSED, "2018-02/2018-02,2018-09/2018-09"),
        (GONE, "2018-02/2018-05"),
        (RETURNED, "2018-02/2018-03"),
        (NEVER_PAID, ""),
        (NOBODY, ""),
    ],
)
def test_paid_up_counts_the_months_that_are_covered(who, months):
    assert counted(PAID_UP, who) == months


@pytest.mark.parametrize(
    ("who", "months"),
    [
        (STEADY, "2018-02/2018-07"),
        (LAPSED, "2018-02/2018-05,2018-09/2018-12"),
        (GONE, "2018-02/2018-05"),
        (RETURNED, "2018-02/2018-03,2018-06/2018-06"),
        (NEVER_PAID, ""),
        (NOBODY, ""),
    ],
)
def test_in_grace_counts_three_months_after_the_end_of_coverage_too(who, months):
    assert counted(IN_GRACE, who) == months


def test_the_months_of_grace_are_those_of_the_rule_that_they_are_taken_from():
    (rule,) = (file for file in everything() if f"{file.programme}/{file.rule}" == GRACE_RULE)

    assert {value.value for value in rule.values} == {GRACE_MONTHS}
    assert {value.citation for value in rule.values} == {IN_GRACE.citation}
    assert (rule.unit, rule.values[-1].status) == ("months", IN_GRACE.status)


@pytest.mark.parametrize(("month", "counts"), [(4, True), (5, True), (7, True), (8, False)])
def test_in_grace_the_third_month_after_coverage_counts_and_the_fourth_does_not(month, counts):
    assert (Month(2018, month) in IN_GRACE.counted(STEADY, "jkk")) == counts


@pytest.mark.parametrize(
    ("who", "months"),
    [
        (STEADY, "2018-02/.."),
        (LAPSED, "2018-02/.."),
        (GONE, "2018-02/2018-05"),
        (RETURNED, "2018-02/2018-03,2018-06/.."),
        (NEVER_PAID, ""),
        (NOBODY, ""),
    ],
)
def test_ever_paid_counts_from_the_first_month_that_was_paid_for(who, months):
    assert counted(EVER_PAID, who) == months


@pytest.mark.parametrize(
    ("who", "months"),
    [
        (STEADY, "2018-01/.."),
        (LAPSED, "2018-01/.."),
        (GONE, "2018-01/2018-05"),
        (RETURNED, "2018-01/2018-03,2018-06/.."),
        (NEVER_PAID, "2018-01/.."),
        (NOBODY, ""),
    ],
)
def test_registered_counts_until_one_leaves_paid_or_not(who, months):
    assert counted(REGISTERED, who) == months


@pytest.mark.parametrize("definition", [PAID_UP, IN_GRACE, EVER_PAID])
def test_each_programme_is_counted_by_itself(definition):
    pension = standing("2018-01/..", paid="2018-02/2018-02", programme="jp")

    assert counted(definition, pension, "jkk") == ""
    assert counted(definition, pension, "jp") != ""


@pytest.mark.parametrize("who", [STEADY, LAPSED, GONE, RETURNED, NEVER_PAID, NOBODY])
def test_each_definition_counts_whom_the_stricter_one_counts(who):
    strict, *wider = (d.counted(who, "jkk") for d in (PAID_UP, IN_GRACE, EVER_PAID, REGISTERED))

    for months in wider:
        assert not strict - months
        strict = months


def test_every_definition_has_a_name_a_sentence_and_a_citation():
    assert list(DEFINITIONS) == ["paid-up", "in-grace", "ever-paid", "registered"]
    for name, definition in DEFINITIONS.items():
        assert definition.name == name
        assert definition.sentence
        assert definition.citation.source


def test_only_the_statute_is_enacted_the_others_are_reported():
    assert EVER_PAID.status is Status.ENACTED
    assert str(EVER_PAID.citation) == "PP 46/2015, Pasal 1 angka 3"
    assert {d.status for d in (PAID_UP, IN_GRACE, REGISTERED)} == {Status.REPORTED}
