"""A plan as a story: a numbered line for each command, and beside it how things are."""

from __future__ import annotations

from collections.abc import Mapping

from jamsos.domain.decision import Accepted
from jamsos.domain.field import shown
from jamsos.engine.setting import Setting
from jamsos.engine.world import Plan, Step, World
from jamsos.language import Language, say, word

from .beside import beside
from .sentences import sentence, shown_as


def tell(plan: Plan, begins: Setting, language: str = "en") -> list[str]:
    """
    Return the story of *plan*, played where *begins* says: a numbered line for each command.

    >>> from datetime import date
    >>> from jamsos.testing import setting
    >>> from jamsos.commands.seats import Allot
    >>> plan = (Allot("perisai", 2, on=date(2018, 1, 5)),)
    >>> tell(plan, setting())[0].partition("  |")[0]
    '  1  05 Jan 2018  The seats of perisai in region national are set to 2'

    Beside each stands how things are after it. Raises `InputError` for a *language* that
    there is not.
    """
    return lines(plan, begins, Language.of(language), {})


def lines(plan: Plan, begins: Setting, language: Language, marks: Mapping[int, str]) -> list[str]:
    """Return a line for each command of *plan*; those of *marks*, with why they are marked."""
    world = World(begins)
    told: list[tuple[str, str, str]] = []
    for asked in plan:
        step, on = world.ask(asked), asked.on
        said = shown(sentence(asked, language) + _answered(step, language))
        told.append((shown_as("on", on, language), said, shown(beside(step, world, language))))
    wide, places = max((len(said) for _, said, _ in told), default=0), len(str(len(plan))) + 2
    return [
        f"{number + 1:>{places}}  {day}  {f'{said:<{wide}}  | {beside}' if beside else said}"
        + (f"  <-- {shown(marks[number]) or say('no-reason', language)}" if number in marks else "")
        for number, (day, said, beside) in enumerate(told)
    ]


def _answered(step: Step, language: Language) -> str:
    """Return what is added to the sentence of a command by which nothing came about."""
    if isinstance(step.answer, Accepted) and step.answer.events:
        return ""
    return f": {outcome_text(step.outcome, language)}"


def outcome_text(outcome: str, language: Language) -> str:
    """Return the outcome of a step, such as ``refused: agent-cap``, in *language*."""
    what, colon, which = outcome.partition(": ")
    return f"{word(what, language)}{colon}{which}"
