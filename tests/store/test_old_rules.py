"""Rules of versions 1 and 2: read as version 3, with nothing invented and nothing let through."""

from datetime import date

import pytest

from jamsos.domain.codec import UnreadableEventError
from jamsos.domain.value import Table
from jamsos.store.catalogue import CODEC

ENACTED_V1 = "programme.rule-enacted.v1"
CAP_V1 = (
    b'{"on":"2018-01-01","rule":"agent-cap","scope":"national","unit":"agents","values":'
    b'[{"citation":{"article":null,"instrument":"Example 1/2018","source":null},'
    b'"conflicts":[],"in_force":"2018-01-01","note":null,"published":null,"status":"assumed",'
    b'"until":null,"value":1200}]}'
)
AMENDED_V1 = "programme.rule-amended.v1"
CAP_AMENDED_V1 = (
    b'{"evaluation":null,"on":"2018-01-01","rule":"agent-cap","scope":"national","value":'
    b'{"citation":{"article":null,"instrument":"Example 1/2018","source":null},'
    b'"conflicts":[],"in_force":"2018-01-01","note":null,"published":null,"status":"assumed",'
    b'"until":null,"value":1200}}'
)
ENDED_V1 = "programme.rule-ended.v1"
CAP_ENDED_V1 = (
    b'{"citation":{"article":null,"instrument":"Example 1/2018","source":null},'
    b'"last_day":"2018-12-31","on":"2018-12-01","rule":"agent-cap","scope":"national"}'
)
V1 = [(ENACTED_V1, CAP_V1), (AMENDED_V1, CAP_AMENDED_V1), (ENDED_V1, CAP_ENDED_V1)]

ENACTED_V2 = "programme.rule-enacted.v2"
RATES_V2 = (
    b'{"on":"2018-01-01","rule":"rates","scope":"51","unit":"per-100000","values":'
    b'[{"citation":{"article":null,"instrument":"Example 1/2018","source":"S1",'
    b'"url":"https://example.org/1"},"conflicts":[{"citation":{"article":"article 2",'
    b'"instrument":"Example 2/2018","source":null,"url":null},"note":"Another.","value":'
    b'{"rows":[{"key":"low","value":400}]}}],"in_force":"2018-01-01","note":null,'
    b'"published":null,"status":"assumed","until":null,"value":'
    b'{"rows":[{"key":"low","value":540}]},"verified_until":"2018-06-30"}]}'
)
AMENDED_V2 = "programme.rule-amended.v2"
RATES_AMENDED_V2 = (
    b'{"evaluation":null,"on":"2018-01-01","rule":"rates","scope":"51","unit":"per-100000",'
    b'"value":{"citation":{"article":null,"instrument":"Example 1/2018","source":"S1",'
    b'"url":"https://example.org/1"},"conflicts":[{"citation":{"article":"article 2",'
    b'"instrument":"Example 2/2018","source":null,"url":null},"note":"Another.","value":'
    b'{"rows":[{"key":"low","value":400}]}}],"in_force":"2018-01-01","note":null,'
    b'"published":null,"status":"assumed","until":null,"value":'
    b'{"rows":[{"key":"low","value":540}]},"verified_until":"2018-06-30"}}'
)
ENDED_V2 = "programme.rule-ended.v2"
RATES_ENDED_V2 = (
    b'{"citation":{"article":null,"instrument":"Example 1/2018","source":"S1",'
    b'"url":"https://example.org/1"},"last_day":"2018-12-31","on":"2018-12-01",'
    b'"rule":"rates","scope":"51"}'
)
V2 = [(ENACTED_V2, RATES_V2), (AMENDED_V2, RATES_AMENDED_V2), (ENDED_V2, RATES_ENDED_V2)]


def unproven(citation):
    """Say whether *citation* holds nothing of what versions 1 and 2 do not have."""
    proof = (citation.passage, citation.passage_sha256, citation.read_on, citation.akn)
    return proof == (None, None, None, None)


# -- Version 1. --------------------------------------------------------------------


@pytest.mark.parametrize(("name", "data"), V1)
def test_a_rule_of_version_1_is_read_and_nothing_is_invented(name, data):
    event = CODEC.decode(name, data)
    assert CODEC.read(name, data)[1] == data

    if name == ENDED_V1:
        assert event.citation.url is None
        assert unproven(event.citation)
        return
    value = event.value if name == AMENDED_V1 else event.values[0]
    assert (value.value, value.verified_until, value.citation.url) == (1_200, None, None)
    assert event.unit == ("agents" if name == ENACTED_V1 else None)
    assert unproven(value.citation)


@pytest.mark.parametrize(
    ("name", "data", "old", "new", "field"),
    [
        (ENACTED_V1, CAP_V1, b'"value":1200', b'"value":["jkk"]', "value"),
        (ENACTED_V1, CAP_V1, b'"value":1200', b'"value":{"rows":[{"key":0,"value":1}]}', "value"),
        (ENACTED_V1, CAP_V1, b'"value":1200', b'"value":true', "value"),
        (ENACTED_V1, CAP_V1, b'"value":1200', b'"value":1200,"verified_until":null', "verified"),
        (ENACTED_V1, CAP_V1, b'"source":null', b'"source":null,"url":null', "url"),
        (ENACTED_V1, CAP_V1, b'"source":null', b'"source":null,"akn":null', "akn"),
        (ENACTED_V1, CAP_V1, b'"conflicts":[],', b"", "conflicts"),
        (ENACTED_V1, CAP_V1, b'"conflicts":[]', b'"conflicts":[{"value":["jkk"]}]', "citation"),
        (ENACTED_V1, CAP_V1, b'"conflicts":[]', b'"conflicts":{}', "conflicts"),
        (AMENDED_V1, CAP_AMENDED_V1, b'"rule":', b'"unit":"agents","rule":', "unit"),
        (AMENDED_V1, CAP_AMENDED_V1, b'"value":1200', b'"value":"1200"', "value"),
        (ENDED_V1, CAP_ENDED_V1, b'"source":null', b'"source":null,"url":null', "url"),
        (ENDED_V1, CAP_ENDED_V1, b'"source":null', b'"source":null,"read_on":null', "read_on"),
        (ENDED_V1, CAP_ENDED_V1, b'"citation":{', b'"cited":{', "citation"),
    ],
)
def test_what_version_1_did_not_have_is_not_read_as_version_1(name, data, old, new, field):
    assert data.count(old) == 1
    with pytest.raises(UnreadableEventError, match=field):
        CODEC.decode(name, data.replace(old, new))


# -- Version 2. --------------------------------------------------------------------


@pytest.mark.parametrize(("name", "data"), V2)
def test_a_rule_of_version_2_is_read_and_nothing_is_invented(name, data):
    event = CODEC.decode(name, data)
    assert CODEC.read(name, data)[1] == data

    if name == ENDED_V2:
        assert (event.citation.url, event.last_day) == ("https://example.org/1", date(2018, 12, 31))
        assert unproven(event.citation)
        return
    value = event.value if name == AMENDED_V2 else event.values[0]
    assert (event.unit, event.scope) == ("per-100000", "51")
    assert (value.value, value.verified_until) == (Table.of({"low": 540}), date(2018, 6, 30))
    assert (value.citation.source, value.citation.url) == ("S1", "https://example.org/1")
    assert [(c.value, c.note) for c in value.conflicts] == [(Table.of({"low": 400}), "Another.")]
    assert unproven(value.citation)
    assert unproven(value.conflicts[0].citation)


@pytest.mark.parametrize(("name", "data"), [*V1, *V2])
def test_an_old_rule_is_written_again_as_version_3(name, data):
    event = CODEC.decode(name, data)

    assert CODEC.name(event) == f"{name.removesuffix('1').removesuffix('2')}3"
    assert CODEC.decode(CODEC.name(event), CODEC.encode(event)) == event


@pytest.mark.parametrize("field", ["akn", "passage", "passage_sha256", "read_on"])
@pytest.mark.parametrize(("name", "data"), V2)
def test_what_version_2_did_not_have_is_not_read_as_version_2(name, data, field):
    here = b'"source":"S1"'
    in_conflict = b'"source":null'

    for old in (here, in_conflict) if in_conflict in data else (here,):
        assert data.count(old) == 1
        with pytest.raises(UnreadableEventError, match=f"there is no field '{field}'"):
            CODEC.decode(name, data.replace(old, old + f',"{field}":null'.encode()))


@pytest.mark.parametrize(
    ("name", "data", "old", "new", "field"),
    [
        (ENACTED_V2, RATES_V2, b',"url":"https://example.org/1"', b"", "url"),
        (ENACTED_V2, RATES_V2, b',"url":null', b"", "url"),
        (ENACTED_V2, RATES_V2, b',"verified_until":"2018-06-30"', b"", "verified_until"),
        (ENACTED_V2, RATES_V2, b'"value":540', b'"value":540.0', "value"),
        (ENACTED_V2, RATES_V2, b'"note":null', b'"note":null,"remark":null', "remark"),
        (AMENDED_V2, RATES_AMENDED_V2, b'"unit":"per-100000",', b"", "unit"),
        (AMENDED_V2, RATES_AMENDED_V2, b'"value":{"citation"', b'"value":{"cited"', "citation"),
        (ENDED_V2, RATES_ENDED_V2, b"https://example.org/1", b"on page 1", "url"),
        (ENDED_V2, RATES_ENDED_V2, b'"citation":{', b'"cited":{', "citation"),
    ],
)
def test_what_version_2_would_not_have_written_is_not_read_as_version_2(
    name, data, old, new, field
):
    assert data.count(old) == 1
    with pytest.raises(UnreadableEventError, match=field):
        CODEC.decode(name, data.replace(old, new))


@pytest.mark.parametrize("nothing", [b"{}", b'""', b"null"])
def test_what_is_no_list_is_not_read_as_an_empty_one(nothing):
    first, last = RATES_V2.index(b'[{"citation":{"article":"'), RATES_V2.index(b',"in_force"')
    no_conflicts = RATES_V2[:first] + nothing + RATES_V2[last:]
    no_values = RATES_V2[: RATES_V2.index(b'[{"citation"')] + nothing + b"}"

    for data, field in ((no_conflicts, "conflicts"), (no_values, "values")):
        with pytest.raises(UnreadableEventError, match=f"the field '{field}' is .* not a list"):
            CODEC.decode(ENACTED_V2, data)


# -- Contributions of version 1. ---------------------------------------------------


def test_a_contribution_of_version_1_does_not_say_what_it_was_checked_on():
    data = (
        b'{"amount":16800,"changes":[],"income":1000000,"months":"2018-01/2018-03",'
        b'"on":"2018-01-05","payer":"self","programmes":["jkk","jkm"],"reference":"F-1",'
        b'"segment":"bpu"}'
    )
    name = "participant.contribution-paid.v1"

    assert CODEC.decode(name, data).check is None
    with pytest.raises(UnreadableEventError, match="there is no field 'check'"):
        CODEC.decode(name, data.replace(b'"changes"', b'"check":null,"changes"'))
