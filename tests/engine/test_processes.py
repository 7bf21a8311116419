"""Forks, signal handlers that raise, and processes that end: nobody waits for ever."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread
from time import monotonic
from typing import Any

import pytest

import jamsos
from jamsos.errors import StoreError
from tests.engine.beginnings import DAY, agent, participant, recruit, two_seats
from tests.faults.guarantees import promised

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork"),
    pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning"),
    # A signal that hits the callback of a weak reference is told, and raised to nobody.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


def in_a_fork(check: Callable[[], bool]) -> bool:
    """Return whether *check* does, in a fork, which is given ten seconds."""
    child = os.fork()
    if child == 0:
        signal.alarm(10)
        code = 2
        with suppress(BaseException):
            code = 0 if check() else 1
        os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def says(ask: Callable[[], Any], what: str) -> bool:
    try:
        ask()
    except StoreError as error:
        return what in str(error)
    return False


@contextmanager
def deciding(registry: jamsos.Registry) -> Iterator[None]:
    """Let another thread be in the midst of a decision."""
    there, done = Event(), Event()

    def decide() -> None:
        with registry._source.deciding:
            there.set()
            done.wait()

    thread = Thread(target=decide)
    thread.start()
    there.wait()
    yield
    done.set()
    thread.join()


def test_a_fork_decides_though_a_thread_that_is_not_there_was_deciding(office):
    with deciding(office):
        assert in_a_fork(lambda: office._source.deciding.acquire(timeout=5))


@promised(
    "A desk of `group_commit` says in a child that its thread is not there.",
    fault="fork",
)
def test_a_desk_for_many_threads_says_in_a_fork_that_its_thread_is_not_there(office):
    with office.group_commit() as desk:
        assert recruit(desk, agent(1)).or_raise().events

        def check() -> bool:
            desk._answering.close()
            return (
                says(lambda: recruit(desk, agent(2)), "was forked, and its thread is not here")
                and says(lambda: recruit(desk.once("letter-1"), agent(2)), "forked")
                and says(lambda: desk.evaluate_agents("perisai", on=DAY), "forked")
            )

        assert in_a_fork(check)
        assert recruit(desk, agent(2)).or_raise().events


@promised(
    "A batch or a trial that was begun before says so in a child.",
    fault="fork",
)
def test_a_batch_and_a_trial_say_in_a_fork_that_they_are_not_of_it(office):
    trial = office.trial()
    with office.batch() as desk:
        recruit(desk, agent(1)).or_raise()
        assert in_a_fork(lambda: says(lambda: recruit(desk, agent(2)), "this batch was begun"))
        assert in_a_fork(lambda: says(lambda: recruit(trial, agent(2)), "this trial was begun"))

    assert office.quota("perisai").taken == 1


def test_a_batch_is_not_recorded_by_a_fork(office):
    def end() -> None:
        with office.batch() as desk:
            recruit(desk, agent(1)).or_raise()
            if not in_a_fork(lambda: False):  # which goes on as its parent does
                return

    batch = office.batch()
    desk = batch.__enter__()
    recruit(desk, agent(1)).or_raise()
    assert in_a_fork(lambda: says(lambda: batch.__exit__(None, None, None), "before the process"))
    batch.__exit__(None, None, None)
    end()

    assert office.quota("perisai").taken == 1


# -- Signal handlers. ---------------------------------------------------------------


class Interrupted(BaseException):
    """Raised by a signal handler, as by Ctrl-C."""


@contextmanager
def interrupting(seed: int) -> Iterator[Callable[[], None]]:
    """Give what arms an alarm: soon, a signal handler raises."""
    draw = random.Random(seed)

    def raised(*_: object) -> None:
        raise Interrupted

    before = signal.signal(signal.SIGALRM, raised)
    try:
        yield lambda: signal.setitimer(signal.ITIMER_REAL, draw.uniform(1e-5, 3e-3))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def hit(arm: Callable[[], None], ask: Callable[[], Any]) -> Any:
    """Return what *ask* returns, or None if it was interrupted."""
    try:
        try:
            arm()
            return ask()
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    except Interrupted:
        return None


@pytest.mark.parametrize("seed", [1, 2])
def test_a_signal_handler_that_raises_hits_one_command_and_no_other(tmp_path, seed):
    told: list[int] = []
    end = monotonic() + 1.5
    with jamsos.open(tmp_path / "office.db") as registry, interrupting(seed) as arm:
        two_seats(registry)
        number = 0
        while monotonic() < end:
            number += 1

            def ask(number: int = number) -> Any:
                desk = registry.once(f"letter-{number}")
                return desk.register(participant(number), province="51", on=DAY)

            if hit(arm, ask) is not None:
                told.append(number)
            assert ask().or_raise().events, "asked again, it is recorded, and answered"
            assert len(registry.participant(participant(number)).told) == 1
            hit(arm, registry.performance)
        registry.performance()

        commands = [r.command for r in registry.history()]
        assert {f"letter-{n}" for n in told} <= {*commands}
        assert len(commands) == len({*commands} - {None}) + commands.count(None)
        done = Event()
        Thread(target=lambda: (recruit(registry, agent(1)), done.set()), daemon=True).start()
        assert done.wait(10), "no lock is left held"


@promised(
    "A batch goes on without the command that was interrupted: of many rows all are"
    " recorded, or none.",
    fault="interrupted",
)
def test_a_batch_goes_on_without_the_command_that_was_interrupted(office):
    answered = []
    with interrupting(3) as arm, office.batch() as desk:
        for number in range(300):
            rows = [
                {"participant": participant(10 * number + n), "province": "51", "on": DAY}
                for n in range(4)
            ]
            if hit(arm, lambda rows=rows: desk.register_many(rows)) is not None:
                answered.append(number)

    there = [
        [bool(office.participant(participant(10 * number + n)).told) for n in range(4)]
        for number in range(300)
    ]
    assert all(all(there[number]) for number in answered)
    assert all(all(rows) or not any(rows) for rows in there), "of what was interrupted: all or none"
    assert 0 < len(answered) < len(there)


def test_a_thread_that_is_interrupted_as_it_waits_lets_the_others_go_on(office):
    with interrupting(4) as arm, office.group_commit() as desk:
        lock = office._source.deciding
        lock.acquire()
        began = monotonic()
        assert hit(arm, lambda: recruit(desk, agent(1))) is None
        assert monotonic() - began < 5
        lock.release()

        assert recruit(desk, agent(2)).or_raise().events


# -- The end of a process. ----------------------------------------------------------

ENDING = """
import sys, threading, time
from datetime import date
import jamsos
from jamsos.domain.participant import Enrolment

class Slow:
    def __call__(self, case):
        time.sleep(60)

registry = jamsos.open(sys.argv[1], policies={Enrolment: [Slow()]})
begun = registry.group_commit()
desk = begun.__enter__()
print(desk.allot, file=open("/dev/null", "w"))
for number in range(3):
    threading.Thread(
        target=lambda: desk.register(
            jamsos.new_participant_id(), province="51", on=date(2018, 1, 8)
        ),
        daemon=True,
    ).start()
time.sleep(0.2)
HOW
"""


@promised(
    "It ends too where threads wait to be answered together.",
    fault="interrupted",
)
@pytest.mark.parametrize(
    ("how", "code"),
    [("", 0), ("sys.exit(3)", 3)],
)
def test_a_process_ends_though_threads_wait_in_a_group(tmp_path, how, code):
    began = monotonic()
    ended = subprocess.run(
        [sys.executable, "-c", ENDING.replace("HOW", how), str(tmp_path / "office.db")],
        capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip

    assert (ended.returncode, ended.stderr) == (code, "")
    assert monotonic() - began < 10
