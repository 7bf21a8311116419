"""The package: what is public, what ships with it, and how little an import does."""

import subprocess
import sys
from importlib import metadata, resources
from types import FunctionType, ModuleType

import pytest

import jamsos
from jamsos.rulebook import everything

RULES = [
    file
    for folder in (resources.files("jamsos.rulebook") / "rules").iterdir()
    for file in folder.iterdir()
]


def run(program: str) -> str:
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert done.stderr == b""
    return done.stdout.decode()


def test_the_public_names_are_sorted_constants_first_and_each_is_there_once():
    assert jamsos.__all__ == sorted(
        set(jamsos.__all__), key=lambda name: (not name.isupper(), name)
    )


def test_the_public_names_are_those_that_can_be_seen():
    seen = {
        name
        for name, value in vars(jamsos).items()
        if not name.startswith("_") and not isinstance(value, ModuleType)
    }

    assert seen == set(jamsos.__all__)


def test_every_public_class_and_function_says_what_it_gives():
    public = [getattr(jamsos, name) for name in jamsos.__all__]
    told = [value for value in public if isinstance(value, type | FunctionType)]

    assert len(told) > 10
    assert all(value.__doc__ for value in told)


def test_types_ship_with_the_package():
    assert (resources.files("jamsos") / "py.typed").is_file()


def test_the_law_ships_with_the_package_and_can_be_read():
    assert len(everything()) == len(RULES) > 0


def test_an_import_brings_no_tool_of_tests_or_of_the_command_line():
    loaded = run("import jamsos, sys; print(*sys.modules)").split()

    tools = {"hypothesis", "pytest", "tqdm", "argparse", "psycopg", "jamsos.cli", "jamsos.audit"}
    assert "jamsos.registry" in loaded
    assert tools.isdisjoint(loaded)


def test_the_version_is_that_of_the_installed_package():
    assert jamsos.__version__ == metadata.version("jamsos")


def test_an_import_does_not_read_the_version():
    program = """
from importlib import metadata
def refuse(name):
    raise AssertionError(name)
metadata.version = metadata.distribution = refuse
import jamsos
print("__version__" in vars(jamsos))
"""
    assert run(program).strip() == "False"


def test_a_name_that_is_not_there_is_an_attribute_error():
    with pytest.raises(AttributeError, match="module 'jamsos' has no attribute 'no_such_name'"):
        _ = jamsos.no_such_name


def test_an_import_opens_no_database_writes_no_file_and_asks_no_network():
    program = """
import sys
seen = []
def hook(event, arguments):
    if event.startswith(("sqlite3.connect", "socket.", "subprocess.", "os.mkdir", "os.remove")):
        seen.append(event)
    if event == "open" and arguments[1] and set(str(arguments[1])) & set("wax+"):
        if not str(arguments[0]).endswith(".pyc") and "__pycache__" not in str(arguments[0]):
            seen.append(f"open {arguments[0]}")
sys.dont_write_bytecode = True
sys.addaudithook(hook)
import jamsos
print(seen)
"""
    assert run(program).strip() == "[]"


def test_an_import_of_the_command_line_does_nothing_either():
    program = "import jamsos.cli, sys; print('tqdm' in sys.modules, 'hypothesis' in sys.modules)"

    assert run(program).split() == ["False", "False"]


def test_a_store_in_memory_can_be_used_straight_after_the_import():
    program = (
        "import jamsos; from datetime import date\n"
        "with jamsos.open(':memory:') as registry:\n"
        "    print(len(registry.adopt('perisai', on=date(2017, 11, 20)).or_raise().events) > 0)"
    )

    assert run(program).strip() == "True"
