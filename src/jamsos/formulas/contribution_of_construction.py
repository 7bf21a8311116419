"""The amount that is due for a construction project, by steps of its contract's value."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from jamsos.domain.due import Bearer, Construction, Due, Part, programme_in
from jamsos.domain.explanation import Explained, Working
from jamsos.domain.identity import ProgrammeName
from jamsos.domain.money import Rupiah
from jamsos.domain.programme import Programme
from jamsos.domain.rate import WHOLE

STEPS_RULE: Final = "construction-steps"
WAGE_RULE: Final = "construction-wage-rate"
PROGRAMMES: Final = (ProgrammeName("jkk"), ProgrammeName("jkm"))


def due_of_construction(case: Construction) -> Explained[Due]:
    """
    Return what is due to JKK and to JKM for a project, which the employer bears.

    By the contract's value (rule ``construction-steps``), each rate is for the part of it
    above its lower bound, up to the next; or, if wages are given, a share of these
    (``construction-wage-rate``).
    """
    working = Working()
    if case.value is not None:
        working.note("asked-construction-contract", value=case.value, month=case.month)
    else:
        working.note("asked-construction-wages", wages=case.wages, month=case.month)
    parts = []
    for name in PROGRAMMES:
        amount = _amount(case, programme_in(case.law, name), working)
        working.note("due", programme=name, amount=amount, bearer=Bearer.EMPLOYER)
        parts.append(Part(programmes=(name,), full=amount, amount=amount, bearer=Bearer.EMPLOYER))
    due = Due(tuple(parts))
    working.note("due-in-all", total=due.total)
    return working.done(due)


def _amount(case: Construction, programme: Programme, working: Working) -> Rupiah:
    on = case.month.first_day
    if case.value is None:
        return working.share(case.wages or 0, working.number(programme, WAGE_RULE, on))
    steps = (*working.brackets(programme, STEPS_RULE, on, below=case.value), (case.value, 0))
    hundred_thousandths = 0
    for (since, rate), (end, _) in pairwise(steps):
        working.note("contract-step", part=end - since, since=since, rate=rate)
        hundred_thousandths += (end - since) * rate
    result, rest = divmod(hundred_thousandths, WHOLE)
    if rest:
        working.assume("contract-sum-rounded-down", result=result)
    else:
        working.note("contract-sum", result=result)
    return Rupiah(result)
