"""Where rule files are found: those that ship, those of installed packages, a user's own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import metadata, resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

from jamsos.domain.fixed import fixed
from jamsos.domain.geography import Region
from jamsos.domain.identity import ProgrammeName
from jamsos.domain.programme import (
    Programme,
    ProgrammeEvent,
    ProgrammeRuleAmended,
    ProgrammeRuleEnacted,
    evolve,
)
from jamsos.errors import InputError, NotFoundError

from .rulefile import RuleFile, parse

ENTRY_POINTS: Final = "jamsos.rules"
"""The group under which an installed package names a package of its own that holds rule files."""


def rules_of(
    programme: str, source: str | Path | Iterable[RuleFile] | None = None
) -> tuple[RuleFile, ...]:
    """
    Return the rules of *programme* that ship or are installed; or those of *source*.

    That is a path, or the contents of rule files that were read already.

        >>> [file.rule for file in rules_of("jht")][:1]
        ['bpu-income-brackets']

    Raises `NotFoundError` if there are none of it.
    """
    if source is None:
        files: Iterable[RuleFile] = everything()
    else:
        files = load(source) if isinstance(source, str | Path) else source
    found = tuple(file for file in files if file.programme == programme)
    if not found:
        where = "ship" if source is None else "are in those files"
        if isinstance(source, str | Path):
            where = f"are in {source}"
        msg = f"no rules {where} for a programme '{programme}': enact them one by one"
        raise NotFoundError(msg)
    return found


@cache
def everything() -> tuple[RuleFile, ...]:
    """Return what ships, by programme and rule, and then what each installed package adds."""
    points = sorted(metadata.entry_points(group=ENTRY_POINTS), key=lambda point: point.name)
    folders = (
        resources.files("jamsos.rulebook") / "rules",
        *(resources.files(point.load()) for point in points),
    )
    return tuple(_read(file, name) for folder in folders for file, name in _in(folder))


def load(path: str | Path) -> tuple[RuleFile, ...]:
    """
    Return the rule of the file at *path*, or those of every file in the folder there.

    Raises `NotFoundError` if there is no such file, and `InputError` if a file has a fault.
    """
    return tuple(_read(file, name) for file, name in _at(path))


def faults(path: str | Path) -> tuple[int, tuple[str, ...]]:
    """
    Return how many rule files there are at *path*, and what is wrong with each that has a fault.

    Beside what `load` raises, it is a fault if a rule that ships is of another kind or unit.
    Raises `NotFoundError` if there is no such file.
    """
    found: list[str] = []
    known = {(f.programme, f.rule, f.scope): f for f in everything()}
    files = tuple(_at(path))
    for place, name in files:
        try:
            file = _read(place, name)
        except InputError as error:
            found.append(str(error))
            continue
        there = known.get((file.programme, file.rule, file.scope))
        for what, own, shipped in (
            ("of kind", file.values[0].kind, there and there.values[0].kind),
            ("in", file.unit, there and there.unit),
        ):
            if shipped is not None and own != shipped:
                msg = f"its values are {what} {own}, those of the rule that it amends {what}"
                found.append(f"rule file {name}: {msg} {shipped}")
    return len(files), tuple(found)


def law(files: Iterable[RuleFile]) -> Mapping[ProgrammeName, Programme]:
    """
    Return the programmes that *files* make, as if everything in them were adopted in order.

    A rule that is there twice is amended by the second file. Nothing is recorded.
    """
    programmes: dict[ProgrammeName, Programme] = {}
    for name, event in enacting(files):
        programmes[name] = evolve(programmes.get(name, Programme(name)), event)
    return fixed(programmes)


def enacting(files: Iterable[RuleFile]) -> Iterator[tuple[ProgrammeName, ProgrammeEvent]]:
    """Yield the events that enact *files*, each with its programme; a rule again is amended."""
    known: set[tuple[ProgrammeName, str, Region]] = set()
    for file in files:
        key = (file.programme, file.rule, file.scope)
        for event in _events(file, known=key in known):
            yield file.programme, event
        known.add(key)


def _events(file: RuleFile, *, known: bool) -> Iterator[ProgrammeEvent]:
    on = file.values[0].in_force
    if not known:
        yield ProgrammeRuleEnacted(
            rule=file.rule, unit=file.unit, scope=file.scope, values=file.values, on=on
        )
        return
    for value in file.values:
        yield ProgrammeRuleAmended(
            rule=file.rule,
            unit=file.unit,
            scope=file.scope,
            value=value,
            evaluation=None,
            on=on,
        )


def _at(path: str | Path) -> Iterator[tuple[Traversable, str]]:
    place = Path(path)
    if not place.exists():
        msg = f"there is no rule file {path}"
        raise NotFoundError(msg)
    files = tuple(_in(place)) if place.is_dir() else ((place, place.name),)
    if not files:
        msg = f"there is no rule file in {path}: their names end in .toml"
        raise NotFoundError(msg)
    yield from files


def _in(folder: Traversable) -> Iterator[tuple[Traversable, str]]:
    """Return the rule files of *folder* and of the folders in it, each with its name."""
    for each in sorted(folder.iterdir(), key=lambda each: each.name.removesuffix(".toml")):
        if each.is_dir():
            yield from _in(each)
        elif each.name.endswith(".toml"):
            yield each, f"{folder.name}/{each.name}"


def _read(file: Traversable, name: str) -> RuleFile:
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        msg = f"rule file {name} cannot be read: {error}"
        raise InputError(msg) from error
    return parse(text, name=name)
