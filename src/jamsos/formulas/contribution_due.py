"""The amount that is due for a contribution month or a contract, with the steps to it."""

from __future__ import annotations

from typing import assert_never

from jamsos.domain.due import Construction, Due, Migrant, NonWageEarner, Owing, WageEarner
from jamsos.domain.explanation import Explained, Working

from .contribution_of_construction import due_of_construction
from .contribution_of_migrants import due_of_migrant
from .contribution_of_non_wage_earners import due_of_non_wage_earner
from .contribution_of_wage_earners import due_of_wage_earner


def contribution_due(case: Owing) -> Explained[Due]:
    """
    Return what is due in *case*, by the rules of its segment.

    The rules are those of the first day of the month: if one of them changes within it,
    that is a choice, and the answer says so.
    """
    due = _by_segment(case)
    working = Working()
    value = working.also(due)
    last_day = case.month.last_day
    for rule in due.read:
        if not rule.covers(last_day):
            named = rule.ref.rpartition("/")[0]
            working.assume("law-of-first-day", rule=named, on=case.month.first_day)
    return working.done(value)


def _by_segment(case: Owing) -> Explained[Due]:
    match case:
        case NonWageEarner():
            return due_of_non_wage_earner(case)
        case WageEarner():
            return due_of_wage_earner(case)
        case Construction():
            return due_of_construction(case)
        case Migrant():
            return due_of_migrant(case)
        case _:
            assert_never(case)
