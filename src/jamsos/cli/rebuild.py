"""`jamsos rebuild`: live counts made again from the history, compared, and put in place."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from jamsos.domain.calendar import Month
from jamsos.domain.tally import Tally
from jamsos.engine.live import SHIPPED, USUAL, Live, Progress, Rebuilt
from jamsos.errors import InputError
from jamsos.store import history_file
from jamsos.store.event_store import EventStore
from jamsos.store.place import shown_place
from jamsos.store.tallies import Difference

from .command import Command
from .exit_codes import FINDINGS, FINE
from .options import place
from .progress import progress_bar
from .writing import tell

_FEW: Final = 20
"""Differences that are printed; with ``--json`` all of them are."""


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("store", type=place, metavar="STORE", help="a database; no history file")
    parser.add_argument(
        "name", metavar="NAME", nargs="?", help="active, seats, ...: one of those that ship"
    )
    parser.add_argument(
        "--compare-only", action="store_true", help="only say what differs: the live ones stay"
    )


def _run(asked: argparse.Namespace) -> int:
    """Make again the tallies that were asked for, and print what differed."""
    if not history_file.is_store(asked.store):
        where = shown_place(asked.store)
        msg = f"{where} is a history file: nothing is kept beside it; import it first"
        raise InputError(msg)
    EventStore(asked.store, read_only=True).close()  # a file that is not a store is not made one
    with EventStore(asked.store) as store:
        kept = {mark.name for mark in store.tallies.marks()}
        tallies = _tallies(asked.name, kept)
        unknown = sorted(kept - {tally.name for tally in SHIPPED}) if asked.name is None else []
        with _progress(store.last_position()) as progress:
            done = Live(store).rebuild(tallies, compare_only=asked.compare_only, progress=progress)
    differ = any(each.differences for each in done)
    if asked.json:
        answer = {
            "replaced": not asked.compare_only,
            "tallies": [_told(each) for each in done],
            "not known here": unknown,
        }
        print(json.dumps(answer))
    else:
        if not done:
            where = shown_place(asked.store)
            tell(f"nothing is kept in {where}, and so there is nothing to compare")
        for each in done:
            for line in _lines(each, replaced=not asked.compare_only):
                tell(line)
        for name in unknown:
            tell(f"{name}: no tally of this name ships; rebuild it with registry.rebuild(...)")
    return FINDINGS if differ else FINE


def _tallies(name: str | None, kept: set[str]) -> tuple[Tally, ...]:
    """Return the tally called *name*; for None those that ship, if they are usual or *kept*."""
    if name is None:
        return tuple(tally for tally in SHIPPED if tally in USUAL or tally.name in kept)
    found = tuple(tally for tally in SHIPPED if tally.name == name)
    if not found:
        known = ", ".join(tally.name for tally in SHIPPED)
        msg = f"there is no tally {name!r}: rebuild {known}"
        raise InputError(msg)
    return found


def _told(each: Rebuilt) -> dict[str, Any]:
    return {
        "name": each.name,
        "known_at": each.known_at,
        "made": each.made,
        "differences": [
            {
                "heading": d.heading,
                "cell": d.cell,
                "month": _month(d),
                "live": d.live,
                "rebuilt": d.rebuilt,
            }
            for d in each.differences
        ],
    }


def _lines(each: Rebuilt, *, replaced: bool) -> Iterator[str]:
    place = f"position {each.known_at:,}"
    if each.made:
        yield f"{each.name}: made, up to {place}; it was not kept before"
        return
    number = len(each.differences)
    found = {0: "no difference", 1: "1 difference"}.get(number, f"{number:,} differences")
    answers = "the new one answers now" if replaced else "the live one stays"
    yield f"{each.name}: rebuilt up to {place}, {found}; {answers}"
    for d in each.differences[:_FEW]:
        where = ", ".join([d.heading, *filter(None, [_month(d)]), *(c or "none" for c in d.cell)])
        yield f"FINDING  {where}: {d.live:,} live, {d.rebuilt:,} from the history"
    if number > _FEW:
        yield f"         and {number - _FEW:,} more, which --json lists"


def _month(difference: Difference) -> str | None:
    return str(Month.at(difference.month)) if difference.month else None


@contextmanager
def _progress(total: int) -> Iterator[Progress]:
    with progress_bar(total, " events") as advance:
        at = 0

        def show(reached: int, _last: int) -> None:
            nonlocal at
            advance(reached - at)
            at = reached

        yield show


COMMAND: Final = Command(
    run=_run,
    arguments=_arguments,
    example="jamsos rebuild perisai.db active --compare-only",
)
