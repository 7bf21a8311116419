"""The sentences on laws, whatever histories they were held against."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from typing import Any, Final

from jamsos.cli.exit_codes import FINDINGS, FINE, USAGE
from jamsos.cli.writing import complain
from jamsos.errors import InputError
from jamsos.language import Language, say
from jamsos.testing import Law

from .module import said, where

OUTCOMES: Final = ("held", "not exercised", "broken", "error")
"""The outcomes of a law, in the order in which a summary counts them."""


def described(law: Law) -> dict[str, Any]:
    """Return *law* as JSON has it."""
    return {"name": law.name, "says": law.says, "cite": law.cite}


def unexamined(stated: Law, error: BaseException) -> InputError:
    """Return that the function of *stated* raised *error*, which no law raises."""
    code = getattr(stated.holds, "__code__", None)
    at = "" if code is None else where(error, code.co_filename)
    return InputError(
        f"the law {stated.name} cannot be examined: {said(error)}{at}: fix it, and check again"
    )


def print_unexamined(stated: Law, error: InputError, asked: argparse.Namespace) -> None:
    """Print why *stated* could not be examined."""
    complain(str(error))
    if asked.json:
        built = {**described(stated), "outcome": "error", "why": str(error)}
        print(json.dumps(built), flush=True)


def ended(found: Counter[str], asked: argparse.Namespace) -> int:
    """Print how many laws had each outcome, and return the exit code."""
    if found.total() > 1 and not asked.json:
        print(_summary(found, asked.language))
    if found["error"]:
        return USAGE
    return FINE if found.keys() == {"held"} else FINDINGS


def told(outcome: str, language: str) -> str:
    """Return what an *outcome* is called in *language*."""
    return say(f"law-{outcome.replace(' ', '-')}", Language.of(language))


def _summary(found: Counter[str], language: str) -> str:
    parts = (f"{found[key]} {told(key, language)}" for key in OUTCOMES if found[key])
    return f"{found.total()} {say('laws', Language.of(language))}: {', '.join(parts)}"
