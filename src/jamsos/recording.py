"""The one write path: read afresh, decide, append where nothing has changed, or decide again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from random import uniform
from threading import RLock
from time import monotonic, sleep
from typing import Any, Final

import attrs

from jamsos.domain.aggregate import State
from jamsos.errors import (
    ConflictError,
    CorruptHistoryError,
    InputError,
    OutcomeUnknownError,
    UnavailableError,
)
from jamsos.store.event_store import Command, EventStore, entry

from .desk import Desk
from .request import Request

PATIENCE: Final = 10.0
"""For how many seconds a request is decided again, before its error is raised."""
_LONGEST_PAUSE: Final = 0.1
_PASSING: Final = (ConflictError, UnavailableError, OutcomeUnknownError)
"""What may go otherwise when all is decided again."""


@attrs.frozen(eq=False)
class Sent:
    """A request that somebody waits for, and the command id that he gave it."""

    request: Request
    command: str | None = None


class Recording:
    """Records what desks decide in a store, and tells *keep* of each stream that was written."""

    def __init__(
        self,
        store: EventStore,
        *,
        desk: Callable[[], Desk],
        keep: Callable[[str, State, int], None],
        forget: Callable[[], None],
        clock: Callable[[], datetime],
        patience: float,
    ) -> None:
        self._store = store
        self._desk = desk
        self._keep = keep
        self._forget = forget
        self._clock = clock
        self._patience = patience
        self.deciding = RLock()
        """Held while anything is decided: the threads of a process do not race each other."""

    def record(self, requests: Sequence[Sent]) -> list[Any]:
        """
        Return the answer to each of *requests*, or the error that it is to raise, once recorded.

        They are decided in order on one desk, and recorded in one transaction. Where another
        writer was first, or the store was away, all is decided again on a fresh reading.
        Where the outcome is not known, those with a command id are sent again: what was
        recorded all the same is then found, and answered.
        """
        outcomes: dict[Sent, Any] = {}
        pauses = _pauses(self._patience)
        in_doubt: OutcomeUnknownError | None = None
        while waiting := [sent for sent in requests if sent not in outcomes]:
            try:
                with self.deciding:
                    outcomes |= self._try(waiting)
            except Exception as error:  # noqa: BLE001 - raised to each who waits
                if isinstance(error, OutcomeUnknownError):
                    in_doubt = error
                    outcomes |= {sent: error for sent in waiting if sent.command is None}
                pause = next(pauses, None) if isinstance(error, _PASSING) else None
                if pause is None:  # an earlier attempt may be recorded all the same
                    outcomes |= dict.fromkeys(waiting, in_doubt or error)
                sleep(pause or 0)
        return [outcomes[sent] for sent in requests]

    def append(self, desk: Desk, commands: Sequence[Command] = ()) -> None:
        """
        Record what *desk* has decided and what *commands* were answered: all, or nothing.

        On any error, what was known is forgotten: whoever asks again reads afresh.
        """
        draft = desk.draft()
        if not draft.events and not commands:
            return
        now = self._clock()
        if now.tzinfo is None:
            msg = f"the clock says {now}, without a time zone: give it one that tells UTC"
            raise InputError(msg)
        now = now.astimezone(UTC)
        asked_by: list[str | None] = [None] * len(draft.events)
        for command in commands:
            asked_by[command.first : command.first + command.events] = [command.id] * command.events
        try:
            self._store.append(
                [
                    entry(stream, version, event, now, command)
                    for (stream, version, event), command in zip(
                        draft.events, asked_by, strict=True
                    )
                ],
                reads=draft.reads,
                after=draft.as_of,
                commands=commands,
            )
        except Exception:
            self._forget()
            raise
        for stream, (state, version) in draft.written.items():
            self._keep(stream, state, version)

    def _try(self, requests: Sequence[Sent]) -> dict[Sent, Any]:
        """Answer *requests* on a desk that has read nothing yet, and record what it decides."""
        outcomes: dict[Sent, Any] = {}
        ids = [sent.command for sent in requests if sent.command is not None]
        known = self._store.answers(ids) if ids else {}
        new: list[Command] = []
        desk = self._desk()
        with suppress(CorruptHistoryError):  # who rests on that stream is told when he reads it
            desk.read_ahead(stream for sent in requests for stream in sent.request.streams())
        for sent in requests:
            try:
                outcomes[sent] = _answer(desk, sent, known, new)
            except UnavailableError:
                raise
            except Exception as error:  # noqa: BLE001 - his own, and nobody else's
                outcomes[sent] = error
        self.append(desk, new)
        return outcomes


def _answer(desk: Desk, sent: Sent, known: dict[str, Command], new: list[Command]) -> Any:  # noqa: ANN401 - what its verb returns
    """Return what *sent* was answered if it was, or is now: then it is *known*, and *new*."""
    if sent.command is None:
        return sent.request.put_to(desk)
    digest = sent.request.digest
    first = known.get(sent.command)
    if first is None:
        place = len(desk.draft().events)
        answer = sent.request.put_to(desk)
        answers = tuple(answer) if sent.request.many else (answer,)
        first = known[sent.command] = Command(sent.command, digest, place, answers)
        new.append(first)
    if first.request not in {"", digest}:
        msg = (
            f"the command id {sent.command} belongs to another request: give each request an id"
            f" of its own"
        )
        raise InputError(msg)
    return list(first.answers) if sent.request.many else first.answers[0]


def _pauses(patience: float) -> Iterator[float]:
    """
    Yield how long to pause before each new attempt, for as long as *patience* lasts.

    By chance, and longer each time: writers who met once should not meet again.
    """
    end = monotonic() + patience
    longest = 0.002
    while (left := end - monotonic()) > 0:
        yield min(uniform(0, longest), left)  # noqa: S311 - no secret
        longest = min(2 * longest, _LONGEST_PAUSE)
