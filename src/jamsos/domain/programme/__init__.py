"""A programme: a named body of dated rules, and how it is evaluated."""

from .decisions import (
    Amendment,
    amend,
    conclude_evaluation,
    enact,
    end_rule,
    establish,
    open_evaluation,
)
from .events import (
    Measures,
    Outcome,
    ProgrammeEstablished,
    ProgrammeEvaluationConcluded,
    ProgrammeEvaluationOpened,
    ProgrammeEvent,
    ProgrammeRuleAmended,
    ProgrammeRuleEnacted,
    ProgrammeRuleEnded,
)
from .state import Evaluation, Programme, evolve

__all__ = [
    "Amendment",
    "Evaluation",
    "Measures",
    "Outcome",
    "Programme",
    "ProgrammeEstablished",
    "ProgrammeEvaluationConcluded",
    "ProgrammeEvaluationOpened",
    "ProgrammeEvent",
    "ProgrammeRuleAmended",
    "ProgrammeRuleEnacted",
    "ProgrammeRuleEnded",
    "amend",
    "conclude_evaluation",
    "enact",
    "end_rule",
    "establish",
    "evolve",
    "open_evaluation",
]
