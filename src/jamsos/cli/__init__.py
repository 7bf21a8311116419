"""The command line: `jamsos demo | count | replay | rebuild | show | rules | law | ...`."""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Sequence
from typing import Any, Final

import jamsos
from jamsos.errors import CorruptHistoryError, JamsosError, NotFoundError, StoreError

from .command import EPILOG, Parser
from .exit_codes import FINE, INTERRUPTED, UNREADABLE, USAGE
from .stopping import Stopped, stoppable
from .writing import UnwrittenError, complain, shown_streams, write_no_more

_GROUPS: Final = {
    "rules": "say what the law says: list, show, check, diff",
    "law": "hold laws of one's own against histories: check",
}
"""The first word of commands of two words, and what they do."""

_COMMANDS: Final = {
    "demo": ("demo", "play the agency programme from November 2017, and count"),
    "count": ("count", "count the active participants of a month"),
    "replay": ("replay", "rebuild everything from the events alone, and compare with a recount"),
    "show": ("show", "tell the life of an agent, a participant, a programme or a quota"),
    "export": ("export", "write a store as a history file to the standard output"),
    "import": ("import_", "make a store from a history file"),
    "backup": ("backup", "copy a store that may be open and written to, into a new file"),
    "migrate": (
        "migrate",
        "make the tables of jamsos in a PostgreSQL database, if they are missing",
    ),
    "status": (
        "status",
        "say whether a store can be reached, what it holds, and how far its tallies are",
    ),
    "rebuild": (
        "rebuild",
        "make live counts again from the events, compare, and put them in place",
    ),
    "rules list": ("rules.list", "list every rule that ships, or of one programme"),
    "rules show": (
        "rules.show",
        "say what a rule says on a day, where that stands, and how well it is known",
    ),
    "rules check": ("rules.check", "check a rule file of one's own, or a folder of them"),
    "rules diff": ("rules.diff", "say which rules have another value on one day than on another"),
    "due": ("due", "say what is due for a contribution month, and why"),
    "explain": (
        "explain",
        "say why something was recorded, and compute amounts again as it was known then",
    ),
    "law check": (
        "law.check",
        "look for the shortest history that breaks a law, one for each law of a module",
    ),
    "schema": ("schema", "print the JSON Schema of every event"),
}
"""The file of each command, imported when the command is given, and what it does."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code."""
    gc.disable()  # a command is short, and what it makes has no cycles to look for
    given = sys.argv[1:] if arguments is None else arguments
    try:
        with stoppable(), shown_streams(given):
            return _answered(given)
    except UnwrittenError as error:
        complain(f"the answer cannot be written: {error}")
        write_no_more()
        return UNREADABLE
    except BrokenPipeError:
        write_no_more()
        return FINE
    except KeyboardInterrupt as stopped:  # once more, while it came to an end
        return getattr(stopped, "exit_code", INTERRUPTED)


def _answered(given: Sequence[str]) -> int:
    """Run one command, and say in one line why it was not done, if it was not."""
    try:
        code = _run(given)
        sys.stdout.flush()
    except JamsosError as error:
        complain(str(error))
        unreadable = isinstance(error, CorruptHistoryError | StoreError | NotFoundError)
        return UNREADABLE if unreadable else USAGE
    except Stopped as stopped:
        complain(str(stopped))
        return stopped.exit_code
    except BrokenPipeError:  # nobody reads on
        raise
    except OSError as error:
        complain(f"{error.filename or 'a file'}: {error.strerror or error}")
        return UNREADABLE
    except RecursionError:
        complain("what was given is nested more deeply than can be read")
        return UNREADABLE
    except MemoryError:
        complain("there is not memory enough for this")
        return UNREADABLE
    return code


def _run(given: Sequence[str]) -> int:
    parser, _ = _parsers()
    try:
        asked = parser.parse_args(given)
    except SystemExit as end:
        return USAGE if end.code else FINE
    code: int = asked.run(asked)
    return code


def commands() -> dict[str, argparse.ArgumentParser]:
    """Return the parser of each command, by name."""
    _, made_for = _parsers()
    for parser in made_for.values():
        parser.complete()
    return {**made_for}


def _parsers() -> tuple[Parser, dict[str, Parser]]:
    """Return the whole parser, and those of the commands, which are still to be completed."""
    whole = Parser(
        prog="jamsos",
        description="Indonesia's employment social security as events, rules and counts.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    whole.add_argument("--version", action=_Version, nargs=0, help="print the version, and exit")
    parts = {"": whole.add_subparsers(title="commands", metavar="COMMAND", required=True)}
    for name, does in _GROUPS.items():
        group = parts[""].add_parser(name, help=does, description=f"{does.capitalize()}.")
        parts[name] = group.add_subparsers(title="commands", metavar="COMMAND", required=True)
    made_for: dict[str, Parser] = {}
    for name, (file, does) in _COMMANDS.items():
        first, _, last = name.rpartition(" ")
        made = made_for[name] = parts[first].add_parser(
            last,
            help=does,
            description=f"{does[0].upper()}{does[1:]}.",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        made.file = file
    return whole, made_for


class _Version(argparse.Action):
    """Prints the version, which is read only now."""

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:  # noqa: ANN401 - nothing is read
        print(f"jamsos {jamsos.__version__}")
        parser.exit()
