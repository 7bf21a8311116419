"""Many rows, streams and commands are given and asked for at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from jamsos.errors import ConflictError, InputError
from jamsos.store.recorder import Answered, Concern, NewRow, Recorder

from .cases import LATEST, Cases, letter, numbered, put, raises, row
from .watching import same

CASES: Final = Cases()

AT_ONCE: Final = 2**16 + 100
"""So many streams or commands are asked for or checked at once: more than 16 bits count."""
STORED: Final = 2**15 + 100
"""So many rows are stored at once, and so many versions a stream has: more than 15 bits count."""
ANSWERED: Final = 14_000
"""So many commands are answered at once; so many rows are loaded."""

_STREAMS: Final = tuple(f"stream-{n}" for n in range(AT_ONCE))
_COMMANDS: Final = tuple(f"letter-{n}" for n in range(AT_ONCE))


@CASES.of_rows
def _many_streams_are_checked_and_read_at_once(recorder: Recorder) -> None:
    rows = [row(_STREAMS[place]) for place in (-1, AT_ONCE // 2, 0)]
    of = [f"of-{stream}" for stream in _STREAMS]
    concerns = [(of[-1], 0), (of[AT_ONCE // 2], 1), (of[0], 2)]
    new, of_all = dict.fromkeys(_STREAMS, 0), dict.fromkeys(of, 0)
    put(recorder, rows, expected=new, concerns=concerns, unconcerned=of_all)

    read = numbered(rows)
    same(recorder.news(new), read)
    same(recorder.concerning(of_all), [(f"of-{each[1]}", each) for each in read])
    same(recorder.page(0, LATEST, ("a", *_STREAMS[:2_500])), read)

    known = {**new, **{stream: 1 for stream, *_ in rows}}
    at = {**of_all, **{stream: place + 1 for stream, place in concerns}}
    with raises(ConflictError):
        put(recorder, [row("new")], expected={**known, _STREAMS[-1]: 0})
    with raises(ConflictError):
        put(recorder, [row("new")], unconcerned={**at, of[-1]: 0})
    same(put(recorder, [row("new")], expected=known, unconcerned=at), 3)


@CASES.of_rows
def _a_stream_has_many_versions_which_are_stored_at_once(recorder: Recorder) -> None:
    rows = [row("one", version) for version in range(1, STORED + 1)]
    put(recorder, rows[:10])
    concerns = [("all", place) for place in range(STORED - 10)]
    put(recorder, rows[10:], expected={"one": 10}, concerns=concerns)

    read = numbered(rows)
    for after in (STORED, STORED - 1, 9, 0):
        same(recorder.news({"one": after}), read[after:])
    same(recorder.page(0, LATEST, ()), read)
    same(recorder.concerning({"all": 10}), [("all", each) for each in read[10:]])
    with raises(ConflictError):
        put(recorder, [row("one", STORED + 1)], expected={"one": STORED - 1})
    with raises(ConflictError):
        put(recorder, [row("one", STORED + 1)], unconcerned={"all": STORED - 1})
    with raises(ConflictError):
        put(recorder, [*(row("two", version) for version in range(1, STORED)), row("one", 9)])
    same(recorder.news({"two": 0}), [])
    added = [row("one", STORED + 1)]
    same(put(recorder, added, expected={"one": STORED}, after=STORED), STORED)


@CASES.of_rows
def _many_commands_are_answered_and_their_answers_read_at_once(recorder: Recorder) -> None:
    commands = _COMMANDS[-ANSWERED:]
    put(recorder, [row("one")], answered=[Answered("first", "digest", 0, 1, b"[1]")])
    put(recorder, answered=[letter(command) for command in commands])

    same(sorted(a.command for a in recorder.answers(_COMMANDS)), sorted(commands))
    same(recorder.answers(["first"]), [Answered("first", "digest", 1, 1, b"[1]")])
    for known in (commands[0], commands[-1], "first"):
        with raises(ConflictError):
            put(recorder, answered=[letter("new"), letter(known)])
    same(recorder.answers(["new"]), [])


@CASES.of_rows
def _a_long_history_is_loaded_or_nothing_of_it(recorder: Recorder) -> None:
    rows = [row(stream) for stream in _STREAMS[:ANSWERED]]

    def broken() -> Iterator[NewRow]:
        yield from rows
        msg = "the file ends"
        raise InputError(msg)

    with raises(InputError):
        recorder.load(broken(), iter([]), iter([]))
    same(recorder.last_position(), 0)
    same(recorder.page(0, LATEST, ()), [])
    commands = _COMMANDS[:ANSWERED]
    answered = [Answered(c, None, n, 1, None) for n, c in enumerate(commands, start=1)]
    concerns: list[Concern] = [("all", position) for position in range(1, ANSWERED + 1)]
    same(recorder.load(iter(rows), iter(answered), iter(concerns)), ANSWERED)

    read = numbered(rows)
    same(recorder.page(0, LATEST, ()), read)
    same(recorder.concerning({"all": 0}), [("all", each) for each in read])
    same(sorted(recorder.answers(commands), key=lambda a: a.first), answered)


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
