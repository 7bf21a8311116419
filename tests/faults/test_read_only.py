"""A stream that a decision has only read changes before the decision is written."""

from datetime import date

import pytest

import jamsos
from benchmarks._plain import Participant
from jamsos.domain.agent import AgentResigned
from jamsos.domain.participant import ParticipantRegistered
from jamsos.errors import ConflictError
from tests.faults import evidence, plain, programs
from tests.faults.guarantees import plain_library, promised

ON = date(2018, 2, 6)
AFTER = date(2018, 2, 7)
"""The day after: an account may still act on the day on which it ends."""
PROVINCE = "51"


def at_work(registry, letter):
    """Recruit an agent and lead them to an active account."""
    agent = programs.agent(letter)
    programs.answer(registry, letter).or_raise()
    registry.begin_training(agent, on=ON).or_raise()
    registry.certify(agent, on=ON).or_raise()
    registry.assign(agent, on=ON).or_raise()
    return agent


@promised(
    "Nothing is recorded, and it is decided again: nobody is enrolled by an agent who had resigned."
)
def test_nobody_is_enrolled_by_an_agent_who_resigns_at_the_same_moment(ours, prepared):
    place = prepared(ours)
    with jamsos.open(place) as one, jamsos.open(place) as other:
        agent = at_work(one, "w0-1")
        participant = jamsos.new_participant_id()

        def both():
            with one.batch() as desk:
                desk.register(participant, province=PROVINCE, agent=agent, on=AFTER).or_raise()
                other.resign(agent, on=ON).or_raise()

        with pytest.raises(ConflictError):
            both()

        again = one.register(participant, province=PROVINCE, agent=agent, on=AFTER)
        assert isinstance(again, jamsos.Refused)
        assert not one.participant(participant).standings


@promised("The same in a race of processes: after a resignation there is no registration.")
def test_in_a_race_no_registration_follows_a_resignation(ours, prepared, tmp_path, often, tally):
    place, go, number = prepared(ours), tmp_path / "go", often(10, 150)
    with jamsos.open(place) as registry:
        agents = [at_work(registry, f"w0-{n}") for n in range(number)]
    children = [
        ours.start("race", place=place, agents=agents, resigning=resigning, go=str(go))
        for resigning in (True, False, False)
    ]
    go.touch()
    for child in children:
        child.succeed()

    tally(runs=number)
    resigned, enrolled = set(), 0
    with jamsos.open(place) as registry:
        for recorded in registry.history():
            if isinstance(recorded.event, AgentResigned):
                resigned.add(recorded.stream)
            if isinstance(recorded.event, ParticipantRegistered):
                enrolled += 1
                assert recorded.event.agent not in resigned
    assert len(resigned) == number
    assert ours.harm(place) == evidence.Harm()


@plain_library("Both are saved: the participant is enrolled by an agent who had resigned.")
def test_plainly_somebody_is_enrolled_by_an_agent_who_had_resigned(theirs, prepared):
    place = prepared(theirs)
    one, other = plain.application(place), plain.application(place, CREATE_TABLE="n")
    recruited = plain.Leaving(programme="perisai", province=PROVINCE, region=PROVINCE, on=ON)
    recruited.begin_training(ON)
    recruited.certify(ON)
    recruited.assign(ON)
    one.save(recruited)

    read: plain.Leaving = one.repository.get(recruited.id)
    enrolled = Participant.register(
        segment="bpu", province=PROVINCE, channel="agent", agent=read, on=ON
    )
    leaving: plain.Leaving = other.repository.get(recruited.id)
    leaving.resign(ON)
    other.save(leaving)
    one.save(enrolled)

    assert one.repository.get(recruited.id).status == "resigned"
    assert one.repository.get(enrolled.id).agent == recruited.id
    one.close()
    other.close()
