"""How a plan is played through a real registry, and what is read of the history that it makes."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path
from random import Random

import attrs
from hypothesis import event

from jamsos import (
    Accepted,
    Definition,
    Month,
    Months,
    Recorded,
    Refused,
    Registry,
    Standing,
    Status,
)
from jamsos.commands.agents import EvaluateAgents
from jamsos.commands.incentives import AwardIncentives
from jamsos.commands.programmes import ConcludeEvaluation
from jamsos.desk import Desk
from jamsos.domain.aggregate import Event, State
from jamsos.domain.decision import Decision
from jamsos.domain.identity import programme_stream, quota_stream
from jamsos.domain.participant import ParticipantContributionPaid
from jamsos.domain.programme import ProgrammeEvaluationConcluded
from jamsos.engine.setting import EPOCH
from jamsos.engine.world import TURNED_DOWN, Asked, Plan, together
from jamsos.errors import InputError
from jamsos.formulas.active import DEFINITIONS
from jamsos.projections.active_participants import DIMENSIONS, ActiveParticipants
from jamsos.projections.agent_performance import AgentPerformance
from jamsos.projections.census import Census
from jamsos.projections.flows import Flows
from jamsos.projections.retention import Retention
from jamsos.store.catalogue import CODEC
from jamsos.store.event_store import Entry, EventStore
from jamsos.testing import setting
from tests.laws.drawing import AGENTS, NOBODY, PEOPLE, PLACES, PROGRAMME, SOURCE

BEGINS = setting()
FOUNDING = [Entry(s, v, CODEC.name(e), CODEC.encode(e), EPOCH) for s, v, e in BEGINS.founding]
"""The law that ships, with which every history begins, as the worlds of the kit do."""
STREAMS = (
    *(*AGENTS, *PEOPLE, *NOBODY),
    *map(programme_stream, (*BEGINS.law, "nobody")),
    *(quota_stream(PROGRAMME, region) for region in PLACES),
)
"""Every stream that a plan can come to."""


# -- Asking. ---------------------------------------------------------------------------


def open_(path: str | Path = ":memory:") -> Registry:
    """Open a registry in which the law is enacted, and whose clock ticks alike in every run."""
    return found(EventStore(path))


def found(store: EventStore) -> Registry:
    """Return such a registry over *store*, in which the law is enacted if it is empty."""
    ticks = iter(range(10**9))
    begin = datetime(2018, 1, 1, tzinfo=UTC)
    if store.last_position() == 0:
        store.load(FOUNDING)
    return Registry(store, clock=lambda: begin + timedelta(milliseconds=7 * next(ticks)))


def ask(desk: Desk, asked: Asked) -> Accepted[Event] | Refused | Exception:
    """Return what *asked* is answered, or what is raised for it."""
    name = type(asked).__name__
    try:
        answer = put_to(desk, asked)
    except TURNED_DOWN as error:
        event(f"{name}: raised")
        return error
    if isinstance(answer, Refused):
        event(f"{name}: refused")
    else:
        event(f"{name}: {'accepted' if answer.events else 'nothing new'}")
    return answer


def put_to(desk: Desk, asked: Asked) -> Decision[Event]:
    """Return what *desk* answers; the answers to what stands for many commands are one."""
    if isinstance(asked, EvaluateAgents):
        return together(desk.evaluate_agents(asked.programme, on=asked.on).values())
    if isinstance(asked, AwardIncentives):
        answers = desk.award_incentives(asked.programme, asked.month, on=asked.on)
        return together(answers.values())
    return desk.ask(asked)


def played(plan: Iterable[Asked], path: str | Path = ":memory:") -> list[Recorded[Event]]:
    """Return the history that *plan* makes, from the law on."""
    with open_(path) as registry:
        for asked in plan:
            ask(registry, asked)
        return list(registry.history())


def subject(asked: Asked) -> str:
    """Return the name of the one that *asked* is about."""
    return getattr(asked, attrs.fields(type(asked))[0].name)


# -- In batches. -----------------------------------------------------------------------

LOOK_AT_ALL = (ConcludeEvaluation, EvaluateAgents)
"""The commands that rest on the whole history."""


def in_batches(
    plan: Plan, seed: int, opening: tuple[type, ...] = ()
) -> tuple[list[Recorded[Event]], Plan]:
    """
    Return the history that *plan* makes in batches, and what of it could be meant there.

    A command of *opening* begins a new batch.
    """
    batches: list[list[Asked]] = []
    for asked in plan:
        if not batches or isinstance(asked, opening) or once_in(9, seed, asked):
            batches.append([])
        batches[-1].append(asked)
    meant: list[Asked] = []
    with open_() as registry:
        for batch in batches:
            with registry.batch() as desk:
                meant += [each for each in batch if not isinstance(ask(desk, each), InputError)]
        return list(registry.history()), tuple(meant)


def once_in(times: int, seed: int, asked: Asked) -> bool:
    """Throw dice for *asked*, whatever is asked before it."""
    return Random(f"{seed} {asked}").randrange(times) == 0


def what_happened(history: Iterable[Recorded[Event]]) -> list[object]:
    """Return *history* without what says how far it was known, or when it was written."""
    return [(r.position, r.stream, r.version, _known_nowhere(r.event)) for r in history]


def _known_nowhere(happened: Event) -> Event:
    if isinstance(happened, ProgrammeEvaluationConcluded):
        return attrs.evolve(happened, measures=attrs.evolve(happened.measures, known_at=0))
    if getattr(happened, "known_at", None) is not None:
        return attrs.evolve(happened, known_at=0)
    return happened


# -- Reading. --------------------------------------------------------------------------


def states(registry: Registry) -> dict[str, tuple[State, int]]:
    """Return the state and the version of every stream."""
    return dict(registry._source.load_many(STREAMS))


def months_of(history: Iterable[Recorded[Event]]) -> list[Month]:
    """Return the months of *history*, some before it, and those in which it may still be felt."""
    ends: list[Month] = []
    for recorded in history:
        if recorded.position > len(FOUNDING):
            ends.append(Month.of(recorded.event.on))
            if isinstance(recorded.event, ParticipantContributionPaid):
                ends += [m for m in (recorded.event.months.first, recorded.event.months.last) if m]
    first, last = min(ends, default=Month(2018, 1)), max(ends, default=Month(2018, 1))
    return [first + number for number in range(-2, last - first + 6)]


def _two_in_a_row(standing: Standing, programme: str) -> Months:
    paid = standing.paid_for(programme)
    return Months((first + 1, last) for first, last in paid.runs if last > first) & (
        standing.registered
    )


TWO_IN_A_ROW = Definition(
    "two-in-a-row",
    "the month and the one before it are paid",
    SOURCE,
    Status.ASSUMED,
    _two_in_a_row,
)
ALL_DEFINITIONS = (*DEFINITIONS.values(), TWO_IN_A_ROW)
PAIRS = [(d, programme) for d in ALL_DEFINITIONS for programme in ("jkk", "jkm", "jht")]
CHOICES = [by for size in range(4) for by in permutations(DIMENSIONS, size)]
"""Every choice of dimensions by which a count has parts."""


def sums(history: Iterable[Recorded[Event]], months: Collection[Month]) -> list[object]:
    """Return all that is summed over *history*."""
    actives = [ActiveParticipants(*pair) for pair in PAIRS]
    flows = [Flows(*pair) for pair in PAIRS]
    retentions = [Retention(definition, 2) for definition in ALL_DEFINITIONS]
    census, performance = Census(), AgentPerformance()
    for recorded in history:
        for each in (*actives, *flows, *retentions, census, performance):
            each.apply(recorded)
    return [
        [each.table(max(months)) for each in actives],
        [each.of(month) for each in flows for month in months],
        [
            (each.eligible(month), each.still_active(month))
            for each in retentions
            for month in months
        ],
        sorted(map(str, census)),
        [performance.acquired(agent, upto=month) for agent in AGENTS for month in months],
    ]
