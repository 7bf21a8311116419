"""
Makes the pages of events, commands, rules and guarantees: ``python docs/generate.py``.

With ``--check`` nothing is written: it ends with 1 and a sentence where a page is stale.
"""

from __future__ import annotations

import ast
import inspect
import os
import re
import sys
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from pathlib import Path
from types import NoneType
from typing import Any, Final, get_args, get_origin, get_type_hints

import attrs

from jamsos.cli import commands
from jamsos.domain.calendar import Month, Months
from jamsos.domain.citation import AknName, Citation, Sha256, Status, Url
from jamsos.domain.geography import NATIONAL, ProvinceCode, Region
from jamsos.domain.identity import AgentId, ParticipantId, ProgrammeName, RuleRef
from jamsos.domain.money import Rupiah
from jamsos.domain.rule import DatedValue
from jamsos.domain.value import Table, Word, cell_text, value_text
from jamsos.rulebook import RuleFile, everything, instruments, sources
from jamsos.store.catalogue import EVENTS, UPCASTERS

REFERENCE: Final = Path(__file__).parent / "reference"
EVENTS_PAGE: Final = REFERENCE / "events.md"
COMMANDS_PAGE: Final = REFERENCE / "cli.md"
RULES_PAGE: Final = REFERENCE / "rules.md"
GUARANTEES_PAGE: Final = REFERENCE / "guarantees.md"
FAULT_TESTS: Final = Path(__file__).parents[1] / "tests" / "faults"

SINCE: Final = {
    "0.1.0": (
        "agent.recruited.v1",
        "agent.training-begun.v1",
        "agent.certified.v1",
        "agent.assigned.v1",
        "agent.deactivated.v1",
        "agent.reactivated.v1",
        "agent.resigned.v1",
        "agent.terminated.v1",
        "participant.registered.v1",
        "participant.contribution-paid.v1",
        "participant.contribution-corrected.v1",
        "participant.moved.v1",
        "participant.transferred.v1",
        "participant.left.v1",
        "participant.came-back.v1",
        "programme.established.v1",
        "programme.rule-enacted.v1",
        "programme.rule-amended.v1",
        "programme.rule-ended.v1",
        "programme.evaluation-opened.v1",
        "programme.evaluation-concluded.v1",
        "quota.allotted.v1",
        "quota.seat-taken.v1",
        "quota.seat-released.v1",
        "quota.taken-back.v1",
        "programme.rule-enacted.v2",
        "programme.rule-amended.v2",
        "programme.rule-ended.v2",
        "agent.incentive-awarded.v1",
        "agent.incentive-clawed-back.v1",
        "participant.contribution-paid.v2",
        "programme.rule-enacted.v3",
        "programme.rule-amended.v3",
        "programme.rule-ended.v3",
    ),
}
"""In which version of jamsos each name was first written: never edited, only added to."""

INTRODUCTION: Final = """\
# Events

<!-- Made by docs/generate.py from the catalogue: do not edit by hand. -->

What is recorded is an event, under one of these names.
Names and fields are a contract with history: they never change their meaning, and an event that must say more gets a new version.
An event that is not listed here is an error, and is never skipped.
How values are written is told in [History format](history-format.md).
Every field is always there; *or nothing* means that it may be `null`.
"""  # noqa: E501 - in the documents, each sentence has a line of its own

VALUES_INSIDE: Final = """\
## Values inside events

These are objects, or one of a few words, in the fields above.
"""

OLD_NAMES: Final = """\
## Old names

These are still read, and no longer written.
`jamsos schema` has their fields.
"""

PLAIN: Final[dict[object, str]] = {
    str: "text",
    int: "whole number",
    date: "day",
    Month: "month",
    Months: "set of months",
    AgentId: "agent",
    AknName: "Akoma Ntoso name",
    ParticipantId: "participant",
    ProgrammeName: "name of a programme",
    ProvinceCode: "code of a province",
    Region: "region",
    RuleRef: "value of a rule",
    Rupiah: "whole rupiah",
    Sha256: "SHA-256",
    Url: "address",
    Word: "name",
}


COMMANDS: Final = """\
# Commands

<!-- Made by docs/generate.py from the commands: do not edit by hand. -->

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


RULES: Final = """\
# Rules

<!-- Made by docs/generate.py from the rule files and the registers: do not edit by hand. -->

The law that ships with jamsos, one rule a file in `jamsos/rulebook/rules`.
Each value holds on the days beside it, both included; on any other day there is none, and asking is an error.
A rate is a percentage here, and a whole number of parts per 100,000 wherever it is reckoned with.
A rule of a whole segment stands with the programme `jkk`, in which everybody is, and begins with the segment: `bpu-`, `pu-`, `construction-`, `migrant-`.
[Amend a rule](../how-to/amend-a-rule.md) tells how to add a value of your own.

*Status* says how a value is known: `enacted` is read in the text of a regulation, `reported` in the press or another secondary source, `assumed` is chosen for want of a source.
*Verified* is the last day that a source which was read speaks for; a value may hold after it, and nobody has looked.
"""  # noqa: E501 - in the documents, each sentence has a line of its own

NOT_ENCODED: Final = """\
## What is not encoded

None of this was found, and so no rule says it.

- Whether an accident within the months of grace is covered while the arrears are not paid.
- The wage ceiling of JP from March 2026 on.
- The formula by which the authority itself counts who is active.
- How many acquisitions an office must reach, and the caps of agents after 2019.
- What becomes of the participants of an agent who is deactivated, before the 60th month.
- The directors' regulation under which the agency worked from 2016 to 2021.
- The full benefit of JKM and its funeral grant before 2025.
- How long records of participation must be kept.
"""

GUARANTEES: Final = """\
# Guarantees

<!-- Made by docs/generate.py from the tests of faults: do not edit by hand. -->

What jamsos promises when something breaks, and the test that holds it to that.
Processes are killed, calls of the system are made to fail, servers are stopped, rows are edited; then the database is opened again and compared with what its writers were told.
*Acknowledged* is what a caller was answered before the fault, and had written down.
The same faults are let loose on plain `eventsourcing`, used as its documentation shows, with the obvious loop around `save`; what that does stands beside it.

`make test` tries each fault a few times, and `make faults` as often as it takes: every call, every length, hundreds of kills.
What is not promised is said as plainly.
"""  # noqa: E501 - in the documents, each sentence has a line of its own

GUARANTEES_REST_ON: Final = """\
## What this rests on

- SQLite keeps its word as it ships, with `synchronous=FULL` and a write-ahead log: a commit that was acknowledged is on the disk. The folder is not on a network drive.
- PostgreSQL has `fsync` and `synchronous_commit` on, as it ships.
- A disk that says that it has written, has. Power cuts and disks that lie are not tried.
- A request is sent again with the same command id, as [Send a request once](../how-to/send-a-request-once.md) shows. Without one, an `OutcomeUnknownError` is all that can be said.
"""  # noqa: E501 - in the documents, each sentence has a line of its own

FAULTS: Final = (
    "kill",
    "lost_answer",
    "calls",
    "disk_full",
    "locked",
    "connection",
    "server_stopped",
    "together",
    "one_seat",
    "read_only",
    "tail",
    "clock",
    "truncated",
    "edited",
)
"""The files of the tests, in the order of the page."""

WHO: Final = {
    "promised": "jamsos",
    "not_promised": "not promised",
    "plain_library": "plain `eventsourcing`",
}
"""What a sentence speaks of, by the name of what stands above its test."""

LONG: Final = 8
"""A table of more rows than this gets a place of its own."""


def rules_page() -> str:
    """Return the page of rules: what is assumed first, then every value, then the registers."""
    files = everything()
    parts = [RULES, "## What is assumed\n"]
    parts.append(
        "These values rest on no source that says them.\n"
        "Where a value is known and only its first day is assumed, the note beside it says so.\n"
    )
    assumed = [
        f"- {_link(f)}, {_days(v)}: {_value(v, f.unit)}. {v.note or ''}".rstrip()
        for f in files
        for v in f.values
        if v.status is Status.ASSUMED
    ]
    parts += ["\n".join(assumed) + "\n", "## Where sources disagree\n"]
    disagree = [
        f"- {_link(f)}, {_days(v)}: {value_text(v.value, f.unit)} is used ({v.citation});"
        f" {c.citation} says {value_text(c.value, f.unit)}. {c.note or ''}".rstrip()
        for f in files
        for v in f.values
        for c in v.conflicts
    ]
    parts.append("\n".join(disagree) + "\n")
    programme = None
    for file in files:
        if programme != (programme := file.programme):
            parts.append(f"## Programme {programme}\n")
        parts += _rule(file)
    return "\n".join((*parts, *_registers(), NOT_ENCODED))


def _rule(file: RuleFile) -> Iterator[str]:
    where = "" if file.scope == NATIONAL else f", in region {file.scope}"
    yield f"### {file.programme}/{file.rule}\n"
    yield f"{file.means}\nA value is of kind {file.values[0].kind}, in {file.unit}{where}.\n"
    rows = [
        (
            _value(value, file.unit),
            _days(value),
            str(value.published or ""),
            value.status,
            _cited(value.citation),
            str(value.verified_until or ""),
            value.note or "",
        )
        for value in file.values
    ]
    yield _table(("value", "in force", "published", "status", "citation", "verified", "note"), rows)
    for value in file.values:
        if isinstance(value.value, Table) and len(value.value.rows) > LONG:
            cells = [
                (
                    cell_text(row.key, "") if isinstance(row.key, int) else row.key,
                    cell_text(row.value, file.unit),
                )
                for row in value.value.rows
            ]
            yield f"From {value.in_force} on:\n"
            yield _table(("from", "value"), cells)
    for value in file.values:
        if value.citation.passage is not None:
            yield f"In {_cited(value.citation)}:\n"
            lines = value.citation.passage.splitlines()
            yield "\n".join(f"> {line}".rstrip() for line in lines) + "\n"


def _registers() -> Iterator[str]:
    yield "## Instruments\n"
    yield "What the rules cite, and what it amended or replaced.\n"
    yield _table(
        ("name", "about", "does", "status", "source"),
        [
            (
                f"[{i.name}]({i.url})" if i.url else i.name,
                i.about,
                "; ".join(
                    f"{c.effect} {c.instrument}" + (" (assumed)" if c.source is None else "")
                    for c in i.changes
                ),
                i.status,
                i.source or "",
            )
            for i in instruments().instruments
        ],
    )
    yield "## Sources\n"
    yield _table(("name", "stands for"), list(sources().items()))


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in rows]
    return "\n".join((f"| {' | '.join(head)} |", "|---" * len(head) + "|", *lines)) + "\n"


def _link(file: RuleFile) -> str:
    name = f"{file.programme}/{file.rule}"
    return f"[{name}](#{name.replace('/', '')})"


def _days(value: DatedValue) -> str:
    return f"{value.in_force} " + ("on" if value.until is None else f"to {value.until}")


def _value(value: DatedValue, unit: str) -> str:
    if isinstance(value.value, Table) and len(value.value.rows) > LONG:
        return f"{len(value.value.rows)} {value.kind}, below"
    return value_text(value.value, unit)


def _cited(citation: Citation) -> str:
    said = f"[{citation}]({citation.url})" if citation.url else str(citation)
    if citation.akn is not None:
        said += f", `{citation.akn}`"
    read = "" if citation.read_on is None else f"read on {citation.read_on}"
    where = ", ".join(filter(None, (citation.source, read)))
    return said + (f" ({where})" if where else "")


def guarantees_page() -> str:
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
    return "\n".join((GUARANTEES, _table(head, rows), "", GUARANTEES_REST_ON))


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


def commands_page() -> str:
    """Return the page of commands, with the help of each as it is printed."""
    os.environ["COLUMNS"] = "88"
    parts = [COMMANDS]
    for name, command in commands().items():
        parts.append(f"## jamsos {name}\n\n```text\n{command.format_help()}```\n")
    return "\n".join(parts)


def page() -> str:
    """Return the page of events."""
    since = {name: version for version, names in SINCE.items() for name in names}
    inside: dict[str, type] = {}
    parts = [INTRODUCTION]
    aggregate = None
    for name, event in EVENTS.items():
        if aggregate != (aggregate := name.partition(".")[0]):
            parts.append(f"## {aggregate.capitalize()}\n")
        in_python = f"In Python, `{event.__module__.removesuffix('.events')}.{event.__qualname__}`."
        parts += _section(f"### {name}", event, inside, f"Since {since[name]}.\n{in_python}")
    parts.append(VALUES_INSIDE)
    for name in sorted(inside):
        parts += _section(f"### {name}", inside[name], {}, None)
    if UPCASTERS:
        parts.append(OLD_NAMES)
        lines = (f"- `{n}`, since {since[n]}, as `{u[0]}`" for n, u in UPCASTERS.items())
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def _section(heading: str, kind: type, inside: dict[str, type], since: str | None) -> Iterator[str]:
    yield f"{heading}\n"
    yield f"{_prose(kind)}\n"
    if since is not None:
        yield f"{since}\n"
    if issubclass(kind, StrEnum):
        yield "\n".join(f"- `{member.value}`" for member in kind) + "\n"
        return
    hints = get_type_hints(kind)
    rows = [
        f"| `{field.name}` | {_said(hints[field.name], inside)} |" for field in attrs.fields(kind)
    ]
    yield "\n".join(("| field | is |", "|---|---|", *rows)) + "\n"


def _prose(kind: type) -> str:
    """Return the docstring of *kind*, one sentence a line, without what is for Python alone."""
    paragraphs = (inspect.getdoc(kind) or "").split("\n\n")
    words = " ".join(" ".join(p.split()) for p in paragraphs if not p.startswith(">>>"))
    sentences = re.split(
        r"(?<=[.]) (?=[A-Z*])", words.replace("``", "`").replace("None", "nothing")
    )
    return "\n".join(s for s in sentences if not s.startswith("Raises "))


def _said(hint: Any, inside: dict[str, type]) -> str:  # noqa: ANN401 - any annotation
    """Return what the annotation *hint* is called in the page; note what it leads to."""
    if hint in PLAIN:
        return PLAIN[hint]
    arguments = get_args(hint)
    if get_origin(hint) is tuple:
        return f"list of: {_said(arguments[0], inside)}"
    if arguments:
        said = " or ".join(_said(each, inside) for each in arguments if each is not NoneType)
        return f"{said}, or nothing" if NoneType in arguments else said
    inside[hint.__name__] = hint
    if attrs.has(hint):
        for field in get_type_hints(hint).values():
            _said(field, inside)
    return f"[{hint.__name__}](#{hint.__name__.lower()})"


def main(arguments: list[str]) -> int:
    """Write the pages; or, with ``--check``, say whether they are what would be written."""
    stale = 0
    for path, made in (
        (EVENTS_PAGE, page()),
        (COMMANDS_PAGE, commands_page()),
        (RULES_PAGE, rules_page()),
        (GUARANTEES_PAGE, guarantees_page()),
    ):
        if arguments != ["--check"]:
            path.write_text(made, encoding="utf-8")
        elif not path.is_file() or path.read_text(encoding="utf-8") != made:
            print(f"{path} is stale: run python docs/generate.py")
            stale = 1
    return stale


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
