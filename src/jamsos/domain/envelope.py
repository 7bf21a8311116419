"""The envelope of an event: who asked, and in what connection. No decision reads it."""

from __future__ import annotations

from typing import Final

import attrs

from .identity import check_opaque, opaque


@attrs.frozen
class Envelope:
    """
    Who asked, and in what connection: ids of the host's own, on which nothing depends.

    *by* is the id of whoever asked, *trace* that of the request in which they did; None where it
    is not said.
    """

    by: str | None = None
    trace: str | None = None

    def within(self, outer: Envelope) -> Envelope:
        """Return this envelope, with what it leaves open as *outer* says it."""
        if outer is UNSAID:
            return self
        return Envelope(
            by=outer.by if self.by is None else self.by,
            trace=outer.trace if self.trace is None else self.trace,
        )


UNSAID: Final = Envelope()
"""The envelope that says nothing."""


def enveloped(by: str | None, trace: str | None) -> Envelope:
    """
    Return the envelope of what is asked *by* somebody, in the connection *trace*.

    Raises `InputError`, which names ``by`` or ``trace``, unless each is None, or 1 to 64 letters,
    digits or ``._:/-`` without 16 digits in a row.
    """
    if by is None and trace is None:
        return UNSAID
    return Envelope(_checked("by", by), _checked("trace", trace))


def _checked(name: str, value: str | None) -> str | None:
    if value is None:
        return None
    checked = opaque(name, value)
    check_opaque(name, checked)
    return checked
