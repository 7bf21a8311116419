"""`jamsos replay`: whether a history agrees with itself."""

from __future__ import annotations

import argparse
import json
from typing import Final

from jamsos.audit.replay import replay
from jamsos.domain.history import known_at
from jamsos.store import history_file

from .command import Command
from .exit_codes import FINDINGS, FINE
from .options import add_known_at, place
from .writing import tell

SHOWN: Final = 50
"""So many exceptions are printed: events that stand though the facts known now do not bear them."""


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("store", type=place, metavar="STORE")
    add_known_at(parser, "--to", "go no further than")


def _run(asked: argparse.Namespace) -> int:
    """Replay the history that was asked for, and print what was compared and found."""
    done = replay(known_at(history_file.read(asked.store), asked.to), whole=asked.to is None)
    findings = [{"position": f.position, "what": f.what} for f in done.findings]
    if asked.json:
        answer = {
            "events": done.events,
            "streams": done.streams,
            "definitions": done.definitions,
            "programmes": done.programmes,
            "first": None if done.first is None else str(done.first),
            "last": None if done.last is None else str(done.last),
            "compared": done.compared,
            "findings": findings,
            "exceptions": [
                {"stream": e.stream, "version": e.version, "why": e.why, "what": e.what}
                for e in done.exceptions
            ],
            "clock_ran_back": done.clock_ran_back,
        }
        print(json.dumps(answer))
        return FINDINGS if findings else FINE
    streams = ", ".join(f"{number:,} {what}" for what, number in sorted(done.streams.items()))
    print(f"{done.events:,} events replayed; streams: {streams or 'none'}")
    if done.first is not None:
        print(
            f"{done.compared:,} counts compared with a recount person by person: {done.first} to"
            f" {done.last}, {', '.join(done.definitions)}, by {', '.join(done.programmes)}"
        )
    if back := done.clock_ran_back:
        places = ", ".join(map(str, back[:5])) + (", ..." if len(back) > len(back[:5]) else "")
        print(
            f"NOTE     the clock of recording ran back at {len(back):,} positions ({places}); the"
            f" order is that of positions"
        )
    for finding in done.findings:
        place = "" if finding.position is None else f"position {finding.position}: "
        tell(f"FINDING  {place}{finding.what}")
    for each in done.exceptions[:SHOWN]:
        tell(f"EXCEPTION  {each.stream}, version {each.version}: {each.what}")
    if len(done.exceptions) > SHOWN:
        print(f"{len(done.exceptions):,} exceptions; --json lists all of them")
    print(f"{len(findings):,} findings" if findings else "all agree")
    return FINDINGS if findings else FINE


COMMAND: Final = Command(
    run=_run,
    arguments=_arguments,
    example="jamsos replay perisai.jsonl --to 1000",
)
