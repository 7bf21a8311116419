"""Which kind of thing a stream holds, and what its events make of it."""

from datetime import date

import pytest

from jamsos.domain.agent import Agent, AgentStatus, AgentTrainingBegun
from jamsos.domain.aggregate import kind, state
from jamsos.domain.participant import Participant
from jamsos.domain.programme import Programme
from jamsos.domain.quota import Quota, QuotaAllotted
from jamsos.errors import InputError

BEGUN = AgentTrainingBegun(on=date(2017, 11, 21))


def allotted(seats):
    return QuotaAllotted(
        programme="two-words", region="51", seats=seats, source=None, rules=(), on=date(2018, 1, 1)
    )


@pytest.mark.parametrize(
    ("stream", "held", "empty"),
    [
        ("agent-1", "agent", Agent(id="agent-1")),
        ("participant-1", "participant", Participant(id="participant-1")),
        ("programme-perisai", "programme", Programme("perisai")),
        ("quota-perisai-national", "quota", Quota(programme="perisai", region="national")),
        ("quota-two-words-51", "quota", Quota(programme="two-words", region="51")),
    ],
)
def test_a_stream_says_what_it_holds_and_begins_empty(stream, held, empty):
    assert kind(stream) == held
    assert state(stream, []) == empty


@pytest.mark.parametrize("stream", ["", "agent", "agent-", "branch-1", "Agent-1", "-1"])
def test_another_name_is_no_streams(stream):
    with pytest.raises(InputError, match="is not a stream"):
        kind(stream)
    with pytest.raises(InputError, match="is not a stream"):
        state(stream, [])


def test_events_make_the_state_one_after_the_other():
    quota = state("quota-two-words-51", [allotted(3), allotted(4)])

    assert quota.allotted == 7


def test_events_are_laid_on_top_of_a_state_that_is_known():
    before = state("quota-two-words-51", [allotted(3)])

    assert state("quota-two-words-51", [allotted(4)], since=before).allotted == 7
    assert state("quota-two-words-51", [], since=before) is before


def test_an_event_that_should_not_have_happened_loads_and_has_no_effect():
    agent = state("agent-1", [BEGUN, BEGUN])

    assert agent.status is AgentStatus.UNKNOWN
    assert [stage.event for stage in agent.without_effect] == [BEGUN, BEGUN]
