"""`jamsos schema`: the JSON Schema of every event."""

from __future__ import annotations

import argparse
import json
from typing import Final

from jamsos.store.schema import schema

from .command import Command
from .exit_codes import FINE


def _run(_: argparse.Namespace) -> int:
    print(json.dumps(schema(), indent=2))
    return FINE


COMMAND: Final = Command(run=_run, example="jamsos schema")
