"""A fact about an agent's stages is told otherwise: the wrong one voided, the right one told."""

from datetime import date
from functools import partial

import pytest

from jamsos.domain.agent import (
    RETOLD,
    AgentFactVoided,
    AgentResigned,
    AgentStatus,
    DeactivationReason,
    TerminationCause,
    assign,
    begin_training,
    certify,
    deactivate,
    evolve,
    recruit,
    resign,
    retell,
    terminate,
    void,
)
from jamsos.domain.decision import Accepted
from jamsos.domain.programme import Programme
from jamsos.errors import InputError, NotFoundError
from tests.domain.an_agent import deactivated, recruited, returned, steps_to_work, told

NOVEMBER, DECEMBER, JANUARY = date(2017, 11, 20), date(2017, 12, 4), date(2018, 1, 8)
MARCH, SEPTEMBER = date(2018, 3, 1), date(2018, 9, 1)
AT_WORK = (recruited(NOVEMBER), *steps_to_work(DECEMBER)[1:])


def hire(agent, on, province="51", programme="perisai"):
    return recruit(
        agent, Programme(programme), province=province, region="national", rules=(), on=on
    )


def retold(agent, step, version, on, **other):
    """Tell by *step* what is to stand instead of *version*; return the agent after it."""
    decide = partial(step, on=on, **other)
    for event in retell(agent, decide, instead_of=version, on=on).events:
        agent = evolve(agent, event)
    return agent


def test_a_resignation_is_told_for_another_day_and_the_events_say_what_it_replaces():
    agent = told(*AT_WORK, AgentResigned(on=MARCH))

    voided, told_ = retell(agent, partial(resign, on=JANUARY), instead_of=5, on=JANUARY).events

    assert isinstance(voided, AgentFactVoided)
    assert (voided.version, voided.reason, voided.fact_on, voided.on) == (5, RETOLD, MARCH, JANUARY)
    assert told_ == AgentResigned(on=JANUARY)


def test_a_fact_may_be_told_instead_of_one_of_another_kind():
    agent = told(*AT_WORK, AgentResigned(on=MARCH))

    after = retold(agent, terminate, 5, MARCH, cause=TerminationCause.FRAUD)

    assert after.status is AgentStatus.TERMINATED
    assert [stage.version for stage in after.stages] == [1, 2, 3, 4, 7]


@pytest.mark.parametrize("on", [date(2017, 11, 1), date(2017, 12, 3), DECEMBER])
def test_a_recruitment_is_told_for_another_day_as_long_as_the_training_finds_it(on):
    after = retold(told(*AT_WORK), hire, 1, on)

    assert after.status is AgentStatus.ACTIVE
    assert after.without_effect == ()
    assert (after.seats[0].begins, after.province) == (on, "51")


def test_a_recruitment_is_not_told_for_the_day_after_the_training_began():
    with pytest.raises(InputError, match="the training begins on 2017-12-04"):
        retold(told(*AT_WORK), hire, 1, date(2017, 12, 5))


def test_a_fact_told_otherwise_keeps_its_place_among_the_facts_of_one_day():
    agent = told(*steps_to_work(DECEMBER))

    agent = retold(agent, hire, 1, DECEMBER, province="31")
    assert (agent.status, agent.province) == (AgentStatus.ACTIVE, "31")
    again = retold(agent, hire, 6, DECEMBER, province="32")
    assert (again.status, again.province) == (AgentStatus.ACTIVE, "32")


def test_steps_of_one_day_are_told_for_earlier_days_one_by_one():
    agent = told(*AT_WORK)

    agent = retold(agent, begin_training, 2, NOVEMBER)
    agent = retold(agent, certify, 3, NOVEMBER)
    agent = retold(agent, assign, 4, date(2017, 11, 30))

    assert agent.active_since == date(2017, 11, 30)
    assert agent.without_effect == ()


def test_what_is_told_next_comes_after_the_other_facts_of_its_day():
    agent = retold(told(*steps_to_work(DECEMBER)), hire, 1, DECEMBER, province="31")

    agent = evolve(agent, AgentResigned(on=DECEMBER))

    assert [stage.version for stage in agent.stages] == [6, 2, 3, 4, 7]
    assert agent.status is AgentStatus.RESIGNED


def test_a_deactivation_is_not_told_for_a_day_after_the_return_that_needs_it():
    agent = told(*AT_WORK, deactivated(MARCH), returned(SEPTEMBER))

    assert retold(agent, deactivate, 5, SEPTEMBER).status is AgentStatus.ACTIVE
    with pytest.raises(InputError, match="they return on 2018-09-01"):
        retold(agent, deactivate, 5, date(2018, 9, 2))


def test_a_decision_that_the_new_fact_does_not_bear_stands_without_effect():
    agent = told(*AT_WORK, deactivated(MARCH, DeactivationReason.IDLE))

    after = retold(agent, assign, 4, SEPTEMBER)

    assert (after.status, len(after.without_effect)) == (AgentStatus.ACTIVE, 1)
    assert after.seats[0].ends is None


def test_a_fact_equal_to_the_one_that_it_replaces_does_nothing():
    agent = told(*AT_WORK)

    assert retell(agent, partial(hire, on=NOVEMBER), instead_of=1, on=NOVEMBER) == Accepted()


def test_the_very_same_told_again_does_nothing_and_another_instead_of_what_is_voided_is_an_error():
    agent = told(*AT_WORK, AgentResigned(on=MARCH))
    after = retold(agent, resign, 5, JANUARY)

    assert retell(after, partial(resign, on=JANUARY), instead_of=5, on=JANUARY) == Accepted()
    with pytest.raises(InputError):
        retold(after, resign, 5, SEPTEMBER)
    undone = evolve(after, *void(after, version=7, reason="mistake", on=SEPTEMBER).events)
    with pytest.raises(InputError, match="version 5 of agent-1 was voided already, on 2018-01-08"):
        retold(undone, resign, 5, SEPTEMBER)


def test_instead_of_what_was_never_told_is_not_found():
    with pytest.raises(NotFoundError, match="version 9 of agent-1 is no fact about their stages"):
        retold(told(*AT_WORK), resign, 9, MARCH)


def test_a_fact_that_stands_already_is_not_told_instead_of_another():
    agent = told(*AT_WORK, deactivated(MARCH), returned(SEPTEMBER), deactivated(date(2018, 10, 1)))

    with pytest.raises(InputError, match="told already; void version 7"):
        retold(agent, deactivate, 7, MARCH)


def test_what_is_refused_voids_nothing():
    agent = told(*AT_WORK[:3])

    answer = retell(agent, partial(deactivate, on=MARCH), instead_of=3, on=MARCH)

    (reason,) = answer.reasons
    assert reason.explanation == "An agent who is in training cannot be deactivated."


def test_a_plain_void_is_not_given_the_reason_of_a_fact_told_otherwise():
    with pytest.raises(InputError, match="instead_of=4"):
        void(told(*AT_WORK), version=4, reason=RETOLD, on=MARCH)
