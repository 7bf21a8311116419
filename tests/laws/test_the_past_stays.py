"""The past is never judged again: a change of law changes nothing before it."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given

from jamsos import Accepted, Recorded
from jamsos.commands.programmes import Adopt, Amend, Enact, EndRule
from jamsos.domain.agent import (
    AgentDeactivated,
    AgentReactivated,
    AgentRecruited,
)
from jamsos.domain.aggregate import Event
from jamsos.domain.aggregate import state as state_of
from jamsos.domain.geography import NATIONAL, Region
from jamsos.domain.identity import programme_stream
from jamsos.domain.programme import Programme
from jamsos.domain.quota import QuotaSeatReleased, QuotaSeatTaken
from jamsos.errors import RuleNotInForceError
from tests.laws.drawing import AGENCY, PROGRAMME, plans, tries
from tests.laws.playing import ask, open_, played, states, subject

CHANGES_OF_LAW = (Adopt, Enact, Amend, EndRule)
_BEFORE = (1, 2, *range(5, 250, 5))
"""So many days before its first one a new value is looked for."""


@given(plan=plans())
@tries(60)
def test_a_change_of_law_removes_nobody_and_leaves_everything_recorded_as_it_is(plan):
    with open_() as registry:
        for asked in plan:
            if not isinstance(asked, CHANGES_OF_LAW):
                ask(registry, asked)
                continue
            history, before = list(registry.history()), states(registry)
            answer = ask(registry, asked)
            after, law = states(registry), programme_stream(subject(asked))

            assert list(registry.history())[: len(history)] == history
            assert {s: after[s] for s in after if s != law} == {
                s: before[s] for s in before if s != law
            }
            assert not isinstance(answer, Accepted) or not any(
                isinstance(e, AgentDeactivated | QuotaSeatReleased) for e in answer.events
            )


@given(plan=plans(AGENCY))
@tries(60)
def test_a_new_value_of_a_rule_changes_no_day_before_its_first(plan):
    with open_() as registry:
        for asked in plan:
            before = registry.programme(PROGRAMME)
            answer = ask(registry, asked)
            if isinstance(asked, Amend) and isinstance(answer, Accepted):
                rule, value, first = (asked.rule, asked.scope), asked.value, asked.value.in_force
                after = registry.programme(PROGRAMME)

                for day in (first - timedelta(days=number) for number in _BEFORE):
                    assert _in_force(after, rule, day) == _in_force(before, rule, day)
                if answer.events:
                    assert _in_force(after, rule, first)[1:] == (value.value, value.citation)


@given(plan=plans(AGENCY))
@tries(60)
def test_the_rules_that_a_decision_names_were_in_force_on_its_day_and_say_the_same_for_ever(plan):
    law = programme_stream(PROGRAMME)
    programme = state_of(law, ())
    named: dict[str, object] = {}
    before: Recorded[Event] | None = None

    for recorded in played(plan):
        if recorded.stream == law:
            programme = state_of(law, [recorded.event], since=programme)
        for ref in getattr(recorded.event, "rules", ()):
            rule, _, scope = ref.split("/")[1].partition("@")
            in_force = _in_force(programme, (rule, scope or NATIONAL), recorded.event.on)
            assert in_force is not None
            assert in_force[0] == ref
            assert named.setdefault(ref, in_force) == in_force
        if isinstance(recorded.event, AgentRecruited | AgentReactivated):
            assert recorded.event.rules
        if isinstance(recorded.event, QuotaSeatTaken) and not recorded.event.rules:
            assert _ends_a_release(before, recorded)  # only as many are held as were before
        before = recorded


def _ends_a_release(before: Recorded[Event] | None, taken: Recorded[Event]) -> bool:
    return (
        before is not None
        and before.stream == taken.stream
        and isinstance(before.event, QuotaSeatReleased)
        and isinstance(taken.event, QuotaSeatTaken)
        and before.event.agent == taken.event.agent
        and before.event.on < taken.event.on
    )


def _in_force(programme: Programme, rule: tuple[str, str], on: date) -> object:
    try:
        found = programme.rule(rule[0], on, scope=Region(rule[1]))
    except RuleNotInForceError:
        return None
    return found.ref, found.value, found.citation
