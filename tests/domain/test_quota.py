"""Seats: allotted, taken, released, taken back; and passed to a province and back."""

from datetime import date
from itertools import permutations

import pytest

import jamsos
from jamsos.domain.agent import AgentStatus
from jamsos.domain.citation import Citation
from jamsos.domain.decision import Accepted, Reason, Refused
from jamsos.domain.programme import Programme
from jamsos.domain.quota import (
    Allotment,
    Quota,
    QuotaAllotted,
    QuotaSeatReleased,
    QuotaSeatTaken,
    QuotaTakenBack,
    Seating,
    allot,
    evolve,
    release,
    take,
    take_back,
)
from jamsos.errors import InputError
from tests.domain.an_agent import who_is

DAY = date(2018, 1, 10)
UUID = "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b"
SEATLESS = (
    AgentStatus.UNKNOWN,
    AgentStatus.DEACTIVATED,
    AgentStatus.RESIGNED,
    AgentStatus.TERMINATED,
)
NO = Reason("example", "No.", Citation("Example 1/2018"))
PERISAI = Programme("perisai")
NATION = Quota(programme="perisai", allotted=10, taken=4)
BALI = Quota(programme="perisai", region="51", allotted=5, taken=5)


def an_agent(status=AgentStatus.UNKNOWN, region="national"):
    return who_is(status, DAY, region=region, named=f"agent-{UUID}")


def seating(status, policies=()):
    case = Seating(agent=an_agent(status), programme=PERISAI, quota=NATION, national=NATION, on=DAY)
    return take(case, rules=("perisai/agent-cap/1",), policies=policies)


def allotment(seats, source=None, quota=NATION, policies=()):
    case = Allotment(
        programme=PERISAI, quota=quota, national=NATION, seats=seats, source=source, on=DAY
    )
    return allot(case, rules=("perisai/agent-cap/1",), policies=policies)


@pytest.mark.parametrize("status", SEATLESS)
def test_one_who_holds_no_seat_on_the_day_takes_one(status):
    (taken,) = seating(status).events

    assert taken == QuotaSeatTaken(agent=f"agent-{UUID}", rules=("perisai/agent-cap/1",), on=DAY)
    assert evolve(NATION, taken).taken == 5


@pytest.mark.parametrize("status", [s for s in AgentStatus if s not in SEATLESS])
def test_one_who_holds_a_seat_takes_no_other_whatever_the_policies_say(status):
    assert seating(status, policies=(lambda _: NO,)) == Accepted()


def test_a_seat_that_is_taken_until_a_day_is_given_back_on_it():
    until = date(2018, 3, 1)
    case = Seating(
        agent=an_agent(), programme=PERISAI, quota=NATION, national=NATION, on=DAY, until=until
    )

    taken, released = take(case, rules=(), policies=()).events

    assert (taken.on, released) == (DAY, QuotaSeatReleased(agent=case.agent.id, on=until))


def test_a_seat_is_refused_where_a_policy_says_so():
    assert seating(AgentStatus.UNKNOWN, policies=(lambda _: NO,)) == Refused(NO)


def test_a_seat_is_given_back_where_it_is_held_and_nowhere_else():
    agent = an_agent(AgentStatus.ACTIVE, region="51")

    (released,) = release(BALI, agent, on=DAY).events
    assert released == QuotaSeatReleased(agent=agent.id, on=DAY)
    assert evolve(BALI, released).free == 1
    assert release(NATION, agent, on=DAY) == Accepted()
    assert release(BALI, an_agent(), on=DAY) == Accepted()


def test_free_seats_are_those_allotted_and_not_taken():
    assert (NATION.free, BALI.free) == (6, 0)


def test_seats_are_allotted_under_the_rules_that_are_named():
    (event,) = allotment(3).events

    assert (event.region, event.seats, event.source) == ("national", 3, None)
    assert event.rules == ("perisai/agent-cap/1",)
    assert evolve(NATION, event).allotted == 13


def test_no_seats_are_neither_allotted_nor_taken_back():
    assert allotment(0, policies=(lambda _: NO,)) == Accepted()
    assert take_back(NATION, 0, on=DAY) == Accepted()


def test_an_allotment_is_refused_where_a_policy_says_so():
    assert allotment(1, policies=(lambda _: NO,)) == Refused(NO)


@pytest.mark.parametrize("seats", [-1, 1.5, True])
def test_seats_are_whole_numbers(seats):
    with pytest.raises(InputError, match="seats is"):
        allotment(seats)
    with pytest.raises(InputError, match="seats is"):
        take_back(NATION, seats, on=DAY)


def test_as_many_seats_are_taken_back_as_are_free_and_not_one_more():
    (event,) = take_back(NATION, 6, on=DAY).events

    assert evolve(NATION, event).free == 0
    with pytest.raises(InputError, match="6 are free of 10; take back at most 6"):
        take_back(NATION, 7, on=DAY)
    with pytest.raises(InputError, match="0 are free of 5"):
        take_back(BALI, 1, on=DAY)


def test_seats_that_a_province_got_are_still_issued_by_the_nation():
    (event,) = take_back(NATION, 2, to="51", on=DAY).events

    nation = evolve(NATION, event)
    assert (nation.allotted, nation.passed_on, nation.issued) == (8, 2, 10)


def test_seats_that_come_back_from_a_province_are_the_nations_again():
    nation = evolve(NATION, QuotaTakenBack(seats=2, to="51", on=DAY))

    (event,) = allotment(2, source="51").events
    assert evolve(nation, event) == NATION


def test_seats_taken_back_for_good_are_issued_no_longer():
    (event,) = take_back(NATION, 2, on=DAY).events

    assert evolve(NATION, event).issued == 8


def test_a_province_passes_nothing_on():
    got = QuotaAllotted(
        programme="perisai", region="51", seats=2, source="national", rules=(), on=DAY
    )
    given = QuotaTakenBack(seats=2, to="national", on=DAY)

    assert evolve(BALI, got).passed_on == evolve(BALI, given).passed_on == 0


def test_an_event_that_should_not_have_happened_loads_all_the_same():
    released = QuotaSeatReleased(agent=f"agent-{UUID}", on=DAY)

    assert evolve(Quota(programme="perisai"), released).taken == -1


# -- By day. ----------------------------------------------------------------------

EVE, NEXT = date(2018, 1, 9), date(2018, 1, 11)
MARCH = date(2018, 3, 1)
NONE = Quota(programme="perisai")


def told(*events):
    quota = NONE
    for event in events:
        quota = evolve(quota, event)
    return quota


def allotted(seats, on, source=None):
    return QuotaAllotted(
        programme="perisai", region="national", seats=seats, source=source, rules=(), on=on
    )


def taken(on, number=0):
    return QuotaSeatTaken(agent=f"agent-{UUID[:-1]}{number}", rules=(), on=on)


def test_seats_stand_from_the_end_of_their_day_on():
    quota = told(allotted(3, DAY), taken(DAY), QuotaSeatReleased(agent=f"agent-{UUID}", on=MARCH))

    assert [(q.allotted, q.taken) for q in map(quota.at, (EVE, DAY, NEXT))] == [
        (0, 0),
        (3, 1),
        (3, 1),
    ]
    assert (quota.at(MARCH).taken, quota.taken) == (0, 0)
    assert quota.at(MARCH) == quota


def test_a_day_is_the_same_in_whichever_order_it_was_told():
    events = [
        allotted(5, DAY),
        taken(MARCH),
        taken(DAY, 1),
        QuotaTakenBack(seats=2, to="51", on=NEXT),
        QuotaSeatReleased(agent=f"agent-{UUID}", on=MARCH),
        allotted(1, MARCH, source="51"),
    ]

    assert len({told(*order) for order in permutations(events)}) == 1


def test_a_day_on_which_nothing_changes_in_the_end_is_left_out():
    released = QuotaSeatReleased(agent=f"agent-{UUID}", on=MARCH)

    assert told(allotted(3, DAY), taken(MARCH), released) == told(allotted(3, DAY))
    assert told(allotted(0, DAY)) == NONE


def test_a_quota_of_a_day_can_be_asked_for_an_earlier_day():
    quota = told(allotted(3, DAY), taken(DAY), taken(MARCH, 1))

    assert quota.at(MARCH).at(DAY) == quota.at(DAY)
    assert quota.at(DAY).taken == 1


def test_a_quota_of_which_no_day_is_told_stands_so_on_every_day():
    assert NATION.at(date.min) == NATION.at(date.max) == NATION


def test_the_days_of_a_quota_are_the_one_asked_and_those_of_later_changes():
    quota = told(allotted(3, DAY), taken(MARCH))

    assert [*quota.days(EVE)] == [EVE, DAY, MARCH]
    assert [*quota.days(DAY)] == [DAY, MARCH]
    assert [*quota.days(MARCH)] == [MARCH]
    assert [q.taken for q in quota.over(quota.days(EVE))] == [0, 0, 1]


def test_seats_that_are_taken_later_are_not_free_before():
    quota = told(allotted(3, DAY), taken(MARCH), taken(MARCH, 1))

    assert quota.at(DAY).free == 3
    assert quota.least_free(DAY) == (1, MARCH)
    assert take_back(quota, 1, on=DAY).events
    with pytest.raises(InputError, match=r"2 seats .* 1 are free on 2018-03-01 of 3; take"):
        take_back(quota, 2, on=DAY)


def test_who_is_to_hold_a_seat_until_a_day_takes_it_and_releases_it():
    agent = an_agent(AgentStatus.RESIGNED)
    case = Seating(
        agent=agent, programme=PERISAI, quota=NATION, national=NATION, on=DAY, until=MARCH
    )

    assert take(case, rules=(), policies=()).events == (
        QuotaSeatTaken(agent=agent.id, rules=(), on=DAY),
        QuotaSeatReleased(agent=agent.id, on=MARCH),
    )
    assert take(case, rules=(), policies=(lambda _: NO,)) == Refused(NO)


def test_an_allotment_is_decided_by_what_there_is_on_its_day(registry):
    registry.allot("perisai", 400, region="51", on=MARCH).or_raise()

    assert registry.allot("perisai", 0, region="51", on=DAY) == Accepted()
    registry.allot("perisai", 100, region="51", on=DAY).or_raise()

    bali = registry.quota("perisai", "51")
    assert [bali.at(day).allotted for day in (EVE, DAY, MARCH)] == [0, 100, 500]
    assert registry.allot("perisai", 100, region="51", on=DAY) == Accepted()
    registry.allot("perisai", 400, region="51", on=MARCH).or_raise()
    assert registry.quota("perisai", "51").allotted == 400


def test_an_allotment_told_late_adds_no_seats_over_the_cap_of_a_later_day(registry):
    registry.allot("perisai", 10_000, on=MARCH).or_raise()

    (reason,) = registry.allot("perisai", 1_201, on=DAY).reasons
    assert reason.explanation == (
        "On 2018-03-01, 10,001 seats would be issued in all:"
        " from 2018-01-01 to 2018-12-31 the cap is 10,000 agents."
    )


def test_seats_taken_back_late_are_free_on_every_later_day(registry):
    registry.allot("perisai", 3, on=DAY).or_raise()
    for _ in range(2):
        registry.recruit(jamsos.new_agent_id(), "perisai", province="51", on=MARCH).or_raise()

    with pytest.raises(InputError, match=r"2 seats .* 1 are free on 2018-03-01 of 3"):
        registry.allot("perisai", 1, on=NEXT)
    assert registry.allot("perisai", 2, on=NEXT).or_raise()


def seats(registry):
    nation, bali = registry.quota("perisai"), registry.quota("perisai", "51")
    return nation.allotted, bali.allotted, nation.issued


def test_seats_go_to_a_province_and_back_and_none_is_lost(registry):
    registry.allot("perisai", 400, region="51", on=DAY).or_raise()
    assert seats(registry) == (800, 400, 1_200)

    registry.allot("perisai", 0, region="51", on=DAY).or_raise()
    assert seats(registry) == (1_200, 0, 1_200)


def test_what_is_allotted_is_how_many_there_are_to_be(registry):
    registry.allot("perisai", 400, region="51", on=DAY).or_raise()
    registry.allot("perisai", 100, region="51", on=DAY).or_raise()
    assert seats(registry) == (1_100, 100, 1_200)

    registry.allot("perisai", 2_000, on=DAY).or_raise()
    assert seats(registry) == (1_900, 100, 2_000)
    registry.allot("perisai", 100, on=DAY).or_raise()
    assert seats(registry) == (0, 100, 100)


def test_allotting_as_many_seats_again_does_nothing(registry):
    registry.allot("perisai", 400, region="51", on=DAY).or_raise()

    assert registry.allot("perisai", 400, region="51", on=DAY) == Accepted()
    assert registry.allot("perisai", 1_200, on=DAY) == Accepted()


def test_a_province_gets_no_more_than_the_nation_has_free(registry):
    registry.allot("perisai", 1_199, region="51", on=DAY).or_raise()

    with pytest.raises(InputError, match="2 seats cannot be taken back from national: 1 are free"):
        registry.allot("perisai", 2, region="52", on=DAY)
    assert registry.allot("perisai", 1, region="52", on=DAY).or_raise().events


def test_the_nation_keeps_the_seats_that_its_provinces_hold(registry):
    registry.allot("perisai", 400, region="51", on=DAY).or_raise()

    with pytest.raises(InputError, match="801 seats cannot be taken back from national"):
        registry.allot("perisai", 399, on=DAY)
    assert registry.allot("perisai", 400, on=DAY).or_raise().events


def test_a_seat_that_is_held_stays(registry, agent):
    assert registry.agent(agent).seat == "national"

    with pytest.raises(InputError, match="1199 are free of 1200; take back at most 1199"):
        registry.allot("perisai", 0, on=DAY)
    assert registry.allot("perisai", 1, on=DAY).or_raise().events
