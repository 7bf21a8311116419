"""How fast much is written at once, beside the database's own limit and plain `eventsourcing`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TypeVar
from uuid import UUID

import _plain as plain
from _databases import Database, databases
from _table import compared, in_turn, parser, show

import jamsos
from jamsos.commands.contributions import Pay
from jamsos.commands.participants import Register
from jamsos.domain.aggregate import Event
from jamsos.domain.calendar import Month, Months
from jamsos.store import history_file
from jamsos.store.event_store import EventStore, _new_rows, entry
from jamsos.store.recorder import NewRow

ADOPTED, RECRUITED, REGISTERED = date(2017, 11, 20), date(2017, 12, 1), date(2018, 1, 15)
NOW = datetime(2018, 1, 15, 8, tzinfo=UTC)
PROVINCE, SEGMENT, MONTH = "51", "bpu", Month(2018, 1)
T = TypeVar("T")

# -- The work: participants are registered by an agent, and then each pays once. ---


def registration(participant: str, agent: str) -> Register:
    return Register(participant, province=PROVINCE, agent=agent, on=REGISTERED)


def payment(participant: str) -> Pay:
    return Pay(
        participant,
        reference=f"receipt-{MONTH}",
        months=Months.between(MONTH, MONTH),
        income=1_000_000,
        amount=16_800,
        on=MONTH.last_day,
    )


PLAIN_PAYMENT = {
    "reference": f"receipt-{MONTH}",
    "programmes": ("jkk", "jkm"),
    "months": (str(MONTH),),
    "income": 1_000_000,
    "amount": 16_800,
    "payer": "self",
    "on": MONTH.last_day,
}


def recruit(registry: jamsos.Registry) -> str:
    agent = jamsos.new_agent_id()
    with registry.batch() as desk:
        desk.adopt("perisai", on=ADOPTED).or_raise()
        desk.allot("perisai", 1, on=ADOPTED).or_raise()
        desk.recruit(agent, "perisai", province=PROVINCE, on=RECRUITED).or_raise()
        for step in (desk.begin_training, desk.certify, desk.assign):
            step(agent, on=RECRUITED).or_raise()
    return agent


def recruit_plainly(app: plain.Scheme) -> plain.Agent:
    known: plain.Agent = app.repository.get(
        app.recruit(programme="perisai", province=PROVINCE, on=RECRUITED)
    )
    return known


def in_pieces(items: Iterable[T], together: int) -> Iterator[list[T]]:
    rest = iter(items)
    while piece := list(islice(rest, together)):
        yield piece


def timed(events: int, work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return events / (perf_counter() - start)


class Decided:
    """A history of the work, decided once; it is then written in many ways."""

    def __init__(self, size: int, together: int) -> None:
        with TemporaryDirectory() as folder, jamsos.open(Path(folder) / "decided.db") as registry:
            agent = recruit(registry)
            before = registry.last_position()
            people = [jamsos.new_participant_id() for _ in range(size)]
            registry.ask_all(registration(each, agent) for each in people)
            registry.ask_all(payment(each) for each in people)
            done = [r for r in registry.history() if r.position > before]
        self.events: list[tuple[str, int, Event]] = [(r.stream, r.version, r.event) for r in done]
        entries = [entry(*each, NOW) for each in self.events]
        self.pieces: list[list[NewRow]] = [
            list(_new_rows(piece)) for piece in in_pieces(entries, together)
        ]


# -- What is measured: events in a second. -----------------------------------------


def limit(database: Database, pieces: Sequence[Sequence[NewRow]]) -> float:
    return timed(sum(map(len, pieces)), database.write(database.new(), pieces))


def appended(database: Database, decided: Decided, together: int) -> float:
    with EventStore(database.new()) as store:

        def work() -> None:
            for piece in in_pieces(decided.events, together):
                store.append([entry(*each, NOW) for each in piece])

        return timed(len(decided.events), work)


def loaded(database: Database, file: Path, events: int) -> float:
    return timed(events, partial(history_file.load, file, database.new()))


def recorded(database: Database, size: int, together: int) -> float:
    with jamsos.open(database.new()) as registry:
        agent = recruit(registry)
        people = [jamsos.new_participant_id() for _ in range(size)]

        def work() -> None:
            for piece in in_pieces(people, together):
                registry.ask_all(registration(each, agent) for each in piece)
            for piece in in_pieces(people, together):
                registry.ask_all(payment(each) for each in piece)

        return timed(2 * size, work)


def alone(database: Database, size: int) -> float:
    with jamsos.open(database.new()) as registry:
        agent = recruit(registry)
        people = [jamsos.new_participant_id() for _ in range(size)]

        def work() -> None:
            for each in people:
                registry.ask(registration(each, agent)).or_raise()
            for each in people:
                registry.ask(payment(each)).or_raise()

        return timed(2 * size, work)


def newcomer(agent: plain.Agent) -> plain.Participant:
    return plain.Participant.register(
        segment=SEGMENT, province=PROVINCE, channel="agent", agent=agent, on=REGISTERED
    )


def saved(database: Database, size: int, together: int) -> float:
    """Decide and save, *together* in a transaction."""
    with plain.Scheme(env=database.environment()) as app:
        agent = recruit_plainly(app)

        def work() -> None:
            people: list[UUID] = []
            for piece in in_pieces(range(size), together):
                new = [newcomer(agent) for _ in piece]
                app.save(*new)
                people += [each.id for each in new]
            for names in in_pieces(people, together):
                known = [app.repository.get(name) for name in names]
                for each in known:
                    each.pay(**PLAIN_PAYMENT)
                app.save(*known)

        return timed(2 * size, work)


def only_saved(database: Database, size: int, together: int) -> float:
    """Save, *together* in a transaction, what was decided before the clock runs."""
    with plain.Scheme(env=database.environment()) as app:
        agent = recruit_plainly(app)
        people = [newcomer(agent) for _ in range(size)]

        def save() -> None:
            for piece in in_pieces(people, together):
                app.save(*piece)

        first = timed(size, save)
        for each in people:
            each.pay(**PLAIN_PAYMENT)
        return 2 * size / (size / first + size / timed(size, save))


def alone_plainly(database: Database, size: int) -> float:
    with plain.Scheme(env=database.environment()) as app:
        agent = recruit_plainly(app).id

        def work() -> None:
            people = [
                app.register(
                    segment=SEGMENT, province=PROVINCE, channel="agent", agent=agent, on=REGISTERED
                )
                for _ in range(size)
            ]
            for each in people:
                app.pay(each, **PLAIN_PAYMENT)

        return timed(2 * size, work)


def exported(decided: Decided, file: Path) -> None:
    with EventStore(":memory:") as store:
        store.append([entry(*each, NOW) for each in decided.events])
        file.write_bytes(b"".join(history_file.lines(store)))


def rows(database: Database, size: int, together: int, rounds: int, file: Path) -> list[list[str]]:
    decided = Decided(size, together)
    exported(decided, file)
    few = max(size // 20, 1)
    everything: list[NewRow] = [row for piece in decided.pieces for row in piece]
    (
        by_limit, all_by_limit, append, load, record, single,
        plain_batch, plain_each, plain_batch_only, plain_each_only, plain_single,
    ) = in_turn(
        rounds,
        partial(limit, database, decided.pieces),
        partial(limit, database, [everything]),
        partial(appended, database, decided, together),
        partial(loaded, database, file, 2 * size),
        partial(recorded, database, size, together),
        partial(alone, database, few),
        partial(saved, database, size, together),
        partial(saved, database, few, 1),
        partial(only_saved, database, size, together),
        partial(only_saved, database, few, 1),
        partial(alone_plainly, database, few),
    )  # fmt: skip
    own = database.limit
    return [
        compared(f"decided events appended, beside {own}", append, by_limit),
        compared("the same, beside save(*aggregates) of decided", append, plain_batch_only),
        compared("the same, beside a save for each of decided", append, plain_each_only),
        compared(f"a history file loaded, beside {own}, one transaction", load, all_by_limit),
        compared(f"decided and recorded, beside {own}", record, by_limit),
        compared("the same, beside deciding and save(*aggregates)", record, plain_batch),
        compared("the same, beside deciding and a save for each", record, plain_each),
        compared("one command alone, beside one read and save", single, plain_single),
    ]


def main() -> None:
    options = parser(__doc__, rounds=5, size=10_000)
    options.add_argument("--together", type=int, default=5_000, help="events in a transaction")
    options.add_argument("--server", help="address of a PostgreSQL server; else one is started")
    asked = options.parse_args()
    with TemporaryDirectory() as folder, databases(asked.server) as both:
        for database in both:
            file = Path(folder) / "history.jsonl"
            found = rows(database, asked.size, asked.together, asked.rounds, file)
            show(
                f"{database.name}, events in a second: median of {asked.rounds} rounds",
                ("events in a second", "jamsos", "beside", "ratio", "least to most"),
                found,
                f"{asked.size:,} participants are registered and pay once, {asked.together:,}"
                f" events in a transaction; {asked.size // 20:,} of them where each is alone.",
                f"Both sides: {database.durability(database.new())}.",
            )
            print()
        print(both[1].versions())


if __name__ == "__main__":
    main()
