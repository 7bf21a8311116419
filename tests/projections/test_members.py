"""Who is in a count, and by which events."""

import attrs
import pytest

from jamsos import DEFINITIONS, PAID_UP, REGISTERED, Month, Segment
from jamsos.projections.count import count
from jamsos.projections.members import Member, members

MARCH = Month(2018, 3)


def positions(story, who):
    return tuple(recorded.position for recorded in story.history if recorded.stream == who)


def test_a_member_carries_his_place_and_the_events_that_say_so(story):
    (member,) = members(story.history, MARCH, PAID_UP)

    assert member == Member(
        participant=story.putu,
        segment=Segment.NON_WAGE_EARNER,
        province="31",
        agent=story.second,
        events=positions(story, story.putu),
    )


def test_members_come_in_order_of_their_names(story):
    found = [member.participant for member in members(story.history, MARCH, REGISTERED)]

    assert found == sorted([story.putu, story.wayan, story.made])


def test_the_events_of_one_segment_are_not_those_of_another(story):
    history = story.history
    first = next(r for r in history if r.stream == story.made)
    (change,) = first.event.changes
    other = attrs.evolve(change, segment=Segment.MIGRANT)
    event = attrs.evolve(first.event, segment=Segment.MIGRANT, changes=(other,))
    last = attrs.evolve(first, position=len(history) + 1, event=event)

    found = {m.segment: m.events for m in members([*history, last], MARCH, REGISTERED)}
    assert found[Segment.MIGRANT] == (len(history) + 1,)
    assert found[Segment.WAGE_EARNER] == positions(story, story.made)


@pytest.mark.parametrize("definition", DEFINITIONS.values(), ids=DEFINITIONS)
@pytest.mark.parametrize("number", range(1, 9))
def test_a_count_is_the_number_of_its_members(story, definition, number):
    month = Month(2018, number)

    total = count(story.history, month, definition).total
    assert total == len(members(story.history, month, definition))
