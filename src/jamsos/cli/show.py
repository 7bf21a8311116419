"""`jamsos show`: the life of one stream, each event as a sentence."""

from __future__ import annotations

import argparse
import json
from typing import Final

from jamsos.domain.aggregate import kind
from jamsos.store import history_file
from jamsos.store.place import shown_place

from .command import Command
from .exit_codes import FINE, USAGE
from .options import place
from .said import said, told_who
from .story import sentence
from .writing import complain, tell


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("store", type=place, metavar="STORE")
    parser.add_argument("stream", metavar="STREAM", help="such as agent-..., programme-perisai")


def _run(asked: argparse.Namespace) -> int:
    """Print the story of the stream that was asked for."""
    kind(asked.stream)
    told = [r for r in history_file.read(asked.store) if r.stream == asked.stream]
    if not told:
        complain(f"nothing is recorded of {asked.stream} in {shown_place(asked.store)}")
        return USAGE
    if asked.json:
        lines = [
            {
                "position": r.position,
                "version": r.version,
                "on": r.event.on.isoformat(),
                "story": sentence(r.event),
                **said(r),
            }
            for r in told
        ]
        print(json.dumps({"stream": asked.stream, "events": lines}))
        return FINE
    tell(asked.stream)
    for r in told:
        place = ", ".join((f"position {r.position:,}", *told_who(r)))
        tell(f"  {r.event.on}  {sentence(r.event)}  [{place}]")
    return FINE


COMMAND: Final = Command(
    run=_run,
    arguments=_arguments,
    example="jamsos show perisai.db programme-perisai",
)
