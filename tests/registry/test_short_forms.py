"""What may be given as text, and what is said to a value of another kind."""

from datetime import date

import pytest

import jamsos
from jamsos.commands.participants import Register
from jamsos.errors import InputError, RuleNotInForceError
from jamsos.formulas.active import DEFINITIONS, REGISTERED
from jamsos.projections.tallies import ACQUISITIONS
from jamsos.testing import World
from tests.registry.beginnings import at_work, enrolled, registered

JANUARY = jamsos.Month(2018, 1)


@pytest.mark.parametrize("count", ["count", "live_count"])
def test_a_month_and_a_shipped_definition_may_be_named_in_a_count(registry, count):
    at_work(registry)
    enrolled(registry)
    ask = getattr(registry, count)

    assert ask("2018-01") == ask(JANUARY)
    for name, definition in DEFINITIONS.items():
        assert ask("2018-01", name) == ask(JANUARY, definition)
    assert ask("2018-02", "registered").total == 1


def test_a_month_may_be_named_wherever_the_desk_or_a_reading_asks_for_one(registry):
    agent = at_work(registry)
    registered(registry)
    asked = {"months": 3, "after_months": 3}

    assert registry.measures("perisai", month="2018-01", **asked) == registry.measures(
        "perisai", month=JANUARY, **asked
    )
    assert registry.live_sums(
        ACQUISITIONS, "acquired", since="2018-01", upto="2018-02"
    ) == registry.live_sums(ACQUISITIONS, "acquired", since=JANUARY, upto=JANUARY + 1)
    assert registry.award_incentives("perisai", "2018-01", on=date(2018, 2, 1)) == {}
    with pytest.raises(RuleNotInForceError, match="on 2018-01-01"):  # the month was understood
        registry.award_incentive(agent, "2018-01", on=date(2018, 2, 1))


def test_a_world_counts_by_the_same_names():
    world = World()

    assert world.count("2018-01", "registered") == world.count(JANUARY, REGISTERED)


@pytest.mark.parametrize("count", ["count", "live_count"])
@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"month": "January"}, "'January' is not a month: write one as 2018-02"),
        ({"month": 1}, r"1 is not a month: give Month\(2018, 1\), or '2018-01'"),
        ({"month": date(2018, 1, 1)}, "is not a month: give"),
        ({"definition": "active"}, "no definition 'active': give one of paid-up, in-grace"),
        ({"definition": None}, "no definition None: give one of paid-up, in-grace"),
        ({"definition": ["registered"]}, "give one of paid-up, in-grace"),
        ({"by": "segment"}, r"by is 'segment': give dimensions as a tuple"),
        ({"by": ("colour",)}, "no dimension 'colour'"),
        ({"by": None}, "by is None: give dimensions as a tuple"),
    ],
)
def test_a_count_says_what_to_give_instead(registry, count, given, said):
    with pytest.raises(InputError, match=said):
        getattr(registry, count)(**{"month": JANUARY} | given)


@pytest.mark.parametrize("row", [("participant-1", "51"), ["participant-1"], "sari", None, 7])
@pytest.mark.parametrize("verb", ["register_many", "recruit_many", "pay_many"])
def test_a_row_that_holds_no_arguments_by_name_is_named_with_what_to_give(registry, verb, row):
    good = Register(jamsos.new_participant_id(), province="51", on=date(2018, 1, 9))
    kind = verb.partition("_")[0].capitalize()
    last = registry.last_position()

    with pytest.raises(InputError, match=f"row 2 is of type .*: give a {kind}, or .* as a dict"):
        getattr(registry, verb)([good, row])

    assert registry.last_position() == last


@pytest.mark.parametrize("rows", [None, 7, Register("participant-1", province="51", on=date.min)])
def test_rows_that_are_no_rows_are_an_input_error(registry, rows):
    with pytest.raises(InputError, match="give rows"):
        registry.register_many(rows)
