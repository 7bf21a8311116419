"""The one write path: read afresh, decide, append if nothing has changed, or decide again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from random import uniform
from time import monotonic, sleep
from typing import Any, Final, TypeAlias, TypeVar

from jamsos.commands.command import Expansion, Letter
from jamsos.commands.reading import UnrecordedError
from jamsos.domain.decision import Decision
from jamsos.errors import ConflictError, InputError, OutcomeUnknownError, UnavailableError
from jamsos.store.event_store import EventStore, entries

from .recorded import RecordedSource
from .session import Rules, Session

C = TypeVar("C")

Outcome: TypeAlias = list[Decision[Any]] | Exception
"""The answers to a letter, or the error that is raised in place of them."""

PATIENCE: Final = 10.0
"""For how many seconds a letter is decided again, before its error is raised."""
_LONGEST_PAUSE: Final = 0.1
_PASSING: Final = (ConflictError, UnavailableError, OutcomeUnknownError)
"""Errors that may not come again when all is decided again."""


class Writer:
    """Answers letters once they are recorded; *source* is told of each stream that was written."""

    def __init__(
        self,
        store: EventStore,
        *,
        source: RecordedSource,
        rules: Rules,
        clock: Callable[[], datetime] | None,
        patience: float,
    ) -> None:
        self._store = store
        self._source = source
        self._rules = rules
        self._clock = clock or _now
        self._patience = patience

    def session(self) -> Session:
        """Give a session that has read nothing yet."""
        return Session(self._source, self._rules, self._store.answers)

    def answer(self, letter: Letter, /) -> list[Decision[Any]]:
        """Return the answers to *letter*, once they are recorded."""
        [outcome] = self.record((letter,))
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def expand(self, expansion: Expansion[C], /) -> Sequence[C]:
        """Return the commands for which *expansion* stands, as things are recorded."""
        with self._source.deciding:
            return self.session().expand(expansion)

    def record(self, letters: Sequence[Letter]) -> list[Outcome]:
        """
        Return the answers to each of *letters*, or the error that it is to raise, once recorded.

        They are decided in order in one session, and recorded in one transaction. If another
        writer was first, or the store was away, all is decided again on a fresh reading.
        If the outcome is not known, those with a command id are sent again: what was
        recorded all the same is then found, and answered.
        """
        outcomes: dict[Letter, Outcome] = {}
        pauses = _pauses(self._patience)
        in_doubt: OutcomeUnknownError | None = None
        while len(outcomes) < len(letters):
            waiting = [letter for letter in letters if letter not in outcomes]
            try:
                with self._source.deciding:
                    outcomes |= self._try(waiting)
            except Exception as error:  # noqa: BLE001 - raised to each who waits
                if isinstance(error, OutcomeUnknownError):
                    in_doubt = error
                    outcomes |= {letter: error for letter in waiting if letter.id is None}
                pause = next(pauses, None) if isinstance(error, _PASSING) else None
                if pause is None:  # an earlier attempt may be recorded all the same
                    outcomes |= dict.fromkeys(waiting, in_doubt or error)
                sleep(pause or 0)
        self._source.keep_snapshots()
        return list(map(outcomes.__getitem__, letters))

    def append(self, session: Session) -> None:
        """
        Record what *session* has decided and what letters were answered: all, or nothing.

        On any error, what was known is forgotten: the next session reads afresh.
        """
        with self._source.deciding:
            self._append(session)

    def _append(self, session: Session) -> None:
        draft, kept = session.draft, session.new
        if not draft.staged and not kept:
            return
        now = self._clock()
        if now.tzinfo is None:
            msg = f"the clock says {now}, without a time zone: give it one that tells UTC"
            raise InputError(msg)
        now = now.astimezone(UTC)
        reads = draft.only_read()
        try:
            self._store.append(
                entries(draft.staged, now, kept, session.envelopes),
                reads=reads,
                after=draft.as_of,
                kept=kept,
                unconcerned=draft.unconcerned,
            )
        except Exception:
            self._source.forget()
            raise
        for stream, _, _ in draft.staged:
            self._source.keep(stream, draft.states[stream], draft.versions[stream])

    def _try(self, letters: Sequence[Letter]) -> dict[Letter, Outcome]:
        """Answer *letters* in a session that has read nothing yet, and record what it decides."""
        outcomes: dict[Letter, Outcome] = {}
        session = self.session()
        session.ahead(letters)
        for letter in letters:
            try:
                outcomes[letter] = session.answer_read(letter)
            except UnavailableError:
                raise
            except UnrecordedError as error:
                if outcomes:  # it comes first in the next transaction
                    break
                outcomes[letter] = error
            except Exception as error:  # noqa: BLE001 - its own, and nobody else's
                outcomes[letter] = error
        self.append(session)
        return outcomes


def _now() -> datetime:
    return datetime.now(UTC)


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
