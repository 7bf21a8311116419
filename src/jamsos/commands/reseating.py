"""The seats of an agent follow what was told of them: taken and released by day."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from jamsos.domain import agent as agents
from jamsos.domain import quota as quotas
from jamsos.domain.agent import Agent, AgentEvent, SeatChange, seat_changes
from jamsos.domain.decision import Accepted, Decision, Refused
from jamsos.domain.identity import ProgrammeName
from jamsos.domain.quota import QuotaSeatReleased, QuotaSeatTaken, Seating
from jamsos.policies import agent_cap
from jamsos.policies.standard import Judges

from .command import Steps
from .reading import Reading
from .seating import seating
from .sitters import with_sitters

E = TypeVar("E", bound=AgentEvent)


def with_seats(
    read: Reading,
    judges: Judges,
    agent: Agent,
    decision: Decision[E],
    *,
    told: Decision[E] | None = None,
    naming: bool = False,
) -> Steps[E | QuotaSeatTaken | QuotaSeatReleased]:
    """
    Return the *decision* on *agent*, and those on the seats that the agent gets or gives back.

    A seat must be free on each day on which the agent would hold it and has not held it before;
    what is held no longer is released from its first day to its last. *told* is what policies
    may have refused: the seat is asked for all the same, so that every reason is given. If
    *naming*, a refusal of a seat says who sits there since.
    """
    after, step = agent, decision if told is None else told
    for event in () if isinstance(step, Refused) else step.events:
        after = agents.evolve(after, event)
    seats = (
        each
        for programme, change in _changes(agent, after)
        for each in _changed(read, judges, agent, programme, change, naming=naming)
    )
    return [(agent.id, decision), *seats]


def _changes(before: Agent, after: Agent) -> Iterator[tuple[ProgrammeName, SeatChange]]:
    """Yield the changes of seats, of one programme or of two: seats are counted for each."""
    if before.programme is not None and before.programme == after.programme:
        for change in seat_changes(*before.stages.turned(after.stages).seats):
            yield before.programme, change
        return
    for programme in sorted({each.programme for each in (before, after) if each.programme}):
        held, holds = (
            each.seats if each.programme == programme else () for each in (before, after)
        )
        for change in seat_changes(held, holds):
            yield programme, change


def _changed(
    read: Reading,
    judges: Judges,
    agent: Agent,
    programme: ProgrammeName,
    change: SeatChange,
    *,
    naming: bool,
) -> Iterator[tuple[str, Decision[QuotaSeatTaken | QuotaSeatReleased]]]:
    held = change.days
    case = seating(read, agent, programme, held.region, held.begins, until=held.ends)
    if change.gained:
        rules = agent_cap.refs(case.programme, held.region, held.begins)
        taken = quotas.take(case, rules=rules, policies=judges[Seating])
        named = naming and isinstance(taken, Refused)
        yield case.quota.stream, with_sitters(read, agent, case, taken) if named else taken
        return
    yield case.quota.stream, quotas.release(case.quota, agent, on=held.begins)
    if held.ends is not None:  # from then on as many are held as before: nobody needs a seat
        again = QuotaSeatTaken(agent=agent.id, rules=(), on=held.ends)
        yield case.quota.stream, Accepted(again)
