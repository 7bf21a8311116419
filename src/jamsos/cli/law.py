"""`jamsos law`: the laws of a module are held against histories, and what breaks one is told."""

from __future__ import annotations

import argparse
import gc
import importlib
import importlib.util
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from traceback import extract_tb
from types import ModuleType
from typing import Any, Final

import msgspec

from jamsos.domain.calendar import Month, Months
from jamsos.errors import InputError
from jamsos.request import Request
from jamsos.testing import Broken, Held, Law, setting
from jamsos.testing.checking import NotExercised, Outcome, examine
from jamsos.testing.keeping import save
from jamsos.testing.story import report
from jamsos.testing.world import Setting

from .exit_codes import FINDINGS, FINE

_KEPT: Final = {"en": "kept in", "id": "disimpan di"}


def check(asked: argparse.Namespace) -> int:
    """Examine every law of the module that was asked for, and print what that came to."""
    gc.enable()  # unlike other commands, this one goes on, and leaves cycles behind
    if asked.histories < 1:
        msg = f"--histories {asked.histories} shows nothing: ask for at least 1"
        raise InputError(msg)
    begins = setting(asked.rules)
    fine = True
    with _module(asked.module) as module:
        laws = _laws(module, asked.module)
        folder = None if asked.keep is None else _folder(asked.keep)
        for stated in laws:
            outcome = _examined(stated, begins, asked)
            kept = None
            if folder is not None and isinstance(outcome, Broken):
                kept = folder / f"{stated.name}.jsonl"
                save(outcome, kept)
            fine &= isinstance(outcome, Held) and not isinstance(outcome, NotExercised)
            _print(outcome, kept, asked)
    return FINE if fine else FINDINGS


def _print(outcome: Outcome, kept: Path | None, asked: argparse.Namespace) -> None:
    told = report(outcome, asked.language)
    if asked.json:
        print(json.dumps(_built(outcome, told, kept)), flush=True)
        return
    print(told.rstrip("\n"))
    if kept is not None:
        print(f"{_KEPT[asked.language]} {kept}")
    print(flush=True)


def _built(outcome: Outcome, told: str, kept: Path | None) -> dict[str, Any]:
    stated = outcome.law
    built: dict[str, Any] = {
        "name": stated.name,
        "says": stated.says,
        "cite": stated.cite,
        "outcome": "held",
        "histories": outcome.histories,
        "seconds": round(outcome.seconds, 3),
    }
    if isinstance(outcome, Held):
        if isinstance(outcome, NotExercised):
            built["outcome"] = "not exercised"
        return {**built, "exercised": outcome.exercised}
    return {
        **built,
        "outcome": "broken",
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
        msg = (
            f"the law {stated.name} cannot be examined: {_said(error)}"
            f"{_where(error, stated.holds.__code__.co_filename)}: mend it, and check again"
        )
        raise InputError(msg) from error


# -- The module and its laws. ------------------------------------------------------------


@contextmanager
def _module(name: str) -> Iterator[ModuleType]:
    """Give the module *name*, a dotted one or a file, while what is beside it can be imported."""
    path = Path(name)
    is_file = path.suffix == ".py"
    if is_file and not path.is_file():
        msg = f"there is no file {name}: name a .py file, or a module such as my_office.laws"
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


def _laws(module: ModuleType, name: str) -> list[Law]:
    found = {id(v): v for v in vars(module).values() if isinstance(v, Law)}
    if not found:
        msg = f"there is no law in {name}: state one with @jamsos.testing.law"
        raise InputError(msg)
    return list(found.values())


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
