"""`jamsos rules`: what the law says on a day, what changes, and whether a rule file can be read."""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import msgspec

from jamsos.domain.citation import Citation
from jamsos.domain.field import shown
from jamsos.domain.geography import NATIONAL, check_region
from jamsos.domain.programme import Programme
from jamsos.domain.rule import Rule
from jamsos.domain.value import Table, Value, cell_text, value_text
from jamsos.errors import InputError, NotFoundError
from jamsos.rulebook import RuleFile, everything, faults, law, load

from .exit_codes import FINDINGS, FINE

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def list_rules(asked: argparse.Namespace) -> int:
    """Print every rule, with its kind, its unit, and the days and the status of its values."""
    files = [f for f in _files(asked) if asked.programme in {None, f.programme}]
    if not files:
        msg = f"there are no rules of a programme '{asked.programme}'"
        raise NotFoundError(msg)
    answer: list[dict[str, Any]] = [
        {
            "rule": _name(file),
            "scope": file.scope,
            "means": file.means,
            "kind": file.values[0].kind,
            "unit": file.unit,
            "values": len(file.values),
            "first_day": str(file.values[0].in_force),
            "last_day": _text(file.values[-1].until),
            "statuses": sorted({value.status for value in file.values}),
        }
        for file in files
    ]
    if asked.json:
        print(json.dumps({"rules": answer}))
        return FINE
    width = max(len(one["rule"]) for one in answer)
    for one in answer:
        last = "on" if one["last_day"] is None else f"to {one['last_day']}"
        where = "" if one["scope"] == NATIONAL else f", region {one['scope']}"
        print(
            f"{one['rule']:{width}}  {one['kind']}, {one['unit']}{where}; {one['first_day']} {last}"
            f"; {', '.join(one['statuses'])}"
        )
    return FINE


def show_rule(asked: argparse.Namespace) -> int:
    """Print the value of one rule on one day, with all that is known of it."""
    on = _day(asked.on)
    check_region(asked.scope)
    files = _files(asked)
    file = _found(files, asked.name, asked.scope)
    rule = law(files)[file.programme].rule(file.rule, on, scope=file.scope)
    answer = {
        "rule": _name(file),
        "ref": rule.ref,
        "means": file.means,
        "on": str(on),
        "unit": rule.unit,
        "scope": file.scope,
        "kind": rule.kind,
        "verified": rule.verified(on),
        **msgspec.to_builtins(rule.dated),
        "until": _text(rule.until),
    }
    print(json.dumps(answer) if asked.json else "\n".join(_shown(file, rule, on)))
    return FINE


def check_file(asked: argparse.Namespace) -> int:
    """Print what is wrong in a rule file, or in the files of a folder."""
    number, found = faults(asked.file)
    if asked.json:
        print(json.dumps({"files": number, "faults": found}))
        return FINDINGS if found else FINE
    for fault in found:
        print(f"FAULT  {fault}")
    print(f"rule files: {number:,}; with a fault: {len(found):,}")
    return FINDINGS if found else FINE


def diff_rules(asked: argparse.Namespace) -> int:
    """Print every rule whose value on one day is not that of another day."""
    first, last = _day(asked.since), _day(asked.to)
    if last < first:
        msg = f"{last} comes before {first}: give the earlier day as --from"
        raise InputError(msg)
    files = _files(asked)
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
                "rule": _name(file),
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
        print("\n".join(_changed(*change)))
    print(f"rules that say something else on {last} than on {first}: {len(changes):,}")
    return FINE


def _files(asked: argparse.Namespace) -> tuple[RuleFile, ...]:
    return (*everything(), *(load(asked.rules) if asked.rules else ()))


def _found(files: Sequence[RuleFile], name: str, scope: str) -> RuleFile:
    found = {
        _name(file): file
        for file in files
        if name in {file.rule, _name(file)} and file.scope == scope
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
    yield f"{_name(file)} on {on}: {_on_one_line(dated.value, rule.unit)}"
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
            yield f"{'' if number else 'passage':<11}{shown(line)}".rstrip()
    if citation.passage_sha256 is not None:
        yield f"sha-256    {citation.passage_sha256}"


def _on_one_line(value: Value, unit: str) -> str:
    if isinstance(value, Table):
        return f"{value.kind}, {len(value.rows)} rows, {unit}"
    return f"{value_text(value, unit)} ({unit})"


def _changed(file: RuleFile, before: Rule | None, after: Rule | None) -> Iterator[str]:
    now = after or before
    if now is None or before is None or after is None:
        sign, word = ("+", "new") if before is None else ("-", "no longer in force")
        said = "" if now is None else value_text(now.dated.value, file.unit)
        yield f"{sign} {_name(file)}, {word}: {said} ({'' if now is None else now.citation})"
        return
    yield f"~ {_name(file)} ({after.citation}; {after.dated.status})"
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


def _name(file: RuleFile) -> str:
    return f"{file.programme}/{file.rule}"


def _text(day: date | None) -> str | None:
    return None if day is None else str(day)


def _day(text: str) -> date:
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    msg = f"{text!r} is no day: write one as 2018-02-05"
    raise InputError(msg)
