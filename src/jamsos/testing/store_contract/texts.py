"""Streams, names and commands are kept apart whatever they differ in, at whatever length."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Final

from jamsos.errors import ConflictError
from jamsos.store.recorder import NewRow, Recorder

from .cases import LATEST, Cases, letter, numbered, put, raises, row
from .watching import same

CASES: Final = Cases()

LONGEST: Final = 512
"""So many characters a stream, a name, a command id or a digest may have."""

_MARKS: Final = (
    *(chr(code) for code in range(0x20, 0x7F) if not chr(code).isalnum()),
    *("\t", "\n", "\r", "\x1f", "\x7f", "\u00a0", "\u00ad", "\u200b", "\u2028", "\ufeff"),
)
"""Characters at which a text may be cut, or which may be lost from it, or have a meaning."""

LIKE: Final = (
    ("agent", "Agent", "AGENT", "\uff41gent", "\u0430gent"),
    ("agent", "a\u0301gent", "\u00e1gent", "\u00c1gent"),
    ("e", "\u00e9", "e\u0301", "\u00e8", "\u00ea", "E", "\u0404"),
    ("\u00c5", "A\u030a", "\u212b", "A", "\u00e5"),
    ("ss", "\u00df", "\u1e9e", "SS", "sS"),
    ("i", "I", "\u0131", "\u0130", "i\u0307", "l", "L"),
    ("fi", "\ufb01", "f\u0131"),
    ("4", "\u2074", "\u2463", "\u0664", "\uff14", "IV", "\u2163"),
    ("\U0001f600", "\U0001f601", "\ufffd", "?", "\U0001f600\ufe0f", "\\ud83d\\ude00"),
    ("\u4e2d", "\u56fd", "\uac00", "\u1100\u1161", "\u0628", "\u202e\u0628"),
    ("1", "01", "001", "1.0", "1.", "+1", "1e0", "1E0", "0x1", "1_0", "10", "1,0", "true", "True"),
    ("0", "-0", "00", "null", "NULL", "None", "nan", "NaN", "inf", "-", "\\N", "\\x00", "%00"),
    ("9007199254740992", "9007199254740993", "9007199254740992.0", "9.007199254740993e15"),
    ("12345678901234567890", "12345678901234567891", "2018-02-01", "2018-2-1", "20180201"),
    ("a'b", "a''b", "a\\'b", 'a"b', 'a""b', "a\\b", "a\\\\b", "a\\nb", "a\nb", "a\r\nb", "a\rb"),
    ("' OR 1=1 --", "'; DROP TABLE stored_events; --", "%s", "%(a)s", ":a", "$1", "{0}", "${a}"),
    ("a_c", "abc", "a%c", "a*c", "a?c", "a.c", "a[b]c", "a\\_c", "^abc$"),
    ("o/n/e", "o/n/E", "o/n", "o/n/", "/o/n/e", "o//n/e", "o/./n/e", "o/x/../n/e"),
    ("a.v1", "a.v10", "a.v2", "aXv1", "a_v1", "A.v1", "a.V1", "a.v1,a.v2", "a.v", "b.a.v1"),
    (
        "agent-00000000-0000-7000-8000-00000000000a",
        "participant-00000000-0000-7000-8000-00000000000a",
        "agent-00000000-0000-7000-8000-00000000000A",
        "agent-0000000000007000800000000000000a",
        "agent-00000000-0000-7000-8000-00000000000b",
        "00000000-0000-7000-8000-00000000000a",
        "agent",
        "participant",
        "quota-perisai-national",
        "quota-perisai-bali",
        "quota-perisai",
        "programme-perisai",
    ),
)
"""Texts of which those in a line are the same to one database or another."""

_LENGTHS: Final = (9, 16, 17, 20, 24, 30, 32, 33, 36, 40, 48, 50, 51, 63, 64, 65, 80, 100, 120)
_MORE: Final = (128, 129, 150, 180, 191, 192, 200, 250, 254, 255, 256, 257, 300, 384, 400, 500, 511)


def _texts() -> Iterator[str]:
    yield from ("one", "two", "onetwo", "One", "uno")
    for mark in _MARKS:
        yield from (f"one{mark}two", f"one{mark}Two", f"one{mark}2", f"uno{mark}two")
        yield from (f"one{mark}", f"one{mark}{mark}two", f"{mark}two", mark)
    yield from chain.from_iterable(LIKE)
    for length in (*_LENGTHS, *_MORE, LONGEST):
        yield from ("x" * (length - 1) + last for last in "xyz")
        yield from ("yz" + "x" * (length - 2), "zy" + "x" * (length - 2))
        yield "x" * (length // 2) + "y" + "x" * (length - length // 2 - 1)
        yield f"{'x' * (length - 7)}/letter"
    yield from ("\u00e9" * (LONGEST - 1) + last for last in ("\u00e9", "e", "\u00e8"))
    yield from ("\U0001f600" * (LONGEST - 1) + last for last in ("\U0001f600", "\U0001f601"))


TEXTS: Final = tuple(dict.fromkeys(_texts()))
"""Texts that are all different, of 1 to so many characters, none of them 0 or a surrogate."""


@CASES.of_rows
def _streams_that_differ_in_anything_are_kept_apart(recorder: Recorder) -> None:
    rows = [row(text, state=str(n).encode()) for n, text in enumerate(TEXTS)]
    put(recorder, rows)
    more = [row(text, 2) for n, text in enumerate(TEXTS) if n % 2]
    put(recorder, more)

    read = numbered([*rows, *more])
    of: dict[str, list[object]] = {text: [] for text in TEXTS}
    for each in read:
        of[each[1]].append(each)
    same(recorder.page(0, LATEST, ()), read)
    same(recorder.news(dict.fromkeys(TEXTS, 0)), read)
    for text in TEXTS:
        same(recorder.news({text: 0}), of[text])
    versions = {text: len(of[text]) for text in TEXTS}
    same(put(recorder, [row("new")], expected=versions), len(read))
    for text in TEXTS[:: len(TEXTS) // 20]:
        with raises(ConflictError):
            put(recorder, [row("newer")], expected={text: 3 - versions[text]})


@CASES.of_rows
def _streams_that_are_concerned_are_kept_apart_too(recorder: Recorder) -> None:
    rows = [row("other", n, state=str(n).encode()) for n in range(1, len(TEXTS) + 1)]
    put(recorder, rows, concerns=[(text, n) for n, text in enumerate(TEXTS)])

    read = numbered(rows)
    pairs = list(zip(TEXTS, read, strict=True))
    same(recorder.concerning(dict.fromkeys(TEXTS, 0)), pairs)
    for text, found in pairs:
        same(recorder.concerning({text: 0}), [(text, found)])
    known = {text: n for n, text in enumerate(TEXTS, start=1)}
    same(put(recorder, [row("new")], unconcerned=known), len(read))
    for text in TEXTS[:: len(TEXTS) // 20]:
        with raises(ConflictError):
            put(recorder, [row("newer")], unconcerned={**known, text: known[text] - 1})


@CASES.of_rows
def _names_that_differ_in_anything_are_kept_apart(recorder: Recorder) -> None:
    rows = [row("one", n, name=text) for n, text in enumerate(TEXTS, start=1)]
    put(recorder, rows)

    read = numbered(rows)
    for place, text in enumerate(TEXTS):
        same(recorder.page(0, LATEST, [text]), [read[place]])
    same(recorder.page(0, LATEST, TEXTS), read)
    same(recorder.page(0, LATEST, TEXTS[1::2]), read[1::2])


@CASES.of_rows
def _commands_that_differ_in_anything_are_kept_apart(recorder: Recorder) -> None:
    rows = [row("one", n) for n in range(1, len(TEXTS) + 1)]
    put(recorder, rows[:2])
    put(recorder, rows[2:], answered=[letter(text, n, 1) for n, text in enumerate(TEXTS[2:])])
    put(recorder, answered=[letter(text) for text in TEXTS[:2]])

    places = {text: n for n, text in enumerate(TEXTS, start=1)}
    for text in TEXTS:
        [found] = recorder.answers([text])
        same(found.command, text)
        if found.events:
            same(found.first, places[text])
    same(sorted(a.command for a in recorder.answers(TEXTS)), sorted(TEXTS))
    with raises(ConflictError):
        put(recorder, answered=[letter("x" * 600), letter(TEXTS[-1])])
    same(recorder.answers(["x" * 600]), [])


@CASES.of_rows
def _whatever_text_is_loaded_is_as_it_was(recorder: Recorder) -> None:
    rows: list[NewRow] = [row(text, name=text) for text in TEXTS]
    answered = [letter(text, n, 1) for n, text in enumerate(TEXTS, start=1)]
    same(recorder.load(iter(rows), iter(answered), ((text, 1) for text in TEXTS)), len(TEXTS))

    read = numbered(rows)
    same(recorder.page(0, LATEST, ()), read)
    same(recorder.news(dict.fromkeys(TEXTS, 0)), read)
    same(sorted(recorder.answers(TEXTS), key=lambda a: a.first), answered)
    found = recorder.concerning(dict.fromkeys(TEXTS, 0))
    same(sorted(found), sorted((text, read[0]) for text in TEXTS))


@CASES.of_rows
def _a_few_rows_of_whatever_text_are_as_they_were(recorder: Recorder) -> None:
    few = 100
    for start in range(0, len(TEXTS), few):
        texts = TEXTS[start : start + few]
        put(
            recorder,
            [row(text, name=text) for text in texts],
            answered=[letter(text, n, 1) for n, text in enumerate(texts)],
            concerns=[(text, len(texts) - 1) for text in texts],
        )

    read = numbered([row(text, name=text) for text in TEXTS])
    same(recorder.page(0, LATEST, ()), read)
    answered = [letter(text, n, 1) for n, text in enumerate(TEXTS, start=1)]
    same(sorted(recorder.answers(TEXTS), key=lambda a: a.first), answered)
    found = [stream for stream, _ in recorder.concerning(dict.fromkeys(TEXTS, 0))]
    same(sorted(found), sorted(TEXTS))
