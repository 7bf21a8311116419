"""Whether two steps were answered alike: the same outcome, and events that say the same."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from jamsos.domain.aggregate import Event
from jamsos.engine.world import Step
from jamsos.store.catalogue import CODEC


def alike(one: Step, other: Step) -> bool:
    """
    Return whether two steps were answered alike: the same outcome, and events that say the same.

    >>> from datetime import date
    >>> from jamsos.commands.seats import Allot
    >>> from jamsos.testing import World
    >>> def asked(seats: int) -> Step:
    ...     return World().ask(Allot("perisai", seats, on=date(2018, 1, 1)))
    >>> alike(asked(2), asked(2)), alike(asked(2), asked(3))
    (True, False)

    The names of the rules decided on, and how much of the history was known, make no difference.
    """
    return one.outcome == other.outcome and _said(one) == _said(other)


def said_of(event: Event) -> Any:  # noqa: ANN401 - as JSON has it
    """Return the name of *event*, and its fields that say what happened."""
    return CODEC.name(event), _without(json.loads(CODEC.encode(event)))


def _said(step: Step) -> Sequence[tuple[str, Any]]:
    return [(each.stream, said_of(each.event)) for each in step.happened]


def _without(said: Any) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(said, dict):
        return {name: _without(value) for name, value in said.items() if name not in _ASIDE}
    return [_without(each) for each in said] if isinstance(said, list) else said


_ASIDE: Final = frozenset({"rules", "known_at"})
"""Fields that say on what an event was decided, and not what happened."""
