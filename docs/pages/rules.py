"""The page of rules: what is assumed first, then every value of the law, then the registers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from jamsos.domain.citation import Citation, Status
from jamsos.domain.geography import NATIONAL
from jamsos.domain.rule import DatedValue
from jamsos.domain.value import Table, cell_text, value_text
from jamsos.rulebook import RuleFile, everything, instruments, sources

from .writing import table

INTRODUCTION: Final = """\
# Rules

<!-- Made by docs/generate.py from the rule files and the registers: do not edit by hand. -->

The law that ships with jamsos, one rule a file in `jamsos/rulebook/rules`.
Each value holds on the days beside it, both included; on any other day there is none, and asking is an error.
A rate is a percentage here, and a whole number of parts per 100,000 wherever it is computed with.
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
- The care of participants of an agent who is deactivated, before the 60th month.
- The directors' regulation under which the agency worked from 2016 to 2021.
- The full benefit of JKM and its funeral grant before 2025.
- How long records of participation must be kept.
"""


LONG: Final = 8
"""A table of more rows than this gets a place of its own."""


def page() -> str:
    """Return the page of rules: what is assumed first, then every value, then the registers."""
    files = everything()
    parts = [INTRODUCTION, "## What is assumed\n"]
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
        parts += rule_section(file)
    return "\n".join((*parts, *_registers(), NOT_ENCODED))


def rule_section(file: RuleFile) -> Iterator[str]:
    """Yield what *file* says, and its values."""
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
    yield table(("value", "in force", "published", "status", "citation", "verified", "note"), rows)
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
            yield table(("from", "value"), cells)
    for value in file.values:
        if value.citation.passage is not None:
            yield f"In {_cited(value.citation)}:\n"
            lines = value.citation.passage.splitlines()
            yield "\n".join(f"> {line}".rstrip() for line in lines) + "\n"


def _registers() -> Iterator[str]:
    yield "## Instruments\n"
    yield "The instruments that the rules cite, with those that they amended or replaced.\n"
    yield table(
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
    yield table(("name", "stands for"), list(sources().items()))


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
