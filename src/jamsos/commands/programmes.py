"""Commands on programmes: the rules that are enacted, amended and ended, and evaluations."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from datetime import date
from pathlib import Path
from typing import TypeAlias, cast

import attrs

from jamsos.domain import programme as programmes
from jamsos.domain.aggregate import state as state_of
from jamsos.domain.calendar import Month, month_of
from jamsos.domain.citation import Citation
from jamsos.domain.decision import Accepted, Decision
from jamsos.domain.field import word_of
from jamsos.domain.geography import NATIONAL, Region, check_region
from jamsos.domain.identity import check_day, programme_stream
from jamsos.domain.programme import (
    Amendment,
    Outcome,
    Programme,
    ProgrammeEstablished,
    ProgrammeEvaluationConcluded,
    ProgrammeEvaluationOpened,
    ProgrammeRuleAmended,
    ProgrammeRuleEnacted,
    ProgrammeRuleEnded,
)
from jamsos.domain.rule import DatedValue
from jamsos.errors import InputError
from jamsos.policies.agent_evaluation import IDLE_RULE
from jamsos.policies.standard import Judges
from jamsos.rulebook import RuleFile, load, rules_of

from .command import Steps
from .fields import all_of
from .reading import Reading


def _contents(
    rules: str | Path | Iterable[RuleFile] | None,
) -> tuple[RuleFile, ...] | None:
    """
    Return what stands in the rule files at a path; what was read already, as it is.

    A set has no order of its own: the same set is the same command, in the order of the names.
    """
    if rules is None:
        return None
    if isinstance(rules, str | Path):
        return load(rules)
    found = all_of(RuleFile, rules, "rules")
    if isinstance(rules, AbstractSet):
        return tuple(sorted(found, key=lambda file: (file.programme, file.rule, file.scope)))
    return found


def _lasting(values: Iterable[DatedValue]) -> tuple[DatedValue, ...]:
    """Return *values* so that they can be read again; those of a set in order of their days."""
    found = all_of(DatedValue, values, "values")
    if isinstance(values, AbstractSet):
        return tuple(sorted(found, key=lambda value: value.in_force))
    return found


Adopted: TypeAlias = ProgrammeEstablished | ProgrammeRuleEnacted | ProgrammeRuleAmended
"""The events to which the adoption of rules leads."""


@attrs.frozen(kw_only=True)
class Adopt:
    """
    Establish *programme* and enact the rules that ship for it, as published by *on*.

    Only what is new is recorded; a raise of the cap needs a concluded *evaluation*. *rules*
    are the contents of rule files, to be taken instead of what ships; if a path is given,
    a file or a folder of them, they are read there and then.
    Raises `NotFoundError` if there are no rules for the programme, and `InputError`
    for a fault in a rule file, or for one of another unit or kind than the rule has.
    """

    programme: str = attrs.field(kw_only=False)
    on: date
    evaluation: str | None = None
    rules: tuple[RuleFile, ...] | None = attrs.field(default=None, converter=_contents)

    def streams(self) -> tuple[str, ...]:
        """Return the programme."""
        return (programme_stream(self.programme),)

    def decide(self, read: Reading, judges: Judges, /) -> Steps[Adopted]:
        """Decide on each rule, on what the ones before it have made of the programme."""
        stream, state = programme_stream(self.programme), read.programme_or_new(self.programme)
        steps: list[tuple[str, Decision[Adopted]]] = []

        def decided(decision: Decision[Adopted]) -> None:
            nonlocal state
            steps.append((stream, decision))
            if isinstance(decision, Accepted):
                state = cast("Programme", state_of(stream, decision.events, since=state))

        decided(programmes.establish(state, on=self.on))
        for file in rules_of(self.programme, self.rules):
            known = state.rules.get((file.rule, file.scope), ())
            if known and known[0].unit != file.unit:
                msg = f"rule '{file.rule}' is in {known[0].unit}: its file says {file.unit}"
                raise InputError(msg)
            standing = {v.dated for v in known if not v.void}
            if not known and (first := file.first_published(self.on)):
                decided(
                    programmes.enact(
                        state,
                        file.rule,
                        unit=file.unit,
                        values=first,
                        on=self.on,
                        scope=file.scope,
                    )
                )
            for value in file.published(self.on):
                # A value that an amendment of this very day has voided is enacted again after it.
                now = state.rules[file.rule, file.scope]
                there = {v.dated for v in now if not (v.void and v.dated in standing)}
                if not any(value.same_law(dated) for dated in there):
                    amended = Amend(
                        self.programme,
                        file.rule,
                        value,
                        on=self.on,
                        evaluation=self.evaluation,
                        scope=file.scope,
                    )
                    decided(amended.decision(state, judges))
        return steps


@attrs.frozen(kw_only=True)
class Enact:
    """
    Enact a new *rule* of *programme*, which is established if it is not.

    Raises `InputError` if two values share a day, or the rule is enacted already.
    """

    programme: str = attrs.field(kw_only=False)
    rule: str = attrs.field(kw_only=False)
    unit: str
    values: tuple[DatedValue, ...] = attrs.field(converter=_lasting)
    on: date
    scope: str = NATIONAL

    def streams(self) -> tuple[str, ...]:
        """Return the programme."""
        return (programme_stream(self.programme),)

    def decide(
        self, read: Reading, _: Judges, /
    ) -> Steps[ProgrammeEstablished | ProgrammeRuleEnacted]:
        """Decide on the programme and on the rule."""
        check_region(self.scope)
        state, stream = read.programme_or_new(self.programme), programme_stream(self.programme)
        enacted = programmes.enact(
            state,
            self.rule,
            unit=self.unit,
            values=self.values,
            on=self.on,
            scope=Region(self.scope),
        )
        return [(stream, programmes.establish(state, on=self.on)), (stream, enacted)]


@attrs.frozen(kw_only=True)
class Amend:
    """
    Give *rule* another value from its first day on; what was decided stays decided.

    A higher ``agent-cap`` is refused without a concluded *evaluation*.
    """

    programme: str = attrs.field(kw_only=False)
    rule: str = attrs.field(kw_only=False)
    value: DatedValue = attrs.field(kw_only=False)
    on: date
    evaluation: str | None = None
    scope: str = NATIONAL

    def streams(self) -> tuple[str, ...]:
        """Return the programme."""
        return (programme_stream(self.programme),)

    def decide(self, read: Reading, judges: Judges, /) -> Steps[ProgrammeRuleAmended]:
        """Decide on the amendment."""
        programme = read.programme(self.programme)
        return [(programme_stream(self.programme), self.decision(programme, judges))]

    def decision(self, programme: Programme, judges: Judges) -> Decision[ProgrammeRuleAmended]:
        """Return what is decided on *programme* as it stands."""
        case = Amendment(
            programme=programme,
            rule=self.rule,
            scope=Region(self.scope),
            value=self.value,
            evaluation=self.evaluation,
            on=self.on,
        )
        return programmes.amend(case, policies=judges[Amendment])


@attrs.frozen(kw_only=True)
class EndRule:
    """Give *rule* its last day in force."""

    programme: str = attrs.field(kw_only=False)
    rule: str = attrs.field(kw_only=False)
    last_day: date
    citation: Citation
    on: date
    scope: str = NATIONAL

    def streams(self) -> tuple[str, ...]:
        """Return the programme."""
        return (programme_stream(self.programme),)

    def decide(self, read: Reading, _: Judges, /) -> Steps[ProgrammeRuleEnded]:
        """Decide on the end of the rule."""
        check_day("last_day", self.last_day)
        ended = programmes.end_rule(
            read.programme(self.programme),
            self.rule,
            last_day=self.last_day,
            citation=self.citation,
            on=self.on,
            scope=Region(self.scope),
        )
        return [(programme_stream(self.programme), ended)]


@attrs.frozen(kw_only=True)
class OpenEvaluation:
    """Open an evaluation of *programme*, and say what brought it about."""

    programme: str = attrs.field(kw_only=False)
    evaluation: str = attrs.field(kw_only=False)
    trigger: str
    on: date

    def streams(self) -> tuple[str, ...]:
        """Return the programme."""
        return (programme_stream(self.programme),)

    def decide(self, read: Reading, _: Judges, /) -> Steps[ProgrammeEvaluationOpened]:
        """Decide on the opening."""
        opened = programmes.open_evaluation(
            read.programme(self.programme), self.evaluation, trigger=self.trigger, on=self.on
        )
        return [(programme_stream(self.programme), opened)]


@attrs.frozen(kw_only=True)
class ConcludeEvaluation:
    """
    Conclude an evaluation, with measures of what is recorded at the end of *month*.

    *after_months* says how long after their acquisition participants are looked at.
    Raises `InputError` in a batch that has decided something: it is not recorded yet.
    """

    programme: str = attrs.field(kw_only=False)
    evaluation: str = attrs.field(kw_only=False)
    outcome: Outcome
    month: Month = attrs.field(converter=month_of)
    after_months: int
    on: date

    def streams(self) -> tuple[str, ...]:
        """Return the programme; the measures rest on the whole history."""
        return (programme_stream(self.programme),)

    def decide(self, read: Reading, _: Judges, /) -> Steps[ProgrammeEvaluationConcluded]:
        """Decide on the conclusion, and record what was measured."""
        programme = read.programme(self.programme)
        measures = read.measures(
            self.programme,
            month=self.month,
            months=programme.rule(IDLE_RULE, self.on).value,
            after_months=self.after_months,
        )
        concluded = programmes.conclude_evaluation(
            programme,
            self.evaluation,
            measures=measures,
            outcome=word_of(Outcome, self.outcome, "outcome"),
            on=self.on,
        )
        return [(programme_stream(self.programme), concluded)]
