"""The law that ships with jamsos: dated, cited values, read strictly from their files."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from importlib import resources
from itertools import pairwise

import attrs
import msgspec

from jamsos.domain.citation import Citation, Status
from jamsos.domain.geography import NATIONAL, Region, check_region
from jamsos.domain.identity import ProgrammeName, check_name
from jamsos.domain.programme import Conflict, DatedValue
from jamsos.errors import InputError, NotFoundError


@attrs.frozen
class RuleFile:
    """A rule of a programme, with all of its dated values, in the order of their days."""

    programme: ProgrammeName
    rule: str
    unit: str
    scope: Region
    values: tuple[DatedValue, ...]

    def published(self, on: date) -> tuple[DatedValue, ...]:
        """Return the values that were made known on or before that day, or at no known day."""
        return tuple(v for v in self.values if v.published is None or v.published <= on)

    def first_published(self, on: date) -> tuple[DatedValue, ...]:
        """Return those of `published` that were made known together with the first of them."""
        known = self.published(on)
        return tuple(
            v
            for v in known
            if None in {v.published, known[0].published} or v.published == known[0].published
        )


@cache
def rules_of(programme: str) -> tuple[RuleFile, ...]:
    """
    Return the rules that ship for *programme*, by name.

        >>> [file.rule for file in rules_of("perisai")][:3]
        ['agent-cap', 'agent-idle-months', 'agent-return-months']

    Raises `NotFoundError` where none ship for it.
    """
    folder = resources.files("jamsos.policies") / "rules"
    names = sorted(file.name for file in folder.iterdir() if file.name.endswith(".toml"))
    files = (parse((folder / name).read_text(encoding="utf-8"), name=name) for name in names)
    found = tuple(file for file in files if file.programme == programme)
    if not found:
        msg = f"no rules ship for a programme '{programme}': enact them one by one"
        raise NotFoundError(msg)
    return found


def parse(text: str, *, name: str) -> RuleFile:
    """
    Return the rule that *text* holds, in TOML; *name* is what errors call the file.

    Raises `InputError` for an unknown key, a wrong type, days that overlap or run backwards.
    """
    try:
        form = msgspec.convert(tomllib.loads(text), _RuleForm)
        values = tuple(value.dated() for value in form.value)
        check_name(form.programme)
        check_name(form.rule)
        check_name(form.unit)
        check_region(form.scope)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, InputError) as error:
        msg = f"rule file {name}: {error}"
        raise InputError(msg) from error
    for one, other in pairwise(values):
        if one.until is None or other.in_force <= one.until:
            msg = f"rule file {name}: two values are in force on {other.in_force}"
            raise InputError(msg)
    return RuleFile(ProgrammeName(form.programme), form.rule, form.unit, Region(form.scope), values)


class _CitationForm(msgspec.Struct, forbid_unknown_fields=True):
    instrument: str
    article: str | None = None
    source: str | None = None

    def citation(self) -> Citation:
        return Citation(self.instrument, self.article, self.source)


class _ConflictForm(msgspec.Struct, forbid_unknown_fields=True):
    value: int
    citation: _CitationForm
    note: str | None = None


class _ValueForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    value: int
    in_force: date
    until: date | None = None
    published: date | None = None
    status: Status
    citation: _CitationForm
    note: str | None = None
    conflict: list[_ConflictForm] = msgspec.field(default_factory=list)

    def dated(self) -> DatedValue:
        return DatedValue(
            value=self.value,
            in_force=self.in_force,
            until=self.until,
            published=self.published,
            status=self.status,
            citation=self.citation.citation(),
            note=self.note,
            conflicts=tuple(
                Conflict(c.value, c.citation.citation(), c.note) for c in self.conflict
            ),
        )


class _RuleForm(msgspec.Struct, forbid_unknown_fields=True):
    programme: str
    rule: str
    unit: str
    value: list[_ValueForm]
    scope: str = NATIONAL
