"""The content of the file of a command, and the parser that is made of it when it is needed."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from importlib import import_module
from typing import Any, Final, NoReturn

import attrs

from .exit_codes import USAGE
from .writing import complain

EPILOG: Final = """\
exit codes: 0 fine, 1 findings, 2 usage, 3 unreadable or corrupt history

STORE is a database that jamsos made, a file or postgresql://..., or a history file (JSON Lines)."""


@attrs.frozen(kw_only=True)
class Command:
    """One command of `jamsos`: each is the constant ``COMMAND`` of a file of its own."""

    run: Callable[[argparse.Namespace], int]
    """Does what was asked, and returns the exit code."""
    example: str
    arguments: Callable[[argparse.ArgumentParser], None] = lambda _: None
    """Adds to a parser what the command takes beside ``--json``."""
    prints: str = "one JSON object"
    """Describes what ``--json`` prints."""


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence, and where to read on."""

    file: str | None = None
    """The file of the command, as a module of this package; None for a group of commands."""

    def error(self, message: str) -> NoReturn:
        """Print *message* on the standard error, and end."""
        complain(f"{message}; see '{self.prog} --help'")
        raise SystemExit(USAGE)

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:  # noqa: ANN401 - as argparse declares it
        """Parse, with the arguments of the command."""
        self.complete()
        return super().parse_known_args(args, namespace)

    def complete(self) -> None:
        """Import the file of the command, if that is still to be done, and add what it takes."""
        if self.file is None:
            return
        command: Command = import_module(f".{self.file}", __package__).COMMAND
        self.file = None
        self.epilog = f"example:\n  {command.example}\n\n{EPILOG}"
        self.set_defaults(run=command.run)
        self.add_argument("--json", action="store_true", help=f"print {command.prints}")
        command.arguments(self)
