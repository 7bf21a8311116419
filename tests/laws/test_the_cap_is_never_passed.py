"""A cap is never passed, and every seat is somewhere."""

from __future__ import annotations

from typing import Any

from hypothesis import given

from jamsos.domain.aggregate import state as state_of
from jamsos.domain.geography import NATIONAL
from jamsos.domain.identity import programme_stream, quota_stream
from jamsos.domain.quota import QuotaAllotted, QuotaSeatTaken
from tests.laws.drawing import AGENCY, AGENTS, CAP, NOBODY, PLACES, PROGRAMME, plans, tries
from tests.laws.playing import STREAMS, ask, open_, played


@given(plan=plans(AGENCY))
@tries(100)
def test_no_seat_is_allotted_or_taken_beyond_the_cap_in_force_on_its_day(plan):
    now: dict[str, Any] = {stream: state_of(stream, ()) for stream in STREAMS}

    for recorded in played(plan):
        before = now[quota_stream(PROGRAMME, NATIONAL)]
        now[recorded.stream] = state_of(
            recorded.stream, [recorded.event], since=now.get(recorded.stream)
        )
        quotas = [now[quota_stream(PROGRAMME, region)] for region in PLACES]
        national = quotas[0]
        for quota in quotas:
            assert 0 <= quota.taken <= quota.allotted
        match recorded.event:
            case QuotaAllotted(source=source, on=on) if source in {None, NATIONAL}:
                cap = now[programme_stream(PROGRAMME)].rule(CAP, on).value
                assert national.issued <= cap
            case QuotaAllotted():  # seats that a province gives back, or to another
                assert national.issued == before.issued
            case QuotaSeatTaken(on=on):
                cap = now[programme_stream(PROGRAMME)].rule(CAP, on).value
                assert sum(quota.taken for quota in quotas) <= cap


@given(plan=plans(AGENCY))
@tries(60)
def test_every_seat_taken_is_held_by_one_agent_and_every_seat_issued_is_somewhere(plan):
    with open_() as registry:
        for asked in plan:
            ask(registry, asked)
            agents = [registry.agent(name) for name in (*AGENTS, NOBODY[0])]
            quotas = {region: registry.quota(PROGRAMME, region) for region in PLACES}

            assert {r: q.taken for r, q in quotas.items()} == {
                region: sum(agent.seat == region for agent in agents) for region in PLACES
            }
            assert quotas[NATIONAL].issued == sum(q.allotted for q in quotas.values())
