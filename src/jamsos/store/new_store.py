"""A store under a new name: made aside, and put there once it is whole; never over another."""

from __future__ import annotations

import ctypes
import errno
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import attrs

from jamsos.errors import ConflictError, InputError, StoreError

from .history_input import STDIN
from .place import check_place
from .sqlite import MEMORY

_BESIDE: Final = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside a store, after the name of that."""
_LONGEST: Final = 255
"""So many bytes a name has at the most."""
_LETTERS: Final = 40
"""So much of the name of a store stands in the name of what is made aside."""
_CWD: Final = -100
_NOREPLACE: Final = 1
_CANNOT: Final = {errno.EINVAL, errno.ENOSYS, errno.EPERM, errno.EOPNOTSUPP, errno.EMLINK}
"""How a file system says that it does not know what it was asked for."""


@attrs.frozen
class Aside:
    """A store that is being made, at *path*, and is to be called *target*."""

    path: Path
    target: Path

    def publish(self) -> None:
        """
        Put the store, which must be closed, under its name, and all of it on the disk.

        Raises `ConflictError` if somebody else has made something there meanwhile.
        """
        for suffix in _BESIDE:
            if _beside(self.path, suffix).exists():
                msg = f"{self.target} cannot be written: {self.path}{suffix} is still needed"
                raise StoreError(msg)
        _sync(self.path)
        left = _left(self.target)
        if left is not None or not _moved(self.path, self.target):
            msg = (
                f"{left or self.target} was made by somebody else meanwhile: it stays as it is, and"
                f" nothing else was made; give the name of a new store"
            )
            raise ConflictError(msg)
        _sync(self.target.parent)


@contextmanager
def made_aside(new: str | Path, doing: str) -> Iterator[Aside]:
    """
    Give an empty file beside *new* in which a store can be made, and a way to publish it.

    It is its owner's alone, has a name of its own that says what is *doing* it, and is gone in
    the end. Raises `InputError` if something stands at *new* already.
    """
    check_new(new)
    target = Path(os.path.abspath(new))  # noqa: PTH100 - a link stays a link
    try:
        begins = f"{target.name[:_LETTERS]}.{doing}-"
        handle, name = tempfile.mkstemp(prefix=begins, dir=target.parent)
    except (OSError, ValueError) as error:
        raise _unwritable(new, error) from error
    os.close(handle)
    made = Aside(Path(name), target)
    try:
        yield made
    except StoreError as error:
        told = str(error).replace(str(made.path), str(new))  # by the name that was asked for
        raise type(error)(told) from error
    except OSError as error:
        raise _unwritable(new, error) from error
    finally:
        for suffix in ("", *_BESIDE):
            _beside(made.path, suffix).unlink(missing_ok=True)


def check_new(new: str | Path) -> None:
    """Raise `InputError` unless a store can be made at *new*, the name of a file."""
    check_place(new)
    if not str(new) or str(new) == MEMORY or new == STDIN:
        msg = f"{str(new)!r} would be lost at once: give the name of a new store"
        raise InputError(msg)
    too_long = len(os.fsencode(Path(new).name)) + len(_BESIDE[-1]) - _LONGEST
    if too_long > 0:
        msg = f"{new} is too long by {too_long} bytes: files beside the store are named after it"
        raise InputError(msg)
    if os.path.lexists(new):
        msg = f"{new} exists already: give the name of a new store"
        raise InputError(msg)
    left = _left(Path(new))
    if left is not None:
        msg = (
            f"{left} is left of a store that stood there, and may hold what was recorded in it:"
            f" give another name, or move it away"
        )
        raise InputError(msg)


def _left(target: Path) -> Path | None:
    """Return a file of SQLite's that stands beside *target*, and would be taken for its own."""
    beside = (_beside(target, suffix) for suffix in _BESIDE)
    return next((path for path in beside if os.path.lexists(path)), None)


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def _unwritable(new: str | Path, error: Exception) -> StoreError:
    return StoreError(f"{new} cannot be written: {getattr(error, 'strerror', None) or error}")


def _moved(path: Path, target: Path) -> bool:
    """Give the file at *path* the name *target*; return whether that was free."""
    try:
        if sys.platform == "win32":
            path.rename(target)  # which replaces nothing there
        elif not _renamed(path, target):
            os.link(path, target)
            path.unlink()
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno not in _CANNOT:
            raise
        msg = (
            f"{target} cannot be made: its file system has no way to give a name without taking it"
            f" from another file; make the store elsewhere, and copy it"
        )
        raise StoreError(msg) from error
    return True


def _renamed(path: Path, target: Path) -> bool:
    """Rename the file in one step, if the system has a way that replaces nothing."""
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is None:
        return False
    if rename(_CWD, os.fsencode(path), _CWD, os.fsencode(target), _NOREPLACE) == 0:
        return True
    number = ctypes.get_errno()
    if number in _CANNOT:
        return False
    raise OSError(number, os.strerror(number))


def _sync(path: Path) -> None:
    """Have what is at *path*, a file or a folder, written down."""
    if sys.platform == "win32" and path.is_dir():
        return  # where a folder cannot be opened
    handle = os.open(path, os.O_RDWR if path.is_file() else os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _CANNOT:
            raise
    finally:
        os.close(handle)
