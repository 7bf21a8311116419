"""`jamsos import`: a store, made from a history file."""

from __future__ import annotations

import argparse
import json
from typing import Final

from jamsos.store import history_file
from jamsos.store.place import shown_place

from .command import Command
from .exit_codes import FINE


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="a history file; - is the standard input")
    parser.add_argument(
        "--store",
        required=True,
        metavar="NEW",
        help="the store that is to be made, or an empty database",
    )


def _run(asked: argparse.Namespace) -> int:
    number = history_file.load(asked.file, asked.store)
    place = shown_place(asked.store)
    if asked.json:
        print(json.dumps({"store": place, "events": number}))
    else:
        print(f"{number:,} events imported into {place}")
    return FINE


COMMAND: Final = Command(
    run=_run,
    arguments=_arguments,
    example="jamsos import perisai.jsonl --store perisai.db",
)
