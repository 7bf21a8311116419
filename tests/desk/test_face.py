"""The face: each command is a method, with its signature and docstring, and nothing else is."""

import pydoc
from datetime import date
from inspect import Parameter, getdoc, signature

import pytest

import jamsos
from jamsos.commands.catalogue import COMMANDS, EXPANSIONS, verb_of
from jamsos.desk import Desk, Verbs

KINDS = {verb_of(kind): kind for kind in COMMANDS.values()}
MANY = {"recruit_many", "register_many", "pay_many"}
EXPANDED = {verb_of(kind): kind for kind in EXPANSIONS.values()}
ASKING = {"ask", "ask_all", "asked"}
SAID = ["by", "trace"]
OTHER_WAYS = {"batch", "group_commit", "once", "trial"}
READINGS = {
    *("agent", "participant", "programme", "quota"),
    *("count", "history", "last_position", "measures", "performance"),
    *("live_count", "live_sums", "unsettled"),
}
UPKEEP = {"catch_up", "close", "rebuild"}


@pytest.fixture
def registry():
    with jamsos.open(":memory:") as opened:
        yield opened


def public(thing):
    return {name for name in dir(thing) if not name.startswith("_")}


def test_a_registry_offers_the_commands_the_readings_and_the_ways_of_asking_and_nothing_else(
    registry,
):
    offered = {*KINDS, *MANY, *EXPANDED, *ASKING, *OTHER_WAYS, *READINGS, *UPKEEP}

    assert public(registry) == public(jamsos.Registry) == offered


def test_what_is_sent_once_offers_commands_and_nothing_that_stands_for_many(registry):
    assert public(registry.once("letter-1")) == public(Verbs) == {*KINDS, *MANY, *ASKING}


def test_a_desk_offers_commands_and_what_stands_for_many_and_command_ids(registry):
    offered = {*KINDS, *MANY, *ASKING, *EXPANDED, "once"}

    assert public(Desk) == public(registry.trial()) == offered
    with registry.batch() as batch, registry.group_commit() as group:
        assert public(batch) == public(group) == offered


@pytest.mark.parametrize("verb", KINDS)
def test_every_command_of_the_catalogue_is_a_method_with_its_signature_and_docstring(
    registry, verb
):
    method, command = getattr(registry, verb), KINDS[verb]
    answers = signature(command.decide).return_annotation.replace("Steps[", "Decision[", 1)

    assert signature(method).parameters == signature(command).parameters
    assert signature(method).return_annotation == answers
    assert getdoc(method) == getdoc(command)
    assert (method.__name__, method.__qualname__) == (verb, f"Verbs.{verb}")


@pytest.mark.parametrize("verb", EXPANDED)
def test_what_stands_for_many_is_a_method_with_the_arguments_of_its_expansion(registry, verb):
    *own, by, trace = signature(getattr(registry, verb)).parameters.values()

    assert own == list(signature(EXPANDED[verb]).parameters.values())
    assert [by.name, trace.name] == SAID


@pytest.mark.parametrize("name", sorted(MANY))
def test_many_take_rows_and_say_of_which_command(registry, name):
    method = getattr(registry, name)

    rows, *said = signature(method).parameters.values()
    assert [each.name for each in said] == SAID
    assert (rows.name, rows.kind) == ("rows", Parameter.POSITIONAL_ONLY)
    assert f"many `{name.removesuffix('_many')}` together" in getdoc(method)
    assert (method.__name__, method.__qualname__) == (name, f"Verbs.{name}")


def test_help_shows_a_method_as_if_it_were_written_out():
    shown = pydoc.plain(pydoc.render_doc(jamsos.Registry.recruit))

    assert (
        "recruit(self, /, agent: 'str', programme: 'str', *, province: 'str', on: 'date',"
        " region: 'str' = 'national', instead_of: 'int | None' = None)"
        " -> 'Decision[AgentRecruited | AgentFactVoided | QuotaSeatTaken | QuotaSeatReleased]'"
    ) in shown
    assert "Recruit *agent* in *province*, on a seat of *region*." in shown


def test_a_method_does_not_take_what_its_command_does_not(registry):
    with pytest.raises(TypeError, match="missing 1 required keyword-only argument: 'on'"):
        registry.resign("agent-1")
    with pytest.raises(TypeError, match="unexpected keyword argument 'region'"):
        registry.resign("agent-1", on=None, region="51")


@pytest.mark.parametrize("said", ["by", "trace"])
def test_a_verb_that_is_told_who_asks_says_where_that_is_said(registry, said):
    how = rf"'{said}': say who asks by desk\.asked\({said}=\.\.\.\)\.adopt"
    with pytest.raises(TypeError, match=how):
        registry.adopt("perisai", on=date(2017, 11, 20), **{said: "clerk-7"})
    with pytest.raises(TypeError, match=r"argument: 'on'$"):
        registry.adopt("perisai")
