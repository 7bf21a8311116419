"""Whom and what an event concerns beside its own stream: what the index of a store is made of."""

from __future__ import annotations

from .agent import AgentFactVoided, AgentIncentiveAwarded, AgentIncentiveClawedBack, AgentRecruited
from .aggregate import Event
from .identity import programme_stream
from .participant import (
    ParticipantCameBack,
    ParticipantFactVoided,
    ParticipantRegistered,
    ParticipantTransferred,
)


def concerns(event: Event) -> tuple[str, ...]:
    """
    Return the streams of those whom *event* concerns, each once, without its own.

    An agent is concerned by each participant who is registered with them, comes back to them
    or is given into their care, and where such a fact is voided; a programme by each agent who
    is recruited for it, or was by mistake; a participant by each award that rests on their
    contributions.

    >>> from datetime import date
    >>> from .coverage import Segment
    >>> agent = "agent-00000000-0000-7000-8000-000000000001"
    >>> concerns(ParticipantTransferred(
    ...     segment=Segment.NON_WAGE_EARNER, agent=agent, branch=None, changes=(),
    ...     on=date(2018, 3, 1),
    ... )) == (agent,)
    True
    """
    match event:
        case (
            ParticipantRegistered()
            | ParticipantCameBack()
            | ParticipantTransferred()
            | ParticipantFactVoided()
        ):
            return () if event.agent is None else (event.agent,)
        case AgentRecruited(programme=programme) | AgentFactVoided(programme=str() as programme):
            return (programme_stream(programme),)
        case AgentIncentiveAwarded() | AgentIncentiveClawedBack():
            received = (each.received.participant for each in event.contributions)
            acquired = (each.participant for each in event.acquired)
            return tuple(dict.fromkeys((*acquired, *received)))
        case _:
            return ()


CONCERNING = (
    ParticipantRegistered,
    ParticipantCameBack,
    ParticipantTransferred,
    ParticipantFactVoided,
    AgentRecruited,
    AgentFactVoided,
    AgentIncentiveAwarded,
    AgentIncentiveClawedBack,
)
"""The events that concern somebody or something beside their own stream."""
