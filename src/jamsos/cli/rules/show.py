"""`jamsos rules show`: one rule on one day, with all that is known of it."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

import msgspec

from jamsos.cli.command import Command
from jamsos.cli.exit_codes import FINE
from jamsos.cli.options import add_rules
from jamsos.cli.writing import tell
from jamsos.domain.citation import Citation
from jamsos.domain.geography import NATIONAL, check_region
from jamsos.domain.rule import Rule
from jamsos.domain.value import Table, Value, cell_text, value_text
from jamsos.errors import InputError, NotFoundError
from jamsos.rulebook import RuleFile, law

from .reading import day_of, files_of, name_of, text_of


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="such as jkm/bpu-amount, or bpu-amount")
    parser.add_argument("--on", required=True, metavar="YYYY-MM-DD")
    parser.add_argument("--scope", default=NATIONAL, help="national, or the code of a province")
    add_rules(parser)


def _run(asked: argparse.Namespace) -> int:
    """Print the value of one rule on one day, with all that is known of it."""
    on = day_of(asked.on)
    check_region(asked.scope)
    files = files_of(asked)
    file = _found(files, asked.name, asked.scope)
    rule = law(files)[file.programme].rule(file.rule, on, scope=file.scope)
    answer = {
        "rule": name_of(file),
        "ref": rule.ref,
        "means": file.means,
        "on": str(on),
        "unit": rule.unit,
        "scope": file.scope,
        "kind": rule.kind,
        "verified": rule.verified(on),
        **msgspec.to_builtins(rule.dated),
        "until": text_of(rule.until),
    }
    if asked.json:
        print(json.dumps(answer))
        return FINE
    for line in _shown(file, rule, on):
        tell(line)
    return FINE


def _found(files: Sequence[RuleFile], name: str, scope: str) -> RuleFile:
    found = {
        name_of(file): file
        for file in files
        if name in {file.rule, name_of(file)} and file.scope == scope
    }
    if not found:
        where = "" if scope == NATIONAL else f" for region {scope}"
        msg = f"there is no rule '{name}'{where}: jamsos rules list names them all"
        raise NotFoundError(msg)
    if len(found) > 1:
        msg = f"there are several rules '{name}': name one of {', '.join(sorted(found))}"
        raise InputError(msg)
    return next(iter(found.values()))


def _shown(file: RuleFile, rule: Rule, on: date) -> Iterator[str]:
    dated = rule.dated
    yield f"{name_of(file)} on {on}: {_on_one_line(dated.value, rule.unit)}"
    yield f"  {file.means}"
    if isinstance(dated.value, Table):
        for row in dated.value.rows:
            key = f"from {row.key:,}" if isinstance(row.key, int) else row.key
            yield f"  {key:>20}  {cell_text(row.value, rule.unit):>14}"
    yield f"in force   {dated.in_force} {'on' if rule.until is None else f'to {rule.until}'}"
    yield f"status     {dated.status}"
    yield f"source     {dated.citation}" + (f" ({s})" if (s := dated.citation.source) else "")
    yield from _proof(dated.citation)
    if dated.published is not None:
        yield f"published  {dated.published}"
    if dated.note is not None:
        yield f"note       {dated.note}"
    for other in dated.conflicts:
        noted = f": {other.note}" if other.note else ""
        yield f"CONFLICT   {other.citation} says {value_text(other.value, rule.unit)}{noted}"
    if not rule.verified(on):
        yield f"UNVERIFIED the sources that were read speak for days up to {dated.verified_until}"


def _proof(citation: Citation) -> Iterator[str]:
    """Yield where and on which day *citation* was read, and the text, with each line shown."""
    if citation.url is not None:
        yield f"address    {citation.url}"
    if citation.akn is not None:
        yield f"akn        {citation.akn}"
    if citation.read_on is not None:
        yield f"read on    {citation.read_on}"
    if citation.passage is not None:
        for number, line in enumerate(citation.passage.splitlines()):
            yield f"{'' if number else 'passage':<11}{line}".rstrip()
    if citation.passage_sha256 is not None:
        yield f"sha-256    {citation.passage_sha256}"


def _on_one_line(value: Value, unit: str) -> str:
    if isinstance(value, Table):
        return f"{value.kind}, {len(value.rows)} rows, {unit}"
    return f"{value_text(value, unit)} ({unit})"


COMMAND: Final = Command(
    run=_run,
    arguments=_arguments,
    example="jamsos rules show jkk/bpu-income-brackets --on 2026-02-01",
)
