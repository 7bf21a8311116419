"""A command id: the first answer, however often the command is sent under it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

import pytest

import jamsos
from jamsos import Accepted, Refused
from jamsos.commands.agents import Recruit
from jamsos.commands.command import Letter
from jamsos.commands.spelling import written
from jamsos.errors import ConflictError, InputError, NotFoundError
from jamsos.store.event_store import EventStore
from tests.engine.beginnings import ANI, BUDI, CITRA, DAY, LATER, agent, recruit, rows, sent_under


def test_a_command_is_decided_once_and_answered_the_same_each_time(place):
    with jamsos.open(place) as registry:
        first = recruit(registry.once("letter-1"), ANI)
        registry.resign(ANI, on=LATER).or_raise()
        last = registry.last_position()

        again = recruit(registry.once("letter-1"), ANI)

        assert again == first
        assert len(first.or_raise().events) == 2
        assert registry.last_position() == last
        assert sent_under(registry) == ["letter-1", "letter-1", None, None]
    with jamsos.open(place) as registry:
        assert recruit(registry.once("letter-1"), ANI) == first


def test_what_was_asked_is_kept_with_the_answer_in_its_published_spelling(place):
    command = Recruit(ANI, "perisai", province="51", on=DAY)
    with jamsos.open(place) as registry:
        first = registry.once("letter-1").ask(command)
    with EventStore(place) as store:
        kept = store.answers(["letter-1"])["letter-1"]

    assert kept.answers == (first,)
    assert kept.commands == written([command])


def test_a_refusal_is_kept_though_it_would_be_granted_now(place):
    with jamsos.open(place) as registry:
        registry.recruit_many(rows(ANI, BUDI))
        first = recruit(registry.once("letter-1"), CITRA)
        registry.resign(ANI, on=DAY).or_raise()

        assert isinstance(first, Refused)
        assert recruit(registry.once("letter-1"), CITRA) == first
        assert isinstance(recruit(registry.once("letter-2"), CITRA), Accepted)


def test_an_answer_without_events_is_kept_though_there_would_be_some_now(place):
    with jamsos.open(place) as registry:
        first = registry.once("letter-1").allot("perisai", 2, on=DAY)
        registry.allot("perisai", 1, on=DAY).or_raise()

        assert first == Accepted()
        assert registry.once("letter-1").allot("perisai", 2, on=DAY) == Accepted()
        assert registry.quota("perisai").allotted == 1


def test_many_answers_are_kept_in_order_refusals_among_them(place):
    with jamsos.open(place) as registry:
        first = registry.once("letter-1").recruit_many(rows(ANI, BUDI, CITRA, ANI))
        registry.resign(ANI, on=LATER).or_raise()

        again = registry.once("letter-1").recruit_many(iter(rows(ANI, BUDI, CITRA, ANI)))

        assert again == first
        assert [type(answer) for answer in first] == [Accepted, Accepted, Refused, Accepted]
        assert [len(getattr(a, "events", ())) for a in first] == [2, 2, 0, 0]


@pytest.mark.parametrize(
    "other",
    [
        lambda desk: recruit(desk, BUDI),
        lambda desk: desk.recruit(ANI, "perisai", province="51", on=LATER),
        lambda desk: desk.resign(ANI, on=DAY),
        lambda desk: desk.recruit_many(rows(ANI, BUDI)),
    ],
)
def test_another_command_under_the_id_is_an_input_error_and_records_nothing(office, other):
    recruit(office.once("letter-1"), ANI).or_raise()
    last = office.last_position()

    with pytest.raises(InputError, match="belongs to another command"):
        other(office.once("letter-1"))

    assert office.last_position() == last


def test_the_same_command_may_be_written_in_another_way(office):
    first = recruit(office.once("letter-1"), ANI)

    again = office.once("letter-1").recruit(
        on=DAY, region="national", province="51", programme="perisai", agent=ANI
    )

    assert again == first


def test_one_command_and_a_single_row_of_it_are_the_same_letter(office):
    first = recruit(office.once("letter-1"), ANI)

    assert office.once("letter-1").recruit_many(rows(ANI)) == [first]


def test_an_id_twice_in_one_transaction_is_decided_once(office):
    def sent(agent: str) -> Letter:
        return Letter((Recruit(agent, "perisai", province="51", on=DAY),), id="letter-1")

    outcomes = office._writer.record([sent(ANI), sent(ANI), sent(BUDI)])
    [first], [again], another = outcomes

    assert again == first
    assert len(first.or_raise().events) == 2
    assert isinstance(another, InputError)
    assert office.quota("perisai").taken == 1


@pytest.mark.parametrize("writers", [2, 8])
def test_of_those_who_send_a_command_at_once_one_decides_and_all_get_that_answer(place, writers):
    together = Barrier(writers)

    def send(_: int) -> list[jamsos.Decision]:
        with jamsos.open(place, patience=60) as registry:
            registry.quota("perisai")
            answers = []
            for number in range(5):
                together.wait(timeout=60)
                answers.append(recruit(registry.once(f"letter-{number}"), agent(number)))
            return answers

    with ThreadPoolExecutor(writers) as threads:
        first, *others = threads.map(send, range(writers))

    assert all(other == first for other in others)
    assert [type(answer) for answer in first] == [Accepted] * 2 + [Refused] * 3
    with jamsos.open(place) as registry:
        assert registry.quota("perisai").taken == 2


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (lambda desk: desk.recruit("Ani", "perisai", province="51", on=DAY), InputError),
        (lambda desk: desk.resign(ANI, on=DAY), NotFoundError),
        (lambda desk: desk.recruit_many(rows(ANI, "Budi")), InputError),
    ],
)
def test_after_an_error_in_deciding_the_id_is_free(office, wrong, error):
    with pytest.raises(error):
        wrong(office.once("letter-1"))

    assert len(recruit(office.once("letter-1"), ANI).or_raise().events) == 2


def test_after_a_clock_without_a_zone_the_id_is_free():
    moments = [datetime(2018, 2, 5), datetime(2018, 2, 5).astimezone()]  # noqa: DTZ001 - the mistake
    with jamsos.open(":memory:", clock=lambda: moments.pop(0)) as registry:
        with pytest.raises(InputError, match="time zone"):
            registry.once("letter-1").adopt("perisai", on=DAY)

        assert registry.once("letter-1").adopt("perisai", on=DAY).or_raise().events


@pytest.mark.parametrize("fits", ["a", "A.1_:/-z", "x" * 64])
def test_an_id_of_1_to_64_signs_is_one(office, fits):
    assert recruit(office.once(fits), ANI).or_raise().events


@pytest.mark.parametrize("wrong", ["", "x" * 65, "a b", "ä", ".a", "a\n", 7, None])
def test_another_id_is_an_input_error(office, wrong):
    with pytest.raises(InputError, match="command id"):
        office.once(wrong)


def test_agents_are_not_evaluated_under_one_id(office):
    assert not hasattr(office.once("letter-1"), "evaluate_agents")


# -- In a batch, and on trial. -------------------------------------------------------


def test_a_batch_records_the_command_id_with_what_it_decides(place):
    with jamsos.open(place) as registry:
        with registry.batch() as desk:
            recruit(desk, ANI).or_raise()
            first = recruit(desk.once("letter-1"), BUDI)
            refused = recruit(desk.once("letter-2"), CITRA)
            during = recruit(desk.once("letter-1"), BUDI)
        last = registry.last_position()

        assert during == first
        assert sent_under(registry) == [None, None, "letter-1", "letter-1"]
        assert recruit(registry.once("letter-1"), BUDI) == first
        assert recruit(registry.once("letter-2"), CITRA) == refused
        assert registry.last_position() == last
    with jamsos.open(place) as registry:
        assert recruit(registry.once("letter-1"), BUDI) == first


def test_a_batch_answers_a_letter_that_was_answered_before_it_as_it_was(office):
    first = recruit(office.once("letter-1"), ANI)
    last = office.last_position()

    with office.batch() as desk:
        again = recruit(desk.once("letter-1"), ANI)
        with pytest.raises(InputError, match="belongs to another command"):
            recruit(desk.once("letter-1"), BUDI)

    assert again == first
    assert office.last_position() == last


def test_after_a_batch_that_was_broken_off_its_ids_are_free(office):
    def fail() -> None:
        with office.batch() as desk:
            recruit(desk.once("letter-1"), ANI).or_raise()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()

    assert recruit(office.once("letter-1"), BUDI).or_raise().events


def test_after_a_batch_in_conflict_its_ids_are_free(place):
    def batch(one: jamsos.Registry, other: jamsos.Registry) -> None:
        with one.batch() as desk:
            recruit(desk.once("letter-1"), ANI).or_raise()
            recruit(other, BUDI).or_raise()

    with jamsos.open(place) as one, jamsos.open(place) as other:
        with pytest.raises(ConflictError):
            batch(one, other)

        assert recruit(one.once("letter-1"), CITRA).or_raise().events
        assert one.quota("perisai").taken == 2


def test_a_trial_answers_a_letter_once_and_leaves_its_id_free(office):
    last = office.last_position()
    trial = office.trial()

    first = recruit(trial.once("letter-1"), ANI)

    assert len(first.or_raise().events) == 2
    assert recruit(trial.once("letter-1"), ANI) == first
    assert office.last_position() == last
    assert recruit(office.once("letter-1"), BUDI).or_raise().events


def test_a_trial_answers_a_letter_that_is_recorded_as_it_was(office):
    first = recruit(office.once("letter-1"), ANI)
    office.resign(ANI, on=LATER).or_raise()

    assert recruit(office.trial().once("letter-1"), ANI) == first
