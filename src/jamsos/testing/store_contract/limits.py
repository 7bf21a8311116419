"""Many rows, streams and commands are given and asked for at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from jamsos.errors import ConflictError, InputError
from jamsos.store.recorder import Answered, Concern, NewRow, Recorder

from .cases import LATEST, Cases, letter, numbered, put, raises, row
from .watching import same

CASES: Final = Cases()

AT_ONCE: Final = 2**16 + 1_000
"""So many rows, streams or commands are given or asked for at once: more than 16 bits count."""

_STREAMS: Final = tuple(f"stream-{n}" for n in range(AT_ONCE))
_COMMANDS: Final = tuple(f"letter-{n}" for n in range(AT_ONCE))


@CASES.of_rows
def _many_streams_are_written_read_and_checked_at_once(recorder: Recorder) -> None:
    rows = [row(stream) for stream in reversed(_STREAMS)]
    concerns = [(f"of-{stream}", place) for place, stream in enumerate(_STREAMS)]
    new = dict.fromkeys(_STREAMS, 0)
    put(recorder, rows, expected=new, concerns=concerns, unconcerned=new)

    read = numbered(rows)
    same(recorder.last_position(), AT_ONCE)
    same(recorder.page(0, LATEST, ()), read)
    same(recorder.page(1, AT_ONCE - 1, ("a", *_STREAMS[:99])), read[1:-1])
    same(recorder.news(new), read)
    of_all = {f"of-{stream}": 0 for stream in _STREAMS}
    same(recorder.concerning(of_all), list(zip(of_all, read, strict=True)))

    known = dict.fromkeys(_STREAMS, 1)
    at = {stream: place for place, stream in enumerate(of_all, start=1)}
    for stream in (_STREAMS[0], _STREAMS[-1]):
        with raises(ConflictError):
            put(recorder, [row("new")], expected={**known, stream: 0})
        with raises(ConflictError):
            put(recorder, [row("new")], unconcerned={**at, f"of-{stream}": 0})
    same(put(recorder, [row("new")], expected=known, unconcerned=at), AT_ONCE)


@CASES.of_rows
def _a_stream_has_many_versions(recorder: Recorder) -> None:
    rows = [row("one", version) for version in range(1, AT_ONCE + 1)]
    put(recorder, rows[:10])
    put(recorder, rows[10:], expected={"one": 10})

    for after in (AT_ONCE, AT_ONCE - 1, 2**15, 9, 1, 0):
        same(recorder.news({"one": after}), numbered(rows[after:], after + 1))
    with raises(ConflictError):
        put(recorder, rows[-1:])
    with raises(ConflictError):
        put(recorder, [row("one", AT_ONCE + 1)], expected={"one": AT_ONCE - 1})
    more = [*(row("two", version) for version in range(1, AT_ONCE)), row("one", 9)]
    with raises(ConflictError):
        put(recorder, more, expected={"one": AT_ONCE})
    same(recorder.news({"two": 0}), [])
    added = [row("one", AT_ONCE + 1)]
    same(put(recorder, added, expected={"one": AT_ONCE}, after=AT_ONCE), AT_ONCE)


@CASES.of_rows
def _many_commands_are_answered_and_their_answers_read_at_once(recorder: Recorder) -> None:
    put(recorder, [row("one")], answered=[Answered("first", "digest", 0, 1, b"[1]")])
    put(recorder, answered=[letter(command) for command in _COMMANDS])

    same(sorted(a.command for a in recorder.answers(_COMMANDS)), sorted(_COMMANDS))
    same(recorder.answers(["first"]), [Answered("first", "digest", 1, 1, b"[1]")])
    for known in (_COMMANDS[0], _COMMANDS[-1], "first"):
        with raises(ConflictError):
            put(recorder, answered=[letter("new"), letter(known)])
    same(recorder.answers(["new", *(f"un{command}" for command in _COMMANDS)]), [])


@CASES.of_rows
def _a_long_history_is_loaded_or_nothing_of_it(recorder: Recorder) -> None:
    rows = [row(stream) for stream in _STREAMS]

    def broken() -> Iterator[NewRow]:
        yield from rows
        msg = "the file ends"
        raise InputError(msg)

    with raises(InputError):
        recorder.load(broken(), iter([]), iter([]))
    same(recorder.last_position(), 0)
    same(recorder.page(0, LATEST, ()), [])
    answered = [Answered(c, None, n, 1, None) for n, c in enumerate(_COMMANDS, start=1)]
    concerns: list[Concern] = [("all", position) for position in range(1, AT_ONCE + 1)]
    same(recorder.load(iter(rows), iter(answered), iter(concerns)), AT_ONCE)

    read = numbered(rows)
    same(recorder.page(0, LATEST, ()), read)
    same(recorder.concerning({"all": 0}), [("all", each) for each in read])
    same(sorted(recorder.answers(_COMMANDS), key=lambda a: a.first), answered)


@CASES.of_rows
def _positions_and_versions_are_of_64_bits(recorder: Recorder) -> None:
    put(recorder, [row("one")], concerns=[("other", 0)])

    for late in (2**15, 2**16, 2**31, 2**32, 2**53 + 1, LATEST):
        same(recorder.page(0, late, ()), numbered([row("one")]))
        same(recorder.page(late - 1, late, ()), [])
        same(recorder.news({"one": late}), [])
        same(recorder.news({"one": late, "none": late}), [])
        same(recorder.concerning({"other": late}), [])
        with raises(ConflictError):
            put(recorder, [row("one", 2)], expected={"one": late})
        with raises(ConflictError):
            put(recorder, [row("one", 2)], after=late)
    same(put(recorder, [row("one", 2)], unconcerned={"other": LATEST}), 1)
