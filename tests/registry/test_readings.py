"""Histories, counts and states, as they are read."""

from datetime import date

import pytest

import jamsos
from jamsos.domain.agent import AgentStatus
from jamsos.errors import InputError
from jamsos.formulas.active import IN_GRACE, REGISTERED
from tests.registry.beginnings import JANUARY, paid


@pytest.mark.parametrize("known_at", [-1, -(2**63), 8, 2**63])
def test_a_position_that_the_history_has_not_reached_is_an_input_error(registry, known_at):
    assert registry.last_position() == 5

    with pytest.raises(InputError, match=str(known_at)):
        list(registry.history(known_at=known_at))
    with pytest.raises(InputError, match=str(known_at)):
        registry.count(jamsos.Month(2018, 1), known_at=known_at)


@pytest.mark.parametrize("known_at", [0, 1, 4, 5])
def test_a_history_is_given_as_it_was_known_at_a_position(registry, known_at):
    history = [recorded.position for recorded in registry.history(known_at=known_at)]

    assert history == list(range(1, known_at + 1))
    assert registry.count(jamsos.Month(2018, 1), known_at=known_at).known_at == known_at


def test_a_count_is_what_was_known_at_its_position(registry):
    participant = jamsos.new_participant_id()
    registry.register(participant, province="51", on=date(2018, 1, 9)).or_raise()
    registered = registry.last_position()
    paid(registry, participant, JANUARY, on=date(2018, 1, 9))

    def count(known_at: int | None, definition: jamsos.Definition) -> int:
        return registry.count(jamsos.Month(2018, 1), definition, known_at=known_at).total

    assert [count(at, REGISTERED) for at in (registered - 1, registered, None)] == [0, 1, 1]
    assert [count(at, IN_GRACE) for at in (registered - 1, registered, None)] == [0, 0, 1]


def test_a_count_by_what_is_no_dimension_is_an_input_error(registry):
    with pytest.raises(InputError, match="colour"):
        registry.count(jamsos.Month(2018, 1), by=("colour",))


def test_what_was_never_recorded_is_empty(registry):
    agent, participant = jamsos.new_agent_id(), jamsos.new_participant_id()

    assert registry.agent(agent).status is AgentStatus.UNKNOWN
    assert not registry.participant(participant).standings
    assert registry.programme("jkk").established is None
    assert registry.quota("perisai", "51").allotted == 0


@pytest.mark.parametrize(
    "read",
    [
        lambda r: r.agent("Sari"),
        lambda r: r.agent("agent-Sari"),
        lambda r: r.agent(""),
        lambda r: r.agent("agent-\ud800"),
        lambda r: r.agent(jamsos.new_participant_id()),
        lambda r: r.participant("participant-Sari"),
        lambda r: r.participant(jamsos.new_agent_id()),
        lambda r: r.programme("Perisai!"),
        lambda r: r.quota("perisai", "97"),
        lambda r: r.quota("Perisai!", "51"),
    ],
    ids=[
        "agent Sari",
        "agent-Sari",
        "no agent",
        "agent by a broken text",
        "agent by a participant's id",
        "participant-Sari",
        "participant by an agent's id",
        "programme Perisai!",
        "region 97",
        "quota of Perisai!",
    ],
)
def test_a_name_that_can_be_nobodys_is_an_input_error(registry, read):
    with pytest.raises(InputError):
        read(registry)
