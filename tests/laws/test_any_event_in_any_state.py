"""Any event can happen in any state, and is read back as it was written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jamsos.domain.aggregate import AGGREGATES
from jamsos.domain.aggregate import state as state_of
from jamsos.domain.geography import NATIONAL
from jamsos.domain.identity import programme_stream, quota_stream
from jamsos.store.catalogue import CODEC, EVENTS
from jamsos.testing.strategies import events
from tests.laws.drawing import AGENTS, PEOPLE, PROGRAMME, tries

EVENTS_OF = {
    kind: events(*(type_ for name, type_ in EVENTS.items() if name.startswith(f"{kind}.")))
    for kind in AGGREGATES
}
STREAM_OF = {
    "agent": AGENTS[0],
    "participant": PEOPLE[0],
    "programme": programme_stream(PROGRAMME),
    "quota": quota_stream(PROGRAMME, NATIONAL),
}


@pytest.mark.parametrize("kind", sorted(AGGREGATES))
@given(data=st.data())
@tries(100)
def test_any_event_can_follow_any_others_of_its_kind(kind, data):
    stream = STREAM_OF[kind]
    happened = data.draw(st.lists(EVENTS_OF[kind], max_size=12))
    before = state_of(stream, ())

    after = state_of(stream, happened)

    assert type(after) is type(before)
    assert state_of(stream, happened[1:], since=state_of(stream, happened[:1])) == after


@pytest.mark.parametrize("kind", sorted(AGGREGATES))
@given(data=st.data())
@tries(60)
def test_any_event_is_read_back_as_it_was_written(kind, data):
    happened = data.draw(EVENTS_OF[kind])

    name, written = CODEC.name(happened), CODEC.encode(happened)

    assert CODEC.decode(name, written) == happened
