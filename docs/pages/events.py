"""The page of events: every stored name, with its fields."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Final, get_type_hints

import attrs

from jamsos.store.catalogue import EVENTS, UPCASTERS

from .writing import prose, said_of

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
        "agent.incentive-awarded.v2",
        "agent.incentive-clawed-back.v2",
        "participant.moved.v2",
        "participant.left.v2",
        "participant.fact-voided.v1",
        "participant.difference-paid.v1",
        "participant.contribution-refunded.v1",
        "agent.fact-voided.v1",
        "agent.reseated.v1",
    ),
}
"""In which version of jamsos each name was first written: never edited, only added to."""


INTRODUCTION: Final = """\
# Events

<!-- Made by docs/generate.py from the catalogue: do not edit by hand. -->

Everything that is recorded is an event, under one of these names.
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
        parts += section(f"### {name}", event, inside, f"Since {since[name]}.\n{in_python}")
    parts.append(VALUES_INSIDE)
    for name in sorted(inside):
        parts += section(f"### {name}", inside[name], {}, None)
    if UPCASTERS:
        parts.append(OLD_NAMES)
        lines = (f"- `{n}`, since {since[n]}, as `{u[0]}`" for n, u in UPCASTERS.items())
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def section(heading: str, kind: type, inside: dict[str, type], since: str | None) -> Iterator[str]:
    """Yield the *heading* of *kind*, its docstring and its fields."""
    yield f"{heading}\n"
    yield f"{prose(kind)}\n"
    if since is not None:
        yield f"{since}\n"
    if issubclass(kind, StrEnum):
        yield "\n".join(f"- `{member.value}`" for member in kind) + "\n"
        return
    hints = get_type_hints(kind)
    rows = [
        f"| `{field.name}` | {said_of(hints[field.name], inside)} |" for field in attrs.fields(kind)
    ]
    yield "\n".join(("| field | is |", "|---|---|", *rows)) + "\n"
