"""Progress from a cited opening balance toward a cited target."""

from datetime import date

import pytest

from jamsos.errors import RuleNotInForceError
from jamsos.projections.targets import Progress, progress

FEBRUARY = date(2018, 2, 5)


def informal(law, added):
    return progress(law, "informal-participants", added=added, on=FEBRUARY)


def test_54000_on_top_of_1_7_million_toward_2_4_million(law):
    found = informal(law, 54_000)

    assert (found.opening.value, found.target.value) == (1_700_000, 2_400_000)
    assert (found.reached, found.missing) == (1_754_000, 646_000)
    assert found.per_mille_of_growth == 77


@pytest.mark.parametrize(
    ("added", "missing", "per_mille"),
    [
        (0, 700_000, 0),
        (699, 699_301, 0),
        (700, 699_300, 1),
        (699_999, 1, 999),
        (700_000, 0, 1_000),
        (700_001, 0, 1_000),
        (1_400_000, 0, 2_000),
    ],
)
def test_nothing_is_missing_once_the_target_is_reached(law, added, missing, per_mille):
    found = informal(law, added)

    assert (found.missing, found.per_mille_of_growth) == (missing, per_mille)


def test_opening_and_target_carry_their_citations(law):
    found = informal(law, 0)

    assert found.opening.citation.source == "S00"
    assert found.target.citation.source == "S00, S25"


def test_a_target_that_is_reached_from_the_start_is_reached_in_full(law):
    opening = law.rule("opening-informal-participants", FEBRUARY)

    assert Progress(opening, opening, 0).per_mille_of_growth == 1_000


@pytest.mark.parametrize("day", [date(2017, 12, 31), date(2019, 1, 1)])
def test_in_another_year_there_is_no_target(law, day):
    with pytest.raises(RuleNotInForceError):
        progress(law, "informal-participants", added=0, on=day)


def test_there_is_no_target_where_only_an_opening_balance_is_cited(law):
    assert law.rule("opening-active-participants", FEBRUARY).value == 26_200_000
    with pytest.raises(RuleNotInForceError, match="target-active-participants"):
        progress(law, "active-participants", added=0, on=FEBRUARY)
