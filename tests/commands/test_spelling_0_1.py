"""The digests of version 0.1 are found for what it was sent, and for nothing else, in good time."""

from datetime import date
from hashlib import sha256
from itertools import islice, pairwise
from time import process_time

import attrs
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import jamsos
from jamsos.commands.agents import Recruit
from jamsos.commands.catalogue import COMMANDS, EXPANSIONS
from jamsos.commands.contributions import Pay
from jamsos.commands.participants import Register
from jamsos.commands.programmes import EndRule
from jamsos.commands.seats import Allot
from jamsos.commands.signatures_0_1 import BATCHES, TAKEN
from jamsos.commands.spelling import decode, encode
from jamsos.commands.spelling_0_1 import asked_in_0_1, digests
from jamsos.domain.coverage import Segment
from jamsos.domain.participant import Payer
from jamsos.errors import InputError
from tests.commands.examples import AGENT, BARE, CITED, DAY, EXAMPLES, PARTICIPANT

LIMIT = 2.0
"""Seconds that the search may take for a thousand payments for three programmes."""


def digest_in_0_1(*asked):
    """Return what version 0.1 stored for a verb with its arguments."""
    encoder = msgspec.json.Encoder(enc_hook=str, order="sorted")
    return sha256(encoder.encode(list(asked))).hexdigest()


PAYMENT = {
    "participant": PARTICIPANT,
    "reference": "F-1",
    "months": jamsos.Months.parse("2018-01/2018-03"),
    "income": 1_000_000,
    "amount": 16_800,
    "on": DAY,
}
USUAL = {
    "programmes": ("jkk", "jkm"),
    "segment": Segment.NON_WAGE_EARNER,
    "payer": Payer.SELF,
    "sector": "other",
    "budget": "own",
}
FOUR = ("jht", "jkk", "jkm", "jp")


def payments(number, programmes=("jkm", "jht", "jkk")):
    return [
        Pay(**PAYMENT | {"participant": f"{PARTICIPANT[:-4]}{n:04}"}, programmes=programmes)
        for n in range(number)
    ]


# -- What is found. ------------------------------------------------------------------------


@settings(deadline=None)
@given(st.permutations(FOUR), st.integers(1, 4), st.sampled_from(Payer))
def test_one_payment_is_found_in_whatever_order_its_programmes_came(order, number, payer):
    then = {**PAYMENT, **USUAL, "programmes": order[:number], "payer": payer}

    assert digest_in_0_1("pay", then) in digests([Pay(**then)])


@settings(deadline=None, max_examples=50)
@given(
    st.permutations(FOUR),
    st.lists(
        st.tuples(st.sets(st.sampled_from(FOUR), min_size=1), st.sampled_from(Payer)), max_size=4
    ),
    st.sets(st.sampled_from(sorted(USUAL))),
)
def test_many_payments_are_found_in_one_order_of_programmes_with_any_defaults_spelled(
    order, rows, spelled
):
    then = []
    for place, (programmes, payer) in enumerate(rows):
        row = {"programmes": sorted(programmes, key=order.index), "payer": payer, "amount": place}
        usual = {"programmes": set(USUAL["programmes"]), "payer": Payer.SELF}
        told = {
            name: value
            for name, value in row.items()
            if name in spelled
            or name not in usual
            or (set(value) if name == "programmes" else value) != usual[name]
        }
        then.append({**PAYMENT, **{name: USUAL[name] for name in spelled}, **told})

    now = [Pay(**row) for row in then]
    assert digest_in_0_1("_many", {"kind": "pay", "rows": then}) in digests(now)


@pytest.mark.parametrize("swapped", [False, True])
def test_each_set_of_programmes_may_have_had_an_order_of_its_own(swapped):
    """No one list gives both orders: jkm before jht, and jht before jkm."""
    given_as = [("jkm", "jht"), ("jht", "jkk", "jkm")]
    then = [{**PAYMENT, "programmes": each} for each in given_as[:: -1 if swapped else 1]]

    assert digest_in_0_1("_many", {"kind": "pay", "rows": then}) in digests(
        [Pay(**row) for row in then]
    )


@pytest.mark.parametrize("kind", BATCHES)
def test_no_rows_at_all_are_found(kind):
    assert digest_in_0_1("_many", {"kind": kind, "rows": []}) in digests([])


def test_the_likeliest_spellings_come_first():
    rows = [{**PAYMENT, "programmes": ("jht", "jkk")}]
    every = {**USUAL, **rows[0]}

    first = list(islice(digests([Pay(**rows[0])]), 2, 4))
    assert digest_in_0_1("pay", every) == next(digests([Pay(**every)]))
    assert digest_in_0_1("_many", {"kind": "pay", "rows": rows}) in first


@pytest.mark.parametrize("one", EXAMPLES, ids=lambda each: type(each).__name__)
def test_no_two_letters_share_a_digest(one):
    found = [set(digests([each])) for each in (one, *(e for e in EXAMPLES if e != one))]

    assert all(found[0].isdisjoint(other) for other in found[1:])


# -- What is not found. --------------------------------------------------------------------


@pytest.mark.parametrize(
    "commands",
    [
        [EndRule("p", "r", last_day=DAY, citation=CITED, on=DAY)],
        [EndRule("p", "r", last_day=DAY, citation=attrs.evolve(BARE, read_on=DAY), on=DAY)],
        [Allot("p", 1, on=DAY), Allot("p", 2, on=DAY)],
        [Recruit(AGENT, "p", province="51", on=DAY), Register(PARTICIPANT, province="51", on=DAY)],
    ],
    ids=["a passage", "a day of reading", "many of what was asked alone", "a mixed letter"],
)
def test_what_version_0_1_could_not_be_sent_has_no_digest(commands):
    assert list(digests(commands)) == []


def test_another_payment_is_not_found():
    first = digest_in_0_1("pay", {**PAYMENT, **USUAL})

    for other in (
        {"amount": 1},
        {"payer": Payer.AGENT},
        {"programmes": ("jkk",)},
        {"on": date.max},
    ):
        assert first not in digests([Pay(**PAYMENT | other)])
    assert first not in digests([Pay(**PAYMENT), Pay(**PAYMENT)])


# -- In good time. -------------------------------------------------------------------------


def test_all_spellings_of_a_thousand_payments_for_three_programmes_are_tried_in_good_time():
    rows = payments(1_000)
    begun = process_time()

    found = sum(1 for _ in digests(rows))

    assert found == 2**4 * 6
    assert process_time() - begun < LIMIT


@pytest.mark.parametrize(
    "commands",
    [payments(1, tuple("abcdefghijklmnop")), payments(300, tuple("abcdefghijkl"))],
    ids=["one row", "many rows"],
)
def test_a_search_that_would_have_no_end_has_one(commands):
    begun = process_time()

    assert 100 < sum(1 for _ in digests(commands)) <= 50_000
    assert process_time() - begun < 10 * LIMIT


# -- What version 0.1 took. ----------------------------------------------------------------


@pytest.mark.parametrize("name", TAKEN)
def test_every_argument_that_version_0_1_took_is_a_field_of_the_command_today(name):
    fields = attrs.fields_dict({**COMMANDS, **EXPANSIONS}[name])

    assert set(TAKEN[name].arguments) <= fields.keys()
    for argument in TAKEN[name].arguments:
        needed = fields[argument].default is attrs.NOTHING
        assert needed == (argument not in TAKEN[name].usual)


# -- Histories that it kept. ---------------------------------------------------------------

KEPT = {
    "instrument": "Example 1/2018",
    "article": None,
    "source": None,
    "url": None,
}
VALUE = {
    "value": 9,
    "in_force": "2018-01-09",
    "until": None,
    "citation": KEPT,
    "status": "assumed",
    "published": None,
    "note": None,
    "conflicts": [{"value": 7, "citation": KEPT, "note": None}],
    "verified_until": None,
}


def kept(verb, *positional, **named):
    return {"verb": verb, "positional": list(positional), "named": {"on": "2018-01-09"} | named}


@pytest.mark.parametrize(
    "plan",
    [
        kept("resign", AGENT),
        kept("allot", "perisai", 9, region="national"),
        kept("amend", "perisai", "most", VALUE, evaluation=None),
        kept("enact", "perisai", "most", unit="agents", values=[VALUE]),
        kept("end_rule", "perisai", "most", last_day="2018-12-31", citation=KEPT, scope="51"),
        kept("adopt", "perisai", rules=None),
        kept("share_out", "perisai", 100, {"jatim": 3, "jabar": 2}),
        kept("award_incentives", "perisai", "2018-01"),
        kept(
            *("pay", PARTICIPANT),
            reference="F-1",
            months="2018-01/2018-03",
            income=1,
            amount=1,
            programmes=["jkm", "jht"],
            segment="bpu",
        ),
    ],
    ids=lambda plan: plan["verb"],
)
def test_a_command_that_version_0_1_kept_is_read_with_its_defaults_spelled_or_not(plan):
    command = asked_in_0_1(plan)

    assert decode(encode(command)) == command
    assert command.on == DAY


@pytest.mark.parametrize(
    "plan",
    [
        {},
        {"verb": "resign"},
        {"verb": ["resign"], "positional": [], "named": {}},
        kept("dismiss", AGENT),
        kept("resign", AGENT) | {"more": 1},
        kept("resign", AGENT) | {"positional": AGENT},
        kept("resign", AGENT) | {"named": None},
        kept("resign"),
        kept("resign", AGENT, "2018-01-09"),
        kept("resign", AGENT, "2018-01-09", "more"),
        kept("resign", AGENT, agent=AGENT),
        kept("resign", 7),
        kept("resign", "\ud800"),
        kept("allot", "perisai", 9.0),
        kept("allot", "perisai", "9"),
        kept("allot", "perisai", 9, seats=9),
        kept("amend", "perisai", "most", VALUE | {"more": 1}),
        kept("amend", "perisai", "most", VALUE | {"citation": {"instrument": ""}}),
        kept("amend", "perisai", "most", VALUE | {"citation": CITED.instrument}),
        kept("adopt", "perisai", rules="rules/"),
        kept("award_incentives", "perisai", 201801),
        kept("pay", PARTICIPANT, programmes="jkk"),
        kept("pay", PARTICIPANT, programmes=[7, "jkk"]),
    ],
    ids=repr,
)
def test_what_version_0_1_did_not_keep_is_one_input_error(plan):
    with pytest.raises(InputError):
        encode(asked_in_0_1(plan))


def test_orders_are_tried_in_an_order_that_is_always_the_same():
    rows = payments(2)
    runs = [list(digests(rows)) for _ in range(2)]

    assert all(one == other for one, other in pairwise(runs))
    assert len(set(runs[0])) == len(runs[0])
