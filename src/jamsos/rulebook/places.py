"""The line of a TOML file on which a key stands: Python's own reader does not say."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any, TypeAlias

Path: TypeAlias = tuple[str | int, ...]
"""The way to a key: names of tables, and places in lists, from 0."""


def line_of(text: str, path: Path) -> int:
    r"""
    Return the line on which the key at *path* begins, or else the nearest table around it.

    >>> line_of("[[value]]\nuntil = 2018-01-01", ("value", 0, "until"))
    2
    """
    places = _places(text)
    while path not in places:
        path = path[:-1]
    return places[path]


def unreadable_from(text: str) -> tuple[int, str]:
    r"""
    Return the line from which *text* is not TOML, and the key there, or the line as it is.

    >>> unreadable_from("[[value]]\nuntil = 2018-01-01\nuntil = 2019-01-01")
    (3, 'until')
    """
    lines = text.splitlines()
    number = 1
    for count in range(1, len(lines)):
        if _read("\n".join(lines[:count])) is not None:
            number = count + 1
    line = lines[number - 1] if lines else ""
    return number, line.partition("=")[0].strip()


def _places(text: str) -> dict[Path, int]:
    """
    Return the line of every key: a key begins where it is first there.

    The first line is read, then the first two, and so on; a list over many lines is closed
    where it is cut off.
    """
    places: dict[Path, int] = {(): 1}
    lines = text.splitlines()
    begun = 1
    for number in range(1, len(lines) + 1):
        head = "\n".join(lines[:number])
        whole = _read(head)
        form = _read(f"{head}\n]") if whole is None else whole
        if form is not None:
            for path in _paths(form, ()):
                places.setdefault(path, number if whole is None else begun)
        if whole is not None:
            begun = number + 1
    return places


def _read(text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError):
        return None


def _paths(form: object, path: Path) -> Iterator[Path]:
    items: Any = ()
    if isinstance(form, dict):
        items = form.items()
    elif isinstance(form, list):
        items = enumerate(form)
    for key, value in items:
        yield (*path, key)
        yield from _paths(value, (*path, key))
