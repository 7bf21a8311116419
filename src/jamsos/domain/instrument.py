"""Legal instruments: what each regulates, and which of them amends or replaces which."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from typing import Final

import attrs

from jamsos.errors import NotFoundError

from .citation import Status, Url

_LONG: Final = (
    (re.compile(r"\bperaturan pemerintah\b"), "pp"),
    (re.compile(r"\bperaturan presiden\b"), "perpres"),
    (re.compile(r"\bundang-undang\b"), "uu"),
    (re.compile(r"\bno(mor)?\b\.?"), ""),
    (re.compile(r"(\d+) tahun (\d{4})"), r"\1/\2"),
)


class Effect(StrEnum):
    """The effect of an instrument on another."""

    AMENDS = "amends"
    REPLACES = "replaces"


@attrs.frozen
class Change:
    """The *effect* on the instrument that is named *instrument*, and how well it is known."""

    effect: Effect
    instrument: str
    status: Status
    source: str | None = None


@attrs.frozen(kw_only=True)
class Instrument:
    """
    A law or regulation, under the short *name* that citations use, such as ``PP 44/2015``.

    *also* are other spellings of it; *about* is what it regulates, in English; *title* its
    own, and *promulgated* its day, if they were read.
    """

    name: str
    year: int
    about: str
    status: Status
    title: str | None = None
    promulgated: date | None = None
    also: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    source: str | None = None
    url: Url | None = None
    note: str | None = None


@attrs.frozen
class Register:
    """
    Instruments by name, and what became of them.

    >>> old = Instrument(name="PP 1/1993", year=1993, about="...", status=Status.REPORTED)
    >>> change = Change(Effect.REPLACES, "PP 1/1993", Status.REPORTED)
    >>> new = attrs.evolve(old, name="PP 4/2015", year=2015, changes=(change,))
    >>> [found.name for found in Register((old, new)).current("PP No. 1 Tahun 1993")]
    ['PP 4/2015']
    """

    instruments: tuple[Instrument, ...]

    def find(self, text: str) -> Instrument:
        """
        Return the instrument that *text* names, in its short form or written out.

        Raises `NotFoundError` if it is not in the register.
        """
        wanted = _spelling(text)
        for instrument in self.instruments:
            if wanted in map(_spelling, (instrument.name, *instrument.also)):
                return instrument
        msg = f"there is no instrument '{text}' in the register"
        raise NotFoundError(msg)

    def replaced_by(self, text: str) -> tuple[Instrument, ...]:
        """Return the instruments that replace the one that *text* names."""
        return self._that(Effect.REPLACES, text)

    def amended_by(self, text: str) -> tuple[Instrument, ...]:
        """Return the instruments that amend the one that *text* names, oldest first."""
        return self._that(Effect.AMENDS, text)

    def current(self, text: str, *, year: int | None = None) -> tuple[Instrument, ...]:
        """
        Return what stands in the place of the instrument that *text* names: itself, if it stands.

        Replacements are followed to the end; an instrument that only amended a replaced one
        went with it. With *year*, nothing younger is taken.
        """
        return tuple(dict.fromkeys(self._current(self.find(text), year)))

    def _current(self, instrument: Instrument, year: int | None) -> list[Instrument]:
        amended = [c.instrument for c in instrument.changes if c.effect is Effect.AMENDS]
        for name in (instrument.name, *amended):
            successors = [s for s in self.replaced_by(name) if year is None or s.year <= year]
            if successors:
                return [last for each in successors for last in self._current(each, year)]
        return [instrument]

    def _that(self, effect: Effect, text: str) -> tuple[Instrument, ...]:
        name = self.find(text).name
        found = (
            instrument
            for instrument in self.instruments
            if any(c.effect is effect and c.instrument == name for c in instrument.changes)
        )
        return tuple(sorted(found, key=lambda instrument: instrument.year))


def _spelling(text: str) -> str:
    spelt = " ".join(text.casefold().split())
    for pattern, short in _LONG:
        spelt = pattern.sub(short, spelt)
    return " ".join(spelt.split())
