"""The steps by which a fact about an agent's stages is voided, and the seat restored."""

from __future__ import annotations

from datetime import date
from typing import TypeVar

import attrs

from jamsos.domain import agent as agents
from jamsos.domain.agent import Agent, AgentFactVoided, Held, seat_changes
from jamsos.domain.aggregate import Event
from jamsos.domain.decision import Accepted, Decision, Refused
from jamsos.domain.quota import QuotaSeatReleased, QuotaSeatTaken
from jamsos.policies.standard import Judges

from .command import Steps
from .reading import Reading
from .reseating import with_seats

E = TypeVar("E", bound=Event)
NAMED = 3
"""Of so many who sit on a seat that is wanted back, a refusal gives the names."""


def void_agent_fact(
    read: Reading, judges: Judges, agent: str, version: int, reason: str, on: date
) -> Steps[AgentFactVoided | QuotaSeatTaken | QuotaSeatReleased]:
    """
    Decide to void the fact that is *version* in the stream of *agent*, and on the seats.

    Refused if a seat that it would restore is not free: the refusal names who took it since.
    Raises `NotFoundError` if there is no such fact, and `InputError` if another one needs it.
    """
    state = read.agent(agent)
    voided = agents.void(state, version=version, reason=reason, on=on)
    steps = with_seats(read, judges, state, voided)
    if isinstance(voided, Refused) or not any(isinstance(step, Refused) for _, step in steps):
        return steps
    after = state
    for event in voided.events:
        after = agents.evolve(after, event)
    wanted = [c.days for c in seat_changes(state.seats, after.seats) if c.gained]
    named = "".join(_sits_there(read, state, held) for held in wanted)
    return [(stream, _with(named, step)) for stream, step in steps]


def _sits_there(read: Reading, agent: Agent, wanted: Held) -> str:
    """Return who took a seat of the region since *agent* gave it up, and sits there meanwhile."""
    others = read.agents_of(read.programme_of(agent))
    read.ahead(others)
    found = [
        f" {other} sits there from {held.begins} on."
        for other in others
        for held in read.agent(other).seats
        if held.region == wanted.region
        and held.begins >= wanted.begins
        and (wanted.ends is None or held.begins < wanted.ends)
    ]
    more = len(found) - NAMED
    return "".join(found[:NAMED]) + (f" So do {more} more." if more > 0 else "")


def _with(named: str, decision: Decision[E]) -> Decision[E]:
    """Return *decision*; a refusal, with those *named* in its first reason."""
    if isinstance(decision, Accepted):
        return decision
    first, *rest = decision.reasons
    return Refused(attrs.evolve(first, explanation=first.explanation + named), *rest)
