"""Asking twice changes nothing."""

from __future__ import annotations

from hypothesis import given

from jamsos import Accepted
from jamsos.commands.seats import MoveSeats
from jamsos.engine.world import is_expansion
from tests.laws.drawing import plans, tries
from tests.laws.playing import ask, open_, states

EACH_TIME_AGAIN = (MoveSeats,)
"""Commands that say what is to happen, and not what is to be."""


@given(plan=plans())
@tries(70)
def test_asking_again_for_what_was_granted_changes_nothing(plan):
    with open_() as registry:
        for asked in plan:
            if isinstance(asked, EACH_TIME_AGAIN):
                ask(registry, asked)
            elif isinstance(ask(registry, asked), Accepted):
                position, before = registry.last_position(), states(registry)

                again = ask(registry, asked)
                if is_expansion(asked):  # an agent may be refused again, beside those who were not
                    assert not getattr(again, "events", ()), asked
                else:
                    assert again == Accepted(), asked
                assert registry.last_position() == position
                assert states(registry) == before
