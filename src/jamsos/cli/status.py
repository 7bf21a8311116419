"""`jamsos status`: whether a store can be reached, what it holds, and how far its tallies are."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from time import perf_counter
from typing import Any, Final

from jamsos.errors import InputError, StoreError
from jamsos.store import history_file
from jamsos.store.event_store import EventStore
from jamsos.store.place import shown_place

from .command import Command
from .exit_codes import FINE
from .options import place
from .writing import tell


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("store", type=place, metavar="STORE")


def _run(asked: argparse.Namespace) -> int:
    if not history_file.is_store(asked.store):
        msg = f"{shown_place(asked.store)} is a history file: only a store has a status"
        raise InputError(msg)
    begun = perf_counter()
    with EventStore(asked.store, read_only=True) as store:
        last = store.last_position()
        newest = next(store.history(after=last - 1, upto=last), None) if last else None
        answer: dict[str, Any] = {
            "store": store.place,
            "identity": store.identity,
            "layout": store.layout,
            "last_position": last,
            "recorded_at": None if newest is None else newest.recorded_at.isoformat(),
            "tallies": _tallies(store, last),
            "seconds": round(perf_counter() - begun, 4),
        }
    if asked.json:
        print(json.dumps(answer))
        return FINE
    for line in _text(answer):
        tell(line)
    return FINE


def _tallies(store: EventStore, last: int) -> list[dict[str, Any]] | None:
    """Return how many events each tally has still to add; None if none can be read."""
    try:
        marks = store.tallies.marks()
    except StoreError:  # it keeps none, or the role may not read them
        return None
    return [
        {"name": m.name, "version": m.version, "position": m.position, "lag": last - m.position}
        for m in marks
        if m.live
    ]


def _text(answer: dict[str, Any]) -> Iterator[str]:
    yield f"{answer['store']} can be read, in {answer['seconds']:.4f} s"
    yield f"  identity  {answer['identity'] or 'none: it is older than identities'}"
    yield f"  layout    {'unknown' if answer['layout'] is None else answer['layout']}"
    newest = f", the newest recorded at {answer['recorded_at']}" if answer["recorded_at"] else ""
    yield f"  events    {answer['last_position']:,}{newest}"
    if answer["tallies"] is None:
        yield "  tallies   none that can be read"
    elif not answer["tallies"]:
        yield "  tallies   none yet"
    for tally in answer["tallies"] or ():
        behind = f"lags by {tally['lag']:,}" if tally["lag"] else "up to date"
        yield f"  tally     {tally['name']}, version {tally['version']}: {behind}"


COMMAND: Final = Command(
    run=_run,
    arguments=_arguments,
    example="jamsos status perisai.db",
)
