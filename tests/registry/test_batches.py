"""Batches are recorded as a whole, and trials never."""

import pytest

import jamsos
from jamsos.domain.agent import AgentStatus
from jamsos.errors import InputError
from tests.registry.beginnings import LAUNCH, ROLL_OUT, adopted, recruited


def test_a_batch_is_recorded_at_its_end_in_one_transaction(path):
    with jamsos.open(path) as registry, jamsos.open(path) as other:
        adopted(registry)
        before = registry.last_position()
        with registry.batch() as desk:
            agents = [jamsos.new_agent_id() for _ in range(3)]
            for agent in agents:
                desk.recruit(agent, "perisai", province="51", on=ROLL_OUT).or_raise()
                desk.begin_training(agent, on=ROLL_OUT).or_raise()
            during = other.last_position()

        assert during == before
        assert other.last_position() == before + 9
        assert registry.quota("perisai").taken == 3
        assert {other.agent(agent).status for agent in agents} == {AgentStatus.IN_TRAINING}
        assert len({r.recorded_at for r in other.history() if r.position > before}) == 1


def test_later_commands_of_a_batch_know_the_earlier_ones(registry):
    with registry.batch() as desk:
        desk.allot("perisai", 1, on=ROLL_OUT).or_raise()
        first = desk.recruit(jamsos.new_agent_id(), "perisai", province="51", on=ROLL_OUT)
        second = desk.recruit(jamsos.new_agent_id(), "perisai", province="51", on=ROLL_OUT)

    assert isinstance(first, jamsos.Accepted)
    assert isinstance(second, jamsos.Refused)
    assert registry.quota("perisai").taken == 1


def test_a_refused_command_leaves_the_rest_of_a_batch_alone(registry):
    agent = recruited(registry)
    with registry.batch() as desk:
        refused = desk.assign(agent, on=LAUNCH)
        desk.begin_training(agent, on=LAUNCH).or_raise()

    assert isinstance(refused, jamsos.Refused)
    assert registry.agent(agent).status is AgentStatus.IN_TRAINING


class OwnError(Exception):
    pass


@pytest.mark.parametrize("error", [OwnError, KeyboardInterrupt, InputError])
def test_nothing_of_a_batch_is_recorded_if_anything_is_raised_in_it(registry, error):
    agent, last = recruited(registry), registry.last_position()

    def fail() -> None:
        with registry.batch() as desk:
            desk.begin_training(agent, on=ROLL_OUT).or_raise()
            raise error

    with pytest.raises(error):
        fail()

    assert registry.last_position() == last
    assert registry.agent(agent).status is AgentStatus.RECRUITED
    assert registry.begin_training(agent, on=ROLL_OUT).or_raise().events


def test_an_empty_batch_records_nothing(registry):
    last = registry.last_position()
    with registry.batch():
        pass

    assert registry.last_position() == last


def test_a_trial_answers_as_the_registry_would_and_is_never_recorded(registry):
    agent, last = recruited(registry), registry.last_position()

    trial = registry.trial()
    answers = [trial.begin_training(agent, on=LAUNCH), trial.certify(agent, on=LAUNCH)]

    assert all(isinstance(answer, jamsos.Accepted) for answer in answers)
    assert registry.last_position() == last
    assert registry.agent(agent).status is AgentStatus.RECRUITED
    assert registry.begin_training(agent, on=LAUNCH) == answers[0]


def test_a_trial_gives_the_reasons_for_which_the_registry_would_refuse(registry):
    registry.allot("perisai", 0, on=ROLL_OUT).or_raise()
    agent = jamsos.new_agent_id()

    tried = registry.trial().recruit(agent, "perisai", province="51", on=ROLL_OUT)

    assert tried == registry.recruit(agent, "perisai", province="51", on=ROLL_OUT)
    assert isinstance(tried, jamsos.Refused)
