"""A difference earns its share on the day on which it is paid, by the numbers of its months."""

from datetime import date

import pytest

import jamsos
from jamsos import Accepted, Month, Months
from jamsos.audit.replay import replay
from jamsos.domain.value import Word

JANUARY = date(2018, 1, 8)


@pytest.fixture
def registry():
    """Open a desk with the law of the agency as it was known on 5 January 2018."""
    with jamsos.open(":memory:") as opened:
        opened.adopt("perisai", on=date(2018, 1, 5)).or_raise()
        opened.allot("perisai", 1, on=date(2018, 1, 5)).or_raise()
        yield opened


@pytest.fixture
def agent(registry):
    """Bring an agent to an active account on 6 January 2018."""
    name = jamsos.new_agent_id()
    registry.recruit(name, "perisai", province="51", on=date(2018, 1, 5)).or_raise()
    for step in (registry.begin_training, registry.certify, registry.assign):
        step(name, on=date(2018, 1, 6)).or_raise()
    return name


@pytest.fixture
def fisher(registry, agent):
    """Register somebody who pays 33,600 rupiah for January and February 2018."""
    name = jamsos.new_participant_id()
    registry.register(name, province="51", agent=agent, on=JANUARY).or_raise()
    registry.pay(
        name,
        reference="1",
        months=Months.parse("2018-01/2018-02"),
        income=1_000_000,
        amount=33_600,
        on=JANUARY,
    ).or_raise()
    return name


def lines(registry, agent, month, on):
    answer = registry.award_incentive(agent, month, on=on).or_raise()
    return [
        (type(event).__name__, each.received.reference, each.received.amount, each.received.number)
        for event in answer.events
        for each in event.contributions
    ]


def test_a_difference_earns_its_share_in_the_month_of_its_day(registry, agent, fisher):
    registry.pay_difference(
        fisher, reference="1R", of="1", income=2_000_000, amount=10_000, on=date(2018, 3, 5)
    ).or_raise()

    assert lines(registry, agent, Month(2018, 1), date(2018, 4, 2)) == [
        ("AgentIncentiveAwarded", "1", 33_600, 1)
    ]
    assert lines(registry, agent, Month(2018, 3), date(2018, 4, 2)) == [
        ("AgentIncentiveAwarded", "1R", 10_000, 1)
    ]
    assert replay(registry.history()).findings == ()


def test_the_share_of_a_difference_is_clawed_back_where_it_is_corrected(registry, agent, fisher):
    registry.pay_difference(
        fisher, reference="1R", of="1", income=2_000_000, amount=10_000, on=date(2018, 3, 5)
    ).or_raise()
    lines(registry, agent, Month(2018, 3), date(2018, 4, 2))
    registry.correct(fisher, corrects="1R", on=date(2018, 4, 3)).or_raise()

    assert lines(registry, agent, Month(2018, 3), date(2018, 5, 2)) == [
        ("AgentIncentiveClawedBack", "1R", 10_000, 1)
    ]
    assert replay(registry.history()).findings == ()


def test_a_difference_moves_no_number_of_the_months_after_it(registry, agent, fisher):
    registry.pay_difference(
        fisher, reference="0", of="1", income=2_000_000, amount=10_000, on=JANUARY
    ).or_raise()
    registry.pay(
        fisher,
        reference="2",
        months=Months.parse("2018-03/2018-03"),
        income=2_000_000,
        amount=16_800,
        on=date(2018, 3, 5),
    ).or_raise()

    assert lines(registry, agent, Month(2018, 3), date(2018, 4, 2)) == [
        ("AgentIncentiveAwarded", "2", 16_800, 3)
    ]
    awarded = registry.award_incentive(agent, Month(2018, 1), on=date(2018, 4, 2)).or_raise()
    assert [each.reference for each in awarded.events[0].acquired] == ["1"]


def test_what_was_paid_back_keeps_the_share_that_was_earned(registry, agent, fisher):
    refunds = jamsos.DatedValue(
        value=(Word("jkk-claim"),),
        in_force=JANUARY,
        citation=jamsos.Citation("Example 1/2018"),
        status=jamsos.Status.ASSUMED,
    )
    registry.enact("jkk", "bpu-refund", unit="occasions", values=[refunds], on=JANUARY).or_raise()
    assert lines(registry, agent, Month(2018, 1), date(2018, 2, 1))
    registry.refund(
        fisher,
        refunds="1",
        claim="jkk-claim",
        claimed=Month(2018, 1),
        amount=16_800,
        on=date(2018, 2, 2),
    ).or_raise()

    assert registry.award_incentive(agent, Month(2018, 1), on=date(2018, 3, 1)) == Accepted()
    assert replay(registry.history()).findings == ()
