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


def back(participant, on, policies=(), segment=BPU, agent=AGENT):
    return come_back(enrolment(participant, segment, on, agent), policies=policies)


def where(participant, segment=BPU):
    return [(str(s.months), s.province, s.agent) for s in participant.standing(segment).spells]


MADE = enrolled(NOBODY, BPU, date(2018, 1, 10))
BOTH = enrolled(MADE, PU, date(2018, 2, 10))
LEFT = after(MADE, gone(MADE, date(2018, 4, 20)))


def test_a_participant_who_leaves_a_segment_stays_in_the_others():
    answer = gone(BOTH, date(2018, 4, 20), segment=PU)
    left = after(BOTH, answer)

    assert answer.events[0].segment is PU
    assert str(left.standing(PU).registered) == "2018-02/2018-03"
    assert left.standing(BPU) == BOTH.standing(BPU)


def test_a_participant_who_leaves_the_scheme_leaves_every_segment():
    left = after(BOTH, gone(BOTH, date(2018, 4, 20)))

    assert left.standing(BPU).current is left.standing(PU).current is None


def test_the_very_same_leaving_again_does_nothing():
    assert gone(LEFT, date(2018, 4, 20)) == Accepted()


@pytest.mark.parametrize("day", [date(2018, 4, 20), date(2018, 4, 21), date(2018, 9, 1)])
def test_leaving_again_otherwise_or_on_a_later_day_is_an_input_error(day):
    with pytest.raises(InputError) as caught:
        gone(LEFT, day, segment=BPU)
    assert str(caught.value) == (
        f"{MADE.id} cannot leave on {day}: they are not in segment bpu on that day: they entered"
        " on 2018-01-10 and have left since"
    )


@pytest.mark.parametrize("day", [date(2018, 1, 10), date(2018, 4, 19)])
def test_leaving_again_on_an_earlier_day_is_an_input_error_that_names_the_leaving(day):
    with pytest.raises(InputError) as caught:
        gone(LEFT, day)
    assert str(caught.value) == (
        f"{MADE.id} cannot leave on {day}: the leaving of the scheme of 2018-04-20 (version 2)"
        " stands, and cannot be true then; give another day, or void that first"
    )


def test_a_leaving_takes_no_segment_from_a_later_leaving_of_the_scheme_that_has_another():
    left = after(BOTH, gone(BOTH, date(2018, 4, 20)))

    earlier = after(left, gone(left, date(2018, 3, 1), segment=PU))
    assert str(earlier.standing(PU).registered) == "2018-02/2018-02"
    assert str(earlier.standing(BPU).registered) == "2018-01/2018-03"


def test_nobody_leaves_where_they_never_were():
    with pytest.raises(NotFoundError, match="was never registered, and cannot leave"):
        gone(NOBODY, date(2018, 4, 20))
    with pytest.raises(NotFoundError, match="never registered in segment pu"):
        gone(MADE, date(2018, 4, 20), segment=PU)


@pytest.mark.parametrize("reason", LeavingReason)
def test_nobody_leaves_before_the_day_on_which_they_entered(reason):
    stands = (
        r"the registration in segment bpu of 2018-01-10 \(version 1\) stands"
        if reason is DEATH
        else "they entered on 2018-01-10; give that day or a later one"
    )

    with pytest.raises(InputError, match=stands):
        gone(MADE, date(2018, 1, 9), reason)
    assert gone(MADE, date(2018, 1, 10), reason).events


def test_nobody_leaves_a_segment_before_the_day_on_which_they_entered_it():
    with pytest.raises(InputError, match="they were registered in segment pu on 2018-02-10"):
        gone(BOTH, date(2018, 2, 9), segment=PU)
    assert gone(BOTH, date(2018, 2, 10), segment=PU).events


def test_leaving_the_scheme_leaves_a_segment_alone_that_is_entered_later():
    left = after(BOTH, gone(BOTH, date(2018, 2, 9)))

    assert str(left.standing(BPU).registered) == "2018-01/2018-01"
    assert left.standing(PU) == BOTH.standing(PU)


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


def test_the_very_same_death_again_does_nothing_and_another_day_of_death_is_an_input_error():
    dead = after(MADE, gone(MADE, date(2018, 4, 20), DEATH))

    assert gone(dead, date(2018, 4, 20), DEATH) == Accepted()
    with pytest.raises(InputError) as caught:
        gone(dead, date(2018, 4, 19), DEATH)
    assert str(caught.value) == (
        f"{MADE.id} cannot die on 2018-04-19: they died on 2018-04-20; if that is a mistake, void"
        " it, or retell it"
    )
    with pytest.raises(InputError, match="died on 2018-04-20, and cannot leave on 2018-04-21"):
        gone(dead, date(2018, 4, 21), DEATH)


def test_a_leaving_may_be_told_of_a_day_up_to_the_death():
    dead = after(MADE, gone(MADE, date(2018, 4, 20), DEATH))

    for day in (date(2018, 3, 1), date(2018, 4, 20)):
        assert after(dead, gone(dead, day)).died_on == date(2018, 4, 20)
    with pytest.raises(InputError, match="died on 2018-04-20, and cannot leave on 2018-04-21"):
        gone(dead, date(2018, 4, 21))


def test_a_death_before_a_leaving_that_was_told_leaves_it_without_effect():
    dead = after(LEFT, gone(LEFT, date(2018, 3, 3), DEATH))

    assert dead.died_on == date(2018, 3, 3)
    assert str(dead.standing(BPU).registered) == "2018-01/2018-02"
    assert [each.event.on for each in dead.told if each.version not in dead.life.met] == [
        date(2018, 4, 20)
    ]


def test_a_death_before_an_entry_that_stands_is_an_input_error_that_names_the_entry():
    there = after(LEFT, back(LEFT, date(2018, 7, 2)))

    with pytest.raises(InputError) as caught:
        gone(there, date(2018, 7, 1), DEATH)
    assert str(caught.value) == (
        f"{MADE.id} cannot leave on 2018-07-01: the return to segment bpu of 2018-07-02 (version"
        " 3) stands, and cannot be true then; give another day, or void that first"
    )
    assert gone(there, date(2018, 7, 2), DEATH).events


def test_a_participant_who_has_died_cannot_come_back():
    dead = after(MADE, gone(MADE, date(2018, 4, 20), DEATH))

    with pytest.raises(InputError, match="died on 2018-04-20, and cannot come back on 2018-04-21"):
        back(dead, date(2018, 4, 21))


def test_a_participant_who_comes_back_is_registered_from_that_month_on_and_not_in_between():
    there = after(LEFT, back(LEFT, date(2018, 7, 2)))

    assert str(there.standing(BPU).registered) == "2018-01/2018-03,2018-07/.."
    assert there.entries(BPU) == (date(2018, 1, 10), date(2018, 7, 2))


def test_a_participant_who_has_left_is_not_registered_again_but_comes_back():
    def again(participant, on):
        case = enrolment(participant, BPU, on)
        return register(case, channel=Channel.AGENT, sponsor=None, policies=())

    with pytest.raises(InputError) as caught:
        again(LEFT, date(2018, 7, 2))
    assert str(caught.value) == (
        f"{LEFT.id} was registered in segment bpu on 2018-01-10, in province 51 by {AGENT.id},"
        " and has left it: let them come back"
    )
    assert again(LEFT, date(2018, 1, 10)) == Accepted()  # the same, asked a second time
    there = after(LEFT, back(LEFT, date(2018, 7, 2)))
    with pytest.raises(InputError, match="void version 1 of their events, or retell it"):
        again(there, date(2018, 7, 2))
    twice = after(there, gone(there, date(2018, 11, 5)))
    assert again(twice, date(2018, 1, 10)) == Accepted()
    with pytest.raises(InputError, match="and has left it: let them come back"):
        again(twice, date(2018, 11, 5))


def test_a_participant_who_has_died_is_not_registered_again():
    dead = after(MADE, gone(MADE, date(2018, 4, 20), DEATH))
    case = enrolment(dead, PU, date(2018, 4, 21))

    with pytest.raises(InputError, match="died on 2018-04-20, and cannot be registered on 2018-04"):
        register(case, channel=Channel.AGENT, sponsor=None, policies=())
    case = enrolment(dead, PU, date(2018, 4, 20))
    assert register(case, channel=Channel.AGENT, sponsor=None, policies=()).events


def test_a_return_of_a_participant_who_is_in_the_segment_is_an_input_error():
    with pytest.raises(InputError) as caught:
        back(MADE, date(2018, 7, 2), policies=(lambda _: NO,))
    assert str(caught.value) == (
        f"{MADE.id} cannot come back on 2018-07-02: they are in segment bpu since 2018-01-10;"
        " record the leaving first"
    )


def test_the_very_same_return_again_does_nothing():
    there = after(LEFT, back(LEFT, date(2018, 7, 2)))

    assert back(there, date(2018, 7, 2), policies=(lambda _: NO,)) == Accepted()
    with pytest.raises(InputError, match="they are in segment bpu since 2018-07-02"):
        back(there, date(2018, 7, 3))
    with pytest.raises(InputError, match="they are in segment bpu since 2018-07-02"):
        back(there, date(2018, 7, 2), agent=None)


def test_a_second_return_before_the_first_is_an_input_error_that_names_the_first():
    there = after(LEFT, back(LEFT, date(2018, 7, 2)))

    with pytest.raises(InputError) as caught:
        back(there, date(2018, 7, 1))
    assert str(caught.value) == (
        f"{MADE.id} cannot come back on 2018-07-01: the return to segment bpu of 2018-07-02"
        " (version 3) stands, and cannot be true then; give another day, or void that first"
    )


def test_a_participant_who_never_was_there_cannot_come_back():
    with pytest.raises(NotFoundError, match="never registered in segment pu"):
        back(MADE, date(2018, 7, 2), segment=PU)


def test_nobody_comes_back_before_the_day_on_which_they_left():
    with pytest.raises(InputError, match="they are in segment bpu since 2018-01-10"):
        back(LEFT, date(2018, 4, 19))
    assert str(after(LEFT, back(LEFT, date(2018, 4, 20))).standing(BPU).registered) == "2018-01/.."


def test_nobody_comes_back_before_the_day_on_which_they_were_registered():
    with pytest.raises(InputError, match="they were registered in segment bpu on 2018-01-10"):
        back(LEFT, date(2018, 1, 9))


def test_a_return_is_refused_where_a_policy_says_so():
    assert back(LEFT, date(2018, 7, 2), policies=(lambda _: NO,)) == Refused(NO)


def test_a_participant_who_comes_back_to_an_agent_is_in_the_care_of_no_branch():
    by_branch = after(MADE, give(MADE, branch="JKT-1"))
    left = after(by_branch, gone(by_branch, date(2018, 4, 20)))
    there = after(left, back(left, date(2018, 7, 2)))

    stay = there.life.stay(BPU, date(2018, 7, 2))
    assert (stay.agent, stay.branch, stay.cared_since) == (AGENT.id, None, date(2018, 7, 2))
