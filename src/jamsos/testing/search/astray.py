"""Commands that are out of place: one argument of a fitting one is spoiled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from jamsos.domain.calendar import Months
from jamsos.engine.world import Asked
from jamsos.testing.arguments import changed, keywords, subject
from jamsos.testing.names import AGENTS, NOBODY, PEOPLE

from .journey import Journey


def astray(w: Journey, made: Asked) -> Asked:
    """Return *made* with one thing in it that is out of place."""
    spoil = w.pick(_SPOILS)
    if spoil is None:
        return changed(made, **{subject(made): w.pick(NOBODY)})
    if spoil is _ANOTHER:
        whom = getattr(made, subject(made))
        others = next((names for names in (AGENTS, PEOPLE) if whom in names), ())
        return changed(made, **{subject(made): w.pick(others) if others else whom})
    name, wrong = spoil
    if name not in keywords(made):
        return made
    value = wrong(keywords(made)[name]) if callable(wrong) else wrong
    return changed(made, **{name: value})


_ANOTHER: Final = ("who", None)
"""Asked of another, who may be at another stage."""

_SPOILS: Final[Sequence[tuple[str, Any] | None]] = (
    None,
    _ANOTHER,
    _ANOTHER,
    _ANOTHER,
    ("amount", lambda amount: amount + 100),
    ("amount", lambda amount: max(0, amount - 100)),
    ("on", lambda on: on - timedelta(days=62)),
    ("on", lambda on: on - timedelta(days=31)),
    ("months", lambda months: Months([(a - 1, b - 1) for a, b in months.runs])),
    ("province", "99"),
    ("region", "99"),
    ("agent", NOBODY[0]),
    ("corrects", "never-paid"),
)
