"""The law that ships: each figure as the sources have it, at both edges of its days."""

from datetime import date, timedelta
from importlib import resources
from itertools import pairwise

import pytest

from jamsos import Status
from jamsos.domain.rate import WHOLE
from jamsos.domain.value import Table
from jamsos.errors import RuleNotInForceError
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


# -- Every other value: what it says on the first and the last day, and around them. -

DAY = timedelta(days=1)
OPEN = None
START = "2015-07-01"
COVID, AFTER = "2020-08-01", "2021-02-01"
B = "2022-04-01"
A = ("2017-11-01", "2022-03-31")
RELIEF = ("2026-01-01", "2027-03-31")
JKP, JKP_NEW = "2021-02-01", "2025-02-07"
BY_SIZE = {
    "micro": ("jkk", "jkm"),
    "small": ("jht", "jkk", "jkm"),
    "medium": ("jht", "jkk", "jkm", "jp"),
    "large": ("jht", "jkk", "jkm", "jp"),
}
NEEDED = BY_SIZE | {"micro": ("jht", "jkk", "jkm")}
WITH_JKP = {"very-low": 100, "low": 400, "medium": 750, "high": 1_130, "very-high": 1_600}
CLASSES = {
    "employer": ("jht", "jkk", "jkm"),
    "outside-employment": ("jkk", "jkm"),
    "in-training": ("jkk",),
}
CHOICES = {"employer": (), "outside-employment": ("jht",), "in-training": ("jkm",)}
IN_CARE = {
    "active-at-start": ("acquisition-by-agent",),
    "inactive-before": ("acquisition-by-agent-anew",),
    "new": ("acquisition-by-agent",),
}
A_FLAT, B_STEPS = {1: 7_500}, {1: 15_000, 25: 5_000, 61: 0}
JKK_STEPS = {0: 210, 10**8: 170, 5 * 10**8: 130, 10**9: 110, 5 * 10**9: 90}
JKM_STEPS = {0: 30, 10**8: 20, 5 * 10**8: 20, 10**9: 10, 5 * 10**9: 10}

SAID = [
    # rule, first day, last day, value, status
    ("jkk/bpu-rate", START, OPEN, 1_000, "reported"),
    ("jht/bpu-rate", START, OPEN, 2_000, "reported"),
    ("jkm/bpu-amount", START, OPEN, 6_800, "reported"),
    *(
        (f"{programme}/bpu-relief", *each)
        for programme in ("jkk", "jkm")
        for each in (
            (COVID, "2021-01-31", {"transport": 99_000, "other": 99_000}, "reported"),
            ("2026-01-01", "2026-03-31", {"transport": 50_000, "other": 0}, "reported"),
            ("2026-04-01", "2026-12-31", {"transport": 50_000, "other": 50_000}, "reported"),
            ("2027-01-01", "2027-03-31", {"transport": 50_000, "other": 0}, "reported"),
        )
    ),
    ("jkk/bpu-relief-excluded-payers", *RELIEF, ("state-budget", "regional-budget"), "reported"),
    (
        "jkk/bpu-relief-participants",
        COVID,
        "2021-01-31",
        ("paid-up-to-july-2020", "new-from-third-month"),
        "reported",
    ),
    ("jkk/bpu-relief-participants", *RELIEF, ("active", "new"), "reported"),
    ("jkk/bpu-relief-overpaid", *RELIEF, ("credited-to-following-months",), "reported"),
    ("jkk/bpu-relief-arrears", *RELIEF, ("due-in-full",), "reported"),
    ("jkk/bpu-mandatory-programmes", START, "2023-03-31", CLASSES, "assumed"),
    ("jkk/bpu-mandatory-programmes", "2023-04-01", OPEN, CLASSES, "reported"),
    ("jkk/bpu-optional-programmes", START, "2023-03-31", CHOICES, "assumed"),
    ("jkk/bpu-optional-programmes", "2023-04-01", OPEN, CHOICES, "reported"),
    ("jkk/bpu-age-limit", START, "2017-06-21", 56, "reported"),
    ("jkk/bpu-age-limit", "2017-06-22", "2020-12-31", 60, "assumed"),
    ("jkk/bpu-age-limit", "2021-01-01", OPEN, 65, "assumed"),
    (
        "jkk/bpu-age-limit-applies",
        "2022-07-01",
        OPEN,
        ("registration", "first-payment"),
        "reported",
    ),
    ("jkk/bpu-due-day", START, "2020-07-31", 15, "reported"),
    ("jkk/bpu-due-day", COVID, "2021-01-31", 30, "assumed"),
    ("jkk/bpu-due-day", AFTER, OPEN, 15, "reported"),
    ("jkk/bpu-due-months-after", START, "2020-07-31", 0, "reported"),
    ("jkk/bpu-due-months-after", COVID, "2021-01-31", 1, "assumed"),
    ("jkk/bpu-due-months-after", AFTER, OPEN, 0, "reported"),
    ("jkk/pu-due-day", START, "2020-07-31", 15, "reported"),
    ("jkk/pu-due-day", COVID, "2021-01-31", 30, "reported"),
    ("jkk/pu-due-day", AFTER, OPEN, 15, "reported"),
    ("jkk/pu-due-months-after", START, "2020-07-31", 1, "reported"),
    ("jkk/pu-due-months-after", COVID, "2021-01-31", 1, "reported"),
    ("jkk/pu-due-months-after", AFTER, OPEN, 1, "reported"),
    ("jkk/bpu-due-on-holiday", START, OPEN, ("next-working-day",), "reported"),
    ("jkk/bpu-late-fine", START, OPEN, 0, "reported"),
    (
        "jkk/bpu-months-in-advance",
        START,
        OPEN,
        {"one": 1, "two": 2, "three": 3, "six": 6, "twelve": 12},
        "assumed",
    ),
    ("jkk/bpu-arrears-months", START, "2022-06-30", 3, "assumed"),
    ("jkk/bpu-arrears-months", "2022-07-01", OPEN, 3, "reported"),
    ("jkk/bpu-lapse-months", START, "2022-06-30", 3, "assumed"),
    ("jkk/bpu-lapse-months", "2022-07-01", OPEN, 3, "reported"),
    (
        "jkk/bpu-lapse-status",
        "2022-07-01",
        OPEN,
        {"jht-claimed": ("inactive",), "otherwise": ("ended",)},
        "reported",
    ),
    ("jkk/bpu-return-arrears", START, OPEN, ("not-counted",), "reported"),
    ("jkk/bpu-refund", "2022-07-01", OPEN, ("jht-claim", "jkk-claim", "jkm-claim"), "reported"),
    (
        "jkk/bpu-coverage-start-individual",
        START,
        OPEN,
        ("first-contribution-received",),
        "assumed",
    ),
    (
        "jkk/bpu-coverage-start-added",
        "2022-07-01",
        OPEN,
        ("complete-form-received", "electronic-entry-accepted"),
        "reported",
    ),
    ("jkk/bpu-coverage-start-vulnerable", "2022-07-01", OPEN, ("agreement-start",), "reported"),
    (
        "jkk/pu-rates",
        START,
        OPEN,
        {"very-low": 240, "low": 540, "medium": 890, "high": 1_270, "very-high": 1_740},
        "reported",
    ),
    ("jkk/pu-rates-with-jkp", JKP, "2025-02-06", WITH_JKP, "assumed"),
    ("jkk/pu-rates-with-jkp", JKP_NEW, OPEN, WITH_JKP, "assumed"),
    ("jkm/pu-rate", START, OPEN, 300, "reported"),
    ("jkm/pu-rate-with-jkp", JKP, "2025-02-06", 200, "assumed"),
    ("jkm/pu-rate-with-jkp", JKP_NEW, OPEN, 300, "assumed"),
    ("jkk/pu-relief", COVID, "2021-01-31", 99_000, "reported"),
    ("jkm/pu-relief", COVID, "2021-01-31", 99_000, "reported"),
    ("jht/pu-employer-rate", START, OPEN, 3_700, "reported"),
    ("jht/pu-worker-rate", START, OPEN, 2_000, "reported"),
    ("jp/pu-employer-rate", START, OPEN, 2_000, "reported"),
    ("jp/pu-worker-rate", START, OPEN, 1_000, "reported"),
    ("jp/pu-wage-ceiling", START, "2016-02-29", 7_000_000, "reported"),
    ("jp/pu-wage-ceiling", "2016-03-01", "2017-02-28", 7_335_300, "reported"),
    ("jp/pu-wage-ceiling", "2017-03-01", "2018-02-28", 7_703_500, "reported"),
    ("jp/pu-wage-ceiling", "2018-03-01", "2019-02-28", 8_094_000, "reported"),
    ("jp/pu-wage-ceiling", "2019-03-01", "2020-02-29", 8_512_400, "reported"),
    ("jp/pu-wage-ceiling", "2020-03-01", "2021-02-28", 8_939_700, "assumed"),
    ("jp/pu-wage-ceiling", "2021-03-01", "2022-02-28", 8_754_600, "reported"),
    ("jp/pu-wage-ceiling", "2022-03-01", "2023-02-28", 9_077_600, "reported"),
    ("jp/pu-wage-ceiling", "2023-03-01", "2024-02-29", 9_559_600, "reported"),
    ("jp/pu-wage-ceiling", "2024-03-01", "2025-02-28", 10_042_300, "reported"),
    ("jp/pu-wage-ceiling", "2025-03-01", "2026-02-28", 10_547_400, "reported"),
    ("jp/pu-wage-ceiling-rounding", START, OPEN, 100, "assumed"),
    ("jkk/pu-late-fine", START, "2020-07-31", 2_000, "reported"),
    ("jkk/pu-late-fine", COVID, "2021-01-31", 500, "reported"),
    ("jkk/pu-late-fine", AFTER, OPEN, 2_000, "reported"),
    ("jkk/pu-late-fine-borne-by", START, OPEN, ("employer",), "reported"),
    ("jkk/pu-programmes-by-size", START, OPEN, BY_SIZE, "reported"),
    ("jkp/pu-state-rate", JKP, "2025-02-06", 220, "reported"),
    ("jkp/pu-state-rate", JKP_NEW, OPEN, 220, "enacted"),
    ("jkp/pu-rate-out-of-jkk", JKP, "2025-02-06", 140, "reported"),
    ("jkp/pu-rate-out-of-jkk", JKP_NEW, OPEN, 140, "enacted"),
    ("jkp/pu-rate-out-of-jkm", JKP, "2025-02-06", 100, "reported"),
    ("jkp/pu-rate-out-of-jkm", JKP_NEW, OPEN, 0, "enacted"),
    ("jkp/pu-age-limit", JKP, "2025-02-06", 54, "reported"),
    ("jkp/pu-age-limit", JKP_NEW, OPEN, 54, "enacted"),
    ("jkp/pu-programmes-needed", JKP, "2025-02-06", NEEDED, "reported"),
    ("jkp/pu-programmes-needed", JKP_NEW, OPEN, NEEDED, "enacted"),
    ("jp/pu-deferral", COVID, "2021-01-31", 99_000, "reported"),
    ("jkp/pu-benefit-rate", JKP_NEW, OPEN, 60_000, "enacted"),
    ("jkp/pu-benefit-months", JKP_NEW, OPEN, 6, "enacted"),
    ("jkm/full-benefit-months", START, "2024-12-31", 0, "reported"),
    ("jkm/full-benefit-months", "2025-01-01", OPEN, 3, "reported"),
    ("jkm/full-benefit", "2025-01-01", OPEN, 42_000_000, "reported"),
    ("jkm/funeral-grant", "2025-01-01", OPEN, 10_000_000, "reported"),
    ("jkk/construction-steps", START, OPEN, JKK_STEPS, "reported"),
    ("jkm/construction-steps", START, OPEN, JKM_STEPS, "reported"),
    ("jkk/construction-wage-rate", START, OPEN, 1_740, "reported"),
    ("jkm/construction-wage-rate", START, OPEN, 300, "reported"),
    (
        "jkk/migrant-amounts",
        "2023-01-01",
        OPEN,
        {"six-months": 108_000, "twelve-months": 189_000, "twenty-four-months": 370_000},
        "reported",
    ),
    (
        "jkk/migrant-instalments",
        "2023-01-01",
        OPEN,
        {"before-departure": 37_500, "afterwards": 332_500},
        "reported",
    ),
    ("jkk/migrant-protection-months", "2023-01-01", OPEN, {"twenty-four-months": 31}, "reported"),
    ("jkk/migrant-extension", "2023-01-01", OPEN, 13_500, "reported"),
    ("jht/migrant-least", "2023-01-01", OPEN, 50_000, "reported"),
    ("perisai/incentive-regime", *A, ("a",), "reported"),
    ("perisai/incentive-regime", B, OPEN, ("b",), "reported"),
    ("perisai/acquisition-incentive-flat", *A, 500_000, "reported"),
    (
        "perisai/acquisition-incentive-each",
        B,
        OPEN,
        {"jkk-jkm": 10_000, "jht-jkk-jkm": 15_000},
        "reported",
    ),
    ("perisai/acquisition-incentive-least", *A, 50, "reported"),
    ("perisai/acquisition-incentive-least", B, OPEN, 25, "reported"),
    ("perisai/acquisition-incentive-counts", *A, ("bpu", "pu"), "reported"),
    ("perisai/acquisition-incentive-counts", B, OPEN, ("bpu-never-registered",), "reported"),
    ("perisai/acquisition-new-by", B, OPEN, ("nik",), "reported"),
    ("perisai/contribution-incentive", *A, A_FLAT, "reported"),
    ("perisai/contribution-incentive", B, OPEN, B_STEPS, "reported"),
    ("perisai/contribution-incentive-pu", *A, 7_500, "reported"),
    ("perisai/contribution-incentive-pu", B, OPEN, 7_500, "reported"),
    ("perisai/pu-contribution-most", *A, 7_000_000, "reported"),
    ("perisai/pu-contribution-most", B, OPEN, 7_000_000, "reported"),
    ("perisai/incentive-office-share", *A, 10_000, "reported"),
    ("perisai/incentive-office-share", B, OPEN, 10_000, "reported"),
    ("perisai/incentive-office-share-from", *A, ("out-of-incentive",), "reported"),
    ("perisai/incentive-office-share-from", B, OPEN, ("on-top",), "reported"),
    ("perisai/incentive-paid-to", *A, ("agent",), "reported"),
    ("perisai/incentive-paid-to", B, OPEN, ("office",), "reported"),
    ("perisai/incentive-pay-day", B, OPEN, 5, "reported"),
    ("perisai/incentive-month-counting", B, OPEN, IN_CARE, "reported"),
    ("perisai/incentive-care-months", B, OPEN, 60, "reported"),
    ("perisai/office-agents-least", *A, 3, "reported"),
    ("perisai/office-agents-least", B, OPEN, 5, "reported"),
    ("perisai/office-agreement-years", *A, 3, "reported"),
    ("perisai/office-agreement-years", B, OPEN, 1, "reported"),
    ("perisai/office-idle-months", B, OPEN, 3, "reported"),
    ("perisai/agent-idle-measure", *A, ("acquisition",), "reported"),
    ("perisai/agent-idle-measure", B, OPEN, ("transaction",), "reported"),
    ("perisai/agent-age-least", "2023-01-01", OPEN, 18, "enacted"),
    ("perisai/agent-must-be", "2023-01-01", OPEN, ("citizen", "bpu-participant"), "enacted"),
    ("perisai/agent-cap", "2017-11-01", "2017-12-31", 1_200, "reported"),
    ("perisai/agent-cap", "2018-01-01", "2018-12-31", 10_000, "reported"),
    ("perisai/agent-cap", "2019-01-01", "2019-12-31", 20_000, "reported"),
    ("perisai/agent-idle-months", "2017-11-01", OPEN, 3, "reported"),
    ("perisai/agent-return-months", "2017-11-01", OPEN, 6, "reported"),
    ("perisai/target-agents", "2018-01-01", "2018-12-31", 4_000, "reported"),
    ("perisai/evaluation-agents", "2018-05-04", "2018-12-31", 5_000, "reported"),
    ("perisai/agents-needed", "2018-01-01", "2018-12-31", 150_000, "reported"),
    ("perisai/opening-active-participants", "2018-01-01", "2018-12-31", 26_200_000, "reported"),
    ("perisai/opening-informal-participants", "2018-01-01", "2018-12-31", 1_700_000, "reported"),
    (
        "perisai/opening-registered-participants",
        "2018-01-01",
        "2018-12-31",
        44_900_000,
        "reported",
    ),
    ("perisai/potential-participants", "2018-01-01", "2018-12-31", 86_000_000, "reported"),
    ("perisai/target-informal-participants", "2018-01-01", "2018-12-31", 2_400_000, "reported"),
]
ENDS = {(name, date.fromisoformat(last)) for name, _, last, *_ in SAID if last}
BEGINS = {(name, date.fromisoformat(first)) for name, first, *_ in SAID}


@pytest.mark.parametrize(
    ("name", "first", "last", "said", "status"), SAID, ids=[f"{n}-{f}" for n, f, *_ in SAID]
)
def test_a_value_is_as_it_was_read_on_its_first_day_and_on_its_last(
    name, first, last, said, status
):
    first = date.fromisoformat(first)
    last = date.max if last is OPEN else date.fromisoformat(last)
    one, other = rule(name, first), rule(name, last)

    assert one == other
    assert one.dated.in_force == first
    assert one.dated.value == (Table.of(said) if isinstance(said, dict) else said)
    assert one.dated.status == status
    if (name, first - DAY) not in ENDS:
        with pytest.raises(RuleNotInForceError):
            rule(name, first - DAY)
    if last < date.max and (name, last + DAY) not in BEGINS:
        with pytest.raises(RuleNotInForceError):
            rule(name, last + DAY)


def test_every_value_that_ships_is_tried_here():
    brackets = {f"{p}/bpu-income-brackets/{START}" for p in ("jkk", "jht")}

    assert set(VALUES) == brackets | {f"{name}/{first}" for name, first, *_ in SAID}


# -- What the figures must agree with. ----------------------------------------------


@pytest.mark.parametrize(("lower", "upper", "base", "jkk", "jht"), BRACKETS)
def test_the_printed_contributions_are_those_of_the_base_and_the_rates(
    lower, upper, base, jkk, jht
):
    on = date(2026, 2, 1)

    assert base * rule("jkk/bpu-rate", on).value == jkk * WHOLE
    assert base * rule("jht/bpu-rate", on).value == jht * WHOLE
    assert lower < upper


@pytest.mark.parametrize(("base", "jkk"), [(row[2], row[3]) for row in BRACKETS])
def test_with_the_relief_of_2026_every_contribution_stays_a_whole_amount(base, jkk):
    relief = rule("jkk/bpu-relief", date(2026, 4, 1)).row("other")
    amount = rule("jkm/bpu-amount", date(2026, 4, 1)).value

    assert (jkk * relief) % WHOLE == 0
    assert (amount * relief) // WHOLE == 3_400
    assert base > jkk


def test_a_base_is_halfway_between_its_lower_edge_and_the_next_ones():
    for (lower, _, base, *_), (above, *_) in list(pairwise(BRACKETS))[1:]:
        assert base * 2 == lower + above


def test_the_parts_of_a_rate_add_up_to_what_was_published():
    on = date(2025, 3, 1)

    assert rule("jht/pu-employer-rate", on).value + rule("jht/pu-worker-rate", on).value == 5_700
    assert rule("jp/pu-employer-rate", on).value + rule("jp/pu-worker-rate", on).value == 3_000


@pytest.mark.parametrize(
    ("on", "total"), [(date(2021, 2, 1), 460), (date(2025, 2, 6), 460), (date(2025, 2, 7), 360)]
)
def test_what_jkp_gets_adds_up_and_what_it_takes_is_missing_elsewhere(on, total):
    state, jkk, jkm = (
        rule(f"jkp/{name}", on).value
        for name in ("pu-state-rate", "pu-rate-out-of-jkk", "pu-rate-out-of-jkm")
    )

    assert state + jkk + jkm == total
    for risk in WITH_JKP:
        without = rule("jkk/pu-rates", on).row(risk)
        assert rule("jkk/pu-rates-with-jkp", on).row(risk) == without - jkk
    assert rule("jkm/pu-rate-with-jkp", on).value == rule("jkm/pu-rate", on).value - jkm


def test_the_ceiling_of_jp_is_a_multiple_of_what_it_is_rounded_to_and_none_is_known_for_2026():
    step = rule("jp/pu-wage-ceiling-rounding", date(2025, 3, 1)).value
    ceilings = [rule("jp/pu-wage-ceiling", date(year, 3, 1)).value for year in range(2016, 2026)]

    assert all(ceiling % step == 0 for ceiling in ceilings)
    assert 8_512_400 * 10_502 // 10_000 // step * step == 8_939_700
    with pytest.raises(RuleNotInForceError):
        rule("jp/pu-wage-ceiling", date(2026, 3, 1))


@pytest.mark.parametrize(
    ("month", "a", "b"),
    [
        (1, 7_500, 15_000),
        (24, 7_500, 15_000),
        (25, 7_500, 5_000),
        (60, 7_500, 5_000),
        (61, 7_500, 0),
    ],
)
def test_the_incentive_of_a_contribution_goes_by_its_month_in_care(month, a, b):
    assert rule("perisai/contribution-incentive", date(2022, 3, 31)).bracket(month) == a
    assert rule("perisai/contribution-incentive", date(2022, 4, 1)).bracket(month) == b


def test_the_instalments_of_a_migrant_add_up():
    on = date(2023, 1, 1)
    instalments = rule("jkk/migrant-instalments", on)

    assert instalments.row("before-departure") + instalments.row("afterwards") == rule(
        "jkk/migrant-amounts", on
    ).row("twenty-four-months")


def test_a_contract_of_construction_is_paid_in_steps_that_fall():
    for programme in ("jkk", "jkm"):
        rates = [
            rate for _, rate in rule(f"{programme}/construction-steps", date(2023, 1, 1)).steps()
        ]
        assert rates == sorted(rates, reverse=True)


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
    assert value.note or value.status is not Status.ASSUMED
    for conflict in value.conflicts:
        assert conflict.citation.source


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_every_value_without_a_last_day_says_until_when_it_was_verified_or_that_it_was_not(value):
    assert value.until or value.verified_until or value.status is Status.ASSUMED
    assert value.verified_until is None or value.verified_until >= value.in_force


def test_a_rule_file_is_named_after_its_programme_and_its_rule():
    folder = resources.files("jamsos.rulebook") / "rules"
    names = sorted(f"{each.name}/{f.name}" for each in folder.iterdir() for f in each.iterdir())

    assert names == sorted(f"{file.programme}/{file.rule}.toml" for file in FILES)


def test_the_programmes_are_those_that_the_scheme_has():
    assert set(LAW) == {"jht", "jkk", "jkm", "jkp", "jp", "perisai"}


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
