"""Citations: where the law says something, and how sure that is."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final, NewType

import attrs

from jamsos.errors import InputError

Url = NewType("Url", str)
"""An address on the web."""

URL: Final = re.compile(r"https?://[!-~]+", re.ASCII)


class Status(StrEnum):
    """How well a rule is known."""

    ENACTED = "enacted"
    """Read in the legal text itself, or in a document of the authority."""
    REPORTED = "reported"
    """Read in the press or another secondary source."""
    ASSUMED = "assumed"
    """Chosen, for want of a source: say so wherever it is used."""


def _said(_: object, attribute: attrs.Attribute[str], value: str) -> None:
    if not isinstance(value, str) or not value.strip():
        msg = f"{attribute.name} of a citation is {value!r}: name the legal text or the report"
        raise InputError(msg)


def _address(_: object, attribute: attrs.Attribute[Url | None], value: Url | None) -> None:
    if value is not None and (not isinstance(value, str) or URL.fullmatch(value) is None):
        msg = f"{attribute.name} of a citation is {value!r}: write an address as https://..."
        raise InputError(msg)


@attrs.frozen
class Citation:
    """
    A place in a legal text or a report.

    >>> print(Citation("Perban BPJS TK 1/2023", "Pasal 7"))
    Perban BPJS TK 1/2023, Pasal 7

    *source* says where it was read, *url* where it can be. Raises `InputError` if
    *instrument* is empty.
    """

    instrument: str = attrs.field(validator=_said)
    article: str | None = None
    source: str | None = None
    url: Url | None = attrs.field(default=None, validator=_address)

    def __str__(self) -> str:
        return ", ".join(filter(None, (self.instrument, self.article)))
