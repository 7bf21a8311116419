"""A mapping that is never changed, and of which one with another entry is made at little cost."""

from __future__ import annotations

from collections.abc import ItemsView, Iterator, Mapping, ValuesView
from typing import Final, Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")

_FEW: Final = 128
"""So many new entries are copied with each one more, before they are put with the others."""


class Layered(Mapping[K, V], Generic[K, V]):
    """
    The entries of a state to which events add one by one, in the order in which they came.

    >>> one = Layered({"F-1": 1}).having("F-2", 2)
    >>> one.having("F-1", 3), one
    ({'F-1': 3, 'F-2': 2}, {'F-1': 1, 'F-2': 2})

    Most of them lie in a layer that is shared by all that are made of it.
    """

    __slots__ = ("_all", "_new", "_old")

    def __init__(self, entries: Mapping[K, V] | None = None) -> None:
        self._old: Mapping[K, V] = dict(entries or {})
        self._new: dict[K, V] = {}
        self._all: Mapping[K, V] | None = self._old

    def having(self, key: K, value: V) -> Layered[K, V]:
        """Return these entries with *key* saying *value*: in its place, or as the last."""
        made: Layered[K, V] = Layered.__new__(Layered)
        if len(self._new) < _FEW:
            made._old, made._new, made._all = self._old, {**self._new, key: value}, None
        else:
            made._old, made._new = {**self._old, **self._new, key: value}, {}
            made._all = made._old
        return made

    def __getitem__(self, key: K) -> V:
        return self._new[key] if key in self._new else self._old[key]

    def __iter__(self) -> Iterator[K]:
        return iter(self._whole())

    def __len__(self) -> int:
        return len(self._whole())

    def values(self) -> ValuesView[V]:
        """Return what the entries say."""
        return self._whole().values()

    def items(self) -> ItemsView[K, V]:
        """Return the entries."""
        return self._whole().items()

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Layered):
            other = other._whole()
        return self._whole() == other

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return repr(self._whole())

    def _whole(self) -> Mapping[K, V]:
        if self._all is None:
            self._all = {**self._old, **self._new}
        return self._all


def layered(entries: Mapping[K, V]) -> Layered[K, V]:
    """Return *entries* as a mapping that is never changed."""
    return entries if isinstance(entries, Layered) else Layered(entries)
