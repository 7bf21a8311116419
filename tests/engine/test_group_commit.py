"""Group commit: what waits together is recorded together, and each gets their own answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from threading import Event
from typing import Any

import pytest

import jamsos
from jamsos import Accepted, Month, Outcome, Refused
from jamsos.commands.agents import Recruit
from jamsos.commands.programmes import ConcludeEvaluation
from jamsos.errors import InputError, NotFoundError, OutcomeUnknownError, StoreError
from jamsos.store.event_store import migrate
from tests.engine.beginnings import DAY, Append, Fate, agent, away, full, lost, recorder, recruit

LATER = date(2018, 2, 5)
PATIENCE = 60
"""Seconds that a test waits for a thread."""


class Gate:
    """A `Recorder` that wraps another: appends wait while it is shut, and are counted."""

    def __init__(self, place: str) -> None:
        self._recorder = recorder(place)
        self._open = Event()
        self._open.set()
        self.reached = Event()
        self.sizes: list[int] = []
        """How many letters with an id each transaction that was recorded has answered."""
        self.fate: Fate | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._recorder, name)

    def append(self, rows: Any, *, answered: Any, **rest: Any) -> int:
        self.reached.set()
        assert self._open.wait(timeout=PATIENCE)
        fate, self.fate = self.fate, None

        def append() -> int:
            last = self._recorder.append(rows, answered=answered, **rest)
            self.sizes.append(len(answered))
            return last

        return append() if fate is None else fate(append)

    @contextmanager
    def shut(self) -> Iterator[None]:
        """Let nothing be recorded before the end."""
        self.reached.clear()
        self._open.clear()
        try:
            yield
        finally:
            self._open.set()


@pytest.fixture(params=["memory", "PostgreSQL"])
def gate(request: pytest.FixtureRequest) -> Gate:
    """Give a store with three seats."""
    place = ":memory:"
    if request.param == "PostgreSQL":
        place = request.getfixturevalue("postgres").new_database()
        migrate(place)
    return Gate(place)


@pytest.fixture
def registry(gate: Gate) -> Iterator[jamsos.Registry]:
    with jamsos.open(gate, patience=5) as opened:
        opened.adopt("perisai", on=DAY).or_raise()
        opened.allot("perisai", 3, on=DAY).or_raise()
        gate.sizes.clear()
        yield opened


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(16) as pool:
        yield pool


def gathered(
    gate: Gate,
    threads: ThreadPoolExecutor,
    desk: jamsos.Desk,
    *asks: Callable[[jamsos.Desk], Any],
) -> list[Future[Any]]:
    """Send the first, and the others while it is being recorded, each after the one before."""
    with gate.shut():
        first, *others = asks
        sent = [threads.submit(first, desk)]
        assert gate.reached.wait(timeout=PATIENCE)
        for number, ask in enumerate(others, start=1):
            sent.append(threads.submit(ask, desk))
            while waiting(desk) < number:
                pass
    return sent


def waiting(desk: jamsos.Desk) -> int:
    return desk._answering._queue.qsize()


def each(number: int) -> Callable[[jamsos.Desk], jamsos.Decision]:
    return lambda desk: recruit(desk.once(f"letter-{number}"), agent(number))


def results(sent: list[Future[Any]]) -> list[Any]:
    return [future.exception(timeout=PATIENCE) or future.result() for future in sent]


# -- In order, together, each with their own answer. ---------------------------------


def test_what_waits_together_is_decided_in_order_and_recorded_together(gate, registry, threads):
    with registry.group_commit() as desk:
        answers = results(gathered(gate, threads, desk, *map(each, range(6))))

    assert [type(answer) for answer in answers] == [Accepted] * 3 + [Refused] * 3
    commands = [r.command for r in registry.history() if r.command is not None]
    assert commands == [f"letter-{number // 2}" for number in range(6)]
    assert gate.sizes == [1, 5]


@pytest.mark.parametrize(("most", "sizes"), [(1, [1] * 6), (2, [1, 2, 2, 1]), (500, [1, 5])])
def test_no_more_than_so_many_are_recorded_together(gate, registry, threads, most, sizes):
    with registry.group_commit(most=most) as desk:
        results(gathered(gate, threads, desk, *map(each, range(6))))

    assert gate.sizes == sizes


def test_one_that_cannot_be_meant_is_nothing_to_the_others(gate, registry, threads):
    def nobody(desk: jamsos.Desk) -> Any:
        return desk.once("letter-x").recruit("nobody", "perisai", province="51", on=DAY)

    def rows(desk: jamsos.Desk) -> Any:
        row = {"agent": agent(7), "programme": "perisai", "province": "51", "on": DAY}
        return desk.recruit_many([row, {**row, "agent": "nobody"}])

    def stranger(desk: jamsos.Desk) -> Any:
        return desk.resign(agent(9), on=DAY)

    with registry.group_commit() as desk:
        sent = gathered(gate, threads, desk, each(0), each(1), nobody, rows, stranger, each(2))
        told = results(sent)

    assert [type(each) for each in told] == [
        Accepted, Accepted, InputError, InputError, NotFoundError, Accepted,
    ]  # fmt: skip
    assert registry.quota("perisai").taken == 3
    assert registry.agent(agent(7)).seat is None


def test_the_same_command_from_several_threads_is_decided_once(gate, registry, threads):
    def other(desk: jamsos.Desk) -> Any:
        return recruit(desk.once("letter-1"), agent(2))

    with registry.group_commit() as desk:
        sent = gathered(gate, threads, desk, each(0), each(1), each(1), other, each(1))
        _, first, again, wrong, last = results(sent)

    assert first == again == last
    assert len(first.or_raise().events) == 2
    assert isinstance(wrong, InputError)
    assert registry.quota("perisai").taken == 2


def test_many_rows_get_as_many_answers_beside_others(gate, registry, threads):
    def many(desk: jamsos.Desk) -> Any:
        rows = [
            {"agent": agent(number), "programme": "perisai", "province": "51", "on": DAY}
            for number in (1, 2, 3)
        ]
        return desk.once("letter-many").recruit_many(rows)

    with registry.group_commit() as desk:
        first, answers, last = results(gathered(gate, threads, desk, each(0), many, each(4)))

    assert [type(answer) for answer in (first, *answers, last)] == [
        Accepted, Accepted, Accepted, Refused, Refused,
    ]  # fmt: skip


# -- What measures all that is recorded is left for the next transaction. ------------


def evaluation(number: int = 1) -> ConcludeEvaluation:
    return ConcludeEvaluation(
        "perisai",
        f"evaluation-{number}",
        outcome=Outcome.KEEP,
        month=Month(2018, 1),
        after_months=3,
        on=LATER,
    )


def evaluate(desk: jamsos.Desk) -> jamsos.Decision:
    return desk.once("letter-e").ask(evaluation())


@pytest.fixture
def evaluating(registry: jamsos.Registry, gate: Gate) -> jamsos.Registry:
    """Open two evaluations."""
    for number in (1, 2):
        registry.open_evaluation(
            "perisai", f"evaluation-{number}", trigger="an example", on=DAY
        ).or_raise()
    gate.sizes.clear()
    return registry


def test_an_evaluation_measures_all_that_came_before_it_and_nothing_after(
    gate, evaluating, threads
):
    last = evaluating.last_position()

    with evaluating.group_commit() as desk:
        sent = gathered(gate, threads, desk, each(0), each(1), evaluate, each(2))
        _, _, evaluated, after = results(sent)

    [concluded] = evaluated.or_raise().events
    assert concluded.measures.known_at == last + 4
    assert concluded.measures.agents == 2
    assert len(after.or_raise().events) == 2
    assert gate.sizes == [1, 1, 2]
    assert [r.command for r in evaluating.history()][last:] == [
        "letter-0", "letter-0", "letter-1", "letter-1", "letter-e", "letter-2", "letter-2",
    ]  # fmt: skip


def test_two_evaluations_that_wait_together_are_decided_in_order(gate, evaluating, threads):
    last = evaluating.last_position()

    def second(desk: jamsos.Desk) -> jamsos.Decision:
        return desk.once("letter-f").ask(evaluation(2))

    with evaluating.group_commit() as desk:
        sent = gathered(gate, threads, desk, each(0), each(1), evaluate, second, each(2))
        *_, one, other, _ = results(sent)

    measured = [answer.or_raise().events[0].measures for answer in (one, other)]
    assert [m.known_at for m in measured] == [last + 4, last + 5]
    assert [m.agents for m in measured] == [2, 2]


def test_where_nothing_was_decided_before_it_an_evaluation_is_recorded_with_the_others(
    gate, evaluating, threads
):
    with evaluating.group_commit() as desk:
        sent = gathered(gate, threads, desk, each(0), evaluate, each(1), each(2))
        answers = results(sent)

    assert all(answer.or_raise().events for answer in answers)
    assert gate.sizes == [1, 3]


def test_an_evaluation_that_rests_on_its_own_letter_is_an_input_error_to_that_letter_alone(
    gate, evaluating, threads
):
    last = evaluating.last_position()

    def both(desk: jamsos.Desk) -> Any:
        return desk.ask_all([Recruit(agent(7), "perisai", province="51", on=DAY), evaluation()])

    with evaluating.group_commit() as desk:
        first, before, wrong, after = results(
            gathered(gate, threads, desk, each(0), each(1), both, each(2))
        )

    assert isinstance(wrong, InputError)
    assert str(wrong).startswith("row 2: an evaluation measures what is recorded")
    assert [len(each.or_raise().events) for each in (first, before, after)] == [2, 2, 2]
    assert evaluating.last_position() == last + 6
    assert evaluating.agent(agent(7)).seat is None


def test_outside_of_a_group_it_is_an_input_error_at_once(evaluating):
    with pytest.raises(InputError, match="row 2: an evaluation measures what is recorded"):
        evaluating.ask_all([Recruit(agent(7), "perisai", province="51", on=DAY), evaluation()])

    assert evaluating.ask(evaluation()).or_raise().events


def test_what_others_have_amended_is_known_when_agents_are_evaluated(registry):
    with registry.group_commit() as desk:
        with pytest.raises(NotFoundError):
            desk.evaluate_agents("other", on=LATER)
        value = registry.programme("perisai").rules["agent-idle-months", "national"][0].dated
        registry.enact(
            "other", "agent-idle-months", unit="months", values=[value], on=DAY
        ).or_raise()

        assert desk.evaluate_agents("other", on=LATER) == {}


# -- Trouble. ------------------------------------------------------------------------


def test_where_the_store_is_away_all_who_wait_are_decided_again(gate, registry, threads):
    with registry.group_commit() as desk, gate.shut():
        gate.fate = away
        sent = threads.submit(each(0), desk)
        assert gate.reached.wait(timeout=PATIENCE)
        gate._open.set()

        assert len(sent.result(timeout=PATIENCE).or_raise().events) == 2
    assert registry.quota("perisai").taken == 1


def test_where_the_outcome_is_not_known_those_with_an_id_get_their_first_answer(
    gate, registry, threads
):
    def without(desk: jamsos.Desk) -> Any:
        return recruit(desk, agent(1))

    with registry.group_commit() as desk:

        def lose_the_second(append: Append) -> int:
            gate.fate = lost
            return append()

        gate.fate = lose_the_second
        _, with_id, no_id = results(gathered(gate, threads, desk, each(0), each(2), without))

    assert len(with_id.or_raise().events) == 2
    assert isinstance(no_id, OutcomeUnknownError)
    assert registry.quota("perisai").taken == 3, "both are recorded, each once"


def test_an_error_of_the_store_is_told_to_all_who_wait_and_the_next_are_served(
    gate, registry, threads
):
    with registry.group_commit() as desk:

        def fill(append: Append) -> int:
            gate.fate = full
            return append()

        gate.fate = fill
        first, *others = results(gathered(gate, threads, desk, *map(each, range(3))))
        again = recruit(desk.once("letter-1"), agent(1))

    assert isinstance(first, Accepted)
    assert [type(other) for other in others] == [StoreError, StoreError]
    assert len(again.or_raise().events) == 2
    assert registry.quota("perisai").taken == 2


# -- The end. ------------------------------------------------------------------------


def test_those_who_wait_when_it_ends_are_answered(gate, registry, threads):
    with registry.group_commit() as desk:
        sent = gathered(gate, threads, desk, *map(each, range(4)))
        desk._answering.close()

    assert [type(each) for each in results(sent)] == [Accepted] * 3 + [Refused]


def test_after_its_end_it_takes_nothing_more_and_the_registry_does(registry):
    with registry.group_commit() as desk:
        pass
    for late in (desk, desk.once("letter-1")):
        with pytest.raises(StoreError, match="closed"):
            recruit(late, agent(1))
    desk._answering.close()

    assert len(recruit(registry.once("letter-1"), agent(1)).or_raise().events) == 2


def test_what_is_raised_inside_does_not_undo_what_was_answered(registry):
    def fail() -> None:
        with registry.group_commit() as desk:
            recruit(desk, agent(1)).or_raise()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()

    assert registry.quota("perisai").taken == 1


def test_a_thread_alone_is_served_at_once(registry):
    with registry.group_commit() as desk:
        answers = [recruit(desk, agent(number)) for number in range(4)]

    assert [type(answer) for answer in answers] == [Accepted] * 3 + [Refused]
