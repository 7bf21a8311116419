"""The registry: each command is decided on a fresh read and recorded, or nothing is."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

import jamsos
from jamsos.domain.agent import AgentStatus
from jamsos.errors import InputError, RefusedError
from tests.registry.beginnings import LAUNCH, ROLL_OUT, adopted, at_work, enrolled, recruited


def test_a_command_is_recorded_before_it_is_answered(path):
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
        registry.assign(agent, on=date(2017, 12, 4)),
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
