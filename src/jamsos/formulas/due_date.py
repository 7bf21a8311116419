"""The last day on which the contribution of a month is paid in time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from jamsos.domain.calendar import Month
from jamsos.domain.coverage import Segment
from jamsos.domain.due import SEGMENT_RULES, Law, programme_in
from jamsos.domain.explanation import Explained, Working

SATURDAY: Final = 5


def due_date(law: Law, month: Month, segment: Segment) -> Explained[date]:
    """
    Return the last day on which *month* is paid for in time.

    Rules ``bpu-due-day``, ``bpu-due-months-after`` and ``bpu-due-on-holiday``, or those of
    another segment. A Saturday or a Sunday is passed over; public holidays are in no rule,
    and the answer says so. Raises `RuleNotInForceError` if the segment has no such rules.
    """
    working, on = Working(), month.first_day
    programme = programme_in(law, SEGMENT_RULES)
    working.note("asked-due-date", segment=segment, month=month)
    day = working.number(programme, f"{segment}-due-day", on)
    of = month + working.number(programme, f"{segment}-due-months-after", on)
    last = of.last_day
    if day > last.day:
        working.assume("due-date-shorter-month", on=last)
        due = last
    else:
        due = last.replace(day=day)
    if working.names_if_any(programme, f"{segment}-due-on-holiday", on):
        due = _at_work(due, working)
    working.note("due-date", on=due)
    return working.done(due)


def _at_work(due: date, working: Working) -> date:
    days_over = due.weekday() - SATURDAY
    if days_over >= 0:
        monday = due + timedelta(days=2 - days_over)
        working.assume("weekend", day=due, on=monday)
        due = monday
    working.lack("holidays-unknown", on=due)
    return due
