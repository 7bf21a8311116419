"""
Makes the page of events from the catalogue: ``python docs/generate.py``.

With ``--check`` nothing is written: it ends with 1 and a sentence where the page is stale.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from pathlib import Path
from types import NoneType
from typing import Any, Final, get_args, get_origin, get_type_hints

import attrs

from jamsos.domain.calendar import Month, Months
from jamsos.domain.geography import ProvinceCode, Region
from jamsos.domain.identity import AgentId, ParticipantId, ProgrammeName, RuleRef
from jamsos.domain.money import Rupiah
from jamsos.store.catalogue import EVENTS, UPCASTERS

PAGE: Final = Path(__file__).parent / "reference" / "events.md"

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
}


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
        parts.append("## Old names\n\nThese are still read, and no longer written.\n")
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
    if NoneType in arguments:
        return f"{_said(arguments[0], inside)}, or nothing"
    inside[hint.__name__] = hint
    if attrs.has(hint):
        for field in get_type_hints(hint).values():
            _said(field, inside)
    return f"[{hint.__name__}](#{hint.__name__.lower()})"


def main(arguments: list[str]) -> int:
    """Write the page; or, with ``--check``, say whether it is what would be written."""
    made = page()
    if arguments == ["--check"]:
        if PAGE.is_file() and PAGE.read_text(encoding="utf-8") == made:
            return 0
        print(f"{PAGE} is stale: run python docs/generate.py")
        return 1
    PAGE.write_text(made, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
