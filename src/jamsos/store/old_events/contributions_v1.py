"""Contributions of version 1, which say nothing of what they were checked on."""

from __future__ import annotations

from datetime import date

import attrs

from jamsos.domain.calendar import Months
from jamsos.domain.coverage import Change, Segment
from jamsos.domain.identity import ProgrammeName
from jamsos.domain.money import Rupiah
from jamsos.domain.participant import Payer

from .upcasting import Data, added


@attrs.frozen(kw_only=True)
class ParticipantContributionPaidV1:
    """A contribution was paid for an unbroken run of whole months."""

    segment: Segment
    reference: str
    programmes: tuple[ProgrammeName, ...]
    months: Months
    income: Rupiah
    amount: Rupiah
    payer: Payer
    changes: tuple[Change, ...]
    on: date


def paid(data: Data) -> Data:
    """Return what version 2 says of a contribution of version 1: it was recorded as told."""
    return added(data, "check")
