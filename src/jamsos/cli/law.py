"""`jamsos law`: the laws of a module are held against histories, and what breaks one is told."""

from __future__ import annotations

import argparse
import gc
import importlib
import importlib.util
import json
import shlex
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from traceback import extract_tb
from types import ModuleType
from typing import Any, Final

import msgspec

from jamsos.domain.calendar import Month, Months
from jamsos.errors import CorruptHistoryError, InputError, StoreError
from jamsos.language import Language, say
from jamsos.request import Request
from jamsos.rulebook import RuleFile, everything, load
from jamsos.store import history_file
from jamsos.testing import Broken, Held, Law, setting
from jamsos.testing.checking import NotExercised, Outcome, examine
from jamsos.testing.holding import Holding, hold
from jamsos.testing.keeping import save
from jamsos.testing.story import report
from jamsos.testing.world import Setting

from .exit_codes import FINDINGS, FINE, USAGE

_OUTCOMES: Final = ("held", "not exercised", "broken", "error")
"""What can come of a law, in the order in which a summary counts it."""


def check(asked: argparse.Namespace) -> int:
    """Examine every law of the module that was asked for, and print what that came to."""
    if asked.history is not None:
        return _held(asked)
    gc.enable()  # unlike other commands, this one goes on, and leaves cycles behind
    if asked.histories < 1:
        msg = f"--histories {asked.histories} shows nothing: ask for at least 1"
        raise InputError(msg)
    rules = () if asked.rules is None else load(asked.rules)
    begins = setting(rules)
    if not asked.json:
        _print_rules(rules, asked.language)
    found: Counter[str] = Counter()
    with _module(asked.module) as module:
        laws = _laws(module, asked)
        folder = None if asked.keep is None else _folder(asked.keep)
        names: Counter[str] = Counter()
        for stated in laws:
            names[stated.name] += 1
            try:
                outcome = _examined(stated, begins, asked)
            except InputError as error:  # the others are examined all the same
                _print_unexamined(stated, error, asked)
                found["error"] += 1
                continue
            kept = None
            if folder is not None and isinstance(outcome, Broken):
                again = f"-{names[stated.name]}" if names[stated.name] > 1 else ""
                kept = folder / f"{stated.name}{again}.jsonl"
                save(outcome, kept)
            found[_outcome(outcome)] += 1
            _print(outcome, kept, rules, asked)
    return _ended(found, asked)


def _held(asked: argparse.Namespace) -> int:
    """Hold every law of the module against one history, and print where it is broken."""
    for option in ("rules", "keep"):
        if getattr(asked, option) is not None:
            msg = f"--{option} says what made-up histories begin with or leave: not with --history"
            raise InputError(msg)
    found: Counter[str] = Counter()
    with _module(asked.module) as module:
        for stated in _laws(module, asked):
            history = history_file.read(asked.history)
            first = [*islice(history, 1)]  # what cannot be opened is no fault of the law
            try:
                held = hold(stated, chain(first, history))
            except (CorruptHistoryError, StoreError, OSError):
                raise
            except Exception as error:  # noqa: BLE001 - the others are held all the same
                _print_unexamined(stated, _unexamined(stated, error), asked)
                found["error"] += 1
                continue
            found[_print_held(held, asked)] += 1
    return _ended(found, asked)


def _ended(found: Counter[str], asked: argparse.Namespace) -> int:
    if found.total() > 1 and not asked.json:
        print(_summary(found, asked.language))
    if found["error"]:
        return USAGE
    return FINE if found.keys() == {"held"} else FINDINGS


def _print_unexamined(stated: Law, error: InputError, asked: argparse.Namespace) -> None:
    print(f"jamsos: {error}", file=sys.stderr, flush=True)
    if asked.json:
        built = {**_stated(stated), "outcome": "error", "why": str(error)}
        print(json.dumps(built), flush=True)


def _stated(law: Law) -> dict[str, Any]:
    return {"name": law.name, "says": law.says, "cite": law.cite}


def _print_held(held: Holding, asked: argparse.Namespace) -> str:
    """Print what came of it, and return that in a word."""
    stated = held.law
    outcome = "broken" if held.breaches else "held" if held.exercised else "not exercised"
    if asked.json:
        breaches = [
            {
                "position": each.recorded.position,
                "stream": each.recorded.stream,
                "why": each.why,
            }
            for each in held.breaches
        ]
        built = {
            **_stated(stated),
            "outcome": outcome,
            "events": held.events,
            "exercised": held.exercised,
            "breaches": breaches,
        }
        print(json.dumps(built), flush=True)
        return outcome
    told = _told(outcome, asked.language).upper()
    print(f"{told}  {stated.says}\n{'':{len(told)}}  {stated.cite}")
    language = Language.of(asked.language)
    print(say("applied-to", language, events=held.events, times=held.exercised))
    for breach in held.breaches:
        print(f"  {breach}")
    print(flush=True)
    return outcome


def _outcome(outcome: Outcome) -> str:
    if isinstance(outcome, Broken):
        return "broken"
    return "not exercised" if isinstance(outcome, NotExercised) else "held"


def _summary(found: Counter[str], language: str) -> str:
    parts = (f"{found[key]} {_told(key, language)}" for key in _OUTCOMES if found[key])
    return f"{found.total()} {say('laws', Language.of(language))}: {', '.join(parts)}"


def _told(outcome: str, language: str) -> str:
    return say(f"law-{outcome.replace(' ', '-')}", Language.of(language))


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
            print(f"{say(key, Language.of(language))} {names}")
    print(flush=True)


def _rule(file: RuleFile) -> str:
    return f"{file.programme}/{file.rule}"


def _print(
    outcome: Outcome, kept: Path | None, rules: Sequence[RuleFile], asked: argparse.Namespace
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
        print(f"{say('or-by-command', language)} {shlex.join(again)}")
    if kept is not None:
        print(f"{say('kept-in', language)} {kept}")
    print(flush=True)


def _built(
    outcome: Outcome,
    told: str,
    kept: Path | None,
    rules: Sequence[RuleFile],
    asked: argparse.Namespace,
) -> dict[str, Any]:
    stated = outcome.law
    built: dict[str, Any] = {
        **_stated(stated),
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
        "requests": [_request(asked) for asked in outcome.plan],
        "kept": None if kept is None else str(kept),
    }


def _request(asked: Request) -> Any:  # noqa: ANN401 - any JSON
    told = {"verb": asked.name, "positional": asked.positional, "named": dict(asked.named)}
    return msgspec.to_builtins(told, enc_hook=_to_text)


def _to_text(value: object) -> str:
    if isinstance(value, Month | Months):
        return str(value)
    msg = f"{value!r} is nothing that a request holds"
    raise NotImplementedError(msg)


def _examined(stated: Law, begins: Setting, asked: argparse.Namespace) -> Outcome:
    """Examine a law. Raises `InputError` where its function raises what no law raises."""
    try:
        return examine(stated, histories=asked.histories, seed=asked.seed, begins=begins)
    except Exception as error:
        raise _unexamined(stated, error) from error


def _unexamined(stated: Law, error: Exception) -> InputError:
    return InputError(
        f"the law {stated.name} cannot be examined: {_said(error)}"
        f"{_where(error, stated.holds.__code__.co_filename)}: mend it, and check again"
    )


# -- The module and its laws. ------------------------------------------------------------


@contextmanager
def _module(name: str) -> Iterator[ModuleType]:
    """Give the module *name*, a dotted one or a file, while what is beside it can be imported."""
    path = Path(name)
    is_file = path.suffix == ".py"
    if is_file and not path.is_file():
        msg = f"there is no file {name}: name a .py file, or a module such as my_office.laws"
        raise InputError(msg)
    folder = len(path.parts) > 1 or name in {".", ".."} or name.endswith("/")
    if folder and path.is_dir():
        msg = f"{name} is a folder: name a .py file in it, or a module such as my_office.laws"
        raise InputError(msg)
    if path.suffix and not is_file and path.is_file():
        msg = f"{name} is no .py file: name one, or a module such as my_office.laws"
        raise InputError(msg)
    beside = str(path.resolve().parent if is_file else Path.cwd())
    sys.path.insert(0, beside)
    try:
        yield _imported(name, path if is_file else None)
    finally:
        sys.path.remove(beside)


def _imported(name: str, path: Path | None) -> ModuleType:
    try:
        return importlib.import_module(name) if path is None else _executed(path)
    except (Exception, SystemExit) as error:
        at = "" if path is None else _where(error, str(path))
        msg = f"{name} cannot be imported: {_said(error)}{at}"
        raise InputError(msg) from error


def _executed(path: Path) -> ModuleType:
    """Execute the file *path* as it is now: it is not what was imported before."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        msg = f"{path} is no Python"
        raise ImportError(msg)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _laws(module: ModuleType, asked: argparse.Namespace) -> list[Law]:
    there = {id(v): v for v in vars(module).values() if isinstance(v, Law)}
    names = [each.name for each in there.values()]
    if not names:
        msg = f"there is no law in {asked.module}: state one with @jamsos.testing.law"
        raise InputError(msg)
    for name in asked.law or ():
        if name not in names:
            msg = f"there is no law {name} in {asked.module}: there are {', '.join(names)}"
            raise InputError(msg)
    return [each for each in there.values() if asked.law is None or each.name in asked.law]


def _folder(name: str) -> Path:
    folder = Path(name)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        msg = f"nothing can be kept in {name} ({error.strerror}): name a folder for --keep"
        raise InputError(msg) from error
    return folder


def _said(error: BaseException) -> str:
    first = str(error).partition("\n")[0]
    return f"{type(error).__name__}: {first}" if first else type(error).__name__


def _where(error: BaseException, file: str) -> str:
    """Return where in *file* it was that *error* came from, if it was there."""
    path = Path(file).resolve()
    frames = extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if Path(frame.filename).resolve() == path]
    return f" ({path.name}, line {lines[-1]})" if lines else ""
