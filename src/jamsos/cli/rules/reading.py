"""Reads for `jamsos rules`: the rule files, their names, and days."""

from __future__ import annotations

import argparse
import re
from datetime import date
from typing import Final

from jamsos.errors import InputError
from jamsos.rulebook import RuleFile, everything, load

_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def files_of(asked: argparse.Namespace) -> tuple[RuleFile, ...]:
    """Return the rule files that ship, and those of ``--rules`` on top."""
    return (*everything(), *(() if asked.rules is None else load(asked.rules)))


def name_of(file: RuleFile) -> str:
    """Return the name of a rule, with its programme."""
    return f"{file.programme}/{file.rule}"


def day_of(text: str) -> date:
    """Return the day that *text* names. Raises `InputError` if it names none."""
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    msg = f"{text!r} is not a day: write one as 2018-02-05"
    raise InputError(msg)


def text_of(day: date | None) -> str | None:
    """Return *day* as JSON has it."""
    return None if day is None else str(day)
