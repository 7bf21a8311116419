"""One process of the contest: it asks for seats from many threads, and notes each answer."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from datetime import date
from itertools import count
from pathlib import Path
from random import Random
from time import sleep
from typing import Any

import attrs

import jamsos
from jamsos.errors import ConflictError, OutcomeUnknownError, StoreError, UnavailableError
from jamsos.store.place import is_address
from jamsos.store.postgres import PostgresRecorder
from jamsos.store.recorder import Answered, NewRow, Recorder
from jamsos.store.sqlite import SQLiteRecorder

LAUNCH = date(2018, 2, 5)
REGIONS = ("11", "12", "16", "31", "32", "33", "34", "35", "51", "64", "73")
TRIES = 20


@attrs.frozen
class Task:
    """The work of a process: every *processes*-th command, from the one numbered *process*."""

    place: str
    notes: str
    process: int
    processes: int
    commands: int
    threads: int = 16
    together: bool = True
    """Through group commit; or else each thread asks the registry."""
    one_lost_in: int = 0
    """How many appends there are to one whose reply is lost; 0 where none is."""


def command(number: int) -> str:
    """Return the id of a command."""
    return f"letter-{number}"


def agent(number: int) -> str:
    """Return the agent who asks by it."""
    return f"agent-00000000-0000-7000-8000-{number:012}"


def region(number: int) -> str:
    """Return where they ask for a seat."""
    return REGIONS[number % len(REGIONS)]


class Losing:
    """A `Recorder` that wraps another: now and then an append fails, or its reply is lost."""

    def __init__(self, recorder: Recorder, *, one_in: int, dice: Random) -> None:
        self._recorder = recorder
        self._one_in = one_in
        self._dice = dice

    def __getattr__(self, name: str) -> Any:
        return getattr(self._recorder, name)

    def append(self, rows: Sequence[NewRow], *, answered: Sequence[Answered], **rest: Any) -> int:
        fate = self._dice.randrange(2 * self._one_in)
        if fate == 0:
            msg = "the store is away, for once"
            raise UnavailableError(msg)
        last = self._recorder.append(rows, answered=answered, **rest)
        if fate in {1, 2}:
            msg = "the reply is lost, and all is recorded"
            raise OutcomeUnknownError(msg)
        return last


def opened(place: str) -> Recorder:
    """Open the database, also if the connection is cut while it is opened."""
    for attempt in count(1):
        try:
            if is_address(place):
                return PostgresRecorder(place)
            return SQLiteRecorder(place, create=True)
        except UnavailableError:
            if attempt == TRIES:
                raise
            sleep(0.1)
    raise AssertionError


def recorder(task: Task) -> Recorder:
    own = opened(task.place)
    dice = Random(task.process)
    return Losing(own, one_in=task.one_lost_in, dice=dice) if task.one_lost_in else own


def noted(notes: Path) -> dict[str, list[list[str | None]]]:
    """Return what *notes* say: of each command the reasons of its refusal, none if granted."""
    lines = notes.read_text().splitlines() if notes.exists() else []
    told = [json.loads(line) for line in lines]
    answers = dict(told)
    assert len(answers) == len(told), "a command was answered after its answer had been noted"
    return answers


def work(task: Task) -> None:
    """Ask for every seat that is not answered in the notes, and note the answers."""
    notes = Path(task.notes)
    known = noted(notes)
    numbers = [
        number
        for number in range(task.process, task.commands, task.processes)
        if command(number) not in known
    ]
    file = os.open(notes, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    with jamsos.open(recorder(task)) as registry:

        def ask(numbers: Iterable[int]) -> None:
            for number in numbers:
                answer = asked(desk, number)
                reasons = getattr(answer, "reasons", ())
                why = [[r.policy, r.citation and r.citation.instrument] for r in reasons]
                os.write(file, json.dumps([command(number), why]).encode() + b"\n")

        with (
            registry.group_commit() if task.together else nullcontext(registry) as desk,
            ThreadPoolExecutor(task.threads) as threads,
        ):
            list(threads.map(ask, [numbers[n :: task.threads] for n in range(task.threads)]))


def asked(desk: Any, number: int) -> Any:
    """Send one command until it is answered, always under the same id."""
    for attempt in range(TRIES):
        try:
            return desk.once(command(number)).recruit(
                agent(number), "perisai", province="51", region=region(number), on=LAUNCH
            )
        except (ConflictError, StoreError):
            if attempt == TRIES - 1:
                raise
    return None


def start(task: Task) -> Mapping[str, Any]:
    """Return how to start a process with this *task*, by `subprocess.Popen`."""
    return {"args": [sys.executable, __file__, json.dumps(attrs.asdict(task))]}


if __name__ == "__main__":
    work(Task(**json.loads(sys.argv[1])))
