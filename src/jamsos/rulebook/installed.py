"""Rules of installed packages: those that are broken are named, and passed over."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import metadata, resources
from types import ModuleType
from typing import Final

from jamsos.errors import InputError

from .reading import files_in, text_of
from .rulefile import RuleFile, parse

ENTRY_POINTS: Final = "jamsos.rules"
"""The group under which an installed package names a package of its own that holds rule files."""


def installed() -> tuple[tuple[RuleFile, ...], tuple[str, ...]]:
    """
    Return the rules of each installed package, in the order of their names, and what is broken.

    Where anything of a package cannot be read, nothing of it is taken.
    """
    files: list[RuleFile] = []
    broken: list[str] = []
    for point in _points(broken):
        try:
            files += _rules(point)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever a package may raise
            said = str(error) if isinstance(error, InputError) else _said(error)
            what = f"the rules that are installed as {point.name!r} ({point.value})"
            broken.append(f"{what} are passed over: {said}: mend that package, or uninstall it")
    return tuple(files), tuple(broken)


def _rules(point: metadata.EntryPoint) -> Iterator[RuleFile]:
    package = point.load()
    if not isinstance(package, ModuleType) or not hasattr(package, "__path__"):
        msg = f"it is of type {type(package).__name__}, and not a package that holds rule files"
        raise InputError(msg)
    folder = resources.files(package)
    for file, name in files_in(folder):
        yield parse(text_of(file, name), name=name)


def _points(broken: list[str]) -> list[metadata.EntryPoint]:
    """Return the entry points of rules, each package of rules once; tell of what is *broken*."""
    found: dict[str, metadata.EntryPoint] = {}
    try:
        points = [*metadata.entry_points(group=ENTRY_POINTS)]
    except Exception:  # noqa: BLE001 - one distribution spoils them all: look at each
        points = []
        for each in metadata.distributions():
            try:
                points += each.entry_points.select(group=ENTRY_POINTS)
            except Exception as error:  # noqa: BLE001 - as above
                place = getattr(each, "_path", "a package")
                broken.append(f"the entry points of {place} are passed over: {_said(error)}")
    for point in sorted(points, key=lambda point: (point.name, point.value)):
        found.setdefault(point.value, point)
    return [*found.values()]


def _said(error: BaseException) -> str:
    first = str(error).partition("\n")[0]
    return f"{type(error).__name__}: {first}" if first else type(error).__name__
