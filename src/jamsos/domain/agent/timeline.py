"""The facts about an agent's stages in order of their days, and what they make up to each."""

from __future__ import annotations

from bisect import bisect, bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import chain
from typing import Final, TypeAlias, overload

import attrs

from .events import (
    AgentDeactivated,
    AgentReactivated,
    AgentRecruited,
    AgentReseated,
    AgentStageEvent,
)
from .seats import Held
from .stages import LEADS_TO, NEEDS, SEATED, AgentStatus, Stage

MOST: Final = 256
"""So many facts stand in one chapter: what follows a fact is judged anew chapter by chapter."""

Place: TypeAlias = tuple[date, int]
"""A fact's place among the others: by day, and on one day by its rank."""


@attrs.frozen
class Stand:
    """Where an agent stands after some of the facts, in order of their days."""

    status: AgentStatus = AgentStatus.UNKNOWN
    recruited: AgentRecruited | None = None
    """The recruitment, once it has an effect."""
    seat: Held | None = None
    """The seat that is held, without an end so far."""
    active_since: date | None = None
    """Since when the account may act, without an end so far."""
    last_active_since: date | None = None
    """When the account was last made active."""
    active_until: date | None = None
    """The day on which the account last ceased to act."""
    deactivated_on: date | None = None
    """When the account was last deactivated."""


BEGINNING: Final = Stand()
"""Where an agent stands of whom nothing was told."""


@attrs.frozen
class Told:
    """Facts that follow each other, judged by what stands before them, and what ended in them."""

    stages: tuple[Stage, ...]
    ends: Stand
    seats: tuple[Held, ...]
    """The seats that were given back."""
    active: tuple[tuple[date, date], ...]
    """The days from which, and up to which, the account could act."""


class Chapter:
    """
    Some facts that follow each other: their number and places, and where they lead.

    *begins* is where the agent stands before them, and *ends* after them; *versions* are the
    least and the greatest version of a fact in it. The facts themselves are found when they are
    asked for: a history may be long, and most of it is long past.
    """

    __slots__ = (
        "_find",
        "_told",
        "begins",
        "ends",
        "first",
        "last",
        "number",
        "versions",
        "written",
    )

    def __init__(
        self,
        find: Callable[[], Iterable[Stage]],
        *,
        begins: Stand,
        ends: Stand,
        first: Place,
        last: Place,
        number: int,
        versions: tuple[int, int],
    ) -> None:
        self._find = find
        self._told: Told | None = None
        self.begins = begins
        self.ends = ends
        self.first = first
        self.last = last
        self.number = number
        self.versions = versions
        self.written: bytes | None = None
        """Its facts as a snapshot has them, once they were written down."""

    @classmethod
    def of(cls, told: Told, begins: Stand) -> Chapter:
        """Return the chapter of what was *told* after *begins*: at least one fact."""
        stages = told.stages
        versions = [stage.version for stage in stages]
        made = cls(
            lambda: stages,
            begins=begins,
            ends=told.ends,
            first=stages[0].place,
            last=stages[-1].place,
            number=len(stages),
            versions=(min(versions), max(versions)),
        )
        made._told = told
        return made

    @property
    def told(self) -> Told:
        """The facts of it."""
        if self._told is None:
            self._told = judged(self._find(), self.begins)
        return self._told

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The facts of it, each with its status."""
        return self.told.stages

    def upto(self, day: date) -> Stand:
        """Return where the agent stands at the end of *day*."""
        if self.last[0] <= day:
            return self.ends
        return judged((stage for stage in self.stages if stage.on <= day), self.begins).ends


@attrs.frozen
class Turn:
    """How the facts differ *before* a change and *after* it: only chapters that are not shared."""

    before: tuple[Chapter, ...]
    after: tuple[Chapter, ...]
    open_before: Held | None
    open_after: Held | None

    @property
    def stages(self) -> tuple[tuple[Stage, ...], tuple[Stage, ...]]:
        """The facts before it, and after it."""
        before, after = (
            tuple(chain.from_iterable(each.stages for each in chapters))
            for chapters in (self.before, self.after)
        )
        return before, after

    @property
    def seats(self) -> tuple[tuple[Held, ...], tuple[Held, ...]]:
        """The seats held before it, and after it."""
        return _seats(self.before, self.open_before), _seats(self.after, self.open_after)


class Timeline(Sequence[Stage]):
    """The facts told and not voided, in order of their days; also those that have no effect."""

    __slots__ = ("chapters",)

    def __init__(self, chapters: tuple[Chapter, ...] = ()) -> None:
        self.chapters = chapters

    @classmethod
    def of(cls, stages: Iterable[Stage]) -> Timeline:
        """Return the timeline of *stages*, which are in their places."""
        return stages if isinstance(stages, Timeline) else cls(tuple(_cut(stages, BEGINNING)))

    @property
    def ends(self) -> Stand:
        """Where the agent stands after all of it."""
        return self.chapters[-1].ends if self.chapters else BEGINNING

    @property
    def seats(self) -> tuple[Held, ...]:
        """The days on which a seat is held, in order."""
        return _seats(self.chapters, self.ends.seat)

    @property
    def active_days(self) -> tuple[tuple[date, date | None], ...]:
        """The days on which the account may act: from the first to the last, both included."""
        ended = tuple(chain.from_iterable(each.told.active for each in self.chapters))
        since = self.ends.active_since
        return ended if since is None else (*ended, (since, None))

    def upto(self, day: date) -> Stand:
        """Return where the agent stands at the end of *day*."""
        there = bisect(self.chapters, day, key=_first_day)
        return self.chapters[there - 1].upto(day) if there else BEGINNING

    def of_day(self, day: date) -> Iterator[Stage]:
        """Yield the facts of *day*."""
        chapters = self.chapters
        there = bisect_left(chapters, day, key=_last_day)
        while there < len(chapters) and chapters[there].first[0] <= day:
            yield from (stage for stage in chapters[there].stages if stage.on == day)
            there += 1

    def version(self, version: int) -> Stage | None:
        """Return the fact of *version*, or None."""
        found = self._find(version)
        return None if found is None else self.chapters[found[0]].stages[found[1]]

    def having(self, version: int, event: AgentStageEvent, *, rank: int) -> Timeline:
        """Return it with one more fact at its place: by day, and then by *rank*."""
        stage = Stage(version, event, None, rank)
        there = max(0, bisect(self.chapters, stage.place, key=_first) - 1)
        if not self.chapters:
            return Timeline.of((stage,))
        chapter = self.chapters[there]
        if chapter.last <= stage.place and chapter.number < MOST:
            more = judged((stage,), chapter.ends)
            told = Told(
                (*chapter.stages, *more.stages),
                more.ends,
                (*chapter.told.seats, *more.seats),
                (*chapter.told.active, *more.active),
            )
            return self._with(there, [Chapter.of(told, chapter.begins)])
        if chapter.last <= stage.place:
            more = judged((stage,), chapter.ends)
            return self._with(there, [chapter, Chapter.of(more, chapter.ends)])
        at = bisect(chapter.stages, stage.place, key=_place)
        stages = (*chapter.stages[:at], stage, *chapter.stages[at:])
        return self._with(there, _cut(stages, chapter.begins))

    def without(self, version: int) -> Timeline:
        """Return it as it is if the fact of *version* never was."""
        found = self._find(version)
        if found is None:
            return self
        there, at = found
        stages, begins = self.chapters[there].stages, self.chapters[there].begins
        return self._with(there, _cut((*stages[:at], *stages[at + 1 :]), begins))

    def turned(self, after: Timeline) -> Turn:
        """Return how *after* differs from it."""
        one, other, first, last = self.chapters, after.chapters, 0, 0
        least = min(len(one), len(other))
        while first < least and one[first] is other[first]:
            first += 1
        while last < least - first and one[-1 - last] is other[-1 - last]:
            last += 1
        seats = (None, None) if last else (self.ends.seat, after.ends.seat)
        return Turn(one[first : len(one) - last], other[first : len(other) - last], *seats)

    def _find(self, version: int) -> tuple[int, int] | None:
        for there in reversed(range(len(self.chapters))):  # most often it is a late one
            least, greatest = self.chapters[there].versions
            if least <= version <= greatest:
                for at, stage in enumerate(self.chapters[there].stages):
                    if stage.version == version:
                        return there, at
        return None

    def _with(self, there: int, instead: Iterable[Chapter]) -> Timeline:
        """Return it with other chapters *instead* of the one *there*; later ones follow them."""
        chapters = [*self.chapters[:there], *instead]
        stand = chapters[-1].ends if chapters else BEGINNING
        for place in range(there + 1, len(self.chapters)):
            later = self.chapters[place]
            if later.begins == stand:
                chapters += self.chapters[place:]
                break
            chapters.append(Chapter.of(judged(later.stages, stand), stand))
            stand = chapters[-1].ends
        return Timeline(tuple(chapters))

    def __iter__(self) -> Iterator[Stage]:
        return chain.from_iterable(each.stages for each in self.chapters)

    def __len__(self) -> int:
        return sum(each.number for each in self.chapters)

    @overload
    def __getitem__(self, place: int) -> Stage: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Stage, ...]: ...
    def __getitem__(self, place: int | slice) -> Stage | tuple[Stage, ...]:
        if place == -1 and self.chapters:
            return self.chapters[-1].stages[-1]
        return tuple(self)[place]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Timeline | tuple):
            return NotImplemented
        return tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return repr(tuple(self))


def judged(stages: Iterable[Stage], begins: Stand) -> Told:  # noqa: C901 - one pass, for speed
    """Return *stages*, each with the status to which it leads from where it finds the agent."""
    status, recruited, seat = begins.status, begins.recruited, begins.seat
    since, last_since, until = begins.active_since, begins.last_active_since, begins.active_until
    deactivated_on = begins.deactivated_on
    seats: list[Held] = []
    active: list[tuple[date, date]] = []
    told: list[Stage] = []
    for stage in stages:
        event = stage.event
        kind = type(event)
        leads = LEADS_TO.get(kind, status) if status in NEEDS[kind] else None
        if leads is not stage.status:
            stage = Stage(stage.version, event, leads, stage.rank)  # noqa: PLW2901 - the same fact
        told.append(stage)
        if leads is None:
            continue
        status, on = leads, event.on
        gone = status not in SEATED
        if isinstance(event, AgentReseated):
            gone = seat is not None and seat.region != event.region
        if seat is not None and gone:
            if seat.begins < on:
                seats.append(Held(seat.region, seat.begins, on))
            seat = None
        if isinstance(event, AgentRecruited | AgentReactivated) or (
            isinstance(event, AgentReseated) and gone
        ):
            seat = Held(event.region, on)
        if isinstance(event, AgentRecruited):
            recruited = recruited or event
        elif isinstance(event, AgentDeactivated):
            deactivated_on = on
        if status is AgentStatus.ACTIVE:
            if since is None:
                since = last_since = on
        elif since is not None:
            active.append((since, on))
            since, until = None, on
    ends = Stand(status, recruited, seat, since, last_since, until, deactivated_on)
    return Told(tuple(told), ends, tuple(seats), tuple(active))


def _cut(stages: Iterable[Stage], begins: Stand) -> Iterator[Chapter]:
    """Yield the chapters of *stages*, which follow *begins*."""
    there = tuple(stages)
    parts = -(-len(there) // MOST)
    each = -(-len(there) // parts) if parts else 1
    for first in range(0, len(there), each):
        chapter = Chapter.of(judged(there[first : first + each], begins), begins)
        yield chapter
        begins = chapter.ends


def _seats(chapters: Iterable[Chapter], still: Held | None) -> tuple[Held, ...]:
    ended = tuple(chain.from_iterable(each.told.seats for each in chapters))
    return ended if still is None else (*ended, still)


def _first(chapter: Chapter) -> Place:
    return chapter.first


def _first_day(chapter: Chapter) -> date:
    return chapter.first[0]


def _last_day(chapter: Chapter) -> date:
    return chapter.last[0]


def _place(stage: Stage) -> Place:
    return stage.place
