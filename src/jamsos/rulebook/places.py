"""The line of a TOML file on which a key stands: Python's own reader does not say."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from itertools import takewhile
from typing import Final, TypeAlias

Path: TypeAlias = tuple[str | int, ...]
"""The way to a key: names of tables, and places in lists, from 0."""
_Token: TypeAlias = tuple[str, str, int]
"""The kind of a word or a sign, the text itself, and its line."""

DEEPEST: Final = 16
"""So many brackets may be open at once, and so many parts may a key have."""
LONGEST: Final = 1_000
"""So many characters may a number, a day or a key without quotes have."""
MOST: Final = 200_000
"""So many signs may a file have of those at which a reader stops: some thousand values."""
_STOPPED: Final = re.compile(r"\(at line (\d+), column \d+\)\Z")
_MARKS: Final = "=,.[{\"'\\\n"
_TEXT: Final = r"""
    (?:\"\"\"(?:[^"\\]|\\.|"(?!""))*+(?:\"{3,5}|\Z)
    |'''(?:[^']|'(?!''))*+(?:'{3,5}|\Z)
    |"(?:[^"\\\n]|\\[^\n])*+(?:"|(?=\n)|\Z|\\)
    |'[^'\n]*+(?:'|(?=\n)|\Z))
"""
_WORD: Final = r"[^\s\[\]{},=.\#\"']"
_TOKEN: Final = re.compile(
    rf"""
      (?P<break>\n)
    | (?P<blank>[ \t\r]+|\#[^\n]*)
    | (?P<text>{_TEXT})
    | (?P<sign>[\[\]{{}},=.])
    | (?P<word>{_WORD}++|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_HEAVY: Final = re.compile(
    rf"""
      \#[^\n]*+
    | (?P<deep>(?:(?:{_WORD}{{1,{LONGEST}}}+|{_TEXT})[ \t]*+\.[ \t]*+){{{DEEPEST}}})
    | {_TEXT}
    | (?P<sign>[\[\]{{}}])
    | (?P<long>{_WORD}{{{LONGEST + 1}}})
    | {_WORD}++
    """,
    re.VERBOSE | re.DOTALL,
)
"""Only that of which too much is too much."""


class TooDeepError(ValueError):
    """What stands on a *line* is more, longer or nested more deeply than any rule has need of."""

    def __init__(self, line: int | None, what: str) -> None:
        super().__init__(what)
        self.line = line


def check_size(text: str) -> None:
    """Raise `TooDeepError` for a *text* over which a reader of TOML could lose its way."""
    marks = sum(map(text.count, _MARKS))
    if marks > MOST:
        raise TooDeepError(None, f"it has {marks:,} lines, commas, brackets and the like")
    depth = 0
    for found in _HEAVY.finditer(text):
        said = found[0]
        if found.lastgroup == "sign":
            depth = max(depth + (1 if said in "[{" else -1), 0)
            if depth <= DEEPEST:
                continue
        if found.lastgroup == "long":
            what = f"a number or a name has more than {LONGEST:,} characters"
        elif found.lastgroup is None:
            continue
        else:
            what = f"it is nested more than {DEEPEST} deep"
        raise TooDeepError(text.count("\n", 0, found.start()) + 1, what)


def line_of(text: str, path: Path) -> int:
    r"""
    Return the line on which the key at *path* begins, or else the nearest table around it.

    *text* is TOML that could be read.

    >>> line_of("[[value]]\nuntil = 2018-01-01", ("value", 0, "until"))
    2
    """
    found: dict[int, int] = {0: 1}
    for place, line in _Places(text):
        if place == path[: len(place)]:
            found.setdefault(len(place), line)
            if place == path:
                break
    return found[max(found)]


def unreadable_from(text: str, error: ValueError | None = None) -> tuple[int, str]:
    r"""
    Return the line on which that begins which is not TOML, and the key there, or the line itself.

    *text* is one that `check_size` has let through, and *error* what Python's reader said of it.

    >>> unreadable_from("[[value]]\nuntil = 2018-01-01\nuntil = 2019-01-01")
    (3, 'until')
    """
    stopped = _STOPPED.search(str(error or _error_of(text)))
    return statement_at(text, int(stopped[1]) if stopped else text.count("\n") + 1)


def _error_of(text: str) -> ValueError | None:
    try:
        tomllib.loads(text)
    except ValueError as error:
        return error
    return None


def statement_at(text: str, line: int) -> tuple[int, str]:
    """Return the line on which what stands on *line* begins, and the key there."""
    begins = 1
    for begun in takewhile(lambda begun: begun <= line, _statements(text)):
        begins = begun
    return begins, text.split("\n")[begins - 1].partition("=")[0].strip()


def _tokens(text: str) -> Iterator[_Token]:
    line = 1
    for found in _TOKEN.finditer(text):
        said = found[0]
        kind = found.lastgroup or ""
        if kind != "blank":
            yield kind, said, line
            line += said.count("\n")


def _statements(text: str) -> Iterator[int]:
    """Yield on which line each statement begins: one goes on while a bracket is open."""
    depth, fresh = 0, True
    for kind, said, line in _tokens(text):
        if kind == "break":
            fresh = fresh or depth == 0
        else:
            if fresh:
                yield line
                fresh = False
            if kind == "sign":
                depth = max(depth + (said in "[{") - (said in "]}"), 0)


class _Places:
    """Walks through a TOML text, and yields the path of all that stands in it, and the line."""

    def __init__(self, text: str) -> None:
        self._rest = _tokens(text)
        self._lists: dict[Path, int] = {}
        """The last place of each list whose tables have headings of their own."""
        self._next()

    def __iter__(self) -> Iterator[tuple[Path, int]]:
        table: Path = ()
        while self._kind:
            if self._kind == "break":
                self._next()
            elif self._is("["):
                line = self._line
                table = self._heading()
                for end in range(1, len(table) + 1):
                    yield table[:end], line
            else:
                yield from self._pair(table)

    def _next(self) -> None:
        self._kind, self._text, self._line = next(self._rest, ("", "", 0))

    def _is(self, sign: str) -> bool:
        return self._text == sign and self._kind == "sign"

    def _heading(self) -> Path:
        self._next()
        many = self._is("[")
        if many:
            self._next()
        *around, last = self._key()
        self._next()
        if many:
            self._next()
        table: Path = ()
        for part in around:
            table = self._in_list((*table, part))
        table = (*table, last)
        if many:
            self._lists[table] = self._lists.get(table, -1) + 1
        return self._in_list(table)

    def _in_list(self, table: Path) -> Path:
        return (*table, self._lists[table]) if table in self._lists else table

    def _key(self) -> list[str]:
        parts = [_name(self._kind, self._text)]
        self._next()
        while self._is("."):
            self._next()
            parts.append(_name(self._kind, self._text))
            self._next()
        return parts

    def _pair(self, table: Path) -> Iterator[tuple[Path, int]]:
        line = self._line
        for part in self._key():
            table = (*table, part)
            yield table, line
        self._next()  # the equals sign
        yield from self._value(table)

    def _value(self, path: Path) -> Iterator[tuple[Path, int]]:
        if self._is("[") or self._is("{"):
            yield from self._several(path, "]" if self._text == "[" else "}")
            return
        while self._kind in {"word", "text"} or self._is("."):
            self._next()  # a number with decimals, a moment with a space in it

    def _several(self, path: Path, end: str) -> Iterator[tuple[Path, int]]:
        self._next()
        number = 0
        while self._kind and not self._is(end):
            if self._kind == "break" or self._is(","):
                self._next()
            elif end == "}":
                yield from self._pair(path)
            else:
                yield (*path, number), self._line
                yield from self._value((*path, number))
                number += 1
        self._next()


def _name(kind: str, text: str) -> str:
    """Return the part of a key that is written as *text*."""
    if kind != "text":
        return text
    if "\\" not in text:
        return text[1:-1]
    return str(tomllib.loads(f"key = {text}")["key"])
