"""A programme: a named body of dated rules, and how it is evaluated."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise
from types import MappingProxyType
from typing import TypeAlias, assert_never

import attrs

from jamsos.errors import InputError, NotFoundError, RuleNotInForceError

from .calendar import Month
from .citation import Citation
from .decision import Accepted, Decision, Policies, Refused, reasons
from .field import An
from .geography import NATIONAL, Region, region
from .identity import ProgrammeName, RuleRef, day, name
from .money import whole
from .rule import DatedValue, Rule

# -- What has happened. Stored for good: see `jamsos.store.catalogue`. ----------


@attrs.frozen(kw_only=True)
class ProgrammeEstablished:
    """A programme was set up."""

    programme: ProgrammeName = attrs.field(validator=name)
    on: date = attrs.field(validator=day)


@attrs.frozen(kw_only=True)
class ProgrammeRuleEnacted:
    """A rule came into being, with the first of its dated values."""

    rule: str = attrs.field(validator=name)
    unit: str = attrs.field(validator=name)
    scope: Region = attrs.field(validator=region)
    values: tuple[DatedValue, ...]
    on: date = attrs.field(validator=day)


@attrs.frozen(kw_only=True)
class ProgrammeRuleAmended:
    """
    A rule got another value from a day on; whatever it said of later days is void.

    *unit* is the rule's, as it was enacted, or None where an old event does not say it.
    """

    rule: str = attrs.field(validator=name)
    unit: str | None = attrs.field(validator=attrs.validators.optional(name))
    scope: Region = attrs.field(validator=region)
    value: DatedValue = attrs.field(validator=An(DatedValue))
    evaluation: str | None = attrs.field(validator=attrs.validators.optional(name))
    on: date = attrs.field(validator=day)


@attrs.frozen(kw_only=True)
class ProgrammeRuleEnded:
    """A rule was given its last day; whatever it said of later days is void."""

    rule: str = attrs.field(validator=name)
    scope: Region = attrs.field(validator=region)
    last_day: date = attrs.field(validator=day)
    citation: Citation = attrs.field(validator=An(Citation))
    on: date = attrs.field(validator=day)


class Outcome(StrEnum):
    """What an evaluation of a programme concludes about its cap."""

    RAISE = "raise"
    KEEP = "keep"
    LOWER = "lower"


@attrs.frozen(kw_only=True)
class Measures:
    """
    What the history says of a programme at the end of *month*, up to *known_at*.

    *agents* hold seats; *productive_agents* of them acquired somebody in *month* or one
    of the months before it that an evaluation of agents looks at; of *eligible*
    participants whose *after_months* have passed, *still_active* are, under *definition*.
    """

    month: Month
    known_at: int = attrs.field(validator=whole)
    agents: int = attrs.field(validator=whole)
    productive_agents: int = attrs.field(validator=whole)
    acquired: int = attrs.field(validator=whole)
    after_months: int = attrs.field(validator=whole)
    eligible: int = attrs.field(validator=whole)
    still_active: int = attrs.field(validator=whole)
    definition: str = attrs.field(validator=name)


@attrs.frozen(kw_only=True)
class ProgrammeEvaluationOpened:
    """An evaluation of the programme was begun, for the reason in *trigger*."""

    evaluation: str = attrs.field(validator=name)
    trigger: str = attrs.field(validator=An(str))
    on: date = attrs.field(validator=day)


@attrs.frozen(kw_only=True)
class ProgrammeEvaluationConcluded:
    """An evaluation was concluded, on these measures."""

    evaluation: str = attrs.field(validator=name)
    measures: Measures = attrs.field(validator=An(Measures))
    outcome: Outcome = attrs.field(validator=An(Outcome))
    on: date = attrs.field(validator=day)


ProgrammeEvent: TypeAlias = (
    ProgrammeEstablished
    | ProgrammeRuleEnacted
    | ProgrammeRuleAmended
    | ProgrammeRuleEnded
    | ProgrammeEvaluationOpened
    | ProgrammeEvaluationConcluded
)


# -- What that makes of a programme. ---------------------------------------------


@attrs.frozen
class Evaluation:
    """An evaluation of a programme; *concluded_on* and *outcome* are None while it is open."""

    opened_on: date
    concluded_on: date | None = None
    outcome: Outcome | None = None


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

        Raises `RuleNotInForceError` where there is none: another day's is never taken.
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
            self, rules={key: versions for key, versions in kept.items() if versions}
        )

    def last_before(self, rule: str, on: date, *, scope: Region = NATIONAL) -> Rule | None:
        """Return the value in force *on* that day, or else the last one before it."""
        versions = self.rules.get((rule, scope), ())
        past = [v for v in versions if v.dated.in_force <= on and not v.void]
        return max(past, key=lambda version: version.dated.in_force, default=None)


def evolve(programme: Programme, event: ProgrammeEvent) -> Programme:
    """Return *programme* as it is after *event*. Never refuses: it has happened."""
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
        case ProgrammeEvaluationOpened(evaluation=evaluation):
            return _evaluated(programme, evaluation, Evaluation(event.on))
        case ProgrammeEvaluationConcluded(evaluation=evaluation, outcome=outcome, on=on):
            opened = programme.evaluations.get(evaluation, Evaluation(on)).opened_on
            return _evaluated(programme, evaluation, Evaluation(opened, on, outcome))
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
    return attrs.evolve(programme, rules={**programme.rules, (rule, scope): versions})


def _evaluated(programme: Programme, name: str, evaluation: Evaluation) -> Programme:
    return attrs.evolve(programme, evaluations={**programme.evaluations, name: evaluation})


# -- What may happen next. -------------------------------------------------------


@attrs.frozen(kw_only=True)
class Amendment:
    """The case of a rule that is to get another value."""

    programme: Programme
    rule: str
    scope: Region
    value: DatedValue
    evaluation: str | None
    on: date


def establish(programme: Programme, *, on: date) -> Decision[ProgrammeEstablished]:
    """Establish *programme*, once."""
    if programme.established is not None:
        return Accepted()
    return Accepted(ProgrammeEstablished(programme=programme.name, on=on))


def enact(
    programme: Programme,
    rule: str,
    *,
    unit: str,
    values: tuple[DatedValue, ...],
    on: date,
    scope: Region = NATIONAL,
) -> Decision[ProgrammeRuleEnacted]:
    """
    Enact a new *rule* with its first dated values; enacting the same again does nothing.

    Raises `InputError` where two values share a day or are of two kinds, where there is none,
    or where the rule has been enacted with other values: then `amend` is meant.
    """
    for one, other in pairwise(values):
        if one.until is None or other.in_force <= one.until:
            msg = f"two values of rule '{rule}' are in force on {other.in_force}: give each day one"
            raise InputError(msg)
        _check_kind(rule, one, other)
    event = ProgrammeRuleEnacted(rule=rule, unit=unit, scope=scope, values=values, on=on)
    known = programme.rules.get((rule, scope))
    if known is None and values:
        return Accepted(event)
    if known is not None and tuple((v.dated, v.unit) for v in known[: len(values)]) == tuple(
        (value, unit) for value in values
    ):
        return Accepted()
    msg = f"rule '{rule}' of programme '{programme.name}' " + (
        "has no value: give at least one" if not values else "is enacted already: amend it"
    )
    raise InputError(msg)


def amend(case: Amendment, *, policies: Policies[Amendment]) -> Decision[ProgrammeRuleAmended]:
    """
    Give a rule another value from a day on; amending the same again does nothing.

    Raises `NotFoundError` where the rule was never enacted, and `InputError` for a value of
    another kind than it has: what is decided under a rule reads one kind.
    """
    known = case.programme.rules.get((case.rule, case.scope))
    if known is None:
        msg = f"programme '{case.programme.name}' has no rule '{case.rule}': enact it first"
        raise NotFoundError(msg)
    if known[-1].dated == case.value:
        return Accepted()
    _check_kind(case.rule, known[-1].dated, case.value)
    if grounds := reasons(case, policies):
        return Refused(*grounds)
    return Accepted(
        ProgrammeRuleAmended(
            rule=case.rule,
            unit=known[-1].unit,
            scope=case.scope,
            value=case.value,
            evaluation=case.evaluation,
            on=case.on,
        )
    )


def _check_kind(rule: str, one: DatedValue, other: DatedValue) -> None:
    if one.kind is not other.kind:
        msg = (
            f"rule '{rule}' has values of kind {one.kind}: what is of kind {other.kind} needs a"
            f" rule of its own"
        )
        raise InputError(msg)


def end_rule(
    programme: Programme,
    rule: str,
    *,
    last_day: date,
    citation: Citation,
    on: date,
    scope: Region = NATIONAL,
) -> Decision[ProgrammeRuleEnded]:
    """
    Give *rule* its last day in force; ending it again on the same day does nothing.

    Raises `NotFoundError` where the rule was never enacted.
    """
    known = programme.rules.get((rule, scope))
    if known is None:
        msg = f"programme '{programme.name}' has no rule '{rule}': there is nothing to end"
        raise NotFoundError(msg)
    if all(v.void or (v.until is not None and v.until <= last_day) for v in known):
        return Accepted()
    return Accepted(
        ProgrammeRuleEnded(rule=rule, scope=scope, last_day=last_day, citation=citation, on=on)
    )


def open_evaluation(
    programme: Programme, evaluation: str, *, trigger: str, on: date
) -> Decision[ProgrammeEvaluationOpened]:
    """Open an evaluation of *programme*, once for each name."""
    if evaluation in programme.evaluations:
        return Accepted()
    return Accepted(ProgrammeEvaluationOpened(evaluation=evaluation, trigger=trigger, on=on))


def conclude_evaluation(
    programme: Programme, evaluation: str, *, measures: Measures, outcome: Outcome, on: date
) -> Decision[ProgrammeEvaluationConcluded]:
    """
    Conclude an open evaluation; concluding it again does nothing.

    Raises `NotFoundError` where it was never opened, and `InputError` on a day before it was.
    """
    known = programme.evaluations.get(evaluation)
    if known is None:
        msg = f"programme '{programme.name}' has no evaluation '{evaluation}': open it first"
        raise NotFoundError(msg)
    if known.concluded_on is not None:
        return Accepted()
    if on < known.opened_on:
        msg = f"evaluation '{evaluation}' was opened on {known.opened_on}: it cannot end on {on}"
        raise InputError(msg)
    return Accepted(
        ProgrammeEvaluationConcluded(
            evaluation=evaluation, measures=measures, outcome=outcome, on=on
        )
    )
