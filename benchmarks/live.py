"""What a live count and one more event cost beside few participants and beside many."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import cache, partial
from itertools import count
from statistics import median
from time import perf_counter

import attrs
from _databases import databases
from _table import parser, positive, show

import jamsos
from jamsos.domain.aggregate import Event
from jamsos.domain.calendar import Month, Months
from jamsos.domain.coverage import NOBODY, Change, Segment
from jamsos.domain.geography import PROVINCES, ProvinceCode
from jamsos.domain.identity import AgentId, ProgrammeName
from jamsos.domain.money import Rupiah
from jamsos.domain.participant import (
    Channel,
    ParticipantContributionPaid,
    ParticipantRegistered,
    Payer,
)
from jamsos.engine.live import ACTIVE, Live
from jamsos.formulas.active import IN_GRACE
from jamsos.store.event_store import Entry, EventStore, entry

SIZES = (1_000, 50_000)
AGENTS, MONTHS = 1_000, 24
FIRST = Month(2017, 11)
ASKED = FIRST + 20
EVENTS = 3
"""Of each participant: registered by an agent, and two payments for three months each."""
CALLS = 40
"""In one round, of each thing that is measured."""
NOW = datetime(2018, 2, 5, 3, 4, 5, tzinfo=UTC)
PROGRAMMES = (ProgrammeName("jkk"), ProgrammeName("jkm"))


# -- Histories, made without deciding anything. ----------------------------------


@cache
def life(place: int) -> tuple[Entry, ...]:
    """Return the events of any participant of one agent and one month, as they are stored."""
    agent, month = place % AGENTS, FIRST + place // AGENTS % MONTHS
    province = ProvinceCode(sorted(PROVINCES)[agent % len(PROVINCES)])
    carer = AgentId(f"agent-00000000-0000-7000-8000-{agent:012}")
    segment = Segment.NON_WAGE_EARNER
    standing = NOBODY.entered(month, province, carer)
    events: list[Event] = [
        ParticipantRegistered(
            segment=segment,
            province=province,
            channel=Channel.AGENT,
            agent=carer,
            sponsor=None,
            changes=(Change.between(segment, NOBODY, standing),),
            on=month.first_day,
        )
    ]
    for first in (month, month + 3):
        months = Months.between(first, first + 2)
        before, standing = standing, standing.covered(PROGRAMMES, months)
        events.append(
            ParticipantContributionPaid(
                segment=segment,
                reference=f"receipt-{first}",
                programmes=PROGRAMMES,
                months=months,
                income=Rupiah(1_000_000),
                amount=Rupiah(50_400),
                payer=Payer.SELF,
                check=None,
                changes=(Change.between(segment, before, standing),),
                on=first.first_day,
            )
        )
    return tuple(entry("", number, event, NOW) for number, event in enumerate(events, start=1))


def enrolled(numbers: Sequence[int]) -> Iterator[Entry]:
    """Return the events of participants: they are spread evenly over agents and months."""
    for number in numbers:
        stream = f"participant-00000000-0000-7000-8000-{number:012}"
        # Every province and month has somebody after the first 912.
        month, agent = number // len(PROVINCES) % MONTHS, number % AGENTS
        for each in life(month * AGENTS + agent):
            yield attrs.evolve(each, stream=stream)


# -- What is measured. -----------------------------------------------------------


def microseconds(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return (perf_counter() - start) * 1_000_000


class Filled:
    """A store with so many participants in it, and a live count that is caught up."""

    def __init__(self, place: str, size: int) -> None:
        self.store = EventStore(place)
        self.registry = jamsos.Registry(self.store)
        self.live = Live(self.store)
        self.next = count(size)
        self.events = self.store.load(enrolled(range(size)))
        start = perf_counter()
        self.live.catch_up([ACTIVE])
        self.caught_up = self.events / (perf_counter() - start)

    def count(self, *by: str) -> float:
        return microseconds(partial(self.registry.live_count, ASKED, IN_GRACE, by=by))

    def add(self, events: int) -> float:
        """Return what it takes to add *events* that are recorded, to four definitions."""
        many = [*enrolled([next(self.next) for _ in range(-(-events // EVENTS))])][:events]
        self.store.append(many)
        return microseconds(partial(self.live.catch_up, [ACTIVE]))


def a_round(filled: Sequence[Filled], measure: Callable[[Filled], float]) -> list[float]:
    """Return the median of many calls of each, which take turns call by call."""
    calls = [[measure(each) for each in filled] for _ in range(CALLS)]
    return [median(each) for each in zip(*calls, strict=True)]


def rows(filled: Sequence[Filled], rounds: int) -> Iterator[list[str]]:
    for what, measure in (
        ("live count of a month", lambda f: f.count()),
        ("live count by province", lambda f: f.count("province")),
        ("live count by segment and province", lambda f: f.count("segment", "province")),
        ("one event added", lambda f: f.add(1)),
        ("30 events added", lambda f: f.add(30)),
    ):
        figures = [a_round(filled, measure) for _ in range(rounds)]
        ratios = [figure[-1] / figure[0] for figure in figures]
        yield [
            what,
            *(f"{median(each):,.0f}" for each in zip(*figures, strict=True)),
            f"{median(ratios):.2f}",
            f"{min(ratios):.2f} to {max(ratios):.2f}",
        ]
    yield ["caught up, events in a second", *(f"{f.caught_up:,.0f}" for f in filled), "", ""]


def main() -> None:
    options = parser(__doc__, rounds=5)
    options.add_argument("--sizes", type=positive, nargs="+", default=SIZES, help="participants")
    options.add_argument("--only", choices=("SQLite", "PostgreSQL"), help="one kind of database")
    options.add_argument("--server", help="address of a PostgreSQL server; else one is started")
    asked = options.parse_args()
    with databases(asked.server) as both:
        for database in (d for d in both if asked.only in {None, d.name}):
            with ExitStack() as stack:
                filled = [Filled(database.new(), size) for size in asked.sizes]
                for each in filled:
                    stack.callback(each.store.close)
                show(
                    f"{database.name}: median of {asked.rounds} rounds of {CALLS} calls",
                    ("microseconds", *(f"{s:,}" for s in asked.sizes), "last to first",
                     "least to most"),
                    list(rows(filled, asked.rounds)),
                    f"{', '.join(f'{f.events:,}' for f in filled)} events, over {len(PROVINCES)}"
                    f" provinces and {MONTHS} months; four definitions are kept.",
                    f"{database.durability(database.new())}.",
                )  # fmt: skip
                print()
        print(both[1].versions())


if __name__ == "__main__":
    main()
