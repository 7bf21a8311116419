"""Where the law says so, what was read there, and how sure that is."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from hashlib import sha256
from typing import Final, NewType

import attrs

from jamsos.errors import InputError

from .identity import day

Url = NewType("Url", str)
"""An address on the web."""

Sha256 = NewType("Sha256", str)
"""A SHA-256: 64 hex digits, in lower case."""

AknName = NewType("AknName", str)
"""
The name of a work in the Akoma Ntoso Naming Convention 1.0, such as ``/akn/id/act/pp/2015/44``.

Its parts are ``/akn``, the country (ISO 3166-1, with or without a subdivision: ``id``,
``id-jk``), the type of document (``act``, ``doc``), at most a subtype and an author (``pp``),
the year or the day, and the number or title. What the convention puts behind that, a language,
a version (``@``), a component (``!``) or a portion (``~``), is no part of it.
"""

URL: Final = re.compile(r"https?://[!-~]+", re.ASCII)
SHA256: Final = re.compile(r"[0-9a-f]{64}")
AKN: Final = re.compile(
    r"/akn/[a-z]{2}(-[a-z0-9]+)?/[A-Za-z]+(/[A-Za-z][A-Za-z0-9.-]*){0,2}"
    r"/[0-9]{4}(-[0-9]{2}-[0-9]{2})?/[A-Za-z0-9][A-Za-z0-9._-]*"
)

LONGEST_PASSAGE: Final = 4_000
"""So many characters a passage has at most."""


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


def _read(_: object, attribute: attrs.Attribute[str | None], value: str | None) -> None:
    if value is None:
        return
    if not isinstance(value, str) or not value.strip():
        msg = f"{attribute.name} of a citation is {value!r}: give the text that was read"
        raise InputError(msg)
    if len(value) > LONGEST_PASSAGE:
        msg = (
            f"{attribute.name} of a citation has {len(value):,} characters:"
            f" give at most {LONGEST_PASSAGE:,}"
        )
        raise InputError(msg)
    try:
        value.encode()
    except UnicodeEncodeError as error:
        msg = f"{attribute.name} of a citation cannot be written as UTF-8: {error.reason}"
        raise InputError(msg) from error


def _hash(
    citation: Citation, attribute: attrs.Attribute[Sha256 | None], value: Sha256 | None
) -> None:
    if value is None:
        return
    if not isinstance(value, str) or SHA256.fullmatch(value) is None:
        msg = f"{attribute.name} of a citation is {value!r}: write 64 hex digits, in lower case"
        raise InputError(msg)
    if citation.passage is None:
        return
    own = sha256(citation.passage.encode()).hexdigest()
    if value != own:
        msg = f"{attribute.name} of a citation is {value}, and that of its passage is {own}"
        raise InputError(msg)


def _name(_: object, attribute: attrs.Attribute[AknName | None], value: AknName | None) -> None:
    if value is not None and (not isinstance(value, str) or AKN.fullmatch(value) is None):
        msg = f"{attribute.name} of a citation is {value!r}: write a name as /akn/id/act/pp/2015/44"
        raise InputError(msg)


@attrs.frozen
class Citation:
    """
    A place in a legal text or a report, and the proof of what was read there.

    >>> print(Citation("Perban BPJS TK 1/2023", "Pasal 7"))
    Perban BPJS TK 1/2023, Pasal 7

    *source* says where it was read, *url* where it can be, and *read_on* on which day it was.
    *passage* is the text that was read, of at most 4,000 characters. *passage_sha256* is the
    SHA-256 of that text in UTF-8; it may stand without the text. *akn* is the Akoma Ntoso name
    of the instrument. Raises `InputError` where *instrument* or *passage* is empty, where another
    field is not of its form, and where the passage has another SHA-256.
    """

    instrument: str = attrs.field(validator=_said)
    article: str | None = None
    source: str | None = None
    url: Url | None = attrs.field(default=None, validator=_address)
    passage: str | None = attrs.field(default=None, validator=_read)
    passage_sha256: Sha256 | None = attrs.field(default=None, validator=_hash)
    read_on: date | None = attrs.field(default=None, validator=attrs.validators.optional(day))
    akn: AknName | None = attrs.field(default=None, validator=_name)

    def __str__(self) -> str:
        return ", ".join(filter(None, (self.instrument, self.article)))
