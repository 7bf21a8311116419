"""The incentive of an agent for a month, and the participants and payments it rests on."""

from __future__ import annotations

from datetime import date

import attrs

from .calendar import Month
from .coverage import Segment
from .field import An
from .identity import ParticipantId, ProgrammeName, names, participant_id, reference
from .money import Rupiah, check_whole, whole
from .programme import Programme
from .rate import WHOLE


@attrs.frozen(kw_only=True)
class Acquired:
    """
    A new participant: registered by the agent, and their first contribution paid.

    *programmes* and *reference* are those of that contribution.
    """

    participant: ParticipantId = attrs.field(validator=participant_id)
    segment: Segment = attrs.field(validator=An(Segment))
    programmes: tuple[ProgrammeName, ...] = attrs.field(validator=names)
    reference: str = attrs.field(validator=reference)


def _parts(
    _: object,
    attribute: attrs.Attribute[tuple[Rupiah, ...] | None],
    value: tuple[Rupiah, ...] | None,
) -> None:
    for part in value or ():
        check_whole(attribute.name, part)


_NOT_KNOWN: tuple[Rupiah, ...] | None = ()


@attrs.frozen(kw_only=True)
class Received:
    """
    A contribution that came in from a participant in the agent's care.

    It is for so many *months*; *number* says which contribution month in that care the first
    of them is, counted from 1. *parts* is what of the amount is for each month; empty where that
    is not known. None in events of version 1, which say nothing of it, and whose numbers go by
    what had been told.
    """

    participant: ParticipantId = attrs.field(validator=participant_id)
    segment: Segment = attrs.field(validator=An(Segment))
    reference: str = attrs.field(validator=reference)
    amount: Rupiah = attrs.field(validator=whole)
    months: int = attrs.field(validator=whole)
    number: int = attrs.field(validator=whole)
    parts: tuple[Rupiah, ...] | None = attrs.field(default=_NOT_KNOWN, validator=_parts)


@attrs.frozen
class Rewarded:
    """A contribution that is rewarded, and with how much: a part of the month's incentive."""

    received: Received = attrs.field(validator=An(Received))
    incentive: Rupiah = attrs.field(validator=whole)


@attrs.frozen(kw_only=True)
class Earning:
    """The case of an agent who is to get what they have earned in *month*."""

    programme: Programme
    month: Month
    acquired: tuple[Acquired, ...]
    received: tuple[Received, ...]


@attrs.frozen(kw_only=True)
class Incentive:
    """
    The incentive of a month: for acquisitions, and for each contribution.

    *office_rate* is the office's share, in parts per 100,000; it is paid *on_top* of the
    incentive, or else out of it. *pay_by* is the last day to pay, if a rule says one.
    """

    acquired: tuple[Acquired, ...]
    acquisition: Rupiah
    contributions: tuple[Rewarded, ...]
    office_rate: int
    on_top: bool
    pay_by: date | None

    @property
    def gross(self) -> Rupiah:
        """The incentive, before the office gets its share: the sum of its parts."""
        return Rupiah(self.acquisition + sum(each.incentive for each in self.contributions))

    @property
    def office(self) -> Rupiah:
        """The office's share."""
        return self.split(self.gross)[1]

    @property
    def agent(self) -> Rupiah:
        """The agent's share."""
        return self.split(self.gross)[0]

    def split(self, gross: int) -> tuple[Rupiah, Rupiah]:
        """Return what the agent and what the office get of *gross*; the office's rounded down."""
        office = gross * self.office_rate // WHOLE
        return Rupiah(gross if self.on_top else gross - office), Rupiah(office)
