"""The law that ships: each figure as the sources have it, at both edges of its days."""

from datetime import date
from itertools import pairwise

import pytest

from jamsos import Status
from jamsos.rulebook import everything, law

FILES = everything()
LAW = law(FILES)


def rule(name, on):
    programme, _, rule = name.partition("/")
    return LAW[programme].rule(rule, on)


# -- Non-wage earners (BPU): the brackets of income. --------------------------------

BRACKETS = [
    # lower edge, printed upper edge, base, JKK, JHT
    (0, 1_099_000, 1_000_000, 10_000, 20_000),
    (1_100_000, 1_299_000, 1_200_000, 12_000, 24_000),
    (1_300_000, 1_499_000, 1_400_000, 14_000, 28_000),
    (1_500_000, 1_699_000, 1_600_000, 16_000, 32_000),
    (1_700_000, 1_899_000, 1_800_000, 18_000, 36_000),
    (1_900_000, 2_099_000, 2_000_000, 20_000, 40_000),
    (2_100_000, 2_299_000, 2_200_000, 22_000, 44_000),
    (2_300_000, 2_499_000, 2_400_000, 24_000, 48_000),
    (2_500_000, 2_699_000, 2_600_000, 26_000, 52_000),
    (2_700_000, 3_199_000, 2_950_000, 29_500, 59_000),
    (3_200_000, 3_699_000, 3_450_000, 34_500, 69_000),
    (3_700_000, 4_199_000, 3_950_000, 39_500, 79_000),
    (4_200_000, 4_699_000, 4_450_000, 44_500, 89_000),
    (4_700_000, 5_199_000, 4_950_000, 49_500, 99_000),
    (5_200_000, 5_699_000, 5_450_000, 54_500, 109_000),
    (5_700_000, 6_199_000, 5_950_000, 59_500, 119_000),
    (6_200_000, 6_699_000, 6_450_000, 64_500, 129_000),
    (6_700_000, 7_199_000, 6_950_000, 69_500, 139_000),
    (7_200_000, 7_699_000, 7_450_000, 74_500, 149_000),
    (7_700_000, 8_199_000, 7_950_000, 79_500, 159_000),
    (8_200_000, 9_199_000, 8_700_000, 87_000, 174_000),
    (9_200_000, 10_199_000, 9_700_000, 97_000, 194_000),
    (10_200_000, 11_199_000, 10_700_000, 107_000, 214_000),
    (11_200_000, 12_199_000, 11_700_000, 117_000, 234_000),
    (12_200_000, 13_199_000, 12_700_000, 127_000, 254_000),
    (13_200_000, 14_199_000, 13_700_000, 137_000, 274_000),
    (14_200_000, 15_199_000, 14_700_000, 147_000, 294_000),
    (15_200_000, 16_199_000, 15_700_000, 157_000, 314_000),
    (16_200_000, 17_199_000, 16_700_000, 167_000, 334_000),
    (17_200_000, 18_199_000, 17_700_000, 177_000, 354_000),
    (18_200_000, 19_199_000, 18_700_000, 187_000, 374_000),
    (19_200_000, 20_199_000, 19_700_000, 197_000, 394_000),
    (20_200_000, 2**63 - 1, 20_700_000, 207_000, 414_000),
]


@pytest.mark.parametrize("programme", ["jkk", "jht"])
@pytest.mark.parametrize(("lower", "upper", "base"), [row[:3] for row in BRACKETS])
def test_a_bracket_is_found_from_its_lower_edge_to_its_printed_upper_one(
    programme, lower, upper, base
):
    brackets = rule(f"{programme}/bpu-income-brackets", date(2026, 2, 1))

    assert brackets.bracket(lower) == brackets.bracket(upper) == base


@pytest.mark.parametrize(("lower", "above"), list(pairwise(BRACKETS)))
def test_in_the_gap_between_two_printed_edges_the_lower_bracket_holds(lower, above):
    brackets = rule("jkk/bpu-income-brackets", date(2026, 2, 1))

    assert brackets.bracket(above[0] - 1) == lower[2]
    assert brackets.bracket(above[0]) == above[2]


def test_there_are_33_brackets_and_both_programmes_have_the_same():
    jkk, jht = (
        rule(f"{programme}/bpu-income-brackets", date(2015, 7, 1)) for programme in ("jkk", "jht")
    )

    assert len(jkk.steps()) == len(BRACKETS) == 33
    assert jkk.steps() == jht.steps()


# -- All of it. ---------------------------------------------------------------------

VALUES = {
    f"{file.programme}/{file.rule}/{value.in_force}": value
    for file in FILES
    for value in file.values
}


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_every_value_that_ships_has_a_status_and_says_where_it_was_read(value):
    assert value.status in Status
    assert value.citation.source or value.status is Status.ASSUMED
    for conflict in value.conflicts:
        assert conflict.citation.source


def test_the_caps_are_the_published_ones_year_by_year():
    (cap,) = (file for file in FILES if file.rule == "agent-cap")
    caps = [(v.value, v.in_force, v.until) for v in cap.values]

    assert caps == [
        (1_200, date(2017, 11, 1), date(2017, 12, 31)),
        (10_000, date(2018, 1, 1), date(2018, 12, 31)),
        (20_000, date(2019, 1, 1), date(2019, 12, 31)),
    ]
    assert [v.value for v in cap.published(date(2017, 11, 19))] == []
    assert [v.value for v in cap.published(date(2017, 11, 20))] == [1_200, 10_000]
    assert [v.value for v in cap.published(date(2018, 12, 10))] == [1_200, 10_000]
    assert [v.value for v in cap.published(date(2018, 12, 11))] == [1_200, 10_000, 20_000]
    assert [[(c.value, c.citation.source) for c in v.conflicts] for v in cap.values] == [
        [],
        [(5_000, "S10")],
        [],
    ]


@pytest.mark.parametrize(
    ("name", "value", "first", "last"),
    [
        ("agent-idle-months", 3, date(2017, 11, 1), date(2018, 7, 24)),
        ("agent-return-months", 6, date(2017, 11, 1), date(2018, 1, 5)),
        ("agents-needed", 150_000, date(2018, 1, 1), date(2018, 12, 31)),
        ("opening-active-participants", 26_200_000, date(2018, 1, 1), date(2018, 12, 31)),
        ("opening-informal-participants", 1_700_000, date(2018, 1, 1), date(2018, 12, 31)),
        ("opening-registered-participants", 44_900_000, date(2018, 1, 1), date(2018, 12, 31)),
        ("potential-participants", 86_000_000, date(2018, 1, 1), date(2018, 12, 31)),
        ("target-informal-participants", 2_400_000, date(2018, 1, 1), date(2018, 12, 31)),
    ],
)
def test_the_figures_of_the_agency_are_the_published_ones(name, value, first, last):
    assert rule(f"perisai/{name}", first).value == rule(f"perisai/{name}", last).value == value
