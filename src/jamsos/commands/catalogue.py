"""
The published name of every command, and of what stands for many.

Names and fields are a contract with whoever sends or keeps a command: a name is added, never
renamed nor reused. A command that must say something else gets a new version.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from . import agents, contributions, facts, incentives, participants, programmes, seats

COMMANDS: Final[Mapping[str, type[Any]]] = MappingProxyType(
    {
        "agent.recruit.v1": agents.Recruit,
        "agent.begin-training.v1": agents.BeginTraining,
        "agent.certify.v1": agents.Certify,
        "agent.assign.v1": agents.Assign,
        "agent.deactivate.v1": agents.Deactivate,
        "agent.reactivate.v1": agents.Reactivate,
        "agent.reseat.v1": agents.Reseat,
        "agent.resign.v1": agents.Resign,
        "agent.terminate.v1": agents.Terminate,
        "agent.award-incentive.v1": incentives.AwardIncentive,
        "participant.register.v1": participants.Register,
        "participant.pay.v1": contributions.Pay,
        "participant.pay-difference.v1": contributions.PayDifference,
        "participant.refund.v1": contributions.Refund,
        "participant.correct.v1": contributions.Correct,
        "participant.move.v1": participants.Move,
        "participant.transfer.v1": participants.Transfer,
        "participant.leave.v1": participants.Leave,
        "participant.come-back.v1": participants.ComeBack,
        "fact.void.v1": facts.Void,
        "programme.adopt.v1": programmes.Adopt,
        "programme.enact.v1": programmes.Enact,
        "programme.amend.v1": programmes.Amend,
        "programme.end-rule.v1": programmes.EndRule,
        "programme.open-evaluation.v1": programmes.OpenEvaluation,
        "programme.conclude-evaluation.v1": programmes.ConcludeEvaluation,
        "quota.allot.v1": seats.Allot,
        "quota.share-out.v1": seats.ShareOut,
        "quota.move-seats.v1": seats.MoveSeats,
        "quota.fit-to-cap.v1": seats.FitToCap,
    }
)
"""Each is answered by a decision of its own, and may be sent under a command id."""

EXPANSIONS: Final[Mapping[str, type[Any]]] = MappingProxyType(
    {
        "programme.evaluate-agents.v1": agents.EvaluateAgents,
        "programme.award-incentives.v1": incentives.AwardIncentives,
    }
)
"""Each stands for one command an agent: these have command ids of their own, or none."""

NAMES: Final[Mapping[type[Any], str]] = MappingProxyType(
    {kind: name for names in (COMMANDS, EXPANSIONS) for name, kind in names.items()}
)
"""The published name of each."""


def verb_of(kind: type[Any]) -> str:
    """
    Return the name of the method that asks for it: ``begin_training``.

    >>> verb_of(agents.BeginTraining)
    'begin_training'
    """
    return NAMES[kind].split(".")[1].replace("-", "_")


def key_of(kind: type[Any]) -> str:
    """
    Return the published name without its version: the key of its sentence in each language.

    >>> key_of(agents.BeginTraining)
    'agent.begin-training'
    """
    return NAMES[kind].rpartition(".")[0]
