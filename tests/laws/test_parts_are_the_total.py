"""The parts of a count add up to the total."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from jamsos.projections.active_participants import ActiveParticipants
from jamsos.projections.members import Members
from tests.laws.drawing import plans, tries
from tests.laws.playing import CHOICES, PAIRS, months_of, played


@given(plan=plans(), pair=st.sampled_from(PAIRS))
@tries(60)
def test_the_parts_add_up_to_the_total_by_any_choice_of_dimensions(plan, pair):
    history = played(plan)
    active, everybody = ActiveParticipants(*pair), Members()
    for recorded in history:
        active.apply(recorded)
        everybody.apply(recorded)

    for month in months_of(history):
        members = list(everybody.of(month, *pair))
        for by in CHOICES:
            parts = active.by(month, *by)
            assert sum(parts.values()) == active.count(month)
            assert parts == Counter(
                tuple(getattr(member, dimension) for dimension in by) for member in members
            )
