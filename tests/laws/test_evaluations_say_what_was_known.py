"""An evaluation says what the history said where it was known."""

from __future__ import annotations

from hypothesis import given

from jamsos import Month, Recorded
from jamsos.domain.agent import (
    AgentDeactivated,
)
from jamsos.domain.aggregate import Event
from jamsos.domain.identity import AgentId
from jamsos.domain.programme import ProgrammeEvaluationConcluded
from jamsos.projections.agent_performance import AgentPerformance
from tests.laws.drawing import SEEDS, plans, tries
from tests.laws.playing import in_batches, played


def _check_what_was_looked_at(history: list[Recorded[Event]]) -> None:
    """Look again at what each evaluation says it has looked at, as it was known then."""
    for recorded in history:
        known = AgentPerformance()
        match recorded.event:
            case AgentDeactivated(known_at=int() as known_at, last_acquisition=last):
                for earlier in history[:known_at]:
                    known.apply(earlier)
                assert last == known.last_acquisition(AgentId(recorded.stream))
            case ProgrammeEvaluationConcluded(measures=measures):
                known_at = measures.known_at
                for earlier in history[:known_at]:
                    if Month.of(earlier.event.on) <= measures.month:
                        known.apply(earlier)
                assert measures.agents == len(known.seated)
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
