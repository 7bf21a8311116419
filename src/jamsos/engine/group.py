"""Many threads, one transaction: letters that wait at the same time are recorded together."""

from __future__ import annotations

from collections.abc import Sequence
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import Any, TypeVar

from jamsos.commands.command import Expansion, Letter
from jamsos.domain.decision import Decision
from jamsos.errors import StoreError

from .writer import Outcome, Writer

C = TypeVar("C")


class _Waiting:
    """A letter that waits for its answer."""

    __slots__ = ("answered", "letter", "outcome")

    def __init__(self, letter: Letter) -> None:
        self.letter = letter
        self.outcome: Outcome = []
        self.answered = Lock()
        self.answered.acquire()


class GroupCommit:
    """
    Answers many threads: letters that come at the same time are recorded together.

    Letters are decided in the order in which they came, and each call returns its own
    answers once they are recorded. While one transaction is written, the next one gathers.
    """

    def __init__(self, writer: Writer, *, most: int) -> None:
        self._writer = writer
        self._most = most
        self._queue: SimpleQueue[_Waiting | None] = SimpleQueue()
        self._closed = False
        self._closing = Lock()
        self._thread = Thread(target=self._work, name="jamsos-group-commit", daemon=True)
        self._thread.start()

    def answer(self, letter: Letter, /) -> list[Decision[Any]]:
        """Return the answers to *letter*, once they are recorded. Raises `StoreError` if closed."""
        waiting = _Waiting(letter)
        with self._closing:
            if self._closed:
                msg = "this desk for many threads is closed: ask the registry"
                raise StoreError(msg)
            self._queue.put(waiting)
        waiting.answered.acquire()
        if isinstance(waiting.outcome, Exception):
            raise waiting.outcome
        return waiting.outcome

    def expand(self, expansion: Expansion[C], /) -> Sequence[C]:
        """Return the commands for which *expansion* stands, as things are recorded."""
        return self._writer.expand(expansion)

    def close(self) -> None:
        """Record what is waiting, and take nothing more."""
        with self._closing:
            if not self._closed:
                self._closed = True
                self._queue.put(None)
        self._thread.join()

    def _work(self) -> None:
        while (first := self._queue.get()) is not None:
            together = [first, *self._gathered()]
            waiting = [each for each in together if each is not None]
            outcomes = self._writer.record([each.letter for each in waiting])
            for each, outcome in zip(waiting, outcomes, strict=True):
                each.outcome = outcome
                each.answered.release()
            if together[-1] is None:
                return

    def _gathered(self) -> list[_Waiting | None]:
        gathered: list[_Waiting | None] = []
        try:
            while len(gathered) < self._most - 1:
                gathered.append(self._queue.get_nowait())
                if gathered[-1] is None:
                    break
        except Empty:
            pass
        return gathered
