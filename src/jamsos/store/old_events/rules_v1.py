"""Rules of version 1: whole numbers only, and nothing said of addresses."""

from __future__ import annotations

from datetime import date

import attrs

from jamsos.domain.citation import Status
from jamsos.domain.geography import Region
from jamsos.errors import InputError

from .upcasting import Data, added, each


@attrs.frozen
class CitationV1:
    """A place in a legal text or a report."""

    instrument: str
    article: str | None
    source: str | None


@attrs.frozen
class ConflictV1:
    """The statement of another source on the same value."""

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
    return data | {"values": each(data, "values", _dated)}


def amended(data: Data) -> Data:
    """Return the data of ``programme.rule-amended.v1`` as version 2 has them."""
    return added(data, "unit") | {"value": _dated(data["value"])}


def ended(data: Data) -> Data:
    """Return the data of ``programme.rule-ended.v1`` as version 2 has them."""
    return _cited(data)


def _dated(value: Data) -> Data:
    dated = added(_whole(_cited(value)), "verified_until")
    return dated | {"conflicts": each(value, "conflicts", lambda one: _whole(_cited(one)))}


def _cited(data: Data) -> Data:
    return data | {"citation": added(data["citation"], "url")}


def _whole(data: Data) -> Data:
    if not isinstance(data["value"], int):
        msg = f"the field 'value' is {data['value']!r}, which is not a whole number"
        raise InputError(msg)
    return data
