"""One command's fault is its own: the others of its group get their answers, and nobody waits."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone
from enum import IntEnum, StrEnum
from threading import Event, Thread, get_ident
from typing import Any

import pytest

import jamsos
from jamsos import Accepted, Citation, Reason
from jamsos.commands.agents import Recruit, Resign
from jamsos.domain.participant import Enrolment
from jamsos.domain.quota import Seating
from jamsos.errors import InputError, StoreError
from tests.engine.beginnings import DAY, Append, agent, participant, recruit, two_seats
from tests.engine.test_group_commit import PATIENCE, Gate, results, waiting
from tests.faults.guarantees import promised

LATER = date(2018, 2, 5)
HOSTILE: dict[str, type[BaseException]] = {
    each.__name__: each
    for each in (
        SystemExit, KeyboardInterrupt, GeneratorExit, asyncio.CancelledError, MemoryError,
        RecursionError, ValueError, BaseException,
    )
}  # fmt: skip


class Word(StrEnum):
    PERISAI = "perisai"


class Seats(IntEnum):
    MANY = 5


class Text(str):
    __slots__ = ()


class Hashless(str):
    __slots__ = ()

    def __hash__(self) -> int:
        raise SystemExit

    def __eq__(self, other: object) -> bool:
        raise KeyboardInterrupt


class Day(date):
    pass


class Number(int):
    pass


class Frozen(type):
    """Takes every day for one of its own, as libraries that freeze the clock do."""

    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, date)


class FakeDate(date, metaclass=Frozen):
    def __add__(self, other: timedelta) -> Any:
        return FakeDate.fromordinal(date.toordinal(self) + other.days)


class FakeDatetime(datetime):
    @classmethod
    def now(cls, _tz: Any = None) -> Any:
        return cls(2019, 1, 1, 7, tzinfo=timezone(timedelta(hours=7)))

    def astimezone(self, _tz: Any = None) -> Any:
        return FakeDatetime(2019, 1, 1, tzinfo=UTC)


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(64) as pool:
        yield pool


@pytest.fixture
def gate() -> Gate:
    return Gate(":memory:")


def together(
    gate: Gate, threads: ThreadPoolExecutor, desk: jamsos.Desk, *asks: Callable[[Any], Any]
) -> list[Future[Any]]:
    """Send the first, and the others while it is recorded, each after the one before."""
    with gate.shut():
        sent = [threads.submit(asks[0], desk)]
        assert gate.reached.wait(timeout=PATIENCE)
        for ask in asks[1:]:
            before = waiting(desk)
            sent.append(threads.submit(ask, desk))
            while waiting(desk) == before and not sent[-1].done():  # it may not come so far
                pass
    return sent


def each(number: int) -> Callable[[Any], jamsos.Decision]:
    return lambda desk: desk.once(f"letter-{number}").register(
        participant(number), province="51", on=DAY
    )


def opened(gate: Gate, **given: Any) -> jamsos.Registry:
    registry = jamsos.open(gate, patience=5, **given)
    two_seats(registry)
    return registry


def one_among_others(
    gate: Gate, threads: ThreadPoolExecutor, registry: jamsos.Registry, *odd: Callable[[Any], Any]
) -> list[Any]:
    """Return what became of each *odd* one; the others beside them get their answers."""
    asked = [each(0), each(1)]
    for number, ask in enumerate(odd, start=2):
        asked += [ask, each(number)]
    with registry.group_commit() as desk:
        told = results(together(gate, threads, desk, *asked))
        after = each(99)(desk)
    others = [told[0], told[1], *told[3::2], after]
    assert [type(other) for other in others] == [Accepted] * len(others)
    assert all(other.events for other in others)
    return told[2::2]


# -- In what is asked. --------------------------------------------------------------


def test_a_subclass_is_taken_as_what_it_says(gate, threads):
    registry = opened(gate)
    told = one_among_others(
        gate, threads, registry,
        lambda desk: desk.recruit(
            Text(agent(1)), Word.PERISAI, province=Text("51"), on=Day(2017, 11, 20)
        ),
        lambda desk: desk.recruit(
            agent(2), Hashless("perisai"), province="51", on=FakeDate(2017, 11, 20)
        ),
        lambda desk: desk.allot("perisai", Seats.MANY, on=Day(2018, 1, 2)),
        lambda desk: desk.once(Text("letter-x")).allot("perisai", Number(6), on=Day(2018, 1, 3)),
        lambda desk: desk.recruit_many(
            [{"agent": Text(agent(3)), "programme": Word.PERISAI, "province": "51", "on": LATER}]
        )[0],
    )  # fmt: skip

    assert [type(one) for one in told] == [Accepted] * 5
    for one in told:
        for event in one.events:
            assert type(event.on) is date
    assert registry.quota("perisai").allotted == 6
    assert type(registry.agent(Text(agent(1))).programme) is str
    letter = registry.once("letter-x").allot("perisai", 6, on=date(2018, 1, 3))
    assert letter == told[3]


ODD: dict[str, Callable[[Any], Any]] = {
    "a moment for a day": lambda desk: desk.resign(agent(1), on=datetime(2018, 1, 2, tzinfo=UTC)),
    "bytes": lambda desk: desk.resign(b"agent", on=DAY),
    "no text": lambda desk: desk.recruit(agent(1), None, province="51", on=DAY),
    "a list": lambda desk: desk.recruit([agent(1)], "perisai", province=["51"], on=DAY),
    "a dict": lambda desk: desk.once("letter-d").recruit({}, {}, province={}, on=DAY),
    "a number too large": lambda desk: desk.allot("perisai", 10**30, on=DAY),
    "nan": lambda desk: desk.once("letter-n").allot("perisai", float("nan"), on=DAY),
    "a truth": lambda desk: desk.allot("perisai", seats=True, on=DAY),
    "a lone surrogate": lambda desk: desk.once("letter-s").open_evaluation(
        "perisai", "one", trigger="\ud800", on=DAY
    ),
    "the same without an id": lambda desk: desk.open_evaluation(
        "perisai", "one", trigger="\udfff", on=DAY
    ),
    "no day": lambda desk: desk.resign(agent(1), on="2018-01-02"),
    "an object": lambda desk: desk.ask(Resign(object(), on=object())),
    "months": lambda desk: desk.once("letter-m").pay(
        participant(1), reference="F-1", months=jamsos.Months(), income=1, amount=1, on=DAY
    ),
}


def test_what_cannot_be_meant_is_an_input_error_of_that_command_alone(gate, threads):
    told = one_among_others(gate, threads, opened(gate), *ODD.values())

    assert {name: type(one) for name, one in zip(ODD, told, strict=True)} == dict.fromkeys(
        ODD, InputError
    )


class Faulty:
    """A command that is none of the catalogue."""

    on = DAY

    def streams(self) -> Any:
        raise AttributeError


def test_what_is_no_command_is_an_error_of_its_own(gate, threads):
    told = one_among_others(
        gate, threads, opened(gate), lambda desk: desk.ask(Faulty()),
        lambda desk: desk.once("letter-f").ask(Faulty()), lambda desk: desk.ask("resign"),
    )  # fmt: skip

    assert all(isinstance(one, Exception) for one in told)


# -- In a policy. -------------------------------------------------------------------


@promised(
    "A policy raises while threads are answered together, be it `SystemExit` or"
    " `CancelledError`: its command gets the error, the others their answers.",
    fault="interrupted",
)
@pytest.mark.parametrize("error", HOSTILE.values(), ids=HOSTILE.keys())
def test_whatever_a_policy_raises_the_others_get_their_answers(gate, threads, error):
    def raising(_: Seating) -> None:
        raise error

    registry = opened(gate, policies={Seating: [raising]})
    last = registry.last_position()
    one, row = one_among_others(
        gate, threads, registry, lambda desk: recruit(desk, agent(1)),
        lambda desk: desk.ask_all([Recruit(agent(2), "perisai", province="51", on=DAY)]),
    )  # fmt: skip

    for told in (one, row):
        assert isinstance(told, Exception)
        assert isinstance(told, error) or isinstance(told.__cause__, error)
    assert registry.last_position() == last + 5
    with pytest.raises(error):
        recruit(registry, agent(1))
    assert each(50)(registry).or_raise().events


CITED = Citation("Example 1/2026")


@pytest.mark.parametrize(
    "given",
    [
        lambda: Reason("p", "\ud800", CITED), lambda: Reason("p", 5, CITED),
        lambda: Reason(object(), "no", CITED), lambda: Reason("p", "no", None), lambda: "no",
    ],
)  # fmt: skip
def test_a_reason_that_cannot_be_stored_is_an_error_of_its_own(gate, threads, given):
    registry = opened(gate, policies={Enrolment: [lambda case: given() if case.agent else None]})
    [told] = one_among_others(
        gate, threads, registry, lambda desk: desk.once("letter-r").register(
            participant(70), province="51", agent=agent(1), on=DAY
        ),
    )  # fmt: skip

    assert isinstance(told, InputError | TypeError)
    assert registry._store.answers(["letter-r"]) == {}


def test_a_reason_of_a_subclass_of_text_is_stored_as_text(gate):
    given = Reason(Text("p"), Text("no"), CITED)
    registry = opened(gate, policies={Seating: [lambda _: given]})
    first = recruit(registry.once("letter-r"), agent(1))

    assert recruit(registry.once("letter-r"), agent(1)) == first
    assert first.reasons[0].explanation == "no"


# -- In the clock, and in the store. -------------------------------------------------


@pytest.mark.parametrize("error", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_clock_that_raises_is_an_error_to_all_and_the_next_are_served(gate, threads, error):
    faults: list[type[BaseException]] = []

    def clock() -> datetime:
        if faults:
            raise faults[0]
        return datetime(2018, 1, 1, tzinfo=UTC)

    registry = opened(gate, clock=clock)
    with registry.group_commit() as desk:
        faults.append(error)
        told = results(gathered_of(threads, desk, 4))
        faults.clear()
        assert each(9)(desk).or_raise().events

    assert all(isinstance(one, Exception) for one in told)


def gathered_of(threads: ThreadPoolExecutor, desk: Any, number: int) -> list[Future[Any]]:
    return [threads.submit(each(n), desk) for n in range(number)]


@pytest.mark.parametrize(
    "moment",
    [datetime(2018, 1, 1), None, 5, date(2018, 1, 1)],  # noqa: DTZ001 - so told
)
def test_a_clock_that_tells_no_moment_is_an_input_error(moment):
    with jamsos.open(":memory:", clock=lambda: moment) as registry:
        with pytest.raises(InputError, match="the clock says"):
            registry.adopt("perisai", on=DAY)
        assert registry.last_position() == 0


def test_a_frozen_clock_tells_a_moment_like_any_other(monkeypatch):
    for module in [*sys.modules.values()]:
        if getattr(module, "__name__", "").startswith("jamsos"):
            for name, fake, real in (
                ("date", FakeDate, date),
                ("datetime", FakeDatetime, datetime),
            ):
                if vars(module).get(name) is real:
                    monkeypatch.setattr(module, name, fake)
    with jamsos.open(":memory:") as registry:
        registry.adopt("perisai", on=FakeDate(2017, 11, 20)).or_raise()
        registry.once("letter-x").allot("perisai", 2, on=date(2017, 11, 20)).or_raise()
        recruit(registry, agent(1)).or_raise()
        registry.begin_training(agent(1), on=FakeDate(2017, 12, 4)).or_raise()
        registry.certify(agent(1), on=date(2017, 12, 4)).or_raise()
        registry.assign(agent(1), on=date(2017, 12, 4)).or_raise()
        each(1)(registry).or_raise()
        registry.deactivate(agent(1), on=FakeDate(2018, 9, 3)).or_raise()
        written = [(type(r.recorded_at), r.recorded_at) for r in registry.history()]
        count = registry.count("2018-01", jamsos.REGISTERED)
        again = registry.once("letter-x").allot("perisai", 2, on=FakeDate(2017, 11, 20))

    assert {*written} == {(datetime, datetime(2019, 1, 1, tzinfo=UTC))}
    assert count.total == 1
    assert again.or_raise().events


@pytest.mark.parametrize("error", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_recorder_that_raises_once_is_an_error_to_one_at_the_most(gate, threads, error):
    def fail(_: Append) -> int:
        raise error

    registry = opened(gate)
    with registry.group_commit() as desk:

        def fail_the_second(append: Append) -> int:
            gate.fate = fail
            return append()

        gate.fate = fail_the_second
        told = results(together(gate, threads, desk, *map(each, range(5))))

    assert [type(one) for one in told] == [Accepted] * 5


def test_one_that_the_database_itself_does_not_take_is_found_out(gate, threads):
    def picky(append: Append) -> int:
        gate.fate = picky
        if participant(3) in wanted():
            raise OverflowError
        return append()

    def wanted() -> str:
        frame = sys._getframe()
        while frame is not None and "rows" not in frame.f_locals:
            frame = frame.f_back  # type: ignore[assignment]
        return repr(frame.f_locals["rows"])

    registry = opened(gate)
    with registry.group_commit() as desk:
        gate.fate = picky
        told = results(together(gate, threads, desk, *map(each, range(8))))

    assert [type(one) for one in told] == [Accepted] * 3 + [OverflowError] + [Accepted] * 4


# -- Nobody waits for a thread that is gone. --------------------------------------------


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_when_its_thread_ends_those_who_wait_get_an_error(gate, threads):
    registry = opened(gate)
    with registry.group_commit() as desk:
        group = desk._answering

        def end(*_: Any, **__: Any) -> Any:
            raise SystemExit

        with gate.shut():
            sent = [threads.submit(each(0), desk)]
            assert gate.reached.wait(PATIENCE)
            group._writer.record, kept = end, group._writer.record
            sent += [threads.submit(each(n), desk) for n in range(1, 5)]
            while group._queue.qsize() < 4:
                pass
        first, *others = results(sent)
        group._writer.record = kept

        assert isinstance(first, Accepted)
        assert {type(other) for other in others} == {StoreError}
        with pytest.raises(StoreError, match="closed"):
            each(5)(desk)
    assert each(6)(registry).or_raise().events


def test_it_may_be_closed_in_its_own_thread_and_in_the_midst_of_a_decision(gate):
    closing: list[Any] = []

    def close(_: Enrolment) -> None:
        for group in closing:
            group.close()

    registry = opened(gate, policies={Enrolment: [close]})
    with registry.group_commit() as desk:
        closing.append(desk._answering)
        assert each(1)(desk).or_raise().events
    with registry.group_commit() as desk:
        closing[:] = [desk._answering]
        done = Event()
        thread = Thread(target=lambda: (each(2)(registry), done.set()), daemon=True)
        thread.start()
        assert done.wait(PATIENCE)
        thread.join()


def test_a_thousand_letters_that_come_as_it_closes_are_all_answered(gate, threads):
    registry = opened(gate)

    def some(desk: Any, first: int) -> list[int]:
        told = []
        for n in range(first, first + 20):
            with suppress(StoreError):
                each(n)(desk)
                told.append(n)
        return told

    for turn in range(5):
        with registry.group_commit(most=3) as desk:
            sent = [threads.submit(some, desk, 1_000 * turn + 100 * t) for t in range(8)]
        told = [n for one in sent for n in one.result(PATIENCE)]

        there = {r.command for r in registry.history()}
        assert {f"letter-{n}" for n in told} <= there


def test_the_thread_that_answers_is_not_the_one_that_asks(gate):
    asked: list[int] = []
    registry = opened(gate, policies={Enrolment: [lambda _: asked.append(get_ident())]})
    with registry.group_commit() as desk:
        each(1)(desk)

    assert asked != [get_ident()]
