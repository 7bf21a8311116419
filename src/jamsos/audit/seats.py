"""Checks of seats: on every day each is held by one agent, and no more are taken than allotted."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import TypeAlias

import attrs

from jamsos.domain.agent import Agent
from jamsos.domain.aggregate import Event, State
from jamsos.domain.geography import NATIONAL, Region
from jamsos.domain.history import Recorded
from jamsos.domain.identity import quota_stream
from jamsos.domain.programme import Programme
from jamsos.domain.quota import (
    Quota,
    QuotaAllotted,
    QuotaSeatReleased,
    QuotaSeatTaken,
    QuotaTakenBack,
)
from jamsos.errors import RuleNotInForceError
from jamsos.policies.agent_cap import RULE as AGENT_CAP

Wrong: TypeAlias = tuple[int | None, str]
"""Something in which the history disagrees with itself, and the position if it has one."""

Days: TypeAlias = "Counter[date]"
"""How many more seats an agent holds from each day on."""


@attrs.define
class SeatBooks:
    """
    The seats of every quota, and their holders, by day, as the events have made them so far.

    They are looked at once a decision is over: within one, a seat may be released before it is
    taken. A decision is what was recorded in a row at one moment under one id.
    """

    holders: defaultdict[str, defaultdict[str, Days]] = attrs.field(
        factory=lambda: defaultdict(lambda: defaultdict(Counter))
    )
    """The days of each agent by what the quotas say, by the stream of the quota."""
    on_the_way: Counter[tuple[str, Region, Region, date]] = attrs.field(factory=Counter)
    """Seats that one region gave, and another has not got yet, from a day on."""
    steps: defaultdict[str, list[tuple[Recorded[Event], Quota]]] = attrs.field(
        factory=lambda: defaultdict(list)
    )
    """The events of the decision so far, each with the quota after it."""
    at_once: list[Wrong] = attrs.field(factory=list)
    decision: tuple[datetime, str | None] | None = None

    def turn(self, recorded: Recorded[Event]) -> Iterator[Wrong]:
        """Yield what is wrong with the decision before *recorded*, if it belongs to another."""
        decision = recorded.recorded_at, recorded.command
        if decision != self.decision:
            yield from self.over()
            self.decision = decision

    def note(self, recorded: Recorded[Event], quota: Quota, programme: State | None) -> None:
        """Note one more event of a quota, the *quota* after it, and the programme."""
        self.steps[recorded.stream].append((recorded, quota))
        match recorded.event:
            case QuotaSeatTaken(agent=agent, on=on):
                self.holders[recorded.stream][agent][on] += 1
            case QuotaSeatReleased(agent=agent, on=on):
                self.holders[recorded.stream][agent][on] -= 1
            case QuotaTakenBack(seats=seats, to=to, on=on):
                if to is not None:
                    self.on_the_way[quota.programme, quota.region, to, on] += seats
            case QuotaAllotted() as event:
                wrong = self._allotment(event, quota, programme)
                self.at_once += [(recorded.position, what) for what in wrong]
            case _:
                pass

    def over(self) -> Iterator[Wrong]:
        """Yield what is wrong now that the decision is over."""
        steps, self.steps = self.steps, defaultdict(list)
        for stream, told in steps.items():
            since = min(recorded.event.on for recorded, _ in told)
            if any(_occupancy(told[-1][1], since)):
                yield from _first_wrong(told, since)
            yield from self._holders(stream, told)
        at_once, self.at_once = self.at_once, []
        yield from at_once

    def at_the_end(self, states: Mapping[str, State]) -> Iterator[Wrong]:
        """Yield the seats that agents hold and the quotas do not count, or the other way round."""
        yield from self.over()
        held: defaultdict[str, set[str]] = defaultdict(set)
        for agent in states.values():
            if isinstance(agent, Agent) and agent.programme is not None and agent.seat is not None:
                held[quota_stream(agent.programme, agent.seat)].add(agent.id)
        for stream in sorted(held.keys() | self.holders.keys()):
            quota = states.get(stream)
            taken = quota.taken if isinstance(quota, Quota) else 0
            if taken != len(held[stream]):
                what = f"{stream} counts {taken} seats taken; agents hold {len(held[stream])}"
                yield None, what
                continue
            counted = {who for who, days in self.holders[stream].items() if days.total() > 0}
            for agent_id in sorted(held[stream] ^ counted):
                says, denies = "the agent's events", "the quota's"
                if agent_id in counted:
                    says, denies = "the quota's events", "the agent's"
                what = f"{agent_id} holds a seat of {stream} by {says}, and not by {denies}"
                yield None, what
        for (programme, source, to, _), seats in self.on_the_way.items():
            if seats > 0:
                yield None, f"{seats} seats of {programme} left {source}, not got by {to}"

    def _holders(self, stream: str, told: list[tuple[Recorded[Event], Quota]]) -> Iterator[Wrong]:
        """Yield the agents in *told* who hold two seats on a day, or fewer than none."""
        last = {
            recorded.event.agent: recorded.position
            for recorded, _ in told
            if isinstance(recorded.event, QuotaSeatTaken | QuotaSeatReleased)
        }
        for agent, position in last.items():
            held, seats = 0, self.holders[stream][agent]
            numbers = [held := held + seats[day] for day in sorted(seats)]
            if min(numbers) < 0:
                yield position, f"{agent} releases a seat that they do not hold"
            if max(numbers) > 1:
                yield position, f"{agent} takes a second seat"

    def _allotment(
        self, event: QuotaAllotted, quota: Quota, programme: State | None
    ) -> Iterator[str]:
        if (event.programme, event.region) != (quota.programme, quota.region):
            yield f"seats of {event.programme} in {event.region} stand elsewhere"
        if event.source is not None:
            way = (quota.programme, event.source, quota.region, event.on)
            self.on_the_way[way] -= event.seats
            if self.on_the_way[way] < 0:
                yield f"region {event.source} did not give {event.seats} seats"
            return
        if not isinstance(programme, Programme) or quota.region != NATIONAL:
            yield "seats are allotted without a programme or a national quota"
            return
        try:
            cap = programme.rule(AGENT_CAP, event.on)
        except RuleNotInForceError as error:
            yield f"seats are allotted without a cap: {error}"
            return
        if (issued := quota.at(event.on).issued) > cap.value:
            yield f"{issued} seats are issued, above the cap {cap.value}"


def _first_wrong(told: list[tuple[Recorded[Event], Quota]], since: date) -> Iterator[Wrong]:
    """Yield what is wrong after *told*, at the event since which it is wrong."""
    position = told[-1][0].position
    for recorded, quota in reversed(told):
        if not any(_occupancy(quota, since)):
            break
        position = recorded.position
    for what in _occupancy(told[-1][1], since):
        yield position, what


def _occupancy(quota: Quota, since: date) -> Iterator[str]:
    """Yield what is wrong with the numbers of *quota*, on the first day that it is."""
    days = tuple(quota.days(since))
    passed_on = taken = False
    for day, then in zip(days, quota.over(days), strict=True):
        on = "" if day == since else f" on {day}"
        if not taken and not 0 <= then.taken <= then.allotted:
            taken = True
            yield f"{then.taken} seats are taken in {then.region}, of {then.allotted} allotted{on}"
        if not passed_on and then.passed_on < 0:
            passed_on = True
            yield f"{-then.passed_on} seats came back that were not passed on{on}"


__all__ = ["SeatBooks", "Wrong"]
