"""Whether somebody may be registered as a non-wage earner, and for which programmes."""

from __future__ import annotations

from datetime import date
from typing import Final

import attrs

from jamsos.domain.due import SEGMENT_RULES, Law, programme_in
from jamsos.domain.explanation import Explained, Working
from jamsos.domain.identity import ProgrammeName, day, name

AGE_RULE: Final = "bpu-age-limit"
OCCASIONS_RULE: Final = "bpu-age-limit-applies"
MANDATORY_RULE: Final = "bpu-mandatory-programmes"
OPTIONAL_RULE: Final = "bpu-optional-programmes"
FIRST_PAYMENT: Final = "first-payment"


@attrs.frozen(kw_only=True)
class Applicant:
    """
    The case of somebody *born* on a day who is to be registered as a non-wage earner.

    *first_payment_on* is the day on which they pay for the first time, if it is known.
    """

    law: Law
    born: date = attrs.field(validator=day)
    on: date = attrs.field(validator=day)
    occupation: str = attrs.field(default="outside-employment", validator=name)
    first_payment_on: date | None = attrs.field(
        default=None, validator=attrs.validators.optional(day)
    )


@attrs.frozen(kw_only=True)
class Admission:
    """Whether somebody is *admitted*, which programmes they must take, and which they may add."""

    admitted: bool
    mandatory: tuple[ProgrammeName, ...]
    optional: tuple[ProgrammeName, ...]


def registration_of_non_wage_earner(case: Applicant) -> Explained[Admission]:
    """
    Return whether the age is under the limit, and which programmes the occupation has.

    Rule ``bpu-age-limit`` names the age that must not have been reached, on the day of
    registration; if ``bpu-age-limit-applies`` says so, on that of the first payment too.
    Rules ``bpu-mandatory-programmes`` and ``bpu-optional-programmes`` have the programmes.
    """
    working, segment = Working(), programme_in(case.law, SEGMENT_RULES)
    working.note("asked-admission", born=case.born, on=case.on, occupation=case.occupation)
    admitted = _under(case.born, case.on, case.law, working)
    first = case.first_payment_on
    if first is not None and FIRST_PAYMENT in working.names_if_any(segment, OCCASIONS_RULE, first):
        working.note("asked-first-payment", on=first)
        admitted = _under(case.born, first, case.law, working) and admitted
    mandatory, optional = (
        tuple(map(ProgrammeName, working.names(segment, rule, case.on, at=case.occupation)))
        for rule in (MANDATORY_RULE, OPTIONAL_RULE)
    )
    return working.done(Admission(admitted=admitted, mandatory=mandatory, optional=optional))


def _under(born: date, on: date, law: Law, working: Working) -> bool:
    limit = working.number(programme_in(law, SEGMENT_RULES), AGE_RULE, on)
    age = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    under = age < limit
    working.note("age-under" if under else "age-over", on=on, age=age, limit=limit)
    return under
