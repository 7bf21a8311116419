"""The cap may be raised only after an evaluation of the programme."""

from datetime import date

import pytest

import jamsos
from jamsos import Accepted, Citation, DatedValue, Month, Refused, Status
from jamsos.domain.programme import Outcome
from jamsos.errors import RuleNotInForceError

NEW_YEAR = date(2019, 1, 1)
TODAY = date(2018, 12, 11)
NOVEMBER = Month(2018, 11)


def a_value(number, in_force=NEW_YEAR, until=None):
    return DatedValue(
        value=number,
        in_force=in_force,
        until=until,
        citation=Citation("Example 1/2018"),
        status=Status.ASSUMED,
    )


def cap(registry, number, in_force=NEW_YEAR, *, evaluation=None, on=TODAY, rule="agent-cap"):
    value = a_value(number, in_force)
    return registry.amend("perisai", rule, value, on=on, evaluation=evaluation)


def begin(registry):
    trigger = "the agents reach 5,000"
    on = date(2018, 12, 1)
    registry.open_evaluation("perisai", "growth-2018", trigger=trigger, on=on).or_raise()


def conclude(registry, on=TODAY, month=NOVEMBER, after_months=3):
    answer = registry.conclude_evaluation(
        "perisai",
        "growth-2018",
        outcome=Outcome.RAISE,
        month=month,
        after_months=after_months,
        on=on,
    )
    (event,) = answer.or_raise().events
    return event


def test_a_raise_without_an_evaluation_is_refused(registry):
    (reason,) = cap(registry, 20_000).reasons

    assert reason.policy == "programme-evaluation"
    assert reason.explanation == (
        "The cap may be raised from 10,000 to 20,000 only after an evaluation:"
        " name one that is concluded."
    )
    assert reason.citation.source == "S00, S25"


def test_a_raise_after_an_evaluation_that_was_never_opened_is_refused(registry):
    (reason,) = cap(registry, 20_000, evaluation="growth-2018").reasons

    assert reason.explanation.endswith("'growth-2018' is not concluded on 2018-12-11.")


def test_a_raise_after_an_evaluation_that_is_still_open_is_refused(registry):
    begin(registry)

    assert isinstance(cap(registry, 20_000, evaluation="growth-2018"), Refused)


def test_a_raise_on_the_day_of_the_conclusion_is_granted_and_names_it(registry):
    begin(registry)
    conclude(registry, on=TODAY)

    (event,) = cap(registry, 20_000, evaluation="growth-2018", on=TODAY).or_raise().events
    assert event.evaluation == "growth-2018"
    assert registry.programme("perisai").rule("agent-cap", NEW_YEAR).value == 20_000


def test_a_raise_on_the_day_before_the_conclusion_is_refused(registry):
    begin(registry)
    conclude(registry, on=TODAY)

    answer = cap(registry, 20_000, evaluation="growth-2018", on=date(2018, 12, 10))
    assert isinstance(answer, Refused)


@pytest.mark.parametrize("number", [0, 9_999, 10_000])
def test_a_cap_that_is_not_higher_needs_no_evaluation(registry, number):
    assert cap(registry, number).or_raise().events


def test_higher_is_more_than_the_last_cap_where_none_is_in_force(registry):
    with pytest.raises(RuleNotInForceError):
        registry.programme("perisai").rule("agent-cap", NEW_YEAR)
    assert isinstance(cap(registry, 10_001), Refused)


def test_higher_is_measured_on_the_first_day_of_the_new_value(registry):
    assert isinstance(cap(registry, 1_201, date(2017, 12, 31)), Refused)
    assert cap(registry, 1_201, date(2018, 1, 1)).or_raise().events


def test_a_value_that_was_made_void_is_not_measured_against(registry):
    cap(registry, 4_000, date(2018, 1, 1)).or_raise()

    (reason,) = cap(registry, 5_000).reasons
    assert "from 4,000 to 5,000" in reason.explanation


def test_another_rule_may_be_raised_without_an_evaluation(registry):
    registry.adopt("perisai", on=date(2018, 2, 5)).or_raise()

    assert cap(registry, 200_000, rule="agents-needed").or_raise().events


def test_a_value_from_before_the_first_cap_is_no_way_round_the_evaluation(registry):
    assert isinstance(cap(registry, 20_000, date(2017, 10, 31)), Refused)


def test_ending_the_cap_is_no_way_round_the_evaluation(registry):
    registry.end_rule(
        "perisai", "agent-cap", last_day=date(2017, 10, 31), citation=Citation("X"), on=TODAY
    )

    assert isinstance(cap(registry, 20_000), Refused)


def test_the_published_raise_for_2019_is_adopted_with_an_evaluation_only(registry):
    assert isinstance(registry.adopt("perisai", on=TODAY), Refused)
    begin(registry)
    conclude(registry)

    registry.adopt("perisai", on=TODAY, evaluation="growth-2018").or_raise()
    assert registry.programme("perisai").rule("agent-cap", NEW_YEAR).value == 20_000
    assert registry.adopt("perisai", on=TODAY, evaluation="growth-2018") == Accepted()


def acquire(registry, agent, on):
    participant = jamsos.new_participant_id()
    registry.register(participant, province="51", agent=agent, on=on).or_raise()
    return participant


def test_the_measures_come_from_the_history(registry, agent):
    participant = acquire(registry, agent, date(2018, 8, 3))
    acquire(registry, agent, date(2018, 12, 3))
    months = jamsos.Months.parse("2018-08/2018-08")
    registry.pay(
        participant, reference="R1", months=months, income=0, amount=16_800, on=date(2018, 8, 3)
    ).or_raise()
    begin(registry)
    known = registry.last_position()

    measures = conclude(registry, after_months=3).measures

    assert (measures.month, measures.known_at) == (NOVEMBER, known)
    assert (measures.agents, measures.productive_agents, measures.acquired) == (1, 0, 1)
    assert (measures.after_months, measures.eligible, measures.still_active) == (3, 1, 1)
    assert measures.definition == "in-grace"


@pytest.mark.parametrize(("month", "productive"), [(10, 1), (11, 0)])
def test_productive_is_who_acquired_in_the_month_or_the_two_before_it(
    registry, agent, month, productive
):
    acquire(registry, agent, date(2018, 8, 3))
    begin(registry)

    assert conclude(registry, month=Month(2018, month)).measures.productive_agents == productive


@pytest.mark.usefixtures("agent")
def test_the_agents_are_those_who_hold_seats_at_the_end_of_the_month(registry):
    later = jamsos.new_agent_id()
    registry.recruit(later, "perisai", province="51", on=date(2018, 12, 1)).or_raise()
    begin(registry)

    assert conclude(registry, month=NOVEMBER).measures.agents == 1
