"""Everything that happens to a programme. Stored for good: see `jamsos.store.catalogue`."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TypeAlias

import attrs

from jamsos.domain.calendar import Month
from jamsos.domain.citation import Citation
from jamsos.domain.field import An
from jamsos.domain.geography import Region, region
from jamsos.domain.identity import ProgrammeName, day, name
from jamsos.domain.money import whole
from jamsos.domain.rule import DatedValue


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

    *unit* is the rule's, as it was enacted, or None if an old event does not say it.
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
    """The conclusion of an evaluation of a programme about its cap."""

    RAISE = "raise"
    KEEP = "keep"
    LOWER = "lower"


@attrs.frozen(kw_only=True)
class Measures:
    """
    The measures of a programme at the end of *month*, by the history up to *known_at*.

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
