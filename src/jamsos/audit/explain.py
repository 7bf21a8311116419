"""Explains the events of a history: each decision is run again, on what was known then."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import attrs

from jamsos.commands.contributions import Pay, PayDifference, Refund
from jamsos.commands.reading import Reading
from jamsos.commands.settling import earned
from jamsos.domain.agent import (
    Agent,
    AgentDeactivated,
    AgentIncentiveAwarded,
    AgentIncentiveClawedBack,
)
from jamsos.domain.aggregate import Event, State
from jamsos.domain.aggregate import state as state_of
from jamsos.domain.concerns import concerns
from jamsos.domain.coverage import Segment
from jamsos.domain.explanation import Explained, Working
from jamsos.domain.history import Recorded
from jamsos.domain.identity import AgentId, ProgrammeName, RuleRef, programme_stream
from jamsos.domain.incentive import Incentive
from jamsos.domain.participant import (
    Check,
    Participant,
    ParticipantContributionPaid,
    ParticipantContributionRefunded,
    ParticipantDifferencePaid,
    ParticipantEvent,
)
from jamsos.domain.programme import Programme
from jamsos.formulas.payment_due import payment_due
from jamsos.formulas.refund_due import refund_due
from jamsos.projections.incentive_base import IncentiveBase, Lines

from .incentives_as_told import AsTold


@attrs.frozen
class Account:
    """One recorded event, the explanation of it, and whether that comes to what is recorded."""

    recorded: Recorded[Event]
    explained: Explained[Any]
    agrees: bool


def explain(
    history: Iterable[Recorded[Event]], stream: str, version: int | None = None
) -> Iterator[Account]:
    """
    Yield an account of each event of *stream*, or of its *version* alone.

    An amount that was computed, such as that of a checked payment or an incentive, is computed
    again on what the history knew before the event. Of other decisions, the values of the rules
    are read that the event names.
    """
    past = _Past(stream)
    for recorded in history:
        if recorded.stream == stream and version in {None, recorded.version}:
            yield _account(recorded, past)
        past.note(recorded)


class _Past:
    """What the history knows of everything on which the events of one *stream* may rest."""

    def __init__(self, stream: str) -> None:
        self.known: dict[str, State] = {}
        self.as_told = AsTold()
        self._stream = stream
        self._agent = stream.startswith("agent-")
        self._people: set[str] = set()

    def note(self, recorded: Recorded[Event]) -> None:
        """Take one more event into account."""
        stream, event = recorded.stream, recorded.event
        of_people = self._agent and isinstance(event, ParticipantEvent)
        if of_people:
            self.as_told.note(stream, event)
            if self._stream in concerns(event):
                self._people.add(stream)
        if of_people or stream == self._stream or stream.startswith("programme-"):
            self.known[stream] = state_of(stream, [event], since=self.known.get(stream))

    def base(self) -> IncentiveBase:
        """Return the base of what the people bring who were ever in the agent's care."""
        people = (self.known[each] for each in self._people)
        return Lines().base(self._stream, (p for p in people if isinstance(p, Participant)))


def _account(recorded: Recorded[Event], past: _Past) -> Account:
    event, known = recorded.event, past.known
    if isinstance(event, ParticipantContributionPaid) and event.check is not None:
        return _of_payment(recorded, event, event.check, known)
    if isinstance(event, AgentIncentiveAwarded | AgentIncentiveClawedBack):
        return _of_incentive(recorded, event, past)
    if isinstance(event, ParticipantDifferencePaid) and event.check is not None:
        return _of_difference(recorded, event, event.check, known)
    if isinstance(event, ParticipantContributionRefunded):
        return _of_refund(recorded, event, known)
    working = Working()
    if isinstance(event, ParticipantContributionPaid | ParticipantDifferencePaid):
        return Account(recorded, _unchecked(event.segment), agrees=True)
    if isinstance(event, AgentDeactivated) and event.idle_months is not None:
        last = event.last_acquisition or "-"
        working.note("idle", months=event.idle_months, last=last)
    refs: tuple[RuleRef, ...] = getattr(event, "rules", ())
    for ref in refs:
        programme = _programme(known, ref.partition("/")[0])
        rule = programme.version(ref)
        if rule is None:
            working.lack("rule-unknown", rule=ref)
        else:
            working.cite(rule, event.on)
    if not refs:
        working.note("no-rule")
    unknown = any(step.key == "rule-unknown" for step in working.done(None).steps)
    return Account(recorded, working.done(None), agrees=not unknown)


def _of_payment(
    recorded: Recorded[Event],
    event: ParticipantContributionPaid,
    check: Check,
    known: dict[str, State],
) -> Account:
    asked = Pay(
        recorded.stream,
        reference=event.reference,
        months=event.months,
        income=event.income,
        amount=event.amount,
        on=event.on,
        programmes=event.programmes,
        segment=event.segment,
        payer=event.payer,
        sector=check.sector,
        budget=check.budget,
    )
    case = asked.case(_Known(known))
    due = payment_due(case)
    found = (due.value.months, due.value.used, due.rules)
    return Account(recorded, due, agrees=found == (check.due, check.credit, check.rules))


def _of_difference(
    recorded: Recorded[Event],
    event: ParticipantDifferencePaid,
    check: Check,
    known: dict[str, State],
) -> Account:
    asked = PayDifference(
        recorded.stream,
        reference=event.reference,
        of=event.of,
        income=event.income,
        amount=event.amount,
        on=event.on,
        payer=event.payer,
    )
    due = asked.case(_Known(known)).due
    if due is None:
        return Account(recorded, _unchecked(event.segment), agrees=False)
    return Account(recorded, due, agrees=(due.value.more, due.rules) == (check.due, check.rules))


def _of_refund(
    recorded: Recorded[Event], event: ParticipantContributionRefunded, known: dict[str, State]
) -> Account:
    asked = Refund(
        recorded.stream,
        refunds=event.refunds,
        claim=event.claim,
        claimed=event.claimed,
        amount=event.amount,
        on=event.on,
    )
    due = refund_due(asked.case(_Known(known)))
    found = (due.value.months, due.value.amount, due.rules)
    return Account(recorded, due, agrees=found == (event.months, event.amount, event.rules))


def _unchecked(segment: Segment) -> Explained[None]:
    """Return the explanation of an amount that was recorded as it was told."""
    working = Working()
    if segment is Segment.NON_WAGE_EARNER:
        working.note("not-checked")
    else:
        working.note("not-checked-segment", segment=segment)
    return working.done(None)


def _of_incentive(
    recorded: Recorded[Event],
    event: AgentIncentiveAwarded | AgentIncentiveClawedBack,
    past: _Past,
) -> Account:
    before = past.known.get(recorded.stream)
    agent = before if isinstance(before, Agent) else Agent(id=AgentId(recorded.stream))
    programme = _programme(past.known, event.programme)
    told = any(each.received.parts is None for each in event.contributions)
    by_facts = earned(agent, programme, event.month, past.base())
    by_telling = earned(agent, programme, event.month, past.as_told) if told else by_facts
    if isinstance(event, AgentIncentiveClawedBack):
        agrees = _lost(event, by_facts.value) or _lost(event, by_telling.value)
        return Account(recorded, by_facts, agrees=agrees)
    worth = by_telling.value
    agrees = {*event.contributions} <= {*worth.contributions}
    if agent.incentives.get(event.month) is None:
        agrees = agrees and (event.agent, event.office, event.rules) == (
            worth.agent,
            worth.office,
            by_telling.rules,
        )
    return Account(recorded, by_telling, agrees=agrees)


def _lost(event: AgentIncentiveClawedBack, worth: Incentive) -> bool:
    """Return whether none of what is clawed back is *worth* as much as it was."""
    now = {
        (each.received.participant, each.received.reference): each.incentive
        for each in worth.contributions
    }
    return all(
        now.get((each.received.participant, each.received.reference)) != each.incentive
        for each in event.contributions
    )


def _programme(known: dict[str, State], name: str) -> Programme:
    state = known.get(programme_stream(name))
    return state if isinstance(state, Programme) else Programme(ProgrammeName(name))


class _Known(Reading):
    """The state of each stream after a history, as a command reads it."""

    def __init__(self, states: dict[str, State]) -> None:
        self.states = dict(states)
        self.staged = []

    def ahead(self, streams: Iterable[str], /) -> None:
        """Let each of *streams* that nothing was recorded of be as it begins."""
        for stream in streams:
            self.states.setdefault(stream, state_of(stream, ()))
