"""When an agent without acquisitions is deactivated, and when he may return."""

from contextlib import suppress
from datetime import date, timedelta

import pytest

import jamsos
from jamsos import Accepted, Refused
from jamsos.domain.agent import (
    Agent,
    AgentStatus,
    Deactivation,
    DeactivationReason,
    Return,
    TerminationCause,
)
from jamsos.errors import InputError, RuleNotInForceError
from jamsos.policies.agent_evaluation import away_for_long_enough, idle_for_long_enough
from tests.domain.an_agent import who_is

MAY = date(2018, 5, 1)


def acquire(registry, agent, on):
    participant = jamsos.new_participant_id()
    registry.register(participant, province="51", agent=agent, on=on).or_raise()


def away(law, deactivated_on, on):
    agent = who_is(AgentStatus.DEACTIVATED, deactivated_on)
    return away_for_long_enough(Return(agent=agent, programme=law, on=on))


@pytest.mark.parametrize(("months", "refused"), [(0, True), (2, True), (3, False), (4, False)])
def test_an_agent_is_deactivated_after_three_idle_months(law, months, refused):
    case = Deactivation(
        agent=Agent(id="agent-1"), programme=law, idle_months=months, on=date(2018, 5, 1)
    )

    assert (idle_for_long_enough(case) is not None) == refused


def test_the_refusal_says_how_long_and_where_it_is_laid_down(registry, agent):
    (reason,) = registry.deactivate(agent, on=date(2018, 3, 31)).reasons

    assert reason.policy == "agent-idle-months"
    assert reason.explanation == (
        "The agent has been idle for 2 whole months; deactivation comes after 3 consecutive ones."
    )
    assert reason.citation.instrument == "Kabar Dewata, 24 July 2018"


@pytest.mark.parametrize("day", [date(2018, 4, 1), date(2018, 4, 30), date(2018, 5, 1)])
def test_active_since_december_he_is_deactivated_from_april_on(registry, agent, day):
    deactivated, released = registry.deactivate(agent, on=day).or_raise().events

    assert deactivated.idle_months == day.month - 1
    assert deactivated.rules == ("perisai/agent-idle-months/1",)
    assert released.agent == agent
    assert registry.quota("perisai").taken == 0


def test_an_acquisition_in_january_keeps_him_until_may(registry, agent):
    acquire(registry, agent, date(2018, 1, 31))

    assert isinstance(registry.deactivate(agent, on=date(2018, 4, 30)), Refused)
    assert registry.deactivate(agent, on=MAY).or_raise().events


def test_an_evaluation_deactivates_those_who_are_due_and_no_others(registry, agent):
    acquire(registry, agent, date(2018, 1, 31))

    assert registry.evaluate_agents("perisai", on=date(2018, 4, 30)) == {}
    assert list(registry.evaluate_agents("perisai", on=MAY)) == [agent]
    assert registry.agent(agent).status is AgentStatus.DEACTIVATED
    assert registry.evaluate_agents("perisai", on=date(2018, 6, 1)) == {}


def test_an_office_without_an_agreement_deactivates_at_once(registry, agent):
    answer = registry.deactivate(agent, on=date(2018, 1, 2), reason=DeactivationReason.OFFICE)

    assert answer.or_raise().events
    assert registry.quota("perisai").taken == 0


def test_the_bare_word_idle_is_no_way_round_the_three_months(registry, agent):
    with suppress(InputError):
        registry.deactivate(agent, on=date(2018, 1, 2), reason="idle")

    assert registry.agent(agent).status is AgentStatus.ACTIVE


@pytest.mark.parametrize("deactivated_on", [date(2018, 4, 10), date(2018, 1, 31)])
def test_a_return_is_refused_until_the_day_before_six_months(law, deactivated_on):
    earliest = deactivated_on.replace(month=deactivated_on.month + 6)

    assert away(law, deactivated_on, deactivated_on) is not None
    assert away(law, deactivated_on, earliest - timedelta(days=1)) is not None
    assert away(law, deactivated_on, earliest) is None
    assert away(law, deactivated_on, earliest + timedelta(days=1)) is None


def test_deactivated_on_31_august_he_returns_on_28_february(law):
    assert away(law, date(2018, 8, 31), date(2019, 2, 27)) is not None
    assert away(law, date(2018, 8, 31), date(2019, 2, 28)) is None


def test_before_a_leap_day_he_returns_on_29_february(law):
    assert away(law, date(2019, 8, 31), date(2020, 2, 28)) is not None
    assert away(law, date(2019, 8, 31), date(2020, 2, 29)) is None


def test_a_refused_return_says_from_which_day_it_is_possible(registry, agent):
    registry.deactivate(agent, on=date(2018, 4, 10)).or_raise()

    (reason,) = registry.reactivate(agent, on=date(2018, 10, 9)).reasons
    assert reason.policy == "agent-return-months"
    assert reason.explanation == (
        "The agent was deactivated on 2018-04-10; they may return 6 months later, from 2018-10-10."
    )
    assert reason.citation.instrument == "Jabar Ekspres, 4-5 January 2018"


def test_who_returns_takes_a_seat_under_both_rules(registry, agent):
    registry.deactivate(agent, on=date(2018, 4, 10)).or_raise()

    returned, taken = registry.reactivate(agent, on=date(2018, 10, 10)).or_raise().events
    assert returned.rules == ("perisai/agent-return-months/1", "perisai/agent-cap/2")
    assert taken.rules == ("perisai/agent-cap/2",)
    assert registry.quota("perisai").taken == 1


def test_a_return_too_early_to_no_free_seat_is_refused_for_both_reasons(registry, agent):
    registry.deactivate(agent, on=date(2018, 4, 10)).or_raise()
    registry.allot("perisai", 0, on=date(2018, 4, 10)).or_raise()

    answer = registry.reactivate(agent, on=date(2018, 10, 9))
    assert [reason.policy for reason in answer.reasons] == ["agent-return-months", "seat-allotment"]


def test_idle_months_are_counted_anew_after_a_return(registry, agent):
    acquire(registry, agent, date(2017, 12, 5))
    registry.deactivate(agent, on=date(2018, 4, 10)).or_raise()
    registry.reactivate(agent, on=date(2018, 10, 31)).or_raise()

    (reason,) = registry.deactivate(agent, on=date(2018, 12, 31)).reasons
    assert "idle for 1 whole months" in reason.explanation
    assert registry.evaluate_agents("perisai", on=date(2019, 1, 31)) == {}
    assert list(registry.evaluate_agents("perisai", on=date(2019, 2, 1))) == [agent]


@pytest.mark.parametrize("cause", TerminationCause)
def test_who_was_terminated_never_returns(registry, agent, cause):
    registry.terminate(agent, cause=cause, on=date(2018, 1, 5)).or_raise()

    (reason,) = registry.reactivate(agent, on=date(2018, 12, 31)).reasons
    assert reason.policy == "agent-lifecycle"
    assert reason.citation.source == "S20"
    assert registry.quota("perisai").taken == 0


def test_before_the_rules_are_in_force_nobody_is_judged_by_them(law):
    agent = who_is(AgentStatus.DEACTIVATED, date(2017, 4, 1))
    early = date(2017, 10, 31)

    with pytest.raises(RuleNotInForceError):
        away_for_long_enough(Return(agent=agent, programme=law, on=early))
    with pytest.raises(RuleNotInForceError):
        idle_for_long_enough(Deactivation(agent=agent, programme=law, idle_months=9, on=early))


def test_deactivating_a_second_time_does_nothing(registry, agent):
    registry.deactivate(agent, on=MAY).or_raise()

    assert registry.deactivate(agent, on=MAY) == Accepted()
