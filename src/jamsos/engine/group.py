"""Many threads, one transaction: letters that wait at the same time are recorded together."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from queue import Empty, SimpleQueue
from threading import Lock, Thread, get_ident
from time import monotonic
from typing import Any, TypeVar

from jamsos.commands.command import Expansion, Letter
from jamsos.domain.decision import Decision
from jamsos.errors import StoreError

from .writer import Outcome, Writer

C = TypeVar("C")


class _Waiting:
    """A letter that waits for its answer, and since when."""

    __slots__ = ("_answered", "letter", "outcome", "since")

    def __init__(self, letter: Letter) -> None:
        self.letter = letter
        self.since = monotonic()
        self.outcome: Outcome | None = None
        self._answered = Lock()
        self._answered.acquire()

    def answer(self, outcome: Outcome) -> None:
        """Let the one who waits have *outcome*: the first that there is."""
        if self.outcome is None:
            self.outcome = outcome
            self._answered.release()

    def answers(self) -> list[Decision[Any]]:
        """Wait, and return the answers; raise the error in place of them."""
        self._answered.acquire()
        outcome = self.outcome
        if isinstance(outcome, Exception):
            raise outcome
        if isinstance(outcome, BaseException):  # it would end the thread of the one who waits
            msg = (
                f"{type(outcome).__name__} was raised while this command was answered for a group;"
                f" nothing of it was recorded"
            )
            raise StoreError(msg) from outcome
        return outcome or []


class GroupCommit:
    """
    Answers many threads: letters that come at the same time are recorded together.

    Letters are decided in the order in which they came, and each call returns its own
    answers once they are recorded. While one transaction is written, the next one gathers.
    Nobody waits for a thread that is gone: whatever ends it, those who wait get an error.
    """

    def __init__(self, writer: Writer, *, most: int) -> None:
        self._writer = writer
        self._most = most
        # Its put may be interrupted by a signal handler that puts too: there is no lock to wait for
        self._queue: SimpleQueue[_Waiting | None] = SimpleQueue()
        self._in_hand: list[_Waiting] = []
        self._process = os.getpid()
        self._closed = False
        self._ended = False
        self._thread = Thread(target=self._work, name="jamsos-group-commit", daemon=True)
        self._thread.start()

    def answer(self, letter: Letter, /) -> list[Decision[Any]]:
        """
        Return the answers to *letter*, once they are recorded.

        Raises `StoreError` if it is closed, its thread is gone, or this is another process: a
        fork has no thread of it.
        """
        self._check_process()
        if self._closed:
            raise _closed()
        waiting = _Waiting(letter)
        self._queue.put(waiting)
        if self._ended:  # after it took what was there
            self._send_away()
        return waiting.answers()

    def expand(self, expansion: Expansion[C], /) -> Sequence[C]:
        """Return the commands for which *expansion* stands, as things are recorded."""
        self._check_process()
        return self._writer.expand(expansion)

    def close(self) -> None:
        """
        Take nothing more, and return once what is waiting is recorded.

        In a signal handler or in a policy, in the midst of a decision of this thread, it does not
        wait: what is waiting is recorded once that decision is over.
        """
        if os.getpid() != self._process:
            return
        self._closed = True
        self._queue.put(None)
        own = self._thread.ident == get_ident()
        if not own and not sys.is_finalizing() and not self._writer.is_deciding():
            self._thread.join()

    def _check_process(self) -> None:
        if os.getpid() != self._process:
            msg = (
                "this desk for many threads was begun before the process was forked, and its thread"
                " is not here: begin group_commit() in this process"
            )
            raise StoreError(msg)

    def _work(self) -> None:
        try:
            while self._next():
                letters = [each.letter for each in self._in_hand]
                since = [each.since for each in self._in_hand]
                outcomes = self._writer.record(letters, since=since)
                for each, outcome in zip(self._in_hand, outcomes, strict=True):
                    each.answer(outcome)
        finally:
            self._closed = self._ended = True
            for each in self._in_hand:
                each.answer(_gone())
            self._send_away()

    def _next(self) -> bool:
        """Take in hand what waits, at least one; return False if it is closed, and none does."""
        self._in_hand = []
        while not self._in_hand:
            try:
                each = self._queue.get(block=not self._closed)
            except Empty:
                return False
            if each is not None:
                self._in_hand.append(each)
        while len(self._in_hand) < self._most:
            try:
                each = self._queue.get_nowait()
            except Empty:
                break
            if each is not None:
                self._in_hand.append(each)
        return True

    def _send_away(self) -> None:
        """Give each who came as it ended an error."""
        while True:
            try:
                each = self._queue.get_nowait()
            except Empty:
                return
            if each is not None:
                each.answer(_closed())


def _closed() -> StoreError:
    return StoreError("this desk for many threads is closed: ask the registry")


def _gone() -> StoreError:
    msg = (
        "the thread that answers this desk for many threads has ended; the command may be recorded"
        " or not, send the same command again to the registry"
    )
    return StoreError(msg)
