"""The mutants that no law notices: each plays the same histories."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from random import Random

import attrs

from jamsos.engine.setting import Setting
from jamsos.errors import InputError
from jamsos.policies.standard import ExtraPolicies, by_case
from jamsos.rulebook import RuleFile, everything, load
from jamsos.testing.laws.judging import Judge
from jamsos.testing.laws.stating import Law
from jamsos.testing.search.examining import check_size, walked
from jamsos.testing.search.map import Map

from .making import Mutant, begins_with, mutants_beside


def unnoticed(
    laws: Iterable[Law],
    rules: str | Path | Iterable[RuleFile] | None = None,
    *,
    policies: ExtraPolicies | None = None,
    histories: int = 100,
    steps: int = 30,
    seed: int = 0,
    only: str | Iterable[str] | None = None,
) -> list[Mutant]:
    """
    Return the mutants of *rules* and *policies* that none of *laws* notices: they all hold there.

    *rules* are those that ship, if none are given: a path, or what `jamsos.rulebook.load`
    returned. *only* names those that are changed: ``agent-cap``, or ``perisai/agent-cap``. A
    mutant is noticed where, in so many *histories* of at the most so many *steps*, a law is broken
    or cannot be applied. Takes as long as examining each law once for each mutant, at the most.
    Raises `InputError` where there is nothing to change, for fewer than one history or step, and
    for a law that is broken by the rules as they are: it would notice everything.
    """
    check_size(histories, steps)
    stated = tuple(laws)
    policies = None if policies is None else by_case(policies)
    names = {only} if isinstance(only, str) else None if only is None else {*only}
    if rules is not None:
        files = load(rules) if isinstance(rules, str | Path) else tuple(rules)
    else:
        files = () if names is None and policies is not None else everything()
    changed = tuple(file for file in files if names is None or names & _names(file))
    missing = sorted((names or set()) - {name for file in changed for name in _names(file)})
    if missing or not (changed or policies):
        there = ", ".join(f"{file.programme}/{file.rule}" for file in files[:5])
        msg = (
            f"there is no rule {', '.join(missing) or 'at all'} to change: name some there are,"
            f" such as {there or 'those that ship'}"
        )
        raise InputError(msg)
    kept = () if rules is None else tuple(file for file in files if file not in changed)
    play = _Play(histories, steps, seed)
    for each in stated:
        if play.breaks(each, begins_with((*changed, *kept), policies)):
            msg = f"the law {each.name} is broken by the rules as they are: check it first"
            raise InputError(msg)
    return [
        mutant
        for mutant in mutants_beside(changed, kept, policies)
        if not any(play.notices(each, mutant.begins) for each in stated)
    ]


def _names(file: RuleFile) -> set[str]:
    return {file.rule, f"{file.programme}/{file.rule}"}


@attrs.frozen
class _Play:
    """So many histories, always the same ones."""

    histories: int
    steps: int
    seed: int

    def notices(self, stated: Law, begins: Setting) -> bool:
        """Return whether *stated* is broken, or can no longer be applied."""
        try:
            return self.breaks(stated, begins)
        except Exception:  # noqa: BLE001 - whatever it is, something is wrong
            return True

    def breaks(self, stated: Law, begins: Setting) -> bool:
        """Return whether *stated* is broken in one of the histories."""
        judge, chart = Judge(stated, begins), Map(begins, stated.about)
        dice = (Random(f"{self.seed}/{number}") for number in range(self.histories))
        return any(walked(judge, chart, each, self.steps, Counter())[1] for each in dice)
