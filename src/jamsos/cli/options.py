"""Options that several commands take."""

from __future__ import annotations

import argparse
import re
from contextlib import suppress
from datetime import date, datetime
from typing import Final

from jamsos.domain.history import KnownAt
from jamsos.language import Language

_POSITION: Final = re.compile(r"-?\d+", re.ASCII)


def place(text: str) -> str:
    """Return *text* as it is: the name of a file or an address, and so not empty."""
    if not text.strip():
        msg = "it is empty: name a file, or an address such as postgresql://user@host/database"
        raise argparse.ArgumentTypeError(msg)
    return text


def add_rules(parser: argparse.ArgumentParser) -> None:
    """Let *parser* take rules on top of those that ship."""
    parser.add_argument(
        "--rules",
        metavar="PATH",
        help="a rule file, or a folder of them, on top of those that ship",
    )


def add_language(
    parser: argparse.ArgumentParser, name: str = "--lang", said: str = "default: %(default)s"
) -> None:
    """Let *parser* take a language, as the option *name*."""
    parser.add_argument(
        name, choices=tuple(map(str, Language)), default=str(Language.ENGLISH), help=said
    )


def add_known_at(parser: argparse.ArgumentParser, name: str, said: str) -> None:
    """Let *parser* take up to where a history is known, as the option *name*."""
    parser.add_argument(
        name,
        type=_known_at,
        metavar="WHEN",
        help=f"{said} a position (17), the end of a day in WIB (2018-02-28), or a moment"
        " (2018-02-28T12:00:00+07:00)",
    )


def _known_at(text: str) -> KnownAt:
    """Return the position, the day or the moment that *text* names."""
    with suppress(ValueError):  # none of these, or a number of too many digits
        if _POSITION.fullmatch(text):
            return int(text)
        return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
    msg = (
        f"{text!r} is no position, as 17, no day, as 2018-02-28, and no moment, as"
        " 2018-02-28T12:00:00+07:00"
    )
    raise argparse.ArgumentTypeError(msg)
