"""Whether a fact can be told of an agent: what must have come before its day, and what after."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TypeVar

import attrs

from jamsos.domain.citation import Citation
from jamsos.domain.decision import Accepted, Decision, Policies, Reason, Refused, reasons
from jamsos.errors import InputError, NotFoundError

from .events import (
    AgentAssigned,
    AgentCertified,
    AgentDeactivated,
    AgentReactivated,
    AgentRecruited,
    AgentReseated,
    AgentResigned,
    AgentStageEvent,
    AgentTerminated,
    AgentTrainingBegun,
)
from .stages import NEEDS, SEATED, AgentStatus, Stage
from .state import Agent, evolve
from .telling import told_as
from .timeline import Timeline

ONBOARDING: Final = Citation(
    "BPJS Ketenagakerjaan, questions and answers on the agency system",
    "before taking up duty: training, exam, certificate, letter of assignment",
    source="S06",
)
CONDUCT: Final = Citation(
    "Jabar Ekspres, 4-5 January 2018",
    "deactivation, return, termination with the loss of all rights",
    source="S20",
)

_VERBS: Final = {
    AgentRecruited: "be recruited",
    AgentTrainingBegun: "begin training",
    AgentCertified: "be certified",
    AgentAssigned: "be assigned",
    AgentDeactivated: "be deactivated",
    AgentReactivated: "return",
    AgentReseated: "get a seat of another region",
    AgentResigned: "resign",
    AgentTerminated: "be terminated",
}
_ANY_NUMBER: Final = (AgentDeactivated, AgentReactivated, AgentReseated)
"""What can happen to an agent more than once."""
_LOOKED_AT: Final = frozenset({"rules", "idle_months", "last_acquisition", "known_at"})
"""Fields of an event that say what its decision rested on, and not what was asked for."""

E = TypeVar("E", bound=AgentStageEvent)
C = TypeVar("C")


def advance(agent: Agent, event: E, citation: Citation) -> Decision[E]:
    """
    Let *event* happen to *agent* on its day, whatever was told of later days already.

    Nothing happens if the very same was told. Refused if the agent is at no stage on that day
    at which it can happen. Raises `InputError`, naming the other fact, if one that was told
    stands in its way by its day, or could no longer have happened after it; `NotFoundError` if
    the agent was never recruited.
    """
    if any(alike(stage.event, event) for stage in agent.stages.of_day(event.on)):
        return Accepted()
    verb, status = _VERBS[type(event)], agent.status_on(event.on)
    if agent.programme is None and not isinstance(event, AgentRecruited):
        msg = f"{agent.id} was never recruited, and cannot {verb}"
        raise NotFoundError(msg)
    if (other := _same_day(agent, event)) is None:
        after = evolve(agent, event).stages
        _, new = agent.stages.turned(after).stages
        vain = any(stage.version > agent.version and stage.status is None for stage in new)
        if vain or (isinstance(event, AgentReseated) and status not in SEATED):
            if (other := _in_the_way(agent, event, status)) is None:
                return Refused(Reason("agent-lifecycle", _cannot(event, status), citation))
        else:
            other = next(robbed(agent.stages, after), None)
    if other is not None:
        msg = (
            f"{agent.id} cannot {verb} on {event.on}: {told_as(other)}; give another day, or void"
            f" that first if it is wrong"
        )
        raise InputError(msg)
    return Accepted(event)


def judged(step: Decision[E], case: C, policies: Policies[C]) -> Decision[E]:
    """Return *step*; or the refusal, if it would happen and *policies* refuse *case*."""
    if isinstance(step, Refused) or not step.events:
        return step
    grounds = reasons(case, policies)
    return Refused(*grounds) if grounds else step


def robbed(before: Timeline, after: Timeline) -> Iterator[Stage]:
    """Yield the facts that have an effect *before* a change and not *after* it; no decisions."""
    stages, now = before.turned(after).stages
    vain = {stage.version for stage in now if not stage.status}
    for stage in stages:
        if stage.status and stage.version in vain and not stage.decided:
            yield stage


def _same_day(agent: Agent, event: AgentStageEvent) -> Stage | None:
    """Return what gives another seat on the day of *event*: nobody knows which came last."""
    if not isinstance(event, AgentReseated | AgentReactivated):
        return None
    others = (
        (AgentReseated, AgentReactivated) if isinstance(event, AgentReseated) else AgentReseated
    )
    there = (s for s in agent.stages.of_day(event.on) if isinstance(s.event, others))
    return next(there, None)


def alike(one: AgentStageEvent, other: AgentStageEvent) -> bool:
    """Return whether the two tell the same, whatever their decisions looked at."""
    return _asked(one) == _asked(other)


def _in_the_way(agent: Agent, event: AgentStageEvent, status: AgentStatus) -> Stage | None:
    """Return the fact by whose day *event* cannot happen on its own day; None if there is none."""
    stages = [stage for stage in agent.stages if stage.status]
    if not isinstance(event, AgentReseated):
        stages = [stage for stage in stages if not isinstance(stage.event, AgentReseated)]
    if isinstance(event, AgentRecruited):
        gone = status in {AgentStatus.RESIGNED, AgentStatus.TERMINATED}
        return None if gone else stages[0]
    for stage in stages:
        if stage.on > event.on and stage.status in NEEDS[type(event)]:
            return stage
    same = [stage for stage in stages if isinstance(stage.event, type(event))]
    if not isinstance(event, _ANY_NUMBER):
        return same[0] if same else None
    stands = [stage for stage in stages if stage.on <= event.on][-1:]
    return stands[0] if stands and stands[0] in same else None


def _cannot(event: AgentStageEvent, status: AgentStatus) -> str:
    again = " again" if isinstance(event, AgentRecruited) else ""
    return f"An agent who is {status} cannot {_VERBS[type(event)]}{again}."


def _asked(event: AgentStageEvent) -> tuple[object, ...]:
    """Return what *event* is, without what its decision rested on."""
    kind: type[AgentStageEvent] = type(event)
    names = (field.name for field in attrs.fields(kind) if field.name not in _LOOKED_AT)
    return (kind, *(getattr(event, name) for name in names))
