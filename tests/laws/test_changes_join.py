"""Each change of a standing begins where the one before it ended."""

from __future__ import annotations

from hypothesis import given

from jamsos import Segment, Standing
from jamsos.projections.active_participants import changes
from tests.laws.drawing import plans, tries
from tests.laws.playing import ask, open_


@given(plan=plans())
@tries(60)
def test_each_change_begins_where_the_last_one_ended(plan):
    stands: dict[tuple[str, Segment], Standing] = {}
    with open_() as registry:
        for asked in plan:
            ask(registry, asked)

        for recorded in registry.history():
            named = [change.segment for change in changes(recorded.event)]
            assert len(set(named)) == len(named)
            for change in changes(recorded.event):
                who = (recorded.stream, change.segment)
                assert change.before == stands.get(who, Standing())
                stands[who] = change.after
        for (who, segment), standing in stands.items():
            assert registry.participant(who).standing(segment) == standing
