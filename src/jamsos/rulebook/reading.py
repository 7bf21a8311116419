"""Rule files are found and read: regular files only, each once, and none that is too long."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import IO, Final

from jamsos.errors import InputError, NotFoundError

LONGEST: Final = 1_000_000
"""A rule file has at the most so many bytes."""
_SUFFIX: Final = ".toml"
_AT_ONCE: Final = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def files_at(path: str | Path) -> tuple[tuple[Traversable, str], ...]:
    """
    Return the rule file at *path*, or those of the folder there, each with its name.

    Raises `NotFoundError` if there is none, and `InputError` if it cannot be looked at or is
    something else.
    """
    if not str(path).strip():
        msg = f"{path!r} is no name of a rule file: give the path of a file or a folder"
        raise InputError(msg)
    place = Path(path)
    try:
        mode = place.stat().st_mode
    except (FileNotFoundError, NotADirectoryError, ValueError):
        msg = f"there is no rule file {path}"
        raise NotFoundError(msg) from None
    except OSError as error:
        msg = f"rule file {path} cannot be read: {error.strerror}"
        raise InputError(msg) from error
    if not stat.S_ISDIR(mode):
        return ((place, place.name),)
    files = tuple(files_in(place))
    if not files:
        msg = f"there is no rule file in {path}: their names end in {_SUFFIX}"
        raise NotFoundError(msg)
    return files


def files_in(folder: Traversable) -> Iterator[tuple[Traversable, str]]:
    """
    Yield the rule files of *folder* and of the folders in it, each with its name.

    A file of two names comes once. A link to a folder is not followed; nor is a name read that
    begins with a dot, nor what is no file at all: a pipe, a device.
    """
    seen: set[tuple[int, int]] = set()
    for file, name in _walked(folder):
        if isinstance(file, Path):
            try:
                found = file.stat()
            except OSError:  # a link that leads nowhere: reading it says so
                yield file, name
                continue
            if not stat.S_ISREG(found.st_mode) or (found.st_dev, found.st_ino) in seen:
                continue
            seen.add((found.st_dev, found.st_ino))
        yield file, name


def _walked(folder: Traversable) -> Iterator[tuple[Traversable, str]]:
    try:
        inside = sorted(folder.iterdir(), key=lambda each: each.name.removesuffix(_SUFFIX))
    except OSError as error:
        msg = f"the rule files in {folder} cannot be read: {error.strerror}"
        raise InputError(msg) from error
    for each in inside:
        if each.name.startswith("."):
            continue
        if each.is_dir():
            if not (isinstance(each, Path) and each.is_symlink()):
                yield from _walked(each)
        elif each.name.endswith(_SUFFIX):
            yield each, f"{folder.name}/{each.name}"


def text_of(file: Traversable, name: str) -> str:
    """Return the text of *file*. Raises `InputError`, calling it *name*, if it has none."""
    try:
        with _opened(file, name) as opened:
            content = opened.read(LONGEST + 1)
    except OSError as error:
        msg = f"rule file {name} cannot be read: {error.strerror or error}"
        raise InputError(msg) from error
    if len(content) > LONGEST:
        msg = f"rule file {name} has more than {LONGEST:,} bytes: no rule has need of that"
        raise InputError(msg)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        msg = f"rule file {name} cannot be read: line {line} is not UTF-8: save it as UTF-8"
        raise InputError(msg) from error


def _opened(file: Traversable, name: str) -> IO[bytes]:
    if not isinstance(file, Path):
        return file.open("rb")
    # Opening a pipe would wait for somebody to write into it.
    opened = os.fdopen(os.open(file, os.O_RDONLY | _AT_ONCE), "rb")
    if stat.S_ISREG(os.fstat(opened.fileno()).st_mode):
        return opened
    opened.close()
    msg = f"rule file {name} cannot be read: it is no regular file"
    raise InputError(msg)
