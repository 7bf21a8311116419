"""Plans that differ from another in one respect: the dates, the people, the provinces, a number."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any, Final, TypeAlias

import attrs

from jamsos.domain.calendar import FOREVER, Month, Months, months_after
from jamsos.domain.geography import PROVINCES
from jamsos.domain.identity import AGENT, PARTICIPANT
from jamsos.domain.rule import DatedValue
from jamsos.engine.world import Plan
from jamsos.testing.arguments import arguments_of, changed

Variation: TypeAlias = Callable[[str, Any], Any]
"""Makes another argument out of the argument of a name."""


def varied(plan: Plan, change: Variation) -> Plan:
    """Return *plan* with *change* made to every argument."""
    return tuple(
        changed(asked, **{name: change(name, value) for name, value in arguments_of(asked).items()})
        for asked in plan
    )


def later(plan: Plan, days: int, months: int) -> Plan | None:
    """Return *plan* so much later, contribution months too; None where no such day is."""

    def change(name: str, value: Any) -> Any:  # noqa: ANN401 - any argument
        match value:
            case date():
                return months_after(value, months) + timedelta(days=days)
            case Month():
                return value + months
            case Months():
                runs = value.runs
                return Months([(a + months, b if b == FOREVER else b + months) for a, b in runs])
            case DatedValue():
                dates = ("in_force", "until", "published", "verified_until")
                return attrs.evolve(value, **{d: change(d, getattr(value, d)) for d in dates})
            case tuple() | list():
                return tuple(change(name, each) for each in value)
            case _:
                return value

    try:
        return varied(plan, change)
    except (OverflowError, ValueError):
        return None


def _texts(plan: Plan, only: frozenset[str] | None = None) -> list[str]:
    """Return each text that *plan* has for an argument, or as a key in one; *only* of some."""
    values = [
        value
        for asked in plan
        for name, value in arguments_of(asked).items()
        if only is None or name in only
    ]
    keys = [key for value in values if isinstance(value, Mapping) for key in value]
    return sorted({text for text in (*values, *keys) if isinstance(text, str)})


def _renamed(names: Mapping[str, str], only: frozenset[str] | None = None) -> Variation:
    def change(name: str, value: Any) -> Any:  # noqa: ANN401 - any argument
        if only is not None and name not in only:
            return value
        if isinstance(value, Mapping):
            return {names.get(key, key): each for key, each in value.items()}
        return names.get(value, value) if isinstance(value, str) else value

    return change


def other_people(plan: Plan) -> list[Variation]:
    """Return changes to other people, in the same order and in the other one."""
    people = [text for text in _texts(plan) if AGENT.fullmatch(text) or PARTICIPANT.fullmatch(text)]
    stems = [text.partition("-")[0] for text in people]
    numbers = range(101, 101 + len(people))
    return [
        _renamed(
            {
                person: f"{stem}-00000000-0000-7000-8000-{number:012}"
                for person, stem, number in zip(people, stems, order, strict=True)
            }
        )
        for order in (numbers, reversed(numbers))
    ]


def other_provinces(plan: Plan) -> list[Variation]:
    """Return changes to other provinces: from the first of the list, and from the last."""
    here = [code for code in _texts(plan, _PLACES) if code in PROVINCES]
    others = [code for code, p in PROVINCES.items() if code not in here and p.since is None]
    if len(others) < len(here):
        return []
    return [
        _renamed(dict(zip(here, order, strict=False)), _PLACES) for order in (others, others[::-1])
    ]


_PLACES: Final = frozenset({"province", "region", "source", "to", "scope", "weights"})


def other_numbers(argument: str, more: int) -> list[Variation]:
    """Return changes of one number: to a little more, and to twice as much."""
    return [
        lambda name, value: value + more if name == argument else value,
        lambda name, value: value * 2 if name == argument else value,
    ]
