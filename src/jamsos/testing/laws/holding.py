"""A law is held against a history that exists, whoever made it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

import attrs

from jamsos.commands.command import Steps
from jamsos.commands.reading import Reading
from jamsos.domain.aggregate import Event
from jamsos.domain.decision import Accepted
from jamsos.domain.history import Recorded, in_order
from jamsos.engine.session import SHIPPED
from jamsos.engine.setting import Setting
from jamsos.engine.world import Step, World
from jamsos.errors import InputError
from jamsos.policies.standard import Judges

from .judging import Judge
from .speaking import Over
from .stating import Law


@attrs.frozen
class Breach:
    """Where a history breaks a law: after which event, and *why*, where the law says it."""

    recorded: Recorded[Event]
    why: str

    def __str__(self) -> str:
        event, why = self.recorded.event, self.why or "it does not hold"
        at = f"position {self.recorded.position}, {self.recorded.stream}"
        return f"{at}: {type(event).__name__} on {event.on}: {why}"


@attrs.frozen(eq=False)
class Holding:
    """A *law* that was held against a history: how often it was *exercised*, and where broken."""

    law: Law
    events: int
    exercised: int
    breaches: tuple[Breach, ...]


def hold(law: Law, history: Iterable[Recorded[Event]]) -> Holding:
    """
    Hold *law* against *history*, event by event, and return every place where it is broken.

    >>> from datetime import date
    >>> from jamsos.domain.quota import Quota, QuotaSeatTaken
    >>> from jamsos.testing import World, law
    >>> from jamsos.commands.agents import Recruit
    >>> from jamsos.commands.seats import Allot
    >>> from jamsos.testing.names import AGENTS
    >>> world, on = World(), date(2018, 1, 5)
    >>> _ = world.ask(Allot("perisai", 2, on=on))
    >>> _ = world.ask(Recruit(AGENTS[0], "perisai", province="51", on=on))
    >>> @law("Nobody takes the first seat", cite="example")
    ... def nobody(event: QuotaSeatTaken, after: Quota) -> None:
    ...     assert after.taken > 1, "the first"
    >>> held = hold(nobody, world.history())
    >>> held.exercised, [breach.why for breach in held.breaches]
    (1, ['the first'])

    The law is applied to each event, or to the whole history; what *world* tells is what the
    history has made of everything by then. A law over a whole history is broken at its last
    event; that history has every event that was recorded, those that enacted the law among
    them, and what was asked is not known. Raises `InputError` for a law that speaks of
    commands, or of two histories: an event history does not hold them; and
    `CorruptHistoryError` where something is missing.
    """
    if law.over not in _OF_EVENTS:
        msg = (
            f"the law {law.name} takes {', '.join(law.takes)}: a history holds events and no"
            f" commands; let it take before, event, after, world; or history"
        )
        raise InputError(msg)
    nothing = Setting((), {}, SHIPPED)
    world, judge, steps = World(nothing), Judge(law, nothing), list[Step]()
    breaches: list[Breach] = []
    last: Recorded[Event] | None = None
    for last in in_order(history):
        happened = world.happen(last.stream, last.event)
        step = Step(_Unknown(last.event.on), Accepted(last.event), [happened])
        if law.over is Over.HISTORY:
            steps.append(step)
        elif (why := judge.step(world, step)) is not None:
            breaches.append(Breach(last, why))
    if last is not None and (why := judge.whole((), world, steps)) is not None:
        breaches.append(Breach(last, why))
    return Holding(law, world.position, judge.exercised, tuple(breaches))


@attrs.frozen
class _Unknown:
    """Stands for the command that led to an event: it is not known."""

    on: date

    def streams(self) -> tuple[str, ...]:
        """Return nothing: it is never asked."""
        return ()

    def decide(self, _: Reading, __: Judges, /) -> Steps[Event]:
        """Decide nothing: it is never asked."""
        return ()


_OF_EVENTS: Final = frozenset({Over.EVENT, Over.HISTORY})
