"""The page of guarantees, made of the sentences above the tests of faults."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from .writing import table

TESTS: Final = Path(__file__).parents[2] / "tests"
FAULT_TESTS: Final = TESTS / "faults"

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

- SQLite keeps its word as it ships, with `synchronous=FULL` and a write-ahead log: a commit that was acknowledged is on the disk. The folder is not on a network drive: nothing notices that it is, and locks may not hold there.
- A file of a store has one name. A second one (a hard link) is refused; a file that is mounted at two places, as containers can, is not noticed.
- PostgreSQL has `fsync` and `synchronous_commit` on, as it ships.
- PgBouncer, where it stands between, lends connections by session or by transaction. By statement is not tried.
- The moment of an event is that of the machine that records it. Where the clocks of two machines differ, the order is that of positions, and `jamsos replay` names where moments run back.
- Nobody writes past jamsos who may not: the owner of the tables, a superuser, and whoever may write the file can do anything.
- `SIGKILL` leaves what it finds: an import that is killed may leave its own file beside the name, which says so in its name, and may be deleted.
- A disk that says that it has written, has. Power cuts and disks that lie are not tried.
- A command is sent again with the same command id, as [Send a command once](../how-to/send-a-command-once.md) shows. Without one, an `OutcomeUnknownError` is all that can be said.
"""  # noqa: E501 - in the documents, each sentence has a line of its own


FAULTS: Final = (
    "kill",
    "lost_answer",
    "calls",
    "disk_full",
    "locked",
    "connection",
    "server_stopped",
    "refused",
    "pooler",
    "together",
    "one_seat",
    "read_only",
    "tail",
    "clock",
    "interrupted",
    "fork",
    "forked_connections",
    "place",
    "replaced",
    "left_beside",
    "layout",
    "making",
    "rights",
    "reading_only",
    "truncated",
    "edited",
    "unknown",
    "handed_out",
    "hostile",
    "long_stream",
    "long_run",
)
"""The files of the tests, in the order of the page."""


WHO: Final = {
    "promised": "jamsos",
    "not_promised": "not promised",
    "plain_library": "plain `eventsourcing`",
}
"""What a sentence speaks of, by the name of what stands above its test."""
LAST: Final = (WHO["not_promised"], WHO["plain_library"])
"""What stands after all that jamsos promises in face of a fault."""


Row = tuple[str, str, str]
"""Of whom a sentence speaks, what it says, and a link to the test that holds it."""


def page() -> str:
    """Return the page of guarantees, with a row for each sentence above a test of a fault."""
    elsewhere = _elsewhere()
    rows: list[tuple[str, ...]] = []
    for name in FAULTS:
        file = FAULT_TESTS / f"test_{name}.py"
        tree = ast.parse(file.read_text(encoding="utf-8"))
        fault = (ast.get_docstring(tree) or "").removesuffix(".")
        own = [row for _, row in _sentences(tree, file)]
        said = next((n for n, (who, *_) in enumerate(own) if who in LAST), len(own))
        for row in (*own[:said], *elsewhere.pop(name, ()), *own[said:]):
            rows.append((fault, *row))
            fault = ""
    if elsewhere:
        raise KeyError(*elsewhere)
    head = ("when", "who", "what", "held by")
    return "\n".join((INTRODUCTION, table(head, rows), "", RESTS_ON))


def _elsewhere() -> dict[str, list[Row]]:
    """Return the rows of tests that stand in other rooms, by the fault that each names."""
    found: dict[str, list[Row]] = {}
    for file in sorted(TESTS.rglob("test_*.py")):
        text = file.read_text(encoding="utf-8")
        if file.parent != FAULT_TESTS and "tests.faults.guarantees import" in text:
            for fault, row in _sentences(ast.parse(text), file):
                found.setdefault(str(fault), []).append(row)
    return found


def _sentences(tree: ast.Module, file: Path) -> Iterator[tuple[str | None, Row]]:
    """Yield the row of each sentence above a test in *tree*, and the fault that it names."""
    for test in tree.body:
        if not isinstance(test, ast.FunctionDef):
            continue
        link = f"[`{test.name}`](../../tests/{file.relative_to(TESTS).as_posix()})"
        calls = [c for above in test.decorator_list for c in ast.walk(above)]
        failing = [_reason(c) for c in calls if isinstance(c, ast.Call) and _reason(c)]
        for above in test.decorator_list:
            if isinstance(above, ast.Call) and getattr(above.func, "id", "") in WHO:
                who, said = WHO[above.func.id], str(ast.literal_eval(above.args[0]))
                for reason in failing:
                    who, said = f"{who}, not yet", f"{said} *Not yet:* {reason}."
                fault = next((ast.literal_eval(k.value) for k in above.keywords), None)
                yield fault, (who, said, link)


def _reason(call: ast.Call) -> str:
    """Return why a test is expected to fail, where *call* says that it is."""
    if not (isinstance(call.func, ast.Attribute) and call.func.attr == "xfail"):
        return ""
    return next(str(ast.literal_eval(k.value)) for k in call.keywords if k.arg == "reason")
