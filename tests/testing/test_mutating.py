"""Laws are tested by changing the rules a little: what no law notices is named."""

from __future__ import annotations

import inspect
from datetime import date, timedelta

import attrs
import pytest

from jamsos.commands.agents import Reactivate, Recruit
from jamsos.commands.seats import Allot
from jamsos.domain.agent import Agent, AgentDeactivated, AgentReactivated, Return
from jamsos.domain.calendar import months_after
from jamsos.domain.citation import Citation
from jamsos.domain.decision import Reason
from jamsos.domain.quota import Quota, QuotaSeatTaken, Seating
from jamsos.domain.value import Row, Table
from jamsos.engine.world import World
from jamsos.errors import InputError
from jamsos.policies import agent_cap
from jamsos.policies.agent_evaluation import RETURN_RULE
from jamsos.rulebook import RuleFile, everything
from jamsos.testing import law, only_if
from jamsos.testing.mutating import mutants, unnoticed

ON = date(2018, 1, 15)


@law(
    "An agent returns six months after deactivation at the earliest",
    cite="example",
    about=("seats", "agents"),
)
def six_months(before: Agent, event: AgentReactivated) -> None:
    assert before.deactivated_on is not None
    assert event.on >= months_after(before.deactivated_on, 6)


@law("An agent who was idle was so for three months", cite="example")
def three_idle_months(event: AgentDeactivated) -> None:
    only_if(event.idle_months is not None)
    assert event.idle_months is not None


@law("Nobody takes a seat that is not there", cite="example")
def seats(event: QuotaSeatTaken, after: Quota) -> None:
    assert event.agent
    assert after.taken <= after.allotted


def shipped(rule: str, programme: str = "perisai") -> RuleFile:
    return next(f for f in everything() if (f.programme, f.rule) == (programme, rule))


def said(*files: RuleFile) -> list[str]:
    return [f"{m.what} {m.old} -> {m.new}" for m in mutants(files)]


# -- What is changed. --------------------------------------------------------------------


def test_a_whole_number_is_changed_by_one_and_never_below_nothing():
    file = shipped("agent-return-months")
    assert said(file)[:2] == ["value 6 -> 5", "value 6 -> 7"]
    nothing = attrs.evolve(file, values=(attrs.evolve(file.values[0], value=0),))
    assert said(nothing)[0] == "value 0 -> 1"
    assert sum(each.startswith("value") for each in said(nothing)) == 1


def test_a_mutant_decides_by_the_changed_value():
    five, seven, *_ = mutants([shipped("agent-return-months")])
    worlds = (World(five.begins), World(seven.begins), World())
    assert [w.programme("perisai").rule(RETURN_RULE, ON).value for w in worlds] == [5, 7, 6]


def test_a_rate_is_changed_by_a_hundredth_of_a_per_cent_and_stays_within_the_whole():
    file = shipped("bpu-rate", "jht")
    assert said(file)[:2] == ["value 2 % -> 1.99 %", "value 2 % -> 2.01 %"]
    whole = attrs.evolve(file, values=(attrs.evolve(file.values[0], value=100_000),))
    assert said(whole)[0] == "value 100 % -> 99.99 %"
    assert sum(each.startswith("value") for each in said(whole)) == 1


def test_of_brackets_each_number_and_each_lower_bound_is_changed_by_one():
    file = attrs.evolve(shipped("bpu-amount", "jkm"), rule="house-rule")
    table = Table((Row(0, 10), Row(5, 20), Row(6, 20)))
    value = attrs.evolve(file.values[0], value=table, conflicts=())
    changes = said(attrs.evolve(file, values=(value,)))
    assert [each for each in changes if each.startswith("from")] == [
        "from 0: 10 -> 9",
        "from 0: 10 -> 11",
        "from 5: 20 -> 19",
        "from 5: 20 -> 21",
        "from 6: 20 -> 19",
        "from 6: 20 -> 21",
    ]
    assert [each for each in changes if each.startswith("lower bound")] == [
        "lower bound 0 -> 1",
        "lower bound 5 -> 4",
        "lower bound 6 -> 7",
    ]


def test_names_are_left_as_they_are():
    file = shipped("bpu-optional-programmes", "jkk")
    assert all(each.startswith(("in_force", "until")) for each in said(file))


def test_a_day_between_two_values_is_moved_in_both_so_that_each_day_keeps_one_value():
    file = shipped("agent-idle-months")
    value = attrs.evolve(file.values[0], until=None)
    border = value.in_force + timedelta(days=100)
    first = attrs.evolve(value, until=border - timedelta(days=1))
    second = attrs.evolve(value, value=9, in_force=border, until=border + timedelta(days=9))
    found = [*mutants([attrs.evolve(file, values=(first, second))])]
    days = [m for m in found if m.what in {"in_force", "until"}]
    assert [(m.what, m.old) for m in days] == [
        ("in_force", str(value.in_force)),
        ("in_force", str(value.in_force)),
        ("in_force", str(border)),
        ("in_force", str(border)),
        ("until", str(second.until)),
        ("until", str(second.until)),
    ]
    sooner, later = (World(m.begins).programme("perisai") for m in days[2:4])
    eve = border - timedelta(days=1)
    assert [p.rule(file.rule, eve).value for p in (sooner, later)] == [9, value.value]
    assert [p.rule(file.rule, border).value for p in (sooner, later)] == [9, value.value]


def test_a_mutant_says_on_one_line_what_is_changed_where_and_for_which_days():
    until = date(2018, 12, 31)
    file = shipped("agent-idle-months")
    value = attrs.evolve(file.values[0], until=until)
    regional = attrs.evolve(file, scope="51", values=(value,))
    first = next(iter(mutants([regional])))
    days = f"in force {value.in_force} to 2018-12-31"
    assert first.says == f"perisai/agent-idle-months@51: value 3 -> 2, {days}"
    assert (first.first, first.last) == (value.in_force, until)


def test_each_comparison_of_a_policy_is_changed_where_both_sides_are_equal():
    found = [*mutants(policies={Seating: (agent_cap.seat_is_free,)})]
    signs = [(">=", ">"), (">=", ">"), (">=", ">"), (">", ">=")]
    assert [(m.old, m.new) for m in found] == signs
    assert all(m.where.startswith("agent_cap.py:") for m in found)
    lines = [int(m.where.rpartition(":")[2]) for m in found]
    text = inspect.getsource(agent_cap).splitlines()
    assert all(f" {m.old} " in text[n - 1] for m, n in zip(found, lines, strict=True))
    assert found[0].says == f"{found[0].where}: comparison >= -> >"


def test_a_changed_policy_decides_otherwise_where_both_sides_are_equal_and_alike_elsewhere():
    changed, *_ = mutants(policies={Seating: (agent_cap.seat_is_free,)})
    outcomes = []
    for world in (World(), World(changed.begins)):
        world.ask(Allot("perisai", 1, on=ON))
        agents = [f"agent-00000000-0000-7000-8000-{n:012}" for n in range(3)]
        asked = [Recruit(a, "perisai", province="51", on=ON) for a in agents]
        outcomes.append([step.outcome for step in world.play(asked)])
    assert outcomes[0] == ["accepted", "refused: seat-allotment", "refused: seat-allotment"]
    assert outcomes[1] == ["accepted", "accepted", "refused: seat-allotment"]


def test_a_policy_that_is_made_inside_of_a_function_is_an_error():
    def own(case: Return) -> Reason | None:
        return Reason("own", "No.", Citation("x")) if case.on < limit else None

    limit = ON
    with pytest.raises(InputError, match="policy own is made inside of a function"):
        list(mutants(policies={Return: (own,)}))
    with pytest.raises(InputError, match="cannot be read"):
        list(mutants(policies={Return: (len,)}))


# -- What is noticed. --------------------------------------------------------------------


def test_a_law_about_six_months_notices_five_and_names_seven():
    found = unnoticed([six_months], only=["agent-return-months"])
    says = [mutant.says for mutant in found]
    assert not any("6 -> 5" in each for each in says)
    assert says[0] == "perisai/agent-return-months: value 6 -> 7, in force 2017-11-01 to .."


def test_a_second_law_that_says_when_an_agent_may_return_notices_seven_too():
    @law(
        "An agent who was away for six months may return", cite="example", about=("seats", "agents")
    )
    def after_six(step, world) -> None:
        asked = step.command
        only_if(isinstance(asked, Reactivate) and step.outcome == f"refused: {RETURN_RULE}")
        since = world.agent(asked.agent).deactivated_on
        assert asked.on < months_after(since, 6)

    found = unnoticed([six_months, after_six], only=["agent-return-months"])
    assert not any(mutant.what == "value" for mutant in found)


def test_a_law_that_asserts_nothing_of_a_rule_notices_none_of_its_mutants():
    everything_there_is = [*mutants([shipped("agent-idle-months")])]
    found = unnoticed([three_idle_months], only=["agent-idle-months"], histories=10)
    assert [m.says for m in found] == [m.says for m in everything_there_is]


def test_of_policies_it_names_the_line_that_no_law_notices():
    found = unnoticed([seats], policies={Seating: (agent_cap.seat_is_free,)}, histories=100)
    every = [*mutants(policies={Seating: (agent_cap.seat_is_free,)})]
    assert every[0].where not in {mutant.where for mutant in found}
    assert {mutant.where for mutant in found} < {mutant.where for mutant in every}


def test_only_the_authors_own_rules_are_changed_and_those_that_are_not_named_stay():
    own = attrs.evolve(
        shipped("agent-idle-months"),
        values=(attrs.evolve(shipped("agent-idle-months").values[0], value=4),),
    )
    rules = (own, shipped("agent-return-months"))
    found = unnoticed([seats], rules, only=["agent-return-months"], histories=5)
    assert {mutant.where for mutant in found} == {"perisai/agent-return-months"}
    kept = World(found[0].begins).programme("perisai")
    assert kept.rule("agent-idle-months", ON).value == 4


def test_a_law_that_is_broken_as_things_stand_is_an_error():
    @law("Nobody ever takes a seat", cite="example")
    def never(event: QuotaSeatTaken) -> None:
        assert not event.agent

    with pytest.raises(InputError, match="the law never is broken by the rules as they are"):
        unnoticed([never], only=["agent-return-months"], histories=10)


@pytest.mark.parametrize("size", [{"histories": 0}, {"steps": 0}])
def test_by_no_history_nothing_is_noticed_and_so_nothing_can_be_named(size):
    with pytest.raises(InputError, match="show nothing"):
        unnoticed([six_months], only=["agent-return-months"], **size)


@pytest.mark.parametrize("name", [RETURN_RULE, f"perisai/{RETURN_RULE}", [RETURN_RULE]])
def test_a_rule_is_named_alone_or_with_its_programme(name):
    found = unnoticed([seats], only=name, histories=2)

    assert {mutant.where for mutant in found} == {f"perisai/{RETURN_RULE}"}


def test_policies_that_can_be_read_only_once_are_changed_all_the_same():
    given = unnoticed([seats], policies={Seating: (agent_cap.seat_is_free,)}, histories=20)
    once = unnoticed([seats], policies={Seating: iter([agent_cap.seat_is_free])}, histories=20)

    assert [mutant.says for mutant in once] == [mutant.says for mutant in given] != []


def test_rules_are_changed_as_they_stand_in_a_file(tmp_path):
    path = tmp_path / "five.toml"
    path.write_text(
        """
programme = "perisai"
rule = "agent-return-months"
means = "When an agent may return."
unit = "months"
value = [
    { value = 5, in_force = 2018-01-01, status = "assumed", citation = { instrument = "x" } },
]
"""
    )
    found = unnoticed([seats], path, histories=2)

    assert found[0].says.startswith("perisai/agent-return-months: value 5 -> ")
    with pytest.raises(InputError, match="there is no rule agent-cap to change: name some there"):
        unnoticed([seats], path, only="agent-cap")


def test_a_rule_that_there_is_not_cannot_be_changed():
    with pytest.raises(InputError, match="there is no rule agent-cup to change"):
        unnoticed([seats], only=["agent-cup"])
    with pytest.raises(InputError, match="there is no rule at all to change"):
        unnoticed([seats], ())


def test_a_mutant_by_which_nothing_can_be_decided_is_noticed():
    @law("A rule is there", cite="example", about=("seats", "agents"))
    def there(event: AgentReactivated, world: World) -> None:
        only_if(event.on)
        assert world.programme("perisai").rule(RETURN_RULE, date(2017, 11, 1)).value

    found = unnoticed([there], only=["agent-return-months"], histories=100)
    assert "in_force 2017-11-01 -> 2017-11-02" not in {
        f"{m.what} {m.old} -> {m.new}" for m in found
    }
