"""`jamsos rules list`: every rule, with its kind, its unit, its days and its status."""

from __future__ import annotations

import argparse
import json
from typing import Any, Final

from jamsos.cli.command import Command
from jamsos.cli.exit_codes import FINE
from jamsos.cli.options import add_rules
from jamsos.cli.writing import tell
from jamsos.domain.geography import NATIONAL
from jamsos.errors import NotFoundError

from .reading import files_of, name_of, text_of


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--programme", help="of this programme only")
    add_rules(parser)


def _run(asked: argparse.Namespace) -> int:
    """Print every rule, with its kind, its unit, and the days and the status of its values."""
    files = [f for f in files_of(asked) if asked.programme in {None, f.programme}]
    if not files:
        msg = f"there are no rules of a programme '{asked.programme}'"
        raise NotFoundError(msg)
    answer: list[dict[str, Any]] = [
        {
            "rule": name_of(file),
            "scope": file.scope,
            "means": file.means,
            "kind": file.values[0].kind,
            "unit": file.unit,
            "values": len(file.values),
            "first_day": str(file.values[0].in_force),
            "last_day": text_of(file.values[-1].until),
            "statuses": sorted({value.status for value in file.values}),
        }
        for file in files
    ]
    if asked.json:
        print(json.dumps({"rules": answer}))
        return FINE
    width = max(len(one["rule"]) for one in answer)
    for one in answer:
        last = "on" if one["last_day"] is None else f"to {one['last_day']}"
        where = "" if one["scope"] == NATIONAL else f", region {one['scope']}"
        tell(
            f"{one['rule']:{width}}  {one['kind']}, {one['unit']}{where}; {one['first_day']} {last}"
            f"; {', '.join(one['statuses'])}"
        )
    return FINE


COMMAND: Final = Command(
    run=_run,
    arguments=_arguments,
    example="jamsos rules list --programme jkk",
)
