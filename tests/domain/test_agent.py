"""The stages of an agent: which step follows which, and which is refused."""

from datetime import date, timedelta

import pytest

from jamsos.domain.agent import (
    CONDUCT,
    ONBOARDING,
    Agent,
    AgentResigned,
    AgentStatus,
    AgentTrainingBegun,
    Deactivation,
    DeactivationReason,
    Return,
    TerminationCause,
    assign,
    begin_training,
    certify,
    deactivate,
    deactivate_idle,
    evolve,
    reactivate,
    recruit,
    resign,
    terminate,
)
from jamsos.domain.calendar import Month
from jamsos.domain.citation import Citation
from jamsos.domain.decision import Accepted, Reason, Refused
from jamsos.domain.programme import Programme
from jamsos.errors import InputError, NotFoundError
from tests.domain.an_agent import deactivated, recruited, steps_to_work, told, who_is

S = AgentStatus
PERISAI = Programme("perisai")
DAY = date(2018, 1, 10)
NOBODY = Agent(id="agent-1")
NO = Reason("example", "No.", Citation("Example 1/2018"))

LATER = date(2018, 1, 11)
"""The day after the one on which everything was told of `agent_who_is`."""


def agent_who_is(status):
    return who_is(status, DAY)


def come_again(agent, *, on, policies=()):
    case = Return(agent=agent, programme=PERISAI, on=on)
    return reactivate(case, region="51", rules=(), policies=policies)


def fall_idle(agent, *, on, policies=()):
    case = Deactivation(agent=agent, programme=PERISAI, idle_months=3, on=on)
    last, rules = Month(2017, 12), ("perisai/agent-idle-months/1",)
    return deactivate_idle(case, last_acquisition=last, known_at=7, rules=rules, policies=policies)


def fail(agent, *, on):
    return terminate(agent, cause=TerminationCause.CRIME, on=on)


AT_WORK = (S.RECRUITED, S.IN_TRAINING, S.CERTIFIED, S.ACTIVE, S.DEACTIVATED)
STEPS = {
    begin_training: ((S.RECRUITED,), S.IN_TRAINING, "begin training", ONBOARDING),
    certify: ((S.IN_TRAINING,), S.CERTIFIED, "be certified", ONBOARDING),
    assign: ((S.CERTIFIED,), S.ACTIVE, "be assigned", ONBOARDING),
    deactivate: ((S.ACTIVE,), S.DEACTIVATED, "be deactivated", CONDUCT),
    fall_idle: ((S.ACTIVE,), S.DEACTIVATED, "be deactivated", CONDUCT),
    come_again: ((S.DEACTIVATED,), S.ACTIVE, "return", CONDUCT),
    resign: (AT_WORK, S.RESIGNED, "resign", CONDUCT),
    fail: ((*AT_WORK, S.RESIGNED), S.TERMINATED, "be terminated", CONDUCT),
}
PAST = {
    begin_training: (S.CERTIFIED, S.ACTIVE, S.DEACTIVATED, S.RESIGNED, S.TERMINATED),
    certify: (S.ACTIVE, S.DEACTIVATED, S.RESIGNED, S.TERMINATED),
    assign: (S.DEACTIVATED, S.RESIGNED, S.TERMINATED),
}
"""The stages of `agent_who_is` at which a step of the beginning was taken long ago."""
LAWFUL = [(step, status) for step, (allowed, *_) in STEPS.items() for status in allowed]
UNLAWFUL = [
    (step, status)
    for step, (allowed, result, *_) in STEPS.items()
    for status in S
    if status not in {*allowed, result, S.UNKNOWN}
]
ONCE = [
    (step, status)
    for step, status in UNLAWFUL
    if (step in {begin_training, certify, assign} and status in PAST[step])
]
UNLAWFUL = [case for case in UNLAWFUL if case not in ONCE]


@pytest.mark.parametrize(("step", "status"), LAWFUL)
def test_each_step_follows_the_stages_that_it_may_follow(step, status):
    agent = agent_who_is(status)

    (event,) = step(agent, on=DAY).events

    assert event.on == DAY
    assert evolve(agent, event).status is STEPS[step][1]


@pytest.mark.parametrize(("step", "status"), UNLAWFUL)
def test_any_other_step_is_refused_with_its_citation(step, status):
    _, _, verb, citation = STEPS[step]

    answer = step(agent_who_is(status), on=LATER)

    sentence = f"An agent who is {status} cannot {verb}."
    assert answer == Refused(Reason("agent-lifecycle", sentence, citation))


@pytest.mark.parametrize("step", STEPS)
def test_the_very_same_step_taken_again_changes_nothing(step):
    before = agent_who_is(STEPS[step][0][-1])
    (event,) = step(before, on=DAY).events

    assert step(evolve(before, event), on=DAY) == Accepted()


@pytest.mark.parametrize(("step", "status"), ONCE)
def test_a_step_of_the_beginning_that_was_taken_long_ago_is_still_done_already(step, status):
    assert step(agent_who_is(status), on=DAY) == Accepted()


@pytest.mark.parametrize(
    ("step", "status"), [*ONCE, *((step, result) for step, (_, result, *_) in STEPS.items())]
)
def test_a_step_that_was_taken_on_another_day_is_an_error_that_names_the_day(step, status):
    before = agent_who_is(STEPS[step][0][-1])
    (event,) = step(before, on=DAY).events
    agent = evolve(before, event) if status is STEPS[step][1] else agent_who_is(status)

    with pytest.raises(InputError, match=r"on 2018-01-10.*\(version \d of its stream\).*void"):
        step(agent, on=LATER)


@pytest.mark.parametrize("step", STEPS)
def test_one_who_was_never_recruited_takes_no_step(step):
    with pytest.raises(NotFoundError, match=f"never recruited, and cannot {STEPS[step][2]}"):
        step(NOBODY, on=DAY)


@pytest.mark.parametrize("step", STEPS)
def test_no_step_is_taken_before_the_day_of_the_one_that_it_needs(step):
    agent = agent_who_is(STEPS[step][0][0])

    with pytest.raises(InputError, match=f"cannot {STEPS[step][2]} on 2018-01-09: .* 2018-01-10"):
        step(agent, on=DAY - timedelta(days=1))
    assert step(agent, on=DAY).events


def test_certified_is_not_in_training_and_neither_is_active():
    assert agent_who_is(S.IN_TRAINING).status is not agent_who_is(S.CERTIFIED).status
    assert agent_who_is(S.CERTIFIED).active_since is None
    assert agent_who_is(S.ACTIVE).active_since == DAY


def test_certifying_before_the_training_is_refused_with_the_source_on_onboarding():
    (reason,) = certify(agent_who_is(S.RECRUITED), on=DAY).reasons

    assert reason.policy == "agent-lifecycle"
    assert reason.citation.source == "S06"


def test_a_terminated_agent_never_returns_and_the_source_is_named():
    (reason,) = come_again(agent_who_is(S.TERMINATED), on=date(2060, 1, 1)).reasons

    assert reason.explanation == "An agent who is terminated cannot return."
    assert "loss of all rights" in str(reason.citation)
    assert reason.citation.source == "S20"


def hire(agent):
    return recruit(agent, PERISAI, province="31", region="31", rules=(), on=DAY)


@pytest.mark.parametrize("status", [s for s in S if s is not S.UNKNOWN])
def test_the_very_same_recruitment_asked_again_changes_nothing(status):
    asked = {"province": "51", "region": "national", "on": DAY}

    assert recruit(agent_who_is(status), PERISAI, rules=("x/y/1",), **asked) == Accepted()


@pytest.mark.parametrize("status", AT_WORK)
@pytest.mark.parametrize(
    "other",
    [
        {"programme": Programme("mitra")},
        {"province": "31"},
        {"region": "51"},
        {"on": DAY - timedelta(days=1)},
        {"on": DAY + timedelta(days=1)},
    ],
    ids=["programme", "province", "region", "day before", "day after"],
)
def test_a_recruitment_that_was_told_otherwise_is_an_error_that_names_what_stands(status, other):
    asked = {"programme": PERISAI, "province": "51", "region": "national", "on": DAY, **other}
    stands = "recruited for perisai on 2018-01-10, in province 51 on a seat of region national"

    with pytest.raises(InputError, match=stands):
        recruit(agent_who_is(status), rules=(), **asked)


@pytest.mark.parametrize("status", [S.RESIGNED, S.TERMINATED])
def test_one_who_has_resigned_or_was_terminated_is_not_recruited_again(status):
    (reason,) = hire(agent_who_is(status)).reasons

    assert reason.policy == "agent-lifecycle"
    assert reason.explanation == f"An agent who is {status} cannot be recruited again."
    assert reason.citation == CONDUCT


def test_an_idle_agents_deactivation_says_what_it_rests_on():
    (event,) = fall_idle(agent_who_is(S.ACTIVE), on=DAY).events

    assert (event.reason, event.idle_months) == (DeactivationReason.IDLE, 3)
    assert (event.last_acquisition, event.known_at) == (Month(2017, 12), 7)
    assert event.rules == ("perisai/agent-idle-months/1",)


def test_a_deactivation_for_the_office_looks_at_no_acquisitions():
    (event,) = deactivate(agent_who_is(S.ACTIVE), on=DAY).events

    assert event.reason is DeactivationReason.OFFICE
    assert (event.idle_months, event.last_acquisition, event.known_at) == (None, None, None)


@pytest.mark.parametrize("step", [fall_idle, come_again])
def test_policies_refuse_a_step_but_not_its_repetition(step):
    before = agent_who_is(STEPS[step][0][0])
    after = evolve(before, step(before, on=DAY).events[0])

    assert step(before, on=DAY, policies=(lambda _: NO,)) == Refused(NO)
    assert step(after, on=DAY, policies=(lambda _: NO,)) == Accepted()


# -- Told late: what is told of a later day already. -----------------------------------

DECEMBER, MARCH, JUNE = date(2017, 12, 1), date(2018, 3, 1), date(2018, 6, 1)


def test_a_return_is_told_after_a_resignation_of_a_later_day():
    agent = told(*steps_to_work(DECEMBER), deactivated(MARCH), AgentResigned(on=date(2018, 12, 1)))

    (event,) = come_again(agent, on=JUNE).events

    after = evolve(agent, event)
    assert (after.status, after.status_on(JUNE)) == (S.RESIGNED, S.ACTIVE)


def test_a_resignation_of_an_earlier_day_than_the_training_is_an_error_that_names_it():
    agent = told(recruited(DECEMBER), AgentTrainingBegun(on=date(2018, 1, 10)))

    with pytest.raises(InputError, match="cannot resign on 2018-01-05: the training begins on 201"):
        resign(agent, on=date(2018, 1, 5))
    assert resign(agent, on=date(2018, 1, 10)).events


def test_certified_before_the_training_is_an_error_that_names_the_training():
    agent = told(recruited(DECEMBER), AgentTrainingBegun(on=date(2018, 1, 10)))

    with pytest.raises(InputError, match="certified on 2018-01-05: the training begins on 2018-01"):
        certify(agent, on=date(2018, 1, 5))


def test_a_termination_is_told_of_a_day_before_the_resignation_and_is_an_error():
    agent = told(*steps_to_work(DECEMBER), AgentResigned(on=JUNE))

    with pytest.raises(InputError, match="they resign on 2018-06-01"):
        fail(agent, on=MARCH)


def test_a_resignation_is_told_of_a_day_before_the_termination():
    agent = told(*steps_to_work(DECEMBER), *fail(who_is(S.ACTIVE), on=JUNE).events)

    (event,) = resign(agent, on=MARCH).events

    after = evolve(agent, event)
    assert (after.status_on(MARCH), after.status) == (S.RESIGNED, S.TERMINATED)


def test_a_decision_on_a_later_day_stands_in_nobodys_way_and_is_without_effect():
    idle = deactivated(JUNE, DeactivationReason.IDLE)
    agent = told(*steps_to_work(DECEMBER), idle)

    (event,) = resign(agent, on=MARCH).events

    after = evolve(agent, event)
    assert (after.status, after.seats[-1].ends) == (S.RESIGNED, MARCH)
    assert [stage.event for stage in after.without_effect] == [idle]


def test_a_deactivation_for_the_office_on_a_later_day_is_a_fact_and_stands_in_the_way():
    agent = told(*steps_to_work(DECEMBER), deactivated(JUNE))

    with pytest.raises(InputError, match="deactivated on 2018-06-01, with the office"):
        deactivate(agent, on=MARCH)
    with pytest.raises(InputError, match="deactivated on 2018-06-01, with the office"):
        fall_idle(agent, on=MARCH)


def test_idleness_is_decided_for_an_earlier_day_than_it_was_decided_for_before():
    agent = told(*steps_to_work(DECEMBER), deactivated(JUNE, DeactivationReason.IDLE))

    after = evolve(agent, *fall_idle(agent, on=MARCH).events)

    assert (after.deactivated_on, after.seats[-1].ends) == (MARCH, MARCH)


def test_an_active_agent_who_was_never_away_cannot_return():
    (reason,) = come_again(agent_who_is(S.ACTIVE), on=LATER).reasons

    assert reason.explanation == "An agent who is active cannot return."
