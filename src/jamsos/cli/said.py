"""What the envelope of an event says: who asked, and in what connection."""

from __future__ import annotations

from collections.abc import Iterator

from jamsos.domain.aggregate import Event
from jamsos.domain.history import Recorded


def said(recorded: Recorded[Event]) -> dict[str, str]:
    """Return what the envelope says, as JSON has it; what it does not say is left out."""
    told = {"by": recorded.by, "trace": recorded.trace}
    return {name: value for name, value in told.items() if value is not None}


def told_who(recorded: Recorded[Event]) -> Iterator[str]:
    """Yield what the envelope says, as it stands beside the place of the event."""
    return (f"{name} {value}" for name, value in said(recorded).items())
