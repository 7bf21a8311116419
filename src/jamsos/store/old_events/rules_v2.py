"""Rules of version 2: values of every kind, and nothing said of the text that was read."""

from __future__ import annotations

from datetime import date
from typing import Final

import attrs

from jamsos.domain.citation import Status, Url
from jamsos.domain.geography import Region
from jamsos.domain.value import Value

from .upcasting import Data, added, each


@attrs.frozen
class CitationV2:
    """A place in a legal text or a report."""

    instrument: str
    article: str | None
    source: str | None
    url: Url | None


@attrs.frozen
class ConflictV2:
    """The statement of another source on the same value."""

    value: Value
    citation: CitationV2
    note: str | None


@attrs.frozen(kw_only=True)
class DatedValueV2:
    """A value of a rule, and the days on which it is in force."""

    value: Value
    in_force: date
    until: date | None
    citation: CitationV2
    status: Status
    published: date | None
    note: str | None
    conflicts: tuple[ConflictV2, ...]
    verified_until: date | None


@attrs.frozen(kw_only=True)
class ProgrammeRuleEnactedV2:
    """A rule came into being, with the first of its dated values."""

    rule: str
    unit: str
    scope: Region
    values: tuple[DatedValueV2, ...]
    on: date


@attrs.frozen(kw_only=True)
class ProgrammeRuleAmendedV2:
    """A rule got another value from a day on; whatever it said of later days is void."""

    rule: str
    unit: str | None
    scope: Region
    value: DatedValueV2
    evaluation: str | None
    on: date


@attrs.frozen(kw_only=True)
class ProgrammeRuleEndedV2:
    """A rule was given its last day; whatever it said of later days is void."""

    rule: str
    scope: Region
    last_day: date
    citation: CitationV2
    on: date


def enacted(data: Data) -> Data:
    """Return the data of ``programme.rule-enacted.v2`` as version 3 has them."""
    return data | {"values": each(data, "values", _dated)}


def amended(data: Data) -> Data:
    """Return the data of ``programme.rule-amended.v2`` as version 3 has them."""
    return data | {"value": _dated(data["value"])}


def ended(data: Data) -> Data:
    """Return the data of ``programme.rule-ended.v2`` as version 3 has them."""
    return _cited(data)


def _dated(value: Data) -> Data:
    return _cited(value) | {"conflicts": each(value, "conflicts", _cited)}


def _cited(data: Data) -> Data:
    return data | {"citation": added(data["citation"], *_PROOF)}


_PROOF: Final = ("passage", "passage_sha256", "read_on", "akn")
