"""An agent gets a seat of another region, asked of a registry: the seats of both follow."""

from collections.abc import Iterator
from datetime import date

import pytest

import jamsos
from jamsos import Accepted, Refused
from jamsos.audit.replay import replay
from jamsos.domain.quota import QuotaSeatReleased, QuotaSeatTaken
from jamsos.errors import InputError
from tests.registry.beginnings import ROLL_OUT, adopted, at_work

FEBRUARY, MARCH, JUNE = date(2018, 2, 1), date(2018, 3, 1), date(2018, 6, 4)


@pytest.fixture
def registry() -> Iterator[jamsos.Registry]:
    """Two seats of the nation, and one of Bali."""
    with jamsos.open(":memory:") as registry:
        adopted(registry, seats=3).allot("perisai", 1, region="51", on=ROLL_OUT).or_raise()
        yield registry


def taken(registry, region, *days):
    quota = registry.quota("perisai", region)
    return [quota.at(day).taken for day in days]


def test_the_seat_of_the_one_region_is_free_on_the_day_on_which_that_of_the_other_is_taken(
    registry,
):
    agent = at_work(registry)

    answer = registry.reseat(agent, region="51", on=MARCH).or_raise()

    kinds = {type(event).__name__: event.on for event in answer.events}
    assert kinds == dict.fromkeys(("AgentReseated", "QuotaSeatTaken", "QuotaSeatReleased"), MARCH)
    eve = date(2018, 2, 28)
    assert taken(registry, "national", eve, MARCH) == [1, 0]
    assert taken(registry, "51", eve, MARCH) == [0, 1]
    assert registry.reseat(agent, region="51", on=MARCH) == Accepted()
    assert replay(registry.history()).findings == ()


def test_it_is_refused_where_no_seat_is_free_on_each_day_on_which_it_would_be_held(registry):
    agent, other = at_work(registry), jamsos.new_agent_id()
    registry.recruit(other, "perisai", province="51", region="51", on=JUNE).or_raise()

    (reason,) = registry.reseat(agent, region="51", on=MARCH).reasons

    assert reason.policy == "seat-allotment"
    assert reason.explanation.startswith("On 2018-06-04, the only seat in region 51 is taken")
    registry.resign(agent, on=JUNE).or_raise()
    answer = registry.reseat(agent, region="51", on=MARCH).or_raise()
    seats = [
        (type(e), e.on) for e in answer.events if isinstance(e, QuotaSeatTaken | QuotaSeatReleased)
    ]
    assert seats == [
        (QuotaSeatTaken, MARCH),
        (QuotaSeatReleased, JUNE),
        (QuotaSeatReleased, MARCH),
        (QuotaSeatTaken, JUNE),
    ]
    assert replay(registry.history()).findings == ()


def test_two_who_change_seats_on_one_day_find_none_free_until_one_is(registry):
    here, there = at_work(registry), jamsos.new_agent_id()
    registry.recruit(there, "perisai", province="51", region="51", on=ROLL_OUT).or_raise()

    assert isinstance(registry.reseat(here, region="51", on=MARCH), Refused)
    registry.reseat(there, region="national", on=MARCH).or_raise()
    registry.reseat(here, region="51", on=MARCH).or_raise()
    assert [registry.agent(each).seat for each in (here, there)] == ["51", "national"]


def test_a_cap_of_the_region_refuses_too(registry):
    none = jamsos.DatedValue(
        value=0,
        in_force=MARCH,
        citation=jamsos.Citation("Example 1/2018"),
        status=jamsos.Status.ASSUMED,
    )
    registry.enact(
        "perisai", "agent-cap", unit="agents", values=[none], on=FEBRUARY, scope="51"
    ).or_raise()
    agent = at_work(registry)

    for on in (FEBRUARY, MARCH):
        (reason,) = registry.reseat(agent, region="51", on=on).reasons
        assert reason.policy == "agent-cap"


def test_it_is_told_late_voided_and_told_otherwise(registry):
    agent = at_work(registry)
    registry.reseat(agent, region="51", on=JUNE).or_raise()

    registry.reseat(agent, region="51", on=MARCH, instead_of=5).or_raise()
    assert taken(registry, "51", date(2018, 2, 28), MARCH, JUNE) == [0, 1, 1]
    with pytest.raises(InputError, match="they get a seat of region 51 on 2018-03-01"):
        registry.reseat(agent, region="national", on=MARCH)

    registry.void(agent, version=7, on=JUNE).or_raise()
    assert taken(registry, "51", MARCH, JUNE) == [0, 0]
    assert taken(registry, "national", MARCH, JUNE) == [1, 1]
    assert registry.agent(agent).seat == "national"
    assert replay(registry.history()).findings == ()


def test_to_void_it_is_refused_while_another_sits_on_the_seat_that_was_left(registry):
    agent = at_work(registry)
    registry.reseat(agent, region="51", on=MARCH).or_raise()
    others = [jamsos.new_agent_id() for _ in range(2)]
    for each in others:
        registry.recruit(each, "perisai", province="51", on=JUNE).or_raise()

    (reason,) = registry.void(agent, version=5, on=JUNE).reasons

    assert all(f"{each} sits there from 2018-06-04 on." in reason.explanation for each in others)


def test_a_region_that_there_is_not_is_an_error(registry):
    with pytest.raises(InputError, match="region"):
        registry.reseat(at_work(registry), region="nowhere", on=MARCH)
