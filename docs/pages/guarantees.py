"""The page of guarantees, made of the sentences above the tests of faults."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from .writing import table

FAULT_TESTS: Final = Path(__file__).parents[2] / "tests" / "faults"

INTRODUCTION: Final = """\
# Guarantees

<!-- Made by docs/generate.py from the tests of faults: do not edit by hand. -->

The promises of jamsos for when something breaks, and the test that holds it to each.
Processes are killed, calls of the system are made to fail, servers are stopped, rows are edited; then the database is opened again and compared with what its writers were told.
*Acknowledged* is what a caller was answered before the fault, and had written down.
The same faults are let loose on plain `eventsourcing`, used as its documentation shows, with the obvious loop around `save`; the outcome stands beside it.

`make test` tries each fault a few times, and `make faults` as often as it takes: every call, every length, hundreds of kills.
The limits of the promises are said as plainly.
"""  # noqa: E501 - in the documents, each sentence has a line of its own


RESTS_ON: Final = """\
## What this rests on

- SQLite keeps its word as it ships, with `synchronous=FULL` and a write-ahead log: a commit that was acknowledged is on the disk. The folder is not on a network drive.
- PostgreSQL has `fsync` and `synchronous_commit` on, as it ships.
- A disk that says that it has written, has. Power cuts and disks that lie are not tried.
- A command is sent again with the same command id, as [Send a command once](../how-to/send-a-command-once.md) shows. Without one, an `OutcomeUnknownError` is all that can be said.
"""  # noqa: E501 - in the documents, each sentence has a line of its own


FAULTS: Final = (
    "kill",
    "lost_answer",
    "calls",
    "disk_full",
    "locked",
    "place",
    "reading_only",
    "interrupted",
    "fork",
    "connection",
    "server_stopped",
    "pooler",
    "fork",
    "forked_connections",
    "together",
    "one_seat",
    "read_only",
    "tail",
    "clock",
    "truncated",
    "edited",
    "making",
)
"""The files of the tests, in the order of the page."""


WHO: Final = {
    "promised": "jamsos",
    "not_promised": "not promised",
    "plain_library": "plain `eventsourcing`",
}
"""What a sentence speaks of, by the name of what stands above its test."""


def page() -> str:
    """Return the page of guarantees, with a row for each sentence above a test of a fault."""
    rows: list[tuple[str, ...]] = []
    for name in FAULTS:
        file = FAULT_TESTS / f"test_{name}.py"
        tree = ast.parse(file.read_text(encoding="utf-8"))
        fault = (ast.get_docstring(tree) or "").removesuffix(".")
        for who, sentence, test in _sentences(tree):
            link = f"[`{test}`](../../tests/faults/{file.name})"
            rows.append((fault, who, sentence, link))
            fault = ""
    head = ("when", "who", "what", "held by")
    return "\n".join((INTRODUCTION, table(head, rows), "", RESTS_ON))


def _sentences(tree: ast.Module) -> Iterator[tuple[str, str, str]]:
    """Yield of whom each test in *tree* speaks, what it says, and its name."""
    for test in tree.body:
        if not isinstance(test, ast.FunctionDef):
            continue
        calls = [c for above in test.decorator_list for c in ast.walk(above)]
        failing = [_reason(c) for c in calls if isinstance(c, ast.Call) and _reason(c)]
        for above in test.decorator_list:
            if isinstance(above, ast.Call) and isinstance(above.func, ast.Name):
                who, said = WHO[above.func.id], str(ast.literal_eval(above.args[0]))
                for reason in failing:
                    who, said = f"{who}, not yet", f"{said} *Not yet:* {reason}."
                yield who, said, test.name


def _reason(call: ast.Call) -> str:
    """Return why a test is expected to fail, where *call* says that it is."""
    if not (isinstance(call.func, ast.Attribute) and call.func.attr == "xfail"):
        return ""
    return next(str(ast.literal_eval(k.value)) for k in call.keywords if k.arg == "reason")
