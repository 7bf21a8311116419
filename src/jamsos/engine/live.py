"""Tallies kept up to the newest event: caught up on demand, and made again beside the live one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final, TypeAlias

import attrs

from jamsos.domain.active import Definition
from jamsos.domain.aggregate import Event
from jamsos.domain.calendar import FOREVER, Month
from jamsos.domain.fixed import fixed
from jamsos.domain.history import Recorded, in_positions
from jamsos.domain.tally import Cell, Numbers, Tally, checked
from jamsos.errors import CorruptHistoryError, InputError
from jamsos.formulas.active import DEFINITIONS
from jamsos.projections.active_participants import places_of
from jamsos.projections.count import Count
from jamsos.projections.tallies import ACQUISITIONS, SEATS, active, headings, parts
from jamsos.store.event_store import PAGE, EventStore
from jamsos.store.tallies import Difference, Mark, Reading

ACTIVE: Final = active("active", DEFINITIONS.values())
"""The active participants under each of the four definitions, by segment and province."""

ACTIVE_BY_AGENT: Final = active("active-by-agent", DEFINITIONS.values(), by_agent=True)
"""The same by agent too: many numbers, and so kept only if somebody asks for them."""

USUAL: Final = (ACTIVE, SEATS, ACQUISITIONS)
"""The tallies that are kept up if nothing else is asked for."""

SHIPPED: Final = (*USUAL, ACTIVE_BY_AGENT)


def _fixed(numbers: Mapping[Cell, int]) -> Mapping[Cell, int]:
    return fixed(numbers)


@attrs.frozen
class Sums:
    """Numbers of a tally by cell, as known at a position. Only what is not 0 is there."""

    known_at: int
    numbers: Mapping[Cell, int] = attrs.field(converter=_fixed)

    def __reduce__(self) -> tuple[object, ...]:
        """Return what it is made of again, in another process too."""
        return Sums, (self.known_at, dict(self.numbers))


@attrs.frozen
class Rebuilt:
    """
    The outcome of a rebuild of a tally: where it differed from the one before it, as both stood.

    *made* says that it was not kept before, and so there was nothing to compare.
    """

    name: str
    known_at: int
    made: bool
    differences: tuple[Difference, ...]


Wanted: TypeAlias = Mapping[tuple[str, int], Tally]
"""Tallies by name and version."""

Progress: TypeAlias = Callable[[int, int], object]
"""Is told the position that is reached, and the last one."""


def _unseen(_reached: int, _last: int) -> None:
    """Show nobody how far it has come."""


class Live:
    """
    The tallies beside one history.

    A tally is caught up a page at a time: its numbers and the position that they are summed
    up to are written in one transaction, if it still stands at the position from which
    the page was read. So a reading may break off anywhere and go on later, and of several
    who catch up at once each event is added by one.
    """

    def __init__(self, store: EventStore, *, page: int = PAGE) -> None:
        self._store = store
        self._page_size = page

    def catch_up(self, tallies: Iterable[Tally]) -> int:
        """
        Take each of *tallies* on to the event that is the newest now; return its position.

        One that is not kept yet begins at the first event. Raises `CorruptHistoryError` at an
        event that is missing or cannot be read: then what comes before its page is added, and
        nothing of the page.
        """
        wanted = _by_name(tallies)
        last = self._store.last_position()
        while self._advance(wanted, last, live=True):
            pass
        return last

    def sums(
        self, tally: Tally, names: tuple[str, ...], first: Month | None, last: Month | None
    ) -> Sums:
        """Return the numbers of *tally*, caught up, under all of the headings *names* together."""
        reading, needed = self._reading(tally, names, first, last), None
        while reading is None or reading.position < (needed or reading.last):
            needed = self.catch_up([tally])
            reading = self._reading(tally, names, first, last)
        if reading.position > reading.last:
            raise _ahead(self._store.place, tally.name, reading.position, reading.last)
        for cell, number in reading.numbers.items():
            if type(number) is not int:
                msg = (
                    f"the tally {tally.name!r}, version {tally.version}, holds {number!r} at"
                    f" {cell}: whole numbers alone can be added up; keep it under another version"
                )
                raise InputError(msg)
        return Sums(reading.position, reading.numbers)

    def count(
        self, month: Month, definition: Definition, *, by: tuple[str, ...], programme: str
    ) -> Count:
        """Return the same as `jamsos.projections.count.count` of the whole history."""
        places = places_of(by)
        tally = tally_of(definition, by_agent="agent" in by)
        names = headings(definition, programme, total=not by)
        found = self.sums(tally, names, None, month)
        numbers = parts(found.numbers, places)
        total = sum(numbers.values())
        return Count(definition, programme, month, found.known_at, total, by, numbers)

    def rebuild(
        self,
        tallies: Iterable[Tally],
        *,
        compare_only: bool = False,
        progress: Progress = _unseen,
    ) -> list[Rebuilt]:
        """
        Make each of *tallies* again from the first event, compare, and let the new one answer.

        Until then the live one goes on answering. If a rebuild broke off, this one goes on.
        One that was not kept yet is made, and there is nothing to compare; older versions are
        dropped. With *compare_only* nothing is made nor dropped, and only those are compared
        that are kept. Raises `CorruptHistoryError` if events were removed.
        """
        wanted = _by_name(tallies)
        known = self._marks(wanted, live=True)
        kept = {key: tally for key, tally in wanted.items() if key in known}
        new = {key: tally for key, tally in wanted.items() if key not in known}
        if compare_only:
            new = {}
        last = self._store.last_position()
        for which, live in ((new, True), (kept, False)):
            while self._advance(which, last, live=live, progress=progress):
                pass
        rebuilt = [self._replace(tally, compare_only=compare_only) for tally in kept.values()]
        if not compare_only:
            for mark in self._store.tallies.marks():
                if any(mark.name == name and mark.version < version for name, version in wanted):
                    self._store.tallies.drop(mark.generation)
        self._store.tallies.sweep()
        return rebuilt + [Rebuilt(t.name, last, made=True, differences=()) for t in new.values()]

    def _replace(self, tally: Tally, *, compare_only: bool) -> Rebuilt:
        """Compare the new generation of *tally* with the live one, and let it answer."""
        wanted, tallies = _by_name([tally]), self._store.tallies
        [key] = wanted
        while True:
            live, rebuilt = (self._marks(wanted, live=which).get(key) for which in (True, False))
            last = self._store.last_position()
            if live is not None and live.position > last:
                raise _ahead(self._store.place, tally.name, live.position, last)
            for which in (False, True):
                while self._advance(wanted, last, live=which):
                    pass
            if live is None or rebuilt is None:
                continue
            found = tallies.compare(live.generation, rebuilt.generation)
            if found is None:
                continue
            if compare_only:
                tallies.drop(rebuilt.generation)
            elif not tallies.switch(live.generation, rebuilt.generation):
                continue
            return Rebuilt(tally.name, found.position, made=False, differences=found.differences)

    def _reading(
        self, tally: Tally, names: tuple[str, ...], first: Month | None, last: Month | None
    ) -> Reading | None:
        begin, end = 0 if first is None else first.index, FOREVER if last is None else last.index
        return self._store.tallies.read(tally.name, tally.version, names, begin, end)

    def _marks(self, wanted: Wanted, *, live: bool) -> dict[tuple[str, int], Mark]:
        return {
            (mark.name, mark.version): mark
            for mark in self._store.tallies.marks()
            if mark.live is live and (mark.name, mark.version) in wanted
        }

    def _advance(
        self,
        wanted: Wanted,
        upto: int,
        *,
        live: bool,
        progress: Progress = _unseen,
    ) -> bool:
        """Take those of *wanted* that are furthest behind on by a page; return whether any was."""
        marks = self._marks(wanted, live=live)
        if missing := wanted.keys() - marks.keys():
            self._begin({key: wanted[key] for key in missing}, upto, live=live, progress=progress)
            return True
        behind = [mark for mark in marks.values() if mark.position < upto]
        if not behind:
            return False
        start = min(mark.position for mark in behind)
        others = (mark.position for mark in behind if mark.position > start)
        stop = min(start + self._page_size, upto, *others)
        page = self._page(start, stop)
        sums = {
            mark.generation: checked(wanted[mark.name, mark.version], page)
            for mark in behind
            if mark.position == start
        }
        self._add(sums, start, stop, (mark.name for mark in behind if mark.generation in sums))
        progress(stop, upto)
        return True

    def _begin(self, wanted: Wanted, upto: int, *, live: bool, progress: Progress) -> None:
        """Begin *wanted* with their first page: one that gives no whole numbers is never kept."""
        stop = min(self._page_size, upto)
        page = self._page(0, stop)
        first = {key: checked(wanted[key], page) for key in sorted(wanted)}
        for name, version in first:
            self._store.tallies.begin(name, version, live=live)
        if stop:
            marks = self._marks(wanted, live=live)
            sums = {mark.generation: first[key] for key, mark in marks.items()}
            self._add(sums, 0, stop, (name for name, _ in first))
            progress(stop, upto)

    def _add(
        self, sums: Mapping[int, Numbers], after: int, upto: int, names: Iterable[str]
    ) -> None:
        try:
            self._store.tallies.add(sums, after=after, upto=upto)
        except InputError as error:
            msg = f"the tally {', '.join(map(repr, names))}: {error}"
            raise InputError(msg) from error

    def _page(self, start: int, stop: int) -> list[Recorded[Event]]:
        """Return the events that follow *start*, up to *stop*: every one of them."""
        page = list(in_positions(self._store.history(after=start, upto=stop), after=start))
        if len(page) < stop - start:
            missing = start + len(page) + 1
            msg = f"position {missing} of {self._store.place} is missing; nothing after it is added"
            raise CorruptHistoryError(msg, position=missing)
        return page


def _by_name(tallies: Iterable[Tally]) -> Wanted:
    return {(tally.name, tally.version): tally for tally in tallies}


def own(tallies: Iterable[Tally]) -> tuple[Tally, ...]:
    """
    Return *tallies*, if none of them would be summed up in the numbers of another.

    Raises `InputError` for one that has the name and the version of one that ships, or of another
    that is given, and is not the same; and for what is no tally.
    """
    given = tuple(tallies)
    for tally in given:
        if not isinstance(tally, Tally):
            msg = f"{tally!r} is not a tally: give a Tally, with a name, a version and its sums"
            raise InputError(msg)
        for others, whose in ((SHIPPED, "one that ships"), (given, "another that is asked for")):
            if any(_taken(tally, other) for other in others):
                msg = (
                    f"the tally {tally.name!r}, version {tally.version}, has the name and the"
                    f" version of {whose}: give it a name of its own"
                )
                raise InputError(msg)
    return given


def _taken(tally: Tally, other: Tally) -> bool:
    same = tally.name == other.name and tally.version == other.version
    return same and tally != other


def _ahead(place: str, name: str, position: int, last: int) -> CorruptHistoryError:
    msg = (
        f"the tally {name} stands at position {position}, and the history in {place} ends at"
        f" {last}: events were removed"
    )
    return CorruptHistoryError(msg, position=position)


def tally_of(definition: Definition, *, by_agent: bool) -> Tally:
    """Return the tally in which a count under *definition* is kept."""
    if definition in DEFINITIONS.values():
        return ACTIVE_BY_AGENT if by_agent else ACTIVE
    name = f"active{'-by-agent' if by_agent else ''}/{definition.name}"
    return active(name, [definition], by_agent=by_agent)
