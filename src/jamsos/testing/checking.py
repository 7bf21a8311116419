"""A law is held against histories, and raised as a story where one breaks it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from jamsos.engine.session import Around, Decider
from jamsos.engine.setting import setting
from jamsos.errors import InputError
from jamsos.language import Language
from jamsos.policies.standard import ExtraPolicies
from jamsos.rulebook import RuleFile

from .failing import LawBrokenError, LawNotExercisedError
from .keeping import save
from .laws.stating import Law
from .search.examining import examine
from .search.findings import STEPS, Broken, Held, NotExercised


def check(
    stated: Law,
    *,
    histories: int = 1_000,
    steps: int = STEPS,
    seed: int = 0,
    rules: str | Path | Iterable[RuleFile] | None = None,
    policies: ExtraPolicies | None = None,
    deciders: Mapping[type, Decider] | None = None,
    around: Around | None = None,
    language: str = "en",
    keep: str | Path | None = None,
) -> Held:
    """
    Hold *stated* against histories of at the most so many *steps*; return what was exercised.

    >>> from jamsos.testing import law
    >>> from jamsos.domain.quota import Quota, QuotaSeatTaken
    >>> @law("Nobody takes a seat that is not there", cite="example")
    ... def seats(event: QuotaSeatTaken, after: Quota) -> None:
    ...     assert after.taken <= after.allotted
    >>> check(seats, histories=50).exercised > 10
    True

    The law that ships decides, or else *rules*, *policies*, *deciders* and *around*, as for
    `setting`. The same *seed* gives the same histories. Raises `LawBrokenError`, whose text is
    the shortest history that breaks it, told in *language*; it is kept in the file *keep*, if
    one is named.
    Raises `LawNotExercisedError` where nothing came up that the law speaks of.
    """
    if not isinstance(stated, Law):
        msg = f"{stated!r} is no law: state one with @jamsos.testing.law"
        raise InputError(msg)
    Language.of(language)
    if keep is not None and not Path(keep).parent.is_dir():
        msg = f"nothing can be kept in {keep}: there is no folder {Path(keep).parent}"
        raise InputError(msg)
    outcome = examine(
        stated,
        histories=histories,
        steps=steps,
        seed=seed,
        begins=setting(rules, policies=policies, deciders=deciders, around=around),
    )
    if isinstance(outcome, Broken):
        if keep is not None:
            save(outcome, keep)
        raise LawBrokenError(outcome, language)
    if isinstance(outcome, NotExercised):
        raise LawNotExercisedError(outcome, language)
    return outcome
