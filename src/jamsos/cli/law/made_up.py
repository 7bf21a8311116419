"""The laws of a module, held against made-up histories: the shortest that breaks one is told."""

from __future__ import annotations

import argparse
import gc
import json
import shlex
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jamsos.cli.stopping import Stopped
from jamsos.cli.writing import tell
from jamsos.commands.spelling import encode
from jamsos.engine.setting import Setting
from jamsos.errors import InputError
from jamsos.language import Language, say
from jamsos.rulebook import RuleFile, everything, load
from jamsos.testing import (
    Broken,
    Held,
    Law,
    NotExercised,
    examine,
    report,
    save,
    setting,
)
from jamsos.testing.search.findings import Finding

from .module import laws_of, module_of
from .telling import described, ended, print_unexamined, unexamined


def examine_laws(asked: argparse.Namespace) -> int:
    """Examine every law of the module that was asked for, and print what that came to."""
    gc.enable()  # unlike other commands, this one goes on, and leaves cycles behind
    if asked.histories < 1:
        msg = f"--histories {asked.histories} shows nothing: ask for at least 1"
        raise InputError(msg)
    rules = () if asked.rules is None else load(asked.rules)
    begins = setting(rules)
    if not asked.json:
        _print_rules(rules, asked.language)
    found: Counter[str] = Counter()
    with module_of(asked.module) as module:
        laws = laws_of(module, asked)
        folder = None if asked.keep is None else _folder(asked.keep)
        names: Counter[str] = Counter()
        for stated in laws:
            names[stated.name] += 1
            try:
                outcome = _examined(stated, begins, asked)
            except InputError as error:  # the others are examined all the same
                print_unexamined(stated, error, asked)
                found["error"] += 1
                continue
            kept = None
            if folder is not None and isinstance(outcome, Broken):
                again = f"-{names[stated.name]}" if names[stated.name] > 1 else ""
                kept = folder / f"{stated.name}{again}.jsonl"
                save(outcome, kept)
            found[_outcome(outcome)] += 1
            _print(outcome, kept, rules, asked)
    return ended(found, asked)


def _outcome(outcome: Finding) -> str:
    if isinstance(outcome, Broken):
        return "broken"
    return "not exercised" if isinstance(outcome, NotExercised) else "held"


def _print_rules(rules: Sequence[RuleFile], language: str) -> None:
    """Print which rules come on top of those that ship, and which of them none ships under."""
    if not rules:
        return
    ship = {(file.programme, file.rule) for file in everything()}
    on_top = [file for file in rules if (file.programme, file.rule) in ship]
    new = [file for file in rules if file not in on_top]
    for key, files in (("rules-on-top", on_top), ("rules-new", new)):
        if files:
            names = ", ".join(f"{_rule(file)} ({file.values[0].in_force})" for file in files)
            tell(f"{say(key, Language.of(language))} {names}")
    print(flush=True)


def _rule(file: RuleFile) -> str:
    return f"{file.programme}/{file.rule}"


def _print(
    outcome: Finding, kept: Path | None, rules: Sequence[RuleFile], asked: argparse.Namespace
) -> None:
    language = Language.of(asked.language)
    told = report(outcome, language)
    if asked.json:
        print(json.dumps(_built(outcome, told, kept, rules, asked)), flush=True)
        return
    print(told.rstrip("\n"))
    if isinstance(outcome, Broken):
        again = ["jamsos", "law", "check", asked.module, "--law", outcome.law.name]
        again += ["--seed", str(outcome.seed), "--histories", str(outcome.histories)]
        again += ["--rules", asked.rules] if asked.rules is not None else []
        tell(f"{say('or-by-command', language)} {shlex.join(again)}")
    if kept is not None:
        tell(f"{say('kept-in', language)} {kept}")
    print(flush=True)


def _built(
    outcome: Finding,
    told: str,
    kept: Path | None,
    rules: Sequence[RuleFile],
    asked: argparse.Namespace,
) -> dict[str, Any]:
    stated = outcome.law
    built: dict[str, Any] = {
        **described(stated),
        "about": stated.about,
        "outcome": _outcome(outcome),
        "histories": outcome.histories,
        "seed": asked.seed,
        "rules": [_rule(file) for file in rules],
        "seconds": round(outcome.seconds, 3),
    }
    if isinstance(outcome, Held):
        return {
            **built,
            "exercised": outcome.exercised,
            "answers": dict(outcome.outcomes),
            "unnamed": outcome.unnamed,
        }
    return {
        **built,
        "why": outcome.breaking.why,
        "story": told,
        "commands": [json.loads(encode(asked)) for asked in outcome.plan],
        "kept": None if kept is None else str(kept),
    }


def _examined(stated: Law, begins: Setting, asked: argparse.Namespace) -> Finding:
    """Examine a law. Raises `InputError` where its function raises what no law raises."""
    try:
        return examine(stated, histories=asked.histories, seed=asked.seed, begins=begins)
    except Stopped:
        raise
    except BaseException as error:
        raise unexamined(stated, error) from error


def _folder(name: str) -> Path:
    folder = Path(name)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        msg = f"nothing can be kept in {name} ({error.strerror}): name a folder for --keep"
        raise InputError(msg) from error
    return folder
