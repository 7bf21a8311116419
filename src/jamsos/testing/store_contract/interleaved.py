"""Two write, or one reads, while something is stored: as if one had come after the other."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from functools import partial
from threading import Barrier, BrokenBarrierError
from time import perf_counter
from typing import Final, TypeAlias, TypeVar

from jamsos.errors import ConflictError, StoreError
from jamsos.store.recorder import NewRow, Recorder, Row

from .cases import LATEST, MANY, Cases, letter, numbered, put, raises, row
from .watching import check, same

CASES: Final = Cases()

_MOMENT: Final = 0.03
"""For so many seconds the other is let in, who may have to wait until all is stored."""
_SPIN: Final = 0.000_2
_PATIENCE: Final = 60


T = TypeVar("T")


class _Pausing(list[T]):
    """Rows or answers between which something else is done, at one of the times they are read."""

    def __init__(self, items: list[T], at: int, meanwhile: Callable[[], object]) -> None:
        super().__init__(items)
        self._left, self._meanwhile = at, meanwhile

    @property
    def paused(self) -> bool:
        """Whether it has come to that."""
        return self._left < 0

    def __iter__(self) -> Iterator[T]:
        items = super().__iter__()
        yield next(items)
        self._left -= 1
        if self._left == -1:
            self._meanwhile()
        yield from items


@contextmanager
def _hurried() -> Iterator[None]:
    """Let the threads take turns often, so that one comes in between what the other does."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def _try(append: Callable[[], int]) -> int | None:
    """Return the position before; None where something stood in the way."""
    try:
        return append()
    except ConflictError:
        return None


def _once(
    recorder: Recorder, other: Recorder, make: Callable[[Recorder, int, int], int]
) -> list[tuple[int, int | None, int | None]]:
    """Let both *make* something in each of many rounds, at once; return the positions before."""
    rounds, together = 40, Barrier(2)
    begins: dict[int, float] = {}

    def write(by: Recorder, writer: int) -> list[int | None]:
        made = []
        for number in range(rounds):
            together.wait(timeout=_PATIENCE)
            begins[number] = start = begins.get(number) or perf_counter() + _SPIN
            while perf_counter() < start:
                pass  # who sleeps would wake up too late
            try:
                made.append(_try(partial(make, by, writer, number)))
            except BaseException:
                together.abort()
                raise
        return made

    with _hurried(), ThreadPoolExecutor(2) as pool:
        writing = [pool.submit(write, by, n) for n, by in enumerate((recorder, other))]
        errors = [error for each in writing if (error := each.exception()) is not None]
    for error in sorted(errors, key=lambda e: isinstance(e, BrokenBarrierError)):
        raise error
    one, two = (each.result() for each in writing)
    return list(zip(range(rounds), one, two, strict=True))


@CASES.of_rows_by_two
def _of_two_who_rest_on_the_whole_history_at_once_one_is_first(
    recorder: Recorder, other: Recorder
) -> None:
    def make(by: Recorder, writer: int, number: int) -> int:
        return put(by, [row(f"of-{writer}-{number}")], after=number)

    for number, one, two in _once(recorder, other, make):
        same({one, two}, {number, None})
    same([r[0] for r in recorder.page(0, LATEST, ())], [*range(1, 41)])


@CASES.of_rows_by_two
def _of_two_who_have_read_each_others_stream_one_is_first(
    recorder: Recorder, other: Recorder
) -> None:
    def make(by: Recorder, writer: int, number: int) -> int:
        mine, theirs = f"{writer}-{number}", f"{1 - writer}-{number}"
        return put(by, [row(mine)], expected={theirs: 0})

    for number, one, two in _once(recorder, other, make):
        check((one is None) != (two is None), f"both or none has written in round {number}")


@CASES.of_rows_by_two
def _of_two_whom_the_event_of_the_other_concerns_one_is_first(
    recorder: Recorder, other: Recorder
) -> None:
    def make(by: Recorder, writer: int, number: int) -> int:
        mine, theirs = f"{writer}-{number}", f"{1 - writer}-{number}"
        return put(by, [row(mine)], concerns=[(theirs, 0)], unconcerned={mine: 0})

    for number, one, two in _once(recorder, other, make):
        check((one is None) != (two is None), f"both or none has written in round {number}")


@CASES.of_rows_by_two
def _of_two_who_answer_one_command_at_once_one_is_first(
    recorder: Recorder, other: Recorder
) -> None:
    def make(by: Recorder, writer: int, number: int) -> int:
        answered = [letter(f"of-{writer}-{number}"), letter(f"letter-{number}", 0, 1)]
        return put(by, [row(f"{writer}-{number}")], answered=answered)

    for number, one, two in _once(recorder, other, make):
        check((one is None) != (two is None), f"both or none has answered in round {number}")
        names = [f"of-0-{number}", f"of-1-{number}"]
        told = [a.command for a in other.answers(names)]
        same(told, [name for name, at in zip(names, (one, two), strict=True) if at is not None])
    same([r[0] for r in recorder.page(0, LATEST, ())], [*range(1, 41)])


@CASES.of_rows_by_two
def _of_two_who_write_different_streams_at_once_both_are_stored(
    recorder: Recorder, other: Recorder
) -> None:
    def make(by: Recorder, writer: int, number: int) -> int:
        return put(by, [row(f"{writer}", number + 1), row(f"{writer}-{number}")])

    told = [at for _, *both in _once(recorder, other, make) for at in both]
    same(sorted(at for at in told if at is not None), [*range(0, 160, 2)])
    rows = recorder.page(0, LATEST, ())
    same([r[0] for r in rows], [*range(1, 161)])
    same([r[2] for r in other.news({"0": 0})], [*range(1, 41)])


def _append(
    recorder: Recorder,
    rows: _Pausing[NewRow],
    expected: Mapping[str, int],
    after: int | None,
    unconcerned: Mapping[str, int],
) -> int:
    """Append *rows* that pause, which `put` would have read too early."""
    return recorder.append(
        rows,
        expected=expected,
        after=after,
        answered=[],
        concerns=[],
        unconcerned=unconcerned,
    )


@CASES.of_rows_by_two
def _nobody_comes_between_what_is_checked_and_what_is_stored(
    recorder: Recorder, other: Recorder
) -> None:
    put(recorder, [row("read")])

    for rests_on in ("a stream", "the history", "what concerns"):
        for at in range(4):  # the rows are read once or more: at each of these times it is tried
            start, version = recorder.last_position(), len(recorder.news({"read": 0}))
            expected = {"read": version} if rests_on == "a stream" else {}
            after = start if rests_on == "the history" else None
            unconcerned = {"about": start} if rests_on == "what concerns" else {}
            changes = partial(put, other, [row("read", version + 1)], concerns=[("about", 0)])
            second: list[Future[int | None]] = []
            with ThreadPoolExecutor(1) as pool:
                begin = partial(_begin, pool, changes, second)
                rows = _Pausing([row(f"{rests_on}-{at}-{n}") for n in range(3)], at, begin)
                append = partial(_append, recorder, rows, expected, after, unconcerned)
                first = _try(append)
            if not rows.paused:
                break
            then = second[0].result()
            check(then is not None, "who has read nothing was refused")
            if first is not None and then is not None:
                check(first < then, f"{first + 1} rests on {rests_on} and has not seen {then + 1}")
            number = 1 if first is None else 4
            read = [r[0] for r in recorder.page(start, LATEST, ())]
            same(read, [*range(start + 1, start + 1 + number)])


def _begin(
    pool: ThreadPoolExecutor, append: Callable[[], int], begun: list[Future[int | None]]
) -> None:
    begun.append(pool.submit(_try, append))
    wait(begun, timeout=_MOMENT)


@CASES.of_rows_by_two
def _nobody_answers_a_command_while_it_is_answered(recorder: Recorder, other: Recorder) -> None:
    for at in range(5):
        command, start = f"letter-{at}", recorder.last_position()
        answers = partial(put, other, [row(f"other-{at}")], answered=[letter(command, 0, 1)])
        second: list[Future[int | None]] = []
        with ThreadPoolExecutor(1) as pool:
            begin = partial(_begin, pool, answers, second)
            answered = _Pausing([letter(f"new-{at}"), letter(command, 0, 1)], at, begin)
            first = _try(
                partial(
                    recorder.append,
                    [row(f"one-{at}")],
                    expected={},
                    after=None,
                    answered=answered,
                    concerns=[],
                    unconcerned={},
                )
            )
        if not answered.paused:
            break
        then = second[0].result()
        check((first is None) != (then is None), f"both or none has answered {command}")
        same(recorder.last_position(), start + 1)
        same([a.first for a in recorder.answers([command])], [start + 1])
        same(len(recorder.answers([f"new-{at}"])), 0 if first is None else 1)


@CASES.of_rows_by_two
def _who_reads_while_something_is_stored_sees_all_of_it_or_nothing(
    recorder: Recorder, other: Recorder
) -> None:
    first = [row("one"), row("two")]
    put(recorder, first)
    for at in range(4):
        start = recorder.last_position()
        seen: list[Future[_Seen]] = []
        with ThreadPoolExecutor(1) as pool:
            read = partial(_read, pool, partial(_see, other, start), seen)
            rows = _Pausing([row(f"{at}-{n}") for n in range(3)], at, read)
            same(_append(recorder, rows, {}, None, {}), start)
        if not rows.paused:
            break
        stored = numbered(rows, start + 1)
        check(seen[0].result() in ([], stored), f"{seen[0].result()} was seen of {stored}")
        same(_see(other, start), stored)


@CASES.of_rows_by_two
def _who_reads_while_a_history_is_loaded_sees_all_of_it_or_nothing(
    recorder: Recorder, other: Recorder
) -> None:
    rows = [row(f"one-{n}") for n in range(MANY)]
    seen: list[Future[_Seen]] = []

    def reading() -> Iterator[NewRow]:
        for place, each in enumerate(rows):
            if place == MANY - 1:
                _read(pool, partial(_see, other, 0), seen)
            yield each

    with ThreadPoolExecutor(1) as pool:
        same(recorder.load(reading(), iter([]), iter([])), MANY)
    stored = numbered(rows)
    came = seen[0].result()
    check(came in ([], stored), f"{len(came)} rows were seen of {MANY}")
    same(_see(other, 0), stored)


_Seen: TypeAlias = list[Row]


def _read(pool: ThreadPoolExecutor, see: Callable[[], _Seen], seen: list[Future[_Seen]]) -> None:
    seen.append(pool.submit(see))
    wait(seen, timeout=_MOMENT)


def _see(recorder: Recorder, after: int) -> _Seen:
    """Return the rows after a position, as far as the recorder says that there are some."""
    return recorder.page(after, recorder.last_position(), ())


@CASES.of_rows
def _any_thread_may_call_any_method(recorder: Recorder) -> None:
    asked: tuple[Callable[[], object], ...] = (
        lambda: put(recorder, [row("one")], answered=[letter("1", 0, 1)], concerns=[("of", 0)]),
        lambda: recorder.page(0, LATEST, ()),
        lambda: recorder.news({"one": 0}),
        lambda: [r for _, r in recorder.concerning({"of": 0})],
        lambda: [r.command for r in recorder.answers(["1"])],
        recorder.last_position,
        lambda: put(recorder, [row("two")], expected={"one": 1}, after=1),
        lambda: _try(lambda: put(recorder, [row("two")])),
        recorder.last_position,
    )
    rows = numbered([row("one")])
    expected = (0, rows, rows, rows, ["1"], 1, 1, None, 2)
    for ask, came in zip(asked, expected, strict=True):
        with ThreadPoolExecutor(1) as pool:
            same(pool.submit(ask).result(), came)
    same(recorder.page(0, LATEST, ()), numbered([row("one"), row("two")]))
    with ThreadPoolExecutor(1) as pool:
        pool.submit(recorder.close).result()
    with raises(StoreError):
        recorder.last_position()
