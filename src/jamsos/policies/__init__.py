"""
Policies, the refusals of the law: one a file, each a pure function of a case.

For a policy of one's own, everything stands here: the cases, `Reason`, and those that ship.
"""

from jamsos.domain.agent import Deactivation, Return, Settlement
from jamsos.domain.citation import Citation
from jamsos.domain.decision import Policy, Reason
from jamsos.domain.participant import Contribution, Difference, Enrolment, Repayment, Transfer
from jamsos.domain.programme import Amendment
from jamsos.domain.quota import Allotment, Seating

from .standard import STANDARD, ExtraPolicies, Judges

__all__ = [
    "STANDARD",
    "Allotment",
    "Amendment",
    "Citation",
    "Contribution",
    "Deactivation",
    "Difference",
    "Enrolment",
    "ExtraPolicies",
    "Judges",
    "Policy",
    "Reason",
    "Repayment",
    "Return",
    "Seating",
    "Settlement",
    "Transfer",
]
