"""Moves and leavings of version 1, which were decided by what had been told before them."""

from __future__ import annotations

from datetime import date

import attrs

from jamsos.domain.coverage import Change, Segment
from jamsos.domain.geography import ProvinceCode
from jamsos.domain.participant import LeavingReason

from .upcasting import Data, added


@attrs.frozen(kw_only=True)
class ParticipantMovedV1:
    """A participant moved to another province, in every segment they are in."""

    province: ProvinceCode
    changes: tuple[Change, ...]
    on: date


@attrs.frozen(kw_only=True)
class ParticipantLeftV1:
    """A participant left a segment; or, if *segment* is None, the scheme."""

    segment: Segment | None
    reason: LeavingReason
    changes: tuple[Change, ...]
    on: date


def as_told(data: Data) -> Data:
    """Return what version 2 says of a move or a leaving: it is of the segments of its changes."""
    changes = data["changes"]
    named = [each.get("segment") for each in changes if isinstance(each, dict)]
    return added(data, "as_told") | {"as_told": named}
