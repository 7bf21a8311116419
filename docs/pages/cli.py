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
What a terminal would obey is written out, as `\\u001b`: escapes, what turns the direction of writing, what has no width; and so is what the encoding of the terminal lacks.
An address is written without its password, wherever it came from.

| exit code | means |
|---|---|
| 0 | fine |
| 1 | findings: the history was read, and disagrees with itself or with what was published; or a rule file has a fault; or a law is broken, or was not exercised |
| 2 | usage: the command cannot be answered as it was given |
| 3 | the history cannot be read, or is not what it claims to be; or the answer cannot be written |
| 129, 130, 143 | the terminal went away, somebody interrupted it with Ctrl-C, it was terminated: what was begun is undone |

Where the standard output is closed, nothing is done, and the exit code is 3; where somebody reads only the beginning, as `head` does, it is 0.
"""  # noqa: E501 - in the documents, each sentence has a line of its own


def page() -> str:
    """Return the page of the command line, with the help of each command as it is printed."""
    os.environ["COLUMNS"] = "88"
    parts = [INTRODUCTION]
    for name, command in commands().items():
        parts.append(f"## jamsos {name}\n\n```text\n{command.format_help()}```\n")
    return "\n".join(parts)
