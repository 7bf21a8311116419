"""Values of wrong types: each is an error of jamsos that says what to give, and never a crash."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import attrs
import pytest

import jamsos
from jamsos.commands.agents import EvaluateAgents, Resign
from jamsos.commands.catalogue import EXPANSIONS, verb_of
from jamsos.commands.fields import _fields, check_fields
from jamsos.errors import InputError, JamsosError
from jamsos.projections.tallies import SEATS
from tests.commands.examples import EXAMPLES
from tests.engine.beginnings import (
    ANI,
    DAY,
    JANUARY,
    LATER,
    PAY_DAY,
    PEOPLE,
    payments,
    recruit,
    registrations,
    two_seats,
)

MONTH = jamsos.Month(2018, 1)
WRONG: dict[str, Any] = {
    "nothing": None,
    "an empty list": [],
    "a list": ["x"],
    "a list of lists": [[]],
    "a dict": {"x": []},
    "bytes": b"x",
    "a float": 1.5,
    "no number": float("nan"),
    "endless": float("inf"),
    "a truth": True,
    "an empty tuple": (),
    "a tuple": ("x", 1),
    "a set": {1},
    "an object": object(),
    "a function": repr,
    "a type": int,
    "an empty text": "",
    "a text": "x",
    "half a character": "\ud800",
    "a day as text": "2018-01-05",
    "a day": date.max,
    "a moment": datetime(2018, 1, 5, tzinfo=UTC),
    "below nothing": -1,
    "a large number": 10**30,
    "a month": MONTH,
    "months": JANUARY,
}
FIELDS = [(kind, f.name) for kind in dict.fromkeys(map(type, EXAMPLES)) for f in attrs.fields(kind)]


@pytest.fixture(scope="module")
def office() -> Iterator[jamsos.Registry]:
    """Open a registry with two seats, one of them taken, and somebody who has paid."""
    with jamsos.open(":memory:") as opened:
        two_seats(opened)
        recruit(opened, ANI).or_raise()
        opened.register_many(registrations(PEOPLE[0]))
        opened.pay_many(payments(PEOPLE[0]))
        yield opened


def asked(registry: jamsos.Registry, kind: type[Any], fields: dict[str, Any]) -> None:
    if kind in EXPANSIONS.values():
        getattr(registry.trial(), verb_of(kind))(**fields)
        return
    registry.trial().ask(kind(**fields))
    registry.trial().once("letter-1").ask_all([kind(**fields)])


@pytest.mark.parametrize(
    ("kind", "name"), FIELDS, ids=[f"{kind.__name__}.{name}" for kind, name in FIELDS]
)
def test_a_value_of_any_type_in_any_field_of_a_command_is_answered_or_an_error_of_jamsos(
    office, kind, name
):
    example = next(each for each in EXAMPLES if type(each) is kind)
    given = {f.name: getattr(example, f.name) for f in attrs.fields(kind)}
    for value in WRONG.values():
        try:
            asked(office, kind, {**given, name: value})
        except JamsosError:
            continue


METHODS: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "agent": ({"agent": ANI}, ("agent",)),
    "participant": ({"participant": PEOPLE[0]}, ("participant",)),
    "programme": ({"programme": "perisai"}, ("programme",)),
    "quota": ({"programme": "perisai", "region": "51"}, ("programme", "region")),
    "history": ({}, ("known_at",)),
    "count": ({"month": MONTH}, ("month", "definition", "by", "programme", "known_at")),
    "live_count": ({"month": MONTH}, ("month", "definition", "by", "programme")),
    "live_sums": ({"tally": SEATS, "heading": "x"}, ("heading", "since", "upto")),
    "measures": (
        {"programme": "perisai", "month": MONTH, "months": 1, "after_months": 3},
        ("programme", "month", "months", "after_months"),
    ),
    "unsettled": ({"programme": "perisai", "on": LATER}, ("programme", "on")),
    "evaluate_agents": ({"programme": "perisai", "on": LATER}, ("programme", "on", "by", "trace")),
    "award_incentives": (
        {"programme": "perisai", "month": MONTH, "on": LATER},
        ("programme", "month", "on", "by", "trace"),
    ),
    "ask": ({"command": Resign(PEOPLE[0], on=DAY)}, ("command", "by", "trace")),
    "ask_all": ({"commands": []}, ("commands", "by", "trace")),
    "asked": ({}, ("by", "trace")),
    "once": ({"command_id": "letter-1"}, ("command_id", "by", "trace")),
    "batch": ({}, ("by", "trace")),
    "group_commit": ({}, ("most", "by", "trace")),
    "trial": ({}, ("by", "trace")),
}


@pytest.mark.parametrize(
    ("method", "name"), [(m, name) for m, (_, names) in METHODS.items() for name in names]
)
def test_a_value_of_any_type_for_any_argument_of_a_registry_is_answered_or_an_error_of_jamsos(
    office, method, name
):
    for value in WRONG.values():
        try:
            got = getattr(office, method)(**{**METHODS[method][0], name: value})
            if method in {"batch", "group_commit"}:
                with got as desk:
                    desk.allot("perisai", 2, on=DAY)
            elif method == "history":
                list(got)
        except JamsosError:
            continue


@pytest.mark.parametrize("method", ["recruit_many", "register_many", "pay_many"])
def test_rows_of_any_type_are_answered_or_an_error_of_jamsos(office, method):
    for value in WRONG.values():
        for rows in (value, [value], [{"agent": value}]):
            try:
                getattr(office, method)(rows)
            except JamsosError:
                continue


@pytest.mark.parametrize("value", WRONG.values(), ids=WRONG)
def test_a_place_of_any_other_type_than_a_path_is_an_input_error(value):
    if not isinstance(value, str):
        with pytest.raises(InputError, match="give a path, an address, or a Recorder"):
            jamsos.open(value)


# -- What the errors say. -------------------------------------------------------------


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda r: r.register(PEOPLE[1], province=["51"], on=DAY), r"province is \['51'\]: .*text"),
        (lambda r: r.move(PEOPLE[0], province=None, on=DAY), "province is None: .*text"),
        (lambda r: r.resign(ANI, on="2018-01-05"), r"on is '2018-01-05': .*date\(2018, 2, 5\)"),
        (lambda r: r.resign(ANI, on=DAY, instead_of=[1]), r"instead_of is \[1\]: .*whole number"),
        (lambda r: r.void([ANI], version=1, on=DAY), r"stream is \['agent.*text"),
        (lambda r: r.correct(PEOPLE[0], corrects={}, on=PAY_DAY), "corrects is {}: .*text"),
        (lambda r: r.enact("jkk", "x", unit="u", values=None, on=DAY), "values is None: .*tuple"),
        (lambda r: r.enact("jkk", "x", unit="u", values=[1], on=DAY), "values has 1 .*DatedValue"),
        (lambda r: r.adopt("jkk", on=DAY, rules=7), "rules is 7: .*RuleFile"),
        (lambda r: r.adopt("jkk", on=DAY, rules=["x"]), "rules has 'x' .*RuleFile"),
        (lambda r: r.share_out("perisai", 1, [("51", 1)], on=DAY), "weights is .*jatim"),
        (lambda r: r.pay_many([{**payments(ANI)[0], "programmes": "jkk"}]), "programmes is 'jkk'"),
        (lambda r: r.pay_many([{**payments(ANI)[0], "programmes": [7]}]), "programmes has 7 in it"),
        (lambda r: r.quota("perisai", ["51"]), r"there is no region \['51'\]"),
        (lambda r: r.ask("resign"), "'resign' is no command: give one, such as Recruit"),
        (lambda r: r.ask(Resign), "is no command: give one"),
        (lambda r: r.ask(EvaluateAgents("perisai", on=DAY)), "many .*call evaluate_agents"),
        (lambda r: r.ask_all([Resign(ANI, on=DAY), None]), "row 2: None is no command"),
        (lambda r: r.ask_all(None), "None holds no commands: give them as a list"),
        (lambda r: r.ask_all("resign"), "'resign' holds no commands"),
        (lambda r: r.register_many([("a", "b")]), "row 1 is of type tuple: give a Register"),
        (lambda r: r.measures("perisai", month=MONTH, months="3", after_months=1), "months is '3'"),
        (lambda r: r.group_commit(most="9").__enter__(), "most is '9': .*whole number"),
        (lambda r: r.group_commit(most=0).__enter__(), "most is 0: .*at least one"),
        (lambda r: r.live_sums(SEATS, 7), "heading is 7: give the text"),
    ],
)
def test_an_error_names_the_argument_and_says_what_to_give(office, ask, said):
    with pytest.raises(InputError, match=said):
        ask(office)


def test_a_month_is_taken_as_text_wherever_one_is_asked_for(office):
    desk = office.trial()

    assert office.count("2018-01") == office.count(MONTH, "paid-up")
    assert office.count(MONTH, "registered", known_at=date(9999, 1, 1)).total == 1
    assert desk.pay_many([{**payments(PEOPLE[0])[0], "reference": "F-2", "months": "2018-02"}])[
        0
    ].or_raise()
    with pytest.raises(JamsosError, match="bpu-refund"):
        desk.refund(
            PEOPLE[0], refunds="F-1", claim="jht-claim", claimed="2017-12", amount=1, on=PAY_DAY
        )


def test_a_value_that_is_large_is_cut_where_an_error_shows_it(office):
    with pytest.raises(InputError) as raised:
        office.register(PEOPLE[1], province=[["51"] * 100] * 10_000, on=DAY)

    assert len(str(raised.value)) < 300


@pytest.mark.parametrize("example", [e for e in EXAMPLES if type(e) not in EXPANSIONS.values()])
def test_no_command_that_says_what_it_may_is_of_a_wrong_type(example):
    check_fields(example)


def test_what_is_checked_are_texts_whole_numbers_days_and_what_is_cited():
    checked = {f"{kind.__name__}.{name}" for kind in {*map(type, EXAMPLES)} for name in names(kind)}
    left = {f"{kind.__name__}.{name}" for kind, name in FIELDS} - checked

    assert {each.partition(".")[2] for each in left} == {
        *("reason", "cause", "segment", "payer", "outcome"),
        *("month", "months", "claimed", "programmes", "rules", "values", "weights"),
    }
    assert {"Register.agent", "Recruit.instead_of", "EndRule.citation", "Amend.value"} <= checked


def names(kind: type[Any]) -> tuple[str, ...]:
    return _fields(kind)[0]
