"""Everything that happens to an agent. Stored for good: see `jamsos.store.catalogue`."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Final, TypeAlias

import attrs

from jamsos.domain.calendar import Month
from jamsos.domain.field import An
from jamsos.domain.geography import ProvinceCode, Region, province_code, region
from jamsos.domain.identity import ProgrammeName, RuleRef, day, name, rule_refs
from jamsos.domain.incentive import Acquired, Rewarded
from jamsos.domain.money import Rupiah, whole


@attrs.frozen(kw_only=True)
class AgentRecruited:
    """An agent was recruited, on a seat of the programme's quota in *region*."""

    programme: ProgrammeName = attrs.field(validator=name)
    province: ProvinceCode = attrs.field(validator=province_code)
    region: Region = attrs.field(validator=region)
    rules: tuple[RuleRef, ...] = attrs.field(validator=rule_refs)
    on: date = attrs.field(validator=day)


@attrs.frozen(kw_only=True)
class AgentTrainingBegun:
    """The agent began the training (*masih belajar*)."""

    on: date = attrs.field(validator=day)


@attrs.frozen(kw_only=True)
class AgentCertified:
    """The agent passed the exam, and may not enrol anyone yet."""

    on: date = attrs.field(validator=day)


@attrs.frozen(kw_only=True)
class AgentAssigned:
    """The agent got the letter of assignment (*Surat Tugas*): the account is active."""

    on: date = attrs.field(validator=day)


class DeactivationReason(StrEnum):
    """Why an agent's account was deactivated."""

    IDLE = "idle"
    """No acquisition for as many consecutive months as the rule says."""
    OFFICE = "office"
    """The agreement with the agent's office (*Wadah*) ended."""


@attrs.frozen(kw_only=True)
class AgentDeactivated:
    """
    The agent's account was deactivated, and the seat released.

    *idle_months* and *last_acquisition* are what the evaluation looked at, as the history
    knew it up to *known_at*; None if idleness was not the reason.
    """

    reason: DeactivationReason = attrs.field(validator=An(DeactivationReason))
    idle_months: int | None = attrs.field(validator=attrs.validators.optional(whole))
    last_acquisition: Month | None
    known_at: int | None = attrs.field(validator=attrs.validators.optional(whole))
    rules: tuple[RuleRef, ...] = attrs.field(validator=rule_refs)
    on: date = attrs.field(validator=day)


@attrs.frozen(kw_only=True)
class AgentReactivated:
    """The agent's account was made active again, on a seat in *region*."""

    region: Region = attrs.field(validator=region)
    rules: tuple[RuleRef, ...] = attrs.field(validator=rule_refs)
    on: date = attrs.field(validator=day)


@attrs.frozen(kw_only=True)
class AgentReseated:
    """The agent goes on as before, from that day on with a seat in *region*."""

    region: Region = attrs.field(validator=region)
    rules: tuple[RuleRef, ...] = attrs.field(validator=rule_refs)
    on: date = attrs.field(validator=day)


@attrs.frozen(kw_only=True)
class AgentResigned:
    """The agent gave up the work, and the seat."""

    on: date = attrs.field(validator=day)


class TerminationCause(StrEnum):
    """The cause for which an agent was terminated, with the loss of all rights."""

    FRAUD = "fraud"
    CRIME = "crime"
    GRATIFICATION = "gratification"


@attrs.frozen(kw_only=True)
class AgentTerminated:
    """The agent was terminated for a proven cause. There is no return."""

    cause: TerminationCause = attrs.field(validator=An(TerminationCause))
    on: date = attrs.field(validator=day)


class AgentFact(StrEnum):
    """A kind of fact about an agent's stages, by its published word."""

    RECRUITED = "recruited"
    TRAINING_BEGUN = "training-begun"
    CERTIFIED = "certified"
    ASSIGNED = "assigned"
    DEACTIVATED = "deactivated"
    REACTIVATED = "reactivated"
    RESEATED = "reseated"
    RESIGNED = "resigned"
    TERMINATED = "terminated"


RETOLD: Final = "retold"
"""The reason for which a fact is voided that is told otherwise: the next event replaces it."""


@attrs.frozen(kw_only=True)
class AgentFactVoided:
    """
    A fact about the agent's stages was a mistake: it is as if it had never been told.

    *version* is its place in the agent's stream. *fact*, *fact_on* and *programme* say what it
    was: its kind, its day, and for a recruitment the programme. *on* is the day on which it
    was put right. If *reason* is ``retold``, the fact that replaces it is the next event, and has
    its place among the facts of one day.
    """

    version: int = attrs.field(validator=whole)
    fact: AgentFact = attrs.field(validator=An(AgentFact))
    fact_on: date = attrs.field(validator=day)
    programme: ProgrammeName | None = attrs.field(validator=attrs.validators.optional(name))
    reason: str = attrs.field(validator=name)
    on: date = attrs.field(validator=day)


@attrs.frozen(kw_only=True)
class AgentIncentiveAwarded:
    """
    The agent was awarded the incentive earned in *month*, or what came to it since.

    *acquired* and *contributions* are what it is for, each named in no other award that stands;
    *acquisition* is the part for new participants. *agent* and *office* are what each of them
    gets, at the latest by *pay_by*. The history was known up to *known_at*.
    """

    programme: ProgrammeName = attrs.field(validator=name)
    month: Month = attrs.field(validator=An(Month))
    acquired: tuple[Acquired, ...]
    contributions: tuple[Rewarded, ...]
    acquisition: Rupiah = attrs.field(validator=whole)
    agent: Rupiah = attrs.field(validator=whole)
    office: Rupiah = attrs.field(validator=whole)
    pay_by: date | None = attrs.field(validator=attrs.validators.optional(day))
    known_at: int = attrs.field(validator=whole)
    rules: tuple[RuleRef, ...] = attrs.field(validator=rule_refs)
    on: date = attrs.field(validator=day)


@attrs.frozen(kw_only=True)
class AgentIncentiveClawedBack:
    """
    A part of the agent's award for *month* was taken back: the facts are others than were known.

    *acquired* and *contributions* no longer count, or not as they were awarded, and *acquisition*
    is lost of the part for new participants. *agent* and *office* are what each of them owes back.
    """

    programme: ProgrammeName = attrs.field(validator=name)
    month: Month = attrs.field(validator=An(Month))
    acquired: tuple[Acquired, ...]
    contributions: tuple[Rewarded, ...]
    acquisition: Rupiah = attrs.field(validator=whole)
    agent: Rupiah = attrs.field(validator=whole)
    office: Rupiah = attrs.field(validator=whole)
    known_at: int = attrs.field(validator=whole)
    rules: tuple[RuleRef, ...] = attrs.field(validator=rule_refs)
    on: date = attrs.field(validator=day)


AgentStageEvent: TypeAlias = (
    AgentRecruited
    | AgentTrainingBegun
    | AgentCertified
    | AgentAssigned
    | AgentDeactivated
    | AgentReactivated
    | AgentReseated
    | AgentResigned
    | AgentTerminated
)
"""What leads an agent from one stage to another, or to a seat elsewhere."""

AgentEvent: TypeAlias = (
    AgentStageEvent | AgentFactVoided | AgentIncentiveAwarded | AgentIncentiveClawedBack
)
