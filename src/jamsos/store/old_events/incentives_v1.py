"""Awards and claw-backs of version 1, which say nothing of what was for each month."""

from __future__ import annotations

from datetime import date

import attrs

from jamsos.domain.calendar import Month
from jamsos.domain.coverage import Segment
from jamsos.domain.identity import ParticipantId, ProgrammeName, RuleRef
from jamsos.domain.incentive import Acquired
from jamsos.domain.money import Rupiah

from .upcasting import Data, added, each


@attrs.frozen(kw_only=True)
class ReceivedV1:
    """
    A contribution that came in from a participant in the agent's care.

    *number* says which contribution month in that care the first of them is, of those that had
    been told.
    """

    participant: ParticipantId
    segment: Segment
    reference: str
    amount: Rupiah
    months: int
    number: int


@attrs.frozen
class RewardedV1:
    """A contribution that is rewarded, and with how much: a part of the month's incentive."""

    received: ReceivedV1
    incentive: Rupiah


@attrs.frozen(kw_only=True)
class AgentIncentiveAwardedV1:
    """The agent was awarded the incentive earned in *month*, or what came to it since."""

    programme: ProgrammeName
    month: Month
    acquired: tuple[Acquired, ...]
    contributions: tuple[RewardedV1, ...]
    acquisition: Rupiah
    agent: Rupiah
    office: Rupiah
    pay_by: date | None
    known_at: int
    rules: tuple[RuleRef, ...]
    on: date


@attrs.frozen(kw_only=True)
class AgentIncentiveClawedBackV1:
    """A part of the agent's award for *month* was taken back: payments were corrected."""

    programme: ProgrammeName
    month: Month
    acquired: tuple[Acquired, ...]
    contributions: tuple[RewardedV1, ...]
    acquisition: Rupiah
    agent: Rupiah
    office: Rupiah
    known_at: int
    rules: tuple[RuleRef, ...]
    on: date


def settled(data: Data) -> Data:
    """Return what version 2 says of an award or a claw-back: of no contribution, the parts."""
    return data | {"contributions": each(data, "contributions", _rewarded)}


def _rewarded(line: Data) -> Data:
    return line | {"received": added(line["received"], "parts")}
