"""`jamsos migrate`: the tables of jamsos, made in a PostgreSQL database."""

from __future__ import annotations

import argparse
import json
from typing import Final

from jamsos.store.event_store import migrate

from .command import Command
from .exit_codes import FINE


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("url", metavar="URL", help="its address: postgresql://...")


def _run(asked: argparse.Namespace) -> int:
    version = migrate(asked.url)
    if asked.json:
        print(json.dumps({"version": version}))
    else:
        print(f"the tables of jamsos are there, in version {version}")
    return FINE


COMMAND: Final = Command(
    run=_run,
    arguments=_arguments,
    example="jamsos migrate postgresql://jamsos@localhost/jamsos",
)
