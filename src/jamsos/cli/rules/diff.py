"""`jamsos rules diff`: every rule whose value on one day is not that of another day."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

import msgspec

from jamsos.cli.command import Command
from jamsos.cli.exit_codes import FINE
from jamsos.cli.options import add_rules
from jamsos.cli.writing import tell
from jamsos.domain.programme import Programme
from jamsos.domain.rule import Rule
from jamsos.domain.value import Table, Value, cell_text, value_text
from jamsos.errors import InputError
from jamsos.rulebook import RuleFile, law

from .reading import day_of, files_of, name_of


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--from", dest="since", required=True, metavar="YYYY-MM-DD")
    parser.add_argument("--to", required=True, metavar="YYYY-MM-DD")
    add_rules(parser)


def _run(asked: argparse.Namespace) -> int:
    """Print every rule whose value on one day is not that of another day."""
    first, last = day_of(asked.since), day_of(asked.to)
    if last < first:
        msg = f"{last} comes before {first}: give the earlier day as --from"
        raise InputError(msg)
    files = files_of(asked)
    programmes = law(files)
    changes = []
    for file in {(f.programme, f.rule, f.scope): f for f in files}.values():
        programme = programmes[file.programme]
        before, after = (_in_force(programme, file, on) for on in (first, last))
        if _value(before) != _value(after):
            changes.append((file, before, after))
    if asked.json:
        told = [
            {
                "rule": name_of(file),
                "scope": file.scope,
                "unit": file.unit,
                "before": _built(before),
                "after": _built(after),
            }
            for file, before, after in changes
        ]
        print(json.dumps({"from": str(first), "to": str(last), "changes": told}))
        return FINE
    for change in changes:
        for line in _changed(*change):
            tell(line)
    print(f"rules that say something else on {last} than on {first}: {len(changes):,}")
    return FINE


def _changed(file: RuleFile, before: Rule | None, after: Rule | None) -> Iterator[str]:
    now = after or before
    if now is None or before is None or after is None:
        sign, word = ("+", "new") if before is None else ("-", "no longer in force")
        said = "" if now is None else value_text(now.dated.value, file.unit)
        yield f"{sign} {name_of(file)}, {word}: {said} ({'' if now is None else now.citation})"
        return
    yield f"~ {name_of(file)} ({after.citation}; {after.dated.status})"
    one, other = before.dated.value, after.dated.value
    if not isinstance(one, Table) or not isinstance(other, Table):
        yield f"    {value_text(one, file.unit)} -> {value_text(other, file.unit)}"
        return
    old, new = ({row.key: row.value for row in table.rows} for table in (one, other))
    for key in (*old, *(key for key in new if key not in old)):
        if old.get(key) != new.get(key):
            was, now_is = (
                cell_text(cells[key], file.unit) if key in cells else "no row"
                for cells in (old, new)
            )
            yield f"    {key}: {was} -> {now_is}"


def _in_force(programme: Programme, file: RuleFile, on: date) -> Rule | None:
    return programme.in_force(file.rule, on, scope=file.scope)


def _value(rule: Rule | None) -> Value | None:
    return None if rule is None else rule.dated.value


def _built(rule: Rule | None) -> Any:  # noqa: ANN401 - any JSON
    return None if rule is None else {"ref": rule.ref, **msgspec.to_builtins(rule.dated)}


COMMAND: Final = Command(
    run=_run,
    arguments=_arguments,
    example="jamsos rules diff --from 2025-12-31 --to 2026-01-01",
)
