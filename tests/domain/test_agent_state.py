"""What its events make of an agent: his seat, his account, his days."""

from datetime import date

import pytest

from jamsos.domain.agent import (
    Agent,
    AgentAssigned,
    AgentCertified,
    AgentDeactivated,
    AgentReactivated,
    AgentRecruited,
    AgentResigned,
    AgentStatus,
    AgentTerminated,
    AgentTrainingBegun,
    DeactivationReason,
    TerminationCause,
    evolve,
    recruit,
)
from jamsos.domain.programme import Programme

S = AgentStatus
DAY = date(2018, 1, 10)
NOBODY = Agent(id="agent-1")
RECRUITED = AgentRecruited(programme="perisai", province="51", region="national", rules=(), on=DAY)
DEACTIVATED = AgentDeactivated(
    reason=DeactivationReason.OFFICE,
    idle_months=None,
    last_acquisition=None,
    known_at=None,
    rules=(),
    on=DAY,
)
RETURNED = AgentReactivated(region="51", rules=(), on=DAY)
EVENTS = {
    RECRUITED: S.RECRUITED,
    AgentTrainingBegun(on=DAY): S.IN_TRAINING,
    AgentCertified(on=DAY): S.CERTIFIED,
    AgentAssigned(on=DAY): S.ACTIVE,
    DEACTIVATED: S.DEACTIVATED,
    RETURNED: S.ACTIVE,
    AgentResigned(on=DAY): S.RESIGNED,
    AgentTerminated(cause=TerminationCause.FRAUD, on=DAY): S.TERMINATED,
}


def after(*events):
    agent = NOBODY
    for event in events:
        agent = evolve(agent, event)
    return agent


def test_who_was_never_recruited_is_unknown():
    assert NOBODY.status is S.UNKNOWN


def test_a_recruit_holds_a_seat_in_the_region_he_was_given():
    rules = ("perisai/agent-cap/1",)
    asked = {"province": "51", "region": "national", "rules": rules, "on": DAY}
    answer = recruit(NOBODY, Programme("perisai"), **asked)

    agent = evolve(NOBODY, *answer.events)
    assert (agent.status, agent.programme, agent.province) == (S.RECRUITED, "perisai", "51")
    assert (agent.seat, agent.last_event) == ("national", DAY)
    assert answer.events[0].rules == rules


@pytest.mark.parametrize(("event", "status"), EVENTS.items())
def test_who_is_away_holds_no_seat_and_everybody_else_keeps_his(event, status):
    agent = after(RECRUITED, event)

    away = status in {S.DEACTIVATED, S.RESIGNED, S.TERMINATED}
    assert (agent.seat is None) == away
    assert (agent.programme, agent.province) == ("perisai", "51")


def test_who_returns_holds_a_seat_in_the_region_of_his_return():
    agent = after(RECRUITED, DEACTIVATED, RETURNED)

    assert (agent.seat, agent.active_since, agent.deactivated_on) == ("51", DAY, DAY)


@pytest.mark.parametrize("first", EVENTS)
@pytest.mark.parametrize(("second", "status"), EVENTS.items())
def test_whatever_has_happened_to_an_agent_loads(first, second, status):
    agent = after(first, second)

    assert (agent.id, agent.status, agent.last_event) == ("agent-1", status, second.on)
