"""`jamsos replay`: whether a history agrees with itself."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import attrs

from jamsos.audit.replay import Replay, replay
from jamsos.audit.snapshots import SnapshotsCompared
from jamsos.domain.history import known_at
from jamsos.store import history_file
from jamsos.store.event_store import EventStore

from .command import Command
from .exit_codes import FINDINGS, FINE
from .options import add_known_at, place
from .writing import tell

FINDINGS_SHOWN: Final = 100
"""So many findings are told, if no other number is asked for; their number is that of all."""
_DIGITS: Final = 19
SHOWN: Final = 50
"""So many exceptions are printed: events that stand though the facts known now do not bear them."""


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("store", type=place, metavar="STORE")
    add_known_at(parser, "--to", "go no further than")
    parser.add_argument(
        "--findings",
        type=_number,
        default=FINDINGS_SHOWN,
        metavar="N",
        help="tell so many findings at the most (default: %(default)s); all are counted",
    )


@contextmanager
def _snapshots(place: str) -> Iterator[SnapshotsCompared | None]:
    """Give the snapshots of the store at *place*; None if that is a history file."""
    if not history_file.is_store(place):
        yield None
        return
    with EventStore(place, create=False, read_only=True) as store:
        yield SnapshotsCompared(store)


def _replayed(asked: argparse.Namespace) -> Replay:
    """Replay the history that was asked for, and compare the snapshots of it if it has any."""
    whole = asked.to is None
    with _snapshots(asked.store) as compared:
        history = history_file.read(asked.store)
        if compared is None:
            return replay(known_at(history, asked.to), whole=whole)
        done = replay(known_at(compared.watch(history), asked.to), whole=whole)
        wrong = compared.at_the_end() if whole else compared.findings
        return attrs.evolve(done, findings=(*done.findings, *wrong))


def _run(asked: argparse.Namespace) -> int:
    """Replay the history that was asked for, and print what was compared and found."""
    done = _replayed(asked)
    told = done.findings[: asked.findings]
    code = FINE if _compared(done) and not done.findings else FINDINGS
    if asked.json:
        answer = {
            "events": done.events,
            "streams": done.streams,
            "definitions": done.definitions,
            "programmes": done.programmes,
            "first": None if done.first is None else str(done.first),
            "last": None if done.last is None else str(done.last),
            "compared": done.compared,
            "findings": [{"position": f.position, "what": f.what} for f in told],
            "findings_in_all": len(done.findings),
            "exceptions": [
                {"stream": e.stream, "version": e.version, "why": e.why, "what": e.what}
                for e in done.exceptions
            ],
            "clock_ran_back": done.clock_ran_back,
        }
        print(json.dumps(answer))
        return code
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
    for finding in told:
        place = "" if finding.position is None else f"position {finding.position}: "
        tell(f"FINDING  {place}{finding.what}")
    for each in done.exceptions[:SHOWN]:
        tell(f"EXCEPTION  {each.stream}, version {each.version}: {each.what}")
    if len(done.exceptions) > SHOWN:
        print(f"{len(done.exceptions):,} exceptions; --json lists all of them")
    if len(done.findings) > len(told):
        print(f"{len(told):,} of them are told; --findings tells another number")
    print(_outcome(done))
    return code


def _compared(done: Replay) -> bool:
    """Return whether there was a count or a seat that could be compared with anything."""
    return done.compared > 0 or "quota" in done.streams


def _outcome(done: Replay) -> str:
    if done.findings:
        return f"{len(done.findings):,} findings"
    if _compared(done):
        return "all agree"
    missing = "with a payment or a seat" if done.events else "at all"
    return f"nothing was compared: there is no event {missing}"


def _number(text: str) -> int:
    """Return the number that *text* is, 0 or more."""
    if text.isascii() and text.isdigit() and len(text) < _DIGITS:
        return int(text)
    msg = f"{text!r} is no number of findings: give one such as 100"
    raise argparse.ArgumentTypeError(msg)


COMMAND: Final = Command(
    run=_run,
    arguments=_arguments,
    example="jamsos replay perisai.jsonl --to 1000",
)
