"""Simpler commands in place of one: smaller numbers, fewer days, usual values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

import attrs

from jamsos.commands.command import fields_of
from jamsos.domain.calendar import Month, Months
from jamsos.engine.world import Asked
from jamsos.testing.arguments import changed, keywords


def simpler_than(asked: Asked, days: Sequence[date]) -> Iterable[Asked]:  # noqa: C901 - one case a field
    """Yield *asked* with one thing in it that is simpler; *days* are those of its neighbours."""
    kept = keywords(asked)
    for field in fields_of(asked):
        if field.name not in kept:
            for other in _smaller(getattr(asked, field.name)):
                yield changed(asked, **{field.name: other})
    for name, value in kept.items():
        options: list[Any] = list(_smaller(value))
        if name == "on":
            months = kept.get("months")
            own = [months.first.first_day] if isinstance(months, Months) and months.first else []
            options = sorted(day for day in {*days, *own} if day < value)
        elif name == "months":
            now = Month.of(asked.on)
            options.append(Months.between(now, now))
        elif name in _VERSIONS:
            options = _other_versions(value, may_be_none=name in _USUAL)
        elif name in _USUAL and str(value) != str(_USUAL[name]) and value != _USUAL[name]:
            usual = _USUAL[name]
            options = [type(value)(usual) if isinstance(value, str) and usual else usual]
        elif name in _USUAL:
            options = []
        for other in options:
            yield changed(asked, **{name: other})


def _smaller(value: Any) -> Iterable[Any]:  # noqa: ANN401 - any argument
    """Yield what is simpler than *value*: smaller numbers, fewer months."""
    if isinstance(value, bool):
        return
    if isinstance(value, int):
        yield from (n for n in (0, 1, value // 2, value - 1) if 0 <= n < value)
    elif isinstance(value, Months) and value.contiguous:
        (first, last) = value.runs[0]
        if first < last:
            yield from (Months([run]) for run in ((first, first), (last, last), (first, last - 1)))
    elif attrs.has(type(value)) and isinstance(getattr(value, "value", None), int):
        yield from (attrs.evolve(value, value=number) for number in _smaller(value.value))
        in_force = getattr(value, "in_force", None)
        if isinstance(in_force, date) and in_force.day != 1:
            yield attrs.evolve(value, in_force=in_force - timedelta(days=in_force.day - 1))


def _other_versions(value: int | None, *, may_be_none: bool) -> list[int | None]:
    """Return the versions near *value*: commands before that event may have been left out."""
    if value is None:
        return []
    nearby = (*range(max(1, value - 3), value), value + 1)
    return [None, *nearby] if may_be_none else [*nearby]


_VERSIONS: Final = ("version", "instead_of")
"""Arguments that name an event by its version."""

_USUAL: Final[Mapping[str, Any]] = {
    "province": "51",
    "region": "national",
    "segment": "bpu",
    "payer": "self",
    "sector": "other",
    "budget": "own",
    "agent": None,
    "sponsor": None,
    "evaluation": None,
    "instead_of": None,
    "programmes": ("jkk", "jkm"),
    "income": 1_000_000,
    "amount": 16_800,
}
"""The simplest value of each argument."""
