"""The four definitions of active: when a participant counts in a month."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from jamsos.domain.active import Definition
from jamsos.domain.calendar import Months
from jamsos.domain.citation import Citation, Status
from jamsos.domain.coverage import Standing
from jamsos.errors import InputError

GRACE_MONTHS: Final = 3
"""
How many months after the end of coverage still count `IN_GRACE`: the value of `GRACE_RULE`.

It is a constant because a definition counts whole histories and is told no law: another number
is another definition. A test holds it equal to every value of the rule.
"""

GRACE_RULE: Final = "jkk/bpu-arrears-months"
"""
The rule, in the rule files, that `GRACE_MONTHS` is taken from.

Perdir 22/PERDIR.02/072022, as reported in PROBIS Kepesertaan, p. 59, section 12. It says for how
many months a non-wage earner may still pay; that these months count as active, no rule says.
"""


def _paid_up(standing: Standing, programme: str) -> Months:
    return standing.paid_for(programme)


def _in_grace(standing: Standing, programme: str) -> Months:
    return standing.paid_for(programme).extended(GRACE_MONTHS)


def _ever_paid(standing: Standing, programme: str) -> Months:
    return standing.paid_for(programme).onward()


def _registered(standing: Standing, _: str) -> Months:
    return standing.registered


PAID_UP = Definition(
    "paid-up",
    "the month is covered by paid contributions",
    Citation("BPJS Ketenagakerjaan, statements of June and December 2017", source="S15, S56"),
    Status.REPORTED,
    _paid_up,
)

IN_GRACE = Definition(
    "in-grace",
    "the month is covered, or lies at most three months after the end of coverage",
    Citation(
        "Perdir 22/PERDIR.02/072022",
        "as reported in PROBIS Kepesertaan, p. 59, section 12",
        source="S45",
    ),
    Status.REPORTED,
    _in_grace,
)

EVER_PAID = Definition(
    "ever-paid",
    "some contribution is paid for the month or one before it, and the participant has not left",
    Citation("PP 46/2015", "Pasal 1 angka 3", source="S38"),
    Status.ENACTED,
    _ever_paid,
)

REGISTERED = Definition(
    "registered",
    "registered in the month or before it, and has not left",
    Citation(
        "BPJS Ketenagakerjaan, published totals of registered participants", source="S15, S56"
    ),
    Status.REPORTED,
    _registered,
)

DEFINITIONS: Mapping[str, Definition] = MappingProxyType(
    {definition.name: definition for definition in (PAID_UP, IN_GRACE, EVER_PAID, REGISTERED)}
)


def definition_of(value: Definition | str) -> Definition:
    """
    Return the definition that *value* is, or that ships under that name.

    Raises `InputError` for anything else, and names those that ship.
    """
    if isinstance(value, Definition):
        return value
    found = DEFINITIONS.get(value) if isinstance(value, str) else None
    if found is None:
        msg = (
            f"there is no definition {value!r}: give one of {', '.join(DEFINITIONS)},"
            " or a Definition of your own"
        )
        raise InputError(msg)
    return found
