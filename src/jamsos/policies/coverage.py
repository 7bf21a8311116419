"""A contribution is paid once for each month, and only for months of registration."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Final

from jamsos.domain.calendar import Month, Months
from jamsos.domain.citation import Citation
from jamsos.domain.coverage import NO_MONTHS
from jamsos.domain.decision import Reason
from jamsos.domain.participant import Contribution

POLICY: Final = "coverage"
CITATION: Final = Citation(
    "jamsos, rules of the record",
    "assumed: no source states it",
    source="docs/reference/policies.md",
)


def months_are_registered(case: Contribution) -> Reason | None:
    """
    Refuse months before the registration, or after the month of leaving.

    The month in which somebody was registered, or came back, can be paid for even if they
    left in it.
    """
    if not case.months - case.standing.registered:
        return None
    open_months = case.standing.registered.extended(1)
    for day in case.participant.entries(case.segment):
        open_months |= Months.between(Month.of(day), Month.of(day))
    outside = case.months - open_months
    if not outside:
        return None
    return Reason(
        POLICY,
        f"The participant is not registered in segment {case.segment} for {outside}.",
        CITATION,
    )


def months_are_not_paid_yet(case: Contribution) -> Reason | None:
    """Refuse months that are paid for already, for any of the programmes."""
    standing = case.standing
    paid = (standing.paid_for(programme) for programme in case.programmes)
    twice = reduce(or_, (case.months & months for months in paid if months), NO_MONTHS)
    if not twice:
        return None
    return Reason(POLICY, f"Contributions are paid already for {twice}.", CITATION)
