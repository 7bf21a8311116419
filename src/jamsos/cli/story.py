"""Each event as a sentence."""

from __future__ import annotations

from typing import Final, assert_never

from jamsos.domain import agent as a
from jamsos.domain import participant as p
from jamsos.domain import programme as pr
from jamsos.domain import quota as q
from jamsos.domain.aggregate import Event
from jamsos.domain.coverage import Segment
from jamsos.domain.geography import PROVINCES
from jamsos.domain.rule import DatedValue
from jamsos.domain.value import Table, Value, value_text

LONG: Final = 8
"""A table of more rows than this is not told row by row."""


def sentence(event: Event) -> str:  # noqa: C901, PLR0912 - one sentence an event
    """Return what *event* says, without its day."""
    match event:
        case a.AgentRecruited():
            return (
                f"recruited for {event.programme} in {_province(event.province)}, on a seat of"
                f" region {event.region}{_by(event.rules)}"
            )
        case a.AgentTrainingBegun():
            return "began training"
        case a.AgentCertified():
            return "certified"
        case a.AgentAssigned():
            return "assigned: the account is active"
        case a.AgentDeactivated(reason=a.DeactivationReason.IDLE):
            last = event.last_acquisition or "never"
            return (
                f"deactivated after {event.idle_months} idle months; last acquisition: {last}, as"
                f" known at position {event.known_at}{_by(event.rules)}"
            )
        case a.AgentDeactivated():
            return "deactivated: the agreement with the office ended"
        case a.AgentReactivated():
            return f"returned, on a seat of region {event.region}{_by(event.rules)}"
        case a.AgentReseated():
            return f"got a seat of region {event.region}{_by(event.rules)}"
        case a.AgentResigned():
            return "resigned"
        case a.AgentTerminated(cause=cause):
            return f"terminated for {cause}, with the loss of all rights"
        case a.AgentFactVoided():
            told = f"{event.fact} on {event.fact_on}, version {event.version}"
            return f"voided ({event.reason}): what was told as {told}, never was"
        case a.AgentIncentiveAwarded():
            by_day = f", by {event.pay_by}" if event.pay_by else ""
            return (
                f"awarded Rp {event.agent:,} for {event.month}, and the office Rp"
                f" {event.office:,}{by_day}: {len(event.contributions):,} contributions, and Rp"
                f" {event.acquisition:,} for {len(event.acquired):,} new participants, as known at"
                f" position {event.known_at}{_by(event.rules)}"
            )
        case a.AgentIncentiveClawedBack():
            return (
                f"Rp {event.agent:,} clawed back for {event.month}, and of the office Rp"
                f" {event.office:,}: {len(event.contributions):,} contributions, and"
                f" Rp {event.acquisition:,} lost for acquisitions, as known at position"
                f" {event.known_at}{_by(event.rules)}"
            )
        case p.ParticipantRegistered():
            by = {p.Channel.AGENT: f"by {event.agent}", p.Channel.SPONSOR: f"by {event.sponsor}"}
            how = by.get(event.channel, "directly")
            where = _province(event.province)
            return f"registered in segment {event.segment} in {where}, {how}"
        case p.ParticipantContributionPaid():
            return (
                f"paid Rp {event.amount:,} for {', '.join(event.programmes)}, months"
                f" {event.months}, on a monthly income of Rp {event.income:,} (reference"
                f" {event.reference}, paid by {event.payer}){_checked(event.check, event.segment)}"
            )
        case p.ParticipantDifferencePaid():
            return (
                f"paid a difference of Rp {event.amount:,} for {event.of}, months {event.months},"
                f" on a monthly income of Rp {event.income:,} (reference {event.reference}, paid by"
                f" {event.payer}){_checked(event.check, event.segment)}"
            )
        case p.ParticipantContributionRefunded():
            return (
                f"Rp {event.amount:,} of payment {event.refunds} paid back with {event.claim} of"
                f" {event.claimed}: it covers {event.months} no more{_by(event.rules)}"
            )
        case p.ParticipantContributionCorrected():
            return f"payment {event.corrects} corrected ({event.reason}): it covers nothing"
        case p.ParticipantMoved(province=province):
            return f"moved to {_province(province)}"
        case p.ParticipantTransferred():
            return f"given into the care of {event.agent or f'branch {event.branch}'}"
        case p.ParticipantLeft():
            what = f"segment {event.segment}" if event.segment else "the scheme"
            return f"left {what}: {event.reason}"
        case p.ParticipantCameBack():
            return (
                f"came back to segment {event.segment} in {_province(event.province)}, with"
                f" {event.agent or 'no agent'}"
            )
        case p.ParticipantFactVoided():
            of = f" of segment {event.segment}" if event.segment else ""
            agent = f", {event.agent}" if event.agent else ""
            return (
                f"version {event.version} voided ({event.reason}): {event.fact} on"
                f" {event.fact_on}{of}{agent}, counts for nothing"
            )
        case pr.ProgrammeEstablished():
            return "established"
        case pr.ProgrammeRuleEnacted():
            values = "; ".join(_dated(value, event.unit) for value in event.values)
            return f"rule {event.rule} enacted for region {event.scope}, in {event.unit}: {values}"
        case pr.ProgrammeRuleAmended():
            named = f", after evaluation {event.evaluation}" if event.evaluation else ""
            value = _dated(event.value, event.unit or "")
            return f"rule {event.rule} amended for region {event.scope}{named}: {value}"
        case pr.ProgrammeRuleEnded():
            return f"rule {event.rule} ended with {event.last_day} ({event.citation})"
        case pr.ProgrammeEvaluationOpened():
            return f"evaluation {event.evaluation} opened: {event.trigger}"
        case pr.ProgrammeEvaluationConcluded(measures=m):
            return (
                f"evaluation {event.evaluation} concluded: {event.outcome}; at the end of"
                f" {m.month}, {m.agents:,} agents, {m.productive_agents:,} productive,"
                f" {m.acquired:,} acquired; of {m.eligible:,}, {m.still_active:,} {m.definition}"
                f" after {m.after_months} months"
            )
        case q.QuotaAllotted():
            source = f" from region {event.source}" if event.source else _by(event.rules)
            return f"{event.seats:,} seats allotted to region {event.region}{source}"
        case q.QuotaSeatTaken():
            return f"seat taken by {event.agent}"
        case q.QuotaSeatReleased():
            return f"seat released by {event.agent}"
        case q.QuotaTakenBack():
            return (
                f"{event.seats:,} seats taken back{f', for region {event.to}' if event.to else ''}"
            )
        case _:
            assert_never(event)


def _province(code: str) -> str:
    return f"{PROVINCES[code].name} ({code})" if code in PROVINCES else code


def _checked(check: p.Check | None, segment: Segment) -> str:
    if check is None:
        others = "" if segment is Segment.NON_WAGE_EARNER else f", as all of segment {segment}"
        return f"; not checked: recorded as it was told{others}"
    credit = f", Rp {check.credit:,} of it credited" if check.credit else ""
    return (
        f"; checked: Rp {sum(check.due):,} due in sector {check.sector}, budget"
        f" {check.budget}{credit}{_by(check.rules)}"
    )


def _by(rules: tuple[str, ...]) -> str:
    return f" (under {', '.join(rules)})" if rules else ""


def _dated(value: DatedValue, unit: str) -> str:
    last = "on" if value.until is None else f"to {value.until}"
    others = "".join(f"; {c.citation} says {_said(c.value, unit)}" for c in value.conflicts)
    about = f"{value.citation}; {value.status}{others}"
    return f"{_said(value.value, unit)} from {value.in_force} {last} ({about})"


def _said(value: Value, unit: str) -> str:
    """Return *value* as a sentence can hold it: a long table by its length alone."""
    if isinstance(value, Table) and len(value.rows) > LONG:
        return f"{value.kind} of {len(value.rows)} rows"
    return value_text(value, unit)
