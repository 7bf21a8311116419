"""`jamsos explain`: why something was recorded, told again from the history alone."""

from __future__ import annotations

import argparse
import json
from typing import Final

from jamsos.audit.explain import Account, explain
from jamsos.domain.aggregate import kind
from jamsos.errors import InputError
from jamsos.store import history_file
from jamsos.store.place import shown_place

from .command import Command
from .exit_codes import FINDINGS, FINE, USAGE
from .explained import told
from .options import add_language, place
from .said import said, told_who
from .story import sentence
from .writing import complain, tell


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("store", type=place, metavar="STORE")
    parser.add_argument(
        "stream", metavar="STREAM[@VERSION]", help="a whole stream, or one event of it"
    )
    add_language(parser)


def _run(asked: argparse.Namespace) -> int:
    """Print each event of the stream that was asked for, with the steps that led to it."""
    stream, version = _place(asked.stream)
    kind(stream)
    accounts = list(explain(history_file.read(asked.store), stream, version))
    if not accounts:
        complain(f"nothing is recorded of {asked.stream} in {shown_place(asked.store)}")
        return USAGE
    if asked.json:
        print(json.dumps({"stream": stream, "events": [_built(a, asked.lang) for a in accounts]}))
    else:
        tell(stream)
        for account in accounts:
            _print(account, asked.lang)
    return FINE if all(account.agrees for account in accounts) else FINDINGS


def _print(account: Account, language: str) -> None:
    recorded = account.recorded
    place = ", ".join((f"version {recorded.version}", *told_who(recorded)))
    tell(f"{recorded.event.on}  {sentence(recorded.event)}  [{place}]")
    for line in account.explained.explain(language).split("\n"):
        tell(f"    {line}")
    if not account.agrees:
        print("FINDING  decided again on what was known then, it comes out otherwise")


def _built(account: Account, language: str) -> dict[str, object]:
    return {
        "position": account.recorded.position,
        "version": account.recorded.version,
        "on": str(account.recorded.event.on),
        "story": sentence(account.recorded.event),
        **said(account.recorded),
        "agrees": account.agrees,
        **told(account.explained, language),
    }


def _place(asked: str) -> tuple[str, int | None]:
    stream, at, version = asked.partition("@")
    if not at:
        return stream, None
    if not version.isascii() or not version.isdigit():
        msg = f"{asked!r} names no version: write it as {stream}@3"
        raise InputError(msg)
    return stream, int(version)


COMMAND: Final = Command(
    run=_run,
    arguments=_arguments,
    example="jamsos explain perisai.db programme-perisai@2",
)
