"""The sum that every count can be read off."""

import pytest

from jamsos import DEFINITIONS, Month
from jamsos.projections.active_participants import ActiveParticipants
from jamsos.projections.census import Census
from jamsos.projections.flows import Flows

DECEMBER = Month(2018, 12)
PROGRAMMES = ("jkk", "jkm", "jht")


def fed(projection, history):
    for recorded in history:
        projection.apply(recorded)
    return projection


@pytest.mark.parametrize("definition", DEFINITIONS.values(), ids=DEFINITIONS)
@pytest.mark.parametrize("programme", PROGRAMMES)
def test_a_census_gives_the_counts_and_flows_of_any_definition(story, definition, programme):
    census = fed(Census(), story.history)
    active = fed(ActiveParticipants(definition, programme), story.history)
    flows = fed(Flows(definition, programme), story.history)

    assert census.active(definition, programme).table(DECEMBER) == active.table(DECEMBER)
    for number in range(1, 13):
        month = Month(2018, number)
        assert census.flows(definition, programme).of(month) == flows.of(month)


def test_a_census_holds_each_standing_that_somebody_has_and_no_other(story):
    census = fed(Census(), story.history)

    assert [number for _, standing, number in census if standing.spells] == [1, 1, 1]


def test_nobody_is_left_over_where_nothing_happened():
    assert list(Census()) == []


def test_the_mandatory_programme_is_counted_also_where_nobody_has_paid(story):
    assert Census().programmes == {"jkk"}
    assert fed(Census(), story.history).programmes == {"jkk", "jkm"}
