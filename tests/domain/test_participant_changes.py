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


def give(participant, agent=None, branch=None, *, segment=BPU, on=date(2018, 3, 5), policies=()):
    case = Transfer(participant=participant, segment=segment, agent=agent, on=on)
    return transfer(case, branch=branch, policies=policies)


def gone(participant, on, segment=None):
    return leave(participant, segment=segment, reason=LeavingReason.LEFT_WORK, on=on)


def go(participant, province, on):
    return move(participant, province=province, on=on)


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


def test_a_move_to_where_one_is_already_is_recorded_and_changes_nothing():
    answer = go(MADE, "51", date(2018, 3, 1))

    (event,) = answer.events
    assert (event.province, event.as_told, event.changes) == ("51", None, ())
    assert after(MADE, answer).standing(BPU) == MADE.standing(BPU)


def test_the_very_same_move_again_does_nothing():
    moved = after(MADE, go(MADE, "31", date(2018, 3, 1)))

    assert go(moved, "31", date(2018, 3, 1)) == Accepted()
    assert go(moved, "31", date(2018, 3, 2)).events


def test_a_second_move_on_one_day_is_an_input_error_that_names_the_first():
    moved = after(MADE, go(MADE, "31", date(2018, 3, 1)))

    with pytest.raises(InputError) as caught:
        go(moved, "52", date(2018, 3, 1))
    assert str(caught.value) == (
        f"{MADE.id} cannot move twice on 2018-03-01: the move to province 31 of 2018-03-01"
        " (version 2) stands; void that first"
    )
    for day in (date(2018, 2, 28), date(2018, 3, 2)):
        assert go(moved, "52", day).events


def test_a_participant_who_is_in_no_segment_cannot_move():
    for participant in (NOBODY, LEFT):
        with pytest.raises(NotFoundError, match="is registered in no segment on 2018-05-01"):
            go(participant, "31", date(2018, 5, 1))


def test_a_participant_who_leaves_can_move_and_be_transferred_on_that_day_still():
    on, then = date(2018, 4, 20), date(2018, 4, 21)

    assert go(LEFT, "31", on).events
    assert give(LEFT, SECOND, on=on).events
    assert after(LEFT, go(LEFT, "31", on)).life.stays == LEFT.life.stays
    with pytest.raises(NotFoundError, match="is registered in no segment on 2018-04-21"):
        go(LEFT, "31", then)
    with pytest.raises(NotFoundError, match="not registered in segment bpu on 2018-04-21"):
        give(LEFT, SECOND, on=then)


def test_a_move_holds_in_a_segment_that_one_was_in_on_that_day_and_has_left_since():
    partly = after(BOTH, gone(BOTH, date(2018, 4, 1), segment=PU))

    moved = after(partly, go(partly, "31", date(2018, 3, 1)))
    assert where(moved, PU) == [
        ("2018-02/2018-02", "51", FIRST.id),
        ("2018-03/2018-03", "31", FIRST.id),
    ]


def test_a_move_leaves_a_segment_alone_that_one_has_left_before_that_day():
    partly = after(BOTH, gone(BOTH, date(2018, 4, 1), segment=PU))

    moved = after(partly, go(partly, "31", date(2018, 4, 2)))
    assert where(moved, PU) == where(partly, PU)
    assert where(moved)[-1] == ("2018-04/..", "31", FIRST.id)


def test_a_move_leaves_a_segment_alone_that_one_enters_later():
    moved = after(BOTH, go(BOTH, "31", date(2018, 2, 9)))

    assert where(moved)[-1] == ("2018-02/..", "31", FIRST.id)
    assert where(moved, PU) == where(BOTH, PU)


@pytest.mark.parametrize("change", ["move", "give"])
def test_nothing_changes_before_the_day_of_the_registration(change):
    changes = {
        "move": ("move", lambda p, on: go(p, "31", on)),
        "give": ("be transferred", lambda p, on: give(p, SECOND, on=on)),
    }
    verb, change = changes[change]

    with pytest.raises(InputError) as caught:
        change(MADE, date(2018, 1, 9))
    assert str(caught.value) == (
        f"{MADE.id} cannot {verb} on 2018-01-09: they were registered in segment bpu on"
        " 2018-01-10; give that day or a later one"
    )
    assert change(MADE, date(2018, 1, 10)).events


def test_a_transfer_waits_for_the_registration_in_its_own_segment():
    with pytest.raises(InputError, match="they were registered in segment pu on 2018-02-10"):
        give(BOTH, SECOND, segment=PU, on=date(2018, 2, 9))
    assert give(BOTH, SECOND, segment=PU, on=date(2018, 2, 10)).events


def test_moves_that_are_told_late_hold_until_the_next_one():
    june = after(MADE, go(MADE, "31", date(2018, 6, 1)))

    both = after(june, go(june, "52", date(2018, 3, 1)))
    assert [(m, p) for m, p, _ in where(both)] == [
        ("2018-01/2018-02", "51"),
        ("2018-03/2018-05", "52"),
        ("2018-06/..", "31"),
    ]


def test_a_late_move_to_where_a_later_one_went_takes_the_months_in_between():
    june = after(MADE, go(MADE, "31", date(2018, 6, 1)))

    both = after(june, go(june, "31", date(2018, 3, 1)))
    assert [(m, p) for m, p, _ in where(both)] == [("2018-01/2018-02", "51"), ("2018-03/..", "31")]


def test_transfers_that_are_told_late_hold_until_the_next_one():
    june = after(MADE, give(MADE, SECOND, on=date(2018, 6, 1)))

    both = after(june, give(june, branch="JKT-1", on=date(2018, 3, 1)))
    assert [(m, a) for m, _, a in where(both)] == [
        ("2018-01/2018-02", FIRST.id),
        ("2018-03/2018-05", None),
        ("2018-06/..", SECOND.id),
    ]


def test_another_agent_cares_for_one_from_the_month_of_the_transfer_on():
    given = after(MADE, give(MADE, SECOND))

    assert [(m, a) for m, _, a in where(given)] == [
        ("2018-01/2018-02", FIRST.id),
        ("2018-03/..", SECOND.id),
    ]


def test_a_branch_cares_for_one_in_the_place_of_any_agent():
    given = after(MADE, give(MADE, branch="JKT-1"))

    assert where(given)[-1] == ("2018-03/..", "51", None)
    stay = given.life.stay(BPU, date(2018, 3, 5))
    assert (stay.agent, stay.branch, stay.cared_since) == (None, "JKT-1", date(2018, 3, 5))
    assert given.life.stay(BPU, date(2018, 3, 4)).agent == FIRST.id


def test_a_transfer_to_the_agent_who_cares_already_is_recorded_and_changes_nothing():
    answer = give(MADE, FIRST)

    (event,) = answer.events
    assert (event.agent, event.changes) == (FIRST.id, ())
    assert after(MADE, answer).life.stays == MADE.life.stays
    assert give(MADE, FIRST, policies=(lambda _: NO,)) == Refused(NO)


def test_the_very_same_transfer_again_does_nothing():
    by_branch = after(MADE, give(MADE, branch="JKT-1"))

    assert give(by_branch, branch="JKT-1", policies=(lambda _: NO,)) == Accepted()
    assert give(by_branch, branch="JKT-1", on=date(2018, 3, 6)).events


def test_a_second_transfer_in_one_segment_on_one_day_is_an_input_error_that_names_the_first():
    by_branch, given = (after(BOTH, give(BOTH, *to)) for to in ((None, "JKT-1"), (SECOND,)))

    with pytest.raises(InputError) as caught:
        give(by_branch, branch="JKT-2")
    assert str(caught.value) == (
        f"{MADE.id} cannot be transferred twice on 2018-03-05: the transfer to branch JKT-1 of"
        " 2018-03-05 (version 3) stands; void that first"
    )
    with pytest.raises(InputError, match=f"the transfer to {SECOND.id} of 2018-03-05"):
        give(given, branch="JKT-2")
    for day in (date(2018, 3, 4), date(2018, 3, 6)):
        assert give(by_branch, branch="JKT-2", on=day).events
    assert give(by_branch, branch="JKT-2", segment=PU).events


def test_a_transfer_holds_in_its_own_segment_alone():
    given = after(BOTH, give(BOTH, SECOND, segment=PU))

    assert where(given) == where(BOTH)
    assert where(given, PU)[-1] == ("2018-03/..", "51", SECOND.id)


def test_a_transfer_is_refused_where_a_policy_says_so():
    assert give(MADE, SECOND, policies=(lambda _: NO,)) == Refused(NO)


def test_a_participant_who_is_not_registered_cannot_be_transferred():
    for participant in (NOBODY, LEFT):
        with pytest.raises(NotFoundError, match="not registered in segment bpu on 2018-05-01"):
            give(participant, SECOND, on=date(2018, 5, 1))
