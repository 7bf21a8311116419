"""A participant's standing in one segment, held against plain lists of months."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jamsos.domain.calendar import Month, Months
from jamsos.domain.coverage import Change, Paid, Segment, Spell, Standing, merged
from jamsos.errors import InputError

START = Month(2018, 1)
HORIZON = range(40)


def month(number):
    return START + number


AGENT = "agent-0190a1b2-c3d4-7e5f-8a9b-000000000001"


def spell(months, province="51", agent=None):
    return Spell(Months.parse(months), province, agent)


def test_the_current_spell_is_the_one_without_end():
    first, last = spell("2018-01/2018-02", "51", AGENT), spell("2018-03/..", "31", AGENT)

    assert Standing((first, last)).current == last
    assert Standing((first,)).current is None
    assert Standing().current is None


def test_one_is_registered_in_the_months_of_all_spells():
    standing = Standing((spell("2018-01/2018-02"), spell("2018-05/..")))

    assert str(standing.registered) == "2018-01/2018-02,2018-05/.."
    assert standing.current == spell("2018-05/..")


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 5)), max_size=8))
def test_months_are_paid_for_once_they_are_covered(steps):
    standing, plain = Standing(), set()
    for first, more in steps:
        months = Months.between(month(first), month(first + more))
        standing, plain = (
            standing.covered(("jkk",), months),
            plain | {*range(first, first + more + 1)},
        )

    assert {n for n in HORIZON if month(n) in standing.paid_for("jkk")} == plain
    assert standing.paid_for("jkm") == Months()


@given(
    st.lists(
        st.tuples(st.sampled_from([("jkk",), ("jkk", "jkm"), ("jht",)]), st.integers(0, 20)),
        max_size=8,
    )
)
def test_a_standing_of_payments_is_that_of_one_payment_after_another(payments):
    runs, standing = {}, Standing()
    for programmes, number in payments:
        months = Months.between(month(number), month(number))
        runs.setdefault(programmes, []).extend(months.runs)
        standing = standing.covered(programmes, months)

    assert Standing.of((), runs) == standing


JANUARY, MARCH = Months.between(month(0), month(0)), Months.between(month(2), month(2))


def test_programmes_that_are_paid_for_alike_are_kept_together_in_order_of_name():
    standing = Standing().covered(("jkm",), JANUARY).covered(("jht", "jkk"), JANUARY)

    assert standing.paid == (Paid(("jht", "jkk", "jkm"), JANUARY),)


def test_each_programme_is_paid_for_by_itself():
    standing = Standing().covered(("jkk", "jkm"), JANUARY).covered(("jkk",), MARCH)

    assert standing.paid == (Paid(("jkk",), JANUARY | MARCH), Paid(("jkm",), JANUARY))
    assert standing.paid_for("jkk") == JANUARY | MARCH
    assert standing.paid_for("jkm") == JANUARY
    assert standing.paid_for("jk") == Months()


@given(
    st.lists(
        st.tuples(st.sampled_from([("jkk",), ("jkk", "jkm"), ("jht",)]), st.integers(0, 3)),
        max_size=6,
    )
)
def test_who_has_paid_for_the_same_stands_the_same_in_whatever_order(payments):
    one, other = Standing(), Standing()
    for programmes, number in payments:
        one = one.covered(programmes, Months.between(month(number), month(number)))
    for programmes, number in reversed(payments):
        other = other.covered(programmes, Months.between(month(number), month(number)))

    assert one == other
    assert all(paid.months for paid in one.paid)


BEFORE = Standing((spell("2018-01/.."),)).covered(("jkk",), JANUARY)
MOVED = (spell("2018-01/2018-01"), spell("2018-02/..", "31"))


@pytest.mark.parametrize(
    ("after", "spells_are_kept", "payments_are_kept"),
    [
        (BEFORE, False, False),
        (Standing(MOVED, BEFORE.paid), True, False),
        (BEFORE.covered(("jkk",), MARCH), False, True),
        (Standing(MOVED, BEFORE.paid).covered(("jkk",), MARCH), True, True),
        (Standing(), True, True),
    ],
)
def test_a_change_keeps_what_was_before_where_it_is_another(
    after, spells_are_kept, payments_are_kept
):
    change = Change.between(Segment.WAGE_EARNER, BEFORE, after)

    assert (change.segment, change.before, change.after) == (Segment.WAGE_EARNER, BEFORE, after)
    assert (change.spells_before is not None) == spells_are_kept
    assert (change.paid_before is not None) == payments_are_kept


def test_a_change_from_an_empty_standing_keeps_that_it_was_empty():
    assert Change.between(Segment.WAGE_EARNER, Standing(), BEFORE).before == Standing()


def test_neighbours_that_are_alike_are_one_spell_whatever_comes_after_them():
    first, second = spell("2018-01/2018-01", "51"), spell("2018-02/2018-02", "51")
    third, none = spell("2018-03/..", "31"), Spell(Months(), "52")
    assert merged(first, none, second, third) == (spell("2018-01/2018-02", "51"), third)


def test_a_spell_lies_in_a_province():
    with pytest.raises(InputError, match="province is 'Bali'"):
        Spell(Months(), "Bali")


def test_there_are_four_segments():
    assert {segment.value for segment in Segment} == {"pu", "bpu", "construction", "migrant"}
