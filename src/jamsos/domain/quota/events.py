"""Everything that happens to a quota. Stored for good: see `jamsos.store.catalogue`."""

from __future__ import annotations

from datetime import date
from typing import TypeAlias

import attrs

from jamsos.domain.geography import Region, region
from jamsos.domain.identity import AgentId, ProgrammeName, RuleRef, agent_id, day, name, rule_refs
from jamsos.domain.money import whole

_a_region_or_none = attrs.validators.optional(region)


@attrs.frozen(kw_only=True)
class QuotaAllotted:
    """Seats were allotted to a region: under the cap, or out of *source*'s free seats."""

    programme: ProgrammeName = attrs.field(validator=name)
    region: Region = attrs.field(validator=region)
    seats: int = attrs.field(validator=whole)
    source: Region | None = attrs.field(validator=_a_region_or_none)
    rules: tuple[RuleRef, ...] = attrs.field(validator=rule_refs)
    on: date = attrs.field(validator=day)


@attrs.frozen(kw_only=True)
class QuotaSeatTaken:
    """An agent took a seat."""

    agent: AgentId = attrs.field(validator=agent_id)
    rules: tuple[RuleRef, ...] = attrs.field(validator=rule_refs)
    on: date = attrs.field(validator=day)


@attrs.frozen(kw_only=True)
class QuotaSeatReleased:
    """An agent gave the seat back."""

    agent: AgentId = attrs.field(validator=agent_id)
    on: date = attrs.field(validator=day)


@attrs.frozen(kw_only=True)
class QuotaTakenBack:
    """Free seats were taken back from a region: for good, or for region *to*."""

    seats: int = attrs.field(validator=whole)
    to: Region | None = attrs.field(validator=_a_region_or_none)
    on: date = attrs.field(validator=day)


QuotaEvent: TypeAlias = QuotaAllotted | QuotaSeatTaken | QuotaSeatReleased | QuotaTakenBack
