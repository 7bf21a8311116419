"""Laws of a measure, before and after each step: it has a limit, stays the same, or grows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from jamsos.commands.catalogue import verb_of
from jamsos.engine.world import Asked, Step, World
from jamsos.testing.arguments import changed
from jamsos.testing.laws.stating import Law, law, only_if

from .citing import HOW_IT_WORKS, Cite
from .worlds import Measure, before


def never_passes(
    says: str,
    measure: Measure,
    limit: int | Callable[[World, date], int],
    *,
    cite: Cite,
    about: Iterable[str] | None = None,
) -> Law:
    """
    Return the law that no step takes *measure* above *limit*, both in one unit.

    >>> from jamsos.testing import check
    >>> from jamsos.testing.families import seats_taken
    >>> few = never_passes("At most four agents work", seats_taken, 4, cite="example")
    >>> check(few, histories=20).exercised > 10
    True

    *limit* is a whole number, or what the world says that it is on the day of the step. It speaks
    of steps that raise the measure: where a limit is lowered under it, nobody has passed that.
    """

    @law(says, cite=cite, about=about)
    def never_passes(step: Step, world: World) -> None:
        only_if(step.happened)
        now, was = measure(world), measure(before(world, step))
        only_if(now > was)
        on = step.happened[-1].event.on
        most = limit if isinstance(limit, int) else limit(world, on)
        assert now <= most, f"it is {now:,} after {on}, and the limit {most:,}"

    return never_passes


def conserved(
    says: str,
    measure: Measure,
    *,
    except_by: tuple[type, ...] = (),
    cite: Cite = HOW_IT_WORKS,
    about: Iterable[str] | None = None,
) -> Law:
    """
    Return the law that *measure* stays as it is, save in steps with an event *except_by* names.

    >>> from jamsos.domain.quota import QuotaSeatReleased, QuotaSeatTaken
    >>> from jamsos.testing import check
    >>> from jamsos.testing.families import seats_taken
    >>> moved = (QuotaSeatTaken, QuotaSeatReleased)
    >>> stays = conserved("Only agents take seats", seats_taken, except_by=moved)
    >>> check(stays, histories=20).exercised > 10
    True
    """

    @law(says, cite=cite, about=about)
    def conserved(step: Step, world: World) -> None:
        only_if(step.happened)
        only_if(not any(isinstance(each.event, except_by) for each in step.happened))
        now, was = measure(world), measure(before(world, step))
        assert now == was, f"{verb_of(type(step.command))} makes it {now:,}, which was {was:,}"

    return conserved


def monotone(
    says: str,
    measure: Callable[[World, Asked], int | None],
    *,
    command: type[Any],
    argument: str,
    more: Callable[[Any], Any],
    cite: Cite,
    about: Iterable[str] | None = None,
) -> Law:
    """
    Return the law that *measure* of a command is never less where *argument* is *more*.

    >>> from jamsos.commands.contributions import Pay
    >>> from jamsos.testing import check
    >>> from jamsos.testing.families import due_for
    >>> due = monotone(
    ...     "More income, never less due", due_for, command=Pay, argument="income",
    ...     more=lambda income: income + 100_000, cite="example",
    ... )
    >>> check(due, histories=80).exercised > 10
    True

    It speaks of each *command* of that type, in the world as it was when it was asked.
    *measure* gives a whole number, or None for a command that it says nothing of.
    """

    @law(says, cite=cite, about=about)
    def monotone(step: Step, world: World) -> None:
        asked = step.command
        only_if(isinstance(asked, command))
        then, value = before(world, step), getattr(asked, argument)
        less = measure(then, asked)
        greater = measure(then, changed(asked, **{argument: more(value)}))
        if less is None or greater is None:
            only_if(condition=False)
        else:
            what = f"{greater:,} for {more(value)}, and {less:,} for {value}"
            assert less <= greater, what

    return monotone
