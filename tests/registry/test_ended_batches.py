"""A batch that has ended says no, whatever is asked of it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date
from typing import Any

import pytest

import jamsos
from jamsos.domain.participant import Enrolment
from jamsos.errors import ConflictError, InputError, StoreError
from tests.faults.guarantees import promised
from tests.registry.beginnings import LAUNCH, adopted, recruited

ASKED: list[Callable[[Any], Any]] = [
    lambda desk: desk.allot("perisai", 7, on=LAUNCH),
    lambda desk: desk.once("letter-1").allot("perisai", 7, on=LAUNCH),
    lambda desk: desk.asked(by="clerk-7").allot("perisai", 7, on=LAUNCH),
    lambda desk: desk.recruit_many([]),
    lambda desk: desk.evaluate_agents("perisai", on=LAUNCH),
    lambda desk: desk.award_incentives("perisai", "2018-02", on=LAUNCH),
]


def says_no(desk: jamsos.Desk, *more: Callable[[], Any]) -> None:
    for ask in ASKED:
        with pytest.raises(StoreError, match="has ended: ask the registry"):
            ask(desk)
    for each in more:
        with pytest.raises(StoreError, match="has ended: ask the registry"):
            each()


@promised(
    "A batch that has ended says so, and records nothing more.",
    fault="handed_out",
)
def test_after_its_end_a_batch_says_that_it_has_ended(registry):
    adopted(registry)
    with registry.batch() as desk:
        once = desk.once("letter-2")
        desk.allot("perisai", 5, on=LAUNCH).or_raise()
    last = registry.last_position()

    says_no(desk, lambda: once.allot("perisai", 6, on=LAUNCH))
    assert registry.quota("perisai").allotted == 5
    assert registry.last_position() == last


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, GeneratorExit])
def test_a_batch_in_which_something_was_raised_is_over(registry, error):
    adopted(registry)
    before = registry.last_position()

    def fail() -> jamsos.Desk:
        with suppress(error), registry.batch() as desk:
            desk.allot("perisai", 5, on=LAUNCH).or_raise()
            raise error
        return desk

    says_no(fail())
    assert registry.last_position() == before


def test_a_batch_that_could_not_be_recorded_is_over(registry):
    adopted(registry)

    def clash() -> jamsos.Desk:
        with suppress(ConflictError), registry.batch() as desk:
            desk.allot("perisai", 5, on=LAUNCH).or_raise()
            registry.allot("perisai", 6, on=LAUNCH).or_raise()
        return desk

    says_no(clash())
    assert registry.quota("perisai").allotted == 6


def test_a_batch_in_a_batch_ends_by_itself(registry):
    adopted(registry)
    with registry.batch() as outer:
        agent = jamsos.new_participant_id()
        outer.register(agent, province="51", on=LAUNCH).or_raise()
        with registry.batch() as inner:
            inner.register(jamsos.new_participant_id(), province="51", on=LAUNCH).or_raise()
        says_no(inner)
        outer.move(agent, province="52", on=LAUNCH).or_raise()

    says_no(outer)
    assert len(registry.participant(agent).told) == 2


def test_threads_take_turns_in_a_batch(registry):
    adopted(registry)
    people = [jamsos.new_participant_id() for _ in range(60)]
    with ThreadPoolExecutor(8) as threads, registry.batch() as desk:
        asked = [threads.submit(desk.register, p, province="51", on=LAUNCH) for p in people]
        assert all(each.result().or_raise().events for each in asked)

    with ThreadPoolExecutor(2) as threads:
        assert isinstance(
            threads.submit(desk.register, people[0], province="51", on=LAUNCH).exception(),
            StoreError,
        )
    assert all(registry.participant(person).told for person in people)


def test_a_row_that_raises_leaves_a_batch_as_it_was(registry):
    agent = recruited(adopted(registry))
    with registry.batch() as desk:
        with pytest.raises(InputError):
            desk.register_many(
                [
                    {"participant": jamsos.new_participant_id(), "province": "51", "on": LAUNCH},
                    {"participant": agent, "province": "51", "on": LAUNCH},
                ]
            )
        desk.allot("perisai", 5, on=LAUNCH).or_raise()

    assert [r.stream for r in registry.history()][-1] == "quota-perisai-national"
    assert registry.last_position() > 0


def test_a_policy_cannot_ask_the_batch_in_the_midst_of_its_command():
    desks: list[Any] = []
    told: list[Exception] = []

    def asking(_: Enrolment) -> None:
        for desk in desks:
            try:
                desk.allot("perisai", 5, on=LAUNCH)
            except StoreError as error:
                told.append(error)

    with jamsos.open(":memory:", policies={Enrolment: [asking]}) as registry:
        adopted(registry)
        with registry.batch() as desk:
            desks.append(desk)
            desk.register(jamsos.new_participant_id(), province="51", on=LAUNCH).or_raise()

        assert "in the midst of a command" in str(told[0])
        assert registry.quota("perisai").allotted == 1_200


def test_a_trial_never_records_and_never_ends(registry):
    adopted(registry)
    last = registry.last_position()
    trial = registry.trial()
    trial.allot("perisai", 5, on=LAUNCH).or_raise()

    assert trial.allot("perisai", 5, on=date(2018, 2, 6)).or_raise().events == ()
    assert registry.last_position() == last
