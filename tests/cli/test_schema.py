"""`jamsos schema`: a JSON Schema that every real event keeps to, and a wrong one does not."""

import copy
import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from jamsos.store.catalogue import EVENTS, UPCASTERS

GOLDEN = sorted((Path(__file__).parents[1] / "golden").glob("v*.jsonl"))
LINES = [json.loads(line) for file in GOLDEN for line in file.read_bytes().splitlines()]
FIRST = {line["type"]: line["data"] for line in reversed(LINES)}
"""The first event of each name."""
CITATION = FIRST["programme.rule-ended.v3"]["citation"]


@pytest.fixture
def schema(run):
    answer = run("schema")

    assert (answer.code, answer.err) == (0, "")
    return answer.json


@pytest.fixture
def fits(schema):
    """Give a function that says whether data keep to the schema of an event."""

    def check(name, data):
        one = {**schema, **schema["events"][name]}
        checker = Draft202012Validator.FORMAT_CHECKER
        return Draft202012Validator(one, format_checker=checker).is_valid(data)

    return check


def objects(value, path=()):
    """Return the path of every object in *value*, itself among them."""
    if isinstance(value, dict):
        yield path
        for name, part in value.items():
            yield from objects(part, (*path, name))
    elif isinstance(value, list):
        for place, part in enumerate(value):
            yield from objects(part, (*path, place))


def at(value, path):
    for step in path:
        value = value[step]
    return value


def test_the_schema_is_a_schema_of_2020_12(schema):
    Draft202012Validator.check_schema(schema)

    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_the_schema_of_each_event_is_a_schema_too(schema):
    for definition in schema["$defs"].values():
        Draft202012Validator.check_schema(definition)


def test_every_event_that_was_ever_written_has_a_schema(schema):
    assert set(schema["events"]) == {*EVENTS, *UPCASTERS}


def test_the_schema_is_the_same_with_and_without_json(run):
    assert run("schema", "--json") == run("schema")


@pytest.mark.parametrize(
    "line", LINES, ids=[f"{line['position']}-{line['type']}" for line in LINES]
)
def test_every_event_of_the_golden_history_fits(fits, line):
    assert fits(line["type"], line["data"])


def test_every_event_that_the_front_desk_records_fits(fits, life):
    assert all(fits(line["type"], line["data"]) for line in life.lines())


@pytest.mark.parametrize("name", sorted(FIRST))
def test_an_event_with_an_unknown_field_does_not_fit(fits, name):
    for path in objects(FIRST[name]):
        data = copy.deepcopy(FIRST[name])
        at(data, path)["unknown"] = 1

        assert not fits(name, data), path


@pytest.mark.parametrize("name", sorted(FIRST))
def test_an_event_with_a_missing_field_does_not_fit(fits, name):
    for path in objects(FIRST[name]):
        for field in at(FIRST[name], path):
            data = copy.deepcopy(FIRST[name])
            del at(data, path)[field]

            assert not fits(name, data), (path, field)


@pytest.mark.parametrize(
    ("name", "path", "right", "wrong"),
    [
        ("agent.assigned.v1", ("on",), "2018-02-28", "2018-02-30"),
        ("agent.deactivated.v1", ("last_acquisition",), "2018-12", "2018-13"),
        ("agent.deactivated.v1", ("last_acquisition",), None, "2018-00"),
        ("agent.terminated.v1", ("cause",), "crime", "gossip"),
        ("participant.contribution-paid.v1", ("months",), "2017-12/2018-12", "2017-12/2018-13"),
        ("participant.contribution-paid.v1", ("months",), "2017-12/2017-12", "2017-12"),
        ("participant.contribution-paid.v1", ("amount",), 16_800, 16_800.5),
        ("participant.contribution-paid.v1", ("amount",), 0, "0"),
        ("participant.contribution-paid.v1", ("segment",), "bpu", "BPU"),
        ("participant.registered.v1", ("changes", 0, "spells", 0, "months"), "2018-01/..", "../.."),
        ("programme.evaluation-concluded.v1", ("measures", "month"), "2018-01", "2018-1"),
        ("quota.seat-taken.v1", ("rules",), ["perisai/agent-cap/1"], "perisai/agent-cap/1"),
    ],
)
def test_a_value_fits_on_one_side_only(fits, name, path, right, wrong):
    data = copy.deepcopy(FIRST[name])
    at(data, path[:-1])[path[-1]] = right
    other = copy.deepcopy(data)
    at(other, path[:-1])[path[-1]] = wrong

    assert fits(name, data)
    assert not fits(name, other)


@pytest.mark.parametrize(
    ("name", "field", "wrong"),
    [
        ("participant.contribution-paid.v1", "amount", -1),
        ("participant.contribution-paid.v1", "amount", 2**63),
        ("participant.contribution-paid.v1", "programmes", ["Jaminan Kecelakaan"]),
        ("programme.rule-ended.v3", "citation", {**CITATION, "akn": "/id/act/pp/2015/44"}),
        ("programme.rule-ended.v3", "citation", {**CITATION, "passage_sha256": "0F" * 32}),
        ("programme.rule-ended.v3", "citation", {**CITATION, "read_on": "2026-02-30"}),
        ("programme.rule-ended.v3", "citation", {**CITATION, "passage": 5}),
        ("participant.registered.v1", "province", "99"),
        ("participant.registered.v1", "agent", "agent-Sari"),
        ("agent.recruited.v1", "region", "51 Bali"),
        ("agent.recruited.v1", "rules", ["perisai"]),
        ("agent.deactivated.v1", "idle_months", -1),
    ],
)
def test_what_the_validators_turn_away_does_not_fit_the_schema(fits, name, field, wrong):
    assert fits(name, FIRST[name])
    assert not fits(name, {**FIRST[name], field: wrong})


def test_no_field_of_an_event_is_a_number_with_decimals(run):
    assert '"type": "number"' not in run("schema").out
