"""The parts of wrong rules: a reading that misreads one thing, and events staged otherwise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from jamsos.commands.command import Steps
from jamsos.commands.reading import Reading
from jamsos.domain.aggregate import Event
from jamsos.domain.decision import Accepted
from jamsos.engine.session import Around, Decider
from jamsos.policies.standard import Judges


class Misread:
    """A reading in which one thing is read wrongly, and all the rest as it is."""

    def __init__(self, read: Reading) -> None:
        self.right = read

    def __getattr__(self, name: str) -> Any:
        return getattr(self.right, name)


def misreading(by: Callable[[Reading], Misread]) -> Around:
    """Make every decision on what is read *by* another reading."""

    def around(decide: Decider, command: Any, read: Reading, judges: Judges) -> Steps[Any]:
        return decide(command, cast("Reading", by(read)), judges)

    return around


def staging(by: Callable[[Event], Event | None]) -> Around:
    """Stage in place of each event what it is *by* this function; nothing in place of None."""

    def around(decide: Decider, command: Any, read: Reading, judges: Judges) -> Steps[Any]:
        return [
            (stream, _changed(decision, by) if isinstance(decision, Accepted) else decision)
            for stream, decision in decide(command, read, judges)
        ]

    return around


def _changed(decision: Accepted[Event], by: Callable[[Event], Event | None]) -> Accepted[Event]:
    events = map(by, decision.events)
    return Accepted(*(event for event in events if event is not None))
