"""Moving to another province, and changing hands."""

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
    evolve,
    leave,
    move,
    register,
    transfer,
)
from jamsos.errors import InputError, NotFoundError

UUID = "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b"
FIRST, SECOND = Agent(id=f"agent-{UUID}"), Agent(id=f"agent-{UUID[:-1]}c")
NOBODY = Participant(id=f"participant-{UUID}")
BPU, PU = Segment.NON_WAGE_EARNER, Segment.WAGE_EARNER
NO = Reason("example", "No.", Citation("Example 1/2018"))


def after(participant, answer):
    for event in answer.or_raise().events:
        participant = evolve(participant, event)
    return participant


def enrolment(participant, segment, on, agent=FIRST):
    return Enrolment(participant=participant, segment=segment, province="51", agent=agent, on=on)


def enrolled(participant, segment, on):
    case = enrolment(participant, segment, on)
    return after(participant, register(case, channel=Channel.AGENT, sponsor=None, policies=()))


def give(participant, agent=None, branch=None, *, on=date(2018, 3, 5), policies=()):
    case = Transfer(participant=participant, segment=BPU, agent=agent, on=on)
    return transfer(case, branch=branch, policies=policies)


def gone(participant, on, segment=None):
    return leave(participant, segment=segment, reason=LeavingReason.LEFT_WORK, on=on)


def where(participant, segment=BPU):
    return [(str(s.months), s.province, s.agent) for s in participant.standing(segment).spells]


MADE = enrolled(NOBODY, BPU, date(2018, 1, 10))
BOTH = enrolled(MADE, PU, date(2018, 2, 10))
LEFT = after(MADE, gone(MADE, date(2018, 4, 20)))


def test_a_move_holds_in_every_segment_from_its_month_on():
    moved = after(BOTH, move(BOTH, province="31", on=date(2018, 3, 31)))

    assert [(m, p) for m, p, _ in where(moved)] == [("2018-01/2018-02", "51"), ("2018-03/..", "31")]
    assert [(m, p) for m, p, _ in where(moved, PU)] == [
        ("2018-02/2018-02", "51"),
        ("2018-03/..", "31"),
    ]


def test_moving_to_where_one_is_does_nothing():
    assert move(MADE, province="51", on=date(2018, 3, 1)) == Accepted()


def test_who_is_in_no_segment_cannot_move():
    for participant in (NOBODY, LEFT):
        with pytest.raises(NotFoundError, match="is registered in no segment"):
            move(participant, province="31", on=date(2018, 5, 1))


def test_a_move_leaves_a_segment_alone_that_one_has_left():
    partly = after(BOTH, gone(BOTH, date(2018, 4, 1), segment=PU))
    moved = after(partly, move(partly, province="31", on=date(2018, 3, 1)))

    assert where(moved, PU) == where(partly, PU)


@pytest.mark.parametrize("change", ["move", "give"])
def test_nothing_changes_before_the_day_of_the_last_change(change):
    changes = {
        "move": lambda p, on: move(p, province="31", on=on),
        "give": lambda p, on: give(p, SECOND, on=on),
    }

    with pytest.raises(InputError, match="a change of 2018-01-10 is recorded already"):
        changes[change](MADE, date(2018, 1, 9))
    assert changes[change](MADE, date(2018, 1, 10)).events


def test_another_agent_cares_for_one_from_the_month_of_the_transfer_on():
    given = after(MADE, give(MADE, SECOND))

    assert [(m, a) for m, _, a in where(given)] == [
        ("2018-01/2018-02", FIRST.id),
        ("2018-03/..", SECOND.id),
    ]


def test_a_branch_cares_for_one_in_the_place_of_any_agent():
    given = after(MADE, give(MADE, branch="JKT-1"))

    assert where(given)[-1] == ("2018-03/..", "51", None)
    assert given.branches == {BPU: "JKT-1"}


def test_a_transfer_to_who_cares_already_does_nothing():
    by_branch = after(MADE, give(MADE, branch="JKT-1"))

    assert give(MADE, FIRST, policies=(lambda _: NO,)) == Accepted()
    assert give(by_branch, branch="JKT-1") == Accepted()
    assert give(by_branch, branch="JKT-2").events


def test_a_transfer_is_refused_where_a_policy_says_so():
    assert give(MADE, SECOND, policies=(lambda _: NO,)) == Refused(NO)


def test_only_who_is_registered_can_be_transferred():
    for participant in (NOBODY, LEFT):
        with pytest.raises(NotFoundError, match="not registered in segment bpu"):
            give(participant, SECOND, on=date(2018, 5, 1))
