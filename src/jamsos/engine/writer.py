"""The one write path: read afresh, decide, append if nothing has changed, or decide again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from math import ceil
from random import uniform
from time import monotonic, sleep
from typing import Any, Final, TypeAlias, TypeVar

from jamsos.commands.command import Expansion, Letter
from jamsos.commands.reading import UnrecordedError
from jamsos.domain.base import base_moment
from jamsos.domain.decision import Decision
from jamsos.errors import ConflictError, OutcomeUnknownError, StoreError, UnavailableError
from jamsos.log import LOG
from jamsos.store.event_store import EventStore, entries
from jamsos.store.sqlite import LOCK

from .recorded import RecordedSource
from .session import Rules, Session

C = TypeVar("C")

Outcome: TypeAlias = list[Decision[Any]] | BaseException
"""The answers to a letter, or the error that is raised in place of them."""

_Outcomes: TypeAlias = dict[Letter, Outcome]

PATIENCE: Final = 10.0
"""For how many seconds a letter is decided again, before its error is raised."""
_LONGEST_PAUSE: Final = 0.1
_PASSING: Final = (ConflictError, UnavailableError, OutcomeUnknownError)
"""Errors that may not come again when all is decided again."""
_OF_ALL: Final = (ConflictError, StoreError)
"""Errors that are no fault of what was to be recorded."""


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
        self._away: tuple[float, UnavailableError] | None = None
        """When the store was last found to be away, and the error that said so."""

    def session(self) -> Session:
        """Give a session that has read nothing yet."""
        return Session(self._source, self._rules, self._store.answers)

    def answer(self, letter: Letter, /) -> list[Decision[Any]]:
        """Return the answers to *letter*, once they are recorded."""
        [outcome] = self.record((letter,))
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    def expand(self, expansion: Expansion[C], /) -> Sequence[C]:
        """Return the commands for which *expansion* stands, as things are recorded."""
        with self._source.deciding:
            return self.session().expand(expansion)

    def record(self, letters: Sequence[Letter], *, since: Sequence[float] = ()) -> list[Outcome]:
        """
        Return the answers to each of *letters*, or the error that it is to raise, once recorded.

        They are decided in order in one session, and recorded in one transaction. If another
        writer was first, or the store was away, all is decided again on a fresh reading.
        If the outcome is not known, those with a command id are sent again: what was
        recorded all the same is then found, and answered. If one cannot be recorded, the others
        are recorded without it. *since* says since when each waits; or else since now.
        """
        begun = dict(zip(letters, since or [monotonic()] * len(letters), strict=True))
        outcomes: dict[Letter, Outcome] = {}
        in_doubt: dict[Letter, OutcomeUnknownError] = {}
        pauses, together = _pauses(), len(letters)
        while len(outcomes) < len(letters):
            waiting = [letter for letter in letters if letter not in outcomes][:together]
            try:
                outcomes |= self._attempt(waiting, begun)
                together = len(letters)
            except BaseException as error:  # noqa: BLE001 - raised to each who waits
                if not isinstance(error, _OF_ALL) and len(waiting) > 1:  # one of them is at fault
                    together = len(waiting) // 2
                    continue
                if isinstance(error, OutcomeUnknownError):
                    in_doubt |= dict.fromkeys(waiting, error)
                for letter in waiting:
                    again = letter.id is not None or not isinstance(error, OutcomeUnknownError)
                    if not (again and isinstance(error, _PASSING) and self._waits(begun[letter])):
                        # An earlier attempt may be recorded all the same.
                        outcomes[letter] = in_doubt.get(letter, error)
                left = [letter for letter in waiting if letter not in outcomes]
                pause = next(pauses) if left else 0
                _log(error, ended=len(waiting) - len(left), left=len(left), pause=pause)
                sleep(pause)
        self._source.keep_snapshots()
        return list(map(outcomes.__getitem__, letters))

    def is_deciding(self) -> bool:
        """Return whether this thread is in the midst of a decision."""
        return self._source.is_deciding()

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
        reads = draft.only_read()
        try:
            self._store.append(
                entries(draft.staged, base_moment(self._clock()), kept, session.envelopes),
                reads=reads,
                after=draft.as_of,
                kept=kept,
                unconcerned=draft.unconcerned,
            )
        except BaseException:  # also what a signal handler raises
            self._source.forget()
            raise
        for stream, _, _ in draft.staged:
            self._source.keep(stream, draft.states[stream], draft.versions[stream])

    def _attempt(self, letters: Sequence[Letter], begun: Mapping[Letter, float]) -> _Outcomes:
        """
        Try to record *letters*, once it is their turn.

        Raises what others were told while these waited for it, if that took all their patience.
        """
        with self._source.deciding:
            if self._away is not None:
                at, found = self._away
                if any(b < at and not self._waits(b) for b in map(begun.__getitem__, letters)):
                    raise UnavailableError(str(found)) from found
            try:
                return self._try(letters)
            except UnavailableError as error:
                self._away = monotonic(), error
                raise

    def _waits(self, since: float) -> bool:
        """Return whether one who has waited *since* then may wait longer."""
        return monotonic() < since + self._patience

    def _try(self, letters: Sequence[Letter]) -> _Outcomes:
        """Answer *letters* in a session that has read nothing yet, and record what it decides."""
        outcomes: _Outcomes = {}
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
            except BaseException as error:  # noqa: BLE001 - its own, and nobody else's
                outcomes[letter] = error
        self.append(session)
        return outcomes


def _log(error: BaseException, *, ended: int, left: int, pause: float) -> None:
    """Say that letters are decided again after *error*, or that it has *ended* them."""
    name = type(error).__name__
    if ended and isinstance(error, _PASSING):
        LOG.warning("%s has ended %d letters: %d others wait", name, ended, left)
    if left:
        LOG.debug("%s: %d letters are decided again in %.3f s", name, left, pause)


def _now() -> datetime:
    return datetime.now(UTC)


def one_wait(patience: float) -> float:
    """
    Return for how many seconds one attempt may wait in the store, of a *patience* for all.

    Attempts that wait as long as they may fill it, and do not go beyond it.

    >>> one_wait(3), one_wait(10), one_wait(12)
    (3.0, 5.0, 4.0)
    """
    return patience / max(1, ceil(patience / LOCK))


def _pauses() -> Iterator[float]:
    """
    Yield how long to pause before each new attempt.

    By chance, and longer each time: writers who met once should not meet again.
    """
    longest = 0.002
    while True:
        yield uniform(0, longest)  # noqa: S311 - no secret
        longest = min(2 * longest, _LONGEST_PAUSE)
