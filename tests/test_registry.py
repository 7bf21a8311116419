"""The front desk: each request is decided on a fresh read and recorded, or nothing is."""

import re
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

import jamsos
from jamsos.desk import Desk
from jamsos.domain.agent import (
    AgentStatus,
    Deactivation,
    DeactivationReason,
    Return,
    TerminationCause,
)
from jamsos.domain.participant import Contribution, Enrolment, LeavingReason, Payer, Transfer
from jamsos.domain.programme import (
    Amendment,
    Outcome,
    ProgrammeEvaluationConcluded,
    ProgrammeRuleAmended,
)
from jamsos.domain.quota import Allotment, Seating
from jamsos.errors import (
    ConflictError,
    CorruptHistoryError,
    InputError,
    JamsosError,
    NotFoundError,
    RefusedError,
    RuleNotInForceError,
    StoreError,
)
from jamsos.formulas.active import IN_GRACE, REGISTERED

ROLL_OUT = date(2017, 11, 20)
LAUNCH = date(2018, 2, 5)
JANUARY = jamsos.Months.parse("2018-01/2018-01")
FEBRUARY = jamsos.Months.parse("2018-02/2018-02")
EXAMPLE = jamsos.Citation("Example 1/2018", "article 1")

Ask = Callable[[Desk], jamsos.Decision]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "perisai.db"


def adopted(registry: jamsos.Registry, seats: int = 1_200) -> jamsos.Registry:
    registry.adopt("perisai", on=ROLL_OUT).or_raise()
    registry.allot("perisai", seats, on=ROLL_OUT).or_raise()
    return registry


def recruited(registry: jamsos.Registry) -> str:
    agent = jamsos.new_agent_id()
    registry.recruit(agent, "perisai", province="51", on=ROLL_OUT).or_raise()
    return agent


def at_work(registry: jamsos.Registry, on: date = date(2017, 12, 4)) -> str:
    """Return an agent whose account is active."""
    agent = recruited(registry)
    for step in (registry.begin_training, registry.certify, registry.assign):
        step(agent, on=on).or_raise()
    return agent


def enrolled(
    registry: jamsos.Registry, agent: str | None = None, on: date = date(2018, 1, 9)
) -> str:
    """Return a participant who has paid for the month in which he was registered."""
    participant = jamsos.new_participant_id()
    registry.register(participant, province="51", on=on, agent=agent).or_raise()
    month = jamsos.Month.of(on)
    paid(registry, participant, jamsos.Months.between(month, month), on)
    return participant


def paid(
    desk: Desk, participant: str, months: jamsos.Months, on: date, reference: str = "F-1"
) -> None:
    desk.pay(
        participant, reference=reference, months=months, income=1_000_000, amount=16_800, on=on
    ).or_raise()


@contextmanager
def plain(path: Path) -> Iterator[sqlite3.Connection]:
    """Give a connection that knows nothing of jamsos; what it does is kept."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        yield connection


def impatient(registry: jamsos.Registry) -> None:
    """Let *registry* give up on a lock at once, and not after seconds."""
    registry._recording._patience = 0
    with registry._store._recorder._datastore.get_connection(commit=True) as connection:
        connection._sqlite_conn.execute("PRAGMA busy_timeout = 0")


# -- What is recorded, and when. ---------------------------------------------------


def test_a_request_is_recorded_before_it_is_answered(path):
    with jamsos.open(path) as registry:
        adopted(registry)
        agent = recruited(registry)
        with jamsos.open(path) as other:
            assert other.agent(agent).status is AgentStatus.RECRUITED
            assert other.quota("perisai").taken == 1


def test_what_was_recorded_is_there_when_the_registry_is_opened_again(path):
    with jamsos.open(path) as registry:
        agent = at_work(adopted(registry))
        participant = enrolled(registry, agent)
        last = registry.last_position()

    with jamsos.open(str(path)) as registry:
        assert registry.last_position() == last
        assert registry.agent(agent).status is AgentStatus.ACTIVE
        assert registry.participant(participant).payments["F-1"].amount == 16_800
        assert registry.count(jamsos.Month(2018, 1)).total == 1


def test_an_answer_holds_the_events_that_were_recorded(registry):
    before = registry.last_position()

    answer = registry.recruit(jamsos.new_agent_id(), "perisai", province="51", on=ROLL_OUT)

    recorded = [r.event for r in registry.history() if r.position > before]
    assert isinstance(answer, jamsos.Accepted)
    assert list(answer.events) == recorded
    assert len(recorded) == 2


def test_asking_again_is_accepted_and_records_nothing(registry):
    agent = at_work(registry)
    last = registry.last_position()

    again = [
        registry.recruit(agent, "perisai", province="51", on=ROLL_OUT),
        registry.assign(agent, on=date(2018, 1, 1)),
    ]

    assert again == [jamsos.Accepted(), jamsos.Accepted()]
    assert registry.last_position() == last


def test_a_refusal_records_nothing_and_is_raised_only_on_demand(registry):
    agent = recruited(registry)
    last = registry.last_position()

    refused = registry.assign(agent, on=LAUNCH)

    assert isinstance(refused, jamsos.Refused)
    assert refused.reasons[0].policy == "agent-lifecycle"
    assert refused.reasons[0].citation.source == "S06"
    assert registry.last_position() == last
    with pytest.raises(RefusedError, match="recruited"):
        refused.or_raise()


def test_the_clock_tells_the_moment_of_writing_and_nothing_else():
    moments = [datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=n) for n in range(3)]
    ticks = iter(moments)
    with jamsos.open(":memory:", clock=lambda: next(ticks)) as registry:
        registry.adopt("perisai", on=ROLL_OUT).or_raise()
        registry.allot("perisai", 1, on=ROLL_OUT).or_raise()
        recruited(registry)

        written = {r.recorded_at for r in registry.history()}
        days = {r.event.on for r in registry.history()}

    assert written == set(moments)
    assert days == {ROLL_OUT}


def test_the_clock_of_a_registry_tells_the_time_of_now_in_utc():
    before = datetime.now(UTC)
    with jamsos.open(":memory:") as registry:
        registry.adopt("perisai", on=ROLL_OUT).or_raise()

        (first, *_) = registry.history()

    assert before <= first.recorded_at <= datetime.now(UTC)
    assert first.recorded_at.utcoffset() == timedelta(0)


def test_a_clock_of_another_time_zone_is_kept_in_utc():
    jakarta = timezone(timedelta(hours=7))
    with jamsos.open(
        ":memory:", clock=lambda: datetime(2018, 2, 5, 10, tzinfo=jakarta)
    ) as registry:
        registry.adopt("perisai", on=ROLL_OUT).or_raise()

        (first, *_) = registry.history()

    assert first.recorded_at == datetime(2018, 2, 5, 3, tzinfo=UTC)
    assert first.recorded_at.utcoffset() == timedelta(0)


def test_a_clock_without_a_time_zone_is_an_input_error_and_nothing_is_recorded():
    naive = datetime(2018, 2, 5)  # noqa: DTZ001 - the mistake that is tried
    with jamsos.open(":memory:", clock=lambda: naive) as registry:
        with pytest.raises(InputError):
            registry.adopt("perisai", on=ROLL_OUT)

        assert registry.last_position() == 0


def test_a_clock_that_fails_records_nothing():
    with jamsos.open(":memory:", clock=lambda: 1 / 0) as registry:
        with pytest.raises(ZeroDivisionError):
            registry.adopt("perisai", on=ROLL_OUT)

        assert registry.last_position() == 0
        assert registry.programme("perisai").established is None


# -- Batches and trials. -----------------------------------------------------------


def test_a_batch_is_recorded_at_its_end_in_one_transaction(path):
    with jamsos.open(path) as registry, jamsos.open(path) as other:
        adopted(registry)
        before = registry.last_position()
        with registry.batch() as desk:
            agents = [jamsos.new_agent_id() for _ in range(3)]
            for agent in agents:
                desk.recruit(agent, "perisai", province="51", on=ROLL_OUT).or_raise()
                desk.begin_training(agent, on=ROLL_OUT).or_raise()
            during = other.last_position()

        assert during == before
        assert other.last_position() == before + 9
        assert registry.quota("perisai").taken == 3
        assert {other.agent(agent).status for agent in agents} == {AgentStatus.IN_TRAINING}
        assert len({r.recorded_at for r in other.history() if r.position > before}) == 1


def test_later_requests_of_a_batch_know_the_earlier_ones(registry):
    with registry.batch() as desk:
        desk.allot("perisai", 1, on=ROLL_OUT).or_raise()
        first = desk.recruit(jamsos.new_agent_id(), "perisai", province="51", on=ROLL_OUT)
        second = desk.recruit(jamsos.new_agent_id(), "perisai", province="51", on=ROLL_OUT)

    assert isinstance(first, jamsos.Accepted)
    assert isinstance(second, jamsos.Refused)
    assert registry.quota("perisai").taken == 1


def test_a_refused_request_leaves_the_rest_of_a_batch_alone(registry):
    agent = recruited(registry)
    with registry.batch() as desk:
        refused = desk.assign(agent, on=LAUNCH)
        desk.begin_training(agent, on=LAUNCH).or_raise()

    assert isinstance(refused, jamsos.Refused)
    assert registry.agent(agent).status is AgentStatus.IN_TRAINING


class OwnError(Exception):
    pass


@pytest.mark.parametrize("error", [OwnError, KeyboardInterrupt, InputError])
def test_nothing_of_a_batch_is_recorded_if_anything_is_raised_in_it(registry, error):
    agent, last = recruited(registry), registry.last_position()

    def fail() -> None:
        with registry.batch() as desk:
            desk.begin_training(agent, on=ROLL_OUT).or_raise()
            raise error

    with pytest.raises(error):
        fail()

    assert registry.last_position() == last
    assert registry.agent(agent).status is AgentStatus.RECRUITED
    assert registry.begin_training(agent, on=ROLL_OUT).or_raise().events


def test_an_empty_batch_records_nothing(registry):
    last = registry.last_position()
    with registry.batch():
        pass

    assert registry.last_position() == last


def test_a_trial_answers_as_the_registry_would_and_is_never_recorded(registry):
    agent, last = recruited(registry), registry.last_position()

    trial = registry.trial()
    answers = [trial.begin_training(agent, on=LAUNCH), trial.certify(agent, on=LAUNCH)]

    assert all(isinstance(answer, jamsos.Accepted) for answer in answers)
    assert registry.last_position() == last
    assert registry.agent(agent).status is AgentStatus.RECRUITED
    assert registry.begin_training(agent, on=LAUNCH) == answers[0]


def test_a_trial_gives_the_reasons_for_which_the_registry_would_refuse(registry):
    registry.allot("perisai", 0, on=ROLL_OUT).or_raise()
    agent = jamsos.new_agent_id()

    tried = registry.trial().recruit(agent, "perisai", province="51", on=ROLL_OUT)

    assert tried == registry.recruit(agent, "perisai", province="51", on=ROLL_OUT)
    assert isinstance(tried, jamsos.Refused)


# -- Many registries on one store. -------------------------------------------------


def test_two_registries_on_one_file_see_each_others_events(path):
    with jamsos.open(path) as one, jamsos.open(path) as other:
        adopted(one)
        agent = recruited(one)
        other.begin_training(agent, on=ROLL_OUT).or_raise()
        one.certify(agent, on=ROLL_OUT).or_raise()
        other.assign(agent, on=ROLL_OUT).or_raise()

        assert one.agent(agent).status is other.agent(agent).status is AgentStatus.ACTIVE
        assert one.assign(agent, on=ROLL_OUT) == jamsos.Accepted()
        assert list(one.history()) == list(other.history())


def test_two_registries_never_seat_more_agents_than_there_are_seats(path):
    with jamsos.open(path) as one, jamsos.open(path) as other:
        adopted(one, seats=3)
        answers = [
            desk.recruit(jamsos.new_agent_id(), "perisai", province="51", on=ROLL_OUT)
            for desk in (one, other, one, other, one)
        ]

        taken = [isinstance(answer, jamsos.Accepted) for answer in answers]
        assert taken == [True, True, True, False, False]
        assert one.quota("perisai") == other.quota("perisai")
        assert one.quota("perisai").taken == 3


def in_a_batch(registry: jamsos.Registry, ask: Ask, meanwhile: Callable[[], object]) -> Any:
    """Ask in a batch of *registry*, while something else is recorded."""
    with registry.batch() as desk:
        answer = ask(desk)
        meanwhile()
    return answer


def recruits(agent: str) -> Ask:
    return lambda desk: desk.recruit(agent, "perisai", province="51", on=ROLL_OUT)


def test_a_batch_is_in_conflict_with_what_was_recorded_meanwhile_and_can_be_asked_again(path):
    with jamsos.open(path) as one, jamsos.open(path) as other:
        adopted(one, seats=2)
        agent = jamsos.new_agent_id()

        with pytest.raises(ConflictError, match="nothing was recorded, ask again"):
            in_a_batch(one, recruits(agent), lambda: recruited(other))
        assert one.agent(agent).status is AgentStatus.UNKNOWN
        assert one.quota("perisai").taken == 1

        again = in_a_batch(one, recruits(agent), other.last_position)
        assert isinstance(again, jamsos.Accepted)
        assert one.quota("perisai").taken == other.quota("perisai").taken == 2


def test_of_two_batches_for_the_last_seat_one_is_in_conflict_and_refused_when_asked_again(path):
    with jamsos.open(path) as one, jamsos.open(path) as other:
        adopted(one, seats=1)
        agent = jamsos.new_agent_id()

        with pytest.raises(ConflictError):
            in_a_batch(one, recruits(agent), lambda: recruited(other))

        again = recruits(agent)(one)
        assert isinstance(again, jamsos.Refused)
        assert again.reasons[0].policy == "agent-cap"
        assert one.quota("perisai").taken == 1


def test_a_batch_that_rests_on_an_agent_who_was_terminated_meanwhile_is_in_conflict(path):
    with jamsos.open(path) as one, jamsos.open(path) as other:
        agent = at_work(adopted(one))
        participant = jamsos.new_participant_id()

        def registers(desk: Desk) -> jamsos.Decision:
            return desk.register(participant, province="51", on=LAUNCH, agent=agent)

        def terminates() -> None:
            other.terminate(agent, cause=TerminationCause.FRAUD, on=LAUNCH).or_raise()

        with pytest.raises(ConflictError):
            in_a_batch(one, registers, terminates)

        assert isinstance(registers(one), jamsos.Refused)
        assert not one.participant(participant).standings


def test_a_batch_that_rests_on_a_rule_that_was_amended_meanwhile_is_in_conflict(path):
    lower = jamsos.DatedValue(
        value=1, in_force=ROLL_OUT, citation=EXAMPLE, status=jamsos.Status.ASSUMED
    )
    with jamsos.open(path) as one, jamsos.open(path) as other:
        recruited(adopted(one))
        agent = jamsos.new_agent_id()

        with pytest.raises(ConflictError):
            in_a_batch(
                one,
                recruits(agent),
                lambda: other.amend("perisai", "agent-cap", lower, on=ROLL_OUT).or_raise(),
            )

        again = recruits(agent)(one)
        assert isinstance(again, jamsos.Refused)
        assert again.reasons[0].citation == EXAMPLE


def test_what_others_record_of_other_streams_is_no_conflict(path):
    with jamsos.open(path) as one, jamsos.open(path) as other:
        agent = at_work(adopted(one))
        participant = jamsos.new_participant_id()

        def meanwhile() -> None:
            recruited(other)
            enrolled(other, agent, on=LAUNCH)

        in_a_batch(
            one,
            lambda desk: desk.register(participant, province="51", on=LAUNCH, agent=agent),
            meanwhile,
        )

        assert one.participant(participant).entered_on


def test_after_a_conflict_everything_is_read_afresh(path):
    with jamsos.open(path) as one, jamsos.open(path) as other:
        agent = recruited(adopted(one))
        with pytest.raises(ConflictError):
            in_a_batch(
                one,
                lambda desk: desk.begin_training(agent, on=ROLL_OUT),
                lambda: other.resign(agent, on=ROLL_OUT).or_raise(),
            )

        assert one.agent(agent).status is AgentStatus.RESIGNED
        assert one.quota("perisai").taken == 0
        assert one.agent(agent) == other.agent(agent)
        assert one.quota("perisai") == other.quota("perisai")


def test_reading_ahead_changes_no_answer(path):
    with jamsos.open(path) as one, jamsos.open(path) as other:
        agents = [recruited(adopted(one)) for _ in range(3)]
        other.begin_training(agents[0], on=ROLL_OUT).or_raise()  # one knows him as he was
        stranger, participant = jamsos.new_agent_id(), enrolled(other)
        with one.batch() as desk:
            desk.read_ahead([*agents, stranger, participant, participant])
            asked = [desk.certify(a, on=ROLL_OUT) for a in agents]
            desk.recruit(stranger, "perisai", province="51", on=ROLL_OUT).or_raise()
            paid(desk, participant, FEBRUARY, on=LAUNCH, reference="F-2")

        certified = [isinstance(answer, jamsos.Accepted) for answer in asked]
        assert certified == [True, False, False]
        assert other.agent(stranger).status is AgentStatus.RECRUITED
        assert set(other.participant(participant).payments) == {"F-1", "F-2"}


def test_what_was_read_ahead_and_has_changed_since_is_a_conflict(path):
    with jamsos.open(path) as one, jamsos.open(path) as other:
        agent = at_work(adopted(one))
        participant = jamsos.new_participant_id()

        def registers(desk: Desk) -> jamsos.Decision:
            desk.read_ahead([agent, participant])
            return desk.register(participant, province="51", on=LAUNCH, agent=agent)

        with pytest.raises(ConflictError):
            in_a_batch(one, registers, lambda: other.resign(agent, on=LAUNCH).or_raise())

        with one.batch() as desk:
            again = registers(desk)
        assert isinstance(again, jamsos.Refused)


def test_reading_ahead_outside_of_a_batch_keeps_nothing_stale(path):
    with jamsos.open(path) as one, jamsos.open(path) as other:
        agent = recruited(adopted(one))
        one.read_ahead([agent])
        other.begin_training(agent, on=ROLL_OUT).or_raise()

        assert one.certify(agent, on=ROLL_OUT).or_raise().events


# -- Extra policies. ---------------------------------------------------------------


def no_tuesdays(case: Any) -> jamsos.Reason | None:
    if case.on.isoweekday() != 2:
        return None
    return jamsos.Reason("no-tuesdays", "Nothing is done on a Tuesday.", EXAMPLE)


def no_february(case: Any) -> jamsos.Reason | None:
    if case.on.month != 2:
        return None
    return jamsos.Reason("no-february", "Nothing is done in February.", EXAMPLE)


TUESDAY = date(2018, 2, 6)


def test_a_callers_policy_refuses_what_the_law_alone_allows():
    with jamsos.open(":memory:", policies={Seating: [no_tuesdays]}) as registry:
        adopted(registry)
        agent = jamsos.new_agent_id()

        refused = registry.recruit(agent, "perisai", province="51", on=TUESDAY)
        accepted = registry.recruit(agent, "perisai", province="51", on=LAUNCH)

    assert refused == jamsos.Refused(
        jamsos.Reason("no-tuesdays", "Nothing is done on a Tuesday.", EXAMPLE)
    )
    assert isinstance(accepted, jamsos.Accepted)


def test_all_reasons_are_given_those_of_the_law_first():
    policies = {Seating: (no_february, no_tuesdays)}
    with jamsos.open(":memory:", policies=policies) as registry:
        registry.adopt("perisai", on=ROLL_OUT).or_raise()

        refused = registry.recruit(jamsos.new_agent_id(), "perisai", province="51", on=TUESDAY)

    assert isinstance(refused, jamsos.Refused)
    assert [reason.policy for reason in refused.reasons] == [
        "agent-cap",
        "no-february",
        "no-tuesdays",
    ]


ASKED: dict[type, Callable[[jamsos.Registry], jamsos.Decision]] = {
    Seating: lambda r: r.recruit(jamsos.new_agent_id(), "perisai", province="51", on=TUESDAY),
    Allotment: lambda r: r.allot("perisai", 1_201, on=TUESDAY),
    Deactivation: lambda r: r.deactivate(at_work(r), on=date(2018, 5, 8)),
    Return: lambda r: r.reactivate(_deactivated(r), on=date(2019, 1, 8)),
    Amendment: lambda r: r.amend(
        "perisai",
        "agent-cap",
        jamsos.DatedValue(
            value=1, in_force=TUESDAY, citation=EXAMPLE, status=jamsos.Status.ASSUMED
        ),
        on=TUESDAY,
    ),
    Enrolment: lambda r: r.register(jamsos.new_participant_id(), province="51", on=TUESDAY),
    Contribution: lambda r: r.pay(
        _registered(r), reference="F-1", months=JANUARY, income=1, amount=1, on=TUESDAY
    ),
    Transfer: lambda r: r.transfer(_registered(r), branch="N03", on=TUESDAY),
}


def _deactivated(registry: jamsos.Registry) -> str:
    agent = at_work(registry)
    on = date(2018, 3, 2)
    registry.deactivate(agent, on=on, reason=DeactivationReason.OFFICE).or_raise()
    cap = jamsos.DatedValue(
        value=1_200, in_force=date(2019, 1, 1), citation=EXAMPLE, status=jamsos.Status.ASSUMED
    )
    registry.amend("perisai", "agent-cap", cap, on=on).or_raise()
    return agent


def _registered(registry: jamsos.Registry) -> str:
    participant = jamsos.new_participant_id()
    registry.register(participant, province="51", on=date(2018, 1, 8)).or_raise()
    return participant


@pytest.mark.parametrize("case", ASKED, ids=lambda case: case.__name__)
def test_a_caller_may_judge_every_case(case):
    with jamsos.open(":memory:", policies={case: [no_tuesdays]}) as registry:
        refused = ASKED[case](adopted(registry))
    with jamsos.open(":memory:") as registry:
        accepted = ASKED[case](adopted(registry))

    assert isinstance(refused, jamsos.Refused)
    assert [reason.policy for reason in refused.reasons] == ["no-tuesdays"]
    assert isinstance(accepted, jamsos.Accepted)
    assert accepted.events


def test_a_batch_and_a_trial_are_judged_by_the_callers_policies_too():
    with jamsos.open(":memory:", policies={Seating: [no_tuesdays]}) as registry:
        adopted(registry)
        with registry.batch() as desk:
            answers = [
                each.recruit(jamsos.new_agent_id(), "perisai", province="51", on=TUESDAY)
                for each in (desk, registry.trial())
            ]

    assert all(isinstance(answer, jamsos.Refused) for answer in answers)


# -- The law of a programme. -------------------------------------------------------


def test_adopting_a_programme_again_records_nothing(registry):
    last = registry.last_position()

    again = [registry.adopt("perisai", on=ROLL_OUT) for _ in range(2)]

    assert again == [jamsos.Accepted(), jamsos.Accepted()]
    assert registry.last_position() == last


def test_what_is_published_on_a_day_is_adopted_on_that_day_and_not_before(registry):
    def adopt(on: date) -> set[str]:
        return {event.rule for event in registry.adopt("perisai", on=on).or_raise().events}

    assert adopt(date(2017, 12, 12)) == set()
    assert adopt(date(2017, 12, 13)) == {"target-agents"}
    assert adopt(date(2018, 1, 4)) == set()
    assert adopt(date(2018, 1, 5)) == {
        "acquisition-incentive-counts",
        "acquisition-incentive-flat",
        "acquisition-incentive-least",
        "contribution-incentive",
        "contribution-incentive-pu",
        "incentive-office-share",
        "incentive-office-share-from",
        "incentive-paid-to",
        "incentive-regime",
        "pu-contribution-most",
    }
    assert adopt(date(2018, 2, 4)) == set()
    assert adopt(LAUNCH) == {
        "agents-needed",
        "opening-active-participants",
        "opening-informal-participants",
        "opening-registered-participants",
        "potential-participants",
        "target-informal-participants",
    }
    assert registry.adopt("perisai", on=LAUNCH) == jamsos.Accepted()


def test_a_programme_for_which_no_rules_ship_cannot_be_adopted(registry):
    with pytest.raises(NotFoundError, match="enact them one by one"):
        registry.adopt("pilot", on=LAUNCH)

    assert registry.programme("pilot").established is None


def evaluated(registry: jamsos.Registry, on: date = date(2018, 12, 10)) -> str:
    registry.open_evaluation("perisai", "first-year", trigger="The cap ends.", on=on).or_raise()
    registry.conclude_evaluation(
        "perisai",
        "first-year",
        outcome=Outcome.RAISE,
        month=jamsos.Month(2018, 11),
        after_months=3,
        on=on,
    ).or_raise()
    return "first-year"


@pytest.mark.parametrize(
    ("evaluation", "told"),
    [(None, "name one that is concluded"), ("first-year", "is not concluded on 2018-12-11")],
)
def test_the_cap_of_2019_is_not_adopted_without_an_evaluation_that_is_concluded(
    registry, evaluation, told
):
    registry.adopt("perisai", on=LAUNCH).or_raise()
    registry.open_evaluation(
        "perisai", "first-year", trigger="The cap ends.", on=date(2018, 12, 1)
    ).or_raise()
    last = registry.last_position()

    refused = registry.adopt("perisai", on=date(2018, 12, 11), evaluation=evaluation)

    assert isinstance(refused, jamsos.Refused)
    (reason,) = refused.reasons
    assert reason.policy == "programme-evaluation"
    assert "from 10,000 to 20,000" in reason.explanation
    assert told in reason.explanation
    assert reason.citation.source == "S00, S25"
    assert registry.last_position() == last
    with pytest.raises(RuleNotInForceError):
        registry.programme("perisai").rule("agent-cap", date(2019, 1, 1))


def test_the_cap_of_2019_is_adopted_with_an_evaluation_that_is_concluded(registry):
    registry.adopt("perisai", on=date(2018, 12, 1)).or_raise()
    evaluation = evaluated(registry)

    before = registry.adopt("perisai", on=date(2018, 12, 10), evaluation=evaluation)
    accepted = registry.adopt("perisai", on=date(2018, 12, 11), evaluation=evaluation).or_raise()

    programme = registry.programme("perisai")
    assert before == jamsos.Accepted()
    assert [(type(e), e.evaluation) for e in accepted.events] == [
        (ProgrammeRuleAmended, "first-year")
    ]
    assert programme.rule("agent-cap", date(2018, 12, 31)).value == 10_000
    assert programme.rule("agent-cap", date(2019, 1, 1)).value == 20_000
    assert registry.adopt("perisai", on=date(2018, 12, 11)) == jamsos.Accepted()


def test_an_evaluation_is_concluded_with_measures_of_what_is_recorded(registry):
    idle, busy, gone = (at_work(registry) for _ in range(3))
    enrolled(registry, busy, on=date(2018, 1, 9))
    lapsed = enrolled(registry, busy, on=date(2018, 1, 10))
    recent = enrolled(registry, busy, on=date(2018, 5, 3))
    enrolled(registry, gone, on=date(2018, 1, 11))
    enrolled(registry, None, on=date(2018, 1, 12))
    registry.leave(lapsed, reason=LeavingReason.OTHER, on=date(2018, 3, 1)).or_raise()
    registry.resign(gone, on=date(2018, 4, 2)).or_raise()
    known_at = registry.last_position() + 1

    registry.open_evaluation("perisai", "spring", trigger="Its first spring.", on=date(2018, 6, 1))
    concluded = registry.conclude_evaluation(
        "perisai",
        "spring",
        outcome=Outcome.KEEP,
        month=jamsos.Month(2018, 5),
        after_months=3,
        on=date(2018, 6, 4),
    ).or_raise()

    (event,) = concluded.events
    assert isinstance(event, ProgrammeEvaluationConcluded)
    measures = event.measures
    assert (measures.month, measures.known_at) == (jamsos.Month(2018, 5), known_at)
    assert (measures.agents, measures.productive_agents) == (2, 1)
    assert measures.acquired == 4
    # Looked at in April: the three of January. One has left; two are in grace until April.
    assert (measures.eligible, measures.still_active) == (3, 2)
    assert (measures.after_months, measures.definition) == (3, IN_GRACE.name)
    assert registry.programme("perisai").evaluations["spring"].concluded_on == date(2018, 6, 4)
    assert registry.agent(idle).seat == "national"
    assert registry.participant(recent).entered_on


def test_an_evaluation_that_was_never_opened_cannot_be_concluded(registry):
    with pytest.raises(NotFoundError, match="open it first"):
        registry.conclude_evaluation(
            "perisai",
            "spring",
            outcome=Outcome.KEEP,
            month=jamsos.Month(2018, 5),
            after_months=3,
            on=date(2018, 6, 4),
        )


# -- Evaluation of agents. ---------------------------------------------------------


def test_an_evaluation_of_agents_deactivates_those_who_are_idle_and_no_others(registry):
    idle = at_work(registry, on=date(2017, 12, 4))
    busy = at_work(registry, on=date(2017, 12, 4))
    fresh = at_work(registry, on=date(2018, 1, 2))
    in_training = recruited(registry)
    enrolled(registry, busy, on=date(2018, 1, 9))

    answers = registry.evaluate_agents("perisai", on=date(2018, 4, 2))

    assert list(answers) == [idle]
    assert [registry.agent(a).status for a in (idle, busy, fresh, in_training)] == [
        AgentStatus.DEACTIVATED,
        AgentStatus.ACTIVE,
        AgentStatus.ACTIVE,
        AgentStatus.RECRUITED,
    ]
    (deactivated, released) = answers[idle].or_raise().events
    assert (deactivated.idle_months, deactivated.last_acquisition) == (3, None)
    assert deactivated.rules == ("perisai/agent-idle-months/1",)
    assert released.agent == idle
    assert registry.quota("perisai").taken == 3


def test_an_evaluation_of_agents_knows_what_other_registries_have_recorded(path):
    with jamsos.open(path) as one, jamsos.open(path) as other:
        agent = at_work(adopted(one), on=date(2017, 12, 4))
        assert one.evaluate_agents("perisai", on=date(2018, 3, 31)) == {}
        enrolled(other, agent, on=date(2018, 3, 5))

        assert one.evaluate_agents("perisai", on=date(2018, 4, 2)) == {}
        assert list(one.evaluate_agents("perisai", on=date(2018, 7, 2))) == [agent]


def test_an_evaluation_of_agents_that_finds_nobody_leaves_nothing_behind(path):
    with jamsos.open(path) as one, jamsos.open(path) as other:
        agent = at_work(adopted(one, seats=1))
        assert one.evaluate_agents("perisai", on=date(2018, 1, 2)) == {}

        other.resign(agent, on=date(2018, 1, 3)).or_raise()

        assert one.resign(agent, on=date(2018, 1, 3)) == jamsos.Accepted()
        assert recruited(one)


def test_agents_of_a_programme_that_is_not_there_cannot_be_evaluated(registry):
    with pytest.raises(NotFoundError, match="jkk"):
        registry.evaluate_agents("jkk", on=LAUNCH)


def test_agents_in_a_batch_are_evaluated_together_with_it(registry):
    idle = at_work(registry, on=date(2017, 12, 4))
    busy = at_work(registry, on=date(2017, 12, 4))
    with registry.batch() as desk:
        desk.register(
            jamsos.new_participant_id(), province="51", on=date(2018, 3, 5), agent=busy
        ).or_raise()
        answers = desk.evaluate_agents("perisai", on=date(2018, 4, 2))

    assert list(answers) == [idle]
    assert registry.agent(idle).status is AgentStatus.DEACTIVATED


# -- Reading. ----------------------------------------------------------------------


@pytest.mark.parametrize("known_at", [-1, -(2**63), 8, 2**63])
def test_a_position_that_the_history_has_not_reached_is_an_input_error(registry, known_at):
    assert registry.last_position() == 5

    with pytest.raises(InputError, match=str(known_at)):
        list(registry.history(known_at=known_at))
    with pytest.raises(InputError, match=str(known_at)):
        registry.count(jamsos.Month(2018, 1), known_at=known_at)


@pytest.mark.parametrize("known_at", [0, 1, 4, 5])
def test_a_history_is_given_as_it_was_known_at_a_position(registry, known_at):
    history = [recorded.position for recorded in registry.history(known_at=known_at)]

    assert history == list(range(1, known_at + 1))
    assert registry.count(jamsos.Month(2018, 1), known_at=known_at).known_at == known_at


def test_a_count_is_what_was_known_at_its_position(registry):
    participant = jamsos.new_participant_id()
    registry.register(participant, province="51", on=date(2018, 1, 9)).or_raise()
    registered = registry.last_position()
    paid(registry, participant, JANUARY, on=date(2018, 1, 9))

    def count(known_at: int | None, definition: jamsos.Definition) -> int:
        return registry.count(jamsos.Month(2018, 1), definition, known_at=known_at).total

    assert [count(at, REGISTERED) for at in (registered - 1, registered, None)] == [0, 1, 1]
    assert [count(at, IN_GRACE) for at in (registered - 1, registered, None)] == [0, 0, 1]


def test_a_count_by_what_is_no_dimension_is_an_input_error(registry):
    with pytest.raises(InputError, match="colour"):
        registry.count(jamsos.Month(2018, 1), by=("colour",))


def test_what_was_never_recorded_is_empty(registry):
    agent, participant = jamsos.new_agent_id(), jamsos.new_participant_id()

    assert registry.agent(agent).status is AgentStatus.UNKNOWN
    assert not registry.participant(participant).standings
    assert registry.programme("jkk").established is None
    assert registry.quota("perisai", "51").allotted == 0


@pytest.mark.parametrize(
    "read",
    [
        lambda r: r.agent("Sari"),
        lambda r: r.agent("agent-Sari"),
        lambda r: r.agent(""),
        lambda r: r.agent("agent-\ud800"),
        lambda r: r.agent(jamsos.new_participant_id()),
        lambda r: r.participant("participant-Sari"),
        lambda r: r.participant(jamsos.new_agent_id()),
        lambda r: r.programme("Perisai!"),
        lambda r: r.quota("perisai", "97"),
        lambda r: r.quota("Perisai!", "51"),
    ],
    ids=[
        "agent Sari",
        "agent-Sari",
        "no agent",
        "agent by a broken text",
        "agent by a participant's id",
        "participant-Sari",
        "participant by an agent's id",
        "programme Perisai!",
        "region 97",
        "quota of Perisai!",
    ],
)
def test_a_name_that_can_be_nobodys_is_an_input_error(registry, read):
    with pytest.raises(InputError):
        read(registry)


# -- Bad requests. -----------------------------------------------------------------


Asked = Callable[[jamsos.Registry, str, str], object]


def payment(**wrong: Any) -> Asked:
    fields = {"reference": "F-9", "months": FEBRUARY, "income": 1, "amount": 1, "on": LAUNCH}
    return lambda registry, _, participant: registry.pay(participant, **(fields | wrong))


def registration(**wrong: Any) -> Asked:
    fields = {"participant": jamsos.new_participant_id(), "province": "51", "on": LAUNCH}
    return lambda registry, *_: registry.register(**(fields | wrong))


MOMENT = datetime(2018, 2, 5, tzinfo=UTC)

BAD: dict[str, Asked] = {
    "agent is no id": lambda r, *_: r.recruit("Sari", "perisai", province="51", on=LAUNCH),
    "agent in capitals": lambda r, a, _: r.begin_training(a.upper(), on=LAUNCH),
    "agent is a participant": lambda r, _, p: r.resign(p, on=LAUNCH),
    "participant is no id": registration(participant="5171000000000001"),
    "participant is an agent": registration(participant=jamsos.new_agent_id()),
    "province unknown": registration(province="97"),
    "province not there yet": registration(province="94", on=date(2021, 12, 31)),
    "region unknown": lambda r, *_: r.allot("perisai", 1, on=LAUNCH, region="97"),
    "seats negative": lambda r, *_: r.allot("perisai", -1, on=LAUNCH),
    "seats a float": lambda r, *_: r.allot("perisai", 1.0, on=LAUNCH),
    "seats too many": lambda r, *_: r.allot("perisai", 2**63, on=LAUNCH),
    "seats fewer than are taken": lambda r, *_: r.allot("perisai", 0, on=LAUNCH),
    "seats more than the nation has": lambda r, *_: r.allot(
        "perisai", 1_201, on=LAUNCH, region="51"
    ),
    "amount negative": payment(amount=-1),
    "amount a float": payment(amount=16_800.0),
    "amount too large": payment(amount=2**63),
    "income a text": payment(income="1"),
    "reference with spaces": payment(reference="Ibu Sari"),
    "reference empty": payment(reference=""),
    "no programme": payment(programmes=()),
    "programme twice": payment(programmes=("jkk", "jkk")),
    "programme a sentence": payment(programmes=("Ibu Sari",)),
    "no month": payment(months=jamsos.Months()),
    "months with a gap": payment(months=jamsos.Months.parse("2018-02/2018-02,2018-04/2018-04")),
    "months without an end": payment(months=jamsos.Months.parse("2018-02/..")),
    "sponsor with spaces": registration(sponsor="Ibu Sari, Denpasar"),
    "agent and sponsor": lambda r, a, _: r.register(
        jamsos.new_participant_id(), province="51", on=LAUNCH, agent=a, sponsor="B-1"
    ),
    "branch with spaces": lambda r, _, p: r.transfer(p, branch="Ibu Sari", on=LAUNCH),
    "no agent and no branch": lambda r, _, p: r.transfer(p, on=LAUNCH),
    "reason a sentence": lambda r, _, p: r.correct(p, corrects="F-1", reason="Ibu Sari", on=LAUNCH),
    "evaluation a sentence": lambda r, *_: r.open_evaluation(
        "perisai", "The first year", trigger="x", on=LAUNCH
    ),
    "trigger a broken text": lambda r, *_: r.open_evaluation(
        "perisai", "spring", trigger="\ud800", on=LAUNCH
    ),
    "programme no name": lambda r, *_: r.adopt("Perisai!", on=LAUNCH),
    "rule without a value": lambda r, *_: r.enact(
        "perisai", "office-agents", unit="agents", values=[], on=LAUNCH
    ),
    "agents on a moment": lambda r, a, _: r.resign(a, on=MOMENT),
    "seats on a moment": lambda r, *_: r.allot("perisai", 1, on=MOMENT),
    "rules on a moment": lambda r, *_: r.adopt("perisai", on=MOMENT),
    "payment on a moment": payment(on=MOMENT),
    "registration on a moment": registration(on=MOMENT),
}


@pytest.mark.parametrize("ask", BAD.values(), ids=BAD.keys())
def test_a_request_that_cannot_be_meant_is_an_input_error_and_records_nothing(registry, ask):
    agent, participant = at_work(registry), enrolled(registry)
    last = registry.last_position()

    with pytest.raises(InputError):
        ask(registry, agent, participant)

    assert registry.last_position() == last


@pytest.mark.parametrize(
    "ask",
    [
        lambda r: r.begin_training(jamsos.new_agent_id(), on=LAUNCH),
        lambda r: r.deactivate(jamsos.new_agent_id(), on=LAUNCH),
        lambda r: r.reactivate(jamsos.new_agent_id(), on=LAUNCH),
        lambda r: r.terminate(jamsos.new_agent_id(), cause=TerminationCause.CRIME, on=LAUNCH),
        lambda r: r.recruit(jamsos.new_agent_id(), "jkk", province="51", on=LAUNCH),
        lambda r: r.allot("jkk", 1, on=LAUNCH),
        lambda r: r.end_rule("perisai", "x", last_day=LAUNCH, citation=EXAMPLE, on=LAUNCH),
        lambda r: r.move(jamsos.new_participant_id(), province="51", on=LAUNCH),
        lambda r: r.leave(jamsos.new_participant_id(), reason=LeavingReason.OTHER, on=LAUNCH),
        lambda r: r.come_back(jamsos.new_participant_id(), province="51", on=LAUNCH),
        lambda r: r.correct(_registered(r), corrects="F-1", on=LAUNCH),
        lambda r: r.transfer(jamsos.new_participant_id(), branch="N03", on=LAUNCH),
        lambda r: r.pay(
            jamsos.new_participant_id(),
            reference="F-1",
            months=JANUARY,
            income=1,
            amount=1,
            on=LAUNCH,
            payer=Payer.EMPLOYER,
        ),
    ],
)
def test_a_request_about_what_was_never_recorded_is_not_found(registry, ask):
    with pytest.raises(NotFoundError):
        ask(registry)


@pytest.mark.parametrize("on", [date(2017, 10, 31), date(2019, 1, 1)])
def test_a_request_on_a_day_for_which_no_law_answers_is_an_error(registry, on):
    last = registry.last_position()

    with pytest.raises(RuleNotInForceError, match="agent-cap"):
        registry.recruit(jamsos.new_agent_id(), "perisai", province="51", on=on)

    assert registry.last_position() == last


# -- Faults of the store. ----------------------------------------------------------


Fault = Callable[[sqlite3.Connection], object]


def newest(column: str, value: object) -> Fault:
    """Edit the newest event."""
    edit = (
        f"UPDATE stored_events SET {column} = ?"  # noqa: S608 - names of ours
        " WHERE rowid = (SELECT max(rowid) FROM stored_events)"
    )
    return lambda connection: connection.execute(edit, [value])


def statement(text: str) -> Fault:
    return lambda connection: connection.execute(text)


DEEP = b'{"recorded_at":"2018-01-01T00:00:00Z","data":' + b"[" * 99_999 + b"]" * 99_999 + b"}"
FAULTS = {
    "table dropped": statement("DROP TABLE stored_events"),
    "data missing": newest("state", None),
    "data broken": newest("state", b'{"'),
    "data a number": newest("state", 5),
    "data nested deeply": newest("state", DEEP),
    "name missing": newest("topic", None),
    "name unknown": newest("topic", "agent.lost.v1"),
    "name of bytes": newest("topic", b"\xff"),
    "version a text": newest("originator_version", "x"),
    "version missing": newest("originator_version", None),
    "version too high": newest("originator_version", 99),
    "stream unknown": newest("originator_id", "office-1"),
    "stream missing": newest("originator_id", None),
    "first event deleted": statement("DELETE FROM stored_events WHERE rowid = 1"),
    "event in the middle deleted": statement(
        "DELETE FROM stored_events WHERE rowid = (SELECT max(rowid) - 1 FROM stored_events)"
    ),
}


@pytest.fixture
def agent_and_store(path: Path) -> tuple[str, Path]:
    """Make a store whose last three events are the training of one agent."""
    with jamsos.open(path) as registry:
        agent = at_work(adopted(registry))
    return agent, path


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_a_faulty_history_is_never_read_to_its_end_nor_counted(agent_and_store, fault):
    _, path = agent_and_store
    with jamsos.open(path) as registry:
        assert list(registry.history())
        with plain(path) as other:
            fault(other)

        with pytest.raises((CorruptHistoryError, StoreError)):
            list(registry.history())
        with pytest.raises((CorruptHistoryError, StoreError)):
            registry.count(jamsos.Month(2018, 1))


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_no_error_but_ours_leaves_the_registry_whatever_is_asked_of_a_faulty_store(
    agent_and_store, fault
):
    agent, path = agent_and_store
    with plain(path) as other:
        fault(other)
    asked: list[Callable[[jamsos.Registry], object]] = [
        lambda r: r.agent(agent),
        lambda r: r.quota("perisai"),
        lambda r: r.programme("perisai"),
        lambda r: r.resign(agent, on=LAUNCH),
        lambda r: r.evaluate_agents("perisai", on=date(2018, 6, 1)),
        lambda r: r.deactivate(agent, on=date(2018, 6, 1)),
        lambda r: r.recruit(jamsos.new_agent_id(), "perisai", province="51", on=LAUNCH),
        lambda r: enrolled(r, agent, on=LAUNCH),
        lambda r: r.last_position(),
    ]
    escaped = []
    for ask in asked:
        try:
            with jamsos.open(path) as registry:
                ask(registry)
        except JamsosError:
            pass
        except Exception as error:  # noqa: BLE001 - what escapes is what is looked for
            escaped.append(error)

    assert escaped == []


@pytest.mark.parametrize("fault", ["event in the middle deleted", "version too high"])
def test_a_state_is_never_made_of_half_a_stream(agent_and_store, fault):
    agent, path = agent_and_store
    with plain(path) as other:
        FAULTS[fault](other)

    with jamsos.open(path) as registry, pytest.raises(CorruptHistoryError):
        registry.agent(agent)


def test_a_store_that_another_writer_holds_records_nothing_and_the_same_request_succeeds_later(
    path,
):
    with jamsos.open(path) as registry, plain(path) as other:
        agent, last = recruited(adopted(registry)), registry.last_position()
        impatient(registry)
        other.execute("BEGIN IMMEDIATE")

        with pytest.raises(StoreError, match="locked by another writer; nothing was recorded"):
            registry.begin_training(agent, on=LAUNCH)
        assert registry.last_position() == last
        assert registry.agent(agent).status is AgentStatus.RECRUITED
        with pytest.raises(StoreError), registry.batch() as desk:
            desk.begin_training(agent, on=LAUNCH).or_raise()
        other.execute("ROLLBACK")

        assert registry.begin_training(agent, on=LAUNCH).or_raise().events
        assert registry.last_position() == last + 1


@pytest.mark.parametrize(
    "use",
    [
        lambda r: r.adopt("perisai", on=LAUNCH),
        lambda r: r.agent(jamsos.new_agent_id()),
        lambda r: r.last_position(),
        lambda r: list(r.history()),
        lambda r: r.count(jamsos.Month(2018, 1)),
        lambda r: r.trial().adopt("perisai", on=LAUNCH),
    ],
    ids=["adopt", "agent", "last_position", "history", "count", "trial"],
)
def test_a_closed_registry_says_so(registry, use):
    registry.close()

    with pytest.raises(StoreError):
        use(registry)


@pytest.mark.parametrize("content", [b"not a database\n" * 100, b"{}"])
def test_a_file_that_is_no_store_cannot_be_opened(path, content):
    path.write_bytes(content)

    with pytest.raises(StoreError, match="is no jamsos store"):
        jamsos.open(path)


def test_a_database_of_something_else_cannot_be_opened(path):
    with plain(path) as other:
        other.execute("CREATE TABLE invoices (number INTEGER)")

    with pytest.raises(StoreError, match="is no jamsos store"):
        jamsos.open(path)


def test_a_folder_cannot_be_opened(tmp_path):
    with pytest.raises(StoreError):
        jamsos.open(tmp_path)


# -- Ids. --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("new", "kind"),
    [(jamsos.new_agent_id, "agent"), (jamsos.new_participant_id, "participant")],
)
def test_an_id_is_its_kind_and_a_uuid_of_version_7(new, kind):
    uuid7 = "[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"

    assert all(re.fullmatch(f"{kind}-{uuid7}", new()) for _ in range(200))


@pytest.mark.parametrize("new", [jamsos.new_agent_id, jamsos.new_participant_id])
def test_an_id_is_never_given_twice(new):
    assert len({new() for _ in range(20_000)}) == 20_000


def test_ids_sort_by_the_millisecond_in_which_they_were_made():
    made = []
    for _ in range(5):
        made.append(jamsos.new_participant_id())
        time.sleep(0.002)

    assert made == sorted(made)


def test_an_id_tells_the_moment_of_its_making_and_nothing_else():
    before = time.time_ns() // 1_000_000
    made = [jamsos.new_participant_id().removeprefix("participant-") for _ in range(2)]
    after = time.time_ns() // 1_000_000

    moments = [int(text.replace("-", "")[:12], 16) for text in made]
    assert all(before <= moment <= after for moment in moments)
    assert made[0][-12:] != made[1][-12:]
