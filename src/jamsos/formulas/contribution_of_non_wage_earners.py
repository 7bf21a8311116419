"""The amount that a non-wage earner owes for a contribution month, by programme."""

from __future__ import annotations

from typing import Final

from jamsos.domain.due import OWN, SEGMENT_RULES, Bearer, Due, NonWageEarner, Part, programme_in
from jamsos.domain.explanation import Explained, Working
from jamsos.domain.identity import ProgrammeName
from jamsos.domain.money import Rupiah
from jamsos.domain.programme import Programme

from .relief import less

MANDATORY_RULE: Final = "bpu-mandatory-programmes"
OPTIONAL_RULE: Final = "bpu-optional-programmes"
AMOUNT_RULE: Final = "bpu-amount"
BRACKETS_RULE: Final = "bpu-income-brackets"
RATE_RULE: Final = "bpu-rate"
RELIEF_RULE: Final = "bpu-relief"
EXCLUDED_RULE: Final = "bpu-relief-excluded-payers"
PARTICIPANTS_RULE: Final = "bpu-relief-participants"
EVERYBODY: Final = frozenset({"active", "new"})
"""Both groups together are all participants: then the relief has no condition."""


def due_of_non_wage_earner(case: NonWageEarner) -> Explained[Due]:
    """
    Return what is due to each programme, less the relief of the contribution month.

    A programme takes a fixed amount (rule ``bpu-amount``), or a share (``bpu-rate``) of the
    base of the income's bracket (``bpu-income-brackets``). Rule ``bpu-relief`` remits a part
    of it by sector, unless it is paid out of a budget of ``bpu-relief-excluded-payers``.
    Raises `RuleNotInForceError` if no rule says what a programme takes in that month, and
    `InputError` for a programme that the occupation cannot take.
    """
    working = Working()
    working.note(
        "asked-bpu",
        income=case.income,
        month=case.month,
        sector=case.sector,
        budget=case.budget,
    )
    parts = []
    for name in _programmes(case, working):
        programme = programme_in(case.law, name)
        full = _full(case, programme, working)
        amount = _relieved(case, programme, full, working)
        working.note("due", programme=name, amount=amount, bearer=Bearer.PARTICIPANT)
        parts.append(Part(programmes=(name,), full=full, amount=amount, bearer=Bearer.PARTICIPANT))
    due = Due(tuple(parts))
    working.note("due-in-all", total=due.total)
    return working.done(due)


def _programmes(case: NonWageEarner, working: Working) -> tuple[ProgrammeName, ...]:
    """Return the programmes asked for; or, if none are, those that the occupation must take."""
    if case.programmes is not None:
        working.note("programmes", programmes=case.programmes)
        return case.programmes
    segment = programme_in(case.law, SEGMENT_RULES)
    must = working.names(segment, MANDATORY_RULE, case.month.first_day, at=case.occupation)
    return tuple(ProgrammeName(each) for each in must)


def _full(case: NonWageEarner, programme: Programme, working: Working) -> Rupiah:
    if programme.in_force(AMOUNT_RULE, case.month.first_day) is not None:
        return Rupiah(working.number(programme, AMOUNT_RULE, case.month.first_day))
    base = working.number(programme, BRACKETS_RULE, case.month.first_day, at=case.income)
    return working.share(base, working.number(programme, RATE_RULE, case.month.first_day))


def _relieved(case: NonWageEarner, programme: Programme, full: Rupiah, working: Working) -> Rupiah:
    on = case.month.first_day
    relief = working.number_if_any(programme, RELIEF_RULE, on, at=case.sector)
    if not relief:
        return full
    segment = programme_in(case.law, SEGMENT_RULES)
    if case.budget != OWN and case.budget in working.names_if_any(
        segment, EXCLUDED_RULE, case.month.first_day
    ):
        working.note("relief-excluded", budget=case.budget)
        return full
    participants = working.names_if_any(segment, PARTICIPANTS_RULE, on)
    if participants and not {*participants} >= EVERYBODY:
        working.lack("relief-conditions")
    return less(programme, full, relief, working)
