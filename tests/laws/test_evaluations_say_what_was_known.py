"""An evaluation says what the history said where it was known."""

from __future__ import annotations

from collections import Counter
from datetime import date

from hypothesis import given

from jamsos import Month, Recorded
from jamsos.domain.agent import (
    AgentDeactivated,
)
from jamsos.domain.aggregate import Event
from jamsos.domain.programme import ProgrammeEvaluationConcluded
from jamsos.projections.agent_performance import AgentPerformance, acquisition
from tests.laws.drawing import SEEDS, plans, tries
from tests.laws.playing import in_batches, played


def _check_what_was_looked_at(history: list[Recorded[Event]]) -> None:
    """Look again at what each evaluation says it has looked at, as it was known then."""
    for recorded in history:
        match recorded.event:
            case AgentDeactivated(known_at=int() as known_at, last_acquisition=last, on=on):
                days: Counter[date] = Counter()
                for earlier in history[:known_at]:
                    acquired = acquisition(earlier.event)
                    if acquired is not None and acquired[0] == recorded.stream:
                        days[acquired[1]] += acquired[2]
                newest = max((day for day in days if days[day] and day <= on), default=None)
                assert last == (None if newest is None else Month.of(newest))
            case ProgrammeEvaluationConcluded(measures=measures):
                known_at, known = measures.known_at, AgentPerformance()
                for earlier in history[:known_at]:
                    known.apply(earlier)
                assert measures.agents == len(known.seated_on(measures.month.last_day))
                assert measures.acquired == known.acquired(upto=measures.month)
            case _:
                continue
        assert known_at < recorded.position


@given(plan=plans())
@tries(60)
def test_an_evaluation_says_what_the_history_said_where_it_was_known(plan):
    _check_what_was_looked_at(played(plan))


@given(plan=plans(), seed=SEEDS)
@tries(150)
def test_an_evaluation_in_a_batch_says_what_the_history_said_where_it_was_known(plan, seed):
    _check_what_was_looked_at(in_batches(plan, seed)[0])
