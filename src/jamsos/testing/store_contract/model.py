"""What a recorder must answer, whatever was asked before: a history in lists, and dice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random
from typing import Final

import attrs

from jamsos.errors import ConflictError
from jamsos.store.recorder import Answered, Concern, NewRow, Recorder, Row

from .cases import Cases, put, raises
from .watching import same

CASES: Final = Cases()


@attrs.define
class _Model:
    """The rows, the answers and the concerns that there must be."""

    rows: list[Row] = attrs.field(factory=list)
    answered: dict[str, Answered] = attrs.field(factory=dict)
    concerns: list[Concern] = attrs.field(factory=list)

    @property
    def last(self) -> int:
        return len(self.rows)

    def version(self, stream: str) -> int:
        return sum(row[1] == stream for row in self.rows)

    def concerned(self, stream: str) -> int:
        return max((at for concerned, at in self.concerns if concerned == stream), default=0)

    def news(self, versions: Mapping[str, int]) -> list[Row]:
        return [r for r in self.rows if r[1] in versions and r[2] > versions[r[1]]]

    def concerning(self, streams: Mapping[str, int]) -> list[tuple[str, Row]]:
        found = [(s, at) for s, at in self.concerns if s in streams and at > streams[s]]
        return [(s, self.rows[at - 1]) for s, at in sorted(found, key=lambda c: (c[1], c[0]))]

    def page(self, after: int, upto: int, names: Sequence[str]) -> list[Row]:
        return [r for r in self.rows[after:upto] if not names or r[3] in names]

    def put(
        self, rows: Sequence[NewRow], answered: Sequence[Answered], concerns: Sequence[Concern]
    ) -> None:
        first = self.last + 1
        self.rows += [(position, *each) for position, each in enumerate(rows, start=first)]
        self.concerns += [(stream, place + first) for stream, place in concerns]
        for each in answered:
            place = each.first + first if each.events else 0
            self.answered[each.command] = attrs.evolve(each, first=place)


_STREAMS: Final = tuple(f"stream-{n}" for n in range(12))
_COMMANDS: Final = tuple(f"letter-{n}" for n in range(200))
_NAMES: Final = ("a.v1", "a.v2", "b.v1")


class _Dice:
    """Makes what is asked of a recorder, and knows from the model what must come."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.model = _Model()

    def append(self, recorder: Recorder) -> None:
        """Append something, of which one thing may stand in the way."""
        dice, model = self.random, self.model
        rows: list[NewRow] = []
        versions: dict[str, int] = {}
        for _ in range(dice.choice((0, 1, 1, 2, 3, 8))):
            stream = dice.choice(_STREAMS)
            versions[stream] = versions.get(stream, model.version(stream)) + 1
            rows.append((stream, versions[stream], dice.choice(_NAMES), dice.randbytes(4)))
        answered = self._answered(len(rows))
        concerns = [
            (stream, place)
            for place, row in enumerate(rows)
            for stream in dice.sample(_STREAMS, dice.choice((0, 0, 1, 3)))
            if stream != row[0]
        ]
        expected = {s: model.version(s) for s in dice.sample(_STREAMS, dice.choice((0, 1, 4)))}
        unconcerned = {
            s: dice.choice((model.concerned(s), model.last, model.last + 1))
            for s in dice.sample(_STREAMS, dice.choice((0, 1, 4)))
        }
        after = dice.choice((None, None, model.last))
        hindered = True
        match dice.randrange(12):
            case 0 if expected:
                stream = dice.choice(list(expected))
                expected[stream] = max(0, expected[stream] + dice.choice((-1, 1, 10)))
                hindered = expected[stream] != model.version(stream)
            case 1 if any(model.concerned(s) for s in unconcerned):
                stream = dice.choice([s for s in unconcerned if model.concerned(s)])
                unconcerned[stream] = dice.randrange(model.concerned(stream))
            case 2:
                after = max(0, model.last + dice.choice((-1, 1)))
                hindered = after != model.last
            case 3 if model.answered:
                known = dice.choice(list(model.answered))
                answered.append(Answered(known, "digest", 0, 0, b"[]"))
            case 4 if rows and model.rows:
                _, stream, version, *_ = dice.choice(model.rows)
                rows.insert(dice.randrange(len(rows) + 1), (stream, version, "a.v1", b""))
                concerns = []
            case _:
                hindered = False
        if not rows and not answered:
            return
        asked = dict(expected), list(rows), dict(unconcerned)

        def append() -> int:
            return put(
                recorder,
                rows,
                expected=expected,
                after=after,
                answered=answered,
                concerns=concerns,
                unconcerned=unconcerned,
            )

        if hindered:
            with raises(ConflictError):
                append()
        else:
            same(append(), model.last)
            model.put(rows, answered, concerns)
        same((expected, rows, unconcerned), asked)

    def _answered(self, rows: int) -> list[Answered]:
        dice = self.random
        unused = [c for c in _COMMANDS if c not in self.model.answered]
        made, place = [], 0
        for command in dice.sample(unused, min(len(unused), dice.choice((0, 0, 1, 2)))):
            events = dice.randint(0, rows - place)
            made.append(Answered(command, dice.randbytes(4).hex(), place, events, b"[%d]" % events))
            place += events
        return made

    def read(self, recorder: Recorder) -> None:
        """Ask for everything once, after or up to anything; what came belongs to the caller."""
        dice, model = self.random, self.model
        same(recorder.last_position(), model.last)
        versions = {
            s: max(0, model.version(s) - dice.randrange(5))
            for s in dice.sample(_STREAMS, dice.choice((1, 1, 3, 12)))
        }
        news = recorder.news(versions)
        same(news, model.news(versions))
        after = {
            s: max(0, model.last - dice.choice((0, 1, 5, 10_000)))
            for s in dice.sample(_STREAMS, dice.choice((1, 3, 12)))
        }
        concerning = recorder.concerning(after)
        positions = [row[0] for _, row in concerning]
        same(positions, sorted(positions))
        same(sorted(concerning, key=lambda c: (c[1][0], c[0])), model.concerning(after))
        start = dice.randint(0, model.last)
        upto = dice.choice((start, start + 1, start + 7, model.last, model.last + 5, 0))
        names = dice.choice(((), [], ["a.v1"], ["b.v1", "a.v2"], ["a"], _NAMES))
        page = recorder.page(start, upto, names)
        same(page, model.page(start, upto, names))
        commands = dice.sample(_COMMANDS, dice.choice((1, 5, 50)))
        answered = recorder.answers(commands)
        came = {a.command: a if a.events else attrs.evolve(a, first=0) for a in answered}
        same(came, {c: model.answered[c] for c in commands if c in model.answered})
        for each in (news, concerning, page, answered):
            each.clear()


@CASES.of_rows_by_two
def _whatever_is_appended_and_read_by_two_in_turn_is_as_the_recorder_promises(
    recorder: Recorder, other: Recorder
) -> None:
    same(recorder.news({}), [])
    same(recorder.concerning({}), [])
    same(recorder.answers([]), [])
    dice = _Dice(seed=13)
    for _ in range(130):
        dice.append(dice.random.choice((recorder, other)))
        for each in (recorder, other):
            dice.read(each)


@CASES.of_rows
def _whatever_is_appended_after_a_history_was_loaded_follows_it(recorder: Recorder) -> None:
    dice = _Dice(seed=17)
    model = dice.model
    rows: list[NewRow] = [(stream, 1, "a.v1", stream.encode()) for stream in _STREAMS]
    rows += [(stream, 2, "b.v1", b"2") for stream in _STREAMS[3:9]]
    answered = [Answered("letter-0", None, 1, 2, None), Answered("letter-1", None, 3, 9, None)]
    concerns = [("stream-0", 2), ("stream-1", 3), ("stream-0", 9), ("stream-9", 18)]
    same(recorder.load(iter(rows), iter(answered), iter(concerns)), len(rows))
    model.rows += [(position, *each) for position, each in enumerate(rows, start=1)]
    model.answered.update({each.command: each for each in answered})
    model.concerns += concerns

    with raises(ConflictError):
        recorder.load(iter(rows[:1]), iter([]), iter([]))
    for _ in range(50):
        dice.read(recorder)
        dice.append(recorder)


@CASES.of_rows_by_two
def _what_is_asked_again_is_answered_anew_whoever_has_written(
    recorder: Recorder, other: Recorder
) -> None:
    model, both = _Model(), (recorder, other)
    streams = {"one": 0, "two": 0}

    def ask() -> None:
        for each in both:
            same(each.last_position(), model.last)
            same(each.news({"one": 0}), model.news({"one": 0}))
            same(each.news({"one": 1}), model.news({"one": 1}))
            same(each.news(streams), model.news(streams))
            for asked in ({"one": 0}, {"two": 0}, {"one": 2, "two": 2}, streams):
                same(sorted(each.concerning(asked)), sorted(model.concerning(asked)))
            for after, upto in ((0, 2**62), (0, 3), (2, 4), (3, 4)):
                same(each.page(after, upto, ()), model.page(after, upto, ()))
                same(each.page(after, upto, ["a"]), model.page(after, upto, ["a"]))
            for commands in (["letter-3"], ["letter-0", "letter-3", "letter-6"]):
                came = sorted(each.answers(commands), key=lambda a: a.command)
                same(came, [model.answered[c] for c in commands if c in model.answered])

    ask()
    ask()
    for turn in range(8):
        writes, late = both[turn % 2], both[(turn // 2) % 2]
        stream = "two" if turn % 3 else "one"
        rows = [(stream, model.version(stream) + 1, "a", b"")]
        answered = [Answered(f"letter-{turn}", "digest", 0, 1, b"[1]")]
        concerns = [(s, 0) for s in streams if s != stream]
        before = model.last, {s: model.version(s) for s in streams}
        concerned = {s: model.concerned(s) for s in streams}
        last = put(
            writes,
            rows,
            expected=before[1],
            after=before[0],
            answered=answered,
            concerns=concerns,
            unconcerned=concerned,
        )
        same(last, model.last)
        model.put(rows, answered, concerns)
        with raises(ConflictError):
            put(late, [("new", 1, "a", b"")], after=before[0])
        with raises(ConflictError):
            put(late, [("new", 1, "a", b"")], expected=before[1])
        with raises(ConflictError):
            put(late, [("new", 1, "a", b"")], unconcerned=concerned)
        with raises(ConflictError):
            put(late, [("new", 1, "a", b"")], answered=answered)
        with raises(ConflictError):
            put(late, rows)
        ask()
