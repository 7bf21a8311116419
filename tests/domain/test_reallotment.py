"""Seats that change hands: shared out by region, moved, taken back under a lower cap."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

import jamsos
from jamsos import Accepted, Citation, DatedValue, Month, Outcome, Refused, Status
from jamsos.audit.replay import replay
from jamsos.domain.geography import NATIONAL, REGIONAL_OFFICES, REGIONS
from jamsos.domain.programme import Programme
from jamsos.domain.quota import (
    Allotment,
    Move,
    Quota,
    QuotaAllotted,
    QuotaTakenBack,
    fitted_to,
    reallot,
    shared_out,
)
from jamsos.errors import InputError, RuleNotInForceError

ROLL_OUT = date(2017, 11, 20)
LAST_DAY_OF_2017, NEW_YEAR = date(2017, 12, 31), date(2018, 1, 1)
JUNE = date(2018, 6, 1)
WEIGHTS = {"51": 50, "31": 30, "32": 20}
EXAMPLE = {"citation": Citation("Example 1/2018"), "status": Status.ASSUMED}


def seats(registry, *regions):
    """Return how many seats each of *regions* has, and how many are issued in all."""
    there = [registry.quota("perisai", region).allotted for region in regions]
    return (*there, registry.quota("perisai").issued)


def hire(registry, region, on=ROLL_OUT, number=1):
    for _ in range(number):
        agent = jamsos.new_agent_id()
        registry.recruit(agent, "perisai", province="51", region=region, on=on).or_raise()


def a_cap(registry, value, in_force=JUNE, scope=NATIONAL, **said):
    dated = DatedValue(value=value, in_force=in_force, **EXAMPLE)
    on = date(2018, 5, 1)
    if scope != NATIONAL:
        said = {"unit": "agents", "values": [dated], "scope": scope}
        return registry.enact("perisai", "agent-cap", on=on, **said).or_raise()
    return registry.amend("perisai", "agent-cap", dated, on=on, **said).or_raise()


def sound(registry):
    """Return whether a replay finds nothing, and the nation knows what the regions hold."""
    there = {region: registry.quota("perisai", region) for region in REGIONS}
    nation = there.pop(NATIONAL)
    passed_on = sum(quota.allotted for quota in there.values())
    return nation.passed_on == passed_on and replay(registry.history()).findings == ()


# -- Shared out. ------------------------------------------------------------------


def test_each_region_gets_its_share_and_the_nation_keeps_the_rest(registry):
    registry.share_out("perisai", 1_001, WEIGHTS, on=ROLL_OUT).or_raise()

    assert seats(registry, "51", "31", "32", NATIONAL) == (501, 300, 200, 199, 1_200)
    assert sound(registry)


def test_seats_are_shared_out_in_one_append_and_asking_again_does_nothing(registry):
    answer = registry.share_out("perisai", 1_001, WEIGHTS, on=ROLL_OUT).or_raise()

    shared = list(registry.history())[-len(answer.events) :]
    assert [recorded.event for recorded in shared] == list(answer.events)
    assert len(shared) == 6
    assert len({recorded.recorded_at for recorded in shared}) == 1
    assert registry.share_out("perisai", 1_001, WEIGHTS, on=ROLL_OUT) == Accepted()
    backwards = dict(reversed(WEIGHTS.items()))
    assert registry.share_out("perisai", 1_001, backwards, on=NEW_YEAR) == Accepted()


def test_the_nations_seats_grow_only_where_its_free_ones_are_too_few(registry):
    hire(registry, NATIONAL, number=3)
    registry.share_out("perisai", 1_197, WEIGHTS, on=NEW_YEAR).or_raise()
    assert seats(registry, NATIONAL) == (3, 1_200)

    answer = registry.share_out("perisai", 1_198, WEIGHTS, on=NEW_YEAR).or_raise()
    assert seats(registry, NATIONAL) == (3, 1_201)
    assert [e.rules for e in answer.events if isinstance(e, QuotaAllotted) and not e.source] == [
        ("perisai/agent-cap/2",)
    ]


@pytest.mark.parametrize(("number", "fits"), [(1_200, True), (1_201, False)])
def test_seats_are_shared_out_up_to_the_cap_on_the_day_and_not_one_more(registry, number, fits):
    answer = registry.share_out("perisai", number, WEIGHTS, on=LAST_DAY_OF_2017)

    assert isinstance(answer, Accepted) == fits
    if fits:
        assert seats(registry, NATIONAL) == (0, 1_200)
    else:
        (reason,) = answer.reasons
        assert reason.explanation == (
            "1,201 seats would be issued in all:"
            " from 2017-11-01 to 2017-12-31 the cap is 1,200 agents."
        )
        assert reason.citation.instrument == "Rakyatku, 20 November 2017"
        assert seats(registry, "51", NATIONAL) == (0, 1_200, 1_200)
    assert isinstance(registry.share_out("perisai", number, WEIGHTS, on=NEW_YEAR), Accepted)


def test_seats_of_regions_that_are_not_named_count_under_the_cap_and_stay(registry):
    registry.allot("perisai", 200, region="52", on=ROLL_OUT).or_raise()

    assert isinstance(registry.share_out("perisai", 1_001, WEIGHTS, on=ROLL_OUT), Refused)
    registry.share_out("perisai", 1_000, WEIGHTS, on=ROLL_OUT).or_raise()
    assert seats(registry, "52", NATIONAL) == (200, 0, 1_200)


def test_other_weights_move_what_is_free_from_region_to_region(registry):
    registry.share_out("perisai", 1_200, WEIGHTS, on=ROLL_OUT).or_raise()

    answer = registry.share_out("perisai", 1_200, {"51": 1, "31": 1, "32": 2}, on=ROLL_OUT)

    assert seats(registry, "51", "31", "32", NATIONAL) == (300, 300, 600, 0, 1_200)
    assert [type(event) for event in answer.events] == [
        *(QuotaTakenBack, QuotaAllotted) * 3,
    ]
    assert sound(registry)


def test_a_region_without_weight_gives_its_free_seats_back(registry):
    registry.share_out("perisai", 10, {"51": 1, "31": 1}, on=ROLL_OUT).or_raise()
    registry.share_out("perisai", 10, {"51": 1, "31": 0}, on=ROLL_OUT).or_raise()

    assert seats(registry, "51", "31", NATIONAL) == (10, 0, 1_190, 1_200)


def test_fewer_seats_than_before_go_back_to_the_nation_and_stay_issued(registry):
    registry.share_out("perisai", 1_000, WEIGHTS, on=ROLL_OUT).or_raise()
    registry.share_out("perisai", 10, WEIGHTS, on=ROLL_OUT).or_raise()

    assert seats(registry, "51", "31", "32", NATIONAL) == (5, 3, 2, 1_190, 1_200)


@pytest.mark.parametrize(("number", "free"), [(4, True), (3, False)])
def test_a_region_gives_back_what_is_free_there_and_no_seat_that_is_held(registry, number, free):
    registry.share_out("perisai", 10, WEIGHTS, on=ROLL_OUT).or_raise()
    hire(registry, "51", number=2)
    known = registry.last_position()

    if free:
        registry.share_out("perisai", number, WEIGHTS, on=ROLL_OUT).or_raise()
        assert seats(registry, "51")[0] == 2
    else:
        with pytest.raises(InputError, match="4 seats cannot be taken back from 51: 3 are free"):
            registry.share_out("perisai", 2, WEIGHTS, on=ROLL_OUT)
        assert registry.last_position() == known


def test_every_region_whose_own_cap_is_in_the_way_is_told_at_once(registry):
    for scope in ("51", "banuspa"):
        a_cap(registry, 4, NEW_YEAR, scope)
    weights = {"51": 1, "banuspa": 1, "31": 1}

    registry.share_out("perisai", 12, weights, on=NEW_YEAR).or_raise()
    answer = registry.share_out("perisai", 30_000, weights, on=NEW_YEAR)

    assert [reason.explanation.partition(":")[0] for reason in answer.reasons] == [
        "30,000 seats would be issued in all",
        "10,000 seats would be allotted to region 51",
        "10,000 seats would be allotted to region banuspa",
    ]


def test_an_allotment_to_an_office_names_its_own_cap_too(registry):
    a_cap(registry, 4, NEW_YEAR, "banuspa")
    answer = registry.share_out("perisai", 4, {"banuspa": 1}, on=NEW_YEAR).or_raise()

    assert answer.events[-1].rules == ("perisai/agent-cap/2", "perisai/agent-cap@banuspa/1")
    assert sound(registry)


def test_while_too_many_seats_are_issued_none_goes_to_a_region_and_the_reason_is_given_once(
    registry,
):
    a_cap(registry, 1_000)

    (reason,) = registry.share_out("perisai", 9, WEIGHTS, on=JUNE).reasons
    assert reason.explanation.startswith("1,200 seats would be issued in all")
    eve = date(2018, 5, 31)
    (reason,) = registry.share_out("perisai", 9, WEIGHTS, on=eve).reasons
    assert reason.explanation.startswith("On 2018-06-01, 1,200 seats would be issued in all")
    registry.fit_to_cap("perisai", on=JUNE).or_raise()
    assert registry.share_out("perisai", 9, WEIGHTS, on=eve).or_raise()


def test_all_of_10_000_seats_are_shared_out_over_eleven_offices(registry):
    weights = {office: len(its.provinces) for office, its in REGIONAL_OFFICES.items()}
    registry.share_out("perisai", 10_000, weights, on=NEW_YEAR).or_raise()

    there = [registry.quota("perisai", office).allotted for office in REGIONAL_OFFICES]
    assert (sum(there), len(there), min(there)) == (10_000, 11, 263)
    assert seats(registry, NATIONAL) == (0, 10_000)
    assert sound(registry)


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        ({}, "at least one weight above 0"),
        ({"51": 0}, "at least one weight above 0"),
        ({"51": -1}, "the weight of 51 is -1"),
        ({"99": 1}, "there is no region '99'"),
        ({NATIONAL: 1, "51": 1}, "give it no weight of its own"),
    ],
)
def test_weights_that_cannot_be_meant_are_an_error(registry, weights, said):
    with pytest.raises(InputError, match=said):
        registry.share_out("perisai", 3, weights, on=ROLL_OUT)


def test_a_batch_knows_what_it_has_shared_out(registry):
    with registry.batch() as desk:
        desk.share_out("perisai", 10, WEIGHTS, on=ROLL_OUT).or_raise()
        desk.move_seats("perisai", 2, source="51", to="31", on=ROLL_OUT).or_raise()
        assert desk.share_out("perisai", 10, {"51": 3, "31": 5, "32": 2}, on=ROLL_OUT).events == ()

    assert seats(registry, "51", "31", "32") == (3, 5, 2, 1_200)
    assert sound(registry)


# -- Moved. -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "to"),
    [("51", "31"), ("31", "51"), ("51", NATIONAL), (NATIONAL, "51"), ("51", "banuspa")],
)
def test_moving_seats_changes_two_regions_and_no_sum(registry, source, to):
    registry.share_out("perisai", 10, {"51": 1, "31": 1}, on=ROLL_OUT).or_raise()
    before = {region: seats(registry, region) for region in REGIONS}

    answer = registry.move_seats("perisai", 3, source=source, to=to, on=ROLL_OUT).or_raise()

    change = {region: seats(registry, region)[0] - before[region][0] for region in REGIONS}
    assert {region: n for region, n in change.items() if n} == {source: -3, to: 3}
    assert seats(registry) == (1_200,)
    assert [type(event) for event in answer.events] == [QuotaTakenBack, QuotaAllotted]
    assert sound(registry)


def test_seats_that_pass_between_regions_leave_the_nations_stream_alone(registry):
    registry.share_out("perisai", 10, WEIGHTS, on=ROLL_OUT).or_raise()
    before = registry._source.load_many(["quota-perisai-national"])

    registry.move_seats("perisai", 3, source="51", to="31", on=ROLL_OUT).or_raise()

    assert registry._source.load_many(["quota-perisai-national"]) == before


def test_free_seats_move_and_one_that_is_held_does_not(registry):
    registry.share_out("perisai", 10, WEIGHTS, on=ROLL_OUT).or_raise()
    hire(registry, "51", number=2)

    with pytest.raises(InputError, match="4 seats cannot be taken back from 51: 3 are free of 5"):
        registry.move_seats("perisai", 4, source="51", to="31", on=ROLL_OUT)
    registry.move_seats("perisai", 3, source="51", to="31", on=ROLL_OUT).or_raise()
    assert seats(registry, "51", "31") == (2, 6, 1_200)


def test_moving_again_moves_again_and_moving_none_does_nothing(registry):
    registry.share_out("perisai", 10, WEIGHTS, on=ROLL_OUT).or_raise()
    for _ in range(2):
        registry.move_seats("perisai", 2, source="51", to="31", on=ROLL_OUT).or_raise()

    assert seats(registry, "51", "31") == (1, 7, 1_200)
    assert registry.move_seats("perisai", 0, source="51", to="31", on=ROLL_OUT) == Accepted()


def test_a_region_with_a_cap_of_its_own_takes_no_more_than_that(registry):
    a_cap(registry, 4, NEW_YEAR, "31")
    registry.share_out("perisai", 8, {"51": 3, "31": 1}, on=ROLL_OUT).or_raise()

    (reason,) = registry.move_seats("perisai", 3, source="51", to="31", on=NEW_YEAR).reasons
    assert reason.explanation.startswith("5 seats would be allotted to region 31")
    assert registry.move_seats("perisai", 2, source="51", to="31", on=NEW_YEAR).or_raise()


def test_while_too_many_seats_are_issued_they_move_to_the_nation_alone(registry):
    registry.share_out("perisai", 10, WEIGHTS, on=ROLL_OUT).or_raise()
    a_cap(registry, 1_199)

    assert isinstance(registry.move_seats("perisai", 1, source="51", to="31", on=JUNE), Refused)
    assert registry.move_seats("perisai", 1, source="51", to=NATIONAL, on=JUNE).or_raise()


@pytest.mark.parametrize("number", [-1, 1.5, True])
def test_seats_that_move_are_a_whole_number(registry, number):
    with pytest.raises(InputError, match="seats is"):
        registry.move_seats("perisai", number, source=NATIONAL, to="51", on=ROLL_OUT)


@pytest.mark.parametrize("number", [0, 1])
def test_seats_move_between_two_regions(registry, number):
    with pytest.raises(InputError, match="cannot move from 51 to 51: name two regions"):
        registry.move_seats("perisai", number, source="51", to="51", on=ROLL_OUT)
    with pytest.raises(InputError, match="there is no region 'bali'"):
        registry.move_seats("perisai", number, source=NATIONAL, to="bali", on=ROLL_OUT)


def test_seats_go_back_to_the_nation_on_a_day_without_a_cap(registry):
    registry.allot("perisai", 5, region="51", on=ROLL_OUT).or_raise()
    without = date(2019, 1, 1)

    with pytest.raises(RuleNotInForceError):
        registry.move_seats("perisai", 1, source=NATIONAL, to="51", on=without)
    assert registry.move_seats("perisai", 1, source="51", to=NATIONAL, on=without).or_raise()


# -- Taken back under a lower cap. ------------------------------------------------


def shared(registry, **taken):
    """Give 51, 31 and 32 5, 3 and 2 seats and the nation 4; *taken* of them in each."""
    registry.allot("perisai", 14, on=ROLL_OUT).or_raise()
    registry.share_out("perisai", 10, WEIGHTS, on=ROLL_OUT).or_raise()
    for region, number in taken.items():
        hire(registry, region.removeprefix("r"), number=number)


@pytest.mark.parametrize(
    ("cap", "left"),
    [
        (14, (5, 3, 2, 4)),
        (13, (5, 3, 2, 3)),
        (10, (5, 3, 2, 0)),
        (9, (4, 3, 2, 0)),
        (5, (3, 1, 1, 0)),
        (0, (0, 0, 0, 0)),
    ],
)
def test_the_nation_gives_its_free_seats_first_and_then_the_regions_by_what_they_have(
    registry, cap, left
):
    shared(registry)
    a_cap(registry, cap)

    registry.fit_to_cap("perisai", on=JUNE).or_raise()

    assert seats(registry, "51", "31", "32", NATIONAL) == (*left, cap)
    assert registry.fit_to_cap("perisai", on=JUNE) == Accepted()
    assert sound(registry)


def test_where_too_few_are_free_all_of_them_go_and_nobody_is_removed(registry):
    shared(registry, national=1, r51=5, r31=1)
    a_cap(registry, 3)

    registry.fit_to_cap("perisai", on=JUNE).or_raise()

    assert seats(registry, "51", "31", "32", NATIONAL) == (5, 1, 0, 1, 7)
    assert registry.fit_to_cap("perisai", on=JUNE) == Accepted()
    assert sum(registry.quota("perisai", region).taken for region in REGIONS) == 7


def test_the_answer_says_how_many_seats_came_from_where(registry):
    shared(registry, r51=5)
    a_cap(registry, 8)

    events = registry.fit_to_cap("perisai", on=JUNE).or_raise().events

    came_from = {e.source: e.seats for e in events if isinstance(e, QuotaAllotted)}
    for_good = [e.seats for e in events if isinstance(e, QuotaTakenBack) and e.to is None]
    assert (came_from, for_good) == ({"31": 1, "32": 1}, [6])


def test_seats_are_taken_back_from_the_first_day_of_the_lower_cap_on(registry):
    shared(registry)
    a_cap(registry, 5)

    assert registry.fit_to_cap("perisai", on=date(2018, 5, 31)) == Accepted()
    assert registry.fit_to_cap("perisai", on=JUNE).or_raise().events


def test_once_seats_are_taken_back_new_agents_are_seated_again(registry):
    shared(registry, r51=2)
    a_cap(registry, 5)
    agent = jamsos.new_agent_id()

    assert isinstance(
        registry.recruit(agent, "perisai", province="51", region="51", on=JUNE), Refused
    )
    registry.fit_to_cap("perisai", on=JUNE).or_raise()
    assert registry.recruit(agent, "perisai", province="51", region="51", on=JUNE).or_raise()


def test_without_a_cap_in_force_there_is_nothing_to_fit_to(registry):
    with pytest.raises(RuleNotInForceError):
        registry.fit_to_cap("perisai", on=date(2019, 1, 1))


counts = st.integers(0, 60)


@given(
    cap=st.integers(0, 100),
    nation=st.tuples(counts, counts),
    regions=st.dictionaries(st.sampled_from(REGIONS[1:]), st.tuples(counts, counts), max_size=8),
)
def test_no_region_is_ever_asked_for_more_than_is_free_there(cap, nation, regions):
    quotas = {
        region: Quota(
            programme="perisai",
            region=region,
            allotted=max(pair),
            taken=min(pair),
            passed_on=sum(map(max, regions.values())) if region == NATIONAL else 0,
        )
        for region, pair in {NATIONAL: nation, **regions}.items()
    }
    taken = sum(quota.taken for quota in quotas.values())

    *moves, last = fitted_to(cap, quotas, on=JUNE)

    assert all(move.seats <= quotas[move.source].free for move in moves)
    issued = quotas[NATIONAL].issued
    assert last.seats == max(0, issued - max(cap, taken))
    assert not moves or last.seats > quotas[NATIONAL].free


# -- Raised in steps. -------------------------------------------------------------


def raised(registry, name, value, in_force, on):
    registry.open_evaluation("perisai", name, trigger="a step", on=on).or_raise()
    registry.conclude_evaluation(
        "perisai", name, outcome=Outcome.RAISE, month=Month(2018, 1), after_months=1, on=on
    ).or_raise()
    dated = DatedValue(value=value, in_force=in_force, **EXAMPLE)
    return registry.amend("perisai", "agent-cap", dated, on=on, evaluation=name)


def test_a_cap_is_raised_in_steps_and_seats_follow_each_step_from_its_first_day_on(registry):
    a_cap(registry, 1_300, NEW_YEAR)
    registry.share_out("perisai", 1_200, WEIGHTS, on=ROLL_OUT).or_raise()
    steps = [(1_500, date(2018, 7, 1)), (2_000, date(2018, 10, 1))]

    for cap, first_day in steps:
        eve = date(2018, first_day.month - 1, 30)
        higher = DatedValue(value=cap, in_force=first_day, **EXAMPLE)
        assert isinstance(registry.amend("perisai", "agent-cap", higher, on=eve), Refused)
        raised(registry, f"step-{cap}", cap, first_day, eve).or_raise()
        assert isinstance(registry.share_out("perisai", cap, WEIGHTS, on=eve), Refused)
        assert isinstance(registry.share_out("perisai", cap + 1, WEIGHTS, on=first_day), Refused)
        registry.share_out("perisai", cap, WEIGHTS, on=first_day).or_raise()
        assert seats(registry, "51", NATIONAL) == (cap // 2, 0, cap)
    assert sound(registry)


def test_raising_the_cap_allots_nothing_by_itself(registry):
    a_cap(registry, 1_300, NEW_YEAR)
    raised(registry, "step", 1_500, JUNE, date(2018, 5, 2)).or_raise()

    assert seats(registry) == (1_200,)


# -- What the pure decision adds. -------------------------------------------------

NATION = Quota(programme="perisai", allotted=10, taken=4)
BALI = Quota(programme="perisai", region="51", allotted=5, taken=5)


def test_a_region_that_has_its_share_gives_and_gets_nothing():
    quotas = {NATIONAL: NATION, "51": BALI, "52": Quota(programme="perisai", region="52")}

    moves = shared_out(quotas, 6, {"51": 5, "52": 1}, on=ROLL_OUT)
    assert [move for move in moves if move.to != NATIONAL] == [
        Move(seats=1, source=NATIONAL, to="52")
    ]
    assert [move for move in moves if move.source == "51"] == []


def test_each_move_rests_on_what_the_ones_before_it_have_made():
    seen = []

    def watch(case):
        assert isinstance(case, Allotment)
        seen.append((case.quota.region, case.national.issued, case.quota.allotted))

    moves = shared_out({NATIONAL: NATION, "51": BALI}, 15, {"51": 1}, on=ROLL_OUT)
    reallot(
        Programme("perisai"),
        {NATIONAL: NATION, "51": BALI},
        moves,
        rules=lambda _: (),
        policies=[watch],
        on=ROLL_OUT,
    )

    assert moves == (Move(seats=4, to=NATIONAL), Move(seats=10, source=NATIONAL, to="51"))
    assert seen == [(NATIONAL, 10, 10), ("51", 14, 5)]
