"""What a registry answers as it was known at a moment or a day, on real databases."""

from datetime import UTC, date, datetime, timedelta

import pytest

import jamsos
from jamsos.domain.history import WIB
from jamsos.errors import InputError
from jamsos.store.event_store import migrate
from tests.registry.beginnings import JANUARY, paid

TICK = timedelta(microseconds=1)
MIDNIGHT = datetime(2018, 2, 1, tzinfo=WIB)
"""The first moment of February in WIB: 17:00 on 31 January in UTC."""


@pytest.fixture(params=["in memory", "a file", "PostgreSQL"])
def place(request, path):
    if request.param == "in memory":
        return ":memory:"
    if request.param == "a file":
        return path
    url = request.getfixturevalue("postgres").new_database()
    migrate(url)
    return url


class Clock:
    """A clock that is set by hand."""

    def __init__(self):
        self.now = MIDNIGHT

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def registry(place, clock):
    with jamsos.open(place, clock=clock) as opened:
        yield opened


def tell(registry, clock, *moments):
    """Register and let pay somebody at each of *moments*, in two transactions."""
    for clock.now in moments:
        somebody = jamsos.new_participant_id()
        registry.register(somebody, province="51", on=date(2018, 1, 9)).or_raise()
        paid(registry, somebody, JANUARY, on=date(2018, 1, 9))


def known(registry, at):
    """Return the position up to which a count rests, and its total."""
    found = registry.count("2018-01", known_at=at)
    assert [r.position for r in registry.history(known_at=at)] == [*range(1, found.known_at + 1)]
    assert registry.count("2018-01", known_at=found.known_at) == found
    return found.known_at, found.total


def test_a_count_as_of_a_moment_says_at_which_position_that_was(registry, clock):
    tell(registry, clock, MIDNIGHT - TICK, MIDNIGHT, MIDNIGHT + TICK)

    assert known(registry, MIDNIGHT - 2 * TICK) == (0, 0)
    assert known(registry, MIDNIGHT - TICK) == (2, 1)
    assert known(registry, MIDNIGHT) == (4, 2)
    assert known(registry, MIDNIGHT.astimezone(UTC)) == (4, 2)
    assert known(registry, MIDNIGHT + TICK) == (6, 3)
    assert known(registry, MIDNIGHT + timedelta(days=9_999)) == (6, 3)


def test_a_count_as_of_a_day_knows_what_was_recorded_before_midnight_in_wib(registry, clock):
    tell(registry, clock, MIDNIGHT - TICK, MIDNIGHT)

    assert known(registry, date(2018, 1, 30)) == (0, 0)
    assert known(registry, date(2018, 1, 31)) == (2, 1)
    assert known(registry, date(2018, 2, 1)) == (4, 2)


def test_where_the_clock_ran_back_what_follows_the_first_later_event_was_not_known(registry, clock):
    hour = timedelta(hours=1)
    tell(registry, clock, MIDNIGHT, MIDNIGHT + hour, MIDNIGHT - hour, MIDNIGHT + 2 * hour)

    assert known(registry, MIDNIGHT - hour) == (0, 0)
    assert known(registry, MIDNIGHT) == (2, 1)
    assert known(registry, MIDNIGHT + hour) == (6, 3)


def test_a_store_in_which_nothing_is_recorded_is_known_at_every_moment(registry):
    for at in (MIDNIGHT, date(2018, 1, 31), date(1, 1, 1), date(9999, 12, 31)):
        assert known(registry, at) == (0, 0)


@pytest.mark.parametrize("at", [MIDNIGHT.replace(tzinfo=None), True, "2018-01-31", 1.0])
def test_a_registry_is_not_known_at_what_is_no_place_in_time(registry, at):
    with pytest.raises(InputError, match=r"known_at is .*: give"):
        registry.history(known_at=at)
    with pytest.raises(InputError, match=r"known_at is .*: give"):
        registry.count("2018-01", known_at=at)
