"""Laws by which every history can come to a clean end: everybody leaves, nothing stays owed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from jamsos.commands.agents import Resign
from jamsos.commands.contributions import Correct
from jamsos.commands.facts import Void
from jamsos.commands.incentives import AwardIncentive
from jamsos.commands.participants import Leave
from jamsos.domain.agent import Agent, AgentStatus, Settled
from jamsos.domain.calendar import Month
from jamsos.domain.participant import LeavingReason, Participant, ParticipantContributionPaid
from jamsos.domain.quota import Quota
from jamsos.engine.world import Asked, World
from jamsos.testing.arguments import subject
from jamsos.testing.laws.history import History
from jamsos.testing.laws.stating import Law, law, only_if

from .citing import HOW_IT_WORKS
from .worlds import agents_of, copied, last_day, states_of, verb_in


def clean_end_is_reachable() -> Law:
    """
    Return the law that from wherever a history has come to, everybody can leave.

    Each agent resigns who has not and was not terminated, and each participant leaves: then no
    seat is taken, and nobody is registered.
    """

    @law("From any state everybody can leave, and no seat stays taken", cite=HOW_IT_WORKS)
    def clean_end_is_reachable(history: History) -> None:
        world, on = copied(history.world), last_day(history.world) + timedelta(days=1)
        leaving = [*_leaving(world, on)]
        only_if(leaving)
        for asked in leaving:
            step = world.ask(asked)
            who = getattr(asked, subject(asked))
            assert step.outcome == "accepted", f"{who} cannot {verb_in(step)}: {step.outcome}"
        for stream, (state, _) in world.states.items():
            if isinstance(state, Quota):
                assert state.taken == 0, f"{state.taken} seats of {stream} stay taken"
            if isinstance(state, Agent):
                assert state.seat is None, f"{stream} keeps a seat in {state.seat}"
            if isinstance(state, Participant):
                here = [s for s, standing in state.standings.items() if standing.current]
                assert not here, f"{stream} stays in {', '.join(here)}"

    return clean_end_is_reachable


def nothing_owed_is_stranded() -> Law:
    """
    Return the law that an incentive can be had back, whenever its payment proves a mistake.

    Wherever a history has come to, each month is settled, each payment of those for whom anything
    is rewarded is corrected, and the months are settled once more: then neither an agent nor an
    office keeps anything, and nobody owes more than they were given.
    """

    @law(
        "Incentives for payments that were mistakes are clawed back",
        cite=HOW_IT_WORKS,
        about=("seats", "agents", "participants", "incentives"),
    )
    def nothing_owed_is_stranded(history: History) -> None:
        world, on = copied(history.world), last_day(history.world) + timedelta(days=31)
        for agent_id, month in _earners(world):
            world.ask(AwardIncentive(agent_id, month, on=on))
        settled = [(agent, month) for agent in agents_of(world) for month in agent.incentives]
        only_if(any(agent.incentives[month].gross for agent, month in settled))
        for agent, month in settled:
            for who in _rewarded(agent.incentives[month]):
                for asked in _corrections(world.participant(who), on):
                    world.ask(asked)
        for agent, month in settled:
            step = world.ask(AwardIncentive(agent.id, month, on=on))
            kept = world.agent(agent.id).incentives[month]
            what = f"of {month}, {agent.id} keeps Rp {kept.agent:,} and the office Rp"
            assert (kept.gross, kept.agent, kept.office) == (0, 0, 0), (
                f"{what} {kept.office:,}, for payments that were corrected: {step.outcome}"
            )

    return nothing_owed_is_stranded


def _corrections(someone: Participant, on: date) -> Iterator[Asked]:
    """Yield what corrects every payment: whatever needs another goes first."""
    for payment in someone.payments.values():
        if payment.refund is not None:
            yield Void(someone.id, version=payment.refund.version, on=on)
    for reference in reversed([*someone.payments]):
        yield Correct(someone.id, corrects=reference, on=on)


_NOT_THERE: Final = {AgentStatus.UNKNOWN, AgentStatus.RESIGNED, AgentStatus.TERMINATED}
"""The stages of agents who have nothing to leave; the first, if the recruitment was a mistake."""


def _leaving(world: World, on: date) -> Iterator[Asked]:
    for agent in agents_of(world):
        if agent.status not in _GONE:
            yield Resign(agent.id, on=on)
    for person in states_of(world, Participant):
        if any(standing.current is not None for standing in person.standings.values()):
            yield Leave(person.id, reason=LeavingReason.OTHER, on=on)


_GONE: Final = frozenset({AgentStatus.UNKNOWN, AgentStatus.RESIGNED, AgentStatus.TERMINATED})
"""Nobody resigns who was never recruited, or only by mistake, or has gone."""


def _earners(world: World) -> Iterator[tuple[str, Month]]:
    """Yield each agent for whom anything came in, and the month in which it did."""
    paid = {e.on for _, _, e in world.events if isinstance(e, ParticipantContributionPaid)}
    for month in sorted(set(map(Month.of, paid))):
        for agent in sorted(world.incentive_base().agents(month)):
            yield agent, month


def _rewarded(settled: Settled) -> set[str]:
    """Return those for whom something was awarded."""
    return {who for who, _ in (*settled.contributions, *settled.acquired)}
