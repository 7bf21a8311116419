"""A session that is lent to a caller: for one command at a time, and until it ends."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from threading import RLock
from typing import Any, TypeVar

from jamsos.commands.command import Expansion, Letter
from jamsos.domain.decision import Decision
from jamsos.errors import StoreError

from .draft import Draft
from .session import Session

C = TypeVar("C")
T = TypeVar("T")


class Batch:
    """
    Answers letters in one session, called *name* in errors, as long as it has not ended.

    Threads take turns. In a fork of the process it is over: what both would decide on what one
    of them has read could never be recorded together.
    """

    def __init__(self, session: Session, *, name: str) -> None:
        self._session = session
        self._name = name
        self._process = os.getpid()
        self._turn = RLock()
        self._asking = False
        self._ended = False

    @property
    def draft(self) -> Draft:
        """What was read and decided so far."""
        return self._session.draft

    def answer(self, letter: Letter, /) -> list[Decision[Any]]:
        """
        Return the answer to each command of *letter*.

        Raises `StoreError` if it has ended, or is asked in the midst of a command of its own.
        """
        return self._asked(lambda session: session.answer(letter))

    def expand(self, expansion: Expansion[C], /) -> Sequence[C]:
        """Return the commands for which *expansion* stands. Raises as `answer` does."""
        return self._asked(lambda session: session.expand(expansion))

    def end(self, record: Callable[[Session], None]) -> None:
        """End it, and let *record* have its session. Raises `StoreError` as `answer` does."""
        try:
            self._asked(record)
        finally:
            self._ended = True

    def drop(self) -> None:
        """End it: nothing of it is recorded."""
        self._ended = True

    def _asked(self, ask: Callable[[Session], T]) -> T:
        if os.getpid() != self._process:  # where a thread that is not here may have the turn
            msg = "was begun before the process was forked: begin one in this process"
            raise self._error(msg)
        with self._turn:
            if self._ended:
                msg = "has ended: ask the registry, or begin another"
                raise self._error(msg)
            if self._asking:  # by a policy, or by a signal handler
                msg = "is in the midst of a command: ask it when that is answered"
                raise self._error(msg)
            try:
                self._asking = True
                return ask(self._session)
            finally:
                self._asking = False

    def _error(self, what: str) -> StoreError:
        return StoreError(f"this {self._name} {what}")
