"""Contributions for the months after a claim are paid back with it, once."""

from datetime import date

import pytest

import jamsos
from jamsos import Accepted, Month, Months, Segment
from jamsos.audit.exceptions import exceptions
from jamsos.audit.explain import explain
from jamsos.audit.replay import replay
from jamsos.domain.participant import LeavingReason
from jamsos.errors import InputError, NotFoundError, RuleNotInForceError

ENTERED = date(2025, 1, 20)
LATER = date(2025, 5, 5)
BPU = Segment.NON_WAGE_EARNER


@pytest.fixture
def registry():
    """Open a desk with the law of JKK, JKM and JHT as it was known on 1 January 2026."""
    with jamsos.open(":memory:") as opened:
        for programme in ("jkk", "jkm", "jht"):
            opened.adopt(programme, on=date(2026, 1, 1)).or_raise()
        yield opened


@pytest.fixture
def driver(registry):
    """Register somebody on 20 January 2025, who pays for six months on 1,000,000 rupiah."""
    name = jamsos.new_participant_id()
    registry.register(name, province="51", on=ENTERED).or_raise()
    pay(registry, name, "F-1", "2025-01/2025-06", 100_800).or_raise()
    return name


def pay(registry, who, reference, months, amount, on=ENTERED, **more):
    return registry.pay(
        who,
        reference=reference,
        months=Months.parse(months),
        amount=amount,
        on=on,
        **{"income": 1_000_000, **more},
    )


def back(registry, who, amount=33_600, **more):
    asked = {"refunds": "F-1", "claim": "jht-claim", "claimed": Month(2025, 4), "on": LATER}
    return registry.refund(who, amount=amount, **{**asked, **more})


def paid(registry, who):
    return str(registry.participant(who).standing(BPU).paid_for("jkk"))


def said(answer):
    return [reason.explanation for reason in answer.reasons]


# -- The months, and their amount. ---------------------------------------------------


def test_the_months_after_the_claim_are_paid_back_and_covered_no_more(registry, driver):
    (event,) = back(registry, driver).or_raise().events

    assert (str(event.months), event.amount, event.rules) == (
        "2025-05/2025-06",
        33_600,
        ("jkk/bpu-refund/1",),
    )
    assert paid(registry, driver) == "2025-01/2025-04"
    counted = [registry.count(Month(2025, month), "paid-up").total for month in (4, 5, 6)]
    assert counted == [1, 0, 0]
    assert replay(registry.history()).findings == ()


@pytest.mark.parametrize("amount", [0, 33_599, 33_601, 100_800])
def test_another_amount_than_was_paid_for_them_is_refused(registry, driver, amount):
    (reason,) = back(registry, driver, amount).reasons

    assert reason.policy == "refund"
    assert reason.explanation == (
        f"Rp 33,600 was paid for 2025-05/2025-06, and Rp {amount:,} is paid back."
    )
    assert reason.citation.instrument == "Perdir 22/PERDIR.02/072022"


@pytest.mark.parametrize(
    ("claimed", "months", "amount"),
    [
        (Month(2024, 12), "2025-01/2025-06", 100_800),
        (Month(2025, 1), "2025-02/2025-06", 84_000),
        (Month(2025, 5), "2025-06/2025-06", 16_800),
    ],
)
def test_the_month_of_the_claim_is_kept_and_the_next_one_is_not(
    registry, driver, claimed, months, amount
):
    (event,) = back(registry, driver, amount, claimed=claimed).or_raise().events

    assert str(event.months) == months


def test_a_claim_in_the_last_month_of_a_payment_leaves_nothing_to_be_paid_back(registry, driver):
    answer = back(registry, driver, 16_800, claimed=Month(2025, 6), on=date(2025, 6, 2))

    assert said(answer) == [
        "No month lies after the claim of 2025-06: payment F-1 is for 2025-01/2025-06."
    ]


def test_months_that_are_all_paid_back_are_of_nobody_who_ever_paid(registry, driver):
    back(registry, driver, 100_800, claimed=Month(2024, 12)).or_raise()

    assert paid(registry, driver) == ""
    assert registry.count(Month(2025, 6), "ever-paid").total == 0
    assert replay(registry.history()).findings == ()
    with pytest.raises(InputError, match=r"every month of payment 'F-1' of .* was paid back"):
        registry.pay_difference(
            driver, reference="F-1R", of="F-1", income=1_150_000, amount=1, on=LATER
        )


def test_a_payment_that_was_not_checked_is_paid_back_in_even_shares_rounded_down():
    with jamsos.open(":memory:") as registry:
        who = jamsos.new_participant_id()
        registry.register(who, province="51", on=ENTERED).or_raise()
        pay(registry, who, "F-1", "2025-01/2025-03", 50_000).or_raise()
        registry.adopt("jkk", on=date(2026, 1, 1)).or_raise()

        asked = {"claimed": Month(2025, 1)}
        assert said(back(registry, who, 33_334, **asked)) == [
            "Rp 33,333 was paid for 2025-02/2025-03, and Rp 33,334 is paid back."
        ]
        back(registry, who, 33_333, **asked).or_raise()
        *_, account = explain(registry.history(), who)
        assert account.agrees
        assert account.explained.status == "assumed"


# -- On which claims, and where. -----------------------------------------------------


@pytest.mark.parametrize("claim", ["jht-claim", "jkk-claim", "jkm-claim"])
def test_contributions_are_paid_back_with_a_claim_that_the_rule_names(registry, driver, claim):
    assert isinstance(back(registry, driver, claim=claim), Accepted)


def test_contributions_are_paid_back_with_no_other_claim(registry, driver):
    (reason,) = back(registry, driver, claim="jp-claim").reasons

    assert (reason.policy, reason.citation.source) == ("refund", "S45")
    assert reason.explanation == (
        "Contributions are paid back with jht-claim, jkk-claim, jkm-claim, not with jp-claim."
    )


def test_contributions_of_another_segment_are_not_paid_back(registry, driver):
    pu = Segment.WAGE_EARNER
    registry.register(driver, province="51", on=ENTERED, segment=pu).or_raise()
    pay(registry, driver, "P-1", "2025-01/2025-02", 2, segment=pu).or_raise()

    assert said(back(registry, driver, 1, refunds="P-1", claimed=Month(2025, 1))) == [
        "Contributions of non-wage earners are paid back, not those of segment pu."
    ]


@pytest.mark.parametrize(("on", "known"), [(date(2022, 6, 30), False), (date(2022, 7, 1), True)])
def test_nothing_is_paid_back_before_the_rule_is_in_force(registry, on, known):
    who = jamsos.new_participant_id()
    registry.register(who, province="51", on=date(2022, 6, 1)).or_raise()
    pay(registry, who, "F-1", "2022-06/2022-08", 50_400, date(2022, 6, 1)).or_raise()
    asked = {"on": on, "claimed": Month(2022, 6)}

    if known:
        assert isinstance(back(registry, who, **asked), Accepted)
    else:
        with pytest.raises(RuleNotInForceError, match="bpu-refund"):
            back(registry, who, **asked)


def test_nothing_is_paid_back_where_the_rule_was_never_enacted():
    with jamsos.open(":memory:") as registry:
        who = jamsos.new_participant_id()
        registry.register(who, province="51", on=ENTERED).or_raise()
        pay(registry, who, "F-1", "2025-01/2025-06", 1).or_raise()

        with pytest.raises(RuleNotInForceError, match="bpu-refund"):
            back(registry, who, 1)


@pytest.mark.parametrize(
    ("on", "claimed", "error"),
    [
        (date(2025, 1, 19), Month(2024, 12), "payment 'F-1' is of 2025-01-20; give that day"),
        (date(2025, 4, 30), Month(2025, 5), "with a claim of 2025-05: give the month in which"),
    ],
)
def test_a_refund_comes_after_the_payment_and_the_claim(registry, driver, on, claimed, error):
    with pytest.raises(InputError, match=error):
        back(registry, driver, on=on, claimed=claimed)


@pytest.mark.parametrize("on", [ENTERED, date(2025, 4, 1)])
def test_a_refund_may_be_of_the_day_of_the_payment_and_in_the_month_of_the_claim(
    registry, driver, on
):
    months = 6 - on.month
    answer = back(registry, driver, 16_800 * months, on=on, claimed=Month.of(on))

    assert isinstance(answer, Accepted)


# -- Once. ---------------------------------------------------------------------------


def test_the_very_same_refund_again_does_nothing(registry, driver):
    back(registry, driver).or_raise()

    assert back(registry, driver) == Accepted()


@pytest.mark.parametrize(
    "other",
    [
        {"amount": 16_800},
        {"claim": "jkk-claim"},
        {"claimed": Month(2025, 3)},
        {"on": date(2025, 5, 6)},
    ],
)
def test_a_payment_is_paid_back_once(registry, driver, other):
    back(registry, driver).or_raise()

    with pytest.raises(InputError, match=r"2025-05/2025-06 was paid back on 2025-05-05 \(version"):
        back(registry, driver, **other)


def test_a_payment_that_was_paid_back_in_part_is_still_the_same_payment(registry, driver):
    back(registry, driver).or_raise()

    assert pay(registry, driver, "F-1", "2025-01/2025-06", 100_800) == Accepted()


def test_a_refund_is_of_a_payment_that_stands(registry, driver):
    with pytest.raises(NotFoundError, match="no payment 'X' that stands; those that do: F-1"):
        back(registry, driver, refunds="X")


# -- Differences. --------------------------------------------------------------------


def rapel(registry, who, amount=12_000, on=date(2025, 3, 3)):
    return registry.pay_difference(
        who, reference="F-1R", of="F-1", income=1_150_000, amount=amount, on=on
    )


def test_a_difference_is_paid_back_with_its_payment(registry, driver):
    rapel(registry, driver).or_raise()

    with pytest.raises(InputError, match=r"'F-1R' of .* is a difference for 'F-1': name that"):
        back(registry, driver, 4_000, refunds="F-1R")
    assert said(back(registry, driver)) == [
        "Rp 37,600 was paid for 2025-05/2025-06, and Rp 33,600 is paid back."
    ]
    back(registry, driver, 37_600).or_raise()
    with pytest.raises(InputError, match=r"the refund of 2025-05-05 \(version 4\) needs it; void"):
        registry.correct(driver, corrects="F-1R", on=LATER)
    assert replay(registry.history()).findings == ()


def test_a_difference_after_a_refund_is_for_the_months_that_are_kept(registry, driver):
    back(registry, driver).or_raise()

    with pytest.raises(InputError, match=r"the refund of 2025-05-05 \(version 3\) stands; give"):
        rapel(registry, driver, 8_000, on=date(2025, 5, 4))
    (event,) = rapel(registry, driver, 8_000, on=LATER).or_raise().events
    assert str(event.months) == "2025-01/2025-04"
    registry.correct(driver, corrects="F-1R", on=LATER).or_raise()


def test_a_refund_comes_after_every_difference_that_it_pays_back(registry, driver):
    rapel(registry, driver, on=date(2025, 5, 6)).or_raise()

    with pytest.raises(InputError, match="the difference 'F-1R' of 2025-05-06 stands; give that"):
        back(registry, driver, 37_600)
    assert isinstance(back(registry, driver, 37_600, on=date(2025, 5, 6)), Accepted)


# -- A refund that was a mistake. ----------------------------------------------------


def test_a_refund_that_is_voided_covers_again_and_can_be_told_rightly(registry, driver):
    back(registry, driver).or_raise()
    registry.void(driver, version=3, on=LATER).or_raise()

    assert paid(registry, driver) == "2025-01/2025-06"
    assert registry.void(driver, version=3, on=LATER) == Accepted()
    with pytest.raises(InputError, match=r"version 3 of .* was voided already"):
        registry.void(driver, version=3, on=date(2025, 5, 6))
    back(registry, driver, 16_800, claimed=Month(2025, 5)).or_raise()
    assert paid(registry, driver) == "2025-01/2025-05"
    assert replay(registry.history()).findings == ()


def test_a_refund_is_not_voided_once_its_months_are_paid_for_again(registry, driver):
    back(registry, driver).or_raise()
    pay(registry, driver, "F-2", "2025-05/2025-05", 16_800, LATER).or_raise()

    with pytest.raises(
        InputError, match="the payment 'F-2' of 2025-05-05 covers 2025-05/2025-05; correct that"
    ):
        registry.void(driver, version=3, on=LATER)
    registry.correct(driver, corrects="F-2", on=LATER).or_raise()
    assert registry.void(driver, version=3, on=LATER).or_raise().events


@pytest.mark.parametrize("by", ["correct", "void"])
def test_a_payment_is_not_corrected_while_it_is_paid_back(registry, driver, by):
    back(registry, driver).or_raise()
    ask = {
        "correct": lambda: registry.correct(driver, corrects="F-1", on=LATER),
        "void": lambda: registry.void(driver, version=2, on=LATER),
    }[by]

    with pytest.raises(InputError, match=r"the refund of 2025-05-05 \(version 3\) needs it; void"):
        ask()
    registry.void(driver, version=3, on=LATER).or_raise()
    assert ask().or_raise().events


# -- What follows from it. -----------------------------------------------------------


def test_a_month_that_was_paid_back_gives_no_credit():
    with jamsos.open(":memory:") as registry:
        for programme in ("jkk", "jkm"):
            registry.adopt(programme, on=date(2025, 12, 1)).or_raise()
        who, december = jamsos.new_participant_id(), date(2025, 12, 1)
        registry.register(who, province="51", on=december).or_raise()
        of_transport = {"sector": "transport"}
        pay(registry, who, "F-1", "2025-12/2026-02", 50_400, december, **of_transport).or_raise()
        back(registry, who, 16_800, claimed=Month(2026, 1), on=date(2026, 1, 5)).or_raise()
        for programme in ("jkk", "jkm"):
            registry.adopt(programme, on=date(2026, 1, 6)).or_raise()

        answer = pay(registry, who, "F-2", "2026-03/2026-03", 0, date(2026, 1, 10), **of_transport)
        assert answer.or_raise().events[0].check.credit == 8_400
        left = pay(registry, who, "F-3", "2026-04/2026-04", 0, date(2026, 1, 10), **of_transport)
        assert said(left) == ["Rp 8,400 is due for 2026-04/2026-04, and Rp 0 is paid."]


def test_months_after_a_death_that_were_paid_back_are_no_exception_any_more(registry, driver):
    registry.leave(driver, reason=LeavingReason.DEATH, on=date(2025, 4, 10)).or_raise()

    assert [str(each.why) for each in exceptions(registry.history())] == ["after-death"]
    back(registry, driver, 50_400, claim="jkm-claim", claimed=Month(2025, 3)).or_raise()
    assert exceptions(registry.history()) == ()


def test_a_refund_is_explained_on_what_was_known_before_it(registry, driver):
    rapel(registry, driver).or_raise()
    back(registry, driver, 37_600).or_raise()
    *_, account = explain(registry.history(), driver)
    told = account.explained.explain()

    assert account.agrees
    assert "what of payment F-1 is paid back with a claim on JHT of 2025-04." in told
    assert "Of F-1R, what was due for 2025-05 to 2025-06: Rp 4,000." in told
    assert "Paid back is Rp 37,600, for 2025-05 to 2025-06." in told
    assert "Dikembalikan Rp 37.600, untuk 2025-05 sampai 2025-06." in account.explained.explain(
        "id"
    )
