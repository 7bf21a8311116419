"""The steps by which a fact about an agent's stages is told or voided, and the seat follows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Protocol, TypeVar

from jamsos.domain import agent as agents
from jamsos.domain.agent import Agent, AgentFactVoided, AgentStageEvent
from jamsos.domain.decision import Decision
from jamsos.domain.quota import QuotaSeatReleased, QuotaSeatTaken
from jamsos.policies.standard import Judges

from .command import Steps
from .reading import Reading
from .reseating import with_seats

E = TypeVar("E", bound=AgentStageEvent)


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
    return with_seats(read, judges, state, voided, naming=True)


class AboutAgent(Protocol):
    """A command that tells a fact about an agent's stages, or tells one otherwise."""

    @property
    def agent(self) -> str:
        """The agent."""
        ...

    @property
    def on(self) -> date:
        """The day of the fact."""
        ...

    @property
    def instead_of(self) -> int | None:
        """The version of the fact that it replaces, if any."""
        ...


def tell_agent_fact(
    asked: AboutAgent,
    read: Reading,
    judges: Judges,
    decided: Callable[[Agent], Decision[E]],
    *,
    told: Callable[[Agent], Decision[E]] | None = None,
) -> Steps[E | AgentFactVoided | QuotaSeatTaken | QuotaSeatReleased]:
    """
    Decide on a fact, on the one instead of which it is told, and on the seats.

    *decided* decides on the agent as they are without that one. *told* is the same without the
    policies, if there are any: what they refuse is asked for a seat all the same, so that every
    reason is given.
    """
    agent = read.agent(asked.agent)

    def step(decide: Callable[[Agent], Decision[E]]) -> Decision[E | AgentFactVoided]:
        return agents.retell(agent, decide, instead_of=asked.instead_of, on=asked.on)

    return with_seats(
        read,
        judges,
        agent,
        step(decided),
        told=None if told is None else step(told),
        naming=asked.instead_of is not None,
    )
