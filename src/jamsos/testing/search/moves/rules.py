"""Moves about rules and evaluations: values that a short history can reach."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from jamsos.commands.programmes import Amend, ConcludeEvaluation, EndRule, OpenEvaluation
from jamsos.domain.calendar import Month
from jamsos.domain.citation import Status
from jamsos.domain.programme import Outcome
from jamsos.domain.rule import DatedValue
from jamsos.engine.world import Asked
from jamsos.policies.agent_cap import RULE as CAP
from jamsos.policies.agent_evaluation import IDLE_RULE, RETURN_RULE
from jamsos.testing.names import ASSUMED, EVALUATIONS, PROGRAMME
from jamsos.testing.search.journey import Journey


def amend(w: Journey) -> Asked | None:
    """Amend a rule that a short history can reach, from today on or soon."""
    name, values = w.pick(_STEERED)
    value = DatedValue(
        value=w.pick(values),
        in_force=w.today + timedelta(days=w.pick((0, 0, 0, 1, 31))),
        until=None,
        citation=ASSUMED,
        status=Status.ASSUMED,
    )
    return Amend(PROGRAMME, name, value, on=w.today, evaluation=w.pick((None, *EVALUATIONS)))


def end_rule(w: Journey) -> Asked | None:
    """End such a rule, seldom."""
    if not w.one_in(4):
        return None
    name, _ = w.pick(_STEERED)
    last_day = w.today + timedelta(days=w.pick((0, 30)))
    return EndRule(PROGRAMME, name, last_day=last_day, citation=ASSUMED, on=w.today)


def evaluate(w: Journey) -> Asked | None:
    """Open an evaluation, or conclude it."""
    name, known = w.pick(EVALUATIONS), w.world.programme(PROGRAMME).evaluations
    if name not in known:
        return OpenEvaluation(PROGRAMME, name, trigger="the cap is reached", on=w.day())
    return ConcludeEvaluation(
        PROGRAMME,
        name,
        outcome=w.pick((Outcome.RAISE, *Outcome)),
        month=Month.of(w.today),
        after_months=w.pick((0, 1, 3)),
        on=w.day(),
    )


_STEERED: Final = (
    (CAP, (1, 2, 0, 3)),
    (CAP, (1, 2, 0, 3)),
    (IDLE_RULE, (1, 2, 3)),
    (RETURN_RULE, (1, 6, 2)),
)
"""Rules that a short history can reach, once they have one of these values."""
