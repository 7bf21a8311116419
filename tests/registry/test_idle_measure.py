"""From April 2022 on an agent is idle without transactions, before it without acquisitions."""

from datetime import date

import pytest

import jamsos
from jamsos import DatedValue, Month, Months, Status
from tests.registry.beginnings import EXAMPLE, adopted, at_work

APRIL = date(2022, 4, 1)
MEASURES = (
    DatedValue(
        value=("acquisition",),
        in_force=date(2017, 11, 1),
        until=date(2022, 3, 31),
        citation=EXAMPLE,
        status=Status.ASSUMED,
    ),
    DatedValue(value=("transaction",), in_force=APRIL, citation=EXAMPLE, status=Status.ASSUMED),
)


@pytest.fixture
def registry():
    with jamsos.open(":memory:") as registry:
        yield adopted(registry)


def enact_measures(registry):
    registry.enact(
        "perisai", "agent-idle-measure", unit="measures", values=MEASURES, on=date(2017, 12, 1)
    ).or_raise()


def with_contributions(registry, *days):
    """Return an agent who acquired somebody in January 2022, and these days of their payments."""
    agent, somebody = at_work(registry), jamsos.new_participant_id()
    registry.register(somebody, province="51", on=date(2022, 1, 10), agent=agent).or_raise()
    for day in days:
        month = Month.of(day)
        registry.pay(
            somebody,
            reference=f"F-{month}",
            months=Months.between(month, month),
            income=1_000_000,
            amount=16_800,
            on=day,
        ).or_raise()
    return agent


def test_an_agent_with_a_contribution_each_month_is_not_idle_where_transactions_are_asked_for(
    registry,
):
    enact_measures(registry)
    agent = with_contributions(registry, *(date(2022, month, 5) for month in range(2, 8)))

    refused = registry.deactivate(agent, on=date(2022, 8, 1))

    assert isinstance(refused, jamsos.Refused)
    assert registry.evaluate_agents("perisai", on=date(2022, 8, 1)) == {}


def test_without_that_rule_acquisitions_alone_count(registry):
    agent = with_contributions(registry, *(date(2022, month, 5) for month in range(2, 8)))

    answer = registry.deactivate(agent, on=date(2022, 8, 1)).or_raise()

    assert answer.events[0].idle_months == 6
    assert answer.events[0].rules == ("perisai/agent-idle-months/1",)


@pytest.mark.parametrize(("paid", "idle"), [(date(2022, 3, 31), 5), (date(2022, 4, 1), 2)], ids=str)
def test_a_month_is_measured_by_the_law_of_its_first_day(registry, paid, idle):
    enact_measures(registry)
    agent = with_contributions(registry, paid)

    answer = registry.deactivate(agent, on=date(2022, 7, 1))

    if idle < 3:
        assert isinstance(answer, jamsos.Refused)
        assert f"idle for {idle} whole months" in answer.reasons[0].explanation
    else:
        (deactivated, _) = answer.or_raise().events
        assert deactivated.idle_months == idle
        assert deactivated.rules == (
            "perisai/agent-idle-months/1",
            "perisai/agent-idle-measure/2",
        )


def test_a_contribution_told_late_or_corrected_is_judged_as_it_is_known(registry):
    enact_measures(registry)
    agent = with_contributions(registry, date(2022, 6, 7))
    assert isinstance(registry.deactivate(agent, on=date(2022, 8, 1)), jamsos.Refused)

    (somebody,) = {
        recorded.stream
        for recorded in registry.history()
        if recorded.stream.startswith("participant-")
    }
    registry.correct(somebody, corrects="F-2022-06", on=date(2022, 7, 1)).or_raise()
    assert registry.deactivate(agent, on=date(2022, 8, 1)).or_raise().events
