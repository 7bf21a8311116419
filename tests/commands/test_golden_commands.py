"""
The golden file of commands: each as it is written under its published name, readable for ever.

``tests/golden/commands-v1.jsonl`` holds the examples of ``examples.py``, each with the digest of
the letter that it makes alone. A line is added for a new command, and for a new field; a line
that is there is never made again: letters that were sent are found by these bytes.
"""

import attrs
import msgspec
import pytest

from jamsos.commands.catalogue import COMMANDS, EXPANSIONS, NAMES
from jamsos.commands.spelling import decode, digest, encode, written
from tests.commands.examples import EXAMPLES, GOLDEN


class Line(msgspec.Struct, forbid_unknown_fields=True):
    digest: str
    command: msgspec.Raw


def line(command):
    """Return the line of *command* in the golden file."""
    return b'{"digest":"%b","command":%b}' % (digest(written([command])).encode(), encode(command))


LINES = GOLDEN.read_bytes().splitlines()
READ = [msgspec.json.decode(each, type=Line) for each in LINES]
KEPT = [(each.digest, bytes(each.command)) for each in READ]
FIELDS = [
    (NAMES[kind], field)
    for kind in NAMES
    for field in attrs.fields(kind)
    if field.default is not attrs.NOTHING
]


def named(name):
    """Return the data of each line of the command called *name*."""
    read = [msgspec.json.decode(command) for _, command in KEPT]
    return [each["data"] for each in read if each["type"] == name]


@pytest.mark.parametrize(("kept", "command"), KEPT, ids=range(len(KEPT)))
def test_a_golden_command_is_read_and_written_in_the_same_bytes_with_the_same_digest(kept, command):
    read = decode(command)

    assert encode(read) == command
    assert digest(written([read])) == kept


def test_the_golden_file_holds_the_examples_and_nothing_else():
    assert [decode(command) for _, command in KEPT] == list(EXAMPLES)
    assert list(map(line, EXAMPLES)) == LINES


@pytest.mark.parametrize("name", [*COMMANDS, *EXPANSIONS])
def test_every_command_of_the_catalogue_has_a_golden_line_with_all_fields_and_one_with_the_fewest(
    name,
):
    fields = attrs.fields({**COMMANDS, **EXPANSIONS}[name])
    spelled = [each.keys() for each in named(name)]

    assert {field.name for field in fields} in spelled
    assert {field.name for field in fields if field.default is attrs.NOTHING} in spelled


@pytest.mark.parametrize(("name", "field"), FIELDS, ids=lambda value: getattr(value, "name", value))
def test_a_default_is_the_value_that_is_made_where_it_is_left_out(name, field):
    """A converter that changed a default would have it written, and a factory's is never equal."""
    made = next(e for e in EXAMPLES if NAMES[type(e)] == name and field.name not in data(e))

    assert getattr(made, field.name) == field.default
    assert not isinstance(field.default, attrs.Factory)


def data(command):
    return msgspec.json.decode(encode(command))["data"]


def test_the_values_of_a_citation_and_of_a_rule_leave_their_defaults_out_too():
    bare = named("programme.end-rule.v1")[1]["citation"]
    value = named("programme.amend.v1")[1]["value"]

    assert bare == {"instrument": "Example 1/2018"}
    assert value.keys() == {"value", "in_force", "citation", "status"}


def test_one_letter_is_told_from_another_by_its_commands_and_their_order():
    letters = [[], *([each] for each in EXAMPLES), EXAMPLES[:2], EXAMPLES[1::-1]]

    assert len({digest(written(letter)) for letter in letters}) == len(letters)
    assert {digest(written(letter))[:2] for letter in letters} == {"2:"}
