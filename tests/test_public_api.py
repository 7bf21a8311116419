"""The page of the public API is the code: each name on it is there, and none is left out."""

import importlib
import re
from pathlib import Path
from types import ModuleType

import pytest

import jamsos
from jamsos.commands.catalogue import COMMANDS, EXPANSIONS
from jamsos.policies.standard import STANDARD

PAGE = (Path(__file__).parents[1] / "docs" / "reference" / "api.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## ([^\n]+)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))
NAME = re.compile(r"`([A-Za-z_]\w*(?:\.\w+)*)`")
DOTTED = sorted({name for name in NAME.findall(PAGE) if name.startswith("jamsos.")})


def first_cells(section):
    rows = [line.split("|")[1] for line in SECTIONS[section].splitlines() if line.startswith("| ")]
    return {name for row in rows[1:] for name in NAME.findall(row)}


def found(dotted):
    """Return what is called *dotted*: a module, or a name in one."""
    module, _, name = dotted.rpartition(".")
    try:
        return importlib.import_module(dotted)
    except ModuleNotFoundError:
        return getattr(importlib.import_module(module), name)


@pytest.mark.parametrize(
    "module", ["jamsos", "jamsos.policies", "jamsos.testing", "jamsos.language"]
)
def test_the_page_lists_the_public_names_of_a_package_and_no_others(module):
    assert first_cells(module) == {*importlib.import_module(module).__all__}


def test_the_page_lists_every_error_and_nothing_else_of_that_module():
    errors = {name for name, value in vars(jamsos.errors).items() if isinstance(value, type)}

    assert first_cells("jamsos.errors") == errors


@pytest.mark.parametrize("dotted", DOTTED)
def test_every_name_on_the_page_can_be_imported_from_there(dotted):
    assert found(dotted) is not None


@pytest.mark.parametrize("command", [*COMMANDS.values(), *EXPANSIONS.values()])
def test_every_command_is_on_the_page_beside_its_module(command):
    (row,) = (
        line
        for line in SECTIONS["Commands as values"].splitlines()
        if f"`{command.__module__}." in line
    )

    assert {f"{command.__module__}.{command.__name__}", command.__name__} & {*NAME.findall(row)}


@pytest.mark.parametrize("module", [name for name in DOTTED if isinstance(found(name), ModuleType)])
def test_each_name_beside_a_module_is_there(module):
    (line,) = (line for line in PAGE.splitlines() if line.startswith(f"| `{module}` |"))
    names = NAME.findall(line)[1:]

    assert names
    assert all(hasattr(found(module), name) for name in names)


@pytest.mark.parametrize("case", STANDARD)
def test_every_case_that_policies_judge_stands_in_the_package_of_policies(case):
    assert getattr(jamsos.policies, case.__name__) is case
