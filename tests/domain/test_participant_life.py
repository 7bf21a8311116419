"""The life of a participant by day: facts are folded by their days, however they are told."""

from datetime import date
from itertools import permutations

import pytest

from jamsos.domain.coverage import Segment
from jamsos.domain.participant import (
    Channel,
    LeavingReason,
    Participant,
    ParticipantCameBack,
    ParticipantLeft,
    ParticipantMoved,
    ParticipantRegistered,
    ParticipantTransferred,
    Stay,
    evolve,
)

UUID = "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b"
FIRST, SECOND = f"agent-{UUID}", f"agent-{UUID[:-1]}c"
NOBODY = Participant(id=f"participant-{UUID}")
BPU, PU = Segment.NON_WAGE_EARNER, Segment.WAGE_EARNER
WORK, DEATH = LeavingReason.LEFT_WORK, LeavingReason.DEATH


def registered(month, day, segment=BPU, province="51"):
    return ParticipantRegistered(
        segment=segment,
        province=province,
        channel=Channel.AGENT,
        agent=FIRST,
        sponsor=None,
        changes=(),
        on=date(2018, month, day),
    )


def moved(month, day, province="31", as_told=None):
    return ParticipantMoved(
        province=province, as_told=as_told, changes=(), on=date(2018, month, day)
    )


def given(month, day, agent=SECOND, branch=None, segment=BPU):
    return ParticipantTransferred(
        segment=segment, agent=agent, branch=branch, changes=(), on=date(2018, month, day)
    )


def left(month, day, segment=None, reason=WORK, as_told=None):
    return ParticipantLeft(
        segment=segment, reason=reason, as_told=as_told, changes=(), on=date(2018, month, day)
    )


def back(month, day, segment=BPU, province="52", agent=None):
    return ParticipantCameBack(
        segment=segment, province=province, agent=agent, changes=(), on=date(2018, month, day)
    )


def life(*events):
    """Tell *events* in this order; return their life."""
    return someone(*events).life


def someone(*events):
    participant = NOBODY
    for event in events:
        participant = evolve(participant, event)
    return participant


def without_effect(*events):
    participant = someone(*events)
    return [each.event for each in participant.told if each.version not in participant.life.met]


def days(*events, segment=BPU):
    """Return the stays in short: from, to, province, and who cares."""
    return [
        (
            f"{stay.begins:%m-%d}",
            stay.ends and f"{stay.ends:%m-%d}",
            stay.province,
            stay.agent or stay.branch,
        )
        for stay in life(*events).stays.get(segment, ())
    ]


# -- Facts in order of their days. ------------------------------------------------------------

FACTS = [
    registered(1, 10),
    moved(3, 1),
    given(3, 5),
    left(4, 20),
    back(7, 2),
    left(9, 3, reason=DEATH),
]


@pytest.mark.parametrize("last", range(1, len(FACTS) + 1))
def test_the_order_of_telling_does_not_matter(last):
    told = life(*FACTS[:last])

    for order in permutations(FACTS[:last]):
        assert life(*order).stays == told.stays
        assert life(*order).entries == told.entries
        assert life(*order).died_on == told.died_on
        assert len(life(*order).met) == last


def test_each_day_of_a_life_has_one_stay():
    assert days(*FACTS) == [
        ("01-10", "03-01", "51", FIRST),
        ("03-01", "03-05", "31", FIRST),
        ("03-05", "04-20", "31", SECOND),
        ("07-02", "09-03", "52", None),
    ]
    told = life(*FACTS)
    assert told.entries == {BPU: (date(2018, 1, 10), date(2018, 7, 2))}
    assert told.died_on == date(2018, 9, 3)


def test_a_stay_has_its_first_day_and_not_the_day_on_which_it_ends():
    told = life(*FACTS)

    assert told.stay(BPU, date(2018, 1, 9)) is None
    assert told.stay(BPU, date(2018, 1, 10)).province == "51"
    assert told.stay(BPU, date(2018, 2, 28)).province == "51"
    assert told.stay(BPU, date(2018, 3, 1)).province == "31"
    assert told.stay(BPU, date(2018, 4, 19)).agent == SECOND
    assert told.stay(BPU, date(2018, 4, 20)) is None
    assert told.stay(PU, date(2018, 3, 1)) is None


def test_a_stay_without_an_end_has_every_later_day():
    stay = Stay(date(2018, 1, 10), None, "51", FIRST, None, date(2018, 1, 10))

    assert stay.has(date(9999, 12, 31))
    assert not stay.has(date(2018, 1, 9))


def test_care_is_counted_from_the_entry_or_the_transfer_whatever_moves_there_are():
    stays = life(
        registered(1, 10), moved(2, 1), given(3, 5), moved(4, 1, "33"), left(5, 1), back(7, 2)
    )

    assert [stay.cared_since for stay in stays.stays[BPU]] == [
        date(2018, 1, 10),
        date(2018, 1, 10),
        date(2018, 3, 5),
        date(2018, 3, 5),
        date(2018, 7, 2),
    ]


def test_care_goes_on_through_a_transfer_to_the_agent_who_cares_already():
    (stay,) = life(registered(1, 10), given(3, 5, FIRST)).stays[BPU]

    assert stay.cared_since == date(2018, 1, 10)


def test_a_late_transfer_to_another_agent_makes_a_later_one_the_beginning_of_care():
    told = (registered(1, 10), given(3, 5, FIRST), given(2, 1, SECOND))

    assert days(*told) == [
        ("01-10", "02-01", "51", FIRST),
        ("02-01", "03-05", "51", SECOND),
        ("03-05", None, "51", FIRST),
    ]


def test_a_fact_that_does_not_find_what_it_needs_changes_nothing():
    early = [back(1, 2), moved(1, 3), given(1, 4), left(1, 5)]

    assert days(*early, registered(1, 10)) == days(registered(1, 10))
    assert without_effect(*early, registered(1, 10)) == early
    assert without_effect(registered(1, 10), registered(2, 1)) == [registered(2, 1)]
    assert without_effect(registered(1, 10), back(2, 1)) == [back(2, 1)]
    again = left(5, 1)
    assert without_effect(registered(1, 10), left(4, 20), again) == [again]


def test_a_fact_that_found_nothing_has_its_effect_when_what_it_needs_is_told():
    move = moved(3, 1)

    assert without_effect(registered(4, 1), move) == [move]
    assert days(registered(1, 10), move) == days(move, registered(1, 10))


def test_after_a_death_there_is_nothing():
    later = [moved(3, 4), given(3, 5), back(3, 6), left(3, 7), registered(3, 8, PU)]
    dead = left(3, 3, reason=DEATH)

    assert days(registered(1, 10), *later, dead) == [("01-10", "03-03", "51", FIRST)]
    assert days(registered(1, 10), *later, dead, segment=PU) == []
    assert without_effect(dead, *later, registered(1, 10)) == later


def test_a_death_is_known_of_somebody_who_is_in_no_segment():
    told = life(registered(1, 10), left(4, 20), left(9, 3, reason=DEATH))

    assert told.died_on == date(2018, 9, 3)
    assert len(told.met) == 3


# -- Facts of one day. ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "stays"),
    [
        ((registered(1, 10), moved(1, 10)), [("01-10", None, "31", FIRST)]),
        ((registered(1, 10), given(1, 10)), [("01-10", None, "51", SECOND)]),
        ((registered(1, 10), left(1, 10)), []),
        ((registered(1, 10), left(1, 10, reason=DEATH)), []),
        (
            (registered(1, 10), left(1, 10), back(1, 10)),
            [("01-10", None, "52", None)],
        ),
        (
            (registered(1, 5), moved(1, 10), given(1, 10)),
            [("01-05", "01-10", "51", FIRST), ("01-10", None, "31", SECOND)],
        ),
        (
            (registered(1, 5), left(1, 10), back(1, 10), moved(1, 10), given(1, 10)),
            [("01-05", "01-10", "51", FIRST), ("01-10", None, "31", SECOND)],
        ),
        (
            (registered(1, 5), moved(1, 10), given(1, 10), left(1, 10)),
            [("01-05", "01-10", "51", FIRST)],
        ),
        (
            (registered(1, 5), left(1, 10), back(1, 10), left(1, 10, reason=DEATH)),
            [("01-05", "01-10", "51", FIRST)],
        ),
    ],
    ids=lambda value: " ".join(type(each).__name__[11:] for each in value),
)
def test_facts_of_one_day_have_an_order_of_their_own(facts, stays):
    for order in permutations(facts):
        assert days(*order) == stays
        assert without_effect(*order) == []


def test_a_participant_who_comes_back_on_the_day_of_leaving_has_two_entries_and_no_gap():
    told = (registered(1, 10), left(4, 20), back(4, 20, province="51", agent=FIRST))

    assert life(*told).entries == {BPU: (date(2018, 1, 10), date(2018, 4, 20))}
    assert str(someone(*told).standing(BPU).registered) == "2018-01/.."


def test_a_participant_may_change_segments_on_one_day():
    told = (registered(1, 10), left(4, 20, BPU), registered(4, 20, PU), moved(4, 20))

    for order in permutations(told):
        assert days(*order) == [("01-10", "04-20", "51", FIRST)]
        assert days(*order, segment=PU) == [("04-20", None, "31", FIRST)]


# -- Months. ----------------------------------------------------------------------------------


def months(*events):
    standing = someone(*events).standing(BPU)
    return [(str(spell.months), spell.province, spell.agent) for spell in standing.spells]


def test_a_month_counts_where_its_last_day_is_spent():
    assert months(registered(1, 31), moved(3, 31), left(4, 30)) == [
        ("2018-01/2018-02", "51", FIRST),
        ("2018-03/2018-03", "31", FIRST),
    ]
    assert months(registered(2, 1), moved(4, 1), left(5, 1)) == [
        ("2018-02/2018-03", "51", FIRST),
        ("2018-04/2018-04", "31", FIRST),
    ]


def test_stays_that_begin_and_end_within_a_month_count_nowhere():
    assert months(registered(1, 10), moved(3, 5, "31"), moved(3, 25, "52")) == [
        ("2018-01/2018-02", "51", FIRST),
        ("2018-03/..", "52", FIRST),
    ]
    assert months(registered(1, 10), left(1, 31)) == []


# -- Version 1: a leaving and a move as they were told. ---------------------------------------


def test_a_move_of_version_1_leaves_a_segment_alone_that_was_told_of_later():
    told = (registered(1, 10), moved(3, 1, as_told=(BPU,)), registered(2, 1, PU))

    assert days(*told)[-1] == ("03-01", None, "31", FIRST)
    assert days(*told, segment=PU) == [("02-01", None, "51", FIRST)]
    now = (registered(1, 10), moved(3, 1), registered(2, 1, PU))
    assert days(*now, segment=PU)[-1] == ("03-01", None, "31", FIRST)


def test_a_move_of_version_1_of_no_segment_has_no_effect():
    move = moved(3, 1, as_told=())

    assert days(registered(1, 10), move) == days(registered(1, 10))
    assert without_effect(registered(1, 10), move) == [move]


def test_a_leaving_of_version_1_leaves_a_segment_alone_that_was_told_of_later():
    told = (registered(1, 10), left(4, 20, as_told=(BPU,)), registered(2, 1, PU))

    assert days(*told) == [("01-10", "04-20", "51", FIRST)]
    assert days(*told, segment=PU) == [("02-01", None, "51", FIRST)]
    now = (registered(1, 10), left(4, 20), registered(2, 1, PU))
    assert days(*now, segment=PU) == [("02-01", "04-20", "51", FIRST)]


def test_a_death_of_version_1_ends_a_segment_also_that_was_told_of_later():
    told = (registered(1, 10), left(4, 20, reason=DEATH, as_told=(BPU,)), registered(2, 1, PU))

    assert days(*told, segment=PU) == [("02-01", "04-20", "51", FIRST)]


@pytest.mark.parametrize("day", [20, 21])
def test_a_leaving_of_version_1_goes_over_what_was_told_before_it_of_that_day_or_a_later_one(day):
    facts = (moved(4, day), given(4, day, branch="JKT-1", agent=None))
    leaving = left(4, 20, as_told=(BPU,))

    assert days(registered(1, 10), *facts, leaving) == [("01-10", "04-20", "51", FIRST)]
    assert without_effect(registered(1, 10), *facts, leaving) == [*facts]


def test_a_leaving_of_version_1_on_the_day_of_the_return_ends_it_if_it_was_told_after_it():
    there = (registered(1, 10), left(4, 20, as_told=(BPU,)), back(7, 2))
    leaving = left(7, 2, as_told=(BPU,))

    assert days(*there) == [("01-10", "04-20", "51", FIRST), ("07-02", None, "52", None)]
    assert days(*there, leaving) == [("01-10", "04-20", "51", FIRST)]


def test_a_return_that_was_told_after_a_leaving_of_version_1_of_that_day_stands():
    told = (registered(1, 10), left(4, 20, as_told=(BPU,)), back(4, 20))

    assert days(*told) == [("01-10", "04-20", "51", FIRST), ("04-20", None, "52", None)]


def test_a_leaving_of_version_1_on_the_day_of_the_registration_ends_it():
    assert days(registered(1, 10), left(1, 10, as_told=(BPU,))) == []


def test_a_late_fact_before_a_leaving_of_version_1_has_its_effect():
    told = (registered(1, 10), left(4, 20, as_told=(BPU,)), moved(3, 1))

    assert days(*told) == [("01-10", "03-01", "51", FIRST), ("03-01", "04-20", "31", FIRST)]
