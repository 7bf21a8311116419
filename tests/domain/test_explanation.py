"""An answer carries the steps that led to it, and is known as well as the weakest of them."""

from datetime import date

import attrs
import pytest

from jamsos import Citation, DatedValue, Status
from jamsos.domain.explanation import Certainty, Working, certainty_of, weakest
from jamsos.domain.programme import Programme, ProgrammeRuleEnacted, evolve
from jamsos.domain.value import Table
from jamsos.errors import InputError, RuleNotInForceError

FIRST, LAST = date(2026, 1, 1), date(2026, 1, 31)


def programme(value, unit="rupiah", **more):
    dated = DatedValue(
        value=value,
        in_force=FIRST,
        until=LAST,
        citation=Citation("Example 1/2026", "article 1"),
        **{"status": Status.ENACTED, **more},
    )
    enacted = ProgrammeRuleEnacted(
        rule="most", unit=unit, scope="national", values=(dated,), on=FIRST
    )
    return evolve(Programme("jkk"), enacted)


def rule_of(number, known):
    return attrs.evolve(known, dated=attrs.evolve(known.dated, value=number))


def test_what_is_read_is_written_down_with_its_rule_citation_and_status():
    working = Working()

    assert working.number(programme(6_800), "most", FIRST) == 6_800
    answer = working.done(None)
    assert answer.rules == ("jkk/most/1",)
    assert answer.explain() == (
        "1. Rule jkk/most/1 says Rp 6,800 (Example 1/2026, article 1; enacted).\n"
        "How well this is known: enacted."
    )
    assert answer.explain("id") == (
        "1. Aturan jkk/most/1 menyebut Rp 6.800 (Example 1/2026, article 1; ditetapkan).\n"
        "Tingkat kepastian: ditetapkan."
    )


@pytest.mark.parametrize(
    ("value", "unit", "at", "said", "text"),
    [
        (Table.of({"low": 540}), "per-100000", "low", 540, " (low) says 0.54 % ("),
        (Table.of({0: 5, 100: 7}), "rupiah", 99, 5, " (from 0) says Rp 5 ("),
        (Table.of({0: 5, 100: 7}), "rupiah", 100, 7, " (from 100) says Rp 7 ("),
        (3, "months", None, 3, " says 3 months ("),
    ],
)
def test_a_row_or_a_bracket_is_named(value, unit, at, said, text):
    working = Working()

    assert working.number(programme(value, unit), "most", FIRST, at=at) == said
    assert f"Rule jkk/most/1{text}" in working.done(None).explain()


def test_names_are_read_from_a_list_or_from_a_row():
    working = Working()

    assert working.names(programme(("jkk",), "names"), "most", FIRST) == ("jkk",)
    table = programme(Table.of({"employer": ("jht", "jkk")}), "names")
    assert working.names(table, "most", FIRST, at="employer") == ("jht", "jkk")
    assert " (the employer) says JHT, JKK (" in working.done(None).explain()


@pytest.mark.parametrize(
    ("value", "unit", "texts"),
    [
        (7, "months", ["Rule jkk/most/1 says 7 months"]),
        (("jkk", "jkm"), "names", ["Rule jkk/most/1 says JKK, JKM"]),
        (
            Table.of({"low": 540, "high": 1_270}),
            "per-100000",
            ["Rule jkk/most/1 (low) says 0.54 %", "Rule jkk/most/1 (high) says 1.27 %"],
        ),
        (
            Table.of({0: 10, 1_000: 20}),
            "rupiah",
            ["Rule jkk/most/1 (from 0) says Rp 10", "Rule jkk/most/1 (from 1,000) says Rp 20"],
        ),
    ],
)
def test_a_rule_is_cited_with_all_that_it_says(value, unit, texts):
    working = Working()
    working.cite(programme(value, unit).rule("most", FIRST), FIRST)

    cited = " (Example 1/2026, article 1; enacted)."
    steps = working.done(None).steps
    assert [step.text() for step in steps] == [text + cited for text in texts]
    assert {step.values["on"] for step in steps} == {FIRST}


def test_a_region_is_asked_for_its_own_value():
    nation = programme(5)
    own = nation.rule("most", FIRST)
    regional = attrs.evolve(nation, rules={**nation.rules, ("most", "51"): (rule_of(7, own),)})

    assert Working().number(regional, "most", FIRST) == 5
    assert Working().number(regional, "most", FIRST, scope="51") == 7


def test_the_rows_of_a_table_are_read_in_their_order():
    working, table = Working(), programme(Table.of({"six": 6, "one": 1}), "months")

    assert working.rows(table, "most", FIRST) == (("six", 6), ("one", 1))
    assert [(step.values["at"], step.values["on"]) for step in working.done(None).steps] == [
        ("six", FIRST),
        ("one", FIRST),
    ]


def test_names_that_are_in_force_on_no_day_yet_are_none_and_that_is_told():
    working, known = Working(), programme(("jkk",))

    assert working.names_if_any(known, "most", date(2026, 2, 1)) == ()
    assert working.done(None).steps[0].text() == "Rule jkk/most says nothing of 2026-02-01."


def test_answers_are_the_same_where_values_and_steps_are():
    one, other, another = Working(), Working(), Working()
    one.note("due-in-all", total=5)
    other.note("due-in-all", total=5)
    another.note("due-in-all", total=6)

    assert one.done(5) == other.done(5)
    assert one.done(5) != another.done(5)
    assert one.done(5) != one.done(6)


def test_an_answer_is_the_same_whatever_became_later_of_the_rules_that_it_read():
    known = programme(7, "months")
    rule = known.rule("most", FIRST)
    later = attrs.evolve(known, rules={("most", "national"): (attrs.evolve(rule, until=FIRST),)})
    one, other = Working(), Working()

    assert one.number(known, "most", FIRST) == other.number(later, "most", FIRST) == 7
    assert one.done(7) == other.done(7)


def test_on_a_day_without_a_value_reading_is_an_error_or_says_so():
    working, after = Working(), date(2026, 2, 1)

    with pytest.raises(RuleNotInForceError):
        working.number(programme(1), "most", after)
    assert working.number_if_any(programme(1), "most", LAST) == 1
    assert working.number_if_any(programme(1), "most", after) is None
    assert working.names_if_any(programme(("jkk",), "names"), "most", after) == ()
    assert working.number_if_any(programme(1), "never-enacted", after) is None
    assert [step.key for step in working.done(None).steps] == ["read-rupiah", *["no-value"] * 2]


@pytest.mark.parametrize(
    ("status", "verified_until", "certainty"),
    [
        (Status.ENACTED, None, "enacted"),
        (Status.REPORTED, None, "reported"),
        (Status.ASSUMED, None, "assumed"),
        (Status.ENACTED, FIRST, "enacted"),
        (Status.ENACTED, date(2025, 12, 31), "unverified"),
        (Status.REPORTED, date(2025, 12, 31), "unverified"),
        (Status.ASSUMED, date(2025, 12, 31), "assumed"),
    ],
)
def test_a_value_is_known_as_its_status_says_up_to_the_day_it_was_verified_for(
    status, verified_until, certainty
):
    law = programme(1, status=status, verified_until=verified_until)
    working = Working()
    working.number(law, "most", FIRST)

    assert certainty_of(law.rule("most", FIRST), FIRST) == certainty
    assert working.done(None).status == certainty


def test_the_weakest_step_travels_to_the_answer():
    working = Working()
    working.note("share", rate=1, of=1, result=0)
    assert working.done(1).status is Certainty.ENACTED
    working.assume("in-time", due_on=FIRST)
    assert working.done(1).status is Certainty.ASSUMED
    working.lack("jkp-ceiling-unknown")
    assert working.done(1).status is Certainty.NOT_ENCODED

    assert weakest(iter(())) is Certainty.ENACTED
    assert working.done(1).explain().splitlines()[1:] == [
        "2. Due on 2026-01-01, it is in time. [assumed]",
        (
            "3. Whether JKP has a wage ceiling of its own was not found: the whole wage is taken."
            " [not encoded]"
        ),
        "How well this is known: not encoded.",
    ]


@pytest.mark.parametrize(
    ("amount", "rate", "share", "key"),
    [
        (29_500, 50_000, 14_750, "share"),
        (29_501, 50_000, 14_750, "share-rounded-down"),
        (99_999, 1, 0, "share-rounded-down"),
        (100_000, 1, 1, "share"),
        (2**63 - 1, 100_000, 2**63 - 1, "share"),
    ],
)
def test_a_share_is_exact_or_says_that_it_is_rounded_down(amount, rate, share, key):
    working = Working()

    assert working.share(amount, rate) == share
    (step,) = working.done(None).steps
    assert (step.key, step.values) == (key, {"rate": rate, "of": amount, "result": share})
    assert step.certainty == (Certainty.ASSUMED if "rounded" in key else Certainty.ENACTED)


@pytest.mark.parametrize("amount", [1.5, -1, 2**63, True])
def test_a_share_is_of_a_whole_amount(amount):
    with pytest.raises(InputError):
        Working().share(amount, 1)


def test_the_steps_of_another_answer_are_taken_over():
    first, second = Working(), Working()
    first.number(programme(1), "most", FIRST)
    second.note("due-in-all", total=3)

    assert second.also(first.done(7)) == 7
    assert [step.key for step in second.done(None).steps] == ["due-in-all", "read-rupiah"]
    assert second.done(None).rules == ("jkk/most/1",)
