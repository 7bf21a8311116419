"""Strategies for Hypothesis: values, events, plans and histories, valid as they are built."""

from __future__ import annotations

from .types import TYPES


def register() -> None:
    """
    Tell Hypothesis how to make every event and value: Hypothesis calls this when it is imported.

    >>> from hypothesis import find, strategies
    >>> from jamsos.domain.agent import AgentCertified
    >>> register()
    >>> find(strategies.from_type(AgentCertified), lambda event: event.on.year > 2017)
    AgentCertified(on=datetime.date(2018, 1, 1))
    """
    # Hypothesis may have been imported by this package, of which only this much is there yet.
    from hypothesis.strategies import register_type_strategy  # noqa: PLC0415

    for type_ in TYPES:
        register_type_strategy(type_, lambda asked: of_type(asked))  # noqa: PLW0108


from .events import events, of_type  # noqa: E402 - as `register` says
from .histories import histories, plans  # noqa: E402
from .rules import dated_values  # noqa: E402
from .values import (  # noqa: E402
    agents,
    citations,
    days,
    month_runs,
    months,
    participants,
    provinces,
    rupiah,
)

__all__ = [
    "TYPES",
    "agents",
    "citations",
    "dated_values",
    "days",
    "events",
    "histories",
    "month_runs",
    "months",
    "participants",
    "plans",
    "provinces",
    "register",
    "rupiah",
]
