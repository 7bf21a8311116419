"""Many threads, one transaction: requests that wait at the same time are recorded together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import Any

from jamsos.domain.identity import AgentId
from jamsos.errors import StoreError

from .desk import Desk, Once, Source
from .recording import Sent
from .request import Request, command_id


class _Waiting:
    """Somebody who waits for the answer to a request."""

    __slots__ = ("answered", "outcome", "sent")

    def __init__(self, sent: Sent) -> None:
        self.sent = sent
        self.outcome: Any = None
        self.answered = Lock()
        self.answered.acquire()


class GroupCommit(Desk):
    """
    A desk for many threads: it records together what they ask at the same time.

    Requests are decided in the order in which they came, and each call returns its own
    answer once it is recorded. While one transaction is written, the next one gathers.
    """

    def __init__(
        self, source: Source, record: Callable[[Sequence[Sent]], list[Any]], *, most: int
    ) -> None:
        super().__init__(source)
        self._record = record
        self._most = most
        self._queue: SimpleQueue[_Waiting | None] = SimpleQueue()
        self._closed = False
        self._closing = Lock()
        self._thread = Thread(target=self._work, name="jamsos-group-commit", daemon=True)
        self._thread.start()

    def once(self, command: str) -> Desk:
        """Give a desk for one request under a command id, as `Registry.once` does."""
        return Once(self._source, self._ask, command_id(command))

    def close(self) -> None:
        """Record what is waiting, and take nothing more."""
        with self._closing:
            if not self._closed:
                self._closed = True
                self._queue.put(None)
        self._thread.join()

    def _answer(self, request: Request) -> Any:  # noqa: ANN401 - what its verb returns
        return self._ask(request, None)

    def _ask(self, request: Request, command: str | None) -> Any:  # noqa: ANN401 - likewise
        waiting = _Waiting(Sent(request, command))
        with self._closing:
            if self._closed:
                msg = "this desk for many threads is closed: ask the registry"
                raise StoreError(msg)
            self._queue.put(waiting)
        waiting.answered.acquire()
        if isinstance(waiting.outcome, Exception):
            raise waiting.outcome
        return waiting.outcome

    def _due(self, programme: str, on: date) -> list[AgentId]:
        return Desk(self._source)._due(programme, on)  # noqa: SLF001 - a desk that has read nothing

    def _work(self) -> None:
        while (first := self._queue.get()) is not None:
            together = [first, *self._gathered()]
            ends = together[-1] is None
            waiting = [each for each in together if each is not None]
            # What rests on the whole history as it is recorded is asked by itself.
            for group in _groups(waiting):
                outcomes = self._record([each.sent for each in group])
                for each, outcome in zip(group, outcomes, strict=True):
                    each.outcome = outcome
                    each.answered.release()
            if ends:
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


def _groups(waiting: Sequence[_Waiting]) -> list[list[_Waiting]]:
    """Return *waiting* in groups that can be decided on one desk, in order."""
    groups: list[list[_Waiting]] = [[]]
    for each in waiting:
        if each.sent.request.alone:
            groups += [[each], []]
        else:
            groups[-1].append(each)
    return [group for group in groups if group]
