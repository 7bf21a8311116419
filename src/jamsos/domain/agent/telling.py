"""A fact about an agent's stages in words, for what an error says of it."""

from __future__ import annotations

from typing import assert_never

from .events import (
    AgentAssigned,
    AgentCertified,
    AgentDeactivated,
    AgentFact,
    AgentReactivated,
    AgentRecruited,
    AgentReseated,
    AgentResigned,
    AgentStageEvent,
    AgentTerminated,
    AgentTrainingBegun,
    DeactivationReason,
)
from .stages import Stage


def told_as(stage: Stage) -> str:
    """Return what was told, with its day and its version: "the training begins on 2018-01-10"."""
    return f"{_said(stage.event)} (version {stage.version} of its stream)"


def fact_of(event: AgentStageEvent) -> AgentFact:
    """Return the published word for the kind of fact that *event* tells."""
    match event:
        case AgentRecruited():
            return AgentFact.RECRUITED
        case AgentTrainingBegun():
            return AgentFact.TRAINING_BEGUN
        case AgentCertified():
            return AgentFact.CERTIFIED
        case AgentAssigned():
            return AgentFact.ASSIGNED
        case AgentDeactivated():
            return AgentFact.DEACTIVATED
        case AgentReactivated():
            return AgentFact.REACTIVATED
        case AgentReseated():
            return AgentFact.RESEATED
        case AgentResigned():
            return AgentFact.RESIGNED
        case AgentTerminated():
            return AgentFact.TERMINATED
        case _:
            assert_never(event)


def _said(event: AgentStageEvent) -> str:
    match event:
        case AgentRecruited(programme=programme, province=province, region=region, on=on):
            where = f"in province {province} on a seat of region {region}"
            return f"they are recruited for {programme} on {on}, {where}"
        case AgentTrainingBegun(on=on):
            return f"the training begins on {on}"
        case AgentCertified(on=on):
            return f"they are certified on {on}"
        case AgentAssigned(on=on):
            return f"the account is made active on {on}"
        case AgentDeactivated(reason=reason, on=on):
            why = "as idle" if reason is DeactivationReason.IDLE else "with the office"
            return f"the account is deactivated on {on}, {why}"
        case AgentReactivated(region=region, on=on):
            return f"they return on {on}, on a seat of region {region}"
        case AgentReseated(region=region, on=on):
            return f"they get a seat of region {region} on {on}"
        case AgentResigned(on=on):
            return f"they resign on {on}"
        case AgentTerminated(cause=cause, on=on):
            return f"they are terminated for {cause} on {on}"
        case _:
            assert_never(event)
