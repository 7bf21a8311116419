"""Whether a law still asserts what its text asserts: Python with ``-O`` leaves that out."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dis import Instruction, get_instructions
from textwrap import dedent
from types import CodeType
from typing import Final

OPTIMIZED: Final = "Python runs with -O, and leaves out what laws assert: run it without"
_SILENT: Final = "only_if"


def asserts(holds: Callable[..., object]) -> bool:
    """
    Return whether *holds* asserts if its text does; where there is no text, whether it can fail.

    What asserts nothing in its text either is let through: it may leave that to others.
    """
    code = getattr(inspect.unwrap(holds), "__code__", None)
    if code is None or any(map(_asserts, _instructions(code))):
        return True
    text = _text(holds)
    if text is None:
        return any(map(_may_fail, _instructions(code)))
    return not any(_asserts(each) for there in _compiled(text) for each in _instructions(there))


def _asserts(each: Instruction) -> bool:
    named = each.argval in ("AssertionError", AssertionError)  # by pytest; by a later Python
    return named or each.opname == "LOAD_ASSERTION_ERROR"


def _may_fail(each: Instruction) -> bool:
    """Return whether *each* raises, or names what may be called and raise."""
    named = each.opname in {"LOAD_GLOBAL", "LOAD_NAME", "LOAD_DEREF"} and each.argval != _SILENT
    method = each.opname == "LOAD_METHOD" or (each.opname == "LOAD_ATTR" and "NULL" in each.argrepr)
    return named or method or each.opname == "RAISE_VARARGS"


def _instructions(code: CodeType) -> Iterator[Instruction]:
    yield from get_instructions(code)
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield from _instructions(each)


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
