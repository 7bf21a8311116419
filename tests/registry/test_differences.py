"""A difference (*rapel*) is paid for months that are paid already, at the income that is right."""

from datetime import date

import attrs
import pytest

import jamsos
from jamsos import Accepted, Months, Payer, Segment
from jamsos.audit.explain import explain
from jamsos.audit.replay import replay
from jamsos.domain.coverage import Segment as Segments
from jamsos.errors import InputError, NotFoundError

ENTERED = date(2025, 1, 20)
LATER = date(2025, 3, 3)
BPU = Segments.NON_WAGE_EARNER


@pytest.fixture
def registry():
    """Open a desk with the law of JKK, JKM and JHT as it was known on 1 January 2026."""
    with jamsos.open(":memory:") as opened:
        for programme in ("jkk", "jkm", "jht"):
            opened.adopt(programme, on=date(2026, 1, 1)).or_raise()
        yield opened


@pytest.fixture
def driver(registry):
    """Register somebody on 20 January 2025, who pays for three months on 1,000,000 rupiah."""
    name = jamsos.new_participant_id()
    registry.register(name, province="51", on=ENTERED).or_raise()
    pay(registry, name, "F-1", "2025-01/2025-03", 50_400)
    return name


def pay(registry, who, reference, months, amount, on=ENTERED, **more):
    registry.pay(
        who,
        reference=reference,
        months=Months.parse(months),
        amount=amount,
        on=on,
        **{"income": 1_000_000, **more},
    ).or_raise()


def rapel(registry, who, amount=6_000, **more):
    asked = {"reference": "F-1R", "of": "F-1", "income": 1_150_000, "on": LATER, **more}
    return registry.pay_difference(who, amount=amount, **asked)


def said(answer):
    return [reason.explanation for reason in answer.reasons]


# -- The amount. ---------------------------------------------------------------------


@pytest.mark.parametrize(("amount", "paid"), [(5_999, False), (6_000, True), (6_001, False)])
def test_a_difference_is_what_the_months_are_due_more_to_the_rupiah(registry, driver, amount, paid):
    assert isinstance(rapel(registry, driver, amount), Accepted) == paid


@pytest.mark.parametrize(
    ("income", "amount"), [(1_099_999, 0), (1_100_000, 6_000), (1_299_999, 6_000)]
)
def test_an_income_in_the_same_bracket_makes_no_difference(registry, driver, income, amount):
    answer = rapel(registry, driver, amount or 1, income=income)

    assert isinstance(answer, Accepted) == bool(amount)


def test_another_amount_is_refused_with_what_is_due_now_and_was_then(registry, driver):
    (reason,) = rapel(registry, driver, 1).reasons

    assert reason.policy == "payment"
    assert reason.explanation == (
        "Rp 56,400 is due for 2025-01/2025-03 at an income of Rp 1,150,000, and Rp 50,400 was due"
        " before: the difference of Rp 6,000 is due, and Rp 1 is paid."
    )
    assert reason.citation.instrument == "PP 44/2015"


@pytest.mark.parametrize(("income", "amount"), [(1_000_000, 0), (1_000_000, 1), (500_000, 0)])
def test_nothing_is_paid_where_nothing_more_is_due(registry, driver, income, amount):
    (told,) = said(rapel(registry, driver, amount, income=income))

    assert told.endswith(f"no difference is due, and Rp {amount} is paid.")


def test_the_event_says_what_each_month_was_due_more(registry, driver):
    (event,) = rapel(registry, driver).or_raise().events

    assert (str(event.months), event.check.due, event.check.credit, event.changes) == (
        "2025-01/2025-03",
        (2_000, 2_000, 2_000),
        0,
        (),
    )
    assert event.checked
    assert {"jkk/bpu-rate/1", "jkk/bpu-income-brackets/1"} <= {*event.check.rules}


def test_a_second_difference_is_on_top_of_the_first(registry, driver):
    rapel(registry, driver).or_raise()
    of_all = rapel(registry, driver, 12_000, reference="F-1S", income=1_350_000)

    assert said(of_all)[0].endswith("the difference of Rp 6,000 is due, and Rp 12,000 is paid.")
    assert rapel(registry, driver, 6_000, reference="F-1S", income=1_350_000).or_raise().events


def test_a_difference_is_computed_in_the_sector_and_out_of_the_budget_of_its_payment(registry):
    who, january = jamsos.new_participant_id(), date(2026, 1, 10)
    registry.register(who, province="51", on=january).or_raise()
    pay(registry, who, "F-1", "2026-01/2026-01", 8_400, january, sector="transport")

    assert isinstance(rapel(registry, who, 1_000, on=january), Accepted)


def test_a_part_of_what_is_due_is_not_taken(registry, driver):
    answer = registry.pay(
        driver,
        reference="F-2",
        months=Months.parse("2025-04/2025-04"),
        income=1_000_000,
        amount=8_400,
        on=LATER,
    )

    assert said(answer) == ["Rp 16,800 is due for 2025-04/2025-04, and Rp 8,400 is paid."]


# -- What was not checked. -----------------------------------------------------------


@pytest.mark.parametrize("amount", [0, 1, 9_007_199_254_740_993])
def test_a_difference_of_a_payment_that_was_not_checked_is_recorded_as_it_is_told(
    registry, driver, amount
):
    pu = Segment.WAGE_EARNER
    registry.register(driver, province="51", on=ENTERED, segment=pu).or_raise()
    pay(registry, driver, "P-1", "2025-01/2025-01", 1, income=5_000_000, segment=pu)

    (event,) = rapel(registry, driver, amount, of="P-1").or_raise().events
    assert (event.segment, event.check, event.checked) == (pu, None, False)


def test_a_payment_says_whether_it_was_checked(registry, driver):
    pu = Segment.WAGE_EARNER
    registry.register(driver, province="51", on=ENTERED, segment=pu).or_raise()
    told = registry.pay(
        driver,
        reference="P-1",
        months=Months.parse("2025-01/2025-01"),
        income=5_000_000,
        amount=1,
        on=ENTERED,
        segment=pu,
    ).or_raise()
    paid = [event for event in told.events if event.checked]
    checked = registry.pay(
        driver,
        reference="F-2",
        months=Months.parse("2025-04/2025-04"),
        income=1_000_000,
        amount=16_800,
        on=LATER,
    ).or_raise()

    assert not paid
    assert checked.events[0].checked


# -- Coverage, and what there is of it. ----------------------------------------------


def test_a_difference_covers_no_month(registry, driver):
    before = registry.participant(driver).standings
    rapel(registry, driver).or_raise()
    someone = registry.participant(driver)

    assert someone.standings == before
    assert (someone.payments["F-1R"].of, str(someone.payments["F-1R"].months)) == (
        "F-1",
        "2025-01/2025-03",
    )
    assert str(someone.payments["F-1R"].covers) == ""
    assert replay(registry.history()).findings == ()


def test_the_very_same_difference_again_does_nothing(registry, driver):
    rapel(registry, driver).or_raise()

    assert rapel(registry, driver) == Accepted()


@pytest.mark.parametrize(
    "other",
    [
        {"amount": 6_001},
        {"income": 1_160_000},
        {"on": date(2025, 3, 4)},
        {"payer": Payer.SPONSOR},
        {"reference": "F-1"},
    ],
)
def test_a_reference_belongs_to_one_payment(registry, driver, other):
    rapel(registry, driver).or_raise()

    with pytest.raises(InputError, match="give each payment a reference of its own"):
        rapel(registry, driver, **other)


def test_a_payment_under_the_reference_of_a_difference_is_another(registry, driver):
    rapel(registry, driver).or_raise()

    with pytest.raises(InputError, match="another payment under the reference 'F-1R'"):
        pay(registry, driver, "F-1R", "2025-01/2025-03", 6_000, LATER, income=1_150_000)


def test_a_difference_is_of_a_payment_that_stands(registry, driver):
    with pytest.raises(NotFoundError, match="no payment 'X' that stands; those that do: F-1"):
        rapel(registry, driver, of="X")
    registry.correct(driver, corrects="F-1", on=LATER).or_raise()
    with pytest.raises(NotFoundError, match="no payment 'F-1' that stands; those that do: none"):
        rapel(registry, driver)


def test_a_difference_of_a_difference_is_one_of_the_payment(registry, driver):
    rapel(registry, driver).or_raise()

    with pytest.raises(InputError, match=r"'F-1R' of .* is a difference for 'F-1': name that"):
        rapel(registry, driver, reference="F-1S", of="F-1R", income=1_350_000)


@pytest.mark.parametrize(
    ("on", "paid"), [(date(2025, 1, 19), False), (ENTERED, True), (date(2025, 1, 21), True)]
)
def test_a_difference_is_paid_on_the_day_of_its_payment_or_later(registry, driver, on, paid):
    if paid:
        assert isinstance(rapel(registry, driver, on=on), Accepted)
    else:
        with pytest.raises(InputError, match="payment 'F-1' is of 2025-01-20; give that day or a"):
            rapel(registry, driver, on=on)


def test_a_difference_is_paid_no_earlier_than_the_one_before_it(registry, driver):
    rapel(registry, driver).or_raise()
    second = {"amount": 6_000, "reference": "F-1S", "income": 1_350_000}

    with pytest.raises(InputError, match="the difference 'F-1R' of 2025-03-03 stands; give that"):
        rapel(registry, driver, on=date(2025, 3, 2), **second)
    assert isinstance(rapel(registry, driver, on=LATER, **second), Accepted)


# -- Corrections. --------------------------------------------------------------------


@pytest.mark.parametrize("by", ["correct", "void"])
def test_a_payment_is_not_corrected_while_a_difference_of_it_stands(registry, driver, by):
    rapel(registry, driver).or_raise()
    ask = {
        "correct": lambda: registry.correct(driver, corrects="F-1", on=LATER),
        "void": lambda: registry.void(driver, version=2, on=LATER),
    }[by]

    with pytest.raises(
        InputError, match="the difference 'F-1R' of 2025-03-03 needs it; correct that first"
    ):
        ask()
    registry.correct(driver, corrects="F-1R", on=LATER).or_raise()
    assert ask().or_raise().events


def test_a_difference_is_not_corrected_while_a_later_one_stands(registry, driver):
    rapel(registry, driver).or_raise()
    rapel(registry, driver, reference="F-1S", income=1_350_000).or_raise()

    with pytest.raises(InputError, match="the difference 'F-1S' of 2025-03-03 needs it"):
        registry.correct(driver, corrects="F-1R", on=LATER)
    registry.correct(driver, corrects="F-1S", on=LATER).or_raise()
    registry.correct(driver, corrects="F-1R", on=LATER).or_raise()
    assert replay(registry.history()).findings == ()


def test_a_difference_that_was_corrected_is_paid_anew_under_another_reference(registry, driver):
    rapel(registry, driver).or_raise()
    registry.correct(driver, corrects="F-1R", on=LATER).or_raise()

    with pytest.raises(InputError, match="or one that was corrected"):
        rapel(registry, driver)
    assert isinstance(rapel(registry, driver, reference="F-1S"), Accepted)


# -- Credit. -------------------------------------------------------------------------


def test_months_of_the_relief_are_credited_with_their_difference():
    with jamsos.open(":memory:") as registry:
        for programme in ("jkk", "jkm"):
            registry.adopt(programme, on=date(2025, 12, 1)).or_raise()
        who, december = jamsos.new_participant_id(), date(2025, 12, 1)
        registry.register(who, province="51", on=december).or_raise()
        of_transport = {"sector": "transport"}
        pay(registry, who, "F-1", "2025-12/2026-02", 50_400, december, **of_transport)
        rapel(registry, who, on=december).or_raise()
        for programme in ("jkk", "jkm"):
            registry.adopt(programme, on=date(2026, 1, 1)).or_raise()

        # January and February: 18,800 was paid, and 9,400 is due with the relief.
        first = registry.trial().pay(
            who,
            reference="F-2",
            months=Months.parse("2026-03/2026-04"),
            income=1_000_000,
            amount=0,
            on=date(2026, 1, 10),
            **of_transport,
        )
        assert first.or_raise().events[0].check.credit == 16_800
        left = registry.trial().pay(
            who,
            reference="F-2",
            months=Months.parse("2026-03/2026-05"),
            income=1_000_000,
            amount=6_400,
            on=date(2026, 1, 10),
            **of_transport,
        )
        assert left.or_raise().events[0].check.credit == 18_800


# -- How it is explained, and what an agent earns by it. -----------------------------


def test_a_difference_is_explained_on_what_was_known_before_it(registry, driver):
    rapel(registry, driver).or_raise()
    rapel(registry, driver, reference="F-1S", income=1_350_000).or_raise()
    of_first, of_second = list(explain(registry.history(), driver))[-2:]

    assert of_first.agrees
    assert of_second.agrees
    assert (
        of_first.explained.explain()
        .splitlines()[-2]
        .endswith("For all months Rp 56,400 is due, and Rp 50,400 was: Rp 6,000 is to be paid.")
    )
    assert "kekurangan iuran untuk 2025-01 sampai 2025-03" in of_first.explained.explain("id")


def test_a_payment_that_was_not_checked_is_explained_so_in_both_languages(registry, driver):
    pu = Segment.WAGE_EARNER
    registry.register(driver, province="51", on=ENTERED, segment=pu).or_raise()
    pay(registry, driver, "P-1", "2025-01/2025-01", 1, income=5_000_000, segment=pu)
    *_, account = explain(registry.history(), driver)

    assert account.agrees
    assert "The amount is not checked: what segment PU pays" in account.explained.explain()
    assert "Jumlahnya tidak diperiksa: iuran segmen PU" in account.explained.explain("id")


def test_a_difference_is_stored_as_it_was_told(registry, driver):
    rapel(registry, driver).or_raise()
    payment = registry.participant(driver).payments["F-1R"]

    assert attrs.evolve(payment, check=None) == attrs.evolve(payment)
    assert payment.programmes == ("jkk", "jkm")
