"""The shortest history: one change after another, as long as the law is still broken."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Protocol

import attrs

from jamsos.commands.agents import Recruit
from jamsos.commands.contributions import Pay
from jamsos.domain.calendar import Month
from jamsos.engine.setting import Setting, setting
from jamsos.engine.world import Asked, Plan
from jamsos.testing.arguments import renamed
from jamsos.testing.laws.judging import Breaking
from jamsos.testing.names import AGENTS, PEOPLE, PLACES, PROVINCES

from .map import Map, as_due
from .otherwise import (
    elsewhere,
    months_sooner,
    nationwide,
    on_other_days,
    otherwise,
    registered_there,
    renumbered,
)
from .simpler import simpler_than

MOST_TRIES: Final = 4_000
"""So many shorter histories are tried, at the most, for one that breaks a law."""

_SOONER: Final = (1, 2, 3, 6, 12, 24)
"""By so many months, too, the commands after one that is left out may happen sooner."""

_FEW: Final = 12
"""In a plan of so many commands, two changes are tried at a time."""


class Judging(Protocol):
    """Says whether a plan breaks what it is held against."""

    def plan(self, plan: Plan) -> Breaking | None:
        """Play *plan*, and return where it breaks, if it does."""
        ...


def shortened(
    judge: Judging, plan: Plan, breaking: Breaking, begins: Setting | None = None
) -> tuple[Plan, Breaking, int]:
    """
    Return a plan that breaks the law, from which nothing can be left out; and the tries.

    A payment that becomes another one is of the amount that is due by the law of *begins*.
    """
    search = _Shorter(judge, plan[: breaking.step + 1], breaking, Map(begins or setting()))
    before: tuple[int, int] | None = None
    while before != (size := (len(search.plan), search.gained)):
        before = size
        search.leave_out()
        search.leave_out_pairs()
        search.same_people()
        search.in_other_ways()
        search.sooner()
        search.simplify()
        if len(search.plan) <= _FEW:
            search.in_another_order()
            search.leave_out_and_hasten()
            search.leave_out_and_simplify()
    return search.plan, search.breaking, search.tries


@attrs.define
class _Shorter:
    """A search for a shorter plan that breaks a law, by one change after another."""

    judge: Judging
    plan: Plan
    breaking: Breaking
    chart: Map
    tries: int = 0
    gained: int = 0
    _seen: set[object] = attrs.field(factory=set, repr=False)

    def __attrs_post_init__(self) -> None:
        self._seen.add(repr(self.plan))

    def attempt(self, plan: Plan, *, shorter: bool = False) -> bool:
        """Take *plan* instead, if it breaks the law too; only a *shorter* one, if it says so."""
        key = repr(plan)
        if self.tries >= MOST_TRIES or not plan or key in self._seen:
            return False
        self._seen.add(key)
        self.tries += 1
        try:
            breaking = self.judge.plan(plan)
        except Exception:  # noqa: BLE001 - such a plan shows another fault, not this one
            return False
        if breaking is None or (shorter and breaking.step + 1 >= len(self.plan)):
            return False
        self.plan, self.breaking = plan[: breaking.step + 1], breaking
        self._seen.add(repr(self.plan))
        self.gained += 1
        return True

    def leave_out(self) -> None:
        """Leave out as many commands together as can be, then fewer, then each."""
        size = max(1, len(self.plan) // 2)
        while size:
            start = 0
            while start < len(self.plan):
                end = start + size
                ahead, gone, later = self.plan[:start], self.plan[start:end], self.plan[end:]
                if not self.attempt((*ahead, *later)) and not self.attempt(
                    (*ahead, *renumbered(later, gone))
                ):
                    start = end
            size //= 2

    def leave_out_pairs(self) -> None:
        """Leave out two commands that only together can be."""
        first = 0
        while first < len(self.plan):
            for second in range(first + 1, len(self.plan)):
                fewer = (
                    *self.plan[:first],
                    *self.plan[first + 1 : second],
                    *self.plan[second + 1 :],
                )
                if self.attempt(fewer):
                    break
            else:
                first += 1

    def leave_out_and_simplify(self) -> None:
        """Leave out one command where another is made simpler at the same time."""
        out = 0
        while out < len(self.plan):
            rest = (*self.plan[:out], *self.plan[out + 1 :])
            if not any(
                self.attempt((*rest[:number], simpler, *rest[number + 1 :]))
                for number in range(len(rest))
                for simpler in self._simplified(rest, number)
            ):
                out += 1

    def leave_out_and_hasten(self) -> None:
        """Leave out one command, or two, where those after happen sooner, or those before later."""
        out = 0
        while out < len(self.plan) - 1:
            if not any(self._hastened(out, out + size) for size in (1, 2)):
                out += 1

    def _hastened(self, first: int, end: int) -> bool:
        ahead, later = self.plan[:first], self.plan[end:]
        if not later:
            return False
        # As long after the one before as it was after the last one left out; or about that.
        days = [each.on for each in (*ahead[-1:], self.plan[end - 1])]
        gap = Month.of(days[-1]) - Month.of(days[0])
        since = later[0].on - days[0]
        return self.attempt((*(on_other_days(each, since) for each in ahead), *later)) or any(
            self.attempt((*ahead, *(months_sooner(each, months) for each in later)))
            for months in dict.fromkeys((gap, *_SOONER))
        )

    def same_people(self) -> None:
        """Let one person, or place, stand for another."""
        for names, rename in (
            (AGENTS, renamed),
            (PEOPLE, renamed),
            (PROVINCES, renamed),
            (PLACES, elsewhere),
        ):
            for number, name in enumerate(names):
                for simpler in names[:number]:
                    if self.attempt(tuple(rename(asked, {name: simpler}) for asked in self.plan)):
                        break

    def in_other_ways(self) -> None:
        """Ask for the same by a simpler command: for one agent, or for the nation."""
        for seats in (1, None):
            self.attempt(tuple(nationwide(self.plan, seats)))
        for number in range(len(self.plan)):
            if self.attempt(tuple(registered_there(self.plan, number)), shorter=True):
                break
        number = 0
        while number < len(self.plan):
            agents = {asked.agent: None for asked in self.plan if isinstance(asked, Recruit)}
            for simpler in otherwise(self.plan[number], agents):
                if self.attempt((*self.plan[:number], simpler, *self.plan[number + 1 :])):
                    break
            number += 1

    def sooner(self) -> None:
        """Let everything from one command on happen sooner: on the day of the one before it."""
        number = 1
        while number < len(self.plan):
            before, on = (asked.on for asked in self.plan[number - 1 : number + 1])
            if before < on:
                later = tuple(on_other_days(asked, before - on) for asked in self.plan[number:])
                self.attempt((*self.plan[:number], *later))
            number += 1

    def in_another_order(self) -> None:
        """Ask one command at another time, where the law is broken sooner then."""
        first = 0
        while first < len(self.plan):
            rest = (*self.plan[:first], *self.plan[first + 1 :])
            moved = (
                (*rest[:place], self.plan[first], *rest[place:])
                for place in range(len(rest) + 1)
                if place != first
            )
            if not any(self.attempt(plan, shorter=True) for plan in moved):
                first += 1

    def simplify(self) -> None:
        """Make the commands simpler, one by one: smaller numbers, fewer days."""
        number = 0
        while number < len(self.plan):
            for simpler in self._simplified(self.plan, number):
                if self.attempt((*self.plan[:number], simpler, *self.plan[number + 1 :])):
                    break
            else:
                number += 1

    def _simplified(self, plan: Plan, number: int) -> Iterable[Asked]:
        """Yield commands simpler than one of *plan*; payments also of the amount due then."""
        now, days = plan[number], [e.on for e in (*plan[:number][-1:], *plan[number + 1 :][:2])]
        for simpler in simpler_than(now, days):
            if isinstance(simpler, Pay) and isinstance(now, Pay) and simpler.amount == now.amount:
                yield as_due(self.chart, simpler)
            yield simpler
