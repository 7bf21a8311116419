"""What a command that makes something does when it is told to end: it clears up first."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

_TOLD: Final = ("SIGTERM", "SIGHUP")


class _ToldToEnd(BaseException):
    """The process was sent the signal *number*."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@contextmanager
def cleared_up() -> Iterator[None]:
    """Let everything be cleared up that is under way if the process is told to end; then end."""
    if threading.current_thread() is not threading.main_thread():
        yield  # signals are for the main thread
        return
    numbers = [getattr(signal, name) for name in _TOLD if hasattr(signal, name)]
    ours = [n for n in numbers if signal.getsignal(n) is signal.SIG_DFL]
    for number in ours:
        signal.signal(number, _end)
    try:
        yield
    except _ToldToEnd as told:
        signal.signal(told.number, signal.SIG_DFL)
        os.kill(os.getpid(), told.number)
        raise
    finally:
        for number in ours:
            signal.signal(number, signal.SIG_DFL)


def _end(number: int, _: FrameType | None) -> None:
    signal.signal(number, signal.SIG_IGN)  # to be told twice changes nothing
    raise _ToldToEnd(number)
