"""Two settings are compared by playing the same histories in both."""

from __future__ import annotations

from datetime import date, timedelta

import attrs
import pytest

from jamsos.commands.contributions import Pay
from jamsos.commands.participants import Register
from jamsos.domain.agent import Return
from jamsos.domain.calendar import Month, Months, months_after
from jamsos.domain.citation import Citation
from jamsos.domain.decision import Reason, Refused
from jamsos.domain.participant import ParticipantContributionPaid
from jamsos.engine.setting import setting
from jamsos.engine.world import World
from jamsos.errors import InputError
from jamsos.policies.agent_evaluation import RETURN_RULE
from jamsos.rulebook import RuleFile, everything
from jamsos.testing.alike import alike
from jamsos.testing.comparing import Difference, Same, compare
from jamsos.testing.names import PEOPLE
from tests.testing.verbs import verb, verbs


def shipped(rule: str) -> RuleFile:
    return next(file for file in everything() if file.rule == rule)


def a_month_early(case: Return) -> Reason | None:
    since = case.agent.deactivated_on
    months = case.programme.rule(RETURN_RULE, case.on).value - 1
    if since is None or case.on >= months_after(since, months):
        return None
    return Reason("agent-return-months", "Too early.", Citation("example"))


def test_a_setting_is_the_same_as_itself_and_what_was_asked_is_told():
    same = compare(setting(), setting(), histories=60)
    assert isinstance(same, Same)
    assert same.histories == 60
    assert sum(same.outcomes.values()) == 60 * 30
    assert same.outcomes["recruit: accepted"] > 20


def test_other_notes_and_other_names_of_the_same_rules_make_no_difference():
    file = shipped("agent-idle-months")
    value = file.values[0]
    split = value.in_force + timedelta(days=60)
    parts = (
        attrs.evolve(value, until=split - timedelta(days=1), note="the first part"),
        attrs.evolve(value, in_force=split),
    )
    same = compare(setting(), setting([attrs.evolve(file, values=parts)]), histories=60)
    assert isinstance(same, Same)


@pytest.mark.parametrize("seed", range(3))
def test_of_a_difference_that_was_found_nothing_can_be_left_out(seed):
    a, b = setting(), setting(policies={Return: (a_month_early,)})
    found = compare(a, b, seed=seed)
    assert isinstance(found, Difference)
    assert verb(found.plan[-1]) == "reactivate"
    assert found.step == len(found.plan) - 1
    assert isinstance(found.a.answer, Refused)
    assert RETURN_RULE in found.a.outcome
    assert RETURN_RULE not in found.b.outcome
    for out in range(len(found.plan)):
        rest = found.plan[:out] + found.plan[out + 1 :]
        assert all(map(alike, World(a).play(rest), World(b).play(rest)))


def test_two_rule_files_differ_where_a_value_does():
    file = shipped("bpu-amount")
    dearer = tuple(attrs.evolve(v, value=v.whole + 100) for v in file.values)
    found = compare(setting(), setting([attrs.evolve(file, values=dearer)]))
    assert isinstance(found, Difference)
    assert verbs(found.plan) == ["register", "pay"]
    assert {found.a.outcome, found.b.outcome} == {"accepted", "refused: payment"}


def test_a_setting_in_which_a_rule_begins_later_differs_before_that_day():
    file = shipped("agent-idle-months")
    later = file.values[0].in_force + timedelta(days=200)
    late = attrs.evolve(file, values=(attrs.evolve(file.values[0], in_force=later),))
    found = compare(setting(), setting([late], instead=True))
    assert isinstance(found, Difference)
    assert found.plan[-1].on < later
    assert found.b.outcome == "error: RuleNotInForceError"


@pytest.mark.parametrize("seed", range(8))
def test_the_shortest_difference_is_found_whatever_the_seed(seed):
    def shortest(rule, value):
        file = shipped(rule)
        own = attrs.evolve(file, values=(attrs.evolve(file.values[0], value=value),))
        plan = compare(setting(), [own], seed=seed).plan
        return verb(plan[-1]), len(plan)

    assert shortest("agent-return-months", 5) == ("reactivate", 7)
    # An idle agent is deactivated; and an evaluation counts them as productive for so long.
    assert shortest("agent-idle-months", 2) in {("deactivate", 6), ("conclude_evaluation", 8)}


def test_a_rule_file_comes_on_top_of_those_that_ship_from_its_first_day_on():
    file = shipped("agent-return-months")
    later = attrs.evolve(file.values[0], value=5, in_force=date(2018, 6, 1))
    found = World(setting([attrs.evolve(file, values=(later,))])).programme("perisai")

    assert found.rule("agent-return-months", date(2018, 5, 31)).value == 6
    assert found.rule("agent-return-months", date(2018, 6, 1)).value == 5
    alone = World(setting([attrs.evolve(file, values=(later,))], instead=True))
    assert alone.programme("perisai").in_force("agent-return-months", date(2018, 5, 31)) is None


def test_histories_begin_about_the_first_days_of_ones_own_rules():
    file = next(f for f in everything() if (f.programme, f.rule) == ("jkm", "bpu-amount"))
    dearer = attrs.evolve(file.values[0], value=7_200, in_force=date(2026, 9, 1))
    found = compare(setting(), [attrs.evolve(file, values=(dearer,))])

    assert isinstance(found, Difference)
    assert verbs(found.plan) == ["register", "pay"]


def test_where_nothing_differs_the_values_are_named_that_no_answer_named():
    file = shipped("office-agents-least")  # no policy reads it
    other = attrs.evolve(file.values[0], value=99, in_force=date(2018, 6, 1))
    same = compare(setting(), [attrs.evolve(file, values=(other,))], histories=40)

    assert isinstance(same, Same)
    assert same.unnamed == ("perisai/office-agents-least (2018-06-01)",)
    assert compare(setting(), setting(), histories=5).unnamed == ()


def test_a_rule_stands_in_one_file():
    file = shipped("agent-return-months")

    with pytest.raises(InputError, match="agent-return-months stands in two files"):
        setting([file, file])


def test_a_difference_is_told_as_a_story_with_both_answers():
    found = compare(setting(), setting(policies={Return: ()}))
    assert isinstance(found, Difference)
    for language in ("en", "id"):
        *told, one, other = found.story(language)
        assert len(told) >= len(found.plan)
        assert one.startswith(f"a: {found.a.outcome}: The agent was deactivated on")
        assert other.startswith(f"b: {found.b.outcome}: ")


def test_the_same_seed_finds_the_same_history():
    a, b = setting(), setting(policies={Return: ()})
    one, other = compare(a, b, seed=7), compare(a, b, seed=7)
    assert isinstance(one, Difference)
    assert isinstance(other, Difference)
    assert repr(one.plan) == repr(other.plan)
    assert (one.histories, one.tries) == (other.histories, other.tries)


def test_steps_that_were_decided_under_another_name_of_a_rule_are_alike():
    on = date(2018, 1, 15)
    worlds = [World(), World()]
    for world in worlds:
        world.ask(Register(PEOPLE[0], province="51", on=on))
    [paid] = [
        h
        for h in worlds[0].ask(_payment(on)).happened
        if isinstance(h.event, ParticipantContributionPaid)
    ]
    assert paid.event.check is not None
    step = worlds[1].ask(_payment(on))
    check = attrs.evolve(paid.event.check, rules=())
    renamed = attrs.evolve(paid, event=attrs.evolve(paid.event, check=check))
    assert alike(step, attrs.evolve(step, happened=[renamed]))
    dearer = attrs.evolve(paid, event=attrs.evolve(paid.event, amount=1))
    assert not alike(step, attrs.evolve(step, happened=[dearer]))


def _payment(on):
    month = Month.of(on)
    return Pay(
        PEOPLE[0],
        reference="1",
        months=Months.between(month, month),
        income=1_000_000,
        amount=16_800,
        on=on,
    )


@pytest.mark.parametrize(("histories", "steps"), [(0, 30), (10, 0)])
def test_no_histories_or_no_steps_show_nothing(histories, steps):
    with pytest.raises(InputError, match="show nothing"):
        compare(setting(), setting(), histories=histories, steps=steps)
