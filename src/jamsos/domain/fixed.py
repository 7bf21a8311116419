"""Mappings that nobody can change: what is kept is also what is handed out."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")


def fixed(mapping: Mapping[K, V]) -> Mapping[K, V]:
    """
    Return *mapping* so that it cannot be changed through what is returned.

    >>> fixed({"jkk": 1})["jkm"] = 2
    Traceback (most recent call last):
    TypeError: 'mappingproxy' object does not support item assignment
    """
    return mapping if type(mapping) is MappingProxyType else MappingProxyType(mapping)


def joined(mapping: Mapping[K, V], more: Mapping[K, V]) -> Mapping[K, V]:
    """Return a mapping of its own with what is in *mapping*, and *more* over it."""
    if type(mapping) is MappingProxyType:  # it copies at the speed of a dict, and ** does not
        return MappingProxyType(mapping | more)
    return MappingProxyType({**mapping, **more})
