"""Rebuilds every state and every projection from the events alone, and compares."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from operator import itemgetter
from typing import TypeVar

import attrs

from jamsos.domain.active import Definition
from jamsos.domain.agent import AgentIncentiveAwarded, AgentIncentiveClawedBack
from jamsos.domain.aggregate import Event, State, kind
from jamsos.domain.aggregate import state as state_of
from jamsos.domain.calendar import FOREVER, Month
from jamsos.domain.coverage import NOBODY
from jamsos.domain.history import Recorded
from jamsos.domain.identity import ParticipantId, programme_stream
from jamsos.domain.participant import Participant, ParticipantEvent
from jamsos.domain.quota import Quota
from jamsos.formulas.active import DEFINITIONS, GRACE_MONTHS
from jamsos.projections.active_participants import ActiveParticipants, Key, changes
from jamsos.projections.agent_performance import AgentPerformance
from jamsos.projections.cap_use import CapUse
from jamsos.projections.census import Census
from jamsos.projections.flows import Flows
from jamsos.projections.recount import Recount

from .exceptions import Acquired, Exceptional, exceptions_among
from .seats import SeatBooks

T = TypeVar("T")

TAIL_MONTHS = GRACE_MONTHS + 1
"""How many months after the last one in the history the comparison goes on: grace, and one."""


@attrs.frozen
class Finding:
    """Something in which the history disagrees with itself, and the *position* if it has one."""

    position: int | None
    what: str


@attrs.frozen
class Replay:
    """The extent of a replay, and its findings: none, if all agrees."""

    events: int
    streams: Mapping[str, int]
    """How many streams there are of each kind."""
    definitions: tuple[str, ...]
    programmes: tuple[str, ...]
    first: Month | None
    last: Month | None
    """The months that were compared."""
    compared: int
    """How many counts, by month and key, were compared with the recount."""
    findings: tuple[Finding, ...]
    exceptions: tuple[Exceptional, ...]
    """What stands though the facts that are known do not bear it: no faults of the record."""
    clock_ran_back: tuple[int, ...]
    """Positions of events recorded at a moment before that of the event ahead of them."""
    active: Mapping[tuple[str, str], ActiveParticipants] = attrs.field(repr=False)
    flows: Mapping[tuple[str, str], Flows] = attrs.field(repr=False)
    """By the names of the definition and the programme."""
    performance: AgentPerformance = attrs.field(repr=False)
    cap_use: CapUse = attrs.field(repr=False)
    """The projections, as the events have made them again."""


@attrs.define
class _Replayed:
    """Every state, as the events have made them so far."""

    states: dict[str, State] = attrs.field(factory=dict)
    findings: list[Finding] = attrs.field(factory=list)
    seats: SeatBooks = attrs.field(factory=SeatBooks)
    first: Month | None = None
    last: Month | None = None
    clock_ran_back: list[int] = attrs.field(factory=list)
    acquired: Acquired = attrs.field(factory=Acquired)
    commands: set[str] = attrs.field(factory=set)
    """The ids of the commands that have been decided."""
    ahead: Recorded[Event] | None = None
    rewarded: dict[tuple[str, str], str] = attrs.field(factory=dict)
    """The agent who was awarded something for a contribution, by participant and reference."""

    def apply(self, recorded: Recorded[Event]) -> None:
        """Apply one more event, and check what it says against the state before it."""
        stream, event = recorded.stream, recorded.event
        self._check_recording(recorded)
        self.findings += [Finding(*wrong) for wrong in self.seats.turn(recorded)]
        before = self.states.get(stream)
        self.states[stream] = state_of(stream, [event], since=before)
        after = self.states[stream]
        if isinstance(event, ParticipantEvent) and isinstance(after, Participant):
            known = before if isinstance(before, Participant) else None
            before = known or Participant(id=ParticipantId(stream))
            self._check_changes(recorded, event, before, after)
        self._note_months(event)
        self.acquired.note(event)
        if isinstance(event, AgentIncentiveAwarded | AgentIncentiveClawedBack):
            self._check_rewards(recorded, event)
        quota = self.states[stream]
        if isinstance(quota, Quota):
            programme = self.states.get(programme_stream(quota.programme))
            self.seats.note(recorded, quota, programme)

    def _check_recording(self, recorded: Recorded[Event]) -> None:
        """Note where the clock ran back, and find a command that is decided a second time."""
        ahead, self.ahead = self.ahead, recorded
        if ahead is not None and recorded.recorded_at < ahead.recorded_at:
            self.clock_ran_back.append(recorded.position)
        command = recorded.command
        if command is None or (ahead is not None and ahead.command == command):
            return
        if command in self.commands:
            self._found(recorded, f"the command {command} is decided a second time")
        self.commands.add(command)

    def _check_changes(
        self,
        recorded: Recorded[Event],
        event: ParticipantEvent,
        before: Participant,
        after: Participant,
    ) -> None:
        """Check what *event* says of the standings before it and after it."""
        said = {change.segment: change for change in event.changes}
        for segment in dict.fromkeys((*said, *before.recorded, *after.standings)):
            stood, change = before.recorded.get(segment, NOBODY), said.get(segment)
            if change is not None and change.before != stood:
                what = f"it says that {before.id} stood otherwise than they did before"
                self._found(recorded, what)
            if (stood if change is None else change.after) != after.standing(segment):
                what = f"it says that {before.id} stands otherwise than it makes them"
                self._found(recorded, what)

    def _check_rewards(
        self, recorded: Recorded[Event], event: AgentIncentiveAwarded | AgentIncentiveClawedBack
    ) -> None:
        """Find what is rewarded twice, or was never paid, and what is taken back unrewarded."""
        awarded = isinstance(event, AgentIncentiveAwarded)
        for each in event.contributions:
            who, reference = key = each.received.participant, each.received.reference
            if not awarded:
                if self.rewarded.pop(key, None) != recorded.stream:
                    what = f"the contribution {reference} of {who} is clawed back, not rewarded"
                    self._found(recorded, what)
                continue
            if key in self.rewarded:
                what = f"the contribution {reference} of {who} is rewarded a second time"
                self._found(recorded, what)
            self.rewarded[key] = recorded.stream
            payer = self.states.get(who)
            payment = payer.payments.get(reference) if isinstance(payer, Participant) else None
            if payment is None or payment.corrected or payment.amount != each.received.amount:
                what = f"the contribution {reference} of {who} is rewarded, and was not paid so"
                self._found(recorded, what)
        parts = event.acquisition + sum(each.incentive for each in event.contributions)
        if not max(event.agent, event.office) <= parts <= event.agent + event.office:
            what = f"Rp {event.agent} and Rp {event.office} are not shares of Rp {parts}"
            self._found(recorded, what)

    def _note_months(self, event: Event) -> None:
        month = Month.of(event.on)
        self.first = month if self.first is None else min(self.first, month)
        self.last = month if self.last is None else max(self.last, month)
        for change in changes(event):
            for paid in change.paid:
                if (end := paid.months.last) is not None and end > self.last:
                    self.last = end

    def _found(self, recorded: Recorded[Event], what: str) -> None:
        self.findings.append(Finding(recorded.position, what))


def replay(
    history: Iterable[Recorded[Event]],
    definitions: Iterable[Definition] = DEFINITIONS.values(),
    *,
    whole: bool = True,
) -> Replay:
    """
    Replay *history*, and compare every sum of deltas with a recount from scratch.

    Every state is rebuilt; what each event says of the standing before it is checked; the
    counts under *definitions*, for each programme that anybody has paid for, are compared
    for every month, segment, province and agent with a recount person by person; flows must
    close; seats must be held by agents and lie under the cap in force when they were allotted.
    A history that is not *whole* may end in the middle of a decision: then the holders of seats
    are not compared.
    """
    wanted = tuple(definitions)
    replayed, recount = _Replayed(), Recount()
    census, performance, cap_use = Census(), AgentPerformance(), CapUse()
    applies = [p.apply for p in (replayed, recount, census, performance, cap_use)]
    events = 0
    for recorded in history:
        events += 1
        for apply in applies:
            apply(recorded)
    ending = replayed.seats.at_the_end(replayed.states) if whole else ()
    findings = [*replayed.findings, *(Finding(*wrong) for wrong in ending)]
    programmes = tuple(sorted(recount.programmes | census.programmes))
    pairs = [(definition, programme) for definition in wanted for programme in programmes]
    active = {(d.name, p): census.active(d, p) for d, p in pairs}
    flows = {(d.name, p): census.flows(d, p) for d, p in pairs}
    compared = 0
    last = None
    if replayed.last is not None:
        last = Month.at(min(replayed.last.index + TAIL_MONTHS, FOREVER))
    if replayed.first is not None and last is not None:
        for names, scratch in recount.count(pairs, upto=last).items():
            compared += len(scratch)
            findings += _differences(names, active[names].table(last), scratch)
            totals: Counter[int] = Counter()
            for (month, _), number in scratch.items():
                totals[month] += number
            findings += _open_flows(names, flows[names], totals, replayed.first, last)
    return Replay(
        events,
        dict(Counter(map(kind, replayed.states))),
        tuple(definition.name for definition in wanted),
        programmes,
        replayed.first,
        last,
        compared,
        tuple(findings),
        exceptions_among(replayed.states, replayed.acquired),
        tuple(replayed.clock_ran_back),
        active,
        flows,
        performance,
        cap_use,
    )


def _differences(
    names: tuple[str, str],
    summed: Mapping[tuple[int, Key], int],
    scratch: Mapping[tuple[int, Key], int],
) -> Iterator[Finding]:
    """Return where the sum of deltas is not the recount, months that differ alike together."""
    differ: dict[Key, list[tuple[int, tuple[int, int]]]] = {}
    for place in sorted(summed.keys() | scratch.keys(), key=itemgetter(0)):
        both = summed.get(place, 0), scratch.get(place, 0)
        if both[0] != both[1]:
            month, key = place
            differ.setdefault(key, []).append((month, both))
    runs = [(*run, key) for key, months in differ.items() for run in _runs(months)]
    for first, last, (deltas, recount), key in sorted(runs, key=_by_month):
        segment, province, agent = key
        yield Finding(
            None,
            f"{_months(first, last)}, {names[0]} by {names[1]}, segment {segment}, province"
            f" {province}, {agent or 'no agent'}: the deltas add up to {deltas}, the"
            f" recount gives {recount}",
        )


def _by_month(run: tuple[int, int, tuple[int, int], Key]) -> tuple[int, str]:
    return run[0], str(run[3])


def _runs(months: Iterable[tuple[int, T]]) -> Iterator[tuple[int, int, T]]:
    """Return the runs of *months*, in order, that follow each other and say the same."""
    run: tuple[int, int, T] | None = None
    for month, said in months:
        if run is not None and run[1:] == (month - 1, said):
            run = (run[0], month, said)
            continue
        if run is not None:
            yield run
        run = (month, month, said)
    if run is not None:
        yield run


def _months(first: int, last: int) -> str:
    return f"{Month.at(first)}" if first == last else f"{Month.at(first)} to {Month.at(last)}"


def _open_flows(
    names: tuple[str, str],
    flows: Flows,
    totals: Mapping[int, int],
    first: Month,
    last: Month,
) -> Iterator[Finding]:
    """Return where opening, joined, came back and left do not come to the recount."""
    wrong: list[tuple[int, tuple[int, ...]]] = []
    opening = 0
    for flow in flows.over(first, last):
        index = flow.month.index
        closing = totals.get(index, 0)
        if flow.opening != opening or flow.closing != closing:
            moved = (flow.joined, flow.came_back, flow.left)
            wrong.append((index, (flow.opening, *moved, opening, closing)))
        opening = closing
    for begins, ends, (opens, joined, came_back, left, before, after) in _runs(wrong):
        yield Finding(
            None,
            f"{_months(begins, ends)}, {names[0]} by {names[1]}: opening {opens}, joined"
            f" {joined}, came back {came_back}, left {left} do not lead from {before} to {after}",
        )
