"""`jamsos backup`: a copy of a store that may be open, and be written to."""

from __future__ import annotations

import argparse
import json
from typing import Final

from jamsos.store.backup import backup

from .command import Command
from .exit_codes import FINE


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("store", metavar="STORE", help="a store in a file; it may be in use")
    parser.add_argument("new", metavar="NEW", help="the file that is to be made")


def _run(asked: argparse.Namespace) -> int:
    number = backup(asked.store, asked.new)
    if asked.json:
        print(json.dumps({"store": asked.store, "backup": asked.new, "events": number}))
    else:
        print(f"{number:,} events of {asked.store} backed up to {asked.new}")
    return FINE


COMMAND: Final = Command(
    run=_run,
    arguments=_arguments,
    example="jamsos backup perisai.db perisai-2018-02-28.db",
)
