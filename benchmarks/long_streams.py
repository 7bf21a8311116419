"""How much longer a command takes on a long stream: later ones, and the first of a process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from _table import in_turn, parser, show

import jamsos
from jamsos import Month
from jamsos.domain import agent as agents
from jamsos.domain import quota as quotas
from jamsos.domain.aggregate import Event
from jamsos.domain.geography import NATIONAL, ProvinceCode
from jamsos.domain.identity import ProgrammeName, quota_stream
from jamsos.engine.setting import setting
from jamsos.store.event_store import EventStore, entry

NOW = datetime(2018, 2, 1, tzinfo=UTC)
TODAY = date(2018, 2, 5)
PERISAI = ProgrammeName("perisai")
QUOTA = quota_stream(PERISAI, NATIONAL)
SHORT = 20
AFTER = 8
"""So many commands are asked after the first of each process."""

Ask = Callable[[jamsos.Registry, int], object]
"""Asks a command, the one of a number."""


def quota(number: int) -> tuple[list[tuple[str, Event]], Ask]:
    """Return a quota with *number* events, each of another day, and who takes a seat of it."""
    first = TODAY - timedelta(days=number + 1)
    allotted = quotas.QuotaAllotted(
        programme=PERISAI, region=NATIONAL, seats=9_000, source=None, rules=(), on=first
    )
    told: list[tuple[str, Event]] = [(QUOTA, allotted)]
    someone = jamsos.new_agent_id()
    for days in range(1, number):
        on = first + timedelta(days=days)
        if days % 2:
            told.append((QUOTA, quotas.QuotaSeatTaken(agent=someone, rules=(), on=on)))
        else:
            told.append((QUOTA, quotas.QuotaSeatReleased(agent=someone, on=on)))

    def ask(registry: jamsos.Registry, each: int) -> None:
        on = TODAY + timedelta(days=each)
        new = jamsos.new_agent_id()
        registry.recruit(new, "perisai", province="51", on=on).or_raise()

    return told, ask


def agent(number: int) -> tuple[list[tuple[str, Event]], Ask]:
    """Return an agent with *number* events, and who is deactivated, which is then voided."""
    someone, first = jamsos.new_agent_id(), TODAY - timedelta(days=number + 1)
    allotted = quotas.QuotaAllotted(
        programme=PERISAI, region=NATIONAL, seats=9_000, source=None, rules=(), on=first
    )
    told: list[tuple[str, Event]] = [(QUOTA, allotted)]
    for days in range(number):
        on = first + timedelta(days=days)
        event: Event
        match days:
            case 0:
                event = agents.AgentRecruited(
                    programme=PERISAI, province=ProvinceCode("51"), region=NATIONAL, rules=(), on=on
                )
            case 1:
                event = agents.AgentTrainingBegun(on=on)
            case 2:
                event = agents.AgentCertified(on=on)
            case 3:
                event = agents.AgentAssigned(on=on)
            case _ if days % 2 == 0:
                event = agents.AgentDeactivated(
                    reason=agents.DeactivationReason.OFFICE,
                    idle_months=None,
                    last_acquisition=None,
                    known_at=None,
                    rules=(),
                    on=on,
                )
            case _:
                event = agents.AgentReactivated(region=NATIONAL, rules=(), on=on)
        told.append((someone, event))
    told.append((QUOTA, quotas.QuotaSeatTaken(agent=someone, rules=(), on=first)))

    def ask(registry: jamsos.Registry, each: int) -> None:
        state, on = registry.agent(someone), TODAY + timedelta(days=each)
        if state.status is agents.AgentStatus.ACTIVE:
            registry.deactivate(someone, reason=agents.DeactivationReason.OFFICE, on=on).or_raise()
        else:
            version = state.stages[-1].version
            registry.void(someone, version=version, reason=f"mistake-{each}", on=on).or_raise()

    return told, ask


def moving(registry: jamsos.Registry, someone: str, number: int) -> Ask:
    """Let *someone* move from day to day; return how they move on."""
    first = TODAY - timedelta(days=number)
    with registry.batch() as desk:
        desk.register(someone, province="51", on=first).or_raise()
        for days in range(1, number):
            on = first + timedelta(days=days)
            desk.move(someone, province=("32", "51")[days % 2], on=on).or_raise()

    def ask(there: jamsos.Registry, each: int) -> None:
        on = TODAY + timedelta(days=each)
        there.move(someone, province=("33", "51")[each % 2], on=on).or_raise()

    return ask


def paying(registry: jamsos.Registry, someone: str, number: int) -> Ask:
    """Let *someone* pay and correct it, over and over; return how they pay the next months."""
    first = date(2017, 12, 1)
    with registry.batch() as desk:
        desk.register(someone, province="51", on=first).or_raise()
        for each in range(number // 2):
            desk.pay(
                someone,
                reference=f"r-{each}",
                months="2017-12",
                income=1_000_000,
                amount=16_800,
                on=first,
            ).or_raise()
            desk.correct(someone, corrects=f"r-{each}", on=first).or_raise()

    def ask(there: jamsos.Registry, each: int) -> None:
        month = Month(2017, 12) + each
        there.pay(
            someone,
            reference=f"k-{each}",
            months=month,
            income=1_000_000,
            amount=16_800,
            on=month.first_day,
        ).or_raise()

    return ask


def loaded(place: Path, told: list[tuple[str, Event]]) -> None:
    """Make a store at *place* of the law that ships and what is *told*."""
    versions: dict[str, int] = {}

    def entries() -> Iterator[tuple[str, int, Event]]:
        for stream, version, event in setting().founding:
            versions[stream] = version
            yield stream, version, event
        for stream, event in told:
            versions[stream] = versions.get(stream, 0) + 1
            yield stream, versions[stream], event

    with EventStore(place) as store:
        store.load(entry(*each, NOW) for each in entries())


class Asking:
    """A store with a stream of *number* events, and commands on it."""

    def __init__(self, place: Path, ask: Ask) -> None:
        self._place, self._ask, self._number = place, ask, 0
        self.later: list[float] = []
        self.first()  # which makes a snapshot

    def first(self) -> float:
        """Return how long the first command takes in a store that is opened anew."""
        self.later = []
        with jamsos.open(self._place) as registry:
            taken = [self._timed(registry) for _ in range(1 + AFTER)]
        self.later = taken[1:]
        return taken[0]

    def _timed(self, registry: jamsos.Registry) -> float:
        begun = perf_counter()
        self._ask(registry, self._number)
        self._number += 1
        return (perf_counter() - begun) * 1_000


def rows(what: str, rounds: int, short: Asking, long: Asking) -> list[list[str]]:
    """Return two rows: the first command, and a later one."""
    later: tuple[list[float], list[float]] = [], []

    def measured(asking: Asking, into: list[float]) -> float:
        first = asking.first()
        into.append(median(asking.later))
        return first

    firsts = in_turn(rounds, partial(measured, short, later[0]), partial(measured, long, later[1]))
    pairs = {"first": (firsts[0], firsts[1]), "later": later}
    return [
        [
            f"{what}: {called}",
            f"{median(one):.2f}",
            f"{median(other):.2f}",
            f"{median(other) / median(one):.2f}",
        ]
        for called, (one, other) in pairs.items()
    ]


def main() -> None:
    asked = parser(__doc__ or "", rounds=3, size=20_000).parse_args()
    long, people = asked.size, max(SHORT, asked.size // 10)
    found: list[list[str]] = []
    with TemporaryDirectory() as name:
        folder = Path(name)
        for kind, make in (("a quota", quota), ("an agent", agent)):
            pair = []
            for number in (SHORT, long):
                told, ask = make(number)
                place = folder / f"{make.__name__}-{number}.db"
                loaded(place, told)
                pair.append(Asking(place, ask))
            found += rows(f"{kind}, {long:,} events", asked.rounds, *pair)
        for kind, live in (("a participant who moves", moving), ("one who pays", paying)):
            pair = []
            for number in (SHORT, people):
                place, someone = (
                    folder / f"{live.__name__}-{number}.db",
                    jamsos.new_participant_id(),
                )
                with jamsos.open(place) as registry:
                    for programme in ("perisai", "jkk", "jkm"):
                        registry.adopt(programme, on=date(2017, 11, 20))
                    ask = live(registry, someone, number)
                pair.append(Asking(place, ask))
            found += rows(f"{kind}, {people:,} events", asked.rounds, *pair)
    show(
        f"Milliseconds of a command, of an SQLite file: median of {asked.rounds} rounds",
        ("milliseconds of a command", f"{SHORT} events", "so many", "ratio"),
        found,
        "First: the first command in a store that is opened anew. Later: the median of the next"
        f" {AFTER}.",
    )


if __name__ == "__main__":
    main()
