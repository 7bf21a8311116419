"""The cap on agents: who gets a seat, on which day, and by which source."""

import functools
from datetime import date

import pytest

import jamsos
from jamsos import Accepted, Citation, DatedValue, Refused, Status
from jamsos.domain.agent import Agent
from jamsos.domain.quota import Allotment, Quota, Seating
from jamsos.errors import RuleNotInForceError
from jamsos.policies.agent_cap import allotment_is_under_the_cap, seat_is_free

ROLL_OUT = date(2017, 11, 20)
LAST_DAY_OF_2017, NEW_YEAR = date(2017, 12, 31), date(2018, 1, 1)
JUNE = date(2018, 6, 1)


def a_seat(law, on, *, taken, allotted=30_000):
    quota = Quota(programme="perisai", allotted=allotted, taken=taken)
    agent = Agent(id="agent-1")
    return seat_is_free(Seating(agent=agent, programme=law, quota=quota, national=quota, on=on))


def seats(law, on, number, *, issued, region="national", source=None):
    nation = Quota(programme="perisai", allotted=issued - 100, passed_on=100)
    quota = nation if region == "national" else Quota(programme="perisai", region=region)
    case = Allotment(
        programme=law, quota=quota, national=nation, seats=number, source=source, on=on
    )
    return allotment_is_under_the_cap(case)


def test_the_1200th_agent_is_seated_on_31_december_2017(law):
    assert a_seat(law, LAST_DAY_OF_2017, taken=1_199) is None


def test_the_1201st_agent_is_refused_on_31_december_2017(law):
    reason = a_seat(law, LAST_DAY_OF_2017, taken=1_200)

    assert reason.policy == "agent-cap"
    assert reason.explanation == (
        "1,200 agents hold seats already: from 2017-11-01 to 2017-12-31 the cap is 1,200 agents."
    )
    assert reason.citation.instrument == "Rakyatku, 20 November 2017"


def test_the_1201st_agent_is_seated_on_1_january_2018(law):
    assert a_seat(law, NEW_YEAR, taken=1_200) is None


def test_in_2018_the_cap_of_10000_answers_with_its_own_source(law):
    assert a_seat(law, NEW_YEAR, taken=9_999) is None

    reason = a_seat(law, NEW_YEAR, taken=10_000)
    assert "from 2018-01-01 to 2018-12-31 the cap is 10,000 agents" in reason.explanation
    assert reason.citation.instrument == "Bisnis.com, 5-6 February 2018"


def test_of_two_figures_for_2018_the_one_that_is_not_used_refuses_nobody(law):
    rule = law.rule("agent-cap", NEW_YEAR)

    assert (rule.value, [c.value for c in rule.dated.conflicts]) == (10_000, [5_000])
    assert a_seat(law, NEW_YEAR, taken=5_000) is None


def test_before_the_first_day_of_the_cap_no_rule_answers(law):
    assert a_seat(law, date(2017, 11, 1), taken=0) is None
    with pytest.raises(RuleNotInForceError):
        a_seat(law, date(2017, 10, 31), taken=0)


def test_after_the_last_day_of_a_cap_the_older_one_does_not_answer(registry):
    known_in_2017 = registry.programme("perisai")

    assert a_seat(known_in_2017, date(2018, 12, 31), taken=0) is None
    with pytest.raises(RuleNotInForceError, match="is in force on 2019-01-01"):
        a_seat(known_in_2017, date(2019, 1, 1), taken=0)


def test_a_region_seats_no_more_than_it_was_allotted(law):
    assert a_seat(law, NEW_YEAR, allotted=5, taken=4) is None

    reason = a_seat(law, NEW_YEAR, allotted=5, taken=5)
    assert reason.explanation.startswith("All 5 seats in region national are taken: ")


@pytest.mark.parametrize("day", [LAST_DAY_OF_2017, NEW_YEAR])
def test_seats_are_allotted_up_to_the_cap_in_all_regions_together(law, day):
    cap = law.rule("agent-cap", day)

    assert seats(law, day, cap.value - 1_000, issued=1_000) is None
    reason = seats(law, day, cap.value - 999, issued=1_000)
    assert reason.explanation.startswith(f"{cap.value + 1:,} seats would be issued in all: ")
    assert reason.citation == cap.citation


def test_seats_out_of_the_nations_add_nothing_to_what_is_issued(law):
    assert seats(law, NEW_YEAR, 500, issued=10_000, region="51", source="national") is None


def test_no_seats_pass_to_a_region_while_too_many_are_issued(law):
    assert seats(law, NEW_YEAR, 500, issued=10_001, region="51", source="national") is not None


def hire(desk, region="national", on=NEW_YEAR, programme="pilot"):
    return desk.recruit(jamsos.new_agent_id(), programme, province="51", region=region, on=on)


def lowered(registry, cap):
    """Set up a programme of 10 seats, 6 of them in Bali, 5 taken; then lower its cap."""
    values = {"citation": Citation("Example 1/2018"), "status": Status.ASSUMED}
    first = DatedValue(value=10, in_force=NEW_YEAR, **values)
    registry.enact("pilot", "agent-cap", unit="agents", values=[first], on=NEW_YEAR)
    registry.allot("pilot", 10, on=NEW_YEAR).or_raise()
    registry.allot("pilot", 6, region="51", on=NEW_YEAR).or_raise()
    for region in ("national", "national", "51", "51", "51"):
        hire(registry, region).or_raise()
    second = DatedValue(value=cap, in_force=JUNE, **values)
    registry.amend("pilot", "agent-cap", second, on=date(2018, 5, 1)).or_raise()


def test_a_cap_that_is_lowered_removes_nobody(registry):
    lowered(registry, 3)

    assert (registry.quota("pilot").taken, registry.quota("pilot", "51").taken) == (2, 3)


@pytest.mark.parametrize("region", ["national", "51"])
def test_a_cap_that_is_lowered_blocks_new_seats_that_reach_into_its_days(registry, region):
    lowered(registry, 8)

    (reason,) = hire(registry, region, JUNE).reasons
    assert reason.explanation.startswith("10 seats are issued, more than the cap allows")
    (reason,) = hire(registry, region, date(2018, 5, 31)).reasons
    assert reason.explanation.startswith("On 2018-06-01, 10 seats are issued, more than the cap")
    registry.allot("pilot", 4, region="51", on=JUNE).or_raise()
    registry.allot("pilot", 8, on=JUNE).or_raise()
    assert hire(registry, region, date(2018, 5, 31)).or_raise()


def test_once_free_seats_are_taken_back_new_ones_are_given_again(registry):
    lowered(registry, 8)
    registry.allot("pilot", 4, region="51", on=JUNE).or_raise()
    assert isinstance(hire(registry, on=JUNE), Refused)

    registry.allot("pilot", 8, on=JUNE).or_raise()

    assert hire(registry, on=JUNE).or_raise()
    assert hire(registry, "51", on=JUNE).or_raise()


def test_a_refused_recruit_takes_no_seat_and_is_not_recruited(registry):
    lowered(registry, 8)
    known = registry.last_position()

    assert isinstance(hire(registry, on=JUNE), Refused)
    assert registry.last_position() == known


def test_the_seats_of_november_2017_are_taken_one_by_one_until_there_are_none(registry):
    with registry.batch() as desk:
        for _ in range(1_200):
            hire(desk, on=LAST_DAY_OF_2017, programme="perisai").or_raise()

    (refused,) = hire(registry, on=LAST_DAY_OF_2017, programme="perisai").reasons
    assert "to 2017-12-31 the cap is 1,200 agents" in refused.explanation
    (refused,) = hire(registry, on=NEW_YEAR, programme="perisai").reasons
    assert str(refused) == (
        "All 1,200 seats in region national are taken: 8,800 more may be allotted under the cap;"
        " allot them first. (allotment of seats of perisai, 1,200 in region national)"
    )
    registry.allot("perisai", 10_000, on=NEW_YEAR).or_raise()
    assert hire(registry, on=NEW_YEAR, programme="perisai").or_raise()


@pytest.mark.parametrize(("seats", "fits"), [(2, True), (3, False)])
def test_a_region_with_a_cap_of_its_own_gets_no_more_seats_than_that(registry, seats, fits):
    registry.enact(
        "perisai", "agent-cap", unit="agents", values=[bali_cap(2)], on=ROLL_OUT, scope="51"
    ).or_raise()

    answer = registry.allot("perisai", seats, region="51", on=ROLL_OUT)

    assert isinstance(answer, Accepted) == fits
    if fits:
        assert answer.events[-1].rules == ("perisai/agent-cap/1", "perisai/agent-cap@51/1")
    else:
        assert "3 seats would be allotted to region 51" in answer.reasons[0].explanation
    assert isinstance(registry.allot("perisai", 3, region="52", on=ROLL_OUT), Accepted)


@pytest.mark.parametrize(("cap", "fits"), [(1, False), (2, True)])
def test_a_cap_of_a_region_that_is_lowered_blocks_new_seats_there(registry, cap, fits):
    registry.allot("perisai", 5, region="51", on=ROLL_OUT).or_raise()
    recruit = functools.partial(
        registry.recruit, programme="perisai", province="51", region="51", on=ROLL_OUT
    )
    recruit(jamsos.new_agent_id()).or_raise()
    registry.enact(
        "perisai", "agent-cap", unit="agents", values=[bali_cap(cap)], on=ROLL_OUT, scope="51"
    ).or_raise()

    assert isinstance(recruit(jamsos.new_agent_id()), Accepted) == fits


def bali_cap(value):
    return DatedValue(
        value=value,
        in_force=date(2017, 11, 1),
        citation=Citation("Example 1/2017"),
        status=Status.ASSUMED,
    )


def test_where_the_cap_has_room_the_allotment_refuses_and_is_cited(law):
    reason = a_seat(law, NEW_YEAR, taken=1, allotted=1)
    assert reason.policy == "seat-allotment"
    assert str(reason) == (
        "The only seat in region national is taken: 9,999 more may be allotted under the cap;"
        " allot them first. (allotment of seats of perisai, 1 in region national)"
    )


@pytest.mark.parametrize(("allotted", "policy"), [(9_999, "seat-allotment"), (10_000, "agent-cap")])
def test_at_the_cap_the_cap_refuses_and_one_below_it_the_allotment(law, allotted, policy):
    assert a_seat(law, NEW_YEAR, taken=allotted, allotted=allotted).policy == policy


def test_free_seats_of_the_nation_may_be_allotted_to_a_region_though_the_cap_is_reached(registry):
    (reason,) = hire(registry, on=LAST_DAY_OF_2017, programme="perisai", region="51").reasons
    assert reason.explanation == (
        "There are no seats in region 51: 1,200 more may be allotted under the cap; allot them"
        " first."
    )


def test_a_regions_own_cap_that_is_reached_is_cited_and_not_the_allotment(registry):
    own = jamsos.DatedValue(
        value=1,
        in_force=NEW_YEAR,
        citation=jamsos.Citation("Example 2/2018"),
        status=jamsos.Status.ASSUMED,
    )
    registry.enact(
        "perisai", "agent-cap", unit="agents", values=[own], on=NEW_YEAR, scope="51"
    ).or_raise()
    registry.allot("perisai", 1, on=NEW_YEAR, region="51").or_raise()
    hire(registry, on=NEW_YEAR, programme="perisai", region="51").or_raise()

    (reason,) = hire(registry, on=NEW_YEAR, programme="perisai", region="51").reasons
    assert (reason.policy, reason.citation.instrument) == ("agent-cap", "Example 2/2018")


# -- On every day. ----------------------------------------------------------------

A_FIRST, B_FIRST = date(2018, 2, 1), date(2018, 3, 10)
MARCH, LATE = date(2018, 3, 1), date(2018, 2, 15)
TENTH = date(2018, 1, 10)


def a_cap(value, in_force, until=None):
    return DatedValue(
        value=value,
        in_force=in_force,
        until=until,
        citation=Citation("Example 1/2018"),
        status=Status.ASSUMED,
    )


def a_pilot(registry, *caps, seats=3, region="national"):
    """Set up a programme with these caps and seats."""
    registry.enact("pilot", "agent-cap", unit="agents", values=caps, on=NEW_YEAR).or_raise()
    registry.allot("pilot", seats, on=NEW_YEAR).or_raise()
    if region != "national":
        registry.allot("pilot", seats, on=NEW_YEAR, region=region).or_raise()


def three_then_two(registry):
    """Set up three seats under a cap of 3, which is then lowered to 2 from 1 March on."""
    a_pilot(registry, a_cap(3, NEW_YEAR))
    registry.amend("pilot", "agent-cap", a_cap(2, MARCH), on=NEW_YEAR).or_raise()


def test_who_is_told_last_is_refused_for_a_later_day_on_which_the_cap_is_reached(registry):
    three_then_two(registry)
    hire(registry, on=A_FIRST).or_raise()
    hire(registry, on=B_FIRST).or_raise()

    (reason,) = hire(registry, on=LATE).reasons
    assert reason.explanation == (
        "On 2018-03-10, 2 agents hold seats already: from 2018-03-01 on the cap is 2 agents."
    )
    assert reason.policy == "agent-cap"


def test_who_is_told_in_order_finds_the_seats_taken(registry):
    three_then_two(registry)
    hire(registry, on=A_FIRST).or_raise()
    hire(registry, on=LATE).or_raise()

    (reason,) = hire(registry, on=B_FIRST).reasons
    assert reason.explanation.startswith("2 agents hold seats already: from 2018-03-01 on")


def test_a_lower_cap_of_a_later_day_is_kept_by_those_who_come_before_it(registry):
    three_then_two(registry)
    hire(registry, on=A_FIRST).or_raise()
    hire(registry, on=A_FIRST).or_raise()

    (reason,) = hire(registry, on=LATE).reasons
    assert reason.explanation.startswith("On 2018-03-01, 2 agents hold seats already")


def of_the_pilot(registry, on, until, region="national"):
    return Seating(
        agent=Agent(id="agent-1"),
        programme=registry.programme("pilot"),
        quota=registry.quota("pilot", region),
        national=registry.quota("pilot"),
        on=on,
        until=until,
    )


@pytest.mark.parametrize(
    ("until", "fits"), [(LATE, True), (B_FIRST, True), (date(2018, 3, 11), False), (None, False)]
)
def test_a_seat_is_free_on_each_day_on_which_it_is_held_and_the_last_day_is_not_one(
    registry, until, fits
):
    three_then_two(registry)
    hire(registry, on=A_FIRST).or_raise()
    hire(registry, on=B_FIRST).or_raise()

    assert (seat_is_free(of_the_pilot(registry, LATE, until)) is None) == fits


def test_a_seat_that_is_taken_later_is_not_free_before(registry):
    a_pilot(registry, a_cap(9, NEW_YEAR), seats=1, region="51")
    hire(registry, "51", on=B_FIRST).or_raise()

    (reason,) = hire(registry, "51", on=LATE).reasons
    assert reason.policy == "seat-allotment"
    assert reason.explanation == (
        "On 2018-03-10, the only seat in region 51 is taken:"
        " 8 more may be allotted under the cap; allot them first."
    )


def test_where_a_later_cap_leaves_no_room_to_allot_more_it_refuses_and_not_the_allotment(registry):
    a_pilot(registry, a_cap(9, NEW_YEAR, date(2018, 2, 28)), a_cap(2, MARCH), seats=1)
    hire(registry, on=A_FIRST).or_raise()

    (reason,) = hire(registry, on=A_FIRST).reasons
    assert reason.explanation.endswith(": 1 more may be allotted under the cap; allot them first.")
    registry.allot("pilot", 2, on=MARCH).or_raise()
    (reason,) = hire(registry, on=A_FIRST).reasons
    assert reason.explanation == (
        "The only seat in region national is taken: from 2018-03-01 on the cap is 2 agents."
    )


def test_a_seat_is_not_free_before_it_is_allotted(registry):
    a_pilot(registry, a_cap(9, NEW_YEAR), seats=1)
    registry.allot("pilot", 2, on=B_FIRST).or_raise()
    hire(registry, on=A_FIRST).or_raise()

    (reason,) = hire(registry, on=date(2018, 3, 9)).reasons
    assert reason.explanation.startswith("The only seat in region national is taken: 7 more")
    assert hire(registry, on=B_FIRST).or_raise()


def test_on_a_later_day_without_a_cap_only_the_seat_must_be_free(registry):
    a_pilot(registry, a_cap(3, NEW_YEAR, date(2018, 2, 28)), seats=2)
    assert hire(registry, on=date(2018, 2, 28)).or_raise()
    with pytest.raises(RuleNotInForceError):
        hire(registry, on=MARCH)
    registry.allot("pilot", 1, on=B_FIRST).or_raise()

    (reason,) = hire(registry, on=LATE).reasons
    assert reason.explanation == (
        "On 2018-03-10, the only seat in region national is taken:"
        " no cap is in force by which to allot more."
    )


def test_a_regions_own_cap_of_a_later_day_is_kept(registry):
    a_pilot(registry, a_cap(9, NEW_YEAR), region="51")
    registry.enact(
        "pilot", "agent-cap", unit="agents", values=[a_cap(1, MARCH)], on=NEW_YEAR, scope="51"
    ).or_raise()
    hire(registry, "51", on=A_FIRST).or_raise()

    (reason,) = hire(registry, "51", on=LATE).reasons
    assert reason.explanation == (
        "On 2018-03-01, 1 agent holds a seat in region 51 already:"
        " from 2018-03-01 on the cap is 1 agent."
    )


@pytest.mark.parametrize(("seats", "fits"), [(2, True), (3, False)])
def test_no_more_seats_are_allotted_than_the_cap_of_a_later_day(registry, seats, fits):
    caps = [a_cap(3, NEW_YEAR, date(2018, 2, 28)), a_cap(2, MARCH)]
    registry.enact("pilot", "agent-cap", unit="agents", values=caps, on=NEW_YEAR).or_raise()

    answer = registry.allot("pilot", seats, on=LATE)

    assert isinstance(answer, Accepted) == fits
    if not fits:
        assert answer.reasons[0].explanation == (
            "On 2018-03-01, 3 seats would be issued in all: from 2018-03-01 on the cap is 2 agents."
        )


def test_a_region_gets_no_more_than_its_own_cap_of_a_later_day(registry):
    registry.enact(
        "perisai", "agent-cap", unit="agents", values=[a_cap(1, MARCH)], on=ROLL_OUT, scope="51"
    ).or_raise()

    (reason,) = registry.allot("perisai", 2, region="51", on=LATE).reasons
    assert reason.explanation.startswith("On 2018-03-01, 2 seats would be allotted to region 51")
    assert registry.allot("perisai", 1, region="51", on=LATE).or_raise()


@pytest.mark.parametrize(
    ("on", "free"), [(LAST_DAY_OF_2017, False), (date(2018, 1, 9), False), (TENTH, True)]
)
def test_a_seat_given_up_on_10_january_is_free_from_that_day_on(registry, on, free):
    november = date(2017, 11, 21)
    value = a_cap(2, date(2017, 11, 1))
    registry.enact("pilot", "agent-cap", unit="agents", values=[value], on=november).or_raise()
    registry.allot("pilot", 2, on=november).or_raise()
    first, _ = (hire_named(registry, november) for _ in range(2))
    registry.resign(first, on=TENTH).or_raise()

    answer = hire(registry, on=on)

    assert isinstance(answer, Accepted) == free
    if not free:
        assert answer.reasons[0].explanation == (
            "All 2 seats in region national are taken: from 2017-11-01 on the cap is 2 agents."
        )


def hire_named(registry, on):
    agent = jamsos.new_agent_id()
    registry.recruit(agent, "pilot", province="51", on=on).or_raise()
    return agent
