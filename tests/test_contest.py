"""
64 writers in 4 processes want more seats than there are: each seat is taken once, and no more.

They are killed, their replies are lost and their connections are cut meanwhile; one that comes
back sends again what it has no answer to, under the same id. Each process notes what it was
told, and the notes are compared with the history.

``CONTEST_SEATS=10000`` plays it at full size, for the cap of 2018; ``--log-cli-level=INFO``
says how long it took.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from random import Random
from time import monotonic, sleep
from typing import Any

import psycopg
import pytest

import jamsos
from jamsos.audit.replay import replay
from jamsos.domain.agent import AgentRecruited
from jamsos.domain.history import in_order
from jamsos.domain.quota import QuotaSeatTaken
from jamsos.store.event_store import EventStore, migrate
from jamsos.store.place import is_address
from tests import contestant
from tests.contestant import LAUNCH, REGIONS, Task

FULL_SIZE = 10_000
"""The cap of 2018."""
SEATS = int(os.environ.get("CONTEST_SEATS", "440"))
COMMANDS = SEATS + SEATS // 10 + len(REGIONS)
"""In every region some more than there are seats."""
PROCESSES, THREADS = 4, 16
MOST_KILLED = 6 + SEATS // 500
LONGEST = 180 + SEATS // 10
"""Seconds that all of them may take, killed ones and new ones."""

pytestmark = pytest.mark.slow
log = logging.getLogger(__name__)


@pytest.fixture(params=["a file", "PostgreSQL"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Name a store with so many seats, shared out to eleven regions."""
    found = str(tmp_path / "perisai.db")
    if request.param == "PostgreSQL":
        found = request.getfixturevalue("postgres").new_database()
        migrate(found)
    with jamsos.open(found) as registry, registry.batch() as desk:
        desk.adopt("perisai", on=LAUNCH).or_raise()
        desk.allot("perisai", SEATS, on=LAUNCH).or_raise()
        desk.share_out("perisai", SEATS, dict.fromkeys(REGIONS, 1), on=LAUNCH).or_raise()
    return found


def shares() -> dict[str, int]:
    """Return how many seats each region gets: alike, and one more if some are left over."""
    each, over = divmod(SEATS, len(REGIONS))
    return {region: each + (place < over) for place, region in enumerate(REGIONS)}


def tasks(place: str, folder: Path, **rest: Any) -> list[Task]:
    return [
        Task(
            place=place,
            notes=str(folder / f"notes-{process}.jsonl"),
            process=process,
            processes=PROCESSES,
            commands=COMMANDS,
            threads=THREADS,
            **rest,
        )
        for process in range(PROCESSES)
    ]


WAYS = pytest.mark.parametrize("together", [True, False], ids=["group commit", "one by one"])


@WAYS
def test_every_seat_is_taken_once_and_every_refusal_is_cited(place, tmp_path, together):
    asked = tasks(place, tmp_path, together=together)

    run(asked)

    check(place, asked)


@WAYS
def test_the_same_where_writers_are_killed_and_replies_are_lost(place, tmp_path, together):
    asked = tasks(place, tmp_path, together=together, one_lost_in=10)
    killed = run(asked, trouble=partial(kill_and_cut, place, Random(1)))

    assert killed > 0
    check(place, asked)


# -- The processes. ----------------------------------------------------------------


class Process:
    """A writer's process, which can be started again, and goes on where its notes end."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self.killed = 0
        self.start()

    def start(self) -> None:
        self._noted = self._size()
        self._running = subprocess.Popen(**contestant.start(self._task))

    @property
    def at_work(self) -> bool:
        """Whether it runs, and has got an answer since it was started."""
        return self._running.poll() is None and self._size() > self._noted

    def ended(self) -> bool:
        """Return whether it is done; where it was killed, start it again."""
        code = self._running.poll()
        if code == -signal.SIGKILL:
            self.killed += 1
            self.start()
            return False
        assert not code, f"a writer ended with {code}"
        return code is not None

    def kill(self) -> None:
        self._running.kill()
        self._running.wait(timeout=60)

    def _size(self) -> int:
        notes = Path(self._task.notes)
        return notes.stat().st_size if notes.exists() else 0


Trouble = Callable[[Sequence[Process]], None]
"""The attacks on the writers that are at work, now and then."""


def run(asked: Sequence[Task], *, trouble: Trouble = lambda _: None) -> int:
    """Let all writers come to their end; return how many were killed before."""
    began = monotonic()
    processes = [Process(task) for task in asked]
    try:
        while alive := [process for process in processes if not process.ended()]:
            assert monotonic() - began < LONGEST, "they do not come to an end"
            sleep(0.05)
            if sum(process.killed for process in processes) < MOST_KILLED:
                trouble([process for process in alive if process.at_work])
    finally:
        for process in processes:
            process.kill()
    killed = sum(process.killed for process in processes)
    log.info("%d commands in %.1f s, %d killed", COMMANDS, monotonic() - began, killed)
    return killed


def kill_and_cut(place: str, dice: Random, at_work: Sequence[Process]) -> None:
    """Now and then kill a writer, and cut connections to a server."""
    if at_work and dice.randrange(4) == 0:
        dice.choice(at_work).kill()
    if at_work and is_address(place) and dice.randrange(4) == 0:
        with psycopg.connect(place, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                " ORDER BY random() LIMIT 2"
            )


# -- What must hold. ---------------------------------------------------------------


def check(place: str, asked: Sequence[Task]) -> None:
    """Compare what the processes were told with what is recorded."""
    told: dict[str, list[list[str | None]]] = {}
    for task in asked:
        told |= contestant.noted(Path(task.notes))
    assert told.keys() == {contestant.command(number) for number in range(COMMANDS)}, "lost"

    with EventStore(place) as store:
        history = list(in_order(store.history()))
        kept = store.answers(list(told))
    taken = [(r.event.agent, r.stream) for r in history if isinstance(r.event, QuotaSeatTaken)]
    assert len(taken) == SEATS
    assert len({agent for agent, _ in taken}) == SEATS, "an agent has two seats"
    in_regions = Counter(stream.rpartition("-")[2] for _, stream in taken)
    assert in_regions == shares()

    decided = defaultdict(list)
    for recorded in history:
        if recorded.command is not None:
            decided[recorded.command].append(recorded)
    assert decided.keys() == {command for command, reasons in told.items() if not reasons}
    for command, events in decided.items():
        recruited, seated = events
        assert isinstance(recruited.event, AgentRecruited), command
        assert isinstance(seated.event, QuotaSeatTaken), command
        assert seated.position == recruited.position + 1
    assert kept.keys() == told.keys()
    # At full size the cap leaves no room; else only the seats that were allotted are taken.
    refuses = "agent-cap" if SEATS == FULL_SIZE else "seat-allotment"
    for command, reasons in told.items():
        if reasons:
            [[policy, source]] = reasons
            assert (policy, bool(source)) == (refuses, True), command
            [refused] = kept[command].answers
            assert [[r.policy, r.citation.instrument] for r in refused.reasons] == reasons
    assert not replay(history).findings
