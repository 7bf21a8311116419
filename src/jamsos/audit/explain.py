"""Explains the events of a history: each decision is run again, on what was known then."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import attrs

from jamsos.commands.contributions import Pay, PayDifference, Refund
from jamsos.commands.incentives import AwardIncentive
from jamsos.commands.reading import Reading
from jamsos.domain.agent import (
    Agent,
    AgentDeactivated,
    AgentIncentiveAwarded,
    AgentIncentiveClawedBack,
)
from jamsos.domain.aggregate import Event, State
from jamsos.domain.aggregate import state as state_of
from jamsos.domain.coverage import Segment
from jamsos.domain.explanation import Explained, Working
from jamsos.domain.history import Recorded
from jamsos.domain.identity import AgentId, ProgrammeName, RuleRef, programme_stream
from jamsos.domain.participant import (
    Check,
    ParticipantContributionPaid,
    ParticipantContributionRefunded,
    ParticipantDifferencePaid,
)
from jamsos.domain.programme import Programme
from jamsos.formulas.payment_due import payment_due
from jamsos.formulas.refund_due import refund_due
from jamsos.projections.incentive_base import IncentiveBase


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
    known: dict[str, State] = {}
    base = IncentiveBase()
    for recorded in history:
        before = known.get(recorded.stream)
        if recorded.stream == stream and version in {None, recorded.version}:
            yield _account(recorded, before, known, base)
        if recorded.stream == stream or recorded.stream.startswith("programme-"):
            known[recorded.stream] = state_of(recorded.stream, [recorded.event], since=before)
        base.apply(recorded)


def _account(
    recorded: Recorded[Event],
    before: State | None,
    known: dict[str, State],
    base: IncentiveBase,
) -> Account:
    event = recorded.event
    if isinstance(event, ParticipantContributionPaid) and event.check is not None:
        return _of_payment(recorded, event, event.check, known)
    if isinstance(event, AgentIncentiveAwarded | AgentIncentiveClawedBack):
        return _of_incentive(recorded, event, before, known, base)
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
    before: State | None,
    known: dict[str, State],
    base: IncentiveBase,
) -> Account:
    agent = before if isinstance(before, Agent) else Agent(id=AgentId(recorded.stream))
    settled = agent.incentives.get(event.month)
    asked = AwardIncentive(recorded.stream, event.month, on=event.on)
    earned = asked.earned(agent, _programme(known, event.programme), base)
    awarded = isinstance(event, AgentIncentiveAwarded)
    now = {*earned.value.contributions}
    agrees = all((each in now) == awarded for each in event.contributions)
    if awarded and settled is None:
        agrees = agrees and (event.agent, event.office, event.rules) == (
            earned.value.agent,
            earned.value.office,
            earned.rules,
        )
    return Account(recorded, earned, agrees=agrees)


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
