"""The page of the command line, with the help of each command."""

from __future__ import annotations

import os
from typing import Final

from jamsos.cli import commands

INTRODUCTION: Final = """\
# Command line

<!-- Made by docs/generate.py from the help of each command: do not edit by hand. -->

`jamsos` is installed with the package, and `python -m jamsos` runs it too; `jamsos --version` prints the version.
`demo` and `rebuild` show a progress bar where `jamsos[cli]` is installed.
STORE is a database that jamsos made, or a [history file](history-format.md).
With `--json`, the answer is one JSON object on the standard output; of `law check`, one for each law.
An error is one sentence on the standard error.

| exit code | means |
|---|---|
| 0 | fine |
| 1 | findings: the history was read, and disagrees with itself or with what was published; or a rule file has a fault; or a law is broken, or was not exercised |
| 2 | usage: the command cannot be answered as it was given |
| 3 | the history cannot be read, or is not what it claims to be |
"""  # noqa: E501 - in the documents, each sentence has a line of its own


def page() -> str:
    """Return the page of the command line, with the help of each command as it is printed."""
    os.environ["COLUMNS"] = "88"
    parts = [INTRODUCTION]
    for name, command in commands().items():
        parts.append(f"## jamsos {name}\n\n```text\n{command.format_help()}```\n")
    return "\n".join(parts)
