"""The contract of a database that keeps snapshots: disposable states of long streams."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import blake2b
from typing import Final, Protocol, runtime_checkable

import attrs

MAKER: Final = "75dd2876e535f44d"
"""The code that makes states of events, and snapshots of states: its digest."""

EVERY: Final = 64
"""After so many more events a snapshot is made: so many at most are read besides it, or about."""


@attrs.frozen
class Snapshot:
    """
    The *state* of a *stream* at a *version*, as bytes, and the *digest* of all that it says.

    *maker* is the code that made it: what other code has made is nothing to this one.
    """

    stream: str
    version: int
    maker: str
    digest: str
    state: bytes

    @property
    def holds(self) -> bool:
        """Whether it is of this very code, and as it was made."""
        return self.maker == MAKER and self.digest == digest(self.stream, self.version, self.state)


def snapshot(stream: str, version: int, state: bytes) -> Snapshot:
    """Return the snapshot of *stream* that this code makes of *state*."""
    return Snapshot(stream, version, MAKER, digest(stream, version, state), state)


def digest(stream: str, version: int, state: bytes) -> str:
    """Return the digest of what a snapshot of this code says."""
    made = blake2b(f"{MAKER} {stream} {version}\n".encode(), digest_size=16)
    made.update(state)
    return made.hexdigest()


class Snapshots(Protocol):
    """
    A database that keeps snapshots, one a stream at most.

    Nothing rests on them: a database may lose any of them, or keep none.
    """

    def find(self, streams: Sequence[str]) -> list[Snapshot]:
        """Return the snapshots of *streams* that there are, whoever made them."""
        ...

    def keep(self, snapshots: Sequence[Snapshot]) -> bool:
        """
        Keep *snapshots*, each in place of the one that its stream had.

        Return whether it was done: not while somebody else writes, for whom it does not wait,
        nor without the right to write.
        """
        ...

    def every(self) -> Iterator[Snapshot]:
        """Yield every snapshot that there is, in order of the streams."""
        ...

    def drop(self) -> None:
        """Drop every snapshot."""
        ...


@runtime_checkable
class KeepsSnapshots(Protocol):
    """A `Recorder` that keeps snapshots as well."""

    @property
    def snapshots(self) -> Snapshots:
        """The snapshots beside the history."""
        ...
