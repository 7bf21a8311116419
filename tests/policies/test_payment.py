"""Payments are of what is due, for months that may be paid, where the rules are enacted."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import jamsos
from jamsos import Accepted, Citation, DatedValue, Month, Months, Payer, Segment, Status
from jamsos.audit.explain import explain
from jamsos.commands.contributions import Pay
from jamsos.domain.due import Paying
from jamsos.domain.participant import (
    Check,
    Participant,
    ParticipantContributionCorrected,
    Payment,
)
from jamsos.errors import InputError, RuleNotInForceError
from jamsos.formulas.coverage_of_payment import coverage_of_payment
from jamsos.rulebook import everything, law
from jamsos.testing import check, only_if
from jamsos.testing import law as a_law

LAW = law(everything())
ENTERED = date(2025, 1, 20)


@pytest.fixture
def registry():
    """Open a desk with the law of JKK, JKM and JHT as it was known on 1 January 2026."""
    with jamsos.open(":memory:") as opened:
        for programme in ("jkk", "jkm", "jht"):
            opened.adopt(programme, on=date(2026, 1, 1)).or_raise()
        yield opened


@pytest.fixture
def driver(registry):
    """Register somebody on 20 January 2025."""
    name = jamsos.new_participant_id()
    registry.register(name, province="51", on=ENTERED).or_raise()
    return name


def pay(registry, who, months, amount, on=ENTERED, reference=None, **more):
    return registry.pay(
        who,
        reference=reference or months,
        months=Months.parse(months),
        amount=amount,
        on=on,
        **{"income": 1_000_000, **more},
    )


def said(answer):
    return [reason.explanation for reason in answer.reasons]


# -- The amount. ---------------------------------------------------------------------


@pytest.mark.parametrize(("amount", "paid"), [(16_799, False), (16_800, True), (16_801, False)])
def test_an_amount_is_what_is_due_to_the_rupiah(registry, driver, amount, paid):
    answer = pay(registry, driver, "2025-01/2025-01", amount)

    assert isinstance(answer, Accepted) == paid


def test_an_amount_that_is_short_is_refused_with_its_citation(registry, driver):
    (reason,) = pay(registry, driver, "2025-01/2025-03", 16_800).reasons

    assert reason.policy == "payment"
    assert reason.explanation == "Rp 50,400 is due for 2025-01/2025-03, and Rp 16,800 is paid."
    assert reason.citation.instrument == "PP 44/2015"


def test_an_amount_that_is_over_is_refused_where_nothing_credits_it(registry, driver):
    assert said(pay(registry, driver, "2025-01/2025-01", 20_000)) == [
        "Rp 16,800 is due for 2025-01/2025-01, and Rp 20,000 is paid: nothing credits what is over."
    ]


def test_the_event_says_on_what_the_amount_was_checked(registry, driver):
    answer = pay(registry, driver, "2025-01/2025-02", 33_600)
    check = answer.or_raise().events[0].check

    assert (check.sector, check.budget, check.due, check.credit) == (
        "other",
        "own",
        (16_800, 16_800),
        0,
    )
    assert {"jkk/bpu-rate/1", "jkm/bpu-amount/1"} <= {*check.rules}


@pytest.mark.parametrize(
    ("more", "amount"),
    [
        ({"programmes": ("jht", "jkk", "jkm")}, 36_800),
        ({"programmes": ("jht",)}, 20_000),
        ({"income": 20_200_000}, 213_800),
    ],
)
def test_each_programme_and_income_has_its_own_amount(registry, driver, more, amount):
    assert pay(registry, driver, "2025-01/2025-01", amount, **more).or_raise()
    assert said(pay(registry, driver, "2025-02/2025-02", amount - 1, **more))


@pytest.mark.parametrize(
    ("more", "amount"),
    [
        ({"sector": "transport"}, 8_400),
        ({"sector": "other"}, 16_800),
        ({"sector": "transport", "budget": "state-budget"}, 16_800),
    ],
)
def test_a_relief_counts_by_sector_and_budget(registry, driver, more, amount):
    january = date(2026, 1, 10)
    answer = pay(registry, driver, "2026-01/2026-01", amount, january, **more)

    assert answer.or_raise().events[0].check.due == (amount,)
    assert said(pay(registry, driver, "2026-02/2026-02", amount - 1, january, **more))


# -- What was paid too much. ---------------------------------------------------------


def test_an_amount_that_is_over_is_credited_in_the_months_of_the_relief(registry, driver):
    january = date(2026, 1, 10)
    pay(registry, driver, "2026-01/2026-01", 10_000, january, sector="transport").or_raise()

    assert said(pay(registry, driver, "2026-02/2026-02", 6_799, january, sector="transport")) == [
        "Rp 8,400 is due for 2026-02/2026-02, less Rp 1,600 that is credited, and Rp 6,799 is paid."
    ]
    answer = pay(registry, driver, "2026-02/2026-02", 6_800, january, sector="transport")
    assert answer.or_raise().events[0].check.credit == 1_600
    pay(registry, driver, "2026-03/2026-03", 8_400, january, sector="transport").or_raise()


def test_months_that_were_paid_before_the_relief_came_are_credited():
    with jamsos.open(":memory:") as registry:
        for programme in ("jkk", "jkm"):
            registry.adopt(programme, on=date(2025, 12, 1)).or_raise()
        who = jamsos.new_participant_id()
        registry.register(who, province="51", on=date(2025, 12, 2)).or_raise()
        transport = {"sector": "transport", "on": date(2025, 12, 2)}
        pay(registry, who, "2025-12/2026-02", 50_400, **transport).or_raise()
        for programme in ("jkk", "jkm"):
            registry.adopt(programme, on=date(2025, 12, 22)).or_raise()
        later = {"sector": "transport", "on": date(2026, 3, 2)}

        pay(registry, who, "2026-03/2026-04", 0, **later).or_raise()
        assert registry.participant(who).payments["2026-03/2026-04"].check.credit == 16_800
        pay(registry, who, "2026-05/2026-05", 8_400, **later).or_raise()


def test_a_payment_for_other_programmes_too_is_credited_by_their_rules(registry, driver):
    january, three = date(2026, 1, 10), ("jht", "jkk", "jkm")
    first = {"sector": "transport", "programmes": three}
    pay(registry, driver, "2026-01/2026-01", 29_000, january, **first).or_raise()

    answer = pay(registry, driver, "2026-02/2026-02", 7_800, january, sector="transport")
    assert answer.or_raise().events[0].check.credit == 600
    accounts = explain(registry.history(), driver)
    assert [each.agrees for each in accounts if each.recorded.event in answer.events] == [True]


def test_where_no_rule_says_any_more_what_a_month_costs_nothing_of_it_is_credited(registry, driver):
    january, three = date(2026, 1, 10), ("jht", "jkk", "jkm")
    first = {"sector": "transport", "programmes": three}
    pay(registry, driver, "2026-01/2026-01", 29_000, january, **first).or_raise()
    registry.end_rule(
        "jht",
        "bpu-rate",
        last_day=date(2025, 12, 31),
        citation=Citation("Example 1/2026"),
        on=january,
    ).or_raise()

    answer = pay(registry, driver, "2026-02/2026-02", 7_800, january, sector="transport")
    assert answer.or_raise().events[0].check.credit == 600
    *_, account = explain(registry.history(), driver)
    assert account.agrees
    text = account.explained.explain()
    assert "No rule says any more what 2026-01 costs, which was paid for: nothing of it" in text


def test_a_mistake_in_another_segment_or_without_a_check_is_no_programme_that_was_checked():
    checked = Check(sector="other", budget="own", due=(1,), credit=0, rules=())
    january = date(2026, 1, 10)
    mistake = ParticipantContributionCorrected(
        segment=Segment.NON_WAGE_EARNER, corrects="2", reason="mistake", changes=(), on=january
    )

    def payment(programme, **more):
        asked = {"segment": Segment.NON_WAGE_EARNER, "check": checked, **more}
        months = Months.parse("2026-01/2026-01")
        return Payment(
            programmes=(programme,), months=months, income=0, amount=1, on=january, **asked
        )

    person = Participant(
        id=jamsos.new_participant_id(),
        payments={
            "1": payment("jkk"),
            "2": payment("jkm", correction=mistake),
            "3": payment("jht", segment=Segment.WAGE_EARNER),
            "4": payment("jp", check=None),
        },
    )
    assert person.programmes_checked(Segment.NON_WAGE_EARNER) == {"jkk"}
    assert person.programmes_checked(Segment.WAGE_EARNER) == {"jht"}


def test_a_credit_goes_with_the_payment_that_was_a_mistake(registry, driver):
    january = date(2026, 1, 10)
    pay(registry, driver, "2026-01/2026-01", 10_000, january, sector="transport").or_raise()
    registry.correct(driver, corrects="2026-01/2026-01", on=january).or_raise()

    pay(registry, driver, "2026-02/2026-02", 8_400, january, sector="transport").or_raise()


# -- The months. ---------------------------------------------------------------------


def test_a_participant_who_has_not_paid_yet_is_covered_from_the_first_contribution(
    registry, driver
):
    march = date(2025, 3, 3)

    assert said(pay(registry, driver, "2025-02/2025-03", 33_600, march)) == [
        "Coverage begins on 2025-03-03: 2025-02/2025-02 cannot be paid for."
    ]
    assert pay(registry, driver, "2025-03/2025-03", 16_800, march).or_raise()


@pytest.mark.parametrize("payer", [Payer.SPONSOR, Payer.EMPLOYER])
def test_a_participant_who_was_added_by_somebody_is_covered_from_registration(
    registry, driver, payer
):
    march = date(2025, 3, 3)

    assert pay(registry, driver, "2025-01/2025-03", 50_400, march, payer=payer).or_raise()


def test_before_a_rule_for_them_who_was_added_is_covered_as_others_are(registry):
    who = jamsos.new_participant_id()
    registry.register(who, province="51", on=date(2022, 4, 1)).or_raise()
    sponsor = {"payer": Payer.SPONSOR}

    answer = pay(registry, who, "2022-04/2022-06", 50_400, date(2022, 6, 30), **sponsor)
    assert said(answer) == ["Coverage begins on 2022-06-30: 2022-04/2022-05 cannot be paid for."]
    assert answer.reasons[0].citation.instrument == "PP 46/2015"
    pay(registry, who, "2022-04/2022-06", 50_400, date(2022, 7, 1), **sponsor).or_raise()


@pytest.mark.parametrize(
    ("on", "months", "refused"),
    [
        (date(2025, 5, 31), "2025-02/2025-04", None),
        (date(2025, 5, 31), "2025-04/2025-05", None),
        (
            date(2025, 6, 1),
            "2025-02/2025-04",
            "The participation has lapsed: the arrears of 2025-02/2025-04 are not counted.",
        ),
        (
            date(2025, 6, 1),
            "2025-05/2025-06",
            "The participation has lapsed: the arrears of 2025-05/2025-05 are not counted.",
        ),
        (date(2025, 6, 1), "2025-06/2025-06", None),
    ],
)
def test_three_months_of_arrears_may_be_paid_and_after_a_fourth_none(
    registry, driver, on, months, refused
):
    pay(registry, driver, "2025-01/2025-01", 16_800).or_raise()
    amount = 16_800 * len(list(Months.parse(months)))

    answer = pay(registry, driver, months, amount, on)
    assert (said(answer) if refused else answer.or_raise()) == ([refused] if refused else answer)


@pytest.mark.parametrize(
    ("last", "number", "allowed"),
    [
        ("2025-01", 1, True),
        ("2025-02", 2, True),
        ("2025-03", 3, True),
        ("2025-04", 4, False),
        ("2025-06", 6, True),
        ("2025-07", 7, False),
        ("2025-12", 12, True),
        ("2026-01", 13, False),
    ],
)
def test_months_are_paid_in_advance_in_the_numbers_that_the_rule_names(
    registry, driver, last, number, allowed
):
    answer = pay(registry, driver, f"2025-01/{last}", 16_800 * number)

    if allowed:
        answer.or_raise()
    else:
        assert said(answer) == [
            f"Contributions are paid for 1, 2, 3, 6, 12 months at once, not for {number}."
        ]


def test_arrears_do_not_count_among_the_months_at_once(registry, driver):
    pay(registry, driver, "2025-01/2025-01", 16_800).or_raise()

    assert pay(registry, driver, "2025-02/2025-05", 67_200, date(2025, 4, 1)).or_raise()


def test_every_fault_of_a_payment_is_told(registry, driver):
    pay(registry, driver, "2025-01/2025-01", 16_800).or_raise()

    answer = pay(registry, driver, "2024-12/2025-04", 1, reference="all")
    assert len(answer.reasons) == 5


# -- Where nothing is checked. -------------------------------------------------------


def test_where_no_rule_is_enacted_an_amount_is_recorded_as_it_is_told():
    with jamsos.open(":memory:") as registry:
        registry.adopt("jkm", on=date(2026, 1, 1)).or_raise()
        who = jamsos.new_participant_id()
        registry.register(who, province="51", on=ENTERED).or_raise()
        event = pay(registry, who, "2025-01/2025-04", 5).or_raise().events[0]

    assert event.check is None


def test_other_segments_are_recorded_as_they_are_told(registry, driver):
    segment = jamsos.Segment.WAGE_EARNER
    registry.register(driver, province="51", on=ENTERED, segment=segment).or_raise()

    assert pay(registry, driver, "2025-01/2025-04", 5, segment=segment).or_raise()


def test_a_month_of_which_the_enacted_rules_say_nothing_is_an_error(registry):
    who = jamsos.new_participant_id()
    registry.register(who, province="51", on=date(2014, 1, 2)).or_raise()

    with pytest.raises(RuleNotInForceError):
        pay(registry, who, "2014-01/2014-01", 16_800, date(2014, 1, 2))


def test_a_sector_that_no_rule_knows_is_an_error(registry, driver):
    with pytest.raises(InputError, match="there is no row 'fishing'"):
        pay(registry, driver, "2026-01/2026-01", 1, date(2026, 1, 10), sector="fishing")


@pytest.mark.parametrize("months", ["", "2025-01/2025-01,2025-03/2025-03", "2025-01/.."])
def test_months_that_are_no_unbroken_run_are_an_error(registry, driver, months):
    with pytest.raises(InputError, match=r"unbroken run|no end"):
        pay(registry, driver, months, 16_800, reference="1")


def test_a_payment_for_nothing_is_an_error(registry, driver):
    with pytest.raises(InputError, match="at least one programme"):
        pay(registry, driver, "2025-01/2025-01", 16_800, programmes=())


# -- Decided again. ------------------------------------------------------------------


def test_the_same_payment_again_does_nothing_whatever_the_law_has_become(registry, driver):
    pay(registry, driver, "2025-01/2025-01", 16_800).or_raise()
    double = DatedValue(
        value=2_000,
        in_force=date(2025, 1, 1),
        citation=Citation("Example 1/2025"),
        status=Status.ASSUMED,
    )
    registry.amend("jkk", "bpu-rate", double, on=date(2026, 1, 2)).or_raise()

    assert pay(registry, driver, "2025-01/2025-01", 16_800) == Accepted()
    assert pay(registry, driver, "2025-02/2025-02", 26_800).or_raise()


def test_an_amendment_between_reading_and_writing_is_seen(registry, driver):
    """A payment rests on the law, and so the law's stream is among what it has read."""
    with registry.batch() as batch:
        pay(batch, driver, "2025-01/2025-01", 16_800).or_raise()
        reads = batch._answering.draft.only_read()

    assert {"programme-jkk", "programme-jkm"} <= {*reads}


# -- Coverage, as the policy alone says it. -------------------------------------------


def payable(paid, on, entered=date(2025, 1, 20), **more):
    case = Paying(law=LAW, paid=Months.parse(paid), entered_on=entered, on=on, **more)
    return coverage_of_payment(case)


@pytest.mark.parametrize(
    ("paid", "on", "months", "lapsed"),
    [
        ("", date(2025, 3, 5), "2025-03/..", False),
        ("2025-01/2025-01", date(2025, 1, 31), "2025-02/..", False),
        ("2025-01/2025-01", date(2025, 5, 31), "2025-02/..", False),
        ("2025-01/2025-01", date(2025, 6, 1), "2025-06/..", True),
        ("2025-01/2025-01,2025-04/2025-04", date(2025, 5, 1), "2025-02/2025-03,2025-05/..", False),
        ("2025-01/2025-01,2025-03/2025-03", date(2025, 5, 1), "2025-02/2025-02,2025-04/..", False),
        ("2025-01/2025-01,2025-06/2025-06", date(2025, 7, 1), "2025-07/..", False),
        ("2025-01/2025-12", date(2025, 3, 1), "2026-01/..", False),
        ("2025-01/2025-01,2025-09/2025-09", date(2025, 6, 1), "2025-06/2025-08,2025-10/..", True),
    ],
)
def test_payable_are_this_month_and_later_ones_and_arrears(paid, on, months, lapsed):
    answer = payable(paid, on).value

    assert str(answer.months) == months
    assert answer.lapsed == lapsed


def test_a_participant_who_came_back_begins_again():
    answer = payable("2025-01/2025-01", date(2025, 5, 1), entered=date(2025, 3, 1)).value

    assert answer.covered_from == date(2025, 5, 1)
    assert str(answer.months) == "2025-05/.."


def test_the_months_are_told_in_both_languages():
    answer = payable("2025-01/2025-01,2025-04/2025-04", date(2025, 5, 1))

    assert "Payable are 2025-02 to 2025-03, 2025-05 and after." in answer.explain()
    assert "Yang boleh dibayar 2025-02 sampai 2025-03, 2025-05 dan seterusnya." in answer.explain(
        "id"
    )
    assert "who has paid for none." in payable("", date(2025, 5, 1)).explain()


@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(1, 6)), max_size=6),
    st.dates(date(2025, 1, 20), date(2027, 6, 1)),
    st.booleans(),
)
def test_months_that_are_payable_are_never_paid_already(runs, on, added):
    first = Month(2025, 1).index
    paid = Months([(first + a, first + a + n - 1) for a, n in runs])
    answer = payable(str(paid), on, added=added).value

    assert not answer.months & paid
    assert all(month in answer.months or month in paid for month in [Month.of(on)])


@given(st.lists(st.tuples(st.integers(0, 8), st.sampled_from([1, 2, 3])), max_size=8))
@settings(max_examples=40, deadline=None)
def test_months_covered_never_overlap(asked):
    with jamsos.open(":memory:") as registry:
        for programme in ("jkk", "jkm"):
            registry.adopt(programme, on=date(2025, 12, 1)).or_raise()
        who = jamsos.new_participant_id()
        registry.register(who, province="51", on=ENTERED).or_raise()
        for number, (start, length) in enumerate(asked):
            first = Month(2025, 1) + start
            months = Months.between(first, first + (length - 1))
            pay(registry, who, str(months), 16_800 * length, reference=str(number))
        covered = [
            month
            for payment in registry.participant(who).payments.values()
            for month in payment.months
        ]

    assert len(covered) == len(set(covered))


@a_law(
    "A payment is turned down only by rules of what it pays for",
    cite="how rules are looked up",
    about=("participants",),
)
def of_what_it_pays_for(command, answer):
    only_if(isinstance(command, Pay))
    if isinstance(answer, RuleNotInForceError):
        named = str(answer).partition("of programme '")[2].partition("'")[0]
        assert named in {*command.programmes, "jkk"}, answer


def test_a_payment_is_turned_down_only_by_rules_of_what_it_pays_for():
    assert check(of_what_it_pays_for, histories=200).exercised > 1_000
