"""Opening, joined, came back, left, closing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jamsos import DEFINITIONS, IN_GRACE, PAID_UP, REGISTERED, Month
from jamsos.projections.active_participants import ActiveParticipants
from jamsos.projections.flows import Flow, Flows

YEAR = [Month(2018, number) for number in range(1, 13)]


def flowing(history, definition):
    flows = Flows(definition)
    for recorded in history:
        flows.apply(recorded)
    return flows


def of(flows, number):
    flow = flows.of(Month(2018, number))
    return flow.opening, flow.joined, flow.came_back, flow.left, flow.closing


def test_a_month_says_who_joined_came_back_and_left(story):
    flows = flowing(story.history, REGISTERED)

    assert flows.of(YEAR[0]) == Flow(YEAR[0], 0, 3, 0, 0, 3)
    assert of(flows, 2) == (3, 0, 0, 0, 3)
    assert of(flows, 4) == (3, 0, 0, 1, 2)
    assert of(flows, 7) == (2, 0, 1, 0, 3)


def test_who_counts_in_a_month_and_not_in_the_next_has_left_in_the_next(story):
    flows = flowing(story.history, PAID_UP)

    assert [of(flows, month) for month in (1, 2, 3, 4)] == [
        (0, 1, 0, 0, 1),
        (1, 1, 0, 0, 2),
        (2, 0, 0, 1, 1),
        (1, 0, 0, 1, 0),
    ]


def test_who_moves_or_changes_hands_neither_joins_nor_leaves(story):
    flows = flowing(story.history, IN_GRACE)

    assert sum(flows.of(month).joined for month in YEAR) == 2
    assert sum(flows.of(month).left for month in YEAR) == 2


@pytest.mark.parametrize("definition", DEFINITIONS.values(), ids=DEFINITIONS)
def test_opening_and_what_comes_and_goes_is_closing_which_is_the_count(story, definition):
    flows, active = flowing(story.history, definition), ActiveParticipants(definition)
    for recorded in story.history:
        active.apply(recorded)

    before = 0
    for month in YEAR:
        flow = flows.of(month)
        assert flow.opening == before
        assert flow.opening + flow.joined + flow.came_back - flow.left == flow.closing
        assert flow.closing == active.count(month)
        before = flow.closing


@given(data=st.data())
def test_the_order_of_events_does_not_matter(story, data):
    shuffled = flowing(data.draw(st.permutations(story.history)), REGISTERED)

    told = flowing(story.history, REGISTERED)
    assert [shuffled.of(month) for month in YEAR] == [told.of(month) for month in YEAR]
