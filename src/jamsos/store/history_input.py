"""The lines of a history file, wherever they come from: a file, a pipe, gzip or zstd."""

from __future__ import annotations

import os
import select
import stat
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO, RawIOBase
from itertools import chain
from pathlib import Path
from typing import Final

from jamsos.errors import (
    CorruptHistoryError,
    InputError,
    MissingExtraError,
    NotFoundError,
    StoreError,
)

from .place import check_place
from .sqlite import HEADER

STDIN: Final = "-"
"""What stands for the standard input, where a file is asked for."""

LONGEST: Final = 2**24
"""So many bytes a line may have, its end included."""

_CHUNK: Final = 2**16
"""Bytes that are read, or unpacked, at once."""
_SIP: Final = 2**8
"""Bytes of zstd that are unpacked at once: they may become 8 MiB."""
_WINDOW: Final = 2**27
"""Memory that unpacking zstd may take: what the program `zstd` takes if it is not told more."""

_GZIP: Final = b"\x1f\x8b"
_ZSTD: Final = b"\x28\xb5\x2f\xfd"
_SKIPPED: Final = tuple(bytes((n, 0x2A, 0x4D, 0x18)) for n in range(0x50, 0x60))
"""How a part begins that zstd passes over."""
_MARK: Final = b"\xef\xbb\xbf"
_ENCODINGS: Final = {
    b"\xff\xfe\x00\x00": "UTF-32",
    b"\x00\x00\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
    b"{\x00": "UTF-16",
    b"\x00{": "UTF-16",
}
_PACKERS: Final = {
    b"\xfd7zXZ\x00": "xz",
    b"BZh": "bzip2",
    b"PK\x03\x04": "zip",
    b"7z\xbc\xaf\x27\x1c": "7-Zip",
    b"\x04\x22\x4d\x18": "lz4",
}
_EXPECTED: Final = "a history file is JSON Lines, one event a line"


class _BrokenError(ValueError):
    """What is wrong with the bytes that come; the line, which the reader knows, is added."""


class Input:
    """What a history file holds, read once from its beginning to its end. Close it."""

    def __init__(self, name: str, file: RawIOBase | BytesIO, *, ours: bool) -> None:
        self.name = name
        self._file, self._ours = file, ours
        self._head, self._chunks = _headed(self._read())

    @property
    def is_store(self) -> bool:
        """Whether it is a database, and no text."""
        return self._head.startswith(HEADER)

    def lines(self) -> Iterator[tuple[int, bytes]]:
        """
        Return each line with its number, from 1, and with its end if it has one.

        The last line may be blank. Raises `CorruptHistoryError` for what is no text in UTF-8, for
        packed data that cannot be unpacked, and for a line that is too long; `MissingExtraError`
        for zstd without its library.
        """
        number, blank = 0, False
        try:
            for number, line in enumerate(_split(self._text()), start=1):
                if blank:
                    msg = f"{self.name}, line {number - 1}: only the last line may be blank"
                    raise CorruptHistoryError(msg)
                blank = number > 1 and line.isspace()
                if not blank:
                    yield number, line
        except _BrokenError as error:
            msg = f"{self.name}, line {number + 1}: {error}"
            raise CorruptHistoryError(msg) from error

    def close(self) -> None:
        """Close the file; the standard input stays open."""
        if self._ours:
            self._file.close()

    def _read(self) -> Iterator[bytes]:
        try:
            while (chunk := self._file.read(_CHUNK)) != b"":
                if chunk is not None:
                    yield chunk
                    continue
                select.select([self._file], [], [])  # a pipe that does not wait by itself
        except OSError as error:
            msg = f"{self.name} cannot be read: {error.strerror}"
            raise StoreError(msg) from error

    def _text(self) -> Iterator[bytes]:
        """Return the text in pieces: unpacked, and without a byte order mark."""
        head, chunks = self._head, self._chunks
        unpack = _unpacking(head)
        if unpack is not None:
            head, chunks = _headed(unpack(chunks))
            if head.startswith(HEADER):
                msg = "it is a store that was packed: unpack it, and give that"
                raise _BrokenError(msg)
            if _unpacking(head) is not None:
                msg = "it is packed twice: unpack it once"
                raise _BrokenError(msg)
        _check_text(head)
        if head.startswith(_MARK):
            first = next(chunks)
            chunks = chain([first.removeprefix(_MARK)], chunks)
        return chunks


def opened(path: str | Path) -> Input:
    """
    Open the file at *path*, or the standard input if that is ``-``.

    Raises `NotFoundError` if there is no such file, `StoreError` if it cannot be read, and
    `InputError` for a store that does not come from a file with a name.
    """
    name, file = _file(path)
    ours = path != STDIN
    try:
        source = Input(name, file, ours=ours)
    except BaseException:
        if ours:
            file.close()
        raise
    if source.is_store and not (ours and stat.S_ISREG(os.fstat(file.fileno()).st_mode)):
        source.close()
        msg = f"{name} gives a store, which cannot be read through a pipe: give its own name"
        raise InputError(msg)
    return source


def is_lasting(path: str | Path) -> bool:
    """Return whether what is at *path* can be read again and again, as a pipe cannot."""
    if path == STDIN:
        return False
    try:
        mode = Path(path).stat().st_mode
    except (OSError, ValueError):  # which is told when it is opened
        return True
    return stat.S_ISREG(mode) or stat.S_ISDIR(mode)


def expected(line: bytes) -> str:
    """Say what *line*, the first one of a file and no JSON object, seems to be; and what should."""
    text = line.strip()
    if text.startswith(b"["):
        seems = "it is a JSON array"
    elif text.startswith(b"{") and text.endswith((b"{", b"[", b",")):
        seems = "it is JSON over several lines"
    elif text.startswith(b"<"):
        seems = "it looks like XML"
    elif not text.startswith(b"{") and max(text.count(s) for s in (b",", b";", b"\t")) > 1:
        seems = "it looks like CSV"
    else:
        return ""
    return f"{seems}: {_EXPECTED}"


def _file(path: str | Path) -> tuple[str, RawIOBase | BytesIO]:
    """Return what *path* is called in errors, and its file, which reads no more than is there."""
    if path == STDIN:
        file = getattr(sys.stdin, "buffer", None)
        if file is None:
            msg = "the standard input is closed: give the name of a file"
            raise StoreError(msg)
        return "the standard input", getattr(file, "raw", file)
    check_place(path)
    try:
        return str(path), Path(path).open("rb", buffering=0)
    except FileNotFoundError as error:
        msg = f"there is no file {path}"
        raise NotFoundError(msg) from error
    except OSError as error:
        msg = f"{path} cannot be read: {error.strerror}"
        raise StoreError(msg) from error
    except ValueError as error:
        msg = f"{str(path)!r} is no name of a file: {error}"
        raise InputError(msg) from error


def _headed(chunks: Iterator[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """Return how *chunks* begin, as far as it must be known, and all of them."""
    head = b""
    while len(head) < len(HEADER) and (chunk := next(chunks, b"")):
        head += chunk
    return head[: len(HEADER)], chain([head], chunks)


def _check_text(head: bytes) -> None:
    for begins, encoding in _ENCODINGS.items():
        if head.startswith(begins):
            msg = f"it is in {encoding}: a history file is in UTF-8, save it as that"
            raise _BrokenError(msg)
    for begins, packer in _PACKERS.items():
        if head.startswith(begins):
            msg = f"it is packed with {packer}: unpack it, or pack it with gzip or zstd"
            raise _BrokenError(msg)


def _split(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Return lines, each with its end if it has one: a line feed, a carriage return, or both."""
    begun: list[bytes] = []
    size, held = 0, b""
    for chunk in chunks:
        text = held + chunk
        held = b"\r" if text.endswith(b"\r") else b""  # a line feed may follow
        for piece in text[: len(text) - len(held)].splitlines(keepends=True):
            size += len(piece)
            if size > LONGEST:
                seems = expected((begun or [piece])[0][:_CHUNK])
                raise _BrokenError(seems or f"it is longer than {LONGEST:,} bytes: {_EXPECTED}")
            begun.append(piece)
            if piece.endswith((b"\n", b"\r")):
                yield b"".join(begun) if len(begun) > 1 else piece
                size = 0
                begun.clear()
    if begun or held:
        yield b"".join((*begun, held))


# -- What was packed. -------------------------------------------------------------


def _unpacking(head: bytes) -> Callable[[Iterable[bytes]], Iterator[bytes]] | None:
    """Return what unpacks a file that begins with *head*; None if it is not packed so."""
    if head.startswith(_GZIP):
        return _from_gzip
    return _from_zstd if head.startswith((_ZSTD, *_SKIPPED)) else None


def _from_gzip(chunks: Iterable[bytes]) -> Iterator[bytes]:
    unpacker = None
    for chunk in chunks:
        rest = chunk
        while rest:
            if unpacker is None:
                rest = rest.lstrip(b"\x00")  # a tape is filled up so
                unpacker = zlib.decompressobj(wbits=31) if rest else None
                continue
            try:
                text = unpacker.decompress(rest, _CHUNK)
            except zlib.error as error:
                msg = f"what was packed with gzip is damaged: {error}"
                raise _BrokenError(msg) from error
            rest = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
            if unpacker.eof:
                unpacker = None
            if text:
                yield text
    _check_whole(unpacker, "gzip")


def _from_zstd(chunks: Iterable[bytes]) -> Iterator[bytes]:
    try:
        import zstandard  # noqa: PLC0415 - an extra that may be missing
    except ImportError as error:
        msg = "a history packed with zstd needs zstandard: install 'jamsos[cli]'"
        raise MissingExtraError(msg) from error
    unpacker = None
    for chunk in chunks:
        for start in range(0, len(chunk), _SIP):
            rest = chunk[start : start + _SIP]
            while rest:
                if unpacker is None:
                    unpacker = zstandard.ZstdDecompressor(max_window_size=_WINDOW).decompressobj()
                try:
                    text = unpacker.decompress(rest)
                except zstandard.ZstdError as error:
                    msg = f"what was packed with zstd is damaged: {error}"
                    raise _BrokenError(msg) from error
                rest = unpacker.unused_data if unpacker.eof else b""
                if unpacker.eof:
                    unpacker = None
                for at in range(0, len(text), _CHUNK):
                    yield text[at : at + _CHUNK]
    _check_whole(unpacker, "zstd")


def _check_whole(unpacker: object, packer: str) -> None:
    """Raise `_BrokenError` if the file has ended before what was packed has."""
    if unpacker is not None:
        msg = f"what was packed with {packer} is cut off: its end is missing"
        raise _BrokenError(msg)
