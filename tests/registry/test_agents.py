"""Evaluations of agents deactivate the idle ones."""

from datetime import date

import pytest

import jamsos
from jamsos.domain.agent import AgentStatus
from jamsos.errors import NotFoundError
from tests.registry.beginnings import LAUNCH, adopted, at_work, enrolled, recruited


def test_an_evaluation_of_agents_deactivates_those_who_are_idle_and_no_others(registry):
    idle = at_work(registry, on=date(2017, 12, 4))
    busy = at_work(registry, on=date(2017, 12, 4))
    fresh = at_work(registry, on=date(2018, 1, 2))
    in_training = recruited(registry)
    enrolled(registry, busy, on=date(2018, 1, 9))

    answers = registry.evaluate_agents("perisai", on=date(2018, 4, 2))

    assert list(answers) == [idle]
    assert [registry.agent(a).status for a in (idle, busy, fresh, in_training)] == [
        AgentStatus.DEACTIVATED,
        AgentStatus.ACTIVE,
        AgentStatus.ACTIVE,
        AgentStatus.RECRUITED,
    ]
    (deactivated, released) = answers[idle].or_raise().events
    assert (deactivated.idle_months, deactivated.last_acquisition) == (3, None)
    assert deactivated.rules == ("perisai/agent-idle-months/1",)
    assert released.agent == idle
    assert registry.quota("perisai").taken == 3


def test_an_evaluation_of_agents_knows_what_other_registries_have_recorded(path):
    with jamsos.open(path) as one, jamsos.open(path) as other:
        agent = at_work(adopted(one), on=date(2017, 12, 4))
        assert one.evaluate_agents("perisai", on=date(2018, 3, 31)) == {}
        enrolled(other, agent, on=date(2018, 3, 5))

        assert one.evaluate_agents("perisai", on=date(2018, 4, 2)) == {}
        assert list(one.evaluate_agents("perisai", on=date(2018, 7, 2))) == [agent]


def test_an_evaluation_of_agents_that_finds_nobody_leaves_nothing_behind(path):
    with jamsos.open(path) as one, jamsos.open(path) as other:
        agent = at_work(adopted(one, seats=1))
        assert one.evaluate_agents("perisai", on=date(2018, 1, 2)) == {}

        other.resign(agent, on=date(2018, 1, 3)).or_raise()

        assert one.resign(agent, on=date(2018, 1, 3)) == jamsos.Accepted()
        assert one.recruit(
            jamsos.new_agent_id(), "perisai", province="51", on=date(2018, 1, 3)
        ).or_raise()


def test_agents_of_a_programme_that_is_not_there_cannot_be_evaluated(registry):
    with pytest.raises(NotFoundError, match="jkk"):
        registry.evaluate_agents("jkk", on=LAUNCH)


def test_agents_in_a_batch_are_evaluated_together_with_it(registry):
    idle = at_work(registry, on=date(2017, 12, 4))
    busy = at_work(registry, on=date(2017, 12, 4))
    with registry.batch() as desk:
        desk.register(
            jamsos.new_participant_id(), province="51", on=date(2018, 3, 5), agent=busy
        ).or_raise()
        answers = desk.evaluate_agents("perisai", on=date(2018, 4, 2))

    assert list(answers) == [idle]
    assert registry.agent(idle).status is AgentStatus.DEACTIVATED
