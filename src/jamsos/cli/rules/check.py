"""`jamsos rules check`: what is wrong in a rule file, or in the files of a folder."""

from __future__ import annotations

import argparse
import json
from typing import Final

from jamsos.cli.command import Command
from jamsos.cli.exit_codes import FINDINGS, FINE
from jamsos.cli.writing import tell
from jamsos.rulebook import faults


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE")


def _run(asked: argparse.Namespace) -> int:
    """Print what is wrong in a rule file, or in the files of a folder."""
    number, found = faults(asked.file)
    if asked.json:
        print(json.dumps({"files": number, "faults": found}))
        return FINDINGS if found else FINE
    for fault in found:
        tell(f"FAULT  {fault}")
    print(f"rule files: {number:,}; with a fault: {len(found):,}")
    return FINDINGS if found else FINE


COMMAND: Final = Command(
    run=_run,
    arguments=_arguments,
    example="jamsos rules check my-rules",
)
