"""A state is written and read back exactly, whatever made it, and goes on as if it had not been."""

from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jamsos import new_agent_id
from jamsos.domain.agent import (
    Agent,
    AgentAssigned,
    AgentCertified,
    AgentDeactivated,
    AgentFact,
    AgentFactVoided,
    AgentReactivated,
    AgentRecruited,
    AgentReseated,
    AgentTrainingBegun,
    DeactivationReason,
)
from jamsos.domain.aggregate import state as state_of
from jamsos.domain.geography import NATIONAL
from jamsos.domain.participant import Participant
from jamsos.domain.quota import QuotaAllotted, QuotaSeatReleased, QuotaSeatTaken
from jamsos.store.states import UnreadableStateError, read, written
from jamsos.testing.strategies import histories

DAY = date(2018, 1, 8)


def office(on):
    return AgentDeactivated(
        reason=DeactivationReason.OFFICE,
        idle_months=None,
        last_acquisition=None,
        known_at=None,
        rules=(),
        on=on,
    )


def long_agent(number, dice=None):
    """Tell of an agent who comes and goes; with *dice*, late facts, voids and other seats too."""
    events = [
        AgentRecruited(programme="perisai", province="51", region=NATIONAL, rules=(), on=DAY),
        AgentTrainingBegun(on=DAY),
        AgentCertified(on=DAY),
        AgentAssigned(on=DAY),
    ]
    while len(events) < number:
        on = DAY + timedelta(days=len(events) if dice is None else dice.randrange(number))
        if dice is not None and dice.random() < 0.2:
            events.append(
                AgentFactVoided(
                    version=dice.randrange(1, len(events) + 1),
                    fact=AgentFact.DEACTIVATED,
                    fact_on=on,
                    programme=None,
                    reason=dice.choice(["mistake", "retold"]),
                    on=on,
                )
            )
        elif dice is not None and dice.random() < 0.2:
            events.append(AgentReseated(region=dice.choice(["51", "32"]), rules=(), on=on))
        elif len(events) % 2:
            events.append(AgentReactivated(region=NATIONAL, rules=(), on=on))
        else:
            events.append(office(on))
    return new_agent_id(), events[:number]


def long_quota(number, dice=None):
    events = [
        QuotaAllotted(
            programme="perisai", region=NATIONAL, seats=number, source=None, rules=(), on=DAY
        )
    ]
    agent = new_agent_id()
    while len(events) < number:
        on = DAY + timedelta(days=len(events) if dice is None else dice.randrange(number))
        if len(events) % 2:
            events.append(QuotaSeatTaken(agent=agent, rules=(), on=on))
        else:
            events.append(QuotaSeatReleased(agent=agent, on=on))
    return "quota-perisai-national", events


def streams_of(world):
    told = {}
    for recorded in world.history():
        told.setdefault(recorded.stream, []).append(recorded.event)
    return told


def check(stream, events, at):
    """Check that a snapshot of *events* up to place *at*, and the rest, make the same state."""
    before = state_of(stream, events[:at])
    data = written(before)
    again = read(stream, data)
    assert again == before
    assert written(again) == data
    on_from = state_of(stream, events[at:], since=read(stream, data))
    whole = state_of(stream, events)
    assert on_from == whole
    if isinstance(whole, Participant):
        assert (on_from.life, on_from.standings) == (whole.life, whole.standings)
        assert again.life == before.life


@settings(max_examples=40, deadline=None, database=None)
@given(histories(steps=40), st.data())
def test_a_state_read_back_at_any_version_goes_on_to_the_state_that_all_events_make(history, data):
    told = streams_of(history.world)
    for stream in data.draw(st.permutations(sorted(told)))[:6]:
        check(stream, told[stream], data.draw(st.integers(0, len(told[stream]))))


@pytest.mark.parametrize("long", [long_agent, long_quota])
@pytest.mark.parametrize("seed", [None, 1])
def test_a_long_stream_goes_on_from_any_version(long, seed):
    stream, events = long(600, None if seed is None else Random(seed))
    for at in (0, 256, 257, 599, 600):
        check(stream, events, at)


@pytest.mark.parametrize("seed", range(3))
def test_the_chapters_of_an_agent_are_those_of_facts_folded_one_by_one(seed):
    stream, events = long_agent(700, Random(seed))
    long = state_of(stream, events)
    assert len(long.stages.chapters) > 1

    again = Agent(id=stream, version=long.version, stages=tuple(long.stages))

    assert again.stages == long.stages
    assert (again.seats, again.active_days) == (long.seats, long.active_days)
    for days in range(-1, 702, 7):
        day = DAY + timedelta(days=days)
        assert again.status_on(day) == long.status_on(day)
        assert long.seat_on(day) == next((h.region for h in long.seats if h.covers(day)), None)
        assert long.active_on(day) == any(
            first <= day and (last is None or day <= last) for first, last in long.active_days
        )


@pytest.mark.parametrize(
    "data",
    [b"", b"{}", b"nonsense", b'{"version":1}', b"\n", b"[]", b"\xff"],
)
@pytest.mark.parametrize(
    "stream",
    ["quota-perisai-national", "programme-perisai", long_agent(4)[0], "participant-" + "0" * 36],
    ids=["quota", "programme", "agent", "participant"],
)
def test_what_is_no_state_is_unreadable(stream, data):
    with pytest.raises(UnreadableStateError):
        read(stream, data)


def test_a_state_without_one_of_its_parts_is_unreadable():
    stream, events = long_quota(600)
    data = written(state_of(stream, events))
    with pytest.raises(UnreadableStateError):
        read(stream, data.rpartition(b"\n")[0])
