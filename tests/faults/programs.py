"""Small programs that write to and read from a store of jamsos, to be killed while they do."""

from __future__ import annotations

import os
import signal
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid5

import jamsos
from jamsos import Recorded
from jamsos.domain.agent import AgentRecruited
from jamsos.domain.quota import QuotaSeatTaken
from jamsos.errors import JamsosError
from jamsos.store import history_file
from jamsos.store.event_store import EventStore, migrate
from jamsos.store.postgres import PostgresRecorder
from jamsos.store.sqlite import SQLiteRecorder
from tests.faults import evidence
from tests.faults.evidence import Harm, Told

ADOPTED, ON, AFTER = date(2017, 11, 20), date(2018, 2, 6), date(2018, 2, 7)
PROGRAMME: Final = "perisai"
REGIONS: Final = ("51", "32", "33", "35", "12", "73", "61", "14")
SEATS: Final = 1_000
NOBODY: Final = 65_534
MANY: Final = 25
"""How many agents a letter of a batch asks for."""
UNKNOWN: Final = "OutcomeUnknownError"
"""The one error that does not say that nothing was recorded."""
_LOCK: Final = 5.0
"""For how many seconds jamsos waits for a lock, or for a server, by itself."""
_NAMES: Final = UUID("9a3c1df8-2f54-4b8e-b0a1-0c8e7d5b6f21")


# -- Before a fault: a store in which each region has seats. ---------------------------


def prepare(place: str, *, seats: int = SEATS) -> None:
    """Make the store at *place*, with the law and *seats* for each region."""
    if evidence.is_server(place):
        migrate(place)
    with jamsos.open(place) as registry:
        registry.adopt(PROGRAMME, on=ADOPTED).or_raise()
        registry.allot(PROGRAMME, seats * len(REGIONS), on=ON).or_raise()
        for region in REGIONS:
            registry.allot(PROGRAMME, seats, on=ON, region=region).or_raise()


# -- During it: programs. --------------------------------------------------------------


def write(
    place: str,
    acks: str,
    letters: Sequence[str],
    *,
    threads: int = 1,
    many: bool = False,
    patience: float = 10.0,
    errors: int = 3,
    unanswered: str | None = None,
    crash: bool = False,
    go: str | None = None,
) -> None:
    """
    Send *letters*, each under its own id, and note what each is answered.

    With *threads*, by group commit; with *many*, each asks for a batch of agents. It gives up
    after so many *errors*, by a *crash* or in peace, and is killed before it notes what the
    letter *unanswered* got. It begins when a file says *go*.
    """
    with evidence.acknowledging(acks) as told, _opened(place, patience) as registry:
        failed: list[str] = []
        Path(f"{acks}.ready").touch()
        if go is not None:
            evidence.wait_for(Path(go))

        def send(letter: str) -> None:
            if len(failed) >= errors:
                return
            try:
                said = answer(desk, letter, many=many)
                if letter == unanswered:
                    os.kill(os.getpid(), signal.SIGKILL)
                told.answered(letter, said)
            except JamsosError as error:
                failed.append(letter)
                told.failed(letter, error)
                if crash and len(failed) >= errors:
                    os.kill(os.getpid(), signal.SIGKILL)

        if threads == 1:
            desk: Any = registry
            for letter in letters:
                send(letter)
        else:
            with registry.group_commit() as desk, ThreadPoolExecutor(threads) as together:
                list(together.map(send, letters))


def _opened(place: str, patience: float) -> jamsos.Registry:
    """Open a store that waits for its lock, or its server, no longer than *patience* lasts."""
    if not evidence.is_server(place):
        recorder = SQLiteRecorder(place, create=True, patience=patience)
        return jamsos.open(recorder, patience=patience)
    return jamsos.open(PostgresRecorder(place, patience=min(patience, _LOCK)), patience=patience)


def as_nobody(place: str, acks: str, *, read_only: bool) -> None:
    """Open *place* as a user who owns nothing, and note how much there is to read."""
    with evidence.acknowledging(acks) as told:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
        try:
            with jamsos.open(place, read_only=read_only) as registry:
                told.answered(place, (len(list(registry.history())), registry.last_position()))
        except JamsosError as error:
            told.failed(place, error)


def open_new(place: str, acks: str, go: str) -> None:
    """Open *place* and adopt the law, with everybody else: when a file says *go*."""
    with evidence.acknowledging(acks) as told:
        evidence.wait_for(Path(go))
        try:
            with jamsos.open(place) as registry:
                registry.adopt(PROGRAMME, on=ADOPTED).or_raise()
            told.answered(place)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is noted
            told.failed(place, error)


def migrate_new(place: str, acks: str, go: str) -> None:
    """Prepare the database at *place*, with everybody else."""
    with evidence.acknowledging(acks) as told:
        evidence.wait_for(Path(go))
        try:
            migrate(place)
            told.answered(place)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is noted
            told.failed(place, error)


def fill(place: str, acks: str, source: str, go: str) -> None:
    """Import the history file at *source* into a store at *place*, when a file says *go*."""
    with evidence.acknowledging(acks) as told:
        evidence.wait_for(Path(go))
        try:
            told.answered(place, history_file.load(source, place))
        except JamsosError as error:
            told.failed(place, error)


def contest(place: str, acks: str, name: str, go: str) -> None:
    """Ask for a seat in every region, at the same time as others do; note who gets it."""
    with evidence.acknowledging(acks) as told, jamsos.open(place) as registry:
        evidence.wait_for(Path(go))
        for region in REGIONS:
            letter = f"{name}-{region}"
            told.answered(letter, answer(registry, letter, region=region))


def race(place: str, agents: Sequence[str], *, resigning: bool, go: str) -> None:
    """Let each of *agents* resign, or enrol somebody, while others let them do the other."""
    with jamsos.open(place) as registry:
        evidence.wait_for(Path(go))
        for name in agents:
            if resigning:
                registry.resign(name, on=ON).or_raise()
            else:
                somebody = jamsos.new_participant_id()
                registry.register(somebody, province=REGIONS[0], agent=name, on=AFTER)


def tail(place: str, seen: str, stop: str) -> None:
    """Note each new position as it becomes visible, until told to *stop* and nothing is left."""
    with EventStore(place) as store, Path(seen).open("a", encoding="utf-8") as file:
        position, last = 0, False
        while not last:
            last = Path(stop).exists()
            for recorded in store.history(after=position):
                position = recorded.position
                file.write(f"{position}\n")
            file.flush()
            time.sleep(0.001)


def answer(desk: Any, letter: str, *, many: bool = False, region: str | None = None) -> Any:
    """Send one letter: for an agent, or for many, who are named after it."""
    region = region or REGIONS[hash_of(letter) % len(REGIONS)]
    if many:
        rows = [_row(f"{letter}/{number}", region) for number in range(MANY)]
        return desk.once(letter).recruit_many(rows)
    return desk.once(letter).recruit(**_row(letter, region))


def agent(letter: str) -> str:
    return f"agent-{uuid5(_NAMES, letter)}"


def hash_of(letter: str) -> int:
    """Return a number for *letter* that is the same in every process: its writer's."""
    return sum(map(ord, letter.partition("-")[0]))


def _row(letter: str, region: str) -> dict[str, Any]:
    return {
        "agent": agent(letter),
        "programme": PROGRAMME,
        "province": region,
        "on": ON,
        "region": region,
    }


# -- After it: the record. ----------------------------------------------------------


def harm(place: str, told: Told, *, many: bool = False) -> Harm:
    """Return what is wrong with the store at *place*, whose writers were *told* that."""
    if damage := evidence.damage_of(place):
        return Harm(damage=damage)
    stored = evidence.versions(place, "stored_events", _position(place))
    with jamsos.open(place) as registry:
        history = list(registry.history())
    by: dict[str | None, list[Recorded[Any]]] = defaultdict(list)
    for recorded in history:
        by[recorded.command].append(recorded)
    whole = 2 * MANY if many else 2
    seated: dict[str, int] = defaultdict(int)
    for recorded in history:
        if isinstance(recorded.event, QuotaSeatTaken):
            seated[recorded.event.agent] += 1
    granted = {le: said for le, said in told.answers.items() if "Accepted" in said}
    return Harm(
        lost=tuple(le for le in granted if le not in by),
        torn=tuple(le for le, events in by.items() if le is not None and not _whole(events, whole)),
        doubled=tuple(agent for agent, times in seated.items() if times != 1),
        denied=tuple(le for le, error in told.errors.items() if error != UNKNOWN and le in by),
        gaps=evidence.gaps_of(stored) + _places([recorded.position for recorded in history]),
    )


def adopted_once(place: str) -> bool:
    """Return whether the law is there as one adoption records it."""
    with jamsos.open(place) as registry, jamsos.open(":memory:") as once:
        once.adopt(PROGRAMME, on=ADOPTED)
        return [r.event for r in registry.history()] == [r.event for r in once.history()]


def last_position(place: str) -> int:
    with jamsos.open(place) as registry:
        return registry.last_position()


def recorded(place: str) -> set[str]:
    """Return the letters of which something is recorded."""
    with jamsos.open(place) as registry:
        return {event.command for event in registry.history() if event.command is not None}


def sent_again(place: str, told: Told, letters: Iterable[str], *, many: bool = False) -> Harm:
    """Send every one of *letters* again; return what is wrong then: all are to be there, once."""
    changed, answers = [], dict(told.answers)
    with jamsos.open(place) as registry:
        for letter in letters:
            again = repr(answer(registry, letter, many=many))
            if answers.setdefault(letter, again) != again:
                changed.append(letter)
    found = harm(place, Told(answers, {}), many=many)
    return Harm(**{**vars(found), "changed": tuple(changed)})


def _whole(events: Sequence[Recorded[Any]], whole: int) -> bool:
    """Return whether a letter's events follow each other: each agent, and a seat for them."""
    first = events[0].position
    recruited = {
        recorded.stream for recorded in events if isinstance(recorded.event, AgentRecruited)
    }
    taken = {
        recorded.event.agent for recorded in events if isinstance(recorded.event, QuotaSeatTaken)
    }
    together = [recorded.position for recorded in events] == list(range(first, first + whole))
    return together and recruited == taken and len(taken) * 2 == whole


def _places(positions: Sequence[int]) -> tuple[str, ...]:
    wrong = [p for place, p in enumerate(positions, start=1) if p != place]
    return tuple(f"position {position}" for position in wrong)


def _position(place: str) -> str:
    return "notification_id" if evidence.is_server(place) else "rowid"


PROGRAMS: Final[dict[str, Callable[..., None]]] = {
    program.__name__: program
    for program in (write, as_nobody, open_new, migrate_new, fill, contest, race, tail)
}
