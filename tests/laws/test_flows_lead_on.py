"""Opening + joined + came back - left = closing."""

from __future__ import annotations

from hypothesis import given

from jamsos.projections.active_participants import ActiveParticipants
from jamsos.projections.flows import Flows
from jamsos.projections.members import Members
from tests.laws.drawing import PARTICIPANTS, plans, tries
from tests.laws.playing import PAIRS, months_of, played


@given(plan=plans(PARTICIPANTS))
@tries(50)
def test_flows_lead_from_each_month_to_the_next_and_tell_who_came_and_went(plan):
    history = played(plan)
    months = months_of(history)
    everybody = Members()
    for recorded in history:
        everybody.apply(recorded)
    for pair in PAIRS:
        flows, active = Flows(*pair), ActiveParticipants(*pair)
        for recorded in history:
            flows.apply(recorded)
            active.apply(recorded)
        ever: set[tuple[str, str]] = set()
        before: set[tuple[str, str]] = set()
        closing = 0

        for month in months:
            flow = flows.of(month)
            now = {(m.participant, m.segment) for m in everybody.of(month, *pair)}
            assert flow.opening == closing
            assert flow.opening + flow.joined + flow.came_back - flow.left == flow.closing
            assert flow.closing == active.count(month)
            assert flow.joined == len(now - ever)
            assert flow.came_back == len(now & ever - before)
            assert flow.left == len(before - now)
            ever, before, closing = ever | now, now, flow.closing
