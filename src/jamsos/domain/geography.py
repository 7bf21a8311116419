"""Provinces and regions, by the codes of the Ministry of Home Affairs (Kemendagri)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import NewType, TypeVar

import attrs

from jamsos.errors import InputError

ProvinceCode = NewType("ProvinceCode", str)
"""A two-digit Kemendagri code. The BPS codes of Papua differ: they are never used here."""

Region = NewType("Region", str)
"""Where a rule or a quota holds: ``national``, or the code of a province."""

NATIONAL = Region("national")

T = TypeVar("T")


@attrs.frozen
class Province:
    """A province; *since* is the first year in which it exists, where it is new."""

    name: str
    since: int | None = None


PROVINCES: Mapping[str, Province] = MappingProxyType(
    {
        "11": Province("Aceh"),
        "12": Province("Sumatera Utara"),
        "13": Province("Sumatera Barat"),
        "14": Province("Riau"),
        "15": Province("Jambi"),
        "16": Province("Sumatera Selatan"),
        "17": Province("Bengkulu"),
        "18": Province("Lampung"),
        "19": Province("Kepulauan Bangka Belitung"),
        "21": Province("Kepulauan Riau"),
        "31": Province("DKI Jakarta"),
        "32": Province("Jawa Barat"),
        "33": Province("Jawa Tengah"),
        "34": Province("DI Yogyakarta"),
        "35": Province("Jawa Timur"),
        "36": Province("Banten"),
        "51": Province("Bali"),
        "52": Province("Nusa Tenggara Barat"),
        "53": Province("Nusa Tenggara Timur"),
        "61": Province("Kalimantan Barat"),
        "62": Province("Kalimantan Tengah"),
        "63": Province("Kalimantan Selatan"),
        "64": Province("Kalimantan Timur"),
        "65": Province("Kalimantan Utara"),
        "71": Province("Sulawesi Utara"),
        "72": Province("Sulawesi Tengah"),
        "73": Province("Sulawesi Selatan"),
        "74": Province("Sulawesi Tenggara"),
        "75": Province("Gorontalo"),
        "76": Province("Sulawesi Barat"),
        "81": Province("Maluku"),
        "82": Province("Maluku Utara"),
        "91": Province("Papua"),
        "92": Province("Papua Barat"),
        "93": Province("Papua Selatan", since=2022),
        "94": Province("Papua Tengah", since=2022),
        "95": Province("Papua Pegunungan", since=2022),
        "96": Province("Papua Barat Daya", since=2022),
    }
)
"""34 provinces in 2018; four more since 2022 (the year is general knowledge, unconfirmed)."""


def check_province(code: str, on: date) -> None:
    """Raise `InputError` unless the province *code* exists on that day."""
    province = PROVINCES.get(code)
    if province is None:
        msg = f"there is no province {code!r}: give a Kemendagri code, such as 51 for Bali"
        raise InputError(msg)
    if province.since is not None and on.year < province.since:
        msg = (
            f"province {code} ({province.name}) does not exist on {on}:"
            f" it is new in {province.since}"
        )
        raise InputError(msg)


def check_region(value: str) -> None:
    """Raise `InputError` unless *value* is ``national`` or the code of a province."""
    if value != NATIONAL and value not in PROVINCES:
        msg = f"there is no region {value!r}: give 'national' or the Kemendagri code of a province"
        raise InputError(msg)


def province_code(_: object, attribute: attrs.Attribute[T], value: T) -> None:
    """Let through the code of a province."""
    if value not in PROVINCES:
        msg = f"{attribute.name} is {value!r}: it must be a Kemendagri code, such as 51 for Bali"
        raise InputError(msg)


def region(_: object, attribute: attrs.Attribute[T], value: T) -> None:
    """Let through ``national`` or the code of a province."""
    if value != NATIONAL and value not in PROVINCES:
        msg = (
            f"{attribute.name} is {value!r}: it must be 'national'"
            f" or the Kemendagri code of a province"
        )
        raise InputError(msg)
