"""Other plans that may do the same with less: elsewhere, sooner, or by other commands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from typing import Any, Final

from jamsos.commands.agents import Deactivate, EvaluateAgents, Reactivate, Recruit, Reseat, Resign
from jamsos.commands.contributions import Pay
from jamsos.commands.facts import Void
from jamsos.commands.incentives import AwardIncentive, AwardIncentives
from jamsos.commands.participants import ComeBack, Leave, Register, Transfer
from jamsos.commands.seats import Allot, MoveSeats, ShareOut
from jamsos.domain.agent import DeactivationReason
from jamsos.domain.calendar import Months, months_after
from jamsos.domain.geography import NATIONAL
from jamsos.engine.world import Asked, Plan
from jamsos.testing.arguments import changed, renamed, subject
from jamsos.testing.names import AGENTS, PROGRAMME, PROVINCES


def elsewhere(asked: Asked, names: Mapping[Any, Any]) -> Asked:
    """Return *asked* with the seats of other regions; people stay where they are."""
    return renamed(asked, names, only=_REGIONS)


_REGIONS: Final = frozenset({"region", "source", "to"})


def nationwide(plan: Plan, seats: int | None) -> Iterable[Asked]:
    """Yield the commands of *plan* with all seats in the nation's own quota, or only *seats*."""
    for asked in plan:
        if isinstance(asked, ShareOut) or (isinstance(asked, Allot) and asked.region == NATIONAL):
            there = asked.seats if seats is None else seats
            yield Allot(asked.programme, there, on=asked.on)
        elif isinstance(asked, Recruit | Reactivate):
            yield changed(asked, region=NATIONAL)
        elif not isinstance(asked, Allot | MoveSeats):
            yield asked


def registered_there(plan: Plan, number: int) -> Iterable[Asked]:
    """Yield the commands of *plan*, with a registration in place of a transfer, or of a return."""
    moved = plan[number]
    if not isinstance(moved, Transfer | ComeBack):
        yield from plan
        return
    yield from (
        asked
        for asked in plan[:number]
        if not isinstance(asked, Register | Leave)
        or asked.participant != moved.participant
        or asked.segment not in {moved.segment, None}
    )
    yield Register(
        moved.participant,
        province=PROVINCES[0],
        on=moved.on,
        segment=moved.segment,
        agent=moved.agent,
    )
    yield from plan[number + 1 :]


def otherwise(asked: Asked, agents: Collection[str]) -> Iterable[Asked]:
    """Yield other commands that do what *asked* does, or a part of it: for one agent of many."""
    yield from _voiding(asked)
    match asked:
        case EvaluateAgents():
            for agent in agents:
                yield Deactivate(agent, on=asked.on)
        case AwardIncentives():
            for agent in agents:
                yield AwardIncentive(agent, asked.month, on=asked.on)
        case Deactivate():
            if asked.reason != DeactivationReason.OFFICE:  # which needs no idle time
                yield changed(asked, reason=DeactivationReason.OFFICE)
            yield Resign(asked.agent, on=asked.on)
        case Reactivate() | Reseat():
            yield from _recruiting(agents, asked.on, asked.region)
        case Void() if asked.stream in AGENTS:
            yield from _recruiting(agents, asked.on, NATIONAL)
        case Transfer() if asked.agent is not None:
            yield changed(asked, agent=None, branch="BDG-1")


def _voiding(asked: Asked) -> Iterable[Asked]:
    """Yield the void of the fact instead of which *asked* tells another."""
    mistaken = getattr(asked, "instead_of", None)
    if mistaken is not None:
        yield Void(getattr(asked, subject(asked)), version=mistaken, on=asked.on)


def _recruiting(agents: Collection[str], on: date, region: str) -> Iterable[Asked]:
    """Yield the recruitment of the first who is none of *agents*."""
    for agent in [each for each in AGENTS if each not in agents][:1]:
        yield Recruit(agent, PROGRAMME, province=PROVINCES[0], on=on, region=region)


def renumbered(plan: Plan, gone: Plan) -> Iterable[Asked]:
    """Yield the commands of *plan* with the versions that events have without those *gone*."""
    streams = Counter(getattr(each, subject(each)) for each in gone)
    for asked in plan:
        fewer = streams[getattr(asked, subject(asked))]
        versions = {name: getattr(asked, name, None) for name in ("version", "instead_of")}
        less = {name: v - fewer for name, v in versions.items() if v is not None and v > fewer}
        yield changed(asked, **less) if fewer and less else asked


def on_other_days(asked: Asked, by: timedelta) -> Asked:
    """Return *asked* so many days later, or sooner."""
    return changed(asked, on=asked.on + by)


def months_sooner(asked: Asked, months: int) -> Asked:
    """Return *asked* so many months sooner, for months that lie as much sooner."""
    sooner: dict[str, Any] = {"on": months_after(asked.on, -months)}
    if isinstance(asked, Pay):
        sooner["months"] = Months([(a - months, b - months) for a, b in asked.months.runs])
    return changed(asked, **sooner)
