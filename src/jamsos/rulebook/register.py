"""The registers that ship: legal instruments, and the sources of figures."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib import resources
from types import MappingProxyType

import msgspec

from jamsos.domain.citation import Status, Url
from jamsos.domain.instrument import Change, Instrument, Register


@cache
def instruments() -> Register:
    """
    Return the register of the laws and regulations that rules cite, and what became of them.

    >>> [i.name for i in instruments().current("PP 14/1993")]
    ['PP 44/2015']
    """
    form = msgspec.convert(_read("instruments.toml"), _Instruments)
    return Register(tuple(each.instrument() for each in form.instrument))


@cache
def sources() -> Mapping[str, str]:
    """
    Return what the short names of sources stand for, such as ``S18``.

    >>> sources()["S18"]
    'bisnis.rakyatku.com/read/74753/2017/11/20'
    """
    form = msgspec.convert(_read("sources.toml"), _Sources)
    return MappingProxyType(form.source)


def _read(name: str) -> object:
    return tomllib.loads((resources.files("jamsos.rulebook") / name).read_text(encoding="utf-8"))


class _Instrument(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    name: str
    year: int
    about: str
    status: Status
    title: str | None = None
    promulgated: date | None = None
    also: tuple[str, ...] = ()
    change: tuple[Change, ...] = ()
    source: str | None = None
    url: Url | None = None
    note: str | None = None

    def instrument(self) -> Instrument:
        fields = msgspec.structs.asdict(self)
        return Instrument(changes=fields.pop("change"), **fields)


class _Instruments(msgspec.Struct, forbid_unknown_fields=True):
    instrument: tuple[_Instrument, ...]


class _Sources(msgspec.Struct, forbid_unknown_fields=True):
    source: dict[str, str]
