"""No float in a money path: nothing that decides or computes can make one."""

import ast
import json
from pathlib import Path

import pytest

import jamsos
from jamsos.store.schema import schema

SOURCE = Path(jamsos.__file__).parent
CODEC = SOURCE / "domain" / "codec.py"
"""It has the word, to refuse them."""
ROOMS = ("commands", "desk", "domain", "formulas", "language", "policies", "projections")
WRITER = SOURCE / "engine" / "writer.py"
"""It waits for parts of a second before it decides again."""
PATHS = [
    *(f for room in ROOMS for f in (SOURCE / room).rglob("*.py") if f != CODEC),
    *(f for f in (SOURCE / "engine").rglob("*.py") if f != WRITER),
]
MAKES_FLOATS = {"float", "round", "complex"}
WHOLE = {"comb", "factorial", "gcd", "isqrt", "perm", "prod"}
"""Functions of `math` that make whole numbers of whole numbers."""
MODULES = {"math", "decimal", "fractions", "statistics", "numpy", "random"}


def floats_in(text):
    """Return the lines of *text* that could make a float, with what does."""
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Constant(value=float() | complex()):
                yield node.lineno, "a number with decimals"
            case ast.BinOp(op=ast.Div()) | ast.AugAssign(op=ast.Div()):
                yield node.lineno, "a division that is not whole"
            case ast.Name(id=name) if name in MAKES_FLOATS:
                yield node.lineno, name
            case ast.Import(names=names) if {n.name.partition(".")[0] for n in names} & MODULES:
                yield node.lineno, "a module of floats"
            case ast.ImportFrom(module="math", names=names) if {n.name for n in names} <= WHOLE:
                pass
            case ast.ImportFrom(module=str() as module) if module.partition(".")[0] in MODULES:
                yield node.lineno, "a module of floats"


@pytest.mark.parametrize("file", PATHS, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_nothing_that_computes_can_make_a_float(file):
    assert list(floats_in(file.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "text",
    [
        "x = 0.01",
        "x = 1 / 2",
        "x /= 2",
        "x = float(1)",
        "x = round(1)",
        "import math",
        "1e3",
        "from math import pi",
    ],
)
def test_what_would_make_a_float_is_found(text):
    assert len(list(floats_in(text))) == 1


@pytest.mark.parametrize(
    "text",
    ["x = 1 // 2", "x = divmod(7, 2)", "x = 2**63 - 1", "import re", "from math import prod"],
)
def test_whole_arithmetic_is_let_through(text):
    assert list(floats_in(text)) == []


def test_no_field_of_an_event_is_a_number_with_decimals():
    assert '"type": "number"' not in json.dumps(schema())
