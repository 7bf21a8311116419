"""The same small programs over plain `eventsourcing`, which is used as its documentation shows."""

from __future__ import annotations

import os
import signal
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Final, Literal
from uuid import UUID, uuid5

from eventsourcing.application import AggregateNotFoundError
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import PersistenceError
from psycopg.conninfo import conninfo_to_dict

from benchmarks._plain import Agent, Scheme
from tests.faults import evidence
from tests.faults.evidence import Harm, Told
from tests.faults.programs import ON, PROGRAMME, REGIONS, SEATS, hash_of

TRIES: Final = 3
_NAMES: Final = UUID("5d3e4f2a-7a51-4a0e-8f0c-4c6f0e2b9d13")

Retry = Literal["save", "command", "never"]
"""The reaction to an error: save again, ask all again from a fresh reading, or nothing."""


class Seats(Aggregate):
    """The seats of a region, and who holds them."""

    @event("Allotted")
    def __init__(self, region: str, seats: int) -> None:
        self.region = region
        self.free = seats
        self.taken: dict[str, list[str]] = {}

    @staticmethod
    def create_id(region: str, seats: int) -> UUID:  # noqa: ARG004 - the library hands both over
        return uuid5(_NAMES, region)

    def take(self, agent: str, letter: str) -> None:
        if not self.free:
            msg = "All seats are taken."
            raise ValueError(msg)
        self._taken(agent, letter)

    @event("Taken")
    def _taken(self, agent: str, letter: str) -> None:
        self.free -= 1
        self.taken.setdefault(letter, []).append(agent)


class Leaving(Agent):
    """An agent who may resign."""

    @event("Resigned")
    def resign(self, on: date) -> None:
        self.status = "resigned"
        self.last_event = on


def recruited(province: str = "51") -> Leaving:
    """Return an agent who was never saved."""
    return Leaving(programme=PROGRAMME, province=province, region=province, on=ON)


def application(place: str, **more: str) -> Scheme:
    """Return the application over the database at *place*."""
    if not evidence.is_server(place):
        sqlite = {"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": place}
        return Scheme(env={**sqlite, **more})
    parts = conninfo_to_dict(place)
    postgres = {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": str(parts["dbname"]),
        "POSTGRES_HOST": str(parts["host"]),
        "POSTGRES_PORT": str(parts["port"]),
        "POSTGRES_USER": str(parts["user"]),
        "POSTGRES_PASSWORD": "",
    }
    return Scheme(env={**postgres, **more})


# -- Before a fault. -------------------------------------------------------------------


def prepare(place: str, *, seats: int = SEATS, **env: str) -> None:
    app = application(place, **env)
    for region in REGIONS:
        app.save(Seats(region=region, seats=seats))
    app.close()


# -- During it. ------------------------------------------------------------------------


def write(
    place: str,
    acks: str,
    letters: Sequence[str],
    *,
    retry: Retry = "save",
    errors: int = 3,
    unanswered: str | None = None,
    crash: bool = False,
    go: str | None = None,
    env: dict[str, str] | None = None,
) -> None:
    """Send *letters*, and note each that was saved; arguments are those of jamsos' own writer."""
    app = application(place, **(env or {}))
    Path(f"{acks}.ready").touch()
    if go is not None:
        evidence.wait_for(Path(go))
    failed = 0
    with evidence.acknowledging(acks) as told:
        for letter in letters:
            try:
                send(app, letter, retry)
                if letter == unanswered:
                    os.kill(os.getpid(), signal.SIGKILL)
                told.answered(letter)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is noted
                told.failed(letter, error)
                failed += 1
                if failed == errors:
                    if crash:
                        os.kill(os.getpid(), signal.SIGKILL)
                    break
    app.close()


def send(app: Scheme, letter: str, retry: Retry) -> None:
    """Recruit an agent on a seat, both saved together; after an error, do what *retry* says."""
    made = decided(app, letter)
    for _ in range(TRIES if retry != "never" else 1):
        try:
            app.save(*made)
        except PersistenceError as error:
            last = error
            if retry == "command":
                made = decided(app, letter)
        else:
            return
    raise last


def decided(app: Scheme, letter: str, region: str | None = None) -> tuple[Seats, Agent]:
    region = region or REGIONS[hash_of(letter) % len(REGIONS)]
    seats: Seats = app.repository.get(Seats.create_id(region, SEATS))
    agent = Leaving(programme=PROGRAMME, province=region, region=region, on=ON)
    seats.take(str(agent.id), letter)
    return seats, agent


def open_new(place: str, acks: str, go: str) -> None:
    """Construct the application over *place*, with everybody else: when a file says *go*."""
    with evidence.acknowledging(acks) as told:
        evidence.wait_for(Path(go))
        try:
            application(place).close()
            told.answered(place)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is noted
            told.failed(place, error)


def contest(place: str, acks: str, name: str, go: str) -> None:
    """Ask for a seat in every region, at the same time as others do; save again on an error."""
    app = application(place, CREATE_TABLE="n")
    with evidence.acknowledging(acks) as told:
        evidence.wait_for(Path(go))
        for region in REGIONS:
            letter = f"{name}-{region}"
            try:
                made = decided(app, letter, region)
            except ValueError:
                continue
            for _ in range(TRIES):
                try:
                    app.save(*made)
                except PersistenceError:
                    continue
                told.answered(letter)
                break
    app.close()


def tail(place: str, seen: str, stop: str, *, env: dict[str, str] | None = None) -> None:
    """Note each new position as the notification log shows it."""
    app = application(place, **(env or {}))
    with Path(seen).open("a", encoding="utf-8") as file:
        position, last = 0, False
        while not last:
            last = Path(stop).exists()
            for notification in app.notification_log.select(start=position + 1, limit=5_000):
                position = notification.id
                file.write(f"{position}\n")
            file.flush()
            time.sleep(0.001)
    app.close()


# -- After it. -------------------------------------------------------------------------


def harm(place: str, told: Told) -> Harm:
    """Return what is wrong with the database at *place*, whose writers were *told* that."""
    if damage := evidence.damage_of(place):
        return Harm(damage=damage)
    stored = evidence.versions(place, _table(place), "1, 2")
    app = application(place)
    regions = _bare(Seats.create_id(region, SEATS) for region in REGIONS)
    agents = _bare(stream for stream, _ in stored) - regions
    seated: dict[str, list[str]] = defaultdict(list)
    unreadable = []
    for region in REGIONS:
        try:
            seats: Seats = app.repository.get(Seats.create_id(region, SEATS))
        except AggregateNotFoundError:
            continue
        except Exception:  # noqa: BLE001 - whatever it is, it cannot be read
            unreadable.append(region)
            continue
        for letter, names in seats.taken.items():
            seated[letter] += names
    app.close()
    there = _bare(name for names in seated.values() for name in names)
    broken = bool(unreadable)  # then nobody knows who holds its seats
    return Harm(
        lost=tuple(le for le in told.answers if le not in seated and not broken),
        torn=tuple(sorted(there ^ agents)) if not broken else (),
        doubled=tuple(le for le, names in seated.items() if len(names) > 1),
        denied=tuple(le for le in told.errors if le in seated),
        gaps=evidence.gaps_of(stored),
        unreadable=tuple(unreadable),
    )


def seated(place: str) -> dict[str, list[str]]:
    """Return the letters to which the seats of each region went."""
    app = application(place)
    taken = {r: list(app.repository.get(Seats.create_id(r, SEATS)).taken) for r in REGIONS}
    app.close()
    return taken


def positions(place: str) -> list[int]:
    """Return every position that is taken, asked of the database itself."""
    column = "notification_id" if evidence.is_server(place) else "rowid"
    return [number for (number,) in evidence.ask(place, f"SELECT {column} FROM {_table(place)}")]


def sent_again(place: str, told: Told, letters: Iterable[str]) -> Harm:
    """Ask again for every one of *letters* that was not acknowledged; return what is wrong then."""
    app = application(place)
    for letter in letters:
        if letter not in told.answers:
            send(app, letter, "command")
    app.close()
    return harm(place, told)


def _table(place: str) -> str:
    return "scheme_events" if evidence.is_server(place) else "stored_events"


def _bare(streams: Iterable[object]) -> set[str]:
    """Return *streams* without dashes: each database writes them in its own way."""
    return {str(stream).replace("-", "") for stream in streams}


PROGRAMS: Final[dict[str, Callable[..., None]]] = {
    program.__name__: program for program in (write, open_new, contest, tail)
}
