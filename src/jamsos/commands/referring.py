"""New references: they hold no number of a person."""

from __future__ import annotations

from typing import TypeVar

from jamsos.domain.aggregate import Event
from jamsos.domain.decision import Accepted, Decision
from jamsos.domain.identity import check_opaque

E = TypeVar("E", bound=Event)


def referring(decision: Decision[E], **references: str | None) -> Decision[E]:
    """
    Return *decision*, if it is one under *references* that may be recorded.

    Raises `InputError`, which names the reference, for 16 digits in a row, as a national id number
    has. What was recorded under such a reference before can be told again, for that is nothing
    new, and can be corrected.
    """
    if not isinstance(decision, Accepted) or decision.events:
        for name, value in references.items():
            check_opaque(name, value)
    return decision
