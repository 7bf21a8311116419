"""A command has one spelling: what is drawn comes back, and anything else is an `InputError`."""

import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import partial
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import jamsos
from jamsos.commands.agents import Deactivate, Recruit, Resign
from jamsos.commands.catalogue import COMMANDS, EXPANSIONS, NAMES
from jamsos.commands.contributions import Pay
from jamsos.commands.incentives import AwardIncentive, AwardIncentives
from jamsos.commands.participants import Register
from jamsos.commands.programmes import ConcludeEvaluation, EndRule
from jamsos.commands.seats import Allot, ShareOut
from jamsos.commands.spelling import decode, digest, encode, written
from jamsos.domain.agent import DeactivationReason
from jamsos.domain.geography import Region
from jamsos.domain.identity import ProgrammeName
from jamsos.errors import InputError
from jamsos.rulebook import RuleFile
from tests.commands.examples import AGENT, DAY, EXAMPLES, GOLDEN, PARTICIPANT

KINDS = {**COMMANDS, **EXPANSIONS}
DEEP = 100_000


# -- What is drawn comes back. -------------------------------------------------------------


def values(hint: Any) -> st.SearchStrategy[Any]:
    """Draw what a field annotated *hint* may hold: any text, any day, any whole number."""
    if get_origin(hint) is UnionType:
        return st.one_of(*map(values, get_args(hint)))
    if get_origin(hint) is tuple:
        return st.lists(values(get_args(hint)[0]), max_size=3).map(tuple)
    if hint == Mapping[str, int]:
        return st.dictionaries(st.text(), st.integers())
    if hint is RuleFile:
        return built(RuleFile)
    if hint in {ProgrammeName, Region}:
        return st.text()
    return st.from_type(hint)


def built(kind: type[Any]) -> st.SearchStrategy[Any]:
    hints = get_type_hints(kind)
    fields = {field.name: values(hints[field.name]) for field in attrs.fields(kind)}
    needed = {f.name: fields[f.name] for f in attrs.fields(kind) if f.default is attrs.NOTHING}
    return st.fixed_dictionaries(
        needed, optional={name: fields[name] for name in fields.keys() - needed.keys()}
    ).map(lambda given: kind(**given))


commands = st.sampled_from(sorted(KINDS)).flatmap(lambda name: built(KINDS[name]))


@pytest.mark.parametrize("name", KINDS)
@settings(deadline=None, max_examples=30)
@given(st.data())
def test_every_command_that_is_drawn_comes_back_from_its_spelling(name, data):
    command = data.draw(built(KINDS[name]))

    assert decode(encode(command)) == command
    assert encode(decode(encode(command))) == encode(command)


@settings(deadline=None)
@given(commands, commands)
def test_two_commands_are_equal_exactly_where_their_spellings_are(one, other):
    assert (one == other) == (encode(one) == encode(other))


@settings(deadline=None)
@given(commands, st.data())
def test_a_command_with_one_other_value_has_another_spelling_and_another_digest(command, data):
    field = data.draw(st.sampled_from(attrs.fields(type(command))))
    value = data.draw(values(get_type_hints(type(command))[field.name]))
    other = attrs.evolve(command, **{field.name: value})

    assert (other == command) == (encode(other) == encode(command))
    assert (digest(written([other])) == digest(written([command]))) == (other == command)


@settings(deadline=None)
@given(commands)
def test_white_space_and_the_order_of_fields_are_the_writers_choice(command):
    read = json.loads(encode(command))
    turned = {"type": read["type"], "data": dict(reversed(read["data"].items()))}

    assert decode(json.dumps(turned, indent=2).encode()) == command


def test_programmes_are_a_set_and_a_word_may_be_text():
    payment = {
        "reference": "F-1",
        "months": jamsos.Months.parse("2018-01/2018-01"),
        "income": 1,
        "amount": 1,
        "on": DAY,
    }
    given_as = [("jkm", "jht", "jkm"), ["jht", "jkm"], {"jht", "jkm"}, iter(("jkm", "jht"))]
    spelled = {encode(Pay(PARTICIPANT, programmes=each, **payment)) for each in given_as}

    assert len(spelled) == 1
    assert encode(Pay(PARTICIPANT, programmes=("jkm", "jkk"), **payment)) == encode(
        Pay(PARTICIPANT, **payment)
    )
    assert encode(Deactivate(AGENT, on=DAY, reason="office")) == encode(
        Deactivate(AGENT, on=DAY, reason=DeactivationReason.OFFICE)
    )


def test_a_month_may_be_text_and_the_spelling_is_the_same():
    month = jamsos.Month(2018, 1)

    assert AwardIncentive(AGENT, "2018-01", on=DAY) == AwardIncentive(AGENT, month, on=DAY)
    for kind in (AwardIncentive, AwardIncentives):
        assert encode(kind("agent-1", "2018-01", on=DAY)) == encode(kind("agent-1", month, on=DAY))
    concluded = {"outcome": "raise", "after_months": 3, "on": DAY}
    assert encode(ConcludeEvaluation("perisai", "first", month="2018-01", **concluded)) == encode(
        ConcludeEvaluation("perisai", "first", month=month, **concluded)
    )


@pytest.mark.parametrize("month", [None, 1, 201801, DAY, ("2018-01",), jamsos.Months()])
def test_a_month_of_another_kind_is_an_input_error_that_says_what_to_give(month):
    with pytest.raises(InputError, match=r"is not a month: give Month\(2018, 1\), or '2018-01'"):
        AwardIncentive(AGENT, month, on=DAY)


# -- What is not a command. ----------------------------------------------------------------


def as_told(kind, **more):
    """Return the example of *kind* with *more*, as it may be sent."""
    example = json.loads(encode([each for each in EXAMPLES if isinstance(each, kind)][-1]))
    return json.dumps({"type": NAMES[kind], "data": example["data"] | more})


resign, register, pay, end_rule = (
    partial(as_told, kind) for kind in (Resign, Register, Pay, EndRule)
)
GOOD = resign()
TYPE, DATA = '"type":"agent.resign.v1"', '"data":{"agent":"a","on":"2018-01-09"}'
RECRUIT = '"agent":"a","on":"2018-01-09","programme":"perisai","province":"51"'
OPEN, CLOSE = "[" * DEEP, "]" * DEEP

WRONG = {
    "nothing": (b"", "this is not a command"),
    "half of it": (GOOD[:-1], "this is not a command"),
    "more after it": (GOOD + "{}", "this is not a command"),
    "a list": (f"[{GOOD}]", "it has a type, its data, and nothing else"),
    "null": ("null", "it has a type, its data, and nothing else"),
    "no data": (f"{{{TYPE}}}", "it has a type, its data, and nothing else"),
    "no type": (f"{{{DATA}}}", "it has a type, its data, and nothing else"),
    "more than both": (f'{{{TYPE},{DATA},"id":"x"}}', "it has a type, its data, and nothing else"),
    "type twice": (f"{{{TYPE},{TYPE},{DATA}}}", "'type' is there twice"),
    "data twice": (f"{{{TYPE},{DATA},{DATA}}}", "'data' is there twice"),
    "field twice": (
        f'{{{TYPE},"data":{{"agent":"a","agent":"a","on":"2018-01-09"}}}}',
        "'agent' is there twice",
    ),
    "unknown type": (GOOD.replace("v1", "v2"), "there is no command 'agent.resign.v2'"),
    "a verb": (GOOD.replace("agent.resign.v1", "resign"), "there is no command 'resign'"),
    "type null": (f'{{"type":null,{DATA}}}', "whose type is not text"),
    "type a list": (f'{{"type":["agent.resign.v1"],{DATA}}}', "whose type is not text"),
    "data null": (f'{{{TYPE},"data":null}}', "Expected `object`, got `null`"),
    "data a list": (f'{{{TYPE},"data":[]}}', "Expected `object`, got `array`"),
    "missing field": (f'{{{TYPE},"data":{{"agent":"a"}}}}', "missing required field `on`"),
    "unknown field": (resign(region="51"), "there is no field 'region' - at `$`"),
    "spelled default": (
        f'{{"type":"agent.recruit.v1","data":{{{RECRUIT},"region":"national"}}}}',
        "there is no field 'region' - at `$`",
    ),
    "spelled null": (
        register(agent=None),
        "there is no field 'agent' - at `$`",
    ),
    "spelled default of a citation": (
        end_rule(citation={"instrument": "X", "article": None}),
        "there is no field 'article' - at `$.citation`",
    ),
    "unsorted set": (pay(programmes=["jkm", "jht"]), "'jkm' must be written 'jht'"),
    "set with one twice": (
        pay(programmes=["jht", "jht"]),
        "['jht', 'jht'] must be written ['jht']",
    ),
    "default set": (pay(programmes=["jkk", "jkm"]), "there is no field 'programmes'"),
    "default set unsorted": (pay(programmes=["jkm", "jkk"]), "there is no field 'programmes'"),
    "number for text": (resign(agent=7), "Expected `str`, got `int` - at `$.agent`"),
    "text for a number": (pay(income="7"), "Expected `int`, got `str` - at `$.income`"),
    "truth for a number": (pay(income=True), "Expected `int`, got `bool` - at `$.income`"),
    "float": (pay(income=1.0), "the field 'income' is 1.0, which is not a whole number"),
    "float in a list": (pay(programmes=[1.5]), "the field 'programmes' is 1.5"),
    "exponent": (pay(income=-1).replace("-1", "1e6"), "which is not a whole number"),
    "not a number": (pay(income=-1).replace("-1", "NaN"), "which is not a whole number"),
    "endless": (pay(income=-1).replace("-1", "Infinity"), "which is not a whole number"),
    "unknown word": (pay(payer="nobody"), "Invalid enum value 'nobody' - at `$.payer`"),
    "time for a day": (resign(on="2018-01-09T00:00:00"), "at `$.on`"),
    "no such day": (resign(on="2018-02-30"), "at `$.on`"),
    "another spelling of a day": (resign(on="20180109"), "at `$.on`"),
    "another spelling of months": (pay(months="2018-01/2018-01,2018-02/2018-02"), "months"),
    "months a number": (pay(months=7), "7 is not text"),
    "half a character": (resign(agent="\ud800"), "surrogates not allowed"),
    "not UTF-8": (b'{"data":{"agent":"\xff"}}', "'utf-8' codec can't decode byte 0xff"),
    "UTF-16": (GOOD.encode("utf-16"), "'utf-8' codec can't decode byte"),
    "UTF-16 without a mark": (GOOD.encode("utf-16-le"), "this is not a command"),
    "byte order mark": (b"\xef\xbb\xbf" + GOOD.encode(), "this is not a command"),
    "very deep": (OPEN + CLOSE, "this is not a command"),
    "a very deep type": (f'{{"type":{OPEN}{CLOSE},{DATA}}}', "this is not a command"),
    "a deep type": (f'{{"type":{OPEN[:900]}{CLOSE[:900]},{DATA}}}', "type is not text"),
    "deep data": (f'{{{TYPE},"data":{OPEN[:900]}{CLOSE[:900]}}}', "Expected `object`"),
    "a deep value": (pay(months=7).replace("7", OPEN[:900] + CLOSE[:900]), "Pay|pay"),
}


@pytest.mark.parametrize(("data", "why"), WRONG.values(), ids=WRONG)
def test_what_is_not_a_command_is_one_clear_input_error(data, why):
    with pytest.raises(InputError) as caught:
        decode(data if isinstance(data, bytes) else data.encode())

    assert re.match("this is not |there is no command ", str(caught.value))
    assert why in str(caught.value) or re.search("pay", why)


@settings(deadline=None)
@given(st.binary())
def test_any_bytes_are_a_command_or_an_input_error(data):
    with pytest.raises(InputError):
        decode(data)


LINES = [json.loads(line)["command"] for line in GOLDEN.read_bytes().splitlines()]
scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
anything = st.recursive(
    scalars, lambda each: st.lists(each) | st.dictionaries(st.text(), each), max_leaves=5
)


@settings(deadline=None)
@given(st.sampled_from(LINES), st.data())
def test_a_command_of_which_one_value_was_changed_is_another_or_an_input_error(line, data):
    name = data.draw(st.sampled_from(sorted(line["data"])))
    value = data.draw(anything)
    changed = json.dumps({**line, "data": {**line["data"], name: value}}).encode()

    try:
        read = decode(changed)
    except InputError:
        return
    assert json.loads(encode(read))["data"][name] == value


# -- What cannot be written. ---------------------------------------------------------------


class Text(str):
    __slots__ = ()


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (Allot("perisai", 1.0, on=DAY), "1.0 is of type float"),
        (Allot("perisai", float("nan"), on=DAY), "nan is of type float"),
        (Allot("perisai", seats=True, on=DAY), "True is of type bool"),
        (Resign(b"agent", on=DAY), "is of type bytes"),
        (Resign(Text(AGENT), on=DAY), "is of type Text"),
        (Resign(object(), on=DAY), "is of type object"),
        (Resign("\ud800", on=DAY), "surrogates not allowed"),
        (Resign(AGENT, on=datetime(2018, 1, 9)), "is of type datetime"),  # noqa: DTZ001 - so given
        (ShareOut("perisai", 3, {51: 3}, on=DAY), "51 is of type int, and not a name"),
        (ShareOut("perisai", 3, {"51": 3, 52: 1}, on=DAY), "52 is of type int, and not a name"),
        (ShareOut("perisai", 3, {"51": object()}, on=DAY), "is of type object"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_value_that_no_command_has_is_an_input_error_that_names_the_command(command, why):
    with pytest.raises(InputError, match=re.escape(why)) as caught:
        encode(command)

    assert str(caught.value).startswith(f"{NAMES[type(command)]} cannot be written: ")


def test_a_whole_number_of_any_size_comes_back_and_the_decision_says_what_is_too_large():
    command = Allot("perisai", 2**200, on=DAY)

    assert decode(encode(command)) == command
    with jamsos.open(":memory:") as registry, pytest.raises(InputError, match=r"2\^63 - 1"):
        registry.once("letter-1").ask(command)


def test_a_wrong_value_under_a_command_id_is_an_input_error_and_its_id_stays_free():
    with jamsos.open(":memory:") as registry:
        registry.adopt("perisai", on=date(2017, 11, 20)).or_raise()
        with pytest.raises(InputError, match="cannot be written"):
            registry.once("letter-1").ask(Allot("perisai", 9.0, on=DAY))
        answer = registry.once("letter-1").ask(Allot("perisai", 9, on=DAY))

    assert answer.or_raise().events[0].seats == 9


def test_a_command_of_wrong_values_is_told_of_itself_and_hurts_no_other_of_a_group():
    with jamsos.open(":memory:") as registry:
        registry.adopt("perisai", on=date(2017, 11, 20)).or_raise()
        with pytest.raises(InputError, match="agent is 5: it must be a text"):
            registry.ask(Resign(5, on=DAY))
        with pytest.raises(InputError, match="51"):
            registry.ask(Allot("perisai", 9, on=DAY, region=51))
        with pytest.raises(InputError, match="programme is 7: it must be a text"):
            registry.ask(Recruit(AGENT, 7, province="51", on=DAY))
