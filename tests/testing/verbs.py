"""The verbs of commands, by which tests name what was asked."""

from __future__ import annotations

from collections.abc import Iterable

from jamsos.commands.catalogue import verb_of
from jamsos.engine.world import Asked


def verb(asked: Asked) -> str:
    return verb_of(type(asked))


def verbs(plan: Iterable[Asked]) -> list[str]:
    return [verb(asked) for asked in plan]
