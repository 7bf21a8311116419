"""The policies that judge each case, unless a caller adds others."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from jamsos.domain.agent import Deactivation, Return, Settlement
from jamsos.domain.decision import Policy
from jamsos.domain.participant import Contribution, Enrolment, Transfer
from jamsos.domain.programme import Amendment
from jamsos.domain.quota import Allotment, Seating

from . import (
    agent_cap,
    agent_evaluation,
    agent_rights,
    coverage,
    payment,
    programme_evaluation,
    registration,
)

STANDARD: Mapping[type, tuple[Policy[Any], ...]] = MappingProxyType(
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
    }
)
