"""No float in a path that money takes: none is written, made, or comes of a division."""

import ast
from pathlib import Path

import pytest

import jamsos

ROOT = Path(jamsos.__file__).parent
PURE = [
    *sorted((ROOT / "domain").glob("*.py")),
    *sorted((ROOT / "policies").glob("*.py")),
    *sorted((ROOT / "projections").glob("*.py")),
    ROOT / "desk.py",
]
READERS = sorted((ROOT / "rulebook").glob("*.py"))
MAKERS = {"float", "complex", "round", "Decimal", "Fraction", "fsum", "isclose"}
MODULES = {"math", "decimal", "fractions", "statistics", "numbers"}


def floats(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, float | complex):
            yield node.lineno, repr(node.value)
        elif isinstance(node, ast.Name) and node.id in MAKERS:
            yield node.lineno, node.id
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names = {getattr(node, "module", None), *(alias.name for alias in node.names)}
            yield from ((node.lineno, name) for name in names & MODULES)


def divisions(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div):
            yield node.lineno, "/"


def named(files):
    return pytest.mark.parametrize("file", files, ids=lambda file: str(file.relative_to(ROOT)))


@named(PURE)
def test_no_float_is_written_or_made_where_rules_are_decided(file):
    tree = ast.parse(file.read_text(encoding="utf-8"))

    assert list(floats(tree)) == []
    assert list(divisions(tree)) == []


@named(READERS)
def test_no_float_is_written_or_made_where_rules_are_read(file):
    """Paths are put together with a slash here, and so divisions are not looked for."""
    assert list(floats(ast.parse(file.read_text(encoding="utf-8")))) == []


@pytest.mark.parametrize(
    "code", ["x = 0.5", "x = 1e3", "float(x)", "round(x)", "import math", "from decimal import *"]
)
def test_what_makes_a_float_is_seen(code):
    assert list(floats(ast.parse(code)))


@pytest.mark.parametrize("code", ["x = y / 2", "x /= 2"])
def test_a_division_is_seen_and_a_whole_one_is_none(code):
    assert list(divisions(ast.parse(code)))
    assert not list(divisions(ast.parse(code.replace("/", "//"))))
