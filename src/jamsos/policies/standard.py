"""The policies that judge each case, unless a caller adds others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, TypeAlias

from jamsos.domain.agent import Deactivation, Return, Settlement
from jamsos.domain.decision import Policy
from jamsos.domain.participant import Contribution, Difference, Enrolment, Repayment, Transfer
from jamsos.domain.programme import Amendment
from jamsos.domain.quota import Allotment, Seating
from jamsos.errors import InputError

from . import (
    agent_cap,
    agent_evaluation,
    agent_rights,
    coverage,
    payment,
    programme_evaluation,
    refund,
    registration,
)

Judges: TypeAlias = Mapping[type, tuple[Policy[Any], ...]]
"""The policies that judge, by the case that they judge."""

ExtraPolicies: TypeAlias = Mapping[type, Iterable[Policy[Any]]]
"""Policies of a caller's own, by the case that they judge."""

STANDARD: Judges = MappingProxyType(
    {
        Seating: (agent_cap.seat_is_free,),
        Allotment: (agent_cap.allotment_is_under_the_cap,),
        Deactivation: (agent_evaluation.idle_for_long_enough,),
        Return: (agent_evaluation.away_for_long_enough,),
        Settlement: (agent_rights.rights_are_kept,),
        Amendment: (programme_evaluation.raised_only_after_evaluation,),
        Enrolment: (registration.agent_is_active,),
        Transfer: (registration.agent_is_active,),
        Contribution: (
            coverage.months_are_registered,
            coverage.months_are_not_paid_yet,
            payment.amount_is_what_is_due,
            payment.months_may_be_paid,
            payment.months_at_once_are_allowed,
        ),
        Difference: (payment.difference_is_what_is_due,),
        Repayment: (
            refund.participant_is_a_non_wage_earner,
            refund.claim_is_one_with_a_refund,
            refund.months_lie_after_the_claim,
            refund.amount_is_what_was_paid,
        ),
    }
)
"""Those that ship."""


def judges_with(extra: ExtraPolicies | None, standard: Judges = STANDARD) -> Judges:
    """Return *standard* with *extra* policies after those of each case."""
    if not extra:
        return standard
    own = by_case(extra)
    return {case: (*policies, *own.get(case, ())) for case, policies in standard.items()}


def by_case(policies: ExtraPolicies) -> dict[type, tuple[Policy[Any], ...]]:
    """
    Return *policies* so that they can be asked any number of times.

    Raises `InputError` where they stand under what is no case, or are no functions.
    """
    given: dict[type, tuple[Policy[Any], ...]] = {}
    if not isinstance(policies, Mapping):
        msg = f"policies are {policies!r}: give them by the case that they judge, as a mapping"
        raise InputError(msg)
    for case, asked in policies.items():
        if case not in STANDARD:
            said, cases = getattr(case, "__name__", case), sorted(c.__name__ for c in STANDARD)
            msg = (
                f"policies are given for {said!r}, which no policy judges: give them for one of"
                f" {', '.join(cases)}"
            )
            raise InputError(msg)
        each = asked if isinstance(asked, Iterable) and not isinstance(asked, str) else (asked,)
        given[case] = tuple(each)
        if not all(map(callable, given[case])):
            msg = f"a policy of {case.__name__} is no function: {given[case]!r}"
            raise InputError(msg)
    return given
