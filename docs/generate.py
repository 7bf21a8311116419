"""
Makes the pages of events and of commands from the code: ``python docs/generate.py``.

With ``--check`` nothing is written: it ends with 1 and a sentence where a page is stale.
"""

from __future__ import annotations

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
from jamsos.domain.citation import Url
from jamsos.domain.geography import ProvinceCode, Region
from jamsos.domain.identity import AgentId, ParticipantId, ProgrammeName, RuleRef
from jamsos.domain.money import Rupiah
from jamsos.domain.value import Word
from jamsos.store.catalogue import EVENTS, UPCASTERS

REFERENCE: Final = Path(__file__).parent / "reference"
EVENTS_PAGE: Final = REFERENCE / "events.md"
COMMANDS_PAGE: Final = REFERENCE / "cli.md"

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
    ParticipantId: "participant",
    ProgrammeName: "name of a programme",
    ProvinceCode: "code of a province",
    Region: "region",
    RuleRef: "value of a rule",
    Rupiah: "whole rupiah",
    Url: "address",
    Word: "name",
}


COMMANDS: Final = """\
# Commands

<!-- Made by docs/generate.py from the commands: do not edit by hand. -->

`jamsos` is installed with the package; `jamsos demo` shows a progress bar where `jamsos[cli]` is installed.
STORE is a database that jamsos made, or a [history file](history-format.md).
With `--json`, the answer is one JSON object on the standard output.
What is wrong is said in one sentence on the standard error.

| exit code | means |
|---|---|
| 0 | fine |
| 1 | findings: the history was read, and disagrees with itself or with what was published; or a rule file has a fault |
| 2 | usage: the request cannot be answered as it was put |
| 3 | the history cannot be read, or is not what it claims to be |
"""  # noqa: E501 - in the documents, each sentence has a line of its own


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
        parts += _section(f"### {name}", event, inside, f"Since {since[name]}.")
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
    for path, made in ((EVENTS_PAGE, page()), (COMMANDS_PAGE, commands_page())):
        if arguments != ["--check"]:
            path.write_text(made, encoding="utf-8")
        elif not path.is_file() or path.read_text(encoding="utf-8") != made:
            print(f"{path} is stale: run python docs/generate.py")
            stale = 1
    return stale


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
