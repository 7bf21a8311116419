"""Who sits on a seat that an agent would have back: a refusal names them."""

from __future__ import annotations

from typing import Final, TypeVar

import attrs

from jamsos.domain.agent import Agent
from jamsos.domain.aggregate import Event
from jamsos.domain.decision import Accepted, Decision, Refused
from jamsos.domain.quota import Seating

from .reading import Reading

E = TypeVar("E", bound=Event)

NAMED: Final = 3
"""Of so many who sit on a seat that is wanted back, a refusal gives the names."""


def with_sitters(
    read: Reading, agent: Agent, wanted: Seating, decision: Decision[E]
) -> Decision[E]:
    """
    Return *decision* on the seat that *agent* wants back; a refusal, with those who sit there.

    They are the agents who took a seat of the region on the first day that is *wanted* or later,
    and before the last.
    """
    if isinstance(decision, Accepted):
        return decision
    others = read.agents_of(wanted.programme.name)
    read.ahead(others)
    found = [
        f" {other.id} sits there from {held.begins} on."
        for other in map(read.agent, others)
        for held in other.seats
        if other.id != agent.id
        and other.programme == wanted.programme.name
        and held.region == wanted.quota.region
        and held.begins >= wanted.on
        and (wanted.until is None or held.begins < wanted.until)
    ]
    more = len(found) - NAMED
    named = "".join(found[:NAMED]) + (f" So do {more} more." if more > 0 else "")
    first, *rest = decision.reasons
    return Refused(attrs.evolve(first, explanation=first.explanation + named), *rest)
