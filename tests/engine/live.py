"""Shared by tests of live counts: newcomers, and a live count that is the one from the history."""

from datetime import date

import jamsos
from jamsos import Month
from jamsos.formulas.active import REGISTERED

FEBRUARY = Month(2018, 2)


def enrol(registry, number=1, *, province="51", agent=None):
    """Register so many newcomers, in one transaction."""
    with registry.batch() as desk:
        for _ in range(number):
            who = jamsos.new_participant_id()
            desk.register(who, province=province, agent=agent, on=date(2018, 1, 8)).or_raise()


def same(registry, definition=REGISTERED, by=()):
    """Return the live count, once it is the one from the history."""
    live = registry.live_count(FEBRUARY, definition, by=by)
    assert live == registry.count(FEBRUARY, definition, by=by)
    return live.total
