"""How a generated page is written: prose from docstrings, tables, and the names of types."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from datetime import date
from types import NoneType
from typing import Any, Final, get_args, get_origin, get_type_hints

import attrs

from jamsos.domain.calendar import Month, Months
from jamsos.domain.citation import AknName, Sha256, Url
from jamsos.domain.geography import ProvinceCode, Region
from jamsos.domain.identity import AgentId, ParticipantId, ProgrammeName, RuleRef
from jamsos.domain.money import Rupiah
from jamsos.domain.value import Word

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


def table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """Return a table with the column titles *head*."""
    lines = [f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in rows]
    return "\n".join((f"| {' | '.join(head)} |", "|---" * len(head) + "|", *lines)) + "\n"


def prose(kind: type, *, errors: bool = False) -> str:
    """Return the docstring of *kind*, one sentence a line; what it raises only with *errors*."""
    paragraphs = (inspect.getdoc(kind) or "").split("\n\n")
    words = " ".join(" ".join(p.split()) for p in paragraphs if not p.startswith(">>>"))
    sentences = re.split(
        r"(?<=[.]) (?=[A-Z*])", words.replace("``", "`").replace("None", "nothing")
    )
    return "\n".join(s for s in sentences if errors or not s.startswith("Raises "))


def said_of(hint: Any, inside: dict[str, type]) -> str:  # noqa: ANN401 - any annotation
    """Return what the annotation *hint* is called on a page; note in *inside* what it leads to."""
    if hint in PLAIN:
        return PLAIN[hint]
    arguments = get_args(hint)
    if get_origin(hint) is tuple:
        return f"list of: {said_of(arguments[0], inside)}"
    if get_origin(hint) is Mapping:
        key, value = (said_of(each, inside) for each in arguments)
        return f"object: {value} by {key}"
    if arguments:
        said = " or ".join(said_of(each, inside) for each in arguments if each is not NoneType)
        return f"{said}, or nothing" if NoneType in arguments else said
    inside[hint.__name__] = hint
    if attrs.has(hint):
        for field in get_type_hints(hint).values():
            said_of(field, inside)
    return f"[{hint.__name__}](#{hint.__name__.lower()})"
