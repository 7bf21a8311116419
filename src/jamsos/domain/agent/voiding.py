"""A fact about an agent's stages that was a mistake is voided, or told otherwise."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from operator import attrgetter
from typing import TypeVar

from jamsos.domain.decision import Accepted, Decision, Refused
from jamsos.domain.money import check_whole
from jamsos.errors import InputError, NotFoundError

from .events import RETOLD, AgentFactVoided, AgentRecruited, AgentStageEvent
from .lifecycle import alike, robbed
from .stages import Stage
from .state import Agent, evolve
from .telling import fact_of, told_as

E = TypeVar("E", bound=AgentStageEvent)


def void(agent: Agent, *, version: int, reason: str, on: date) -> Decision[AgentFactVoided]:
    """
    Void the fact that is *version* in the agent's stream; to void it so again does nothing.

    Decisions that rested on it stand, and may be without effect from then on. Raises
    `NotFoundError` if that version is no fact about the stages, and `InputError`, naming the
    other fact, if one that was told needs it, or if it was voided otherwise; and for the reason
    ``retold``, by which `retell` voids.
    """
    check_whole("version", version)
    if (known := agent.voided.get(version)) is not None:
        if (known.reason, known.on) == (reason, on):
            return Accepted()
        msg = f"version {version} of {agent.id} was voided on {known.on} already, as {known.reason}"
        raise InputError(msg)
    if reason == RETOLD:
        msg = (
            f"the reason {RETOLD!r} is given where another fact is told instead: tell that one with"
            f" instead_of={version}, or give another reason"
        )
        raise InputError(msg)
    stage = _stage(agent, version)
    if needy := next(robbed(agent.stages, agent.stages.without(version)), None):
        msg = (
            f"{agent.id}: version {version} cannot be voided, for {told_as(needy)}, and needs it;"
            f" void that first, or tell this one otherwise"
        )
        raise InputError(msg)
    return Accepted(_voided(stage, reason, on))


def retell(
    agent: Agent, decide: Callable[[Agent], Decision[E]], *, instead_of: int | None, on: date
) -> Decision[E | AgentFactVoided]:
    """
    Decide on a fact that is told *instead of* the one with that version, which is voided.

    *decide* decides on it as if the other had not been told, and the new one takes its place
    among the facts of one day. If *instead_of* is None, nothing is voided. A fact that is equal to
    the one that it replaces, or was told instead of it before, does nothing. Raises what *decide*
    raises, `NotFoundError` if that version is no fact about the stages, and `InputError` if it was
    voided before, if the new one stands already, and if a fact that was told needs what it does
    not give.
    """
    if instead_of is None:
        return decide(agent)
    if (known := agent.voided.get(instead_of)) is not None:
        again = decide(agent)
        if isinstance(again, Accepted) and not again.events:
            return again
        msg = (
            f"version {instead_of} of {agent.id} was voided already, on {known.on}: tell the fact"
            f" by itself, or instead of one that stands"
        )
        raise InputError(msg)
    mistaken = _stage(agent, instead_of)
    voided = _voided(mistaken, RETOLD, on)
    after = without = evolve(agent, voided)
    answer = decide(without)
    if isinstance(answer, Refused):
        return answer
    for event in answer.events:
        if alike(event, mistaken.event):
            return Accepted()
        after = evolve(after, event)
    if not answer.events:
        msg = f"{agent.id}: that was told already; void version {instead_of}, if it is wrong"
        raise InputError(msg)
    robbed_ = robbed(agent.stages, after.stages)
    if needy := next((each for each in robbed_ if each.version != instead_of), None):
        msg = (
            f"{agent.id}: version {instead_of} cannot be told so, for {told_as(needy)}, and needs"
            f" it; give another day, or put that right first"
        )
        raise InputError(msg)
    return Accepted(voided, *answer.events)


def _stage(agent: Agent, version: int) -> Stage:
    """Return the stage of *version*; raises `NotFoundError` if there is none."""
    if (stage := agent.stages.version(version)) is not None:
        return stage
    there = ", ".join(str(each.version) for each in sorted(agent.stages, key=attrgetter("version")))
    msg = f"version {version} of {agent.id} is no fact about their stages: there are {there}"
    raise NotFoundError(msg if there else f"{agent.id} was never recruited")


def _voided(stage: Stage, reason: str, on: date) -> AgentFactVoided:
    event = stage.event
    return AgentFactVoided(
        version=stage.version,
        fact=fact_of(event),
        fact_on=event.on,
        programme=event.programme if isinstance(event, AgentRecruited) else None,
        reason=reason,
        on=on,
    )
