"""Every mutant of some rules and policies, each with a setting in which it decides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

import attrs

from jamsos.domain.geography import NATIONAL
from jamsos.engine.setting import Setting, setting
from jamsos.policies.standard import ExtraPolicies, by_case
from jamsos.rulebook import RuleFile, everything

from .of_policies import of_policy
from .of_rules import of_file


@attrs.frozen(eq=False)
class Mutant:
    """
    A rule or a policy in which one thing is changed.

    *where* names the rule, or the file and the line of the policy; *what* is changed there, from
    *old* to *new*. *first* and *last* are the days on which the value is in force, None for a
    policy and for a value without end. *begins* is a setting in which it decides.
    """

    where: str
    what: str
    old: str
    new: str
    begins: Setting = attrs.field(repr=False)
    first: date | None = None
    last: date | None = None

    @property
    def says(self) -> str:
        """The change, on one line."""
        changed = f"{self.where}: {self.what} {self.old} -> {self.new}"
        if self.first is None:
            return changed
        return f"{changed}, in force {self.first} to {self.last or '..'}"


def mutants(
    rules: Iterable[RuleFile] = (), *, policies: ExtraPolicies | None = None
) -> Iterator[Mutant]:
    """
    Yield every mutant of *rules* and of *policies*, which decide in place of those that ship.

    >>> from jamsos.rulebook import rules_of
    >>> [months] = [file for file in rules_of("perisai") if file.rule == "agent-return-months"]
    >>> for mutant in mutants([months]):
    ...     print(mutant.says)
    perisai/agent-return-months: value 6 -> 5, in force 2017-11-01 to ..
    perisai/agent-return-months: value 6 -> 7, in force 2017-11-01 to ..
    perisai/agent-return-months: in_force 2017-11-01 -> 2017-10-31, in force 2017-11-01 to ..
    perisai/agent-return-months: in_force 2017-11-01 -> 2017-11-02, in force 2017-11-01 to ..

    Each whole number of a value, and each lower bound of a bracket, is changed by one, each rate
    by 0.01 %, and each day on which a value begins or ends by one day. In a policy each of
    ``<``, ``<=``, ``>`` and ``>=`` is changed to the one that differs where both sides are
    equal. Raises `InputError` for a policy whose source cannot be read, or that is made inside
    of another function.
    """
    given = None if policies is None else by_case(policies)
    yield from mutants_beside(tuple(rules), (), given)


def mutants_beside(
    changed: tuple[RuleFile, ...], kept: tuple[RuleFile, ...], policies: ExtraPolicies | None
) -> Iterator[Mutant]:
    """Yield every mutant of *changed* rules and of *policies*; *kept* rules stay as they are."""
    known = {case: tuple(each) for case, each in (policies or {}).items()}
    instead = _ship((*changed, *kept))
    for place, file in enumerate(changed):
        region = "" if file.scope == NATIONAL else f"@{file.scope}"
        for value, what, old, new, values in of_file(file):
            mutant = attrs.evolve(file, values=values)
            files = (*changed[:place], mutant, *changed[place + 1 :], *kept)
            yield Mutant(
                f"{file.programme}/{file.rule}{region}",
                what,
                old,
                new,
                setting(files, policies=known, instead=instead),
                value.in_force,
                value.until,
            )
    for case, judges in known.items():
        for place, policy in enumerate(judges):
            for where, old, new, mutated in of_policy(policy):
                others = {**known, case: (*judges[:place], mutated, *judges[place + 1 :])}
                begins = begins_with((*changed, *kept), others)
                yield Mutant(where, "comparison", old, new, begins)


def begins_with(files: tuple[RuleFile, ...], policies: ExtraPolicies | None) -> Setting:
    """Return a setting in which *files* and *policies* decide."""
    return setting(files, policies=policies, instead=_ship(files))


def _ship(files: tuple[RuleFile, ...]) -> bool:
    """Return whether *files* are all among those that ship: then they stand in place of them."""
    return {*files} <= {*everything()}
