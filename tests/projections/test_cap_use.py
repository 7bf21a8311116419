"""How many seats are issued and taken, by programme and region."""

from datetime import date

import jamsos
from jamsos.projections.cap_use import CapUse

DAY = date(2018, 1, 10)


def use(registry):
    found = CapUse()
    for recorded in registry.history():
        found.apply(recorded)
    return found


def hire(registry, region="national"):
    agent = jamsos.new_agent_id()
    registry.recruit(agent, "perisai", province="51", region=region, on=DAY).or_raise()
    return agent


def test_seats_are_issued_when_allotted_and_taken_one_by_one(registry):
    hire(registry)
    hire(registry)

    found = use(registry)
    assert (found.issued("perisai"), found.taken("perisai")) == (1_200, 2)


def test_the_seats_of_all_regions_are_added_up(registry):
    registry.allot("perisai", 400, region="51", on=DAY).or_raise()
    hire(registry)
    hire(registry, "51")

    found = use(registry)
    assert (found.issued("perisai"), found.taken("perisai")) == (1_200, 2)


def test_who_leaves_gives_his_seat_back(registry):
    agent = hire(registry)
    registry.resign(agent, on=DAY).or_raise()

    assert use(registry).taken("perisai") == 0


def test_seats_are_issued_and_taken_from_their_day_on(registry):
    first, last = date(2018, 1, 9), date(2018, 1, 20)
    registry.allot("perisai", 400, region="51", on=first).or_raise()
    registry.resign(hire(registry, "51"), on=last).or_raise()

    found = use(registry)
    days = (first, DAY, date(2018, 1, 19), last)
    assert [found.taken("perisai", on=day) for day in days] == [0, 1, 1, 0]
    assert [found.issued("perisai", on=date(2017, 11, n)) for n in (19, 20)] == [0, 1_200]
    assert [quota.allotted for quota in found.quotas("perisai", on=date(2018, 1, 8))] == [1_200, 0]


def test_the_nation_comes_first_and_then_the_provinces_by_code(registry):
    for region in ("51", "31"):
        registry.allot("perisai", 1, region=region, on=DAY).or_raise()

    quotas = use(registry).quotas("perisai")
    assert [quota.region for quota in quotas] == ["national", "31", "51"]
    assert quotas == tuple(registry.quota("perisai", quota.region) for quota in quotas)


def test_another_programme_has_no_seats(registry):
    found = use(registry)

    assert (found.quotas("jkk"), found.issued("jkk"), found.taken("jkk")) == ((), 0, 0)
