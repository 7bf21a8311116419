"""`jamsos law check`: the laws of a module, held against histories."""

from __future__ import annotations

import argparse
from typing import Final

from jamsos.cli.command import Command
from jamsos.cli.options import add_language, add_rules
from jamsos.errors import InputError


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("module", metavar="MODULE", help="a .py file, or a module: my_office.laws")
    parser.add_argument(
        "--law", action="append", metavar="NAME", help="only this one; may be given again"
    )
    parser.add_argument("--seed", type=int, default=0, help="another seed, other histories")
    parser.add_argument(
        "--histories", type=int, default=1_000, metavar="N", help="for each (default: %(default)s)"
    )
    add_rules(parser)
    add_language(parser, "--language", "of stories (default: %(default)s)")
    parser.add_argument(
        "--history", metavar="STORE", help="against this history, instead of made-up ones"
    )
    parser.add_argument("--keep", metavar="DIR", help="keep the histories that break a law here")


def _run(asked: argparse.Namespace) -> int:
    if not __debug__:
        from jamsos.testing.laws.asserting import OPTIMIZED  # noqa: PLC0415

        raise InputError(OPTIMIZED)
    # Its help needs none of what searches and holds.
    if asked.history is not None:
        from .history import hold_laws  # noqa: PLC0415

        return hold_laws(asked)
    from .made_up import examine_laws  # noqa: PLC0415

    return examine_laws(asked)


COMMAND: Final = Command(
    run=_run,
    arguments=_arguments,
    example="jamsos law check my_laws.py --rules my-rules --keep broken",
    prints="one JSON object for each law, on a line of its own",
)
