"""A participant's standing in one segment, held against plain lists of months."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jamsos.domain.calendar import Month, Months
from jamsos.domain.coverage import Change, Paid, Segment, Spell, Standing, merged
from jamsos.errors import InputError

START = Month(2018, 1)
HORIZON = range(40)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["entered", "left", "moved", "transferred"]),
        st.integers(0, 30),
        st.sampled_from(["31", "51"]),
        st.sampled_from(
            [
                None,
                "agent-0190a1b2-c3d4-7e5f-8a9b-000000000001",
                "agent-0190a1b2-c3d4-7e5f-8a9b-000000000002",
            ]
        ),
    ),
    max_size=8,
)


def month(number):
    return START + number


def places(standing):
    """Return where and with whom one stands in each month, month by month."""
    return {
        number: (spell.province, spell.agent)
        for number in HORIZON
        for spell in standing.spells
        if month(number) in spell.months
    }


def step(standing, plain, name, number, province, agent):
    """Take one step with *standing*, and the same step with a *plain* dictionary."""
    later = range(number, len(HORIZON))
    match name:
        case "entered" if not any(n in plain for n in later):
            plain |= dict.fromkeys(later, (province, agent))
            return standing.entered(month(number), province, agent)
        case "left":
            for each in later:
                plain.pop(each, None)
            return standing.left(month(number))
        case "moved":
            plain |= {n: (province, plain[n][1]) for n in later if n in plain}
            return standing.moved(month(number), province)
        case "transferred":
            plain |= {n: (plain[n][0], agent) for n in later if n in plain}
            return standing.transferred(month(number), agent)
    return standing


@given(STEPS)
def test_one_stands_in_each_month_where_the_last_step_left_one(steps):
    standing, plain = Standing(), {}
    for each in steps:
        standing = step(standing, plain, *each)

    assert places(standing) == plain
    assert {n for n in HORIZON if month(n) in standing.registered} == set(plain)


@given(STEPS)
def test_each_spell_is_one_run_and_not_like_another_that_it_touches(steps):
    standing, plain = Standing(), {}
    for each in steps:
        standing = step(standing, plain, *each)

    assert all(len(spell.months.runs) == 1 for spell in standing.spells)
    for one, other in zip(standing.spells, standing.spells[1:], strict=False):
        assert one.months.last < other.months.first
        if one.months.last + 1 == other.months.first:
            assert (one.province, one.agent) != (other.province, other.agent)


def test_the_current_spell_is_the_one_without_end():
    standing = (
        Standing()
        .entered(month(0), "51", "agent-0190a1b2-c3d4-7e5f-8a9b-000000000001")
        .moved(month(2), "31")
    )

    assert standing.current == Spell(
        Months.between(month(2), None), "31", "agent-0190a1b2-c3d4-7e5f-8a9b-000000000001"
    )
    assert standing.left(month(4)).current is None
    assert Standing().current is None


def test_who_leaves_in_a_month_is_not_registered_in_it():
    standing = Standing().entered(month(0), "51", None).left(month(2))

    assert str(standing.registered) == "2018-01/2018-02"


def test_who_moves_in_a_month_is_counted_in_it_where_he_has_moved_to():
    standing = Standing().entered(month(0), "51", None).moved(month(2), "31")

    assert [(str(s.months), s.province) for s in standing.spells] == [
        ("2018-01/2018-02", "51"),
        ("2018-03/..", "31"),
    ]


def test_who_leaves_and_comes_back_has_two_spells_even_in_the_same_place():
    standing = Standing().entered(month(0), "51", None).left(month(2)).entered(month(4), "51", None)

    assert [str(spell.months) for spell in standing.spells] == ["2018-01/2018-02", "2018-05/.."]
    assert standing.current == Spell(Months.between(month(4), None), "51")


def test_who_leaves_in_the_month_of_his_registration_was_never_registered_at_its_end():
    assert Standing().entered(month(0), "51", None).left(month(0)) == Standing()


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 20), st.integers(0, 5)), max_size=8))
def test_months_are_paid_for_until_they_are_not(steps):
    standing, plain = Standing(), set()
    for paid, first, more in steps:
        months = Months.between(month(first), month(first + more))
        numbers = set(range(first, first + more + 1))
        change, plain = (
            (standing.covered, plain | numbers) if paid else (standing.uncovered, plain - numbers)
        )
        standing = change(("jkk",), months)

    assert {n for n in HORIZON if month(n) in standing.paid_for("jkk")} == plain
    assert standing.paid_for("jkm") == Months()


JANUARY, MARCH = Months.between(month(0), month(0)), Months.between(month(2), month(2))


def test_programmes_that_are_paid_for_alike_are_kept_together_in_order_of_name():
    standing = Standing().covered(("jkm",), JANUARY).covered(("jht", "jkk"), JANUARY)

    assert standing.paid == (Paid(("jht", "jkk", "jkm"), JANUARY),)
    assert standing.uncovered(("jkk",), JANUARY).paid == (Paid(("jht", "jkm"), JANUARY),)


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


BEFORE = Standing().entered(month(0), "51", None).covered(("jkk",), JANUARY)


@pytest.mark.parametrize(
    ("after", "spells_are_kept", "payments_are_kept"),
    [
        (BEFORE, False, False),
        (BEFORE.moved(month(1), "31"), True, False),
        (BEFORE.covered(("jkk",), MARCH), False, True),
        (BEFORE.covered(("jkk",), MARCH).left(month(3)), True, True),
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
    def spell(months, province):
        return Spell(Months.parse(months), province)

    first, second = spell("2018-01/2018-01", "51"), spell("2018-02/2018-02", "51")
    third, none = spell("2018-03/..", "31"), Spell(Months(), "52")
    assert merged(first, none, second, third) == (spell("2018-01/2018-02", "51"), third)


def test_a_spell_lies_in_a_province():
    with pytest.raises(InputError, match="province is 'Bali'"):
        Spell(Months(), "Bali")


def test_there_are_four_segments():
    assert {segment.value for segment in Segment} == {"pu", "bpu", "construction", "migrant"}
