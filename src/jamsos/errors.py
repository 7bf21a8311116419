"""
Everything that jamsos raises, drawn as a tree.

* JamsosError
  + InputError             a value that cannot be what it is given as
  + NotFoundError          nothing is recorded under this name
  + RuleNotInForceError    the programme has no such rule on that day
  + RefusedError           a refusal, when the caller asked for an error
  + ConflictError          somebody else recorded first: ask again
  + StoreError             the store cannot be opened, read or written
    + UnavailableError     it is locked, or cannot be reached for now: ask again
    + OutcomeUnknownError  it broke at the commit: it is recorded, or it is not
  + MissingExtraError      a part of jamsos is asked for that was not installed
  + CorruptHistoryError    a stored event is not what it claims to be

A refusal is an answer, `jamsos.Refused`, and is returned.
Only ``or_raise()`` raises it.
"""

from __future__ import annotations


class JamsosError(Exception):
    """
    The base of every error of jamsos: one ``except`` catches them all.

    Where many rows were asked together, *rows* are the numbers of those at fault, from 1.
    """

    rows: tuple[int, ...] = ()


class InputError(JamsosError, ValueError):
    """Raised when a value cannot be what it is given as: fix the value and ask again."""


class NotFoundError(JamsosError, LookupError):
    """Raised when nothing is recorded under the name that was asked for."""


class RuleNotInForceError(JamsosError, LookupError):
    """
    Raised when no value of a rule is in force on the day: no law answers.

    An older or a later value is never used in its place.
    """


class RefusedError(JamsosError):
    """Raised by ``or_raise()`` in place of returning a refusal."""


class ConflictError(JamsosError):
    """Raised when another writer recorded first. Nothing was recorded: ask again."""


class StoreError(JamsosError, OSError):
    """
    Raised when the store cannot be opened, read or written.

    Nothing was half-written; and nothing was recorded, unless it is an `OutcomeUnknownError`.
    """


class UnavailableError(StoreError):
    """
    Raised when the store is locked by somebody else, or cannot be reached for now.

    Nothing was recorded: ask again.
    """


class OutcomeUnknownError(StoreError):
    """
    Raised when the disk or the connection failed at the commit: all is recorded, or nothing.

    A command under a command id can be sent again: it then gets its first answer.
    """


class MissingExtraError(JamsosError, ImportError):
    """Raised when a part of jamsos is asked for whose libraries were not installed."""


class CorruptHistoryError(JamsosError, ValueError):
    """
    Raised when a history cannot be read: nothing of it is skipped.

    *position* is the event's place in the history, if one could be read.
    """

    def __init__(self, message: str, *, position: int | None = None) -> None:
        super().__init__(message)
        self.position = position
