"""The stages of an agent's work: from which to which an event may lead."""

from __future__ import annotations

from typing import Final, TypeVar

from jamsos.domain.citation import Citation
from jamsos.domain.decision import Accepted, Decision, Policies, Reason, Refused, reasons
from jamsos.errors import InputError, NotFoundError

from .events import (
    AgentAssigned,
    AgentCertified,
    AgentDeactivated,
    AgentEvent,
    AgentReactivated,
    AgentResigned,
    AgentTerminated,
    AgentTrainingBegun,
)
from .state import Agent, AgentStatus

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

AT_WORK: Final = (
    AgentStatus.RECRUITED,
    AgentStatus.IN_TRAINING,
    AgentStatus.CERTIFIED,
    AgentStatus.ACTIVE,
    AgentStatus.DEACTIVATED,
)
"""The stages at which an agent can resign."""

_RESULT: Final = {
    AgentTrainingBegun: (AgentStatus.IN_TRAINING, "begin training"),
    AgentCertified: (AgentStatus.CERTIFIED, "be certified"),
    AgentAssigned: (AgentStatus.ACTIVE, "be assigned"),
    AgentDeactivated: (AgentStatus.DEACTIVATED, "be deactivated"),
    AgentReactivated: (AgentStatus.ACTIVE, "return"),
    AgentResigned: (AgentStatus.RESIGNED, "resign"),
    AgentTerminated: (AgentStatus.TERMINATED, "be terminated"),
}

E = TypeVar("E", bound=AgentEvent)
C = TypeVar("C")


def advance(
    agent: Agent, event: E, allowed: tuple[AgentStatus, ...], citation: Citation
) -> Decision[E]:
    """Let *event* happen to an agent who is at one of the *allowed* stages."""
    status, verb = _RESULT[type(event)]
    if agent.status is status:
        return Accepted()
    if agent.status is AgentStatus.UNKNOWN:
        msg = f"{agent.id} was never recruited, and cannot {verb}"
        raise NotFoundError(msg)
    if agent.status not in allowed:
        return Refused(
            Reason("agent-lifecycle", f"An agent who is {agent.status} cannot {verb}.", citation)
        )
    if agent.last_event is not None and event.on < agent.last_event:
        msg = (
            f"{agent.id} cannot {verb} on {event.on}:"
            f" something is recorded on {agent.last_event} already; give a later day"
        )
        raise InputError(msg)
    return Accepted(event)


def judged(step: Decision[E], case: C, policies: Policies[C]) -> Decision[E]:
    """Return *step*; or the refusal, if it would happen and *policies* refuse *case*."""
    if isinstance(step, Refused) or not step.events:
        return step
    grounds = reasons(case, policies)
    return Refused(*grounds) if grounds else step
