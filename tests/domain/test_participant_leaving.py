"""Leaving, for good or not, and coming back."""

from datetime import date

import pytest

from jamsos.domain.agent import Agent
from jamsos.domain.citation import Citation
from jamsos.domain.coverage import Segment
from jamsos.domain.decision import Accepted, Reason, Refused
from jamsos.domain.participant import (
    Channel,
    Enrolment,
    LeavingReason,
    Participant,
    Transfer,
    come_back,
    evolve,
    leave,
    move,
    register,
    transfer,
)
from jamsos.errors import InputError, NotFoundError

UUID = "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b"
AGENT = Agent(id=f"agent-{UUID}")
NOBODY = Participant(id=f"participant-{UUID}")
BPU, PU = Segment.NON_WAGE_EARNER, Segment.WAGE_EARNER
DEATH, WORK = LeavingReason.DEATH, LeavingReason.LEFT_WORK
NO = Reason("example", "No.", Citation("Example 1/2018"))


def after(participant, answer):
    for event in answer.or_raise().events:
        participant = evolve(participant, event)
    return participant


def enrolment(participant, segment, on, agent=AGENT):
    return Enrolment(participant=participant, segment=segment, province="51", agent=agent, on=on)


def enrolled(participant, segment, on):
    case = enrolment(participant, segment, on)
    return after(participant, register(case, channel=Channel.AGENT, sponsor=None, policies=()))


def give(participant, agent=None, branch=None, *, on=date(2018, 3, 5)):
    case = Transfer(participant=participant, segment=BPU, agent=agent, on=on)
    return transfer(case, branch=branch, policies=())


def gone(participant, on, reason=WORK, segment=None):
    return leave(participant, segment=segment, reason=reason, on=on)


def back(participant, on, policies=(), segment=BPU):
    return come_back(enrolment(participant, segment, on), policies=policies)


def where(participant, segment=BPU):
    return [(str(s.months), s.province, s.agent) for s in participant.standing(segment).spells]


MADE = enrolled(NOBODY, BPU, date(2018, 1, 10))
BOTH = enrolled(MADE, PU, date(2018, 2, 10))
LEFT = after(MADE, gone(MADE, date(2018, 4, 20)))


def test_who_leaves_a_segment_stays_in_the_others():
    answer = gone(BOTH, date(2018, 4, 20), segment=PU)
    left = after(BOTH, answer)

    assert answer.events[0].segment is PU
    assert str(left.standing(PU).registered) == "2018-02/2018-03"
    assert left.standing(BPU) == BOTH.standing(BPU)


def test_who_leaves_the_scheme_leaves_every_segment():
    left = after(BOTH, gone(BOTH, date(2018, 4, 20)))

    assert left.standing(BPU).current is left.standing(PU).current is None


def test_leaving_again_does_nothing():
    assert gone(LEFT, date(2018, 4, 20)) == Accepted()
    assert gone(LEFT, date(2018, 9, 1), segment=BPU) == Accepted()


def test_nobody_leaves_where_he_never_was():
    with pytest.raises(NotFoundError, match="was never registered, and cannot leave"):
        gone(NOBODY, date(2018, 4, 20))
    with pytest.raises(NotFoundError, match="never registered in segment pu"):
        gone(MADE, date(2018, 4, 20), segment=PU)


@pytest.mark.parametrize("reason", LeavingReason)
def test_nobody_leaves_before_the_day_on_which_he_entered(reason):
    with pytest.raises(InputError, match="they entered segment bpu on 2018-01-10"):
        gone(MADE, date(2018, 1, 9), reason)
    assert gone(MADE, date(2018, 1, 10), reason).events


def test_a_death_is_reported_for_every_segment_even_if_one_is_named():
    answer = gone(BOTH, date(2018, 4, 20), DEATH, PU)

    dead = after(BOTH, answer)
    assert answer.events[0].segment is None
    assert dead.standing(BPU).current is dead.standing(PU).current is None
    assert dead.died_on == date(2018, 4, 20)


def test_a_death_that_is_reported_late_takes_back_the_months_after_it():
    moved = after(MADE, move(MADE, province="31", on=date(2018, 6, 1)))

    dead = after(moved, gone(moved, date(2018, 3, 3), DEATH))
    assert where(dead) == [("2018-01/2018-02", "51", AGENT.id)]


def test_a_death_that_is_reported_after_one_has_left_is_recorded_too():
    answer = gone(LEFT, date(2018, 9, 1), DEATH)

    assert answer.events
    assert after(LEFT, answer).died_on == date(2018, 9, 1)


def test_who_has_died_cannot_come_back():
    dead = after(MADE, gone(MADE, date(2018, 4, 20), DEATH))

    with pytest.raises(InputError, match="died on 2018-04-20, and cannot come back"):
        back(dead, date(2018, 5, 1))


def test_who_comes_back_is_registered_from_that_month_on_and_not_in_between():
    there = after(LEFT, back(LEFT, date(2018, 7, 2)))

    assert str(there.standing(BPU).registered) == "2018-01/2018-03,2018-07/.."
    assert there.entered_on == {BPU: date(2018, 7, 2)}


def test_who_has_left_is_not_registered_again_but_comes_back():
    def again(participant, on):
        case = enrolment(participant, BPU, on)
        return register(case, channel=Channel.AGENT, sponsor=None, policies=())

    with pytest.raises(InputError) as caught:
        again(LEFT, date(2018, 7, 2))
    assert str(caught.value) == (
        f"{LEFT.id} was registered in segment bpu on 2018-01-10, and has left it:"
        " let them come back"
    )
    assert again(LEFT, date(2018, 1, 10)) == Accepted()  # the same, asked a second time
    there = after(LEFT, back(LEFT, date(2018, 7, 2)))
    assert again(there, date(2018, 9, 1)) == Accepted()
    twice = after(there, gone(there, date(2018, 11, 5)))
    assert again(twice, date(2018, 1, 10)) == Accepted()
    with pytest.raises(InputError, match="was registered in segment bpu on 2018-01-10, and has"):
        again(twice, date(2018, 7, 2))


def test_who_has_died_is_not_registered_again():
    dead = after(MADE, gone(MADE, date(2018, 4, 20), DEATH))
    case = enrolment(dead, BPU, date(2018, 5, 1))

    with pytest.raises(InputError, match="died on 2018-04-20, and cannot be registered"):
        register(case, channel=Channel.AGENT, sponsor=None, policies=())


def test_who_is_there_need_not_come_back():
    assert back(MADE, date(2018, 7, 2), policies=(lambda _: NO,)) == Accepted()


def test_who_never_was_there_cannot_come_back():
    with pytest.raises(NotFoundError, match="never registered in segment pu"):
        back(MADE, date(2018, 7, 2), segment=PU)


def test_nobody_comes_back_before_the_day_on_which_he_left():
    with pytest.raises(InputError, match="a change of 2018-04-20 is recorded already"):
        back(LEFT, date(2018, 4, 19))
    assert str(after(LEFT, back(LEFT, date(2018, 4, 20))).standing(BPU).registered) == "2018-01/.."


def test_a_return_is_refused_where_a_policy_says_so():
    assert back(LEFT, date(2018, 7, 2), policies=(lambda _: NO,)) == Refused(NO)


def test_who_comes_back_to_an_agent_is_in_no_branchs_care():
    by_branch = after(MADE, give(MADE, branch="JKT-1"))
    left = after(by_branch, gone(by_branch, date(2018, 4, 20)))
    there = after(left, back(left, date(2018, 7, 2)))

    assert there.branches.get(BPU) is None
    assert give(there, AGENT, on=date(2018, 7, 3)) == Accepted()
