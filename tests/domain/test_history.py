"""A history in order, and as it was known at a position, a moment or a day."""

from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

import pytest

from jamsos.domain.history import WIB, Recorded, in_order, known_at
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


# -- At a moment, or at the end of a day. -----------------------------------------

TICK = timedelta(microseconds=1)


def told_at(*moments):
    """Return a history of which each event was recorded at one of *moments*."""
    return [Recorded(n, "agent-a", n, moment, None) for n, moment in enumerate(moments, start=1)]


def length(history, at):
    return len(list(known_at(history, at)))


@pytest.mark.parametrize(
    ("moment", "positions"), [(NOW - TICK, 0), (NOW, 1), (NOW + TICK, 2), (NOW + 2 * TICK, 2)]
)
def test_what_was_recorded_at_the_very_moment_is_known_and_a_microsecond_later_is_not(
    moment, positions
):
    assert length(told_at(NOW, NOW + TICK), moment) == positions


@pytest.mark.parametrize("offset", [timedelta(0), timedelta(hours=7), timedelta(hours=-11)])
def test_a_moment_is_the_same_by_every_offset(offset):
    moment = NOW.astimezone(timezone(offset))

    assert length(told_at(NOW, NOW + TICK), moment) == 1


@pytest.mark.parametrize(
    ("recorded_at", "known"),
    [
        (datetime(2018, 2, 28, 16, 59, 59, 999_999, UTC), True),
        (datetime(2018, 2, 28, 17, tzinfo=UTC), False),
        (datetime(2018, 2, 28, 23, 59, 59, 999_999, WIB), True),
        (datetime(2018, 3, 1, tzinfo=WIB), False),
        (datetime(2018, 2, 27, 23, 59, tzinfo=WIB), True),
    ],
)
def test_a_day_ends_at_midnight_in_wib(recorded_at, known):
    assert length(told_at(recorded_at), date(2018, 2, 28)) == known


def test_a_clock_that_ran_back_hides_nothing_only_the_first_later_event_counts():
    later = NOW + timedelta(hours=1)
    history = told_at(NOW, later, NOW, later + TICK, NOW)

    assert [length(history, moment) for moment in (NOW - TICK, NOW, later, later + TICK)] == [
        0,
        1,
        3,
        5,
    ]


@pytest.mark.parametrize("at", [NOW, date(2018, 2, 4), date(9999, 12, 31)])
def test_nothing_is_known_of_an_empty_history_at_any_moment(at):
    assert list(known_at([], at)) == []


@pytest.mark.parametrize(
    ("at", "positions"),
    [
        (date(1, 1, 1), 0),
        (datetime.min.replace(tzinfo=WIB), 0),
        (date(9999, 12, 31), 3),
        (datetime.max.replace(tzinfo=timezone(timedelta(hours=-12))), 3),
    ],
)
def test_the_first_and_the_last_day_that_there_are_may_be_asked_for(at, positions):
    assert length(WHOLE, at) == positions


class NoOffset(tzinfo):
    """A time zone that does not say how far it is from UTC."""

    def utcoffset(self, _):
        return None


@pytest.mark.parametrize("zone", [None, NoOffset()])
def test_a_moment_without_an_offset_is_an_input_error_that_says_to_give_one(zone):
    moment = datetime(2018, 2, 28, 12, tzinfo=zone)

    with pytest.raises(InputError, match=r"without an offset: give .* 2018-02-28T12:00:00\+07:00"):
        known_at(WHOLE, moment)


@pytest.mark.parametrize("at", [True, False, "17", "2018-02-28", 1.0, (1,), b"1", timedelta(1)])
def test_what_is_no_position_no_day_and_no_moment_is_an_input_error_that_says_what_to_give(at):
    with pytest.raises(InputError, match=r"give a position, such as 17, a day, .* or a moment"):
        known_at(WHOLE, at)
