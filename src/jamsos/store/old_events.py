"""Events of older versions: how they are stored, and how each is read as the next version."""

from __future__ import annotations

from datetime import date
from typing import Any, TypeAlias

import attrs

from jamsos.domain.calendar import Months
from jamsos.domain.citation import Status
from jamsos.domain.coverage import Change, Segment
from jamsos.domain.geography import Region
from jamsos.domain.identity import ProgrammeName
from jamsos.domain.money import Rupiah
from jamsos.domain.participant import Payer
from jamsos.errors import InputError

Data: TypeAlias = dict[str, Any]

# -- Rules before version 2: whole numbers only, and nothing said of addresses. ----


@attrs.frozen
class CitationV1:
    """A place in a legal text or a report."""

    instrument: str
    article: str | None
    source: str | None


@attrs.frozen
class ConflictV1:
    """What another source says of the same value."""

    value: int
    citation: CitationV1
    note: str | None


@attrs.frozen(kw_only=True)
class DatedValueV1:
    """A value of a rule, and the days on which it is in force."""

    value: int
    in_force: date
    until: date | None
    citation: CitationV1
    status: Status
    published: date | None
    note: str | None
    conflicts: tuple[ConflictV1, ...]


@attrs.frozen(kw_only=True)
class ProgrammeRuleEnactedV1:
    """A rule came into being, with the first of its dated values."""

    rule: str
    unit: str
    scope: Region
    values: tuple[DatedValueV1, ...]
    on: date


@attrs.frozen(kw_only=True)
class ProgrammeRuleAmendedV1:
    """A rule got another value from a day on; whatever it said of later days is void."""

    rule: str
    scope: Region
    value: DatedValueV1
    evaluation: str | None
    on: date


@attrs.frozen(kw_only=True)
class ProgrammeRuleEndedV1:
    """A rule was given its last day; whatever it said of later days is void."""

    rule: str
    scope: Region
    last_day: date
    citation: CitationV1
    on: date


def enacted(data: Data) -> Data:
    """Return the data of ``programme.rule-enacted.v1`` as version 2 has them."""
    return data | {"values": [_dated(value) for value in data["values"]]}


def amended(data: Data) -> Data:
    """Return the data of ``programme.rule-amended.v1`` as version 2 has them."""
    return _with(data, unit=None) | {"value": _dated(data["value"])}


def ended(data: Data) -> Data:
    """Return the data of ``programme.rule-ended.v1`` as version 2 has them."""
    return data | {"citation": _with(data["citation"], url=None)}


def _dated(value: Data) -> Data:
    conflicts = [_whole(_cited(conflict)) for conflict in value["conflicts"]]
    return _with(_whole(_cited(value)), verified_until=None) | {"conflicts": conflicts}


def _cited(data: Data) -> Data:
    return data | {"citation": _with(data["citation"], url=None)}


def _whole(data: Data) -> Data:
    if not isinstance(data["value"], int):
        msg = f"the field 'value' is {data['value']!r}, which is no whole number"
        raise InputError(msg)
    return data


def _with(data: Data, **new: None) -> Data:
    """Return *data* with fields that the old version does not have, and so must not hold."""
    for field in new:
        if field in data:
            msg = f"there is no field {field!r}"
            raise InputError(msg)
    return data | new


# -- Contributions before version 2: nothing said of what they were checked on. ---------


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
    return {**data, "check": None}
