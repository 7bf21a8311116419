"""A history in order, and as it was known at a position."""

from datetime import UTC, datetime

import pytest

from jamsos.domain.history import Recorded, in_order, known_at
from jamsos.errors import CorruptHistoryError, InputError

NOW = datetime(2018, 2, 5, tzinfo=UTC)


def history(*places):
    return [Recorded(position, stream, version, NOW, None) for position, stream, version in places]


WHOLE = history((1, "agent-a", 1), (2, "agent-b", 1), (3, "agent-a", 2))


def test_a_whole_history_passes_as_it_is():
    assert list(in_order(WHOLE)) == WHOLE
    assert list(in_order([])) == []


@pytest.mark.parametrize(
    ("places", "fault", "position"),
    [
        ([(2, "agent-a", 1)], "1 is missing", 2),
        ([(1, "agent-a", 1), (3, "agent-a", 2)], "2 is missing", 3),
        ([(1, "agent-a", 1), (1, "agent-b", 1)], "it is there already", 1),
        ([(1, "agent-a", 1), (2, "agent-a", 2), (1, "agent-b", 1)], "it is there already", 1),
        ([(1, "agent-a", 2)], "version 2 after version 0; it must be 1", 1),
        ([(1, "agent-a", 1), (2, "agent-a", 1)], "version 1 after version 1; it must be 2", 2),
        ([(1, "agent-a", 1), (2, "agent-a", 3)], "version 3 after version 1; it must be 2", 2),
    ],
)
def test_what_is_missing_or_doubled_is_named_with_its_position(places, fault, position):
    with pytest.raises(CorruptHistoryError, match=fault) as raised:
        list(in_order(history(*places)))

    assert raised.value.position == position


def test_what_comes_before_a_fault_has_passed():
    passing = in_order(history((1, "agent-a", 1), (3, "agent-a", 2)))

    assert next(passing).position == 1
    with pytest.raises(CorruptHistoryError):
        next(passing)


@pytest.mark.parametrize(("position", "length"), [(None, 3), (0, 0), (1, 1), (2, 2), (3, 3)])
def test_a_history_is_known_up_to_and_with_a_position(position, length):
    assert list(known_at(WHOLE, position)) == WHOLE[:length]


@pytest.mark.parametrize("position", [4, -1])
def test_a_history_is_not_known_at_a_position_that_it_has_not_reached(position):
    with pytest.raises(InputError, match=f"is not known at {position}"):
        list(known_at(WHOLE, position))


def test_no_history_is_known_at_0_and_not_at_1():
    assert list(known_at([], 0)) == []
    with pytest.raises(InputError):
        list(known_at([], 1))
