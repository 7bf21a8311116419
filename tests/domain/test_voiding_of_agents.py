"""Voiding a fact about an agent's stages: what it says, and when it is an error."""

from datetime import date

import pytest

from jamsos.domain.agent import (
    AgentFact,
    AgentFactVoided,
    AgentResigned,
    AgentStatus,
    DeactivationReason,
    evolve,
    void,
)
from jamsos.domain.decision import Accepted
from jamsos.errors import InputError, NotFoundError
from tests.domain.an_agent import deactivated, returned, steps_to_work, told, who_is

ON = date(2019, 1, 7)
DECEMBER, MARCH, SEPTEMBER = date(2017, 12, 1), date(2018, 3, 1), date(2018, 9, 1)
AT_WORK = steps_to_work(DECEMBER)


def undo(agent, version, reason="slip-of-the-pen", on=ON):
    return void(agent, version=version, reason=reason, on=on)


def test_a_resignation_is_voided_by_its_version_and_the_event_says_what_it_was():
    agent = told(*AT_WORK, AgentResigned(on=MARCH))

    (event,) = undo(agent, 5).events

    assert event == AgentFactVoided(
        version=5,
        fact=AgentFact.RESIGNED,
        fact_on=MARCH,
        programme=None,
        reason="slip-of-the-pen",
        on=ON,
    )
    assert evolve(agent, event).status is AgentStatus.ACTIVE


def test_a_recruitment_that_is_voided_says_of_which_programme_it_was():
    (event,) = undo(told(*AT_WORK[:1]), 1).events

    assert (event.fact, event.programme) == (AgentFact.RECRUITED, "perisai")


@pytest.mark.parametrize("version", range(1, 5))
def test_each_fact_of_the_stages_has_a_word_of_its_own(version):
    (event,) = undo(told(*AT_WORK[:version]), version).events

    assert event.fact == ("recruited", "training-begun", "certified", "assigned")[version - 1]


def test_a_fact_that_a_later_one_needs_is_not_voided_and_the_error_names_that_one():
    agent = told(*AT_WORK, deactivated(MARCH), returned(SEPTEMBER))

    with pytest.raises(InputError, match=r"they return on 2018-09-01.*version 6"):
        undo(agent, 5)
    assert undo(agent, 6).events


def test_a_decision_that_rested_on_a_fact_stands_and_is_without_effect():
    agent = told(*AT_WORK, deactivated(MARCH, DeactivationReason.IDLE))

    after = evolve(agent, *undo(agent, 4).events)

    assert (after.status, len(after.without_effect)) == (AgentStatus.CERTIFIED, 1)


def test_a_deactivation_for_idleness_can_be_voided_too():
    agent = told(*AT_WORK, deactivated(MARCH, DeactivationReason.IDLE))

    assert evolve(agent, *undo(agent, 5).events).status is AgentStatus.ACTIVE


def test_to_void_it_again_in_the_same_way_does_nothing_and_in_another_is_an_error():
    agent = told(*AT_WORK, AgentResigned(on=MARCH))
    agent = evolve(agent, *undo(agent, 5).events)

    assert undo(agent, 5) == Accepted()
    for other in ({"reason": "wrong-person"}, {"on": date(2019, 1, 8)}):
        with pytest.raises(InputError, match="voided on 2019-01-07 already, as slip-of-the-pen"):
            undo(agent, 5, **other)


@pytest.mark.parametrize("version", [0, 5, 6])
def test_a_version_that_is_no_fact_of_the_stages_is_not_found(version):
    with pytest.raises(NotFoundError, match="there are 1, 2, 3, 4"):
        undo(told(*AT_WORK), version)


def test_nothing_can_be_voided_of_one_who_was_never_recruited():
    with pytest.raises(NotFoundError, match="never recruited"):
        undo(who_is(AgentStatus.UNKNOWN), 1)


def test_what_is_voided_can_be_told_again():
    agent = told(*AT_WORK, AgentResigned(on=MARCH))
    agent = evolve(agent, *undo(agent, 5).events)

    assert evolve(agent, AgentResigned(on=MARCH)).status is AgentStatus.RESIGNED
