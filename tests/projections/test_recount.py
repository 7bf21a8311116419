"""The count made again from scratch, person by person."""

import attrs
import pytest

from jamsos import DEFINITIONS, Month
from jamsos.projections.active_participants import ActiveParticipants
from jamsos.projections.recount import Recount

DECEMBER = Month(2018, 12)
PROGRAMMES = ("jkk", "jkm", "jht")


def fed(projection, history):
    for recorded in history:
        projection.apply(recorded)
    return projection


@pytest.mark.parametrize("known_at", [None, 5, 20])
def test_the_sum_of_deltas_is_the_recount_person_by_person(story, known_at):
    history = story.history[:known_at]
    wanted = [(d, programme) for d in DEFINITIONS.values() for programme in PROGRAMMES]

    counts = fed(Recount(), history).count(wanted, upto=DECEMBER)

    for definition, programme in wanted:
        active = fed(ActiveParticipants(definition, programme), history)
        assert counts[definition.name, programme] == active.table(DECEMBER)


def test_a_recount_knows_for_which_programmes_anybody_has_paid(story):
    assert fed(Recount(), story.history).programmes == {"jkk", "jkm"}
    assert Recount().programmes == frozenset()


def test_a_recount_does_not_look_at_any_recorded_change(story):
    wanted = [(definition, "jkk") for definition in DEFINITIONS.values()]
    honest = fed(Recount(), story.history).count(wanted, upto=DECEMBER)

    forged = [without_changes(recorded) for recorded in story.history]
    assert fed(Recount(), forged).count(wanted, upto=DECEMBER) == honest


def without_changes(recorded):
    event = recorded.event
    if not hasattr(event, "changes"):
        return recorded
    return attrs.evolve(recorded, event=attrs.evolve(event, changes=()))
