"""Hypothesis, where it is installed: what draws, and the type of what is drawn."""

from __future__ import annotations

from typing import TypeAlias, TypeVar

from jamsos.errors import MissingExtraError

try:
    from hypothesis import strategies as st
except ImportError as error:
    _MISSING = "the strategies of jamsos need Hypothesis: install 'jamsos[testing]'"
    raise MissingExtraError(_MISSING) from error

A = TypeVar("A")
Drawn: TypeAlias = st.SearchStrategy[A]

__all__ = ["A", "Drawn", "st"]
