"""Whole stories of facts that are put right after decisions were made on them."""

from collections.abc import Iterator
from datetime import date

import pytest

import jamsos
from jamsos import Accepted, Refused
from jamsos.audit.exceptions import Why, exceptions
from jamsos.audit.replay import replay
from jamsos.domain.agent import AgentStatus, DeactivationReason
from jamsos.domain.quota import QuotaSeatReleased, QuotaSeatTaken
from jamsos.errors import InputError
from tests.registry.beginnings import adopted, at_work

HIRED, AT_WORK_ON = date(2017, 11, 20), date(2017, 12, 4)
IDLE, PUT_RIGHT = date(2018, 4, 2), date(2018, 7, 2)
OFFICE = DeactivationReason.OFFICE


@pytest.fixture
def two_seats() -> Iterator[jamsos.Registry]:
    with jamsos.open(":memory:") as registry:
        yield adopted(registry, seats=2)


def names(answer):
    return [type(event).__name__ for event in answer.or_raise().events]


def seats(answer):
    """Return the changes of seats that *answer* records: more or fewer, where, from which day."""
    kinds = {QuotaSeatTaken: 1, QuotaSeatReleased: -1}
    events = answer.or_raise().events
    return [(kinds[type(event)], event.on) for event in events if type(event) in kinds]


# -- An enrolment credited to the wrong agent. ------------------------------------------


def test_an_enrolment_was_credited_to_the_wrong_agent_and_the_right_one_lost_the_seat(two_seats):
    registry = two_seats
    wrong, right, third = at_work(registry), at_work(registry), jamsos.new_agent_id()
    somebody = jamsos.new_participant_id()
    registry.register(somebody, province="51", on=date(2018, 3, 15), agent=wrong).or_raise()
    assert list(registry.evaluate_agents("perisai", on=IDLE)) == [right]
    registry.recruit(third, "perisai", province="51", on=date(2018, 5, 2)).or_raise()

    # The registration is put right.
    told = {"province": "51", "on": date(2018, 3, 15), "agent": right, "instead_of": 1}
    assert names(registry.register(somebody, **told)) == [
        "ParticipantFactVoided",
        "ParticipantRegistered",
    ]
    assert registry.performance().acquired(right) == 1
    assert registry.performance().acquired(wrong) == 0

    # The deactivation stays, and is listed.
    assert registry.agent(right).status is AgentStatus.DEACTIVATED
    assert registry.agent(right).seat is None
    (listed,) = exceptions(registry.history())
    assert (listed.stream, listed.version, listed.why) == (right, 5, Why.WAS_NOT_IDLE)
    assert replay(registry.history()).findings == ()

    # To void it is refused while a third sits there.
    before = registry.last_position()
    answer = registry.void(right, version=5, on=PUT_RIGHT)
    assert isinstance(answer, Refused)
    (reason,) = answer.reasons
    assert reason.policy == "seat-allotment"
    assert reason.explanation.endswith(f" {third} sits there from 2018-05-02 on.")
    assert registry.last_position() == before

    # Once the seat is free on all those days, it is voided, and nothing is listed any more.
    registry.recruit(
        third, "perisai", province="51", on=PUT_RIGHT, instead_of=1
    )  # the third began later than was told; the seat is taken all the same
    assert isinstance(registry.void(right, version=5, on=PUT_RIGHT), Refused)
    registry.resign(third, on=PUT_RIGHT).or_raise()
    assert seats(registry.void(right, version=5, on=PUT_RIGHT)) == [(1, IDLE)]
    assert registry.agent(right).status is AgentStatus.ACTIVE
    assert exceptions(registry.history()) == ()
    assert replay(registry.history()).findings == ()


# -- A recruitment told for the wrong day, region or programme. --------------------------


@pytest.mark.parametrize("on", [date(2017, 11, 21), AT_WORK_ON])
def test_a_recruitment_told_for_a_day_too_early_gives_the_days_before_back(two_seats, on):
    agent = at_work(two_seats)

    answer = two_seats.recruit(agent, "perisai", province="51", on=on, instead_of=1)

    assert names(answer)[:2] == ["AgentFactVoided", "AgentRecruited"]
    assert seats(answer) == [(-1, HIRED), (1, on)]
    quota = two_seats.quota("perisai")
    assert [quota.at(day).taken for day in (HIRED, on)] == [0, 1]
    assert two_seats.agent(agent).status is AgentStatus.ACTIVE
    assert two_seats.recruit(agent, "perisai", province="51", on=on, instead_of=1) == Accepted()


def test_a_recruitment_is_not_told_for_a_day_after_the_training_that_rests_on_it(two_seats):
    agent = at_work(two_seats)

    with pytest.raises(InputError, match="the training begins on 2017-12-04"):
        two_seats.recruit(agent, "perisai", province="51", on=date(2017, 12, 5), instead_of=1)


def test_a_recruitment_told_for_the_wrong_region_moves_the_seat_there(two_seats):
    agent = at_work(two_seats)
    there = {"province": "51", "on": HIRED, "region": "51", "instead_of": 1}

    (reason,) = two_seats.recruit(agent, "perisai", **there).reasons
    assert reason.explanation.startswith("There are no seats in region 51")

    two_seats.allot("perisai", 1, region="51", on=HIRED).or_raise()
    two_seats.recruit(agent, "perisai", **there).or_raise()
    assert [two_seats.quota("perisai", r).taken for r in ("51", "national")] == [1, 0]
    assert two_seats.agent(agent).seat == "51"
    assert replay(two_seats.history()).findings == ()


def test_a_recruitment_told_for_the_wrong_programme_takes_the_seat_of_the_right_one(two_seats):
    registry = two_seats
    cap = jamsos.DatedValue(
        value=1,
        in_force=HIRED,
        citation=jamsos.Citation("Example 1/2018"),
        status=jamsos.Status.ASSUMED,
    )
    registry.enact("mitra", "agent-cap", unit="agents", values=[cap], on=HIRED).or_raise()
    registry.allot("mitra", 1, on=HIRED).or_raise()
    agent = at_work(registry)

    registry.recruit(agent, "mitra", province="51", on=HIRED, instead_of=1).or_raise()

    assert registry.agent(agent).programme == "mitra"
    assert [registry.quota(name).taken for name in ("mitra", "perisai")] == [1, 0]
    other = jamsos.new_agent_id()
    assert isinstance(registry.recruit(other, "mitra", province="51", on=HIRED), Refused)


# -- An end told for the wrong day. --------------------------------------------------------


def test_a_resignation_is_told_for_a_later_day_unless_somebody_took_the_seat_before_it(two_seats):
    agent, other, third = at_work(two_seats), at_work(two_seats), jamsos.new_agent_id()
    two_seats.resign(agent, on=date(2018, 3, 1)).or_raise()
    two_seats.recruit(third, "perisai", province="51", on=date(2018, 5, 2)).or_raise()

    later = date(2018, 5, 3)
    (reason,) = two_seats.resign(agent, on=later, instead_of=5).reasons
    assert reason.explanation.endswith(f" {third} sits there from 2018-05-02 on.")
    assert other not in reason.explanation

    answer = two_seats.resign(agent, on=date(2018, 5, 2), instead_of=5)
    assert seats(answer) == [(1, date(2018, 3, 1)), (-1, date(2018, 5, 2))]


def test_a_return_told_otherwise_is_judged_by_the_rule_of_the_day_and_by_the_seat(two_seats):
    agent = at_work(two_seats)
    two_seats.deactivate(agent, on=date(2018, 3, 1), reason=OFFICE).or_raise()
    two_seats.reactivate(agent, on=date(2018, 10, 1)).or_raise()

    (reason,) = two_seats.reactivate(agent, on=date(2018, 8, 31), instead_of=6).reasons
    assert "deactivated on 2018-03-01" in reason.explanation

    answer = two_seats.reactivate(agent, on=date(2018, 9, 1), instead_of=6)
    assert seats(answer) == [(1, date(2018, 9, 1)), (-1, date(2018, 10, 1))]


def test_an_ended_office_is_told_instead_of_idleness(two_seats):
    agent = at_work(two_seats)
    two_seats.deactivate(agent, on=IDLE).or_raise()

    answer = two_seats.deactivate(agent, on=IDLE, reason=OFFICE, instead_of=5)

    assert names(answer) == ["AgentFactVoided", "AgentDeactivated"]
    assert two_seats.deactivate(agent, on=IDLE, reason=OFFICE, instead_of=5) == Accepted()
