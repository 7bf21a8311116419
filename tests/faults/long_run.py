"""
The long run: eight processes write for minutes, while whatever they stand on fails at random.

Writers fork, are killed, stopped for a while, and interrupted by signals that raise; the database
is locked, connections are cut, the server is stopped, time-outs are set. The faults come from a
seed, which repeats them; what they meet is up to the machine. After each round, what the writers
were answered is held against what is recorded. A store that failed is kept.

    make long-run MINUTES=20 SEED=7
"""

from __future__ import annotations

import argparse
import fcntl
import os
import shutil
import signal
import sqlite3
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from random import Random
from tempfile import mkdtemp
from typing import Any, Final

import attrs
import psycopg

import jamsos
from jamsos.domain.aggregate import Event
from jamsos.errors import JamsosError, OutcomeUnknownError
from tests import postgres as servers
from tests.faults import evidence, programs, running
from tests.faults.evidence import Acknowledgements, Harm, Told

WRITERS: Final = 8
ROUND: Final = 10.0
"""For how many seconds writers write, before they are stopped and the store is checked."""
FAULTS: Final = 20
"""Faults in a round."""
_ENOUGH: Final = 60.0
"""Seconds after its round in which every writer must have ended: nobody waits for ever."""
CHILDREN: Final = 0.1
"""How often a writer lets a child ask, of the times that it asks."""
SOFT: Final = frozenset({signal.SIGUSR1})


# -- A writer. ---------------------------------------------------------------------------


class Interrupted(Exception):  # noqa: N818 - raised by a signal, as a soft limit of Celery is
    """Raised by the handler of a signal, wherever the program just is."""


def endure(place: str, acks: str, name: str, *, seed: int, seconds: float) -> None:
    """
    Write at *place* for so many *seconds*, in ways that *seed* chooses; note every answer.

    A letter that failed is sent again under its id.
    """
    signal.signal(signal.SIGUSR1, _interrupt)
    signal.pthread_sigmask(signal.SIG_BLOCK, SOFT)  # but while something is asked: see `_open_to`
    dice, end = Random(seed), time.monotonic() + seconds
    with noting(Path(acks)) as told:
        writer = _Writer(told, name)
        while time.monotonic() < end:
            try:
                writer.visit(place, dice, acks=Path(acks), end=end)
            except JamsosError as error:  # it could not be opened
                told.failed(place, error)


def _interrupt(_number: int, _frame: object) -> None:
    raise Interrupted


@contextmanager
def _open_to(signals: frozenset[signal.Signals]) -> Iterator[None]:
    """Let *signals* interrupt the main thread meanwhile: an answer is noted whole."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    try:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, signals)
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_BLOCK, signals)


@contextmanager
def noting(acks: Path) -> Iterator[Acknowledgements]:
    """Give a file of acknowledgements that is locked for as long as its writer lives."""
    with evidence.acknowledging(acks) as told, acks.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield told


class _Writer:
    """Sends letters of its own, each until it is answered, and notes what it is told."""

    def __init__(self, told: Acknowledgements, name: str) -> None:
        self._told = told
        self._name = name
        self._number = 0
        self._waiting: list[str] = []

    def visit(self, place: str, dice: Random, *, acks: Path, end: float) -> None:
        """Open the store, ask in a few ways, perhaps through a child, and close it."""
        with jamsos.open(place, patience=dice.choice((0.5, 5.0))) as registry:
            for _ in range(dice.randrange(1, 8)):
                if dice.random() < CHILDREN:
                    _forked(registry, acks, f"{self._name}f{self._number}")
                way = dice.choice((self.one_by_one, self.in_a_batch, self.in_threads))
                way(registry, dice)
                if time.monotonic() > end:
                    break

    def one_by_one(self, registry: jamsos.Registry, dice: Random) -> None:
        """Send a few letters, one after another."""
        for letter in self._letters(dice.randrange(1, 10)):
            self._send(registry, letter)

    def in_a_batch(self, registry: jamsos.Registry, dice: Random) -> None:
        """Send a few letters that are recorded in one transaction."""
        letters, answers = self._letters(dice.randrange(1, 10)), {}
        try:
            with _open_to(SOFT), registry.batch() as desk:
                for letter in letters:
                    answers[letter] = answer(desk, letter)
        except (JamsosError, Interrupted) as error:
            self._failed(letters, error)
        else:
            for letter, said in answers.items():
                self._told.answered(letter, said)

    def in_threads(self, registry: jamsos.Registry, dice: Random) -> None:
        """Send letters from several threads, which are recorded together."""
        letters = self._letters(dice.randrange(4, 40))
        mine, theirs = letters[::5], [le for n, le in enumerate(letters) if n % 5]
        with registry.group_commit() as desk, ThreadPoolExecutor(4) as together:
            sent = [together.submit(self._send, desk, letter) for letter in theirs]
            for letter in mine:
                self._send(desk, letter)
            for each in sent:
                each.result()

    def _letters(self, number: int) -> list[str]:
        """Return those that wait to be sent again, and so many new ones."""
        again, self._waiting = self._waiting, []
        for letter in again:  # whoever kills it now leaves open what comes of them
            self._told.failed(letter, OutcomeUnknownError("sent again"))
        self._number += number
        return again + [f"{self._name}-{n}" for n in range(self._number - number, self._number)]

    def _send(self, desk: Any, letter: str) -> None:
        try:
            with _open_to(SOFT):
                said = answer(desk, letter)
        except (JamsosError, Interrupted) as error:
            self._failed([letter], error)
        else:
            self._told.answered(letter, said)

    def _failed(self, letters: Sequence[str], error: Exception) -> None:
        self._waiting += letters
        for letter in letters:
            self._told.failed(letter, error)


def _forked(registry: jamsos.Registry, acks: Path, name: str) -> None:
    """Let a child go on with the *registry* that was opened before it was born."""
    if os.fork():
        return
    code = 1
    try:
        with noting(acks.with_name(f"{acks.name}-{name}")) as told:
            child = _Writer(told, name)
            for way in (child.one_by_one, child.in_threads, child.in_a_batch):
                way(registry, Random(name))
        code = 0
    except BaseException:  # noqa: BLE001 - a child never goes on as if it were its parent
        sys.excepthook(*sys.exc_info())
        sys.stderr.flush()
    finally:
        os._exit(code)


def answer(desk: Any, letter: str) -> Any:
    """Send one letter, under its own id: every fourth asks for an agent, the others register."""
    if int(letter.rpartition("-")[2]) % 4 == 0:
        return programs.answer(desk, letter)
    name = programs.agent(letter).replace("agent", "participant")
    region = programs.REGIONS[programs.hash_of(letter) % len(programs.REGIONS)]
    return desk.once(letter).register(name, province=region, on=programs.AFTER)


PROGRAMS: Final = {"endure": endure}


# -- The faults. ---------------------------------------------------------------------------


@attrs.frozen
class Fault:
    """What is done to which writer, or to what all stand on, so many seconds into a round."""

    at: float
    what: str
    writer: int
    size: float


ANYWHERE: Final = ("kill", "pause", "interrupt", "interrupt", "interrupt")
OF_A_FILE: Final = (*ANYWHERE, "lock", "lock")
OF_A_SERVER: Final = (*ANYWHERE, "cut", "cut", "restart", "statement time-out", "idle time-out")


def plan(seed: str, kinds: Sequence[str], seconds: float) -> list[Fault]:
    """Return the faults of a round of so many *seconds*, in order of time."""
    dice = Random(seed)
    faults = [
        Fault(
            dice.uniform(0.2, seconds), dice.choice(kinds), dice.randrange(WRITERS), dice.random()
        )
        for _ in range(FAULTS)
    ]
    return sorted(faults, key=lambda fault: fault.at)


class Standing:
    """What the writers of a round stand on, and how it is made to fail."""

    def __init__(self, place: str, server: servers.Server | None) -> None:
        self.place = place
        self.server = server
        self.writers: list[running.Child] = []

    def strike(self, fault: Fault) -> None:
        """Let *fault* happen."""
        doing: dict[str, Callable[[Fault], None]] = {
            "kill": self._signal(signal.SIGKILL),
            "interrupt": self._signal(signal.SIGUSR1),
            "pause": self._pause,
            "lock": self._lock,
            "cut": self._cut,
            "restart": self._restart,
            "statement time-out": self._time_out("statement_timeout"),
            "idle time-out": self._time_out("idle_session_timeout"),
        }
        doing[fault.what](fault)

    def _signal(self, number: signal.Signals) -> Callable[[Fault], None]:
        return lambda fault: os.kill(self.writers[fault.writer].pid, number)

    def _pause(self, fault: Fault) -> None:
        pid = self.writers[fault.writer].pid
        os.kill(pid, signal.SIGSTOP)
        time.sleep(fault.size)
        os.kill(pid, signal.SIGCONT)

    def _lock(self, fault: Fault) -> None:
        with closing(sqlite3.connect(self.place, isolation_level=None, timeout=30)) as database:
            database.execute("BEGIN IMMEDIATE")
            time.sleep(2 * fault.size)

    def _cut(self, _: Fault) -> None:
        if self.server is not None:
            self.server.terminate_connections(self.place)

    def _restart(self, fault: Fault) -> None:
        if self.server is not None:
            self.server.stop("immediate" if fault.size < 0.5 else "fast")
            time.sleep(fault.size)
            self.server.start()

    def _time_out(self, setting: str) -> Callable[[Fault], None]:
        def strike(fault: Fault) -> None:
            with psycopg.connect(self.place, autocommit=True) as connection:
                milliseconds = round(20 + 80 * fault.size)
                [(name,)] = connection.execute("SELECT current_database()")
                connection.execute(f'ALTER DATABASE "{name}" SET {setting} = {milliseconds}')
                time.sleep(fault.size)
                connection.execute(f'ALTER DATABASE "{name}" RESET {setting}')

        return strike


# -- A round, and all of them. ---------------------------------------------------------------


def one_round(
    on: Standing, nursery: running.Nursery, folder: Path, seed: str, seconds: float
) -> Counter[str]:
    """Let eight write while faults strike; return how often each did, and how many were told."""
    kinds = OF_A_FILE if on.server is None else OF_A_SERVER
    on.writers = [
        nursery.start(
            "endure",
            place=on.place,
            acks=str(folder / f"acks-{seed}-{writer}"),
            name=f"{seed}w{writer}",
            seed=writer,
            seconds=seconds,
        )
        for writer in range(WRITERS)
    ]
    begun = time.monotonic()
    struck: Counter[str] = Counter()
    for fault in plan(seed, kinds, seconds):
        time.sleep(max(0.0, begun + fault.at - time.monotonic()))
        on.strike(fault)
        struck[fault.what] += 1
    for writer in on.writers:
        code = writer.wait(seconds + _ENOUGH)
        if code not in {0, -signal.SIGKILL}:
            msg = f"a writer ended with {code}: {writer.output.read_text()}"
            raise BrokenError(msg)
    return struck


class BrokenError(Exception):
    """Raised if a store did not keep its word."""


def check(place: str, folder: Path, *, again: int) -> Told:
    """Hold what writers were told against what is recorded; send *again* the last of them."""
    files = sorted(folder.glob("acks-*"))
    running.wait_until(lambda: all(map(_is_over, files)), _ENOUGH)
    said = evidence.told(*files)
    if (harm := harm_of(place, said)) != Harm():
        raise BrokenError(str(harm))
    changed, answers = [], dict(said.answers)
    with jamsos.open(place) as registry, noting(folder / "acks-check") as told:
        for letter in [*said.answers, *said.errors][-again:]:
            if letter != place:
                found = answer(registry, letter)
                told.answered(letter, found)
                now = repr(found)
                if answers.setdefault(letter, now) != now:
                    changed.append(letter)
    if changed or (harm := harm_of(place, Told(answers, {}))) != Harm():
        msg = f"sent again: {harm}, changed: {changed[:5]}"
        raise BrokenError(msg)
    return said


def harm_of(place: str, said: Told) -> Harm:
    """Return what is wrong with the store at *place*, whose writers were told what *said* says."""
    if damage := evidence.damage_of(place):
        return Harm(damage=damage)
    order = "notification_id" if evidence.is_server(place) else "rowid"
    by: dict[str, list[Event]] = defaultdict(list)
    with jamsos.open(place) as registry:
        for recorded in registry.history():
            if recorded.command is not None:
                by[recorded.command].append(recorded.event)
    granted = {letter: told for letter, told in said.answers.items() if "Accepted" in told}
    refused = said.answers.keys() - granted
    return Harm(
        lost=tuple(letter for letter in granted if letter not in by),
        torn=tuple(le for le, told in granted.items() if le in by and _accepted(by[le]) != told),
        denied=tuple(
            letter
            for letter, error in said.errors.items()
            if letter in by and error not in {programs.UNKNOWN, Interrupted.__name__}
        )
        + tuple(letter for letter in refused if letter in by),
        gaps=evidence.gaps_of(evidence.versions(place, "stored_events", order)),
    )


def _accepted(events: Sequence[Event]) -> str:
    return repr(jamsos.Accepted(*events))


def _is_over(acks: Path) -> bool:
    """Return whether the writer of this file, and every child of its, has ended."""
    with acks.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def over(kind: str, *, seconds: float, seed: int, round_seconds: float = ROUND) -> bool:
    """Let rounds follow each other over one kind of store; return whether it kept its word."""
    folder = Path(mkdtemp(prefix=f"jamsos-long-run-{kind}-"))
    kept, rounds, struck, said = True, 0, Counter[str](), Told({}, {})
    with ExitStack() as stack:
        server = stack.enter_context(servers.server()) if kind == "postgres" else None
        place = str(folder / "store.db") if server is None else server.new_database()
        programs.prepare(place)
        on = Standing(place, server)
        nursery = stack.enter_context(running.Nursery("long_run", folder))
        end = time.monotonic() + seconds
        try:
            while rounds == 0 or time.monotonic() < end:
                struck += one_round(on, nursery, folder, f"s{seed}r{rounds}", round_seconds)
                said = check(place, folder, again=200)
                rounds += 1
        except (BrokenError, AssertionError, TimeoutError) as broken:
            kept = False
            print(f"{kind}: FAILED in round {rounds} of seed {seed}: {broken}")
            print(f"kept in {folder}")
            if server is not None:
                server.keep(folder / "server")
        told = ", ".join(f"{number} {what}" for what, number in sorted(struck.items()))
        print(
            f"{kind}: seed {seed}, {rounds} rounds, {len(said.answers):,} letters acknowledged and"
            f" recorded once, {len(said.errors):,} never answered; {told}"
        )
    if kept:
        shutil.rmtree(folder)
    return kept


def main() -> int:
    """Run over each kind of store for its share of the minutes; return 1 if one failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=20.0)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--store", choices=("sqlite", "postgres"), default=None)
    asked = parser.parse_args()
    seed = Random().randrange(10_000) if asked.seed is None else asked.seed
    kinds = [asked.store] if asked.store else ["sqlite", "postgres"]
    print(f"seed {seed}", flush=True)
    kept = [over(kind, seconds=60 * asked.minutes / len(kinds), seed=seed) for kind in kinds]
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
