"""The stages of an agent: which step follows which, and which is refused."""

from datetime import date, timedelta

import pytest

from jamsos.domain.agent import (
    CONDUCT,
    ONBOARDING,
    Agent,
    AgentAssigned,
    AgentCertified,
    AgentDeactivated,
    AgentRecruited,
    AgentResigned,
    AgentStatus,
    AgentTerminated,
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

S = AgentStatus
PERISAI = Programme("perisai")
DAY = date(2018, 1, 10)
NOBODY = Agent(id="agent-1")
NO = Reason("example", "No.", Citation("Example 1/2018"))

EVENTS = {
    S.RECRUITED: AgentRecruited(
        programme="perisai", province="51", region="national", rules=(), on=DAY
    ),
    S.IN_TRAINING: AgentTrainingBegun(on=DAY),
    S.CERTIFIED: AgentCertified(on=DAY),
    S.ACTIVE: AgentAssigned(on=DAY),
    S.DEACTIVATED: AgentDeactivated(
        reason=DeactivationReason.OFFICE,
        idle_months=None,
        last_acquisition=None,
        known_at=None,
        rules=(),
        on=DAY,
    ),
    S.RESIGNED: AgentResigned(on=DAY),
    S.TERMINATED: AgentTerminated(cause=TerminationCause.FRAUD, on=DAY),
}


def agent_who_is(status):
    return evolve(evolve(NOBODY, EVENTS[S.RECRUITED]), EVENTS[status])


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
LAWFUL = [(step, status) for step, (allowed, *_) in STEPS.items() for status in allowed]
UNLAWFUL = [
    (step, status)
    for step, (allowed, result, *_) in STEPS.items()
    for status in EVENTS
    if status not in {*allowed, result}
]


@pytest.mark.parametrize(("step", "status"), LAWFUL)
def test_each_step_follows_the_stages_that_it_may_follow(step, status):
    agent = agent_who_is(status)

    (event,) = step(agent, on=DAY).events

    assert event.on == DAY
    assert evolve(agent, event).status is STEPS[step][1]


@pytest.mark.parametrize(("step", "status"), UNLAWFUL)
def test_any_other_step_is_refused_with_its_citation(step, status):
    _, _, verb, citation = STEPS[step]

    answer = step(agent_who_is(status), on=DAY)

    sentence = f"An agent who is {status} cannot {verb}."
    assert answer == Refused(Reason("agent-lifecycle", sentence, citation))


@pytest.mark.parametrize("step", STEPS)
def test_a_step_taken_again_changes_nothing(step):
    assert step(agent_who_is(STEPS[step][1]), on=DAY) == Accepted()


@pytest.mark.parametrize("step", STEPS)
def test_who_was_never_recruited_takes_no_step(step):
    with pytest.raises(NotFoundError, match=f"never recruited, and cannot {STEPS[step][2]}"):
        step(NOBODY, on=DAY)


@pytest.mark.parametrize("step", STEPS)
def test_no_step_is_taken_before_the_day_of_the_last_one(step):
    agent = agent_who_is(STEPS[step][0][0])

    with pytest.raises(InputError, match="something is recorded on 2018-01-10 already"):
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


@pytest.mark.parametrize("status", AT_WORK)
def test_recruiting_an_agent_again_changes_nothing_while_he_works(status):
    assert hire(agent_who_is(status)) == Accepted()


@pytest.mark.parametrize("status", [S.RESIGNED, S.TERMINATED])
def test_who_has_resigned_or_was_terminated_is_not_recruited_again(status):
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
    (allowed, *_), result, *_ = STEPS[step]

    assert step(agent_who_is(allowed), on=DAY, policies=(lambda _: NO,)) == Refused(NO)
    assert step(agent_who_is(result), on=DAY, policies=(lambda _: NO,)) == Accepted()
