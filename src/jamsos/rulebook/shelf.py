"""Where rule files are found: those that ship, those of installed packages, a user's own."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

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

from .installed import ENTRY_POINTS, installed
from .reading import files_at, files_in, text_of
from .rulefile import RuleFile, parse

__all__ = ["ENTRY_POINTS", "enacting", "everything", "faults", "law", "load", "rules_of"]


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
    """
    Return what ships, by programme and rule, and then what each installed package adds.

    A package whose rules cannot be read is passed over, with a `RuntimeWarning` that names it.
    """
    files, broken = installed()
    for sentence in broken:
        warnings.warn(sentence, RuntimeWarning, stacklevel=2)
    return (*_shipped(), *files)


def load(path: str | Path) -> tuple[RuleFile, ...]:
    """
    Return the rule of the file at *path*, or those of every file in the folder there.

    Raises `NotFoundError` if there is no such file, and `InputError` if a file has a fault.
    """
    return tuple(_read(file, name) for file, name in files_at(path))


def faults(path: str | Path) -> tuple[int, tuple[str, ...]]:
    """
    Return how many rule files there are at *path*, and what is wrong with each that has a fault.

    Beside what `load` raises, it is a fault if a rule that ships is of another kind or unit, and
    if the rules of an installed package cannot be read. Raises `NotFoundError` if there is no
    such file.
    """
    ours, broken = installed()
    found = [*broken]
    known = {(f.programme, f.rule, f.scope): f for f in (*_shipped(), *ours)}
    files = files_at(path)
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


def _shipped() -> Iterator[RuleFile]:
    folder = resources.files("jamsos.rulebook") / "rules"
    return (_read(file, name) for file, name in files_in(folder))


def _read(file: Traversable, name: str) -> RuleFile:
    return parse(text_of(file, name), name=name)
