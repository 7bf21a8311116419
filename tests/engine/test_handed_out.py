"""What is handed out cannot be changed, and so what is kept is never changed through it."""

from __future__ import annotations

import copy
import pickle
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import attrs
import pytest

import jamsos
from jamsos.domain.calendar import Month, Months
from jamsos.domain.geography import PROVINCES
from jamsos.domain.rule import Conflict
from jamsos.engine.live import SHIPPED
from jamsos.engine.setting import setting
from jamsos.errors import InputError
from jamsos.policies.standard import STANDARD
from jamsos.rulebook import everything, instruments, law, sources
from jamsos.store import states
from tests.engine.beginnings import agent, participant
from tests.faults.guarantees import promised

CHANGEABLE = dict | list | set | bytearray | Counter | deque
DAY = date(2019, 3, 4)
MARCH = Month(2019, 3)


def changeable(value: Any, path: str, seen: set[int]) -> Iterator[str]:  # noqa: C901 - one case a kind
    """Yield where in *value* there is something that can be changed."""
    if id(value) in seen:
        return
    seen.add(id(value))
    if isinstance(value, CHANGEABLE):
        yield path
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield from changeable(key, f"{path} key", seen)
            yield from changeable(each, f"{path}[{key!r}]", seen)
    elif isinstance(value, tuple | frozenset | list | set):
        for each in value:
            yield from changeable(each, f"{path}[]", seen)
    elif type(value).__module__.startswith("jamsos.") and not callable(value):
        for name in dir(type(value)):
            if not name.startswith("_") and not callable(getattr(type(value), name, None)):
                with suppress(InputError):  # a number of a rule that has names
                    yield from changeable(getattr(value, name), f"{path}.{name}", seen)
        if attrs.has(type(value)):
            for field in attrs.fields(type(value)):
                if not field.name.startswith("_"):
                    with pytest.raises(AttributeError):
                        setattr(value, field.name, None)


@pytest.fixture
def cases() -> list[Any]:
    """List the cases that policies were given."""
    return []


@pytest.fixture
def registry(cases: list[Any], tmp_path: Path) -> Iterator[jamsos.Registry]:
    """Open a registry in which something of every kind has happened."""
    extra = {case: [cases.append] for case in STANDARD}
    setting().enact_in(tmp_path / "office.db")
    with jamsos.open(tmp_path / "office.db", policies=extra) as r:
        r.allot("perisai", 9, on=DAY).or_raise()
        r.share_out("perisai", 3, {"51": 2, "52": 1}, on=DAY)
        for number in (1, 2):
            r.recruit(agent(number), "perisai", province="51", on=DAY).or_raise()
            for step in (r.begin_training, r.certify, r.assign):
                step(agent(number), on=DAY).or_raise()
            r.register(participant(number), province="51", agent=agent(number), on=DAY).or_raise()
            r.pay(
                participant(number), reference="F-1", months="2019-03", income=1_000_000,
                amount=16_800, on=DAY,
            ).or_raise()  # fmt: skip
        r.pay(
            participant(1), reference="F-2", months="2019-04", income=1, amount=1, on=DAY
        )  # refused
        r.award_incentives("perisai", MARCH, on=date(2019, 4, 1))
        r.correct(participant(2), corrects="F-1", on=date(2019, 4, 2)).or_raise()
        r.award_incentives("perisai", MARCH, on=date(2019, 4, 2))
        r.move(participant(1), province="52", on=date(2019, 4, 2))
        r.transfer(participant(1), agent=agent(2), on=date(2019, 4, 3)).or_raise()
        r.leave(participant(2), reason="other", on=date(2019, 4, 3))
        r.open_evaluation("perisai", "one", trigger="an example", on=DAY)
        r.conclude_evaluation(
            "perisai", "one", outcome="raise", month=MARCH, after_months=1, on=date(2019, 5, 1)
        )
        r.deactivate(agent(1), on=date(2019, 9, 2)).or_raise()
        r.reactivate(agent(1), on=date(2019, 10, 1))
        yield r


def found(**values: Any) -> list[str]:
    seen: set[int] = set()
    return [path for name, value in values.items() for path in changeable(value, name, seen)]


@promised(
    "States, counts, sums and events cannot be changed.",
    fault="handed_out",
)
def test_states_counts_sums_and_events_cannot_be_changed(registry):
    assert not found(
        agent=registry.agent(agent(1)),
        other=registry.agent(agent(2)),
        participant=registry.participant(participant(1)),
        another=registry.participant(participant(2)),
        programme=registry.programme("perisai"),
        jkk=registry.programme("jkk"),
        quota=registry.quota("perisai"),
        province=registry.quota("perisai", "51"),
        count=registry.count(MARCH, by=("segment", "province")),
        live=registry.live_count(MARCH, by=("segment", "province", "agent")),
        sums=registry.live_sums(SHIPPED[1], "allotted"),
        rebuilt=tuple(registry.rebuild()),
        measures=registry.measures("perisai", month=MARCH, months=3, after_months=1),
        unsettled=tuple(registry.unsettled("perisai", on=date(2019, 5, 1))),
        events=tuple(registry.history()),
    )


@pytest.mark.usefixtures("registry")
def test_cases_that_policies_are_given_cannot_be_changed(cases):
    assert {type(case) for case in cases} >= {*STANDARD} - {
        case for case in STANDARD if case.__name__ in {"Difference", "Repayment", "Amendment"}
    }
    assert not found(cases=tuple(cases))


def test_what_a_rulebook_and_a_setting_give_cannot_be_changed():
    begins = setting()

    assert not found(
        everything=everything(),
        law=law(everything()),
        instruments=instruments(),
        sources=sources(),
        states=begins.states,
        enacted=begins.law,
        founding=begins.founding,
        decides=begins.decides,
        provinces=PROVINCES,
        definitions=jamsos.DEFINITIONS,
    )


def test_a_what_if_on_the_rules_of_a_programme_leaves_the_cap_as_it_is(registry):
    rules = registry.programme("perisai").rules
    with pytest.raises(TypeError):
        rules["agent-cap", "national"] = ()

    assert registry.programme("perisai").rules == rules


@promised(
    "A policy that changes the case it was given: an error of that command, and nothing is"
    " changed.",
    fault="handed_out",
)
def test_a_policy_that_changes_a_case_is_an_error_of_that_command_and_changes_nothing():
    def cleared(case: Any) -> None:
        case.programme.rules.clear()

    [seating] = [case for case in STANDARD if case.__name__ == "Allotment"]
    with jamsos.open(":memory:", policies={seating: [cleared]}) as registry:
        registry.adopt("perisai", on=date(2018, 2, 5)).or_raise()
        before = registry.programme("perisai")
        with pytest.raises(AttributeError):
            registry.allot("perisai", 9, on=date(2018, 2, 5))

        assert registry.programme("perisai") == before
        assert registry.quota("perisai").allotted == 0


def test_what_agents_have_done_is_the_callers_own(registry):
    mine = registry.performance()
    mine.agents.clear()
    mine.position = 0

    assert registry.performance().agents.keys() == {agent(1), agent(2)}
    assert registry.performance().position == registry.last_position()


@pytest.mark.parametrize("value", [Month(2018, 1), Months.parse("2018-01/2018-03")])
def test_a_month_is_a_value(value):
    [name] = type(value).__slots__
    with pytest.raises(AttributeError, match="cannot be changed"):
        setattr(value, name, 0)
    with pytest.raises(AttributeError, match="cannot be changed"):
        delattr(value, name)

    for again in (copy.copy(value), copy.deepcopy(value), pickle.loads(pickle.dumps(value))):  # noqa: S301 - our own
        assert again == value


def test_conflicts_that_were_given_as_a_list_are_kept_as_they_were_then(registry):
    [rule, *_] = registry.programme("perisai").rules["agent-cap", "national"]
    given = [Conflict(rule.dated.value, rule.citation)]
    dated = attrs.evolve(rule.dated, conflicts=given)
    given.clear()

    assert len(dated.conflicts) == 1


def test_counts_and_sums_go_to_another_process(registry):
    for value in (registry.count(MARCH, by=("segment",)), registry.live_sums(SHIPPED[1], "taken")):
        assert pickle.loads(pickle.dumps(value)) == value  # noqa: S301 - our own


def test_a_state_that_is_read_back_from_a_snapshot_cannot_be_changed_either(registry):
    with jamsos.open(":memory:") as other:
        other.adopt("perisai", on=date(2017, 11, 20)).or_raise()
        read_back = {
            name: states.read(stream, states.written(state))
            for name, stream, state in [
                ("programme", "programme-perisai", registry.programme("perisai")),
                ("quota", "quota-perisai-national", registry.quota("perisai")),
                *((agent, agent, registry.agent(agent)) for agent in _streams(registry, "agent-")),
                *((p, p, registry.participant(p)) for p in _streams(registry, "participant-")),
            ]
        }

    assert len(read_back) > 3
    assert found(**read_back) == []


def _streams(registry, begin):
    return sorted({each.stream for each in registry.history() if each.stream.startswith(begin)})
