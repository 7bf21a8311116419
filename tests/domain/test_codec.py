"""The codec: reads an event only as it would write it, and says which field is wrong."""

import hashlib
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, get_type_hints

import attrs
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jamsos.domain import agent, coverage, incentive, participant, programme, quota, rule
from jamsos.domain.calendar import FOREVER, Month, Months
from jamsos.domain.citation import AKN, URL, Citation, Status
from jamsos.domain.codec import Codec, UnreadableEventError
from jamsos.domain.geography import PROVINCES, REGIONS
from jamsos.domain.money import MOST
from jamsos.domain.value import Table, kind_of
from jamsos.store.catalogue import CODEC, EVENTS, UPCASTERS

# -- Any event that can be, valid as it is built. ---------------------------------

days = st.dates()
wholes = st.integers(0, MOST)
names = st.from_regex(r"[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,8}){0,3}", fullmatch=True)
references = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}", fullmatch=True)
sentences = st.text(min_size=1).filter(str.strip)
provinces = st.sampled_from(sorted(PROVINCES))
regions = st.sampled_from(REGIONS)
agent_ids = st.uuids().map("agent-{}".format)
participant_ids = st.uuids().map("participant-{}".format)
scopes = st.just("") | st.sampled_from(REGIONS[1:]).map("@{}".format)
rule_refs = st.tuples(
    st.builds("{}/{}{}/{}".format, names, names, scopes, st.integers(1, 99)),
) | st.just(())
months = st.builds(Month, st.integers(1, 9999), st.integers(1, 12))
_indexes = st.integers(Month(1, 1).index, FOREVER)
_runs = st.tuples(_indexes, _indexes).map(sorted).map(tuple)
month_sets = st.lists(_runs, max_size=4).map(Months)
unbroken = _runs.map(lambda run: Months([run])).filter(lambda these: these.contiguous)
said = st.none() | st.text()
urls = st.from_regex(URL, fullmatch=True)
passages = st.text(min_size=1, max_size=20).filter(str.strip)
akn_names = st.from_regex(AKN, fullmatch=True)


@st.composite
def citations_drawn(draw: st.DrawFn) -> Citation:
    passage = draw(st.none() | passages)
    own = hashlib.sha256((passage or "any").encode()).hexdigest()
    return Citation(
        draw(sentences),
        draw(said),
        draw(said),
        draw(st.none() | urls),
        passage=passage,
        passage_sha256=draw(st.sampled_from((None, own))),
        read_on=draw(st.none() | days),
        akn=draw(st.none() | akn_names),
    )


citations = citations_drawn()
words = st.lists(names, max_size=3, unique=True).map(tuple)
cells = st.sampled_from([wholes, words])
tables = cells.flatmap(lambda cell: st.dictionaries(names, cell, min_size=1, max_size=4))
brackets = cells.flatmap(lambda cell: st.dictionaries(wholes, cell, min_size=1, max_size=4)).map(
    lambda rows: dict(sorted(rows.items()))
)
values = wholes | words | tables.map(Table.of) | brackets.map(Table.of)
programmes = st.sets(names, min_size=1, max_size=4).map(sorted).map(tuple)
spells = st.lists(
    st.builds(coverage.Spell, month_sets, provinces, st.none() | agent_ids), max_size=3
).map(tuple)
paid = st.lists(st.builds(coverage.Paid, programmes, month_sets), max_size=3).map(tuple)
segments = st.sampled_from(coverage.Segment)
as_told = st.none() | st.lists(segments, max_size=2, unique=True).map(tuple)
changes = st.lists(
    st.builds(coverage.Change, segments, spells, paid, st.none() | spells, st.none() | paid),
    max_size=2,
).map(tuple)


@st.composite
def dated_values(draw: st.DrawFn) -> rule.DatedValue:
    first, value = draw(days), draw(values)
    others = values.filter(lambda other: kind_of(other) is kind_of(value))
    conflicts = st.lists(st.builds(rule.Conflict, others, citations, said), max_size=2)
    return rule.DatedValue(
        value=value,
        in_force=first,
        until=draw(st.none() | st.dates(min_value=first)),
        citation=draw(citations),
        status=draw(st.sampled_from(Status)),
        published=draw(st.none() | days),
        note=draw(said),
        conflicts=tuple(draw(conflicts)),
        verified_until=draw(st.none() | days),
    )


measures = st.builds(
    programme.Measures,
    month=months,
    known_at=wholes,
    agents=wholes,
    productive_agents=wholes,
    acquired=wholes,
    after_months=wholes,
    eligible=wholes,
    still_active=wholes,
    definition=names,
)

INCENTIVES: dict[str, st.SearchStrategy[Any]] = {
    "programme": names,
    "month": months,
    "acquired": st.lists(
        st.builds(
            incentive.Acquired,
            participant=participant_ids,
            segment=segments,
            programmes=programmes,
            reference=references,
        ),
        max_size=3,
    ).map(tuple),
    "contributions": st.lists(
        st.builds(
            incentive.Rewarded,
            st.builds(
                incentive.Received,
                participant=participant_ids,
                segment=segments,
                reference=references,
                amount=wholes,
                months=wholes,
                number=wholes,
                parts=st.none() | st.lists(wholes, max_size=3).map(tuple),
            ),
            wholes,
        ),
        max_size=3,
    ).map(tuple),
    "acquisition": wholes,
    "agent": wholes,
    "office": wholes,
    "known_at": wholes,
    "rules": rule_refs,
}

FIELDS: dict[type, dict[str, st.SearchStrategy[Any]]] = {
    agent.AgentRecruited: {
        "programme": names,
        "province": provinces,
        "region": regions,
        "rules": rule_refs,
    },
    agent.AgentTrainingBegun: {},
    agent.AgentCertified: {},
    agent.AgentAssigned: {},
    agent.AgentDeactivated: {
        "reason": st.sampled_from(agent.DeactivationReason),
        "idle_months": st.none() | wholes,
        "last_acquisition": st.none() | months,
        "known_at": st.none() | wholes,
        "rules": rule_refs,
    },
    agent.AgentReactivated: {"region": regions, "rules": rule_refs},
    agent.AgentReseated: {"region": regions, "rules": rule_refs},
    agent.AgentResigned: {},
    agent.AgentTerminated: {"cause": st.sampled_from(agent.TerminationCause)},
    agent.AgentFactVoided: {
        "version": wholes,
        "fact": st.sampled_from(agent.AgentFact),
        "fact_on": days,
        "programme": st.none() | names,
        "reason": names,
    },
    agent.AgentIncentiveAwarded: {**INCENTIVES, "pay_by": st.none() | days},
    agent.AgentIncentiveClawedBack: INCENTIVES,
    participant.ParticipantRegistered: {
        "segment": segments,
        "province": provinces,
        "channel": st.sampled_from(participant.Channel),
        "agent": st.none() | agent_ids,
        "sponsor": st.none() | references,
        "changes": changes,
    },
    participant.ParticipantContributionPaid: {
        "segment": segments,
        "reference": references,
        "programmes": programmes,
        "months": unbroken,
        "income": wholes,
        "amount": wholes,
        "payer": st.sampled_from(participant.Payer),
        "changes": changes,
    },
    participant.ParticipantDifferencePaid: {
        "segment": segments,
        "reference": references,
        "of": references,
        "months": unbroken,
        "income": wholes,
        "amount": wholes,
        "payer": st.sampled_from(participant.Payer),
        "changes": changes,
    },
    participant.ParticipantContributionRefunded: {
        "segment": segments,
        "refunds": references,
        "claim": names,
        "claimed": months,
        "months": unbroken,
        "amount": wholes,
        "rules": rule_refs,
        "changes": changes,
    },
    participant.ParticipantContributionCorrected: {
        "segment": segments,
        "corrects": references,
        "reason": names,
        "changes": changes,
    },
    participant.ParticipantMoved: {
        "province": provinces,
        "as_told": as_told,
        "changes": changes,
    },
    participant.ParticipantTransferred: {
        "segment": segments,
        "agent": st.none() | agent_ids,
        "branch": st.none() | references,
        "changes": changes,
    },
    participant.ParticipantLeft: {
        "segment": st.none() | segments,
        "reason": st.sampled_from(participant.LeavingReason),
        "as_told": as_told,
        "changes": changes,
    },
    participant.ParticipantCameBack: {
        "segment": segments,
        "province": provinces,
        "agent": st.none() | agent_ids,
        "changes": changes,
    },
    participant.ParticipantFactVoided: {
        "version": wholes,
        "fact": st.sampled_from(participant.Fact),
        "fact_on": days,
        "segment": st.none() | segments,
        "agent": st.none() | agent_ids,
        "reason": names,
        "changes": changes,
    },
    programme.ProgrammeEstablished: {"programme": names},
    programme.ProgrammeRuleEnacted: {
        "rule": names,
        "unit": names,
        "scope": regions,
        "values": st.lists(dated_values(), max_size=2).map(tuple),
    },
    programme.ProgrammeRuleAmended: {
        "rule": names,
        "unit": st.none() | names,
        "scope": regions,
        "value": dated_values(),
        "evaluation": st.none() | names,
    },
    programme.ProgrammeRuleEnded: {
        "rule": names,
        "scope": regions,
        "last_day": days,
        "citation": citations,
    },
    programme.ProgrammeEvaluationOpened: {"evaluation": names, "trigger": sentences},
    programme.ProgrammeEvaluationConcluded: {
        "evaluation": names,
        "measures": measures,
        "outcome": st.sampled_from(programme.Outcome),
    },
    quota.QuotaAllotted: {
        "programme": names,
        "region": regions,
        "seats": wholes,
        "source": st.none() | regions,
        "rules": rule_refs,
    },
    quota.QuotaSeatTaken: {"agent": agent_ids, "rules": rule_refs},
    quota.QuotaSeatReleased: {"agent": agent_ids},
    quota.QuotaTakenBack: {"seats": wholes, "to": st.none() | regions},
}

events = st.one_of(*(st.builds(event, on=days, **fields) for event, fields in FIELDS.items()))


def test_every_event_of_the_catalogue_is_tried():
    assert set(FIELDS) == set(EVENTS.values())


# -- What is written is read; and it is written in one way. -----------------------


@settings(deadline=None)
@given(events)
def test_an_event_is_read_as_it_was_written(event):
    name, data = CODEC.name(event), CODEC.encode(event)

    assert CODEC.decode(name, data) == event
    assert type(CODEC.decode(name, data)) is type(event)


@settings(deadline=None)
@given(events)
def test_an_event_has_one_spelling(event):
    data = CODEC.encode(event)

    def in_order(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        assert [name for name, _ in pairs] == sorted(name for name, _ in pairs)
        return dict(pairs)

    parsed = json.loads(data, object_pairs_hook=in_order)
    assert json.dumps(parsed, ensure_ascii=False, separators=(",", ":")).encode() == data
    assert CODEC.encode(CODEC.decode(CODEC.name(event), data)) == data


@settings(deadline=None)
@given(events, st.data())
def test_white_space_and_the_order_of_fields_are_the_writers_choice(event, data):
    name, spelt = CODEC.name(event), CODEC.encode(event)
    stirred = _stirred(json.loads(spelt), data.draw)
    indent = data.draw(st.none() | st.integers(0, 4))

    written = json.dumps(stirred, indent=indent, ensure_ascii=data.draw(st.booleans())).encode()

    assert CODEC.decode(name, written) == event
    assert CODEC.read(name, written)[1] == spelt


@settings(deadline=None)
@given(events, st.data())
def test_an_event_without_one_of_its_fields_cannot_be_read_and_the_field_is_named(event, data):
    fields = json.loads(CODEC.encode(event))
    missing = data.draw(st.sampled_from(sorted(fields)))
    del fields[missing]

    with pytest.raises(UnreadableEventError, match=missing):
        CODEC.decode(CODEC.name(event), json.dumps(fields).encode())


@settings(deadline=None)
@given(events, st.data())
def test_null_is_read_only_where_it_is_allowed(event, data):
    allowed = [n for n, type_ in get_type_hints(type(event)).items() if _optional(type_)]
    fields = json.loads(CODEC.encode(event))
    nothing = data.draw(st.sampled_from(sorted(fields.keys() - allowed)))
    fields[nothing] = None

    with pytest.raises(UnreadableEventError, match=nothing):
        CODEC.decode(CODEC.name(event), json.dumps(fields).encode())


def _stirred(value: Any, draw: st.DrawFn) -> Any:
    if isinstance(value, dict):
        return {name: _stirred(value[name], draw) for name in draw(st.permutations(list(value)))}
    if isinstance(value, list):
        return [_stirred(item, draw) for item in value]
    return value


def _optional(type_: Any) -> bool:
    return type(None) in getattr(type_, "__args__", ())


# -- What is no event is told, with the field. ------------------------------------

ALLOTTED = "quota.allotted.v1"
SEATS = (
    b'{"on":"2018-01-01","programme":"perisai","region":"national",'
    b'"rules":["perisai/agent-cap/2"],"seats":5,"source":null}'
)
ENACTED = "programme.rule-enacted.v3"
CAP = (
    b'{"on":"2018-01-01","rule":"agent-cap","scope":"national","unit":"agents","values":'
    b'[{"citation":{"akn":null,"article":null,"instrument":"Example 1/2018","passage":null,'
    b'"passage_sha256":null,"read_on":null,"source":null,"url":null},'
    b'"conflicts":[],"in_force":"2018-01-01","note":null,"published":null,"status":"assumed",'
    b'"until":null,"value":1200,"verified_until":null}]}'
)
PAID = "participant.contribution-paid.v1"
PAYMENT = (
    b'{"amount":16800,"changes":[],"income":1000000,"months":"2018-01/2018-03",'
    b'"on":"2018-01-05","payer":"self","programmes":["jkk","jkm"],"reference":"F-1",'
    b'"segment":"bpu"}'
)
DEACTIVATED = "agent.deactivated.v1"
IDLE = (
    b'{"idle_months":3,"known_at":40,"last_acquisition":"2018-01","on":"2018-05-02",'
    b'"reason":"idle","rules":["perisai/agent-idle-months/1"]}'
)


@pytest.mark.parametrize(
    ("name", "data"),
    [(ALLOTTED, SEATS), (ENACTED, CAP), (PAID, PAYMENT), (DEACTIVATED, IDLE)],
)
def test_the_examples_can_be_read(name, data):
    assert CODEC.read(name, data)[1] == data


@pytest.mark.parametrize(
    ("name", "data", "old", "new", "field"),
    [
        (ALLOTTED, SEATS, b'"seats":5', b'"seats":1.0', "seats"),
        (ALLOTTED, SEATS, b'"seats":5', b'"seats":1e3', "seats"),
        (ALLOTTED, SEATS, b'"seats":5', b'"seats":0.1', "seats"),
        (ALLOTTED, SEATS, b'"seats":5', b'"seats":-1', "seats"),
        (ALLOTTED, SEATS, b'"seats":5', b'"seats":9223372036854775808', "seats"),
        (ALLOTTED, SEATS, b'"seats":5', b'"seats":18446744073709551616', "seats"),
        (ALLOTTED, SEATS, b'"seats":5', b'"seats":' + b"9" * 5_000, "seats"),
        (ALLOTTED, SEATS, b'"seats":5', b'"seats":"5"', "seats"),
        (ALLOTTED, SEATS, b'"seats":5', b'"seats":true', "seats"),
        (ALLOTTED, SEATS, b'"seats":5', b'"seats":null', "seats"),
        (ALLOTTED, SEATS, b'"seats":5', b'"seats":[5]', "seats"),
        (ALLOTTED, SEATS, b'"seats":5,', b"", "seats"),
        (ALLOTTED, SEATS, b'"seats":5', b'"seats":5,"seats":5', "seats"),
        (ALLOTTED, SEATS, b'"seats":5', b'"seats":5,"seats":6', "seats"),
        (ALLOTTED, SEATS, b',"source":null', b"", "source"),
        (ALLOTTED, SEATS, b'"source":null', b'"source":null,"name":"x"', "name"),
        (ALLOTTED, SEATS, b'"source":null', b'"source":null,"share":1.5', "share"),
        (ALLOTTED, SEATS, b'"source":null', b'"source":null,"share":null', "share"),
        (ALLOTTED, SEATS, b'"source":null', b'"source":null,"share":{"seats":5}', "share"),
        (ALLOTTED, SEATS, b'"source":null', b'"source":"97"', "source"),
        (ALLOTTED, SEATS, b'"national"', b'"97"', "region"),
        (ALLOTTED, SEATS, b'"perisai"', b'"Perisai"', "programme"),
        (ALLOTTED, SEATS, b'["perisai/agent-cap/2"]', b'"perisai/agent-cap/2"', "rules"),
        (ALLOTTED, SEATS, b'["perisai/agent-cap/2"]', b"[2]", "rules"),
        (ALLOTTED, SEATS, b'["perisai/agent-cap/2"]', b"[null]", "rules"),
        (ALLOTTED, SEATS, b'"2018-01-01"', b'"2018-13-01"', "on"),
        (ALLOTTED, SEATS, b'"2018-01-01"', b'"2018-02-30"', "on"),
        (ALLOTTED, SEATS, b'"2018-01-01"', b'"2018-1-1"', "on"),
        (ALLOTTED, SEATS, b'"2018-01-01"', b'"20180101"', "on"),
        (ALLOTTED, SEATS, b'"2018-01-01"', b'"2018-01-01T00:00:00"', "on"),
        (ALLOTTED, SEATS, b'"2018-01-01"', b'"2018-01-01T00:00:00Z"', "on"),
        (ALLOTTED, SEATS, b'"2018-01-01"', b"1514764800", "on"),
        (ALLOTTED, SEATS, b'"2018-01-01"', b"null", "on"),
        (ENACTED, CAP, b'"value":1200', b'"value":1200.0', "value"),
        (ENACTED, CAP, b'"value":1200', b'"value":-1', "value"),
        (ENACTED, CAP, b'"note":null', b'"note":null,"remark":null', "remark"),
        (ENACTED, CAP, b'"note":null,', b"", "note"),
        (ENACTED, CAP, b'"note":null', b'"note":null,"note":null', "note"),
        (ENACTED, CAP, b'"conflicts":[],', b"", "conflicts"),
        (ENACTED, CAP, b'"conflicts":[]', b'"conflicts":null', "conflicts"),
        (ENACTED, CAP, b'"assumed"', b'"guessed"', "status"),
        (ENACTED, CAP, b'"until":null', b'"until":"2017-12-31"', "until"),
        (ENACTED, CAP, b'"until":null', b'"until":"2018-13-31"', "until"),
        (ENACTED, CAP, b'"Example 1/2018"', b'" "', "instrument"),
        (ENACTED, CAP, b'"article":null,', b"", "article"),
        (ENACTED, CAP, b'"akn":null,', b"", "akn"),
        (ENACTED, CAP, b'"akn":null', b'"akn":"PP 44/2015"', "akn"),
        (ENACTED, CAP, b'"passage":null', b'"passage":" "', "passage"),
        (ENACTED, CAP, b'"passage":null,', b"", "passage"),
        (ENACTED, CAP, b'"passage_sha256":null', b'"passage_sha256":"0f"', "passage_sha256"),
        (ENACTED, CAP, b'"read_on":null', b'"read_on":"2026-02-30"', "read_on"),
        (ENACTED, CAP, b'"read_on":null', b'"read_on":"2026-02-03T00:00:00"', "read_on"),
        (PAID, PAYMENT, b"2018-01/2018-03", b"2018-01/2018-13", "months"),
        (PAID, PAYMENT, b"2018-01/2018-03", b"2018-03/2018-01", "months"),
        (PAID, PAYMENT, b"2018-01/2018-03", b"2018-01/2018-02,2018-03/2018-03", "months"),
        (PAID, PAYMENT, b"2018-01/2018-03", b"2018-01/2018-01,2018-03/2018-03", "months"),
        (PAID, PAYMENT, b"2018-01/2018-03", b"2018-01/..", "months"),
        (PAID, PAYMENT, b"2018-01/2018-03", b"2018-01", "months"),
        (PAID, PAYMENT, b"2018-01/2018-03", b"", "months"),
        (PAID, PAYMENT, b'"2018-01/2018-03"', b'["2018-01"]', "months"),
        (PAID, PAYMENT, b'"2018-01/2018-03"', b"201801", "months"),
        (PAID, PAYMENT, b'"self"', b'"SELF"', "payer"),
        (PAID, PAYMENT, b'"bpu"', b'"informal"', "segment"),
        (PAID, PAYMENT, b'["jkk","jkm"]', b'["jkm","jkk"]', "programmes"),
        (PAID, PAYMENT, b'["jkk","jkm"]', b'["jkk","jkk"]', "programmes"),
        (PAID, PAYMENT, b'["jkk","jkm"]', b"[]", "programmes"),
        (PAID, PAYMENT, b'"F-1"', b'"F 1"', "reference"),
        (PAID, PAYMENT, b'"F-1"', b'""', "reference"),
        (PAID, PAYMENT, b'"F-1"', b'"' + b"F" * 65 + b'"', "reference"),
        (DEACTIVATED, IDLE, b'"2018-01"', b'"2018-13"', "last_acquisition"),
        (DEACTIVATED, IDLE, b'"2018-01"', b'"2018-00"', "last_acquisition"),
        (DEACTIVATED, IDLE, b'"2018-01"', b'"2018-1"', "last_acquisition"),
        (DEACTIVATED, IDLE, b'"2018-01"', b"201801", "last_acquisition"),
        (DEACTIVATED, IDLE, b'"reason":"idle"', b'"reason":"lazy"', "reason"),
        (DEACTIVATED, IDLE, b'"idle_months":3', b'"idle_months":-1', "idle_months"),
        (DEACTIVATED, IDLE, b'"known_at":40', b'"known_at":-1', "known_at"),
    ],
)
def test_an_event_with_a_wrong_field_cannot_be_read_and_the_field_is_named(
    name, data, old, new, field
):
    assert old in data

    with pytest.raises(UnreadableEventError, match=field):
        CODEC.decode(name, data.replace(old, new, 1))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" ",
        b"{",
        b"null",
        b"[]",
        b'"x"',
        b"5",
        SEATS[:-1],
        SEATS[:20],
        SEATS + SEATS,
        SEATS + b",",
        b"\xef\xbb\xbf" + SEATS,
        SEATS.replace(b'"seats":5', b'"seats":NaN'),
        SEATS.replace(b'"seats":5', b'"seats":Infinity'),
        SEATS.replace(b'"seats":5', b'"seats":05'),
        SEATS.replace(b'"source":null', b'"source":null,"share":NaN'),
        SEATS.replace(b'"source":null', b'"source":null,"share":' + b"9" * 5_000),
        SEATS.replace(b'"perisai"', b'"perisai\xff"'),
        SEATS.replace(b'"perisai"', b'"\xed\xa0\x80"'),
        SEATS.replace(b'"perisai"', b'"\\ud800"'),
        SEATS.replace(b"perisai", b"peri\nsai"),
        SEATS.replace(b'"source":null', b'"source":' + b"[" * 100_000 + b"]" * 100_000),
        SEATS.replace(b'"source":null', b'"source":' + b"[" * 100_000),
        SEATS.replace(b'"source":null', b'"source":null,"x":' + b"[" * 100_000 + b"]" * 100_000),
        SEATS.replace(b'"source":null', b'"source":null,"x":' + b'{"x":' * 900 + b"1" + b"}" * 900),
    ],
    ids=[
        "nothing",
        "a space",
        "a brace",
        "null",
        "a list",
        "a text",
        "a number",
        "truncated by one byte",
        "truncated",
        "two objects",
        "a comma too many",
        "byte order mark",
        "NaN",
        "infinity",
        "leading zero",
        "NaN in an unknown field",
        "5,000 digits in an unknown field",
        "invalid UTF-8",
        "a surrogate in UTF-8",
        "an escaped surrogate alone",
        "a bare line feed in a text",
        "deep nesting",
        "deep nesting without an end",
        "deep nesting in an unknown field",
        "nesting in an unknown field",
    ],
)
def test_what_is_no_event_at_all_cannot_be_read(data):
    with pytest.raises(UnreadableEventError):
        CODEC.decode(ALLOTTED, data)


@pytest.mark.parametrize("name", ["agent.recruited.v2", "agent.Recruited.v1", "agent", "", "x.v1"])
def test_an_event_that_is_not_in_the_catalogue_cannot_be_read_and_is_named(name):
    with pytest.raises(UnreadableEventError, match=repr(name)):
        CODEC.decode(name, SEATS)


@pytest.mark.parametrize("whole", [0, 1, 2**53 + 1, 2**63 - 1])
def test_a_whole_number_up_to_the_largest_is_read_to_the_last_digit(whole):
    event = CODEC.decode(ALLOTTED, SEATS.replace(b'"seats":5', b'"seats":%d' % whole))

    assert event.seats == whole


# -- The events of the golden history, with each of their leaves made wrong. ------

GOLDEN = Path(__file__).parents[1] / "golden"
NAMES = (*EVENTS, *UPCASTERS)


def _golden() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in NAMES}
    for file in GOLDEN.glob("v*.jsonl"):
        for line in file.read_bytes().splitlines():
            event = msgspec.json.decode(line)
            found[event["type"]].append(event["data"])
    return found


def _leaves(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[Any, Any]]:
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _leaves(item, (*path, name))
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from _leaves(item, (*path, place))
    else:
        yield path, value


def _with(data: Any, path: tuple[str | int, ...], leaf: Any) -> bytes:
    changed = msgspec.json.decode(msgspec.json.encode(data))
    at = changed
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = leaf
    return msgspec.json.encode(changed)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("wrong", [1.0, 1_000.0, 0.5, -1, 2**63, True, "1"])
def test_every_number_in_every_event_is_a_whole_one_from_0_to_the_largest(name, wrong):
    read = [
        path
        for data in _golden()[name]
        for path, leaf in _leaves(data)
        if isinstance(leaf, int) and _is_read(name, _with(data, path, wrong))
    ]

    assert read == []


@pytest.mark.parametrize("name", NAMES)
def test_no_event_can_hold_a_sentence_outside_of_the_words_of_the_law(name):
    read = {
        ".".join(str(step) for step in path if isinstance(step, str))
        for data in _golden()[name]
        for path, leaf in _leaves(data)
        if not isinstance(leaf, int)
        if not _in_words_of_law(path)
        if _is_read(name, _with(data, path, "Ibu Sari, Denpasar, 5171 0000"))
    }

    assert read == set()


def _is_read(name: str, data: bytes) -> bool:
    try:
        CODEC.decode(name, data)
    except UnreadableEventError:
        return False
    return True


def _in_words_of_law(path: tuple[str | int, ...]) -> bool:
    return path[-1] in {"trigger", "note", "instrument", "article", "passage"} or path[-2:] == (
        "citation",
        "source",
    )


# -- Old events. -------------------------------------------------------------------


@attrs.frozen(kw_only=True)
class DoorOpened:
    width_mm: int
    on: date


def _in_millimetres(data: dict[str, Any]) -> dict[str, Any]:
    return {"day": data["day"], "width_mm": data.pop("width_cm") * 10}


def _renamed(data: dict[str, Any]) -> dict[str, Any]:
    data["on"] = data.pop("day")
    return data


DOORS = Codec(
    {"door.opened.v3": DoorOpened},
    {
        "door.opened.v1": ("door.opened.v2", _in_millimetres),
        "door.opened.v2": ("door.opened.v3", _renamed),
    },
)
OPENED = DoorOpened(width_mm=700, on=date(2018, 2, 5))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("door.opened.v1", b'{"day":"2018-02-05","width_cm":70}'),
        ("door.opened.v2", b'{"day":"2018-02-05","width_mm":700}'),
        ("door.opened.v3", b'{"on":"2018-02-05","width_mm":700}'),
    ],
)
def test_an_old_event_is_read_as_the_newest_and_kept_as_it_is(name, data):
    assert DOORS.decode(name, data) == OPENED
    assert DOORS.read(name, data)[1] == data


def test_an_event_is_written_under_the_newest_name():
    assert DOORS.name(OPENED) == "door.opened.v3"
    assert DOORS.encode(OPENED) == b'{"on":"2018-02-05","width_mm":700}'


def test_an_event_is_looked_for_under_its_older_names_too():
    assert set(DOORS.names([DoorOpened])) == {
        "door.opened.v1",
        "door.opened.v2",
        "door.opened.v3",
    }
    assert DOORS.names([]) == ()
    assert CODEC.names([agent.AgentRecruited]) == ("agent.recruited.v1",)


def test_an_old_event_is_brought_to_one_spelling_under_its_old_name():
    loose = b' { "width_cm" : 70, "day" : "2018-02-05" } '

    assert DOORS.read("door.opened.v1", loose)[1] == b'{"day":"2018-02-05","width_cm":70}'


@pytest.mark.parametrize(
    "data",
    [
        b'{"day":"2018-02-05"}',
        b'{"day":"2018-02-05","width_cm":"70"}',
        b'{"day":"2018-02-05","width_cm":70.0}',
        b'{"day":"2018-02-05","width_cm":7e1}',
        b'{"day":"2018-02-05","width_cm":null}',
        b'{"day":"2018-13-05","width_cm":70}',
        b'{"day":"2018-02-05","width_cm":70,"width_cm":71}',
        b'{"day":"2018-02-05","width_cm":70',
        b'{"day":"2018-02-05","width_cm":NaN}',
        b'{"day":"2018-02-05\xff","width_cm":70}',
        b'{"day":"2018-02-05","width_cm":' + b"9" * 5_000 + b"}",
        b'{"day":"2018-02-05","width_cm":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b"",
        b"[]",
        b"null",
        b"5",
        b'"x"',
    ],
)
@pytest.mark.parametrize("name", ["door.opened.v1", "door.opened.v2"])
def test_an_old_event_that_is_not_what_it_claims_to_be_cannot_be_read(name, data):
    with pytest.raises(UnreadableEventError):
        DOORS.decode(name, data)


@pytest.mark.parametrize(
    "data",
    [
        b'{"day":"2018-02-05","width_mm":700,"colour":"red"}',
        b'{"day":"2018-02-05","width_mm":700,"on":"2018-02-06","colour":null}',
    ],
)
def test_an_old_event_with_an_unknown_field_cannot_be_read(data):
    with pytest.raises(UnreadableEventError, match="colour"):
        DOORS.decode("door.opened.v2", data)
