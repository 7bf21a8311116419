"""Signals that end a command: it is left in order, and says so in one line."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

from .exit_codes import SIGNALLED

_SAID: Final = {"SIGINT": "interrupted", "SIGTERM": "terminated", "SIGHUP": "the terminal is gone"}


class Stopped(KeyboardInterrupt):
    """Raised where a command is when it is told to end, so that what it has begun is undone."""

    def __init__(self, name: str) -> None:
        super().__init__(_SAID[name])
        self.exit_code: Final[int] = SIGNALLED + getattr(signal, name)


@contextmanager
def stoppable() -> Iterator[None]:
    """Raise `Stopped` where a signal would end the program meanwhile; others' handlers stay."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    ends = (signal.SIG_DFL, signal.default_int_handler)
    names = [name for name in _SAID if hasattr(signal, name)]
    before = {name: signal.getsignal(getattr(signal, name)) for name in names}
    ours = [name for name in names if before[name] in ends]
    for name in ours:
        signal.signal(getattr(signal, name), _stop)
    try:
        yield
    finally:
        for name in ours:
            signal.signal(getattr(signal, name), before[name])


def _stop(number: int, _: FrameType | None) -> None:
    raise Stopped(signal.Signals(number).name)
