"""The file of an SQLite store: resolved once, its owner's alone, and looked for at each command."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep
from typing import Final, TypeAlias

from jamsos.errors import InputError, StoreError

HEADER: Final = b"SQLite format 3\x00"
"""How every file begins that SQLite makes."""

WAL: Final = "-wal"
JOURNAL: Final = "-journal"
SHM: Final = "-shm"
_BESIDE: Final = (WAL, JOURNAL, SHM)
"""How the names end of the files that SQLite keeps beside a database while it is written."""
_LONGEST: Final = 255
_BEING_MADE: Final = 1.0
"""For how many seconds a file may be empty, with a journal beside it, while it is made."""
_A_MOMENT: Final = 0.01
_OPEN: Final = "be opened"
_MAKE: Final = "be made"
_REMOVED: Final = "was removed or renamed"
REPLACED: Final = "was replaced by another"
_OWNER: Final = 0o600

Inode: TypeAlias = tuple[int, int]
"""Which file it is, whatever its name: its device and its number there."""


class DatabaseFile:
    """
    The file that a *place* names: symbolic links and the working directory are followed once.

    Raises `InputError` for a name that no file can have.
    """

    def __init__(self, place: str | Path) -> None:
        self.shown = str(place)
        if not self.shown:
            msg = "a store needs a name: give a path, or ':memory:'"
            raise StoreError(msg)
        if "\0" in self.shown:
            msg = f"{self.shown!r} is no name of a store: it holds a NUL"
            raise InputError(msg)
        first, *more = Path(self.shown).parts or (".",)
        if (first == "~" or (more and first[0] == "~")) and not os.path.lexists(first):
            msg = f"{self.shown} is no name of a store: write the whole path in place of {first}"
            raise InputError(msg)
        self.path = os.path.realpath(self.shown)
        self._inode: Inode | None = None
        too_long = len(os.fsencode(os.path.basename(self.path))) + len(JOURNAL) - _LONGEST  # noqa: PTH119 - a text, and stays one
        if too_long > 0:
            msg = (
                f"{self.shown} cannot be the name of a store: it is too long by {too_long} bytes,"
                f" for the files beside it are named after it"
            )
            raise InputError(msg)

    def look(self) -> os.stat_result | None:
        """Return what is seen of the file; None if there is none."""
        try:
            return os.stat(self.path)  # noqa: PTH116 - asked at each command
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise self.cannot(_OPEN, error) from error

    def make(self) -> None:
        """Make an empty file, if there is none yet: no log of another may lie beside its name."""
        beside = self.beside()
        if self.look() is not None:
            return
        if beside is not None:
            self._refuse_beside(beside)
        try:
            made = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_EXCL, _OWNER)
        except FileExistsError:
            return
        except (FileNotFoundError, NotADirectoryError) as error:
            folder = os.path.dirname(self.path)  # noqa: PTH120 - a text, and stays one
            msg = f"{self.shown} cannot be made: there is no folder {folder}"
            raise StoreError(msg) from error
        except OSError as error:
            raise self.cannot(_MAKE, error) from error
        try:
            with suppress(AttributeError):  # where there are no modes
                os.fchmod(made, _OWNER)  # whatever the umask
        finally:
            os.close(made)

    def check(self, seen: os.stat_result, *, write: bool) -> None:
        """Raise `StoreError` if what is *seen* cannot be opened to be read, or to *write* it."""
        if not stat.S_ISREG(seen.st_mode):
            what = "a folder" if stat.S_ISDIR(seen.st_mode) else "no regular file"
            msg = f"{self.shown} is {what}, and so it is not a jamsos store"
            raise StoreError(msg)
        if seen.st_nlink > 1:
            msg = (
                f"{self.shown} has {seen.st_nlink} names (hard links): SQLite would keep a log"
                f" beside each, and they would destroy each other; copy it, and remove its other"
                f" names"
            )
            raise StoreError(msg)
        if not _may(self.path, os.R_OK):
            msg = f"{self.shown} cannot be read: this user has no right to"
            raise StoreError(msg)
        if write and not _may(self.path, os.W_OK):
            msg = (
                f"{self.shown} cannot be written: this user has no right to; to read it alone,"
                f" open it with read_only=True"
            )
            raise StoreError(msg)
        if seen.st_size == 0 and write:
            self._check_nothing_beside()

    def check_whole(self, header: bytes) -> None:
        """Raise `StoreError` if a part of the last page is missing; *header* is its beginning."""
        if header and not header.startswith(HEADER):
            msg = f"{self.shown} is not a jamsos store (file is not a database)"
            raise StoreError(msg)
        page = int.from_bytes(header[16:18])
        if page > 1 and _size(self.path) % page and not _size(self.path + WAL):
            msg = (
                f"{self.shown} cannot be read: the last of its pages, of {page} bytes each, is"
                f" cut off"
            )
            raise StoreError(msg)

    def remember(self, seen: os.stat_result) -> None:
        """Remember which file it is, so that another under its name is found."""
        self._inode = inode_of(seen)

    def there(self) -> os.stat_result:
        """Return what is seen of the file that was opened; `StoreError` if it is not there."""
        seen = self.look()
        if seen is None:
            raise self.gone(_REMOVED)
        if inode_of(seen) != self._inode:
            raise self.gone(REPLACED)
        return seen

    def gone(self, what: str) -> StoreError:
        """Return the error of a file to which *what* has happened."""
        where = "" if self.path == self.shown else f" ({self.path})"
        msg = (
            f"{self.shown}{where} {what} while it was open: nothing was recorded; bring the file"
            f" back, or open the store again"
        )
        return StoreError(msg)

    def cannot(self, what: str, error: OSError) -> StoreError:
        """Return the *error* of the system as one of ours."""
        return StoreError(f"{self.shown} cannot {what}: {error.strerror}")

    def look_beside(self, end: str) -> os.stat_result | None:
        """Return what is seen of the file beside it whose name ends so; None if there is none."""
        try:
            return os.stat(self.path + end)  # noqa: PTH116 - asked at each command
        except OSError:
            return None

    def beside(self) -> str | None:
        """Return the name of a file that SQLite has left beside it; None if there is none."""
        return next((n for end in _BESIDE if os.path.lexists(n := self.path + end)), None)

    def uri(self, settings: str) -> str:
        """Return it as SQLite is to open it."""
        return f"{Path(self.path).as_uri()}?{settings}"

    def _check_nothing_beside(self) -> None:
        """Raise `StoreError` if the file is empty, and stays so, and a log lies beside it."""
        end = monotonic() + _BEING_MADE
        while (beside := self.beside()) is not None:
            if _size(self.path):
                return  # somebody else was just making it
            if monotonic() > end:
                self._refuse_beside(beside)
            sleep(_A_MOMENT)

    def _refuse_beside(self, beside: str) -> None:
        msg = (
            f"no store can be made at {self.shown}: {beside} was left there by another database"
            f" and may hold what only it knows; move it away, or bring its database back"
        )
        raise StoreError(msg)


def inode_of(seen: os.stat_result) -> Inode:
    """Return which file was *seen*."""
    return seen.st_dev, seen.st_ino


def _may(path: str, mode: int) -> bool:
    effective = os.access in os.supports_effective_ids
    return os.access(path, mode, effective_ids=effective)


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size  # noqa: PTH116 - asked at each command
    except OSError:
        return 0
