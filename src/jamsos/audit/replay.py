"""Rebuilds every state and every projection from the events alone, and compares."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

import attrs

from jamsos.domain.active import MANDATORY, Definition
from jamsos.domain.agent import Agent
from jamsos.domain.aggregate import Event, State, kind
from jamsos.domain.aggregate import state as state_of
from jamsos.domain.calendar import Month
from jamsos.domain.coverage import Standing
from jamsos.domain.geography import NATIONAL
from jamsos.domain.history import Recorded
from jamsos.domain.identity import programme_stream, quota_stream
from jamsos.domain.participant import Participant
from jamsos.domain.programme import Programme
from jamsos.domain.quota import Quota, QuotaAllotted
from jamsos.errors import RuleNotInForceError
from jamsos.policies.active import DEFINITIONS
from jamsos.policies.agent_cap import RULE as AGENT_CAP
from jamsos.projections.active_participants import ActiveParticipants, Key, changes
from jamsos.projections.agent_performance import AgentPerformance
from jamsos.projections.cap_use import CapUse
from jamsos.projections.census import Census
from jamsos.projections.flows import Flows
from jamsos.projections.recount import Recount

TAIL_MONTHS = 4
"""How many months after the last one in the history the comparison goes on: grace, and one."""


@attrs.frozen
class Finding:
    """Something in which the history disagrees with itself, and the *position* if it has one."""

    position: int | None
    what: str


@attrs.frozen
class Replay:
    """What a replay went through, and what it found: nothing, where all agrees."""

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
    first: Month | None = None
    last: Month | None = None

    def apply(self, recorded: Recorded[Event]) -> None:
        """Apply one more event, and check what it says against the state before it."""
        stream, event = recorded.stream, recorded.event
        before = self.states.get(stream)
        for change in changes(event):
            stood = Standing()
            if isinstance(before, Participant):
                stood = before.standing(change.segment)
            if change.before != stood:
                self._found(recorded, f"it says that {stream} stood otherwise than he did before")
        self.states[stream] = state_of(stream, [event], since=before)
        self._note_months(event)
        self._check_seats(recorded, self.states[stream])

    def _check_seats(self, recorded: Recorded[Event], quota: State) -> None:
        if not isinstance(quota, Quota):
            return
        if not 0 <= quota.taken <= quota.allotted:
            self._found(
                recorded,
                f"{quota.taken} seats are taken in {quota.region}, of {quota.allotted} allotted",
            )
        if not isinstance(recorded.event, QuotaAllotted):
            return
        programme = self.states.get(programme_stream(quota.programme))
        national = self.states.get(quota_stream(quota.programme, NATIONAL))
        if not isinstance(programme, Programme) or not isinstance(national, Quota):
            self._found(recorded, "seats are allotted without a programme or a national quota")
            return
        try:
            cap = programme.rule(AGENT_CAP, recorded.event.on)
        except RuleNotInForceError as error:
            self._found(recorded, f"seats are allotted without a cap: {error}")
            return
        if national.issued > cap.value and recorded.event.source is None:
            self._found(recorded, f"{national.issued} seats are issued, above the cap {cap.value}")

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

    def seats(self) -> Iterator[Finding]:
        """Return where the seats that agents hold are not those that the quotas count."""
        held = Counter(
            quota_stream(agent.programme, agent.seat)
            for agent in self.states.values()
            if isinstance(agent, Agent) and agent.programme is not None and agent.seat is not None
        )
        taken = {s: q.taken for s, q in self.states.items() if isinstance(q, Quota)}
        for stream in sorted(held.keys() | taken.keys()):
            if held[stream] != taken.get(stream, 0):
                yield Finding(
                    None,
                    f"{stream} counts {taken.get(stream, 0)} seats taken;"
                    f" agents hold {held[stream]}",
                )


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
    A history that is not *whole* may end in the middle of a decision: then who holds the seats
    is not compared.
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
    findings = [*replayed.findings, *(replayed.seats() if whole else ())]
    programmes = tuple(sorted(recount.programmes | {MANDATORY}))
    pairs = [(definition, programme) for definition in wanted for programme in programmes]
    active = {(d.name, p): census.active(d, p) for d, p in pairs}
    flows = {(d.name, p): census.flows(d, p) for d, p in pairs}
    compared = 0
    last = None if replayed.last is None else replayed.last + TAIL_MONTHS
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
    """Return where the sum of deltas is not the recount."""
    for place in sorted(
        {p for p in summed.keys() | scratch.keys() if summed.get(p, 0) != scratch.get(p, 0)},
        key=str,
    ):
        month, (segment, province, agent) = place
        yield Finding(
            None,
            f"{Month.at(month)}, {names[0]} by {names[1]}, segment {segment}, province"
            f" {province}, {agent or 'no agent'}: the deltas add up to {summed.get(place, 0)}, the"
            f" recount gives {scratch.get(place, 0)}",
        )


def _open_flows(
    names: tuple[str, str],
    flows: Flows,
    totals: Mapping[int, int],
    first: Month,
    last: Month,
) -> Iterator[Finding]:
    """Return where opening, joined, came back and left do not come to the recount."""
    opening = 0
    for index in range(first.index, last.index + 1):
        flow = flows.of(Month.at(index))
        if flow.opening != opening or flow.closing != totals.get(index, 0):
            yield Finding(
                None,
                f"{flow.month}, {names[0]} by {names[1]}: opening {flow.opening}, joined"
                f" {flow.joined}, came back {flow.came_back}, left {flow.left} do not lead from"
                f" {opening} to {totals.get(index, 0)}",
            )
        opening = totals.get(index, 0)
