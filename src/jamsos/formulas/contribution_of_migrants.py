"""The amount that a migrant worker owes for a contract, and for each month of extension."""

from __future__ import annotations

from typing import Final

from jamsos.domain.due import SEGMENT_RULES, Bearer, Due, Migrant, Part, programme_in
from jamsos.domain.explanation import Explained, Working
from jamsos.domain.identity import ProgrammeName
from jamsos.domain.money import Rupiah
from jamsos.errors import InputError

AMOUNTS_RULE: Final = "migrant-amounts"
EXTENSION_RULE: Final = "migrant-extension"
LEAST_RULE: Final = "migrant-least"
JHT: Final = ProgrammeName("jht")
TOGETHER: Final = (ProgrammeName("jkk"), ProgrammeName("jkm"))
"""The programmes that the amounts are for, in one."""


def due_of_migrant(case: Migrant) -> Explained[Due]:
    """
    Return what is due for a contract, for its extension, and for JHT a month.

    Rules ``migrant-amounts``, by the length of the contract, ``migrant-extension``, for each
    month more, and ``migrant-least``, for JHT. Raises `InputError` if less is chosen for JHT.
    """
    working, on = Working(), case.month.first_day
    working.note(
        "asked-migrant", contract=case.contract, month=case.month, extension=case.extension
    )
    segment = programme_in(case.law, SEGMENT_RULES)
    amounts: list[tuple[tuple[ProgrammeName, ...], int]] = []
    amounts.append((TOGETHER, working.number(segment, AMOUNTS_RULE, on, at=case.contract)))
    if case.extension:
        monthly = working.number(segment, EXTENSION_RULE, on)
        result = monthly * case.extension
        working.note("extension", months=case.extension, monthly=monthly, result=result)
        amounts.append((TOGETHER, result))
    if case.jht:
        least = working.number(programme_in(case.law, JHT), LEAST_RULE, on)
        if case.jht < least:
            msg = f"{case.jht:,} is less than a migrant worker who pays for JHT pays: {least:,}"
            raise InputError(msg)
        working.note("migrant-jht", chosen=case.jht, least=least)
        amounts.append(((JHT,), case.jht))
    due = Due(
        tuple(
            Part(
                programmes=programmes,
                full=Rupiah(amount),
                amount=Rupiah(amount),
                bearer=Bearer.PARTICIPANT,
            )
            for programmes, amount in amounts
        )
    )
    for part in due.parts:
        working.note("due", programme=part.programmes, amount=part.amount, bearer=part.bearer)
    working.note("due-in-all", total=due.total)
    return working.done(due)
