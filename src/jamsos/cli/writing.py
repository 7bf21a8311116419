"""The way out of the command line: a terminal obeys nothing of what it prints."""

from __future__ import annotations

import io
import json
import os
import re
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from typing import Final, TextIO, cast
from urllib.parse import unquote

from jamsos.domain.field import shown
from jamsos.store.place import shown_place

_STANDARD: Final = 3
"""So many streams a process begins with: input, output and errors."""
_SECRET: Final = re.compile(r"://[^:]*:(.+)@|password\s*=\s*('[^']*'|[^&\s]+)", re.IGNORECASE)
_SHORTEST: Final = 4
"""What is shorter may be a part of any word: it is hidden only where the whole address stands."""
_UNUSUAL: Final = re.compile(r"[^\n\x20-\x7e]")


class UnwrittenError(Exception):
    """The answer could not be written, or not all of it."""


class Shown(io.TextIOBase):
    r"""
    A stream on which what is not printable is written out, as ``\u001b``: JSON stays JSON.

    That are controls and escapes, what turns the direction of writing, what has no width, and the
    ends of lines that are not ``\\n``. What the encoding of *stream* lacks is written out as well.
    Where a text repeats one of *places*, or a password in it, that is written without.
    """

    def __init__(self, stream: TextIO, places: Iterable[str] = ()) -> None:
        self.raw: Final = stream
        whole = [(form, shown_place(place)) for place in places for form in _forms(place)]
        secret = [(form, "...") for place in places for s in _secrets(place) for form in _forms(s)]
        self._hidden: Final = dict((*whole, *secret))

    def write(self, text: str, /) -> int:
        """Write *text*. Raises `UnwrittenError` if that cannot be."""
        said = text
        for form, place in self._hidden.items():
            said = said.replace(form, place)
        said = _UNUSUAL.sub(_printable, said)
        encoding = self.raw.encoding or "utf-8"
        said = said.encode(encoding, "backslashreplace").decode(encoding)
        _do(self.raw.write, said)
        return len(text)

    def flush(self) -> None:
        """Let nothing wait to be written. Raises `UnwrittenError` if it cannot be written."""
        _do(self.raw.flush)

    def isatty(self) -> bool:
        """Return whether somebody sits at the other end."""
        return self.raw.isatty()

    def fileno(self) -> int:
        """Return the descriptor that is written to."""
        return self.raw.fileno()

    def writable(self) -> bool:
        """Return that it can be written to."""
        return True

    @property
    def encoding(self) -> str:  # type: ignore[override]  # as the stream has it
        """The encoding of the stream."""
        return self.raw.encoding


def tell(line: str) -> None:
    """Print one line of the answer, though *line* had ends of lines in it."""
    print(shown(line))


def complain(sentence: str) -> None:
    """Say in one line on the standard error what is wrong."""
    if sys.stderr is None:  # printing to None is printing to the standard output
        return
    with suppress(UnwrittenError, OSError, ValueError):  # then there is nobody to say it to
        print(f"jamsos: {shown(sentence)}", file=sys.stderr, flush=True)


def write_lines(lines: Iterable[bytes]) -> None:
    """Write *lines* of a history as they are; where a terminal shows them, as the same JSON."""
    if sys.stdout.isatty():
        for line in lines:
            print(line.decode(), end="")
        return
    sys.stdout.flush()
    out = sys.stdout.raw.buffer if isinstance(sys.stdout, Shown) else sys.stdout.buffer
    for line in lines:
        _do(out.write, line)


@contextmanager
def shown_streams(arguments: Sequence[str]) -> Iterator[None]:
    """
    Let both streams be `Shown` meanwhile, and a warning be one line.

    An address among *arguments* is written without its password. Raises `UnwrittenError` at once
    where the standard output is closed: what nobody can be told is not done.
    """
    _hold_standard_descriptors()
    places = {part for each in arguments for part in (each, each.partition("=")[2])}
    places = {place for place in places if shown_place(place) != place}
    err: TextIO = io.StringIO() if sys.stderr is None else sys.stderr
    with redirect_stderr(cast("TextIO", Shown(err, places))), warnings.catch_warnings():
        warnings.showwarning = _show_warning
        warnings.filterwarnings("always", "the (rules|entry points) ", RuntimeWarning)
        if sys.stdout is None:
            msg = "the standard output is closed"
            raise UnwrittenError(msg)
        with redirect_stdout(cast("TextIO", Shown(sys.stdout, places))):
            yield


def write_no_more() -> None:
    """Leave nothing to be written at the end, when nobody would take it."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, OSError, ValueError, UnwrittenError):
            stream.flush()
            continue
        with suppress(AttributeError, OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _show_warning(message: Warning | str, *_: object, **__: object) -> None:
    complain(str(message))


def _hold_standard_descriptors() -> None:
    """Keep a file that is opened from getting the place of a standard stream that is closed."""
    if None in {sys.stdin, sys.stdout, sys.stderr}:
        opened = os.open(os.devnull, os.O_RDWR)
        while opened < _STANDARD:
            opened = os.open(os.devnull, os.O_RDWR)
        os.close(opened)


def _secrets(place: str) -> Iterator[str]:
    """Yield what may be a password in *place*, as it is and as it is meant."""
    for found in _SECRET.finditer(place):
        said = (found[1] or found[2]).strip("'")
        yield from (each for each in (said, unquote(said)) if len(each) >= _SHORTEST)


def _forms(place: str) -> tuple[str, ...]:
    """Return how texts repeat *place*: as it is, in Python's quotes, and in JSON; longest first."""
    forms = {place, repr(place)[1:-1], json.dumps(place)[1:-1], shown(place)}
    return tuple(sorted(forms, key=len, reverse=True))


def _printable(found: re.Match[str]) -> str:
    character = found[0]
    if character.isprintable():
        return character
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))


def _do(write: Callable[..., object], *what: str | bytes) -> None:
    try:
        write(*what)
    except BrokenPipeError:  # nobody reads on
        raise
    except OSError as error:
        raise UnwrittenError(error.strerror or str(error)) from error
    except ValueError as error:  # it was closed meanwhile
        raise UnwrittenError(str(error)) from error
