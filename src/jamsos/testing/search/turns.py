"""How often each move comes up, by the groups that a history is about."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

from jamsos.engine.world import Asked

from .journey import Journey
from .moves.agents import agent_goes_on
from .moves.incentives import award
from .moves.participants import participant_lives_on
from .moves.rules import amend, end_rule, evaluate
from .moves.seats import allot, first_seats, fit_to_cap, move_seats, share_out

Turn: TypeAlias = Callable[[Journey], Asked | None]
TURNS: Final[Mapping[str, Iterable[Turn]]] = MappingProxyType(
    {
        "seats": (first_seats,) * 4 + (allot, share_out, move_seats, fit_to_cap),
        "agents": (agent_goes_on,) * 12,
        "participants": (participant_lives_on,) * 12,
        "rules": (amend,) * 4 + (end_rule,),
        "evaluations": (evaluate,) * 2,
        "incentives": (award,) * 8 + (participant_lives_on,) * 8,
    }
)
"""The moves of each group, each as often as it comes up."""
