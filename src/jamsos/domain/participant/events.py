"""Everything that happens to a participant. Stored for good: see `jamsos.store.catalogue`."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TypeAlias

import attrs

from jamsos.domain.calendar import Month, Months
from jamsos.domain.coverage import Change, Segment
from jamsos.domain.field import An
from jamsos.domain.geography import ProvinceCode, province_code
from jamsos.domain.identity import (
    AgentId,
    ProgrammeName,
    RuleRef,
    agent_id,
    day,
    name,
    names,
    reference,
    rule_refs,
)
from jamsos.domain.money import Rupiah, whole
from jamsos.domain.value import Word
from jamsos.errors import InputError


class Channel(StrEnum):
    """How a participant was registered."""

    AGENT = "agent"
    DIRECT = "direct"
    SPONSOR = "sponsor"


class Payer(StrEnum):
    """The kind of payer of a contribution."""

    SELF = "self"
    AGENT = "agent"
    EMPLOYER = "employer"
    SPONSOR = "sponsor"


class LeavingReason(StrEnum):
    """Why a participant left."""

    DEATH = "death"
    PENSION_AGE = "pension-age"
    LEFT_WORK = "left-work"
    OTHER = "other"


class Fact(StrEnum):
    """The kind of a fact about a participant that can be voided; what is paid is corrected."""

    REGISTERED = "registered"
    CAME_BACK = "came-back"
    LEFT = "left"
    MOVED = "moved"
    TRANSFERRED = "transferred"
    REFUNDED = "refunded"


def _segments(
    _: object,
    attribute: attrs.Attribute[tuple[Segment, ...] | None],
    value: tuple[Segment, ...] | None,
) -> None:
    if value is not None and not all(isinstance(each, Segment) for each in value):
        msg = f"{attribute.name} is {value!r}: give segments, or None"
        raise InputError(msg)


def _contiguous(_: object, attribute: attrs.Attribute[Months], value: Months) -> None:
    if not isinstance(value, Months) or not value.contiguous:
        msg = (
            f"{attribute.name} is {str(value)!r}: a payment covers one unbroken run of whole"
            f" months, such as 2018-01/2018-03"
        )
        raise InputError(msg)


@attrs.frozen(kw_only=True)
class ParticipantRegistered:
    """A participant was registered in a segment: by an agent, directly, or by a sponsor."""

    segment: Segment = attrs.field(validator=An(Segment))
    province: ProvinceCode = attrs.field(validator=province_code)
    channel: Channel = attrs.field(validator=An(Channel))
    agent: AgentId | None = attrs.field(validator=attrs.validators.optional(agent_id))
    sponsor: str | None = attrs.field(validator=attrs.validators.optional(reference))
    changes: tuple[Change, ...]
    on: date = attrs.field(validator=day)


@attrs.frozen(kw_only=True)
class Check:
    """
    On what a payment was checked against what is due.

    In a *sector*, and out of a *budget*, *due* is what was due for each month, in order, by
    *rules*; *credit* is what of it was paid too much before.
    """

    sector: Word = attrs.field(validator=name)
    budget: Word = attrs.field(validator=name)
    due: tuple[Rupiah, ...] = attrs.field(validator=attrs.validators.deep_iterable(whole))
    credit: Rupiah = attrs.field(validator=whole)
    rules: tuple[RuleRef, ...] = attrs.field(validator=rule_refs)


@attrs.frozen(kw_only=True)
class ParticipantContributionPaid:
    """
    A contribution was paid for an unbroken run of whole months.

    *income* is the monthly income it is computed on and *amount* the sum paid, both in
    rupiah; *reference* is the payer's own name for the payment. *check* says on what the amount
    was checked; None if it was recorded as it was told.
    """

    segment: Segment = attrs.field(validator=An(Segment))
    reference: str = attrs.field(validator=reference)
    programmes: tuple[ProgrammeName, ...] = attrs.field(validator=names)
    months: Months = attrs.field(validator=_contiguous)
    income: Rupiah = attrs.field(validator=whole)
    amount: Rupiah = attrs.field(validator=whole)
    payer: Payer = attrs.field(validator=An(Payer))
    check: Check | None = attrs.field(validator=attrs.validators.optional(An(Check)))
    changes: tuple[Change, ...]
    on: date = attrs.field(validator=day)

    @property
    def checked(self) -> bool:
        """Whether the amount was checked against what is due; if not, it is as it was told."""
        return self.check is not None


@attrs.frozen(kw_only=True)
class ParticipantDifferencePaid:
    """
    A difference was paid (*rapel*) for months that the payment *of* that reference is for.

    *income* is the monthly income that is right, and *amount* what was paid on top. *months* are
    those of the payment that were not paid back. *check* says what each of them was due more;
    None if it was recorded as it was told. It covers no month that was not covered.
    """

    segment: Segment = attrs.field(validator=An(Segment))
    of: str = attrs.field(validator=reference)
    reference: str = attrs.field(validator=reference)
    months: Months = attrs.field(validator=_contiguous)
    income: Rupiah = attrs.field(validator=whole)
    amount: Rupiah = attrs.field(validator=whole)
    payer: Payer = attrs.field(validator=An(Payer))
    check: Check | None = attrs.field(validator=attrs.validators.optional(An(Check)))
    changes: tuple[Change, ...]
    on: date = attrs.field(validator=day)

    @property
    def checked(self) -> bool:
        """Whether the amount was checked against what is due; if not, it is as it was told."""
        return self.check is not None


@attrs.frozen(kw_only=True)
class ParticipantContributionRefunded:
    """
    Of the payment that *refunds* names, the contributions for *months* were paid back.

    They lie after the month *claimed*, in which a *claim* was made, such as ``jht-claim``, and
    are covered no more. *rules* say on which claims it is done.
    """

    segment: Segment = attrs.field(validator=An(Segment))
    refunds: str = attrs.field(validator=reference)
    claim: Word = attrs.field(validator=name)
    claimed: Month = attrs.field(validator=An(Month))
    months: Months = attrs.field(validator=_contiguous)
    amount: Rupiah = attrs.field(validator=whole)
    rules: tuple[RuleRef, ...] = attrs.field(validator=rule_refs)
    changes: tuple[Change, ...]
    on: date = attrs.field(validator=day)


@attrs.frozen(kw_only=True)
class ParticipantContributionCorrected:
    """The payment that *corrects* names was a mistake: its months are not paid for."""

    segment: Segment = attrs.field(validator=An(Segment))
    corrects: str = attrs.field(validator=reference)
    reason: str = attrs.field(validator=name)
    changes: tuple[Change, ...]
    on: date = attrs.field(validator=day)


@attrs.frozen(kw_only=True)
class ParticipantMoved:
    """
    A participant moved to another province, in every segment they are in on that day.

    *as_told* is None; of an event that was stored as version 1 it names the segments that they
    were in by what had been told: these moved, and no others, whatever is told afterwards.
    """

    province: ProvinceCode = attrs.field(validator=province_code)
    as_told: tuple[Segment, ...] | None = attrs.field(default=None, validator=_segments)
    changes: tuple[Change, ...]
    on: date = attrs.field(validator=day)


@attrs.frozen(kw_only=True)
class ParticipantTransferred:
    """A participant was given into the care of another agent, or of a branch."""

    segment: Segment = attrs.field(validator=An(Segment))
    agent: AgentId | None = attrs.field(validator=attrs.validators.optional(agent_id))
    branch: str | None = attrs.field(validator=attrs.validators.optional(reference))
    changes: tuple[Change, ...]
    on: date = attrs.field(validator=day)


@attrs.frozen(kw_only=True)
class ParticipantLeft:
    """
    A participant left a segment; or, if *segment* is None, the scheme.

    *as_told* is None; of an event that was stored as version 1 it names the segments that they
    left: these alone, and over everything of that day or later ones that had been told before.
    """

    segment: Segment | None = attrs.field(validator=attrs.validators.optional(An(Segment)))
    reason: LeavingReason = attrs.field(validator=An(LeavingReason))
    as_told: tuple[Segment, ...] | None = attrs.field(default=None, validator=_segments)
    changes: tuple[Change, ...]
    on: date = attrs.field(validator=day)


@attrs.frozen(kw_only=True)
class ParticipantCameBack:
    """A participant who had left a segment came back to it. Old arrears are not counted."""

    segment: Segment = attrs.field(validator=An(Segment))
    province: ProvinceCode = attrs.field(validator=province_code)
    agent: AgentId | None = attrs.field(validator=attrs.validators.optional(agent_id))
    changes: tuple[Change, ...]
    on: date = attrs.field(validator=day)


@attrs.frozen(kw_only=True)
class ParticipantFactVoided:
    """
    A fact was a mistake: the event that has *version* in the same stream.

    It is a fact of membership, or that contributions were paid back.

    *fact*, *fact_on*, *segment* and *agent* say what it removes, for sums that cannot look it
    up: of which kind and day the fact was, of which segment, and which agent it named; None where
    it named none. *on* is the day on which it was put right.
    """

    version: int = attrs.field(validator=whole)
    fact: Fact = attrs.field(validator=An(Fact))
    fact_on: date = attrs.field(validator=day)
    segment: Segment | None = attrs.field(validator=attrs.validators.optional(An(Segment)))
    agent: AgentId | None = attrs.field(validator=attrs.validators.optional(agent_id))
    reason: str = attrs.field(validator=name)
    changes: tuple[Change, ...]
    on: date = attrs.field(validator=day)


Membership: TypeAlias = (
    ParticipantRegistered
    | ParticipantCameBack
    | ParticipantLeft
    | ParticipantMoved
    | ParticipantTransferred
)
"""The facts that say when, where and in whose care a participant is."""

ParticipantEvent: TypeAlias = (
    ParticipantRegistered
    | ParticipantContributionPaid
    | ParticipantContributionCorrected
    | ParticipantDifferencePaid
    | ParticipantContributionRefunded
    | ParticipantMoved
    | ParticipantTransferred
    | ParticipantLeft
    | ParticipantCameBack
    | ParticipantFactVoided
)
