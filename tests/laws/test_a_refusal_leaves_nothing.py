"""A command that is turned down, or only tried, leaves nothing behind."""

from __future__ import annotations

from datetime import UTC, datetime

import attrs
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from jamsos import Accepted, Refused
from jamsos.commands.catalogue import COMMANDS, EXPANSIONS
from jamsos.domain.agent import (
    AgentDeactivated,
    AgentIncentiveAwarded,
    AgentIncentiveClawedBack,
)
from jamsos.domain.aggregate import Event
from jamsos.domain.aggregate import state as state_of
from jamsos.domain.history import in_order
from jamsos.domain.quota import QuotaSeatReleased
from jamsos.engine.world import is_expansion
from jamsos.errors import InputError
from tests.laws.drawing import STEPS, plans, tries
from tests.laws.playing import FOUNDING, ask, open_, put_to, states

_OF_AN_AGENT = (
    AgentDeactivated,
    QuotaSeatReleased,
    AgentIncentiveAwarded,
    AgentIncentiveClawedBack,
)
CUTS = st.integers(0, STEPS)


@given(plan=plans())
@tries(70)
def test_a_command_that_is_turned_down_leaves_everything_as_it_was(plan):
    granted: list[Event] = []
    with open_() as registry:
        for asked in plan:
            position, before = registry.last_position(), states(registry)
            answer = ask(registry, asked)
            if isinstance(answer, Accepted) and answer.events:
                granted += answer.events
            elif is_expansion(asked):  # each agent is a command of its own
                more = [recorded.event for recorded in list(registry.history())[position:]]
                assert all(isinstance(e, _OF_AN_AGENT) for e in more)
                granted += more
            else:
                assert registry.last_position() == position, (asked, answer)
                assert states(registry) == before
            if isinstance(answer, Refused):
                assert answer.reasons
                assert all(r.policy and r.explanation and r.citation for r in answer.reasons)

        history = list(in_order(registry.history()))
        assert [recorded.event for recorded in history[len(FOUNDING) :]] == granted
        for stream, (state, version) in states(registry).items():
            mine = [recorded.event for recorded in history if recorded.stream == stream]
            assert state == state_of(stream, mine)
            assert version == len(mine)


def test_a_moment_is_no_day_whatever_is_asked():
    moment, seen = datetime(2018, 1, 1, tzinfo=UTC), set()

    @given(plan=plans())
    @settings(tries(40), phases=[Phase.generate], database=None)
    def look(plan):
        with open_() as registry:
            for asked in plan:
                seen.add(type(asked))
                with pytest.raises(InputError):
                    put_to(registry, attrs.evolve(asked, on=moment))
                ask(registry, asked)

    look()

    assert seen == {*COMMANDS.values(), *EXPANSIONS.values()}


@given(plan=plans(), cut=CUTS)
@tries(40)
def test_a_trial_answers_as_the_desk_would_and_records_nothing(plan, cut):
    with open_() as registry:
        for asked in plan[:cut]:
            ask(registry, asked)
        position, before = registry.last_position(), states(registry)
        trial = registry.trial()

        answers = [repr(ask(trial, asked)) for asked in plan[cut : cut + 1]]

        assert registry.last_position() == position
        assert states(registry) == before
        assert answers == [repr(ask(registry, asked)) for asked in plan[cut : cut + 1]]
