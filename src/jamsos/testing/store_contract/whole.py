"""A transaction is kept whole or leaves nothing, whatever stands in its way, and as it is made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Final, TypeVar

from jamsos.errors import ConflictError, InputError
from jamsos.store.recorder import Answered, Recorder

from .cases import LATEST, MANY, Cases, letter, numbered, put, raises, row
from .watching import same

CASES: Final = Cases()

T = TypeVar("T")


class _BrokenOff(BaseException):
    """Something that is not an error breaks off a reading, as a signal does."""


def _breaks_off(items: Iterable[T], error: BaseException) -> Iterator[T]:
    yield from items
    raise error


_ONE, _TWO = row("one"), row("two")


def _start(recorder: Recorder) -> None:
    """Store two rows, an answer and a concern."""
    put(recorder, [_ONE], answered=[letter("known", 0, 1)])
    put(recorder, [_TWO], concerns=[("other", 0)])


@CASES.of_rows
def _an_append_that_conflicts_leaves_nothing_behind(recorder: Recorder) -> None:
    _start(recorder)
    new, many = row("new"), [row(f"new-{n}") for n in range(MANY)]
    told = [letter("told", 0, 1), letter("refused")]
    about = [("other", 0), ("another", 0)]

    hindered: tuple[Callable[[], int], ...] = (
        lambda: put(recorder, [new, _ONE], answered=told, concerns=about),
        lambda: put(recorder, [*many, _TWO], answered=told, concerns=about),
        lambda: put(recorder, [new], answered=[*told, letter("known")], concerns=about),
        lambda: put(recorder, many, answered=[*told, letter("known")], concerns=about),
        lambda: put(recorder, [new], answered=told, concerns=about, expected={"one": 0}),
        lambda: put(recorder, [new], answered=told, concerns=about, expected={"x": 0, "two": 2}),
        lambda: put(recorder, many, answered=told, concerns=about, expected={"absent": 1}),
        lambda: put(recorder, [new], answered=told, concerns=about, after=1),
        lambda: put(recorder, many, answered=told, concerns=about, after=0),
        lambda: put(recorder, [], answered=told[1:], after=1),
        lambda: put(recorder, [], answered=told[1:], expected={"one": 2}),
        lambda: put(recorder, [], answered=told[1:], unconcerned={"other": 0}),
        lambda: put(recorder, [new], answered=told, concerns=about, unconcerned={"other": 1}),
        lambda: put(recorder, many, answered=told, concerns=about, unconcerned={"other": 1}),
    )
    for append in hindered:
        with raises(ConflictError):
            append()
        same(recorder.last_position(), 2)
    same(recorder.page(0, LATEST, ()), numbered([_ONE, _TWO]))
    same(recorder.news(dict.fromkeys(("new", "new-0", "one"), 0)), numbered([_ONE]))
    same(recorder.answers(["told", "refused"]), [])

    more = [row("two", 2), row("three")]
    same(put(recorder, more, unconcerned={"other": 2, "another": 0}), 2)
    same(recorder.page(2, LATEST, ()), numbered(more, 3))
    same(recorder.concerning({"other": 0, "another": 0}), [("other", (2, *_TWO))])
    same(put(recorder, [new], answered=told, concerns=about), 4)
    same([a.first for a in recorder.answers(["told"])], [5])
    same([r for _, r in recorder.concerning({"other": 2})], [(5, *new)])
    same([r for _, r in recorder.concerning({"another": 0})], [(5, *new)])


@CASES.of_rows
def _conflict_after_conflict_takes_nothing_from_who_comes_next(recorder: Recorder) -> None:
    _start(recorder)
    for n in range(30):
        with raises(ConflictError):
            put(recorder, [row("new")], after=1)
        with raises(ConflictError):
            put(recorder, [row("new"), _ONE])
        with raises(ConflictError):
            recorder.load(iter([row("new")]), iter([]), iter([]))
        same(put(recorder, [row("more", n + 1)]), n + 2)
        same(len(recorder.news({"more": n})), 1)


@CASES.of_rows
def _the_rows_of_a_stream_do_not_concern_it(recorder: Recorder) -> None:
    put(recorder, [_ONE, _TWO, row("one", 2)], concerns=[("one", 1)])

    same(recorder.concerning({"one": 0, "two": 0}), [("one", (2, *_TWO))])
    same(put(recorder, [row("one", 3)], unconcerned={"one": 2, "two": 0}), 3)
    with raises(ConflictError):
        put(recorder, [row("one", 4)], unconcerned={"two": 0, "one": 1})
    same(put(recorder, [row("three")], concerns=[("one", 0)], unconcerned={"one": 4}), 4)
    same([r[0] for _, r in recorder.concerning({"one": 2})], [5])


@CASES.of_rows
def _an_answer_without_events_is_kept_at_any_position(recorder: Recorder) -> None:
    _start(recorder)
    answered = [letter("empty"), Answered("two", "digest", 1, 2, b"[2]"), letter("empty-too", 3)]
    same(put(recorder, answered=answered[:1], expected={"one": 1}, after=2), 2)
    same(put(recorder, [row("three", n) for n in (1, 2, 3)], answered=answered[1:]), 2)

    [two] = recorder.answers(["two"])
    same(two, Answered("two", "digest", 4, 2, b"[2]"))
    empty = recorder.answers(["empty", "absent", "empty-too"])
    same(sorted((a.command, a.events) for a in empty), [("empty", 0), ("empty-too", 0)])
    same(recorder.last_position(), 5)


@CASES.of_rows
def _a_load_that_breaks_off_anywhere_leaves_the_database_empty(recorder: Recorder) -> None:
    rows = [row(f"one-{n}", state=b"old") for n in range(MANY)]
    answered, concerns = [letter("known", 1, 1)], [("other", 1)]
    error = InputError("the file ends")

    for broken in (
        (_breaks_off(rows, error), iter(answered), iter(concerns)),
        (_breaks_off(rows[:1], error), iter(answered), iter(concerns)),
        (iter(rows), _breaks_off(answered, error), iter(concerns)),
        (iter(rows), iter(answered), _breaks_off(concerns, error)),
    ):
        with raises(InputError):
            recorder.load(*broken)
        _check_empty(recorder)
    try:
        recorder.load(_breaks_off(rows, _BrokenOff()), iter(answered), iter(concerns))
    except _BrokenOff:
        _check_empty(recorder)
    same(recorder.load(iter([]), iter([]), iter([])), 0)
    same(put(recorder, [row("one-0"), _ONE], answered=answered[:0], concerns=[("new", 1)]), 0)
    same(recorder.concerning({"other": 0, "new": 0}), [("new", (2, *_ONE))])


def _check_empty(recorder: Recorder) -> None:
    same(recorder.last_position(), 0)
    same(recorder.page(0, LATEST, ()), [])
    same(recorder.news({"one-0": 0, "one-1": 0}), [])
    same(recorder.answers(["known"]), [])
    same(recorder.concerning({"other": 0}), [])


@CASES.of_rows
def _a_load_asks_for_answers_and_concerns_once_all_rows_are_taken(recorder: Recorder) -> None:
    answered: dict[str, Answered] = {}
    concerns: list[tuple[str, int]] = []

    def rows() -> Iterator[tuple[str, int, str, bytes]]:
        for position in range(1, MANY + 1):
            answered[f"letter-{position}"] = letter(f"letter-{position}", position, 1)
            concerns.append(("other", position))
            yield row(f"one-{position}")

    same(recorder.load(rows(), answered.values(), concerns), MANY)
    same(len(recorder.answers(list(answered))), MANY)
    same(len(recorder.concerning({"other": 0})), MANY)


@CASES.of_rows
def _a_load_into_what_is_not_empty_leaves_it_as_it_was(recorder: Recorder) -> None:
    _start(recorder)
    rows = [row(f"one-{n}") for n in range(MANY)]
    for new in (rows[:1], rows, [_ONE]):
        with raises(ConflictError):
            recorder.load(iter(new), iter([letter("new", 1, 1)]), iter([("new", 1)]))
    same(recorder.page(0, LATEST, ()), numbered([_ONE, _TWO]))
    same(recorder.answers(["new"]), [])
    same(recorder.concerning({"new": 0, "other": 0}), [("other", (2, *_TWO))])
    same(put(recorder, [row("one-0")]), 2)


@CASES.of_rows
def _rows_of_many_streams_are_stored_in_the_order_given(recorder: Recorder) -> None:
    streams = ("b", "a", "c", "B", "10", "9")
    few = [row(s, version, state=b"%d" % (9 - version)) for version in (1, 2) for s in streams]
    many = [row(s, version) for version in range(3, MANY // 6) for s in streams]
    put(recorder, few)
    put(recorder, many)

    read = numbered([*few, *many])
    same(recorder.page(0, LATEST, ()), read)
    same(recorder.news(dict.fromkeys(streams, 0)), read)
    same(recorder.page(0, len(read) - 1, ["a"]), read[:-1])
    same(recorder.page(len(read) - 1, len(read), ["a"]), read[-1:])
    pages = (recorder.page(after, after + 500, ()) for after in range(0, len(read), 500))
    same(list(chain.from_iterable(pages)), read)
