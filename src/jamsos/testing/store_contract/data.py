"""The state of an event and the answer to a command come back byte for byte, however long."""

from __future__ import annotations

from random import Random
from typing import Final

from jamsos.store.recorder import Answered, NewRow, Recorder

from .cases import LATEST, MANY, Cases, numbered, put, row
from .texts import LONGEST
from .watching import same

CASES: Final = Cases()

LARGEST: Final = 2**24 + 1
"""So many bytes a state or an answer may have: one more than 16 MiB."""

_JSON: Final = (
    r'{"amount":9007199254740993,"most":9223372036854775807,"less":-9007199254740993}',
    r'{"huge":123456789012345678901234567890,"rate":0.1,"one":1.0,"e":1e5,"E":1E+5,"z":-0}',
    r'{"long":0.1000000000000000055511151231257827021181583404541015625,"zero":1.500}',
    r'{"b":1,"a":2,"b":3}',
    r'{ "spaced" : [ 1 , 2 ] , "empty" : { } }',
    '{\n\t"lines": true\r\n}\n',
    r'{"escaped":"\u00e9\u0041\/\b\ud83d\ude00\"\\","raw":"é/A😀"}',
    r'{"text":"Rp 1.000.000 – “kuota” penuh: 日本語 ﬁ ẞ ı","e":"é é Å Å"}',
    r'{"percent":"100% %s %(a)s $1 ? :a {0}","null":null,"html":"<b>&amp;</b>"}',
    r"""{"quotes":"it's 'so' `here`"}""",
    r'{"hex":"\\x41","octal":"\\101","N":"\\N","date":"2018-02-01T00:00:00Z","bool":"true"}',
)
_SHORT: Final = (
    *(text.encode() for text in _JSON),
    b"",
    b" ",
    b"\x00",
    b"{}",
    b"{}\x00",
    b"\x00{}",
    b'{"a":1}   ',
    b'\n{"a":1}\n',
    b"\xef\xbb\xbf{}",
    b"\\x7b7d",
    b"0x7b7d",
    b"null",
    b'"text"',
    b"1",
    b"01.0",
    b"a\x00b",
    b"\xff\xfe\x80\xc3(",
    b"\x1a\x04\x03",
    bytes(range(256)),
    bytes(reversed(range(256))),
)
_EDGES: Final = (127, 128, 255, 256, 1_000, 2_000, 4_000, 8_000, 8_192, 32_767, 65_535, 65_536)


def _long() -> list[bytes]:
    dice = Random(17)
    return [dice.randbytes(length + more) for length in _EDGES for more in (0, 1)]


_DATA: Final = (*_SHORT, *_long())


def _rows(data: tuple[bytes, ...]) -> list[NewRow]:
    return [row("one", version, state=state) for version, state in enumerate(data, start=1)]


def _answered(first: int) -> list[Answered]:
    """Return an answer of each of the data, the first of them at place *first*."""
    made = []
    for n, data in enumerate(_DATA):
        digest = str(n).ljust(LONGEST - n, "d")
        made.append(Answered(f"letter-{n}", digest, first + n, 1, data))
    return made


def _check(recorder: Recorder) -> None:
    """Check that every reading gives the data, which are the first rows."""
    number, commands = len(_DATA), [a.command for a in _answered(1)]
    read = numbered(_rows(_DATA))
    same(recorder.page(0, number, ()), read)
    same(recorder.page(0, LATEST, ["a"]), read)
    same(recorder.news({"one": 0}), read)
    same(recorder.news({"one": 0, "none": 0}), read)
    same(recorder.concerning({"other": 0}), [("other", each) for each in read])
    same(sorted(recorder.answers(commands), key=lambda a: a.first), _answered(1))
    for answered in _answered(1):
        same(recorder.answers([answered.command]), [answered])


@CASES.of_rows
def _what_is_appended_comes_back_byte_for_byte(recorder: Recorder) -> None:
    concerns = [("other", n) for n in range(len(_DATA))]
    put(recorder, _rows(_DATA), answered=_answered(0), concerns=concerns)

    _check(recorder)


@CASES.of_rows
def _what_is_appended_with_much_else_comes_back_byte_for_byte(recorder: Recorder) -> None:
    rest = [row(f"rest-{n}", name="b") for n in range(MANY)]
    concerns = [("other", n) for n in range(len(_DATA))]
    put(recorder, [*_rows(_DATA), *rest], answered=_answered(0), concerns=concerns)

    _check(recorder)


@CASES.of_rows
def _what_is_loaded_comes_back_byte_for_byte(recorder: Recorder) -> None:
    concerns = [("other", n) for n in range(1, len(_DATA) + 1)]
    same(recorder.load(iter(_rows(_DATA)), iter(_answered(1)), iter(concerns)), len(_DATA))

    _check(recorder)


@CASES.of_rows
def _an_answer_of_which_nothing_is_known_is_loaded_as_none(recorder: Recorder) -> None:
    answered = [Answered("letter-1", None, 1, 2, None), Answered("letter-2", "2", 3, 1, b"[1]")]
    recorder.load(iter(_rows((b"1", b"2", b"3"))), iter(answered), iter([]))

    same(recorder.answers(["letter-1"]), answered[:1])
    same(recorder.answers(["letter-2"]), answered[1:])


@CASES.of_rows
def _data_of_16_mib_are_not_cut(recorder: Recorder) -> None:
    whole = Random(16).randbytes(2**16) * 2**8 + b"}"
    put(recorder, _rows((whole,)), answered=[Answered("letter", "digest", 0, 1, whole)])

    same(recorder.news({"one": 0}), [(1, "one", 1, "a", whole)])
    same(recorder.answers(["letter"]), [Answered("letter", "digest", 1, 1, whole)])
