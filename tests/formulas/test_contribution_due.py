"""What is due for a contribution month, to the rupiah and at both edges."""

from datetime import date

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jamsos import Citation, DatedValue, Month, Status
from jamsos.domain.due import Bearer, Construction, Migrant, NonWageEarner, WageEarner
from jamsos.domain.explanation import Certainty
from jamsos.domain.programme import ProgrammeRuleAmended, ProgrammeRuleEnacted, evolve
from jamsos.errors import InputError, RuleNotInForceError
from jamsos.formulas.contribution_due import contribution_due
from jamsos.rulebook import everything, law

LAW = law(everything())
MONEY = st.integers(min_value=0, max_value=2**63 - 1)
MONTHS = st.integers(Month(2015, 7).index, Month(2027, 6).index).map(Month.at)
MOST_WAGE = 2**53


def bpu(income, month="2025-06", **more):
    return contribution_due(
        NonWageEarner(**{"law": LAW, "month": Month.parse(month), "income": income, **more})
    )


def pu(wage, month="2025-06", **more):
    return contribution_due(
        WageEarner(
            **{"law": LAW, "month": Month.parse(month), "wage": wage, "risk": "very-low", **more}
        )
    )


def project(month="2022-06", **more):
    return contribution_due(Construction(law=LAW, month=Month.parse(month), **more)).value


def migrant(contract, **more):
    return contribution_due(
        Migrant(law=LAW, month=Month.parse("2025-06"), contract=contract, **more)
    ).value


# -- Non-wage earners. ---------------------------------------------------------------

THREE = ("jht", "jkk", "jkm")


@pytest.mark.parametrize(
    ("income", "jkk", "jht"),
    [
        (0, 10_000, 20_000),
        (1_099_000, 10_000, 20_000),
        (1_099_999, 10_000, 20_000),
        (1_100_000, 12_000, 24_000),
        (1_499_999, 14_000, 28_000),
        (1_500_000, 16_000, 32_000),
        (2_699_999, 26_000, 52_000),
        (2_700_000, 29_500, 59_000),
        (8_199_999, 79_500, 159_000),
        (8_200_000, 87_000, 174_000),
        (20_199_999, 197_000, 394_000),
        (20_200_000, 207_000, 414_000),
        (2**63 - 1, 207_000, 414_000),
    ],
)
def test_a_non_wage_earner_pays_by_the_bracket_of_his_income(income, jkk, jht):
    due = bpu(income, programmes=THREE).value

    assert (due.of("jkk"), due.of("jkm"), due.of("jht")) == (jkk, 6_800, jht)
    assert due.total == jkk + 6_800 + jht
    assert due.by(Bearer.PARTICIPANT) == due.total


def test_in_every_bracket_he_pays_1_and_2_per_cent_of_its_base():
    brackets = LAW["jkk"].rule("bpu-income-brackets", date(2025, 6, 1)).steps()

    assert len(brackets) == 33
    for income, base in brackets:
        due = bpu(income, programmes=THREE).value
        assert [100 * due.of("jkk"), 50 * due.of("jht")] == [base, base]


@pytest.mark.parametrize(
    ("occupation", "programmes"),
    [
        ("employer", ("jht", "jkk", "jkm")),
        ("outside-employment", ("jkk", "jkm")),
        ("in-training", ("jkk",)),
    ],
)
def test_where_no_programmes_are_named_he_pays_for_what_he_must_take(occupation, programmes):
    parts = bpu(1_000_000, occupation=occupation).value.parts

    assert tuple(name for part in parts for name in part.programmes) == programmes


@pytest.mark.parametrize(
    ("month", "transport", "other"),
    [
        ("2020-07", 16_800, 16_800),
        ("2020-08", 168, 168),
        ("2021-01", 168, 168),
        ("2021-02", 16_800, 16_800),
        ("2025-12", 16_800, 16_800),
        ("2026-01", 8_400, 16_800),
        ("2026-03", 8_400, 16_800),
        ("2026-04", 8_400, 8_400),
        ("2026-12", 8_400, 8_400),
        ("2027-01", 8_400, 16_800),
        ("2027-03", 8_400, 16_800),
        ("2027-04", 16_800, 16_800),
    ],
)
def test_relief_is_by_contribution_month_and_sector(month, transport, other):
    assert bpu(0, month, sector="transport").value.total == transport
    assert bpu(0, month).value.total == other


def test_relief_leaves_jht_alone():
    due = bpu(0, "2026-04", programmes=THREE).value

    assert (due.of("jkk"), due.of("jkm"), due.of("jht")) == (5_000, 3_400, 20_000)
    assert [part.full for part in due.parts] == [20_000, 10_000, 6_800]


@pytest.mark.parametrize(
    ("budget", "total"), [("own", 8_400), ("state-budget", 16_800), ("regional-budget", 16_800)]
)
def test_what_is_paid_out_of_a_public_budget_has_no_relief(budget, total):
    assert bpu(0, "2026-04", budget=budget).value.total == total


def test_the_relief_of_2020_excludes_no_payer():
    assert bpu(0, "2020-08", budget="state-budget").value.total == 168


def test_that_the_relief_of_2020_had_conditions_is_said():
    assert bpu(0, "2020-08").status is Certainty.NOT_ENCODED
    assert bpu(0, "2021-02").status is not Certainty.NOT_ENCODED
    assert "relief-conditions" not in [step.key for step in bpu(0, "2026-04").steps]


def test_a_deferral_of_jp_changes_nothing_and_is_said():
    answer = pu(1_000_000, "2020-08", programmes=("jp",))

    assert answer.value.total == 30_000
    assert "JP: 99 % of it may be paid later." in answer.explain()


def test_half_of_an_odd_hundred_stays_whole():
    answer = bpu(2_700_000, "2026-04")

    assert answer.value.of("jkk") == 14_750
    assert "relief-rounded-down" not in [step.key for step in answer.steps]


def test_the_explanation_names_every_value_that_was_read():
    answer = bpu(1_500_000, "2026-04", sector="transport")

    assert answer.rules == (
        "jkk/bpu-mandatory-programmes/2",
        LAW["jkk"].rule("bpu-income-brackets", date(2026, 4, 1)).ref,
        "jkk/bpu-rate/1",
        "jkk/bpu-relief/3",
        "jkk/bpu-relief-participants/2",
        "jkm/bpu-amount/1",
        "jkm/bpu-relief/3",
    )
    assert "JKK: Rp 16,000 less 50 % is Rp 8,000." in answer.explain()
    assert "JKK: Rp 16.000 dikurangi 50 % menjadi Rp 8.000." in answer.explain("id")
    assert answer.status is Certainty.UNVERIFIED


def test_before_any_rule_is_in_force_nothing_is_due_but_an_error():
    with pytest.raises(RuleNotInForceError):
        bpu(0, "2015-06")
    assert bpu(0, "2015-07").value.total == 16_800


@pytest.mark.parametrize(
    "more", [{"sector": "Transport"}, {"sector": "fishing"}, {"occupation": "king"}, {"income": -1}]
)
def test_what_no_rule_knows_is_an_error(more):
    with pytest.raises(InputError):
        bpu(**{"income": 0, "month": "2026-04", **more})


def test_there_is_no_jp_for_non_wage_earners():
    with pytest.raises(RuleNotInForceError):
        bpu(0, programmes=("jp",))


# -- Wage earners. -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("risk", "jkk", "with_jkp"),
    [
        ("very-low", 24_000, 10_000),
        ("low", 54_000, 40_000),
        ("medium", 89_000, 75_000),
        ("high", 127_000, 113_000),
        ("very-high", 174_000, 160_000),
    ],
)
def test_jkk_is_paid_by_the_risk_of_the_work_less_what_goes_to_jkp(risk, jkk, with_jkp):
    alone = pu(10_000_000, risk=risk, programmes=("jkk", "jkm")).value
    both = pu(10_000_000, risk=risk, programmes=("jkk", "jkm", "jkp")).value

    assert (alone.of("jkk"), both.of("jkk")) == (jkk, with_jkp)
    assert alone.total == both.total == jkk + 30_000


def test_jht_and_jp_are_borne_by_employer_and_worker():
    due = pu(10_000_000).value

    assert [(part.programmes, part.bearer, part.amount) for part in due.parts] == [
        (("jht",), "employer", 370_000),
        (("jht",), "worker", 200_000),
        (("jkk",), "employer", 24_000),
        (("jkm",), "employer", 30_000),
        (("jp",), "employer", 200_000),
        (("jp",), "worker", 100_000),
    ]
    assert due.by(Bearer.WORKER) == 300_000
    assert due.total == 924_000


@pytest.mark.parametrize(
    ("month", "wage", "jp"),
    [
        ("2025-02", 10_042_300, 301_269),
        ("2025-02", 10_042_301, 301_269),
        ("2025-02", 99_000_000, 301_269),
        ("2025-03", 10_547_400, 316_422),
        ("2025-03", 10_547_401, 316_422),
        ("2015-07", 7_000_001, 210_000),
    ],
)
def test_jp_is_paid_up_to_the_ceiling_of_the_year(month, wage, jp):
    assert pu(wage, month, programmes=("jp",)).value.of("jp") == jp


def test_from_march_2026_no_ceiling_is_known_and_jp_is_an_error():
    assert pu(10_000_000, "2026-02", programmes=("jp",)).value.total == 300_000
    with pytest.raises(RuleNotInForceError, match="pu-wage-ceiling"):
        pu(1_000_000, "2026-03", programmes=("jp",))
    assert pu(1_000_000, "2026-03", programmes=("jkk",)).value.total == 2_400


@pytest.mark.parametrize(
    ("month", "out_of_jkm", "jkm"), [("2025-02", 10_000, 20_000), ("2025-03", 0, 30_000)]
)
def test_from_2025_jkp_takes_nothing_out_of_jkm(month, out_of_jkm, jkm):
    due = pu(10_000_000, month, programmes=("jkk", "jkm", "jkp")).value

    assert due.of("jkm") == jkm
    assert due.of("jkp") == 14_000 + out_of_jkm + 22_000
    assert due.by(Bearer.STATE) == 22_000
    assert due.total == 24_000 + 30_000


def test_a_month_in_which_a_rate_changes_goes_by_its_first_day_and_says_so():
    answer = pu(10_000_000, "2025-02", programmes=("jkm", "jkp"))

    assert "law-of-first-day" in [step.key for step in answer.steps]
    assert "law-of-first-day" not in [
        step.key for step in pu(10_000_000, "2025-01", programmes=("jkm", "jkp")).steps
    ]


def test_that_a_ceiling_of_jkp_was_not_found_is_said():
    assert pu(1, programmes=("jkk", "jkp")).status is Certainty.NOT_ENCODED


@pytest.mark.parametrize(
    ("size", "programmes"),
    [
        ("micro", {"jkk", "jkm"}),
        ("small", {"jht", "jkk", "jkm"}),
        ("medium", {"jht", "jkk", "jkm", "jp"}),
        ("large", {"jht", "jkk", "jkm", "jp"}),
    ],
)
def test_an_employer_pays_for_what_one_of_his_size_must_take(size, programmes):
    parts = pu(1_000_000, size=size).value.parts

    assert {name for part in parts for name in part.programmes} == programmes


def test_the_relief_of_2020_holds_for_jkk_and_jkm_of_wage_earners():
    due = pu(10_000_000, "2020-08", size="small").value

    assert (due.of("jkk"), due.of("jkm"), due.of("jht")) == (240, 300, 570_000)


def test_a_wage_that_gives_no_whole_rupiah_is_rounded_down_and_says_so():
    answer = pu(4_567_891, programmes=("jkk",))

    assert answer.value.total == 10_962  # 10,962.9384
    assert answer.status is Certainty.ASSUMED


# -- Construction. -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "jkk", "jkm"),
    [
        (0, 0, 0),
        (100_000_000, 210_000, 30_000),
        (100_000_001, 210_000, 30_000),
        (500_000_000, 890_000, 110_000),
        (1_000_000_000, 1_540_000, 210_000),
        (5_000_000_000, 5_940_000, 610_000),
        (6_000_000_000, 6_840_000, 710_000),
    ],
)
def test_a_contract_pays_step_by_step(value, jkk, jkm):
    due = project(value=value)

    assert (due.of("jkk"), due.of("jkm")) == (jkk, jkm)
    assert due.by(Bearer.EMPLOYER) == due.total == jkk + jkm


def test_a_project_whose_wages_are_known_pays_by_these():
    due = project(wages=100_000_000)

    assert (due.of("jkk"), due.of("jkm")) == (1_740_000, 300_000)


@pytest.mark.parametrize("more", [{}, {"value": 1, "wages": 1}])
def test_a_project_pays_by_its_contract_or_by_wages(more):
    with pytest.raises(InputError, match="give one"):
        Construction(law=LAW, month=Month(2022, 6), **more)


# -- Migrants. -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("contract", "amount"),
    [("six-months", 108_000), ("twelve-months", 189_000), ("twenty-four-months", 370_000)],
)
def test_a_migrant_pays_by_the_length_of_his_contract(contract, amount):
    assert migrant(contract).total == amount
    assert migrant(contract, extension=3).total == amount + 40_500


def test_a_migrant_may_choose_jht_and_then_pays_at_least_50_000():
    assert migrant("six-months", jht=50_000).of("jht") == 50_000
    with pytest.raises(InputError, match="49,999 is less"):
        migrant("six-months", jht=49_999)


# -- Laws that hold for every case. --------------------------------------------------


@given(MONEY, MONEY, MONTHS, st.sampled_from(["transport", "other"]))
def test_more_income_is_never_a_lower_contribution(one, other, month, sector):
    totals = [
        bpu(income, str(month), programmes=THREE, sector=sector).value.total
        for income in sorted((one, other))
    ]

    assert totals == sorted(totals)


@given(
    st.integers(0, MOST_WAGE),
    st.integers(0, MOST_WAGE),
    st.integers(Month(2015, 7).index, Month(2026, 2).index).map(Month.at),
    st.sampled_from(["very-low", "low", "medium", "high", "very-high"]),
)
def test_more_wage_is_never_a_lower_contribution(one, other, month, risk):
    totals = [pu(wage, str(month), risk=risk).value.total for wage in sorted((one, other))]

    assert totals == sorted(totals)


@given(st.integers(0, 2**60), st.integers(0, 2**60))
def test_a_larger_contract_never_pays_less(one, other):
    totals = [project(value=value).total for value in sorted((one, other))]

    assert totals == sorted(totals)


@given(MONEY, MONTHS, st.sampled_from(["transport", "other"]))
def test_relief_never_raises(income, month, sector):
    for part in bpu(income, str(month), programmes=THREE, sector=sector).value.parts:
        assert part.amount <= part.full


@given(
    MONEY,
    st.integers(Month(2015, 7).index, Month(2027, 5).index),
    st.integers(0, 24),
    st.integers(0, 100_000),
)
def test_a_later_amendment_changes_no_earlier_month(income, at, later, rate):
    month, since = Month.at(at), Month.at(at) + 1 + later
    value = DatedValue(
        value=rate,
        in_force=since.first_day,
        citation=Citation("Example 1/2026"),
        status=Status.ASSUMED,
    )
    amended = ProgrammeRuleAmended(
        rule="bpu-rate",
        unit="per-100000",
        scope="national",
        value=value,
        evaluation=None,
        on=since.first_day,
    )
    law_later = {**LAW, "jkk": evolve(LAW["jkk"], amended)}
    case = NonWageEarner(law=LAW, month=month, income=income)
    again = attrs.evolve(case, law=law_later)

    assert contribution_due(again) == contribution_due(case)


def test_an_amendment_is_one_new_value_and_holds_from_its_first_day():
    amended = ProgrammeRuleAmended(
        rule="bpu-rate",
        unit="per-100000",
        scope="national",
        value=DatedValue(
            value=2_000,
            in_force=date(2028, 1, 1),
            citation=Citation("Example 1/2028"),
            status=Status.ENACTED,
        ),
        evaluation=None,
        on=date(2027, 12, 1),
    )
    law_later = {**LAW, "jkk": evolve(LAW["jkk"], amended)}

    assert bpu(0, "2027-12", law=law_later).value.of("jkk") == 10_000
    assert bpu(0, "2028-01", law=law_later).value.of("jkk") == 20_000


def test_a_law_of_ones_own_needs_no_code():
    enacted = ProgrammeRuleEnacted(
        rule="bpu-amount",
        unit="rupiah",
        scope="national",
        values=(
            DatedValue(
                value=2_500,
                in_force=date(2025, 1, 1),
                citation=Citation("House rule"),
                status=Status.ASSUMED,
            ),
        ),
        on=date(2025, 1, 1),
    )
    own = evolve(attrs.evolve(LAW["jkm"], name="burial", rules={}), enacted)

    due = bpu(0, programmes=("burial", "jkk"), law={**LAW, "burial": own}).value
    assert due.of("burial") == 2_500
