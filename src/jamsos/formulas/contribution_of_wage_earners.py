"""The amount that is due for a wage earner and a contribution month, and its bearers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from jamsos.domain.due import SEGMENT_RULES, Bearer, Due, Part, WageEarner, programme_in
from jamsos.domain.explanation import Explained, Working
from jamsos.domain.identity import ProgrammeName
from jamsos.domain.money import Rupiah
from jamsos.domain.programme import Programme

from .relief import less

PROGRAMMES_RULE: Final = "pu-programmes-by-size"
RELIEF_RULE: Final = "pu-relief"
BY_RISK: Final = ("pu-rates", "pu-rates-with-jkp")
"""The rates by the risk of the work; and what is left of them for those in JKP."""
DEFERRAL_RULE: Final = "pu-deferral"
CEILING_RULE: Final = "pu-wage-ceiling"
JP: Final = ProgrammeName("jp")
JKP: Final = ProgrammeName("jkp")

_RATES: Final = {
    "jkk": (("pu-rates", Bearer.EMPLOYER),),
    "jkm": (("pu-rate", Bearer.EMPLOYER),),
    "jkp": (
        ("pu-rate-out-of-jkk", Bearer.EMPLOYER),
        ("pu-rate-out-of-jkm", Bearer.EMPLOYER),
        ("pu-state-rate", Bearer.STATE),
    ),
}
"""For each programme: the rules of its rates, and the bearer of each."""

_SHARED: Final = (("pu-employer-rate", Bearer.EMPLOYER), ("pu-worker-rate", Bearer.WORKER))
"""The rules of the rates of any other programme."""

_LEFT_BY_JKP: Final = {"pu-rates": "pu-rates-with-jkp", "pu-rate": "pu-rate-with-jkp"}
"""The rules that are read instead for those in JKP: a part of these rates goes there."""


def due_of_wage_earner(case: WageEarner) -> Explained[Due]:
    """
    Return what is due to each programme, and who bears it.

    JKK is a share of the wage by the risk of the work, less what goes to JKP; JKM a share, likewise
    less; JHT and JP have a share of the employer and one of the worker, JP of the wage up to the
    ceiling of the year (``pu-wage-ceiling``). The total leaves out the state's share of JKP.
    Raises `RuleNotInForceError` if no rule says what a programme takes in that month.
    """
    working = Working()
    working.note("asked-pu", wage=case.wage, month=case.month, risk=case.risk)
    names = case.programmes
    if names is None:
        segment = programme_in(case.law, SEGMENT_RULES)
        must = working.names(segment, PROGRAMMES_RULE, case.month.first_day, at=case.size)
        names = tuple(ProgrammeName(each) for each in must)
    else:
        working.note("programmes", programmes=names)
    left_by_jkp = _LEFT_BY_JKP if JKP in names else {}
    parts = [part for name in names for part in _parts(case, name, left_by_jkp, working)]
    due = Due(tuple(parts))
    working.note("due-in-all", total=due.total)
    return working.done(due)


def _parts(
    case: WageEarner, name: ProgrammeName, left: Mapping[str, str], working: Working
) -> list[Part]:
    on, programme = case.month.first_day, programme_in(case.law, name)
    base = _base(case, programme, working)
    parts = []
    for rule, bearer in _RATES.get(name, _SHARED):
        read = left.get(rule, rule)
        risk = case.risk if read in BY_RISK else None
        full = working.share(base, working.number(programme, read, on, at=risk))
        relief = working.number_if_any(programme, RELIEF_RULE, on)
        amount = less(programme, full, relief, working) if relief else full
        working.note("due", programme=name, amount=amount, bearer=bearer)
        if later := working.number_if_any(programme, DEFERRAL_RULE, on):
            working.note("deferral", programme=name, rate=later)
        parts.append(Part(programmes=(name,), full=full, amount=amount, bearer=bearer))
    return parts


def _base(case: WageEarner, programme: Programme, working: Working) -> Rupiah:
    if programme.name == JKP:
        working.lack("jkp-ceiling-unknown")
    if programme.name != JP:
        return case.wage
    ceiling = working.number(programme, CEILING_RULE, case.month.first_day)
    over = case.wage > ceiling
    base = min(case.wage, Rupiah(ceiling))
    key = "wage-over-ceiling" if over else "wage-under-ceiling"
    working.note(key, wage=case.wage, ceiling=ceiling, base=base)
    return base
