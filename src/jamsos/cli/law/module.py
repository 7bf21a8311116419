"""The module that states the laws, imported or executed, and the laws in it."""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from traceback import extract_tb
from types import ModuleType

from jamsos.cli.stopping import Stopped
from jamsos.errors import InputError
from jamsos.testing import Law


@contextmanager
def module_of(name: str) -> Iterator[ModuleType]:
    """Give the module *name*, a dotted one or a file, while what is beside it can be imported."""
    if not name.strip():
        msg = f"{name!r} cannot be imported: name a .py file, or a module: my_office.laws"
        raise InputError(msg)
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
        msg = f"{name} is not a .py file: name one, or a module such as my_office.laws"
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
    except Stopped:
        raise
    except BaseException as error:
        at = "" if path is None else where(error, str(path))
        msg = f"{name} cannot be imported: {said(error)}{at}"
        raise InputError(msg) from error


def _executed(path: Path) -> ModuleType:
    """Execute the file *path* as it is now: it is not what was imported before."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        msg = f"{path} is not Python"
        raise ImportError(msg)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def laws_of(module: ModuleType, asked: argparse.Namespace) -> list[Law]:
    """Return the laws that *module* states, or those of them that were asked for."""
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


def said(error: BaseException) -> str:
    """Return *error* in one line."""
    first = str(error).partition("\n")[0]
    return f"{type(error).__name__}: {first}" if first else type(error).__name__


def where(error: BaseException, file: str) -> str:
    """Return where in *file* it was that *error* came from, if it was there."""
    path = Path(file).resolve()
    frames = extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if Path(frame.filename).resolve() == path]
    return f" ({path.name}, line {lines[-1]})" if lines else ""
