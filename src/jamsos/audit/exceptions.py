"""What stands though the facts that are known now do not bear it: recorded, kept, and listed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import Final

import attrs

from jamsos.domain.agent import Agent, AgentDeactivated, AgentFact, DeactivationReason
from jamsos.domain.agent.telling import fact_of
from jamsos.domain.aggregate import Event, State
from jamsos.domain.aggregate import state as state_of
from jamsos.domain.calendar import Month
from jamsos.domain.history import Recorded
from jamsos.domain.identity import programme_stream
from jamsos.domain.participant import Participant, ParticipantLeft, ParticipantMoved
from jamsos.domain.participant.checks import named
from jamsos.domain.programme import Programme
from jamsos.errors import RuleNotInForceError
from jamsos.policies.agent_evaluation import IDLE_RULE
from jamsos.projections.agent_performance import acquisition


class Why(StrEnum):
    """Why something that stands is an exception."""

    WITHOUT_EFFECT = "without-effect"
    """On its day it finds no more what it needs: a move of a participant who had left."""
    ACCOUNT_NOT_ACTIVE = "account-not-active"
    """An agent enrolled somebody, or took them into care, on a day without an active account."""
    WAS_NOT_IDLE = "was-not-idle"
    """An account was deactivated as idle, and acquisitions that were told since say otherwise."""
    AFTER_DEATH = "after-death"
    """A contribution was paid after the death of the participant, or for months from it on."""


@attrs.frozen(order=True)
class Exceptional:
    """
    An event that stands though the facts known now do not bear it.

    *stream* and *version* name the event, *on* is its day, and *what* says what is the matter.
    """

    stream: str
    version: int
    on: date
    why: Why
    what: str


def exceptions(history: Iterable[Recorded[Event]]) -> tuple[Exceptional, ...]:
    """
    Return the exceptions of *history*, by stream and version.

    Facts may be told late, and put right afterwards. What was decided before stands then, and
    so do facts that only became unlawful; they are listed here. None of them is a fault of the
    record: `jamsos.audit.replay.replay` finds those.

    >>> exceptions([])
    ()
    """
    states: dict[str, State] = {}
    acquired = Acquired()
    for recorded in history:
        before = states.get(recorded.stream)
        states[recorded.stream] = state_of(recorded.stream, [recorded.event], since=before)
        acquired.note(recorded.event)
    return exceptions_among(states, acquired)


@attrs.define
class Acquired:
    """How many participants each agent acquired on each day."""

    by_agent: defaultdict[str, Counter[date]] = attrs.field(
        factory=lambda: defaultdict[str, Counter[date]](Counter)
    )

    def note(self, event: Event) -> None:
        """Take one more event into account."""
        if (one := acquisition(event)) is not None:
            agent, day, number = one
            self.by_agent[agent][day] += number

    def last(self, agent: str, upto: date) -> Month | None:
        """Return the last month in which *agent* acquired somebody *upto* a day, or None."""
        days = self.by_agent[agent]
        last = max((day for day in days if days[day] > 0 and day <= upto), default=None)
        return None if last is None else Month.of(last)


def exceptions_among(states: Mapping[str, State], acquired: Acquired) -> tuple[Exceptional, ...]:
    """Return the exceptions among *states*, which a whole history has made, in the same way."""
    listed: list[Exceptional] = []
    for state in states.values():
        if isinstance(state, Participant):
            listed += _of_participant(state, states)
        elif isinstance(state, Agent):
            listed += _of_agent(state, states, acquired)
    return tuple(sorted(listed))


def _of_participant(someone: Participant, states: Mapping[str, State]) -> Iterator[Exceptional]:
    for told in someone.told:
        place = someone.id, told.version, told.event.on
        if told.version not in someone.life.met:
            yield Exceptional(*place, Why.WITHOUT_EFFECT, f"{named(told)} has no effect")
        if isinstance(told.event, ParticipantLeft | ParticipantMoved):
            continue
        agent = states.get(told.event.agent or "")
        if isinstance(agent, Agent) and not agent.active_on(told.event.on):
            what = f"{named(told)}: the account of {agent.id} was not active on that day"
            yield Exceptional(*place, Why.ACCOUNT_NOT_ACTIVE, what)
    died_on = someone.died_on
    for reference, payment in someone.payments.items():
        if died_on is None or payment.corrected:
            continue
        if payment.on > died_on or payment.covers.since(Month.of(died_on)):
            what = f"the payment {reference!r} for {payment.months}: they died on {died_on}"
            yield Exceptional(someone.id, payment.version, payment.on, Why.AFTER_DEATH, what)


def _of_agent(
    agent: Agent, states: Mapping[str, State], acquired: Acquired
) -> Iterator[Exceptional]:
    for stage in agent.without_effect:
        what = f"{_NAMED[fact_of(stage.event)]} has no effect: another stage stands"
        yield Exceptional(agent.id, stage.version, stage.on, Why.WITHOUT_EFFECT, what)
    programme = states.get(programme_stream(agent.programme or ""))
    for stage in agent.stages:
        event = stage.event
        if (
            isinstance(event, AgentDeactivated)
            and event.reason is DeactivationReason.IDLE
            and isinstance(programme, Programme)
        ):
            last = acquired.last(agent.id, event.on)
            idle = None if last is None else max(0, Month.of(event.on) - last - 1)
            if idle is not None and idle < _threshold(programme, event.on):
                what = f"deactivated as idle; {idle} whole months were idle by what is known now"
                yield Exceptional(agent.id, stage.version, stage.on, Why.WAS_NOT_IDLE, what)


def _threshold(programme: Programme, on: date) -> int:
    """Return how many idle months the rule asks for; none where no value is in force."""
    try:
        return programme.rule(IDLE_RULE, on).value
    except RuleNotInForceError:
        return 0


_NAMED: Final = {
    AgentFact.RECRUITED: "the recruitment",
    AgentFact.TRAINING_BEGUN: "the beginning of the training",
    AgentFact.CERTIFIED: "the certificate",
    AgentFact.ASSIGNED: "the assignment",
    AgentFact.DEACTIVATED: "the deactivation",
    AgentFact.REACTIVATED: "the return",
    AgentFact.RESEATED: "the seat of another region",
    AgentFact.RESIGNED: "the resignation",
    AgentFact.TERMINATED: "the termination",
}
