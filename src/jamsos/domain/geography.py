"""Provinces, by the codes of the Ministry of Home Affairs (Kemendagri); offices; regions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Final, NewType, TypeVar

import attrs

from jamsos.errors import InputError

from .citation import Citation

ProvinceCode = NewType("ProvinceCode", str)
"""A two-digit Kemendagri code. The BPS codes of Papua differ: they are never used here."""

Region = NewType("Region", str)
"""Where a rule or a quota holds: ``national``, the code of a province, or a regional office."""

NATIONAL = Region("national")

T = TypeVar("T")


@attrs.frozen
class Province:
    """A province; *since* is the first year in which it exists, if it is new."""

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


@attrs.frozen
class RegionalOffice:
    """
    A regional office of BPJS Ketenagakerjaan (*Kantor Wilayah*) and its *provinces*.

    The list names an office, or the provinces too; those it leaves open are in *assumed*.
    """

    name: str
    provinces: tuple[ProvinceCode, ...]
    assumed: tuple[ProvinceCode, ...] = ()


def _office(name: str, provinces: str, assumed: str = "") -> RegionalOffice:
    return RegionalOffice(
        name,
        tuple(map(ProvinceCode, provinces.split())),
        tuple(map(ProvinceCode, assumed.split())),
    )


OFFICES_IN: Final = Citation("Liputan6, 2015", "the eleven regional offices", source="S82")

REGIONAL_OFFICES: Mapping[str, RegionalOffice] = MappingProxyType(
    {
        "sumbagut": _office("Sumatera Bagian Utara", "11 12"),
        "sumbarriau": _office("Sumatera Barat, Riau dan Kepulauan Riau", "13 14 21"),
        "sumbagsel": _office("Sumatera Bagian Selatan", "15 16 17 18 19", assumed="19"),
        "jakarta": _office("DKI Jakarta", "31"),
        "banten": _office("Banten", "36"),
        "jabar": _office("Jawa Barat", "32"),
        "jateng": _office("Jawa Tengah dan DI Yogyakarta", "33 34"),
        "jatim": _office("Jawa Timur", "35"),
        "banuspa": _office(
            "Bali, Nusa Tenggara dan Papua",
            "51 52 53 91 92 93 94 95 96",
            assumed="53 93 94 95 96",
        ),
        "kalimantan": _office("Kalimantan", "61 62 63 64 65"),
        "sulama": _office("Sulawesi dan Maluku", "71 72 73 74 75 76 81 82"),
    }
)
"""
The 11 regional offices as listed in 2015, by a short name without hyphens.

That Bangka Belitung (19) belongs to Sumbagsel and Nusa Tenggara Timur (53) to Banuspa is
assumed; so is that the provinces made out of Papua in 2022 stayed where Papua was.
"""

REGIONS: tuple[Region, ...] = (
    NATIONAL,
    *map(Region, PROVINCES),
    *map(Region, REGIONAL_OFFICES),
)
"""The regions that can hold seats: the nation, each province, each regional office."""

_REGIONS = frozenset(REGIONS)


def check_province(code: str, on: date) -> None:
    """Raise `InputError` unless the province *code* exists on that day."""
    province = PROVINCES.get(code) if isinstance(code, str) else None
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
    """Raise `InputError` unless *value* is ``national``, a province or a regional office."""
    if not isinstance(value, str) or value not in _REGIONS:
        msg = (
            f"there is no region {value!r}: give 'national', the Kemendagri code of a province,"
            f" or a regional office, such as banuspa"
        )
        raise InputError(msg)


def province_code(_: object, attribute: attrs.Attribute[T], value: T) -> None:
    """Let through the code of a province."""
    if value not in PROVINCES:
        msg = f"{attribute.name} is {value!r}: it must be a Kemendagri code, such as 51 for Bali"
        raise InputError(msg)


def region(_: object, attribute: attrs.Attribute[T], value: T) -> None:
    """Let through ``national``, the code of a province, or a regional office."""
    if value not in _REGIONS:
        msg = (
            f"{attribute.name} is {value!r}: it must be 'national', the Kemendagri code of a"
            f" province, or a regional office, such as banuspa"
        )
        raise InputError(msg)
