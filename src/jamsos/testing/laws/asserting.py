"""Whether a law still asserts what its text asserts: Python with ``-O`` leaves that out."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dis import get_instructions
from textwrap import dedent
from types import CodeType
from typing import Final

OPTIMIZED: Final = "Python runs with -O, and leaves out what laws assert: run it without"
_RAISE: Final = "RAISE_VARARGS"
_CALLS: Final = ("LOAD_GLOBAL", "LOAD_NAME", "LOAD_DEREF", "LOAD_METHOD")
_SILENT: Final = "only_if"


def asserts(holds: Callable[..., object]) -> bool:
    """
    Return whether *holds* can fail as its text does; where there is no text, whether it can at all.

    A function that asserts nothing in its text either is let through: it may leave that to others.
    """
    code = getattr(inspect.unwrap(holds), "__code__", None)
    if code is None or (raised := _raised(code)):
        return code is None or bool(raised)
    text = _text(holds)
    if text is None:
        return any(_calls(code))
    return not any(_raised(each) for each in _compiled(text))


def _raised(code: CodeType) -> int:
    return sum(each.opname == _RAISE for part in _parts(code) for each in get_instructions(part))


def _calls(code: CodeType) -> Iterator[object]:
    for part in _parts(code):
        for each in get_instructions(part):
            if each.opname in _CALLS and each.argval != _SILENT:
                yield each.argval


def _parts(code: CodeType) -> Iterator[CodeType]:
    yield code
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield from _parts(each)


def _text(holds: Callable[..., object]) -> str | None:
    try:
        return dedent(inspect.getsource(holds))
    except (OSError, TypeError, SyntaxError, IndentationError):
        return None


def _compiled(text: str) -> Iterator[CodeType]:
    """Yield *text* as Python compiles it without ``-O``, if it is Python by itself."""
    try:
        yield compile(text, "<law>", "exec", dont_inherit=True, optimize=0)
    except (SyntaxError, ValueError):
        return
