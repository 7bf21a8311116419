"""The promise of a test of a fault: the sentences of the page of guarantees, each on its test."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T", bound=Callable[..., Any])


def promised(sentence: str, *, fault: str | None = None) -> Callable[[T], T]:
    """
    Say what jamsos promises; the test fails if it is not so.

    A test that stands elsewhere names the file of the *fault* that it belongs to, as ``"place"``.
    """
    del fault  # `docs/generate.py` reads it
    return _said(sentence)


def not_promised(sentence: str, *, fault: str | None = None) -> Callable[[T], T]:
    """Say what jamsos does not promise; the test shows that it is so. *fault* is as above."""
    del fault
    return _said(sentence)


def plain_library(sentence: str) -> Callable[[T], T]:
    """Say what plain `eventsourcing` does; the test shows it."""
    return _said(sentence)


def _said(sentence: str) -> Callable[[T], T]:
    """Leave the test as it is: `docs/generate.py` reads what stands above it."""
    if not sentence.endswith("."):
        raise ValueError(sentence)
    return lambda test: test
