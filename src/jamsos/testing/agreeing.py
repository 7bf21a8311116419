"""A system of one's own is asked what jamsos is asked, and both must give the same answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from random import Random
from types import MappingProxyType
from typing import Final, Protocol, TypeAlias

import attrs

from jamsos.commands.catalogue import verb_of
from jamsos.domain.decision import Accepted, Refused
from jamsos.domain.field import shown
from jamsos.engine.setting import Setting, setting
from jamsos.engine.world import Asked, Plan, Step, World, together
from jamsos.errors import InputError
from jamsos.language import Language, say

from .laws.judging import Breaking
from .names import GROUPS
from .search.examining import check_size
from .search.map import STRAY, Map
from .search.shortening import shortened
from .search.walk import Walk
from .story import tell


class Adapter(Protocol):
    """
    One instance of a system of one's own, in which nothing has happened yet.

    Where it has a method ``close``, that is called when its history ends.
    """

    def ask(self, command: Asked, /) -> object:
        """Ask the system for *command*, and return what it answers; see `agree`."""
        ...


Compare: TypeAlias = Callable[[Step, object], str | None]
"""Says how an answer differs from that of jamsos, in a step; None where it does not."""


@attrs.frozen
class Agreed:
    """How many *histories* were played without a difference, and what was answered in them."""

    histories: int
    outcomes: Mapping[str, int]
    """How often each verb was answered in each way."""


class DisagreementError(AssertionError):
    """
    Raised by `agree`: a system answers otherwise; the text is the story.

    *plan* is the shortest list of commands that was found, *step* the number of the one that is
    answered otherwise, from 0, and *why* how.
    """

    def __init__(self, plan: Plan, breaking: Breaking, story: str) -> None:
        super().__init__(story)
        self.plan = plan
        self.step = breaking.step
        self.why = breaking.why


def same_word(step: Step, theirs: object) -> str | None:
    """
    Return how *theirs* differs from the answer in *step*, as far as a word tells; or None.

    The words are ``accepted``, ``nothing new`` (granted before), ``refused`` and ``error`` (it
    cannot be meant). *theirs* is one of them, or else an `Accepted`, a `Refused`, the answers to
    many, or an exception. Raises `InputError` for anything else.
    """
    ours, other = _word(step.answer), _word(theirs)
    if ours == other:
        return None
    detail = f" ({theirs!r})" if isinstance(theirs, Exception) else ""
    return f"jamsos says {ours}, and yours {other}{detail}"


def agree(
    adapter: Callable[[], Adapter],
    *,
    compare: Compare | None = None,
    histories: int = 200,
    steps: int = 30,
    seed: int = 0,
    begins: Setting | None = None,
    about: Iterable[str] = GROUPS,
    stray: float = STRAY,
    language: str = "en",
) -> Agreed:
    """
    Ask jamsos and a system of one's own the same *histories* of so many *steps*, and compare.

    >>> from jamsos.testing import World
    >>> class Theirs:
    ...     def __init__(self) -> None:
    ...         self.world = World()
    ...     def ask(self, command):
    ...         return self.world.ask(command).answer
    >>> agree(Theirs, histories=10).histories
    10

    *adapter* gives a fresh system for each history, which is to hold the law that *begins* does.
    An error that its ``ask`` raises is its answer. *compare* is told each step of jamsos and the
    other answer, and says how they differ, or None; without one, `same_word` does. *about* says
    what is asked for: ``seats``, ``agents``, ``participants``, ``rules``, ``evaluations``,
    ``incentives``; a share of *stray*, from 0 to 1, is out of place. The same *seed* asks the
    same.

    Raises `DisagreementError` at the first difference, once the shortest list of commands that
    shows one is found; it is told in *language*. Raises `InputError` for fewer than one history
    or step, for a group that there is not, and for a system that answers otherwise only once.
    """
    check_size(histories, steps)
    groups = (about,) if isinstance(about, str) else tuple(about)
    if not groups or not {*groups} <= {*GROUPS}:
        msg = f"a history cannot be about {', '.join(groups) or 'nothing'}: {', '.join(GROUPS)}"
        raise InputError(msg)
    chosen = Language.of(language)
    begins = begins or setting()
    both = _Both(adapter, compare or same_word, begins)
    chart, outcomes = Map(begins, groups, stray), Counter[str]()
    for number in range(histories):
        world = World(begins)
        walk = Walk(world, chart, Random(f"{seed}/{number}"))
        asked, breaking = both.play(world, (walk.next() for _ in range(steps)), outcomes)
        if breaking is not None:
            plan, breaking, _ = shortened(both, asked, breaking, begins)
            if both.plan(plan) is None:
                msg = (
                    f"yours answered otherwise ({breaking.why}), and not when it was asked the"
                    f" same again: let the adapter give a fresh system each time"
                )
                raise InputError(msg)
            raise DisagreementError(plan, breaking, _story(plan, breaking, begins, chosen))
    return Agreed(histories, MappingProxyType(dict(sorted(outcomes.items()))))


@attrs.frozen
class _Both:
    """Asks jamsos and the other system, and compares."""

    adapter: Callable[[], Adapter]
    compare: Compare
    begins: Setting

    def play(
        self, world: World, commands: Iterable[Asked], outcomes: Counter[str]
    ) -> tuple[Plan, Breaking | None]:
        """Ask each of *commands* up to a difference; return what was asked, and where that is."""
        plan: list[Asked] = []
        with _opened(self.adapter) as system:
            for number, asked in enumerate(commands):
                plan.append(asked)
                step = world.ask(asked)
                outcomes[f"{verb_of(type(asked))}: {step.outcome}"] += 1
                why = self.compare(step, _asked(system, asked))
                if not (why is None or isinstance(why, str)):
                    msg = f"compare= said {why!r}: it says how the two differ, or None"
                    raise InputError(msg)
                if why is not None:
                    return tuple(plan), Breaking(number, why)
        return tuple(plan), None

    def plan(self, plan: Plan) -> Breaking | None:
        """Play *plan*, and return where the two differ, if they do."""
        return self.play(World(self.begins), plan, Counter())[1]


@contextmanager
def _opened(adapter: Callable[[], Adapter]) -> Iterator[Adapter]:
    system = adapter()
    if not callable(getattr(system, "ask", None)):
        msg = f"the adapter gave {system!r}, which has no method ask(command)"
        raise InputError(msg)
    try:
        yield system
    finally:
        close = getattr(system, "close", None)
        if close is not None:
            close()


def _asked(system: Adapter, asked: Asked) -> object:
    try:
        return system.ask(asked)
    except Exception as error:  # noqa: BLE001 - whatever it is, that is the answer
        return error


_WORDS: Final = ("accepted", "nothing new", "refused", "error")


def _word(answer: object) -> str:
    match answer:
        case Accepted():
            return "accepted" if answer.events else "nothing new"
        case Refused():
            return "refused"
        case Mapping() if _decided(answer.values()):
            return _word(together(answer.values()))
        case list() if _decided(answer):
            return _word(together(answer))
        case Exception():
            return "error"
        case str() if answer in _WORDS:
            return answer
        case _:
            msg = (
                f"an adapter answers {answer!r}: let it return one of {', '.join(_WORDS)}, an"
                f" Accepted, a Refused or an exception, or give a compare= that knows better"
            )
            raise InputError(msg)


def _decided(answers: Iterable[object]) -> bool:
    return all(isinstance(answer, Accepted | Refused) for answer in answers)


def _story(plan: Plan, breaking: Breaking, begins: Setting, language: Language) -> str:
    title = f"{say('not-the-same', language)}  {breaking.step + 1}: {shown(breaking.why)}"
    return "\n".join((title, "", *tell(plan, begins, language)))
