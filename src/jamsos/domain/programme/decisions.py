"""The decisions on a programme: on its rules, and on its evaluations."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import attrs

from jamsos.domain.citation import Citation
from jamsos.domain.decision import Accepted, Decision, Policies, Refused, reasons
from jamsos.domain.geography import NATIONAL, Region
from jamsos.domain.rule import DatedValue
from jamsos.errors import InputError, NotFoundError

from .events import (
    Measures,
    Outcome,
    ProgrammeEstablished,
    ProgrammeEvaluationConcluded,
    ProgrammeEvaluationOpened,
    ProgrammeRuleAmended,
    ProgrammeRuleEnacted,
    ProgrammeRuleEnded,
)
from .state import Programme


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

    Raises `InputError` if two values share a day or are of two kinds, if there is none,
    or if the rule has been enacted with other values: then `amend` is meant.
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

    Raises `NotFoundError` if the rule was never enacted, and `InputError` for a value of
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

    Raises `NotFoundError` if the rule was never enacted, and `InputError` if its values end
    before that day already.
    """
    known = programme.rules.get((rule, scope))
    if known is None:
        msg = f"programme '{programme.name}' has no rule '{rule}': there is nothing to end"
        raise NotFoundError(msg)
    ends = [version.until for version in known if not version.void]
    last = max((day for day in ends if day is not None), default=None)
    if None not in ends and (last is None or last <= last_day):
        if last == last_day:
            return Accepted()
        said = "has no value" if last is None else f"ends with {last} already"
        msg = f"rule '{rule}' of programme '{programme.name}' {said}: it cannot end with {last_day}"
        raise InputError(msg)
    return Accepted(
        ProgrammeRuleEnded(rule=rule, scope=scope, last_day=last_day, citation=citation, on=on)
    )


def open_evaluation(
    programme: Programme, evaluation: str, *, trigger: str, on: date
) -> Decision[ProgrammeEvaluationOpened]:
    """
    Open an evaluation of *programme*, once for each name; the very same again does nothing.

    Raises `InputError` if it was opened on another day, or for another reason.
    """
    known = programme.evaluations.get(evaluation)
    if known is not None:
        if (known.opened_on, known.trigger) == (on, trigger):
            return Accepted()
        msg = (
            f"evaluation '{evaluation}' of programme '{programme.name}' was opened on"
            f" {known.opened_on}, for {known.trigger!r}: give another one a name of its own"
        )
        raise InputError(msg)
    return Accepted(ProgrammeEvaluationOpened(evaluation=evaluation, trigger=trigger, on=on))


def conclude_evaluation(
    programme: Programme, evaluation: str, *, measures: Measures, outcome: Outcome, on: date
) -> Decision[ProgrammeEvaluationConcluded]:
    """
    Conclude an open evaluation; concluding it again, on that day so, does nothing.

    Raises `NotFoundError` if it was never opened, and `InputError` on a day before it was, and if
    it was concluded on another day or otherwise.
    """
    known = programme.evaluations.get(evaluation)
    if known is None:
        msg = f"programme '{programme.name}' has no evaluation '{evaluation}': open it first"
        raise NotFoundError(msg)
    if known.concluded_on is not None:
        if (known.concluded_on, known.outcome) == (on, outcome):
            return Accepted()
        msg = (
            f"evaluation '{evaluation}' of programme '{programme.name}' was concluded on"
            f" {known.concluded_on}, with {known.outcome}: open another one"
        )
        raise InputError(msg)
    if on < known.opened_on:
        msg = f"evaluation '{evaluation}' was opened on {known.opened_on}: it cannot end on {on}"
        raise InputError(msg)
    return Accepted(
        ProgrammeEvaluationConcluded(
            evaluation=evaluation, measures=measures, outcome=outcome, on=on
        )
    )
