"""The decision to void a fact about an agent's stages that was a mistake."""

from __future__ import annotations

from datetime import date
from operator import attrgetter

from jamsos.domain.decision import Accepted, Decision
from jamsos.errors import InputError, NotFoundError

from .events import AgentFactVoided, AgentRecruited
from .lifecycle import robbed
from .stages import without_fact
from .state import Agent
from .telling import fact_of, told_as


def void(agent: Agent, *, version: int, reason: str, on: date) -> Decision[AgentFactVoided]:
    """
    Void the fact that is *version* in the agent's stream; to void it so again does nothing.

    Decisions that rested on it stand, and may be without effect from then on. Raises
    `NotFoundError` if that version is no fact about the stages, and `InputError`, naming the
    other fact, if one that was told needs it, or if it was voided otherwise.
    """
    if (known := agent.voided.get(version)) is not None:
        if (known.reason, known.on) == (reason, on):
            return Accepted()
        msg = f"version {version} of {agent.id} was voided on {known.on} already, as {known.reason}"
        raise InputError(msg)
    stage = next((stage for stage in agent.stages if stage.version == version), None)
    if stage is None:
        there = ", ".join(
            str(each.version) for each in sorted(agent.stages, key=attrgetter("version"))
        )
        msg = f"version {version} of {agent.id} is no fact about their stages: there are {there}"
        raise NotFoundError(msg if there else f"{agent.id} was never recruited")
    if needy := next(robbed(agent.stages, without_fact(agent.stages, version)), None):
        msg = (
            f"{agent.id}: version {version} cannot be voided, for {told_as(needy)}, and needs it;"
            f" void that first"
        )
        raise InputError(msg)
    event = stage.event
    return Accepted(
        AgentFactVoided(
            version=version,
            fact=fact_of(event),
            fact_on=event.on,
            programme=event.programme if isinstance(event, AgentRecruited) else None,
            reason=reason,
            on=on,
        )
    )
