"""The life of a participant by day: the facts of membership that stand, folded in order of days."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cached_property
from operator import attrgetter
from typing import Final, TypeAlias, assert_never

import attrs

from jamsos.domain.calendar import FOREVER, Month, Months
from jamsos.domain.coverage import NO_MONTHS, Segment, Spell, merged
from jamsos.domain.fixed import fixed
from jamsos.domain.geography import ProvinceCode
from jamsos.domain.identity import AgentId

from .events import (
    LeavingReason,
    Membership,
    ParticipantCameBack,
    ParticipantLeft,
    ParticipantMoved,
    ParticipantRegistered,
    ParticipantTransferred,
)

_RANK: Final = {
    ParticipantRegistered: 0,
    ParticipantLeft: 1,
    ParticipantCameBack: 2,
    ParticipantMoved: 3,
    ParticipantTransferred: 3,
}
"""The order of facts of one day, in whichever order they are told; a death comes last."""
_DEATH: Final = 4
_NOTHING_GONE: Final[frozenset[Segment]] = frozenset()


Place: TypeAlias = tuple[date, int, int]
"""Where a fact stands among the others: by its day, then by its kind, then by its version."""


def _event(event: Membership | Callable[[], Membership]) -> Membership:
    return event() if callable(event) else event


def _bare(event: Membership | Callable[[], Membership]) -> Membership:
    """Return the event without what it changed: that is no part of what it told."""
    found = _event(event)
    return attrs.evolve(found, changes=()) if found.changes else found


@attrs.frozen
class Told:
    """
    A fact of membership as it was told: its *event*, and the event's *version*.

    The changes of the event are no part of it: they may be left out.
    """

    version: int
    _event: Membership | Callable[[], Membership] = attrs.field(
        eq=_bare, repr=lambda event: repr(_bare(event))
    )
    """The event, or what finds it: of facts long past, few are asked for."""
    _place: Place | None = attrs.field(default=None, eq=False, repr=False)

    @property
    def event(self) -> Membership:
        """The event that told it."""
        return _event(self._event)

    @property
    def place(self) -> Place:
        """Where it stands among the others: by its day, then by its kind."""
        if self._place is not None:
            return self._place
        event = self.event
        rank = _DEATH if _is_death(event) else _RANK[type(event)]
        return event.on, rank, self.version


@attrs.frozen
class Stay:
    """
    Days in a segment, in one province and in one care.

    From *begins* to the day before *ends*, or without end. *agent* or *branch* cares for the
    participant since *cared_since*: the day of the registration, the return or the transfer.
    """

    begins: date
    ends: date | None
    province: ProvinceCode
    agent: AgentId | None
    branch: str | None
    cared_since: date

    def has(self, day: date) -> bool:
        """Return whether *day* is one of these days."""
        return self.begins <= day and (self.ends is None or day < self.ends)


@attrs.frozen
class Life:
    """
    A participant's days in each segment.

    *entries* are the days on which they were registered or came back, by segment; *met* are the
    versions of the facts that found what they need: a leaving of somebody who is registered.
    """

    stays: Mapping[Segment, tuple[Stay, ...]]
    entries: Mapping[Segment, tuple[date, ...]]
    died_on: date | None
    met: frozenset[int]
    _spells: Mapping[Segment, tuple[int, tuple[Spell, ...]]] = attrs.field(
        factory=dict, eq=False, repr=False
    )
    """The months of the first so many stays in a segment, where they were found before."""

    def stay(self, segment: Segment, day: date) -> Stay | None:
        """Return the stay in *segment* that has *day*, or None."""
        return next((each for each in self.stays.get(segment, ()) if each.has(day)), None)

    def spells(self, segment: Segment) -> tuple[Spell, ...]:
        """Return the months of the stays in *segment*: each counts by its last day."""
        stays = self.stays.get(segment, ())
        known, spells = self._spells.get(segment, (0, ()))
        return _joined(spells, stays[known:])


@attrs.frozen
class Facts:
    """The facts of membership that stand, in order of their days."""

    told: tuple[Told, ...] = ()
    _found: list[Days] = attrs.field(factory=list, eq=False, repr=False)
    """The days that they make, once these are found: later facts go on from there."""

    @cached_property
    def life(self) -> Life:
        """What they make: the days in each segment."""
        if not self._found and len(self.told) == 1:
            only = _registration(self.told[0])
            if only is not None:
                return only
        return self._days().life()

    def days(self) -> Days:
        """Return the days that they make, from which later facts go on: the caller's own."""
        return self._days().copy()

    def _days(self) -> Days:
        if not self._found:
            self._found.append(_days_of(self.told))
        return self._found[0]

    def of_day(self, day: date) -> tuple[Told, ...]:
        """Return the facts of *day*, in their places."""
        first = bisect_left(self.told, day, key=_day)
        return self.told[first : bisect_right(self.told, day, first, key=_day)]

    def told_too(self, new: Told) -> Facts:
        """Return these facts and the *new* one, in its place."""
        if not self.told:
            return Facts((new,))
        if self.told[-1].place < new.place:
            go_on = self._found and not _as_told(new.event)  # which goes over others of its day
            return Facts((*self.told, new), [self._found[0].after(new)] if go_on else [])
        there = list(self.told)
        insort(there, new, key=attrgetter("place"))
        return Facts(tuple(there))

    def without(self, version: int) -> Facts:
        """Return these facts without the one that has *version*."""
        return Facts(tuple(each for each in self.told if each.version != version))


NO_FACTS: Final = Facts()
"""Nothing was told, or nothing stands."""


def life_of(told: Iterable[Told]) -> Life:
    """
    Return what the facts *told*, which are in their places, make.

    It is total: a fact that does not find what it needs changes nothing.
    """
    return Facts(tuple(told)).life


def _registration(told: Told) -> Life | None:
    """Return what a registration makes that is the only fact, as it is most often; or None."""
    event = told.event
    if not isinstance(event, ParticipantRegistered):
        return None
    stay = Stay(event.on, None, event.province, event.agent, None, event.on)
    of = event.segment
    return Life(fixed({of: (stay,)}), fixed({of: (event.on,)}), None, frozenset((told.version,)))


def _days_of(told: tuple[Told, ...]) -> Days:
    days = Days(over=tuple(each for each in told if _as_told(each.event)))
    for each in told:
        days.note(each)
    return days


@attrs.define
class Days:
    """The days so far, while facts are noted in their order."""

    stays: dict[Segment, list[Stay]] = attrs.field(factory=dict)
    entries: dict[Segment, list[date]] = attrs.field(factory=dict)
    died_on: date | None = None
    met: set[int] = attrs.field(factory=set)
    over: tuple[Told, ...] = ()
    """The leavings of version 1: they go over what was told before them, of their day or later."""
    spells: dict[Segment, tuple[int, tuple[Spell, ...]]] = attrs.field(factory=dict)
    """The months of the first so many stays that last for any days: facts to come leave them."""
    _passed: dict[Segment, tuple[int, tuple[Stay, ...]]] = attrs.field(factory=dict)
    """Of the first so many stays, those that last for any days."""

    def life(self) -> Life:
        """Return the life so far."""
        lasting = {}
        for segment, stays in self.stays.items():
            number, passed = self._passed.get(segment, (0, ()))
            lasting[segment] = (*passed, *_lasting(stays[number:]))
        return Life(
            fixed(lasting),
            fixed({segment: tuple(entered) for segment, entered in self.entries.items()}),
            self.died_on,
            frozenset(self.met),
            self.spells,
        )

    def after(self, told: Told) -> Days:
        """Return the days once *told* is noted too, which comes after all others."""
        self.settle()
        days = self.copy()
        days.note(told)
        return days

    def copy(self) -> Days:
        """Return days of their own that say the same."""
        return Days(
            {segment: [*stays] for segment, stays in self.stays.items()},
            {segment: [*entered] for segment, entered in self.entries.items()},
            self.died_on,
            {*self.met},
            self.over,
            self.spells,
            self._passed,
        )

    def settle(self) -> None:
        """Find the months of all stays but the last in each segment, which alone may change."""
        all_passed, spells = {}, {}
        for segment, stays in self.stays.items():
            number, passed = self._passed.get(segment, (0, ()))
            passed = (*passed, *_lasting(stays[number:-1]))
            all_passed[segment] = len(stays) - 1, passed
            known, found = self.spells.get(segment, (0, ()))
            spells[segment] = len(passed), _joined(found, passed[known:])
        self._passed, self.spells = all_passed, spells

    def note(self, told: Told) -> None:
        """Note the next fact."""
        event = told.event
        gone = self._gone(told) if self.over else _NOTHING_GONE
        match event:
            case ParticipantRegistered() | ParticipantCameBack():
                done = self._enter(event, over=event.segment in gone)
            case ParticipantLeft():
                done = self._leave(event)
            case ParticipantMoved(province=province, on=on):
                there = [s for s in self.stays if self._on(s, on) and s not in gone]
                only = event.as_told
                there = [s for s in there if only is None or s in only]
                for segment in there:
                    current = self._open(segment)
                    if current is not None and current.province != province:
                        care = current.agent, current.branch, current.cared_since
                        self._go_on(segment, Stay(on, None, province, *care))
                done = bool(there)
            case ParticipantTransferred(segment=segment, on=on):
                done = self._on(segment, on) and segment not in gone
                if done:
                    self._hand_over(event)
            case _:
                assert_never(event)
        if done:
            self.met.add(told.version)

    def _gone(self, told: Told) -> frozenset[Segment]:
        """Return the segments of which leavings of version 1 go over *told*."""
        return frozenset(
            segment
            for each in self.over
            if each.version > told.version and each.event.on <= told.event.on
            for segment in _as_told(each.event)
        )

    def _enter(self, event: ParticipantRegistered | ParticipantCameBack, *, over: bool) -> bool:
        segment, first = event.segment, isinstance(event, ParticipantRegistered)
        known = segment in self.entries
        if self.died_on is not None or known is first or self._open(segment) is not None:
            return False
        if over and not first:
            return False
        stay = Stay(event.on, None, event.province, event.agent, None, event.on)
        self.stays.setdefault(segment, []).append(stay)
        self.entries.setdefault(segment, []).append(event.on)
        return True

    def _leave(self, event: ParticipantLeft) -> bool:
        if self.died_on is not None:
            return False
        death, only = _is_death(event), event.as_told
        leaving = [
            segment
            for segment in self.stays
            if death or only is None or segment in only
            if death or event.segment in {None, segment}
            if self._open(segment) is not None
        ]
        for segment in leaving:
            stays = self.stays[segment]
            stays[-1] = _ended(stays[-1], event.on)
        if death:
            self.died_on = event.on
        return bool(leaving) or death

    def _open(self, segment: Segment) -> Stay | None:
        """Return the stay in *segment* that has no end so far, or None."""
        stays = self.stays.get(segment)
        return stays[-1] if stays and stays[-1].ends is None else None

    def _on(self, segment: Segment, day: date) -> bool:
        """Return whether the participant is in *segment* at any time of *day*."""
        stays = self.stays.get(segment)
        return stays is not None and stays[-1].ends in {None, day} and self.died_on is None

    def _go_on(self, segment: Segment, otherwise: Stay) -> None:
        """Let the stay in *segment*, which has no end, go on *otherwise* from its first day."""
        stays = self.stays[segment]
        stays[-1:] = [_ended(stays[-1], otherwise.begins), otherwise]

    def _hand_over(self, event: ParticipantTransferred) -> None:
        current, on = self._open(event.segment), event.on
        to = event.agent, event.branch
        if current is not None and (current.agent, current.branch) != to:
            stay = Stay(on, None, current.province, *to, on)
            self._go_on(event.segment, stay)


def _ended(stay: Stay, day: date) -> Stay:
    care = stay.agent, stay.branch, stay.cared_since
    return Stay(stay.begins, day, stay.province, *care)


def _lasting(stays: list[Stay]) -> tuple[Stay, ...]:
    """Return *stays* without those that ended on their first day."""
    return tuple([stay for stay in stays if stay.begins != stay.ends])


def _joined(spells: tuple[Spell, ...], stays: tuple[Stay, ...]) -> tuple[Spell, ...]:
    """Return *spells* and those of *stays*, which follow them."""
    new = [Spell(months, each.province, each.agent) for each in stays if (months := _months(each))]
    return (*spells[:-1], *merged(*spells[-1:], *new))


def _day(told: Told) -> date:
    return told.place[0]


def _months(stay: Stay) -> Months:
    begins, ends = stay.begins, stay.ends
    if ends is not None and (begins.year, begins.month) == (ends.year, ends.month):
        return NO_MONTHS
    last = FOREVER if ends is None else Month.of(ends).index - 1
    return Months([(Month.of(begins).index, last)])


def _is_death(event: Membership) -> bool:
    return isinstance(event, ParticipantLeft) and event.reason is LeavingReason.DEATH


def _as_told(event: Membership) -> tuple[Segment, ...]:
    return event.as_told or () if isinstance(event, ParticipantLeft) else ()
