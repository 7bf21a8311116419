"""The parts of a history that do not matter: with other dates or people it breaks the law too."""

from __future__ import annotations

from typing import Final

from jamsos.engine.world import Plan
from jamsos.language import Language, say
from jamsos.testing.laws.judging import Judge
from jamsos.testing.search.findings import Broken

from .variations import later, other_numbers, other_people, other_provinces, varied


def does_not_matter(broken: Broken, language: Language) -> str:
    """Return the sentence that names the parts of the history that do not matter."""
    judge = Judge(broken.law, broken.begins)

    def breaks(plan: Plan) -> bool:
        try:
            breaking = judge.plan(plan)
        except Exception:  # noqa: BLE001 - such a plan shows another fault, not this one
            return False
        return breaking is not None and breaking.step == broken.breaking.step

    told = []
    shifts = [
        say(name, language)
        for name, days, months in _SHIFTS
        if (other := later(broken.plan, days, months)) is not None and breaks(other)
    ]
    if shifts:
        told.append(say("any-dates", language, shifts=say("or", language).join(shifts)))
    for key, changes in (
        ("any-people", other_people(broken.plan)),
        ("any-provinces", other_provinces(broken.plan)),
        ("any-amounts", other_numbers("amount", 100)),
        ("any-incomes", other_numbers("income", 1)),
    ):
        plans = [varied(broken.plan, change) for change in changes]
        if plans and broken.plan not in plans and all(map(breaks, plans)):
            told.append(say(key, language))
    none = say("nothing", language)
    return f"{say('does-not-matter', language)}: {'; '.join(told) or none}."


_SHIFTS: Final = (
    ("day-later", 1, 0),
    ("day-earlier", -1, 0),
    ("month-later", 0, 1),
    ("month-earlier", 0, -1),
    ("year-later", 0, 12),
    ("year-earlier", 0, -12),
)
