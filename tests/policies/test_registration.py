"""Only an agent whose account is active enrols participants, or takes them into his care."""

from datetime import date

import pytest

import jamsos
from jamsos import Accepted, Refused, Segment
from jamsos.domain.agent import AgentStatus
from jamsos.domain.participant import Channel, Enrolment, LeavingReason, Participant, Transfer
from jamsos.errors import InputError, NotFoundError
from jamsos.policies.registration import agent_is_active
from tests.domain.an_agent import who_is

S = AgentStatus
SINCE = date(2018, 1, 10)
NOBODY = Participant(id="participant-1")
WAITING = {S.UNKNOWN, S.RECRUITED, S.IN_TRAINING, S.CERTIFIED}


def enrolment(status, on=SINCE):
    return Enrolment(
        participant=NOBODY,
        segment=Segment.NON_WAGE_EARNER,
        province="51",
        agent=who_is(status, SINCE),
        on=on,
    )


def transfer(status, on=SINCE):
    agent = who_is(status, SINCE)
    return Transfer(participant=NOBODY, segment=Segment.NON_WAGE_EARNER, agent=agent, on=on)


@pytest.mark.parametrize("case", [enrolment, transfer])
def test_an_active_agent_enrols_and_cares_from_the_first_day_of_his_account(case):
    assert agent_is_active(case(S.ACTIVE)) is None

    reason = agent_is_active(case(S.ACTIVE, on=date(2018, 1, 9)))
    assert reason.explanation == "The agent's account is active only since 2018-01-10."


@pytest.mark.parametrize("case", [enrolment, transfer])
@pytest.mark.parametrize("status", [s for s in S if s is not S.ACTIVE])
def test_no_other_agent_does_and_the_source_fits_his_stage(case, status):
    reason = agent_is_active(case(status, on=date(2018, 1, 11)))

    assert reason.policy == "registration"
    assert reason.explanation == f"The agent's account is not active: the agent is {status}."
    assert reason.citation.source == ("S06" if status in WAITING else "S20")


def test_without_an_agent_nobody_is_refused():
    alone = Enrolment(
        participant=NOBODY, segment=Segment.WAGE_EARNER, province="51", agent=None, on=SINCE
    )

    assert agent_is_active(alone) is None


def register(registry, agent, on, **other):
    participant = jamsos.new_participant_id()
    return registry.register(participant, province="51", agent=agent, on=on, **other)


def test_an_agent_enrols_while_his_account_is_active_and_not_after_it(registry, agent):
    assert isinstance(register(registry, agent, date(2017, 11, 30)), Refused)
    assert register(registry, agent, date(2017, 12, 1)).or_raise()

    registry.resign(agent, on=date(2018, 2, 1)).or_raise()
    assert register(registry, agent, date(2018, 2, 1)).or_raise()
    assert isinstance(register(registry, agent, date(2018, 2, 2)), Refused)


@pytest.mark.parametrize(
    ("how", "channel"),
    [({}, Channel.DIRECT), ({"sponsor": "desa-7"}, Channel.SPONSOR)],
)
def test_one_is_registered_directly_or_by_a_sponsor_without_an_agent(registry, how, channel):
    (event,) = register(registry, None, SINCE, **how).or_raise().events

    assert (event.channel, event.agent, event.sponsor) == (channel, None, how.get("sponsor"))


def test_one_who_was_registered_by_an_agent_is_in_his_care(registry, agent):
    (event,) = register(registry, agent, SINCE).or_raise().events

    assert (event.channel, event.agent) == (Channel.AGENT, agent)
    assert event.changes[0].after.current.agent == agent


def test_an_agent_and_a_sponsor_are_one_too_many(registry, agent):
    with pytest.raises(InputError, match="name one of them"):
        register(registry, agent, SINCE, sponsor="desa-7")


def test_one_comes_back_to_an_active_agent_only(registry, agent):
    participant = jamsos.new_participant_id()
    registry.register(participant, province="51", on=SINCE).or_raise()
    registry.leave(participant, reason=LeavingReason.LEFT_WORK, on=date(2018, 2, 1)).or_raise()
    again = {"province": "51", "agent": agent, "on": date(2018, 3, 1)}
    assert registry.trial().come_back(participant, **again).or_raise()

    registry.resign(agent, on=date(2018, 2, 20)).or_raise()
    assert isinstance(registry.come_back(participant, **again), Refused)


def test_one_is_given_to_an_agent_or_to_a_branch_and_not_to_both(registry, agent):
    participant = jamsos.new_participant_id()
    registry.register(participant, province="51", on=SINCE).or_raise()

    for both_or_none in ({}, {"agent": agent, "branch": "JKT-1"}):
        with pytest.raises(InputError, match="name one of them"):
            registry.transfer(participant, on=SINCE, **both_or_none)
    assert registry.transfer(participant, on=SINCE, agent=agent).or_raise()
    assert registry.transfer(participant, on=SINCE, agent=agent) == Accepted()


def test_an_agent_who_was_never_recruited_returns_to_nothing(registry):
    with pytest.raises(NotFoundError, match="was never recruited"):
        registry.reactivate(jamsos.new_agent_id(), on=SINCE)
