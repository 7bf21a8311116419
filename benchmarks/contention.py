"""How many commands a second writers get through who want the same seats, or each their own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from statistics import median, quantiles
from time import perf_counter
from typing import Any

import attrs
from _databases import Database, databases
from _table import parser, show

import jamsos
from jamsos.desk import Desk
from jamsos.errors import ConflictError
from jamsos.store.place import is_address
from jamsos.store.postgres import PostgresRecorder
from jamsos.store.recorder import Recorder
from jamsos.store.sqlite import SQLiteRecorder

LAUNCH = date(2018, 2, 5)
REGIONS = ("11", "12", "16", "31", "32", "33", "34", "35", "51", "64", "73")
SEATS = 909
"""Of each region, as there are 10,000 for eleven."""
SPAWN = get_context("spawn")


@attrs.frozen
class Work:
    """What one process does: so many *commands* on *place*, from so many *threads*."""

    place: str
    regions: tuple[str, ...]
    commands: int
    threads: int = 0
    """0 for one thread that asks the registry itself; else they ask through group commit."""


@attrs.frozen
class Done:
    """How long the whole took, each command, and how often another writer had been first."""

    seconds: float
    latencies: list[float]
    conflicts: int


class Counting:
    """The database's own recorder, which also counts conflicts."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self.conflicts = 0

    def append(self, *rows: Any, **rest: Any) -> int:  # noqa: ANN401 - passed on
        try:
            return self._recorder.append(*rows, **rest)
        except ConflictError:
            self.conflicts += 1
            raise

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - of the recorder
        return getattr(self._recorder, name)


def write(work: Work, start: Barrier) -> Done:
    """Recruit agents as *work* says, from the moment when all are ready."""
    recorder: Recorder = (
        PostgresRecorder(work.place)
        if is_address(work.place)
        else SQLiteRecorder(work.place, create=True)
    )
    counting = Counting(recorder)

    def ask(desk: Desk, numbers: range) -> list[float]:
        taken = []
        for number in numbers:
            region = work.regions[number % len(work.regions)]
            began = perf_counter()
            desk.recruit(
                jamsos.new_agent_id(), "perisai", province=region, region=region, on=LAUNCH
            ).or_raise()
            taken.append(perf_counter() - began)
        return taken

    with jamsos.open(counting, patience=60) as registry:
        registry.quota("perisai", "51")  # the connection is there
        if not work.threads:
            start.wait(timeout=60)
            began = perf_counter()
            latencies = ask(registry, range(work.commands))
        else:
            shares = [range(n, work.commands, work.threads) for n in range(work.threads)]
            with registry.group_commit() as desk, ThreadPoolExecutor(work.threads) as threads:
                start.wait(timeout=60)
                began = perf_counter()
                each = list(threads.map(lambda share: ask(desk, share), shares))
            latencies = [latency for some in each for latency in some]
        return Done(perf_counter() - began, latencies, counting.conflicts)


def prepared(database: Database) -> str:
    """Return a new database with seats in every region."""
    place = database.new()
    with jamsos.open(place) as registry, registry.batch() as desk:
        desk.adopt("perisai", on=LAUNCH).or_raise()
        desk.allot("perisai", 10_000, on=LAUNCH).or_raise()
        for region in REGIONS:
            desk.allot("perisai", SEATS, region=region, on=LAUNCH).or_raise()
    return place


def contested(database: Database, writers: int, regions: int, commands: int, threads: int) -> Done:
    """Let so many processes recruit at once; a writer has a region of its own, if there are."""
    place = prepared(database)
    commands = min(commands, SEATS * regions) // writers
    works = [
        Work(
            place,
            REGIONS[:regions] if threads else (REGIONS[number % regions],),
            commands,
            threads,
        )
        for number in range(writers)
    ]
    with SPAWN.Manager() as manager, SPAWN.Pool(writers) as pool:
        start = manager.Barrier(writers)
        done = pool.starmap(write, [(work, start) for work in works], chunksize=1)
    with jamsos.open(place) as registry:
        taken = sum(registry.quota("perisai", region).taken for region in REGIONS)
        assert taken == commands * writers, (taken, commands * writers)
    return Done(
        max(each.seconds for each in done),
        [latency for each in done for latency in each.latencies],
        sum(each.conflicts for each in done),
    )


def row(what: str, rounds: list[Done]) -> list[str]:
    rates = [len(done.latencies) / done.seconds for done in rounds]
    percentiles = [quantiles(done.latencies, n=100) for done in rounds]
    conflicts = [1_000 * done.conflicts / len(done.latencies) for done in rounds]
    return [
        what,
        f"{median(rates):,.0f}",
        f"{min(rates):,.0f} to {max(rates):,.0f}",
        f"{median(conflicts):,.0f}",
        *(f"{1_000 * median(p[place] for p in percentiles):,.1f}" for place in (49, 98)),
    ]


def main() -> None:
    options = parser(__doc__, rounds=3)
    options.add_argument("--commands", type=int, default=4_000, help="of a group commit")
    options.add_argument("--few", type=int, default=800, help="commands one by one")
    options.add_argument("--server", help="address of a PostgreSQL server; else one is started")
    asked = options.parse_args()
    cases = [
        (f"{writers} writer{'s' * (writers > 1)}, {regions} region{'s' * (regions > 1)}",
         writers, regions, asked.few, 0)
        for writers in (1, 4, 16)
        for regions in (1, 11)
    ]  # fmt: skip
    cases += [
        ("64 threads, group commit, 11 regions", 1, 11, asked.commands, 64),
        ("4 processes of 16 threads, group commit", 4, 11, asked.commands, 16),
    ]
    with databases(asked.server) as both:
        for database in both:
            rows = [
                row(
                    what,
                    [contested(database, *case) for _ in range(asked.rounds)],
                )
                for what, *case in cases
            ]
            show(
                f"{database.name}, agents recruited: median of {asked.rounds} rounds",
                ("", "commands a second", "least to most", "conflicts of 1,000", "p50 ms",
                 "p99 ms"),
                rows,
                "A writer is a process, and has one region, of its own where there are as many.",
                f"{asked.few:,} commands one by one, {asked.commands:,} through group commit.",
                f"{database.durability(database.new())}.",
            )  # fmt: skip
            print()
        print(both[1].versions())


if __name__ == "__main__":
    main()
