"""Many registries on one store: what another has recorded is read, or is a conflict."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

import jamsos
from jamsos.commands.agents import BeginTraining, Certify, Recruit
from jamsos.commands.contributions import Correct, Pay
from jamsos.commands.participants import Register
from jamsos.desk import Desk
from jamsos.domain.agent import AgentStatus, TerminationCause
from jamsos.errors import ConflictError
from tests.registry.beginnings import (
    EXAMPLE,
    FEBRUARY,
    LAUNCH,
    ROLL_OUT,
    Ask,
    adopted,
    at_work,
    enrolled,
    recruited,
)

BEFORE = date(2018, 2, 4)
"""The day before the launch: an account may still act on the day on which it ends."""


def test_two_registries_on_one_file_see_each_others_events(path):
    with jamsos.open(path) as one, jamsos.open(path) as other:
        adopted(one)
        agent = recruited(one)
        other.begin_training(agent, on=ROLL_OUT).or_raise()
        one.certify(agent, on=ROLL_OUT).or_raise()
        other.assign(agent, on=ROLL_OUT).or_raise()

        assert one.agent(agent).status is other.agent(agent).status is AgentStatus.ACTIVE
        assert one.assign(agent, on=ROLL_OUT) == jamsos.Accepted()
        assert list(one.history()) == list(other.history())


def test_two_registries_never_seat_more_agents_than_there_are_seats(path):
    with jamsos.open(path) as one, jamsos.open(path) as other:
        adopted(one, seats=3)
        answers = [
            desk.recruit(jamsos.new_agent_id(), "perisai", province="51", on=ROLL_OUT)
            for desk in (one, other, one, other, one)
        ]

        taken = [isinstance(answer, jamsos.Accepted) for answer in answers]
        assert taken == [True, True, True, False, False]
        assert one.quota("perisai") == other.quota("perisai")
        assert one.quota("perisai").taken == 3


def in_a_batch(registry: jamsos.Registry, ask: Ask, meanwhile: Callable[[], object]) -> Any:
    """Ask in a batch of *registry*, while something else is recorded."""
    with registry.batch() as desk:
        answer = ask(desk)
        meanwhile()
    return answer


def recruits(agent: str) -> Ask:
    return lambda desk: desk.recruit(agent, "perisai", province="51", on=ROLL_OUT)


def test_a_batch_is_in_conflict_with_what_was_recorded_meanwhile_and_can_be_asked_again(path):
    with jamsos.open(path) as one, jamsos.open(path) as other:
        adopted(one, seats=2)
        agent = jamsos.new_agent_id()

        with pytest.raises(ConflictError, match="nothing was recorded, ask again"):
            in_a_batch(one, recruits(agent), lambda: recruited(other))
        assert one.agent(agent).status is AgentStatus.UNKNOWN
        assert one.quota("perisai").taken == 1

        again = in_a_batch(one, recruits(agent), other.last_position)
        assert isinstance(again, jamsos.Accepted)
        assert one.quota("perisai").taken == other.quota("perisai").taken == 2


def test_of_two_batches_for_the_last_seat_one_is_in_conflict_and_refused_when_asked_again(path):
    with jamsos.open(path) as one, jamsos.open(path) as other:
        adopted(one, seats=1)
        agent = jamsos.new_agent_id()

        with pytest.raises(ConflictError):
            in_a_batch(one, recruits(agent), lambda: recruited(other))

        again = recruits(agent)(one)
        assert isinstance(again, jamsos.Refused)
        assert again.reasons[0].policy == "seat-allotment"
        assert one.quota("perisai").taken == 1


def test_a_batch_that_rests_on_an_agent_who_was_terminated_meanwhile_is_in_conflict(path):
    with jamsos.open(path) as one, jamsos.open(path) as other:
        agent = at_work(adopted(one))
        participant = jamsos.new_participant_id()

        def registers(desk: Desk) -> jamsos.Decision:
            return desk.register(participant, province="51", on=LAUNCH, agent=agent)

        def terminates() -> None:
            other.terminate(agent, cause=TerminationCause.FRAUD, on=BEFORE).or_raise()

        with pytest.raises(ConflictError):
            in_a_batch(one, registers, terminates)

        assert isinstance(registers(one), jamsos.Refused)
        assert not one.participant(participant).standings


def test_a_batch_that_rests_on_a_rule_that_was_amended_meanwhile_is_in_conflict(path):
    lower = jamsos.DatedValue(
        value=1, in_force=ROLL_OUT, citation=EXAMPLE, status=jamsos.Status.ASSUMED
    )
    with jamsos.open(path) as one, jamsos.open(path) as other:
        recruited(adopted(one))
        agent = jamsos.new_agent_id()

        with pytest.raises(ConflictError):
            in_a_batch(
                one,
                recruits(agent),
                lambda: other.amend("perisai", "agent-cap", lower, on=ROLL_OUT).or_raise(),
            )

        again = recruits(agent)(one)
        assert isinstance(again, jamsos.Refused)
        assert again.reasons[0].citation == EXAMPLE


def test_what_others_record_of_other_streams_is_no_conflict(path):
    with jamsos.open(path) as one, jamsos.open(path) as other:
        agent = at_work(adopted(one))
        participant = jamsos.new_participant_id()

        def meanwhile() -> None:
            recruited(other)
            enrolled(other, agent, on=LAUNCH)

        in_a_batch(
            one,
            lambda desk: desk.register(participant, province="51", on=LAUNCH, agent=agent),
            meanwhile,
        )

        assert one.participant(participant).told


def test_after_a_conflict_everything_is_read_afresh(path):
    with jamsos.open(path) as one, jamsos.open(path) as other:
        agent = recruited(adopted(one))
        with pytest.raises(ConflictError):
            in_a_batch(
                one,
                lambda desk: desk.begin_training(agent, on=ROLL_OUT),
                lambda: other.resign(agent, on=ROLL_OUT).or_raise(),
            )

        assert one.agent(agent).status is AgentStatus.RESIGNED
        assert one.quota("perisai").taken == 0
        assert one.agent(agent) == other.agent(agent)
        assert one.quota("perisai") == other.quota("perisai")


def payment(participant: str, reference: str) -> Pay:
    return Pay(
        participant,
        reference=reference,
        months=FEBRUARY,
        income=1_000_000,
        amount=16_800,
        on=LAUNCH,
    )


def test_reading_ahead_changes_no_answer(path):
    with jamsos.open(path) as one, jamsos.open(path) as other:
        agents = [recruited(adopted(one)) for _ in range(3)]
        other.begin_training(agents[0], on=ROLL_OUT).or_raise()  # one knows the agent as before
        stranger, participant = jamsos.new_agent_id(), enrolled(other)
        commands = [
            *(Certify(agent, on=ROLL_OUT) for agent in agents),
            Recruit(stranger, "perisai", province="51", on=ROLL_OUT),
            payment(participant, "F-2"),
            Correct(participant, corrects="F-1", on=LAUNCH),
        ]
        singly = one.trial()
        expected = [singly.ask(command) for command in commands]
        with one.batch() as desk:
            answers = desk.ask_all(commands)

        assert answers == expected
        accepted = [isinstance(answer, jamsos.Accepted) for answer in answers]
        assert accepted == [True, False, False, True, True, True]
        assert other.agent(stranger).status is AgentStatus.RECRUITED
        assert set(other.participant(participant).payments) == {"F-1", "F-2"}


def test_what_was_read_ahead_and_has_changed_since_is_a_conflict(path):
    with jamsos.open(path) as one, jamsos.open(path) as other:
        agent = at_work(adopted(one))
        participant = jamsos.new_participant_id()

        def registers(desk: Desk) -> jamsos.Decision:
            begin = BeginTraining(agent, on=date(2017, 12, 4))
            register = Register(participant, province="51", on=LAUNCH, agent=agent)
            return desk.ask_all([begin, register])[-1]

        with pytest.raises(ConflictError):
            in_a_batch(one, registers, lambda: other.resign(agent, on=BEFORE).or_raise())

        with one.batch() as desk:
            again = registers(desk)
        assert isinstance(again, jamsos.Refused)


def test_reading_ahead_outside_of_a_batch_keeps_nothing_stale(path):
    with jamsos.open(path) as one, jamsos.open(path) as other:
        agent = recruited(adopted(one))
        [refused] = one.ask_all([Certify(agent, on=ROLL_OUT)])
        other.begin_training(agent, on=ROLL_OUT).or_raise()

        assert isinstance(refused, jamsos.Refused)
        assert one.certify(agent, on=ROLL_OUT).or_raise().events
