"""A cap is never passed, on any day and in any order of telling, and every seat is somewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

import attrs
from hypothesis import given

from jamsos import Registry
from jamsos.domain.geography import NATIONAL
from jamsos.domain.programme import Programme
from jamsos.domain.quota import Quota
from jamsos.engine.world import Asked
from tests.laws.drawing import AGENCY, AGENTS, CAP, NOBODY, PLACES, PROGRAMME, plans, tries
from tests.laws.playing import ask, open_

CHANGES_THE_LAW = {"Adopt", "Amend", "Enact", "EndRule"}


def told_late(plan: Sequence[Asked]) -> Iterator[Asked]:
    """Yield the commands of *plan*, many of them about an earlier day, some about a later one."""
    for asked in plan:
        dice = Random(repr(asked))
        days = dice.choice((0, 0, 0, -1, -20, -60, -150, 1, 31))
        if type(asked).__name__ in CHANGES_THE_LAW or not hasattr(asked, "on"):
            days = 0
        yield attrs.evolve(asked, on=asked.on + timedelta(days=days)) if days else asked


def quotas_of(registry: Registry) -> dict[str, Quota]:
    return {region: registry.quota(PROGRAMME, region) for region in PLACES}


def days_of(programme: Programme, *books: dict[str, Quota]) -> list[date]:
    """Return every day on which a number of seats, or a cap, can be another than on the eve."""
    caps = (v for (rule, _), of_rule in programme.rules.items() if rule == CAP for v in of_rule)
    starts = {version.dated.in_force for version in caps}
    changes = (change for book in books for quota in book.values() for change in quota.changes)
    return sorted(starts | {change.on for change in changes})


def on_the_day(book: dict[str, Quota], day: date) -> dict[str, Quota]:
    return {region: quota.at(day) for region, quota in book.items()}


def check(programme: Programme, before: dict[str, Quota], after: dict[str, Quota]) -> None:
    """Raise for a day on which more are held or issued than before it, and than its cap."""
    for day in days_of(programme, before, after):
        was, now = on_the_day(before, day), on_the_day(after, day)
        for quota in now.values():
            assert 0 <= quota.taken <= quota.allotted, f"{quota.region} on {day}"
        assert now[NATIONAL].issued == sum(q.allotted for q in now.values()), day
        cap = programme.in_force(CAP, day)
        for region in PLACES[1:]:
            own = programme.in_force(CAP, day, scope=region)
            if own is not None and now[region].taken > was[region].taken:
                assert now[region].taken <= own.value, f"{region} on {day}"
            if own is not None and now[region].allotted > was[region].allotted:
                assert now[region].allotted <= own.value, f"{region} on {day}"
        if cap is not None:
            taken, held = (sum(q.taken for q in book.values()) for book in (was, now))
            assert held <= max(cap.value, taken), day
            assert now[NATIONAL].issued <= max(cap.value, was[NATIONAL].issued), day


@given(plan=plans(AGENCY))
@tries(100)
def test_on_no_day_are_more_seats_held_or_issued_than_the_cap_of_that_day(plan):
    with open_() as registry:
        before = quotas_of(registry)
        for asked in told_late(plan):
            ask(registry, asked)
            after = quotas_of(registry)
            check(registry.programme(PROGRAMME), before, after)
            before = after


@given(plan=plans(AGENCY))
@tries(60)
def test_every_seat_taken_is_held_by_one_agent_and_every_seat_issued_is_somewhere(plan):
    with open_() as registry:
        for asked in told_late(plan):
            ask(registry, asked)
            agents = [registry.agent(name) for name in (*AGENTS, NOBODY[0])]
            quotas = quotas_of(registry)

            assert {r: q.taken for r, q in quotas.items()} == {
                region: sum(agent.seat == region for agent in agents) for region in PLACES
            }
            assert quotas[NATIONAL].issued == sum(q.allotted for q in quotas.values())


@given(plan=plans(AGENCY))
@tries(60)
def test_the_seats_of_a_day_are_the_sum_of_what_was_told_of_it_and_of_the_days_before(plan):
    with open_() as registry:
        for asked in told_late(plan):
            ask(registry, asked)
        told: list[tuple[str, Any]] = [(r.stream, r.event) for r in registry.history()]
        for quota in quotas_of(registry).values():
            events = [event for stream, event in told if stream == quota.stream]
            for day in sorted({event.on for event in events}):
                upto = [event for event in events if event.on <= day]
                names = [type(event).__name__ for event in upto]
                taken = names.count("QuotaSeatTaken") - names.count("QuotaSeatReleased")
                allotted = sum(
                    event.seats * (1 if type(event).__name__ == "QuotaAllotted" else -1)
                    for event in upto
                    if hasattr(event, "seats")
                )
                then = quota.at(day)
                assert (then.taken, then.allotted) == (taken, allotted)
