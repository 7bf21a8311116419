"""The state of a programme, and how each event changes it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import assert_never

import attrs

from jamsos.domain.fixed import fixed, joined
from jamsos.domain.geography import NATIONAL, Region
from jamsos.domain.identity import ProgrammeName, RuleRef
from jamsos.domain.rule import DatedValue, Rule
from jamsos.errors import RuleNotInForceError

from .events import (
    Outcome,
    ProgrammeEstablished,
    ProgrammeEvaluationConcluded,
    ProgrammeEvaluationOpened,
    ProgrammeEvent,
    ProgrammeRuleAmended,
    ProgrammeRuleEnacted,
    ProgrammeRuleEnded,
)


@attrs.frozen
class Evaluation:
    """An evaluation of a programme; *concluded_on* and *outcome* are None while it is open."""

    opened_on: date
    concluded_on: date | None = None
    outcome: Outcome | None = None
    trigger: str | None = attrs.field(default=None, eq=False)
    """The reason for which it was opened; None of one that was concluded without having been."""


@attrs.frozen
class Programme:
    """One programme, as its events have made it."""

    name: ProgrammeName
    established: date | None = None
    rules: Mapping[tuple[str, Region], tuple[Rule, ...]] = MappingProxyType({})
    evaluations: Mapping[str, Evaluation] = MappingProxyType({})

    def rule(self, rule: str, on: date, *, scope: Region = NATIONAL) -> Rule:
        """
        Return the value of *rule* in force *on* that day, its last day included.

        Raises `RuleNotInForceError` if there is none: another day's is never taken.
        """
        found = self.in_force(rule, on, scope=scope)
        if found is not None:
            return found
        where = "" if scope == NATIONAL else f" in region {scope}"
        msg = f"no rule '{rule}' of programme '{self.name}' is in force on {on}{where}"
        raise RuleNotInForceError(msg)

    def in_force(self, rule: str, on: date, *, scope: Region = NATIONAL) -> Rule | None:
        """
        Return the value of *rule* in force *on* that day, or None.

        For a rule whose absence means something, such as a relief; for any other, ask `rule`.
        """
        for version in self.rules.get((rule, scope), ()):
            if version.covers(on):
                return version
        return None

    def has_rule(self, *rules: str) -> bool:
        """Whether one of *rules* was ever enacted for the whole country."""
        return any((rule, NATIONAL) in self.rules for rule in rules)

    def version(self, ref: RuleRef) -> Rule | None:
        """Return the value of a rule that *ref* names, whatever has become of it; or None."""
        named = (v for versions in self.rules.values() for v in versions if v.ref == ref)
        return next(named, None)

    def as_read(self, refs: Collection[RuleRef]) -> Programme:
        """
        Return this programme with the values of rules that *refs* name, and no others.

        Each as it was enacted, whatever became of it since: so that what was decided on them
        can be decided again.
        """
        kept = {
            key: tuple(
                attrs.evolve(version, until=version.dated.until, void=False)
                for version in versions
                if version.ref in refs
            )
            for key, versions in self.rules.items()
        }
        return attrs.evolve(
            self, rules=fixed({key: versions for key, versions in kept.items() if versions})
        )

    def last_before(self, rule: str, on: date, *, scope: Region = NATIONAL) -> Rule | None:
        """Return the value in force *on* that day, or else the last one before it."""
        versions = self.rules.get((rule, scope), ())
        past = [v for v in versions if v.dated.in_force <= on and not v.void]
        return max(past, key=lambda version: version.dated.in_force, default=None)


def evolve(programme: Programme, event: ProgrammeEvent) -> Programme:
    """Return the state of *programme* after *event*. Never refuses: it has happened."""
    match event:
        case ProgrammeEstablished(on=on):
            return attrs.evolve(programme, established=on)
        case ProgrammeRuleEnacted(rule=rule, scope=scope, unit=unit, values=values):
            return _with_values(programme, rule, scope, unit, values)
        case ProgrammeRuleAmended(rule=rule, scope=scope, unit=unit, value=value):
            known = programme.rules.get((rule, scope), ())
            cut = _until(programme, rule, scope, value.in_force)
            return _with_values(cut, rule, scope, known[-1].unit if known else unit or "", (value,))
        case ProgrammeRuleEnded(rule=rule, scope=scope, last_day=last_day):
            if last_day == date.max:
                return programme
            return _until(programme, rule, scope, last_day + timedelta(days=1))
        case ProgrammeEvaluationOpened(evaluation=evaluation, trigger=trigger):
            opened = Evaluation(event.on, trigger=trigger)
            return _evaluated(programme, evaluation, opened)
        case ProgrammeEvaluationConcluded(evaluation=evaluation, outcome=outcome, on=on):
            begun = programme.evaluations.get(evaluation, Evaluation(on))
            concluded = attrs.evolve(begun, concluded_on=on, outcome=outcome)
            return _evaluated(programme, evaluation, concluded)
        case _:
            assert_never(event)


def _with_values(
    programme: Programme, rule: str, scope: Region, unit: str, values: tuple[DatedValue, ...]
) -> Programme:
    known = programme.rules.get((rule, scope), ())
    where = rule if scope == NATIONAL else f"{rule}@{scope}"
    added = tuple(
        Rule(
            ref=RuleRef(f"{programme.name}/{where}/{number}"),
            unit=unit,
            dated=value,
            until=value.until,
        )
        for number, value in enumerate(values, start=len(known) + 1)
    )
    return _with_rule(programme, rule, scope, known + added)


def _until(programme: Programme, rule: str, scope: Region, void_from: date) -> Programme:
    """Return *programme* with nothing of *rule* in force on *void_from* or after it."""
    versions = programme.rules.get((rule, scope), ())
    return _with_rule(programme, rule, scope, tuple(_cut(v, void_from) for v in versions))


def _cut(rule: Rule, void_from: date) -> Rule:
    if rule.until is not None and rule.until < void_from:
        return rule
    if rule.dated.in_force >= void_from:
        return attrs.evolve(rule, void=True)
    return attrs.evolve(rule, until=void_from - timedelta(days=1))


def _with_rule(
    programme: Programme, rule: str, scope: Region, versions: tuple[Rule, ...]
) -> Programme:
    return attrs.evolve(programme, rules=joined(programme.rules, {(rule, scope): versions}))


def _evaluated(programme: Programme, name: str, evaluation: Evaluation) -> Programme:
    return attrs.evolve(programme, evaluations=joined(programme.evaluations, {name: evaluation}))
