"""A count is the number of its members."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from jamsos import Month
from jamsos.projections.active_participants import ActiveParticipants
from jamsos.projections.members import Members
from tests.laws.drawing import PARTICIPANTS, plans, tries
from tests.laws.playing import PAIRS, months_of, played


@given(plan=plans(PARTICIPANTS))
@tries(60)
def test_a_count_is_the_number_of_its_members_whenever_it_is_known(plan):
    history = played(plan)
    months = months_of(history)
    sums, everybody = [ActiveParticipants(*pair) for pair in PAIRS], Members()

    for recorded in history:
        for each in sums:
            each.apply(recorded)
        everybody.apply(recorded)
        at = months if recorded is history[-1] else [Month.of(recorded.event.on)]
        for each in sums:
            for month in at:
                members = list(everybody.of(month, each.definition, each.programme))
                assert each.count(month) == len(members)
                assert len({(m.participant, m.segment) for m in members}) == len(members)


@given(plan=plans(PARTICIPANTS), pair=st.sampled_from(PAIRS))
@tries(40)
def test_a_member_counts_by_the_events_named_and_by_no_others(plan, pair):
    history = played(plan)
    everybody = Members()
    for recorded in history:
        everybody.apply(recorded)

    for month in months_of(history):
        for member in everybody.of(month, *pair):
            named = [recorded for recorded in history if recorded.position in member.events]
            alone = Members()
            for recorded in named:
                alone.apply(recorded)

            assert {recorded.stream for recorded in named} == {member.participant}
            assert member in list(alone.of(month, *pair))
