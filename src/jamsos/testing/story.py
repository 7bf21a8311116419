"""What examining a law came to, as a story of dated sentences or as a table."""

from __future__ import annotations

from .checking import Outcome


def report(outcome: Outcome, language: str = "en") -> str:
    """Return *outcome* for people."""
    del language
    return repr(outcome)
