"""Explains the events of a history: each decision is run again, on what was known then."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import attrs

from jamsos.domain.agent import (
    Agent,
    AgentDeactivated,
    AgentIncentiveAwarded,
    AgentIncentiveClawedBack,
)
from jamsos.domain.aggregate import Event, State
from jamsos.domain.aggregate import state as state_of
from jamsos.domain.due import SEGMENT_RULES, Law
from jamsos.domain.explanation import Explained, Working
from jamsos.domain.history import Recorded
from jamsos.domain.identity import AgentId, ParticipantId, ProgrammeName, RuleRef, programme_stream
from jamsos.domain.incentive import Earning
from jamsos.domain.participant import (
    Check,
    Contribution,
    Participant,
    ParticipantContributionPaid,
    Payer,
)
from jamsos.domain.programme import Programme
from jamsos.formulas.agent_incentive import agent_incentive
from jamsos.formulas.payment_due import payment_due
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
        return _of_payment(recorded, event, event.check, before, known)
    if isinstance(event, AgentIncentiveAwarded | AgentIncentiveClawedBack):
        return _of_incentive(recorded, event, before, known, base)
    working = Working()
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
    before: State | None,
    known: dict[str, State],
) -> Account:
    participant = _participant(recorded.stream, before)
    names = {*event.programmes, *participant.programmes_checked(event.segment), SEGMENT_RULES}
    law: Law = {ProgrammeName(name): _programme(known, name) for name in sorted(names)}
    case = Contribution(
        participant=participant,
        segment=event.segment,
        programmes=event.programmes,
        months=event.months,
        income=event.income,
        amount=event.amount,
        on=event.on,
        sector=check.sector,
        budget=check.budget,
        added=event.payer in {Payer.EMPLOYER, Payer.SPONSOR},
        law=law,
    )
    due = payment_due(case)
    found = (due.value.months, due.value.used, due.rules)
    return Account(recorded, due, agrees=found == (check.due, check.credit, check.rules))


def _of_incentive(
    recorded: Recorded[Event],
    event: AgentIncentiveAwarded | AgentIncentiveClawedBack,
    before: State | None,
    known: dict[str, State],
    base: IncentiveBase,
) -> Account:
    agent = AgentId(recorded.stream)
    settled = before.incentives.get(event.month) if isinstance(before, Agent) else None
    programme = _programme(known, event.programme)
    earned = agent_incentive(
        Earning(
            programme=programme if settled is None else programme.as_read(settled.rules),
            month=event.month,
            acquired=base.acquired(agent, event.month),
            received=base.received(agent, event.month),
        )
    )
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


def _participant(stream: str, before: State | None) -> Participant:
    return before if isinstance(before, Participant) else Participant(id=ParticipantId(stream))
