"""What a rule may say: whole numbers, names, tables, brackets; and how each is asked for."""

from datetime import date, timedelta

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jamsos.domain.citation import Citation, Status
from jamsos.domain.money import MOST
from jamsos.domain.programme import Amendment, Programme, amend, enact, evolve
from jamsos.domain.rule import Conflict, DatedValue
from jamsos.domain.value import Kind, Row, Table, cell_text, kind_of, value_text
from jamsos.errors import InputError

CITATION = Citation("Example 1/2018", "Article 2")
NEW_YEAR = date(2018, 1, 1)
RATES = Table.of({"low": 540, "high": 1_270})
CLASSES = Table.of({"employer": ("jht", "jkk"), "pupil": ()})
BASES = Table.of({0: 1_000_000, 1_100_000: 1_200_000, 1_300_000: 1_400_000})


def dated(value, in_force=NEW_YEAR, **more):
    return DatedValue(
        value=value, in_force=in_force, citation=CITATION, status=Status.ASSUMED, **more
    )


def enacted(value, **more):
    values = (dated(value, **more),)
    answer = enact(Programme("jkk"), "limit", unit="rupiah", values=values, on=NEW_YEAR)
    return evolve(Programme("jkk"), *answer.events)


def rule(value, **more):
    return enacted(value, **more).rule("limit", NEW_YEAR)


def amended(programme, value):
    case = Amendment(
        programme=programme,
        rule="limit",
        scope="national",
        value=value,
        evaluation=None,
        on=NEW_YEAR,
    )
    return evolve(programme, *amend(case, policies=()).events)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (0, Kind.WHOLE),
        (("jkk",), Kind.NAMES),
        ((), Kind.NAMES),
        (RATES, Kind.TABLE),
        (CLASSES, Kind.TABLE),
        (BASES, Kind.BRACKETS),
    ],
)
def test_a_value_is_of_one_kind(value, kind):
    assert kind_of(value) is rule(value).kind is kind


def test_a_rule_is_read_in_the_way_of_its_kind():
    assert rule(MOST).value == MOST
    assert rule(("jkk", "jkm")).names == ("jkk", "jkm")
    assert rule(RATES).row("high") == 1_270
    assert rule(CLASSES).names_of("employer") == ("jht", "jkk")
    assert rule(CLASSES).names_of("pupil") == ()
    assert rule(BASES).bracket(1_299_999) == 1_200_000
    assert rule(BASES).steps() == ((0, 1_000_000), (1_100_000, 1_200_000), (1_300_000, 1_400_000))
    assert rule(RATES).table == RATES
    assert rule(BASES).brackets == BASES


@pytest.mark.parametrize(
    ("value", "asks"),
    [
        (RATES, lambda rule: rule.value),
        (("jkk",), lambda rule: rule.value),
        (5, lambda rule: rule.names),
        (RATES, lambda rule: rule.names),
        (5, lambda rule: rule.table),
        (BASES, lambda rule: rule.table),
        (BASES, lambda rule: rule.row("low")),
        (5, lambda rule: rule.brackets),
        (RATES, lambda rule: rule.brackets),
        (RATES, lambda rule: rule.bracket(5)),
        (RATES, lambda rule: rule.steps()),
    ],
)
def test_a_rule_that_is_asked_in_another_way_says_of_which_kind_it_is(value, asks):
    with pytest.raises(InputError, match=f"of rule jkk/limit/1 is of kind {kind_of(value)}, not"):
        asks(rule(value))


def test_a_rule_whose_cells_are_of_the_other_sort_says_so():
    with pytest.raises(InputError, match="has names under 'employer', not a whole number"):
        rule(CLASSES).row("employer")
    with pytest.raises(InputError, match="has a whole number under 'low', not names"):
        rule(RATES).names_of("low")
    with pytest.raises(InputError, match="has names under '5', not a whole number"):
        rule(Table.of({0: ("jkk",)})).bracket(5)


def test_a_bracket_without_a_number_is_named():
    names = rule(Table.of({0: ("jkk",), 1_000: ("jkm",)}))

    with pytest.raises(InputError) as caught:
        names.steps()
    assert str(caught.value) == "rule jkk/limit/1 has names under '0', not a whole number"


def test_a_key_that_is_not_there_is_an_input_error_that_names_those_that_are():
    with pytest.raises(InputError, match="there is no row 'lowest': there are low, high"):
        rule(RATES).row("lowest")


@pytest.mark.parametrize("number", [-1, 1.5, True, "5"])
def test_a_bracket_is_looked_up_by_a_whole_number(number):
    with pytest.raises(InputError, match="the number looked up is"):
        rule(BASES).bracket(number)


def test_below_the_lowest_bracket_there_is_none():
    months = rule(Table.of({1: 15_000, 25: 5_000}))

    assert months.bracket(1) == 15_000
    with pytest.raises(InputError, match="there is no bracket for 0: the lowest begins at 1"):
        months.bracket(0)


def test_the_whole_number_of_a_dated_value_is_asked_for_by_name():
    assert dated(5).whole == 5
    with pytest.raises(InputError, match="the value is of kind table, not whole number"):
        _ = dated(RATES).whole


@pytest.mark.parametrize(
    "rows",
    [
        {},
        {"low": 1, 5: 2},
        {5: 1, "low": 2},
        {"low": 1, "high": ("jkk",)},
        {0: ("jkk",), 5: 1},
        {5: 1, 0: 2},
        {-1: 1},
        {2**63: 1},
        {"Low": 1},
        {"low": -1},
        {"low": 1.5},
        {"low": True},
        {"low": ("Jkk",)},
        {"low": ("jkk", "jkk")},
        {"low": ["jkk"]},
    ],
    ids=str,
)
def test_rows_that_are_not_of_one_kind_or_out_of_order_make_no_table(rows):
    with pytest.raises(InputError):
        Table.of(rows)


def test_a_key_has_one_row():
    with pytest.raises(InputError, match="a row is there twice"):
        Table((Row("low", 1), Row("low", 2)))
    with pytest.raises(InputError, match="lower bounds must rise"):
        Table((Row(5, 1), Row(5, 2)))


@pytest.mark.parametrize("rows", [[], [Row("low", 1)], ("low",), None])
def test_a_table_is_made_of_rows(rows):
    with pytest.raises(InputError, match="give at least one row"):
        Table(rows)


@pytest.mark.parametrize("value", [-1, 1.5, True, "5", None, ("Jkk",), ("jkk", "jkk"), (5,)])
def test_anything_else_is_no_value(value):
    with pytest.raises(InputError):
        dated(value)


def test_a_conflict_is_of_the_kind_of_the_value():
    assert dated(5, conflicts=(Conflict(6, CITATION),)).conflicts[0].value == 6
    with pytest.raises(InputError, match="of kind whole number, and a conflict of it of kind tabl"):
        dated(5, conflicts=(Conflict(RATES, CITATION),))


def test_a_rule_keeps_its_kind():
    with pytest.raises(InputError, match="values of kind whole number: what is of kind table"):
        amended(enacted(5), dated(RATES, NEW_YEAR + timedelta(days=1)))
    with pytest.raises(InputError, match="values of kind table: what is of kind brackets"):
        enact(
            Programme("jkk"),
            "limit",
            unit="rupiah",
            values=(
                dated(RATES, until=NEW_YEAR),
                dated(BASES, NEW_YEAR + timedelta(days=1)),
            ),
            on=NEW_YEAR,
        )


def test_a_value_is_verified_up_to_the_last_day_its_sources_speak_for():
    known = rule(5, verified_until=date(2018, 6, 30))

    assert known.verified(date(2018, 6, 30))
    assert not known.verified(date(2018, 7, 1))
    assert rule(5).verified(date.max)


def test_what_is_in_force_may_be_asked_for_where_there_may_be_none():
    programme = enacted(5, until=NEW_YEAR)

    assert programme.in_force("limit", NEW_YEAR).value == 5
    assert programme.in_force("limit", NEW_YEAR + timedelta(days=1)) is None
    assert programme.in_force("other", NEW_YEAR) is None
    assert programme.in_force("limit", NEW_YEAR, scope="51") is None


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({"note": "Another."}, True),
        ({"published": NEW_YEAR}, True),
        ({"citation": attrs.evolve(CITATION, source="S1", url="https://example.org")}, True),
        ({"citation": attrs.evolve(CITATION, passage="At most 5.", read_on=NEW_YEAR)}, True),
        ({"citation": attrs.evolve(CITATION, article="Article 3")}, False),
        ({"citation": attrs.evolve(CITATION, instrument="Example 2/2018")}, False),
        ({"value": 6}, False),
        ({"until": NEW_YEAR}, False),
        ({"in_force": NEW_YEAR + timedelta(days=1)}, False),
        ({"status": Status.REPORTED}, False),
        ({"verified_until": NEW_YEAR}, False),
        ({"conflicts": (Conflict(7, CITATION),)}, False),
    ],
)
def test_two_values_are_the_same_law_whatever_their_notes_and_sources(change, same):
    assert dated(5).same_law(attrs.evolve(dated(5), **change)) is same


def test_values_are_shown_as_people_read_them():
    assert value_text(42_000_000, "rupiah") == "42,000,000"
    assert value_text(CLASSES, "programmes") == "employer: jht, jkk; pupil: none"
    assert value_text(RATES, "per-100000") == "low: 0.54 %; high: 1.27 %"
    assert value_text(BASES, "rupiah") == (
        "from 0: 1,000,000; from 1,100,000: 1,200,000; from 1,300,000: 1,400,000"
    )
    assert value_text(540, "per-100000") == "0.54 %"
    assert cell_text((), "names") == "none"


@pytest.mark.parametrize("url", ["example.org", "https://", "https://a b", "ftp://x", 5])
def test_an_address_is_one_on_the_web(url):
    with pytest.raises(InputError, match="url of a citation is"):
        Citation("Example 1/2018", url=url)


# -- What holds for all of them. ----------------------------------------------------

bounds = st.lists(st.integers(0, 10**9), min_size=1, max_size=20, unique=True).map(sorted)


@given(bounds, st.integers(0, 2 * 10**9))
def test_brackets_leave_no_gap_and_do_not_overlap(lower, number):
    table = Table.of({bound: place for place, bound in enumerate(lower)})
    holding = [
        place
        for place, bound in enumerate(lower)
        if bound <= number and (place + 1 == len(lower) or number < lower[place + 1])
    ]

    if number < lower[0]:
        assert holding == []
        with pytest.raises(InputError):
            table.bracket(number)
    else:
        assert [table.bracket(number)] == holding


@given(st.dates(date(2018, 1, 1), date(2030, 1, 1)), st.integers(0, 10**9), st.data())
def test_an_amendment_leaves_every_earlier_day_as_it_was(first, new, data):
    before = enacted(5, verified_until=NEW_YEAR)
    day = data.draw(st.dates(date(2017, 1, 1), first - timedelta(days=1)))

    after = amended(before, dated(new, first))

    def said(programme):
        found = programme.in_force("limit", day)
        return found and (found.ref, found.dated)

    assert said(after) == said(before)
    assert after.rule("limit", first).value == new
