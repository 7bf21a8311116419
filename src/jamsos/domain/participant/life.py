"""The life of a participant by day: the facts of membership that stand, folded in order of days."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property
from operator import attrgetter
from typing import Final, assert_never

import attrs

from jamsos.domain.calendar import FOREVER, Month, Months
from jamsos.domain.coverage import Segment, Spell, merged
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


@attrs.frozen
class Told:
    """A fact of membership as it was told: its *event*, and the event's *version*."""

    version: int
    event: Membership

    @property
    def place(self) -> tuple[date, int, int]:
        """Where it stands among the others: by its day, then by its kind."""
        rank = _DEATH if _is_death(self.event) else _RANK[type(self.event)]
        return self.event.on, rank, self.version


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

    def stay(self, segment: Segment, day: date) -> Stay | None:
        """Return the stay in *segment* that has *day*, or None."""
        return next((each for each in self.stays.get(segment, ()) if each.has(day)), None)

    def spells(self, segment: Segment) -> tuple[Spell, ...]:
        """Return the months of the stays in *segment*: each counts by its last day."""
        return merged(
            *(
                Spell(_months(each), each.province, each.agent)
                for each in self.stays.get(segment, ())
            )
        )


@attrs.frozen
class Facts:
    """The facts of membership that stand, in order of their days."""

    told: tuple[Told, ...] = ()

    @cached_property
    def life(self) -> Life:
        """What they make: the days in each segment."""
        return life_of(self.told)

    def told_too(self, new: Told) -> Facts:
        """Return these facts and the *new* one, in its place."""
        if not self.told or self.told[-1].place < new.place:
            return Facts((*self.told, new))
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
    days = _Days()
    facts = tuple(told)
    if len(facts) == 1 and isinstance(only := facts[0].event, ParticipantRegistered):  # most often
        stay = Stay(only.on, None, only.province, only.agent, None, only.on)
        of, version = only.segment, facts[0].version
        return Life(fixed({of: (stay,)}), fixed({of: (only.on,)}), None, frozenset((version,)))
    over = [
        t for t in facts if isinstance(t.event, ParticipantLeft) and t.event.as_told is not None
    ]
    for each in facts:
        days.note(
            each, [t for t in over if t.version > each.version and t.event.on <= each.event.on]
        )
    return Life(
        fixed(
            {
                segment: tuple(stay for stay in stays if stay.begins != stay.ends)
                for segment, stays in days.stays.items()
            }
        ),
        fixed({segment: tuple(entered) for segment, entered in days.entries.items()}),
        days.died_on,
        frozenset(days.met),
    )


@attrs.define
class _Days:
    """The days so far, while facts are noted in their order."""

    stays: dict[Segment, list[Stay]] = attrs.field(factory=dict)
    entries: dict[Segment, list[date]] = attrs.field(factory=dict)
    died_on: date | None = None
    met: set[int] = attrs.field(factory=set)

    def note(self, told: Told, over: list[Told]) -> None:
        """Note the next fact; leavings of version 1, told after it, go *over* it."""
        event = told.event
        gone = {s for each in over for s in _as_told(each.event)}
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
                        self._go_on(segment, attrs.evolve(current, begins=on, province=province))
                done = bool(there)
            case ParticipantTransferred(segment=segment, on=on):
                done = self._on(segment, on) and segment not in gone
                if done:
                    self._hand_over(event)
            case _:
                assert_never(event)
        if done:
            self.met.add(told.version)

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
            stays[-1] = attrs.evolve(stays[-1], ends=event.on)
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
        stays[-1:] = [attrs.evolve(stays[-1], ends=otherwise.begins), otherwise]

    def _hand_over(self, event: ParticipantTransferred) -> None:
        current, on = self._open(event.segment), event.on
        to = event.agent, event.branch
        if current is not None and (current.agent, current.branch) != to:
            stay = Stay(on, None, current.province, *to, on)
            self._go_on(event.segment, stay)


def _months(stay: Stay) -> Months:
    first, last = Month.of(stay.begins).index, FOREVER
    if stay.ends is not None:
        last = Month.of(stay.ends).index - 1
    return Months([(first, last)]) if first <= last else Months()


def _is_death(event: Membership) -> bool:
    return isinstance(event, ParticipantLeft) and event.reason is LeavingReason.DEATH


def _as_told(event: Membership) -> tuple[Segment, ...]:
    return event.as_told or () if isinstance(event, ParticipantLeft) else ()
