"""Active participants by month, as a sum of deltas."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jamsos import EVER_PAID, IN_GRACE, PAID_UP, REGISTERED, Month, Months, Segment, Standing
from jamsos.domain.coverage import Paid, Spell
from jamsos.errors import InputError
from jamsos.projections.active_participants import ActiveParticipants, cells

MARCH = Month(2018, 3)
YEAR = [Month(2018, number) for number in range(1, 13)]


def summed(history, definition=PAID_UP, programme="jkk"):
    active = ActiveParticipants(definition, programme)
    for recorded in history:
        active.apply(recorded)
    return active


@pytest.mark.parametrize(
    ("definition", "counts"),
    [
        (PAID_UP, [1, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
        (IN_GRACE, [1, 2, 2, 1, 1, 1, 0, 0, 0, 0, 0, 0]),
        (EVER_PAID, [1, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2]),
        (REGISTERED, [3, 3, 3, 2, 2, 2, 3, 3, 3, 3, 3, 3]),
    ],
    ids=lambda each: getattr(each, "name", ""),
)
def test_each_definition_counts_its_own_participants(story, definition, counts):
    active = summed(story.history, definition)

    assert [active.count(month) for month in YEAR] == counts


def test_nobody_counts_before_the_first_event_has_an_effect(story):
    assert summed(story.history, REGISTERED).count(Month(2017, 12)) == 0


def test_another_programme_has_a_count_of_its_own(story):
    assert summed(story.history, programme="jkm").count(MARCH) == 1
    assert summed(story.history, programme="jht").count(MARCH) == 0


def test_who_moves_or_changes_hands_is_counted_in_one_place_each_month(story):
    active = summed(story.history)
    both = [dict(active.by(month, "province", "agent")) for month in YEAR[:3]]

    assert both == [
        {("51", story.first): 1},
        {("51", story.second): 1, ("51", None): 1},
        {("31", story.second): 1},
    ]


def test_the_parts_are_by_any_dimensions_in_the_order_asked(story):
    active = summed(story.history, REGISTERED)

    assert active.by(MARCH, "segment") == {("bpu",): 2, ("pu",): 1}
    assert active.by(MARCH, "province", "segment") == {
        ("31", "bpu"): 1,
        ("51", "bpu"): 1,
        ("52", "pu"): 1,
    }
    assert active.by(MARCH) == {(): 3}


def test_only_what_is_not_0_is_a_part(story):
    assert summed(story.history).by(Month(2018, 4), "segment") == {}
    assert summed(story.history).by(MARCH, "segment") == {("bpu",): 1}


@pytest.mark.parametrize("definition", [PAID_UP, IN_GRACE, EVER_PAID, REGISTERED])
@pytest.mark.parametrize("month", YEAR[:7])
def test_the_parts_add_up_to_the_count(story, definition, month):
    active = summed(story.history, definition)

    for dimensions in (("segment",), ("province",), ("agent",), ("segment", "province", "agent")):
        assert sum(active.by(month, *dimensions).values()) == active.count(month)


def test_there_are_three_dimensions_and_no_other(story):
    with pytest.raises(InputError, match="'village': count by segment, province, agent"):
        summed(story.history).by(MARCH, "village")


def test_a_table_holds_every_count_that_is_not_0_up_to_a_month(story):
    active = summed(story.history)

    assert active.table(MARCH) == {
        (YEAR[0].index, ("bpu", "51", story.first)): 1,
        (YEAR[1].index, ("bpu", "51", story.second)): 1,
        (YEAR[1].index, ("bpu", "51", None)): 1,
        (YEAR[2].index, ("bpu", "31", story.second)): 1,
    }
    assert active.table(YEAR[0]) == {(YEAR[0].index, ("bpu", "51", story.first)): 1}
    assert summed([]).table(MARCH) == {}


@given(data=st.data())
def test_the_order_of_events_does_not_matter(story, data):
    shuffled = data.draw(st.permutations(story.history))

    for definition in (PAID_UP, REGISTERED):
        told_so = summed(story.history, definition)
        assert summed(shuffled, definition).table(YEAR[-1]) == told_so.table(YEAR[-1])


@given(data=st.data())
def test_two_parts_of_a_history_merge_into_the_sum_over_both(story, data):
    mine = data.draw(st.lists(st.booleans(), min_size=60, max_size=60))
    halves = [[], []]
    for recorded, half in zip(story.history, mine, strict=False):
        halves[half].append(recorded)

    one, other = (summed(half, IN_GRACE) for half in halves)
    one.merge(other)

    assert one.table(YEAR[-1]) == summed(story.history, IN_GRACE).table(YEAR[-1])


def test_sums_of_different_things_are_not_added():
    for other in (ActiveParticipants(IN_GRACE), ActiveParticipants(PAID_UP, "jht")):
        with pytest.raises(InputError, match="cannot be added"):
            ActiveParticipants(PAID_UP).merge(other)


def test_what_counts_is_split_over_the_spells_in_which_it_falls():
    standing = Standing(
        (
            Spell(Months.parse("2018-01/2018-02"), "51"),
            Spell(Months.parse("2018-03/2018-04"), "31"),
            Spell(Months.parse("2018-05/.."), "32"),
        ),
        (Paid(("jkk",), Months.parse("2018-02/2018-04")),),
    )

    parts = cells(PAID_UP, "jkk", Segment.WAGE_EARNER, standing)
    assert [(key, str(months)) for key, months in parts] == [
        (("pu", "51", None), "2018-02/2018-02"),
        (("pu", "31", None), "2018-03/2018-04"),
    ]
    assert list(cells(PAID_UP, "jkk", Segment.WAGE_EARNER, Standing())) == []
