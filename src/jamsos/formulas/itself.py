"""A key that is the same as itself, and as nothing else: for what is large and never changed."""

from __future__ import annotations

from typing import Generic, TypeVar

import attrs

T = TypeVar("T")


@attrs.frozen(eq=False)
class Itself(Generic[T]):
    """Something that is never changed, as a key: the same as itself, and as nothing else."""

    it: T

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Itself) and other.it is self.it

    def __hash__(self) -> int:
        return id(self.it)
