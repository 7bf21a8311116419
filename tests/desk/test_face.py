"""Each command has a method on the desk; what stands for many has one where there is no id."""

from inspect import signature

import pytest

from jamsos.commands.catalogue import COMMANDS, EXPANSIONS, verb_of
from jamsos.desk import Desk, Verbs


@pytest.mark.parametrize("command", COMMANDS.values())
def test_every_command_has_a_method_with_its_arguments_and_its_docstring(command):
    method = getattr(Verbs, verb_of(command))

    assert method.__doc__ == command.__doc__
    assert [*signature(method).parameters][1:] == [*signature(command).parameters]


@pytest.mark.parametrize("expansion", EXPANSIONS.values())
def test_what_stands_for_many_commands_has_a_method_but_not_under_a_command_id(expansion):
    assert hasattr(Desk, verb_of(expansion))
    assert not hasattr(Verbs, verb_of(expansion))
