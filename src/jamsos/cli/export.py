"""`jamsos export`: a store, written as a history file."""

from __future__ import annotations

import argparse
from typing import Final

from jamsos.errors import InputError
from jamsos.store import history_file
from jamsos.store.event_store import EventStore
from jamsos.store.place import shown_place

from .command import Command
from .exit_codes import FINE
from .options import place
from .writing import write_lines


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("store", type=place, metavar="STORE")


def _run(asked: argparse.Namespace) -> int:
    if not history_file.is_store(asked.store):
        msg = f"{shown_place(asked.store)} is a history file already: there is nothing to export"
        raise InputError(msg)
    with EventStore(asked.store, read_only=True) as store:
        write_lines(history_file.lines(store))
    return FINE


COMMAND: Final = Command(
    run=_run,
    arguments=_arguments,
    example="jamsos export perisai.db > perisai.jsonl",
)
