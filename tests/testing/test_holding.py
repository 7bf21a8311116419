"""A law is held against a history that exists: every place where it is broken is named."""

from datetime import date

import pytest

import jamsos
from jamsos import DeactivationReason, Month
from jamsos.commands.agents import Assign, BeginTraining, Certify, Deactivate, Reactivate, Recruit
from jamsos.commands.seats import Allot
from jamsos.domain.agent import Agent, AgentReactivated, Return
from jamsos.domain.calendar import months_after
from jamsos.errors import CorruptHistoryError, InputError
from jamsos.store import history_file
from jamsos.testing import World, hold, law, only_if, setting
from jamsos.testing.names import AGENTS

DAY = date(2018, 1, 5)


@law("An agent is away for six months at the least", cite="perisai/agent-return-months")
def six_months(before: Agent, event: AgentReactivated) -> None:
    earliest = months_after(before.deactivated_on, 6)
    assert event.on >= earliest, f"back on {event.on}, not before {earliest}"


@law("As many agents as seats", cite="x")
def as_many(history) -> None:
    names = [type(recorded.event).__name__ for recorded in history.events]
    if names.count("QuotaSeatTaken") != names.count("AgentRecruited"):
        raise AssertionError


def away(*months):
    """Return the history in which agents come back after so many months each."""
    world = World(setting(policies={Return: ()}))
    world.ask(Allot("perisai", 4, on=DAY))
    for agent, number in zip(AGENTS, months, strict=False):
        world.ask(Recruit(agent, "perisai", province="51", on=DAY))
        for kind in (BeginTraining, Certify, Assign):
            world.ask(kind(agent, on=DAY))
        world.ask(Deactivate(agent, on=DAY, reason=DeactivationReason.OFFICE))
        world.ask(Reactivate(agent, on=months_after(DAY, number)))
    return world.history()


def test_every_place_is_named_where_a_history_breaks_a_law():
    history = away(5, 6, 7, 4)
    held = hold(six_months, history)

    assert (held.events, held.exercised) == (len(history), 4)
    assert [breach.recorded.stream for breach in held.breaches] == [AGENTS[0], AGENTS[3]]
    assert str(held.breaches[0]) == (
        f"position {held.breaches[0].recorded.position}, {AGENTS[0]}: AgentReactivated on"
        " 2018-06-05: back on 2018-06-05, not before 2018-07-05"
    )


def test_a_law_over_a_whole_history_is_broken_at_its_end():
    assert hold(as_many, away()[:-1]).breaches == ()

    history = away(6)
    (breach,) = hold(as_many, history).breaches
    assert breach.recorded == history[-1]
    assert str(breach).endswith("it does not hold")


def test_a_history_without_events_exercises_nothing():
    held = hold(six_months, [])

    assert (held.events, held.exercised, held.breaches) == (0, 0, ())


def test_a_law_sees_what_the_history_has_made_by_then(tmp_path):
    @law("An agent who is recruited finds a seat", cite="x")
    def finds(event, world) -> None:
        only_if(type(event).__name__ == "AgentRecruited")
        assert world.quota("perisai").taken < world.quota("perisai").allotted

    with jamsos.open(tmp_path / "perisai.db") as registry:
        registry.adopt("perisai", on=date(2017, 11, 20)).or_raise()
        registry.allot("perisai", 2, on=date(2017, 11, 20)).or_raise()
        for _ in range(2):
            registry.recruit(
                jamsos.new_agent_id(), "perisai", province="51", on=date(2017, 11, 20)
            ).or_raise()
    held = hold(finds, history_file.read(tmp_path / "perisai.db"))

    assert (held.exercised, held.breaches) == (2, ())


def test_a_law_that_speaks_of_commands_is_an_error():
    @law("It holds", cite="x")
    def of_commands(step) -> None: ...

    with pytest.raises(InputError, match="the law of_commands takes step: a history holds events"):
        hold(of_commands, away(6))


def test_a_history_with_an_event_left_out_is_not_read():
    history = away(6)

    with pytest.raises(CorruptHistoryError):
        hold(six_months, [*history[:-2], history[-1]])
    assert Month.of(history[-1].event.on) == Month(2018, 7)
