"""A law says by what it takes what it speaks of; what cannot be meant is an error."""

import subprocess
import sys

import pytest

from jamsos.domain.agent import Agent, AgentIncentiveAwarded, AgentReactivated
from jamsos.domain.calendar import Month
from jamsos.domain.participant import ParticipantMoved
from jamsos.domain.programme import ProgrammeRuleAmended
from jamsos.domain.quota import Quota, QuotaSeatTaken
from jamsos.errors import InputError
from jamsos.testing import law
from jamsos.testing.laws.speaking import Over
from jamsos.testing.names import GROUPS


def same(plan, dice):
    del dice
    return plan


def of_event(event: AgentReactivated) -> None: ...
def of_events(event: QuotaSeatTaken | ParticipantMoved) -> None: ...
def of_any_event(before, event, after, world): ...
def of_incentives(event: AgentIncentiveAwarded) -> None: ...
def of_rules(event: ProgrammeRuleAmended) -> None: ...
def of_step(command, answer): ...
def of_history(history): ...
def of_histories(history, other): ...
def of_nothing(): ...
def of_the_world(world): ...
def of_stranger(event, weather): ...
def of_typo(before: Agent, event: "AgentReactivate") -> None: ...  # noqa: F821


@pytest.mark.parametrize(
    ("holds", "over", "events"),
    [
        (of_event, Over.EVENT, (AgentReactivated,)),
        (of_events, Over.EVENT, (QuotaSeatTaken, ParticipantMoved)),
        (of_any_event, Over.EVENT, ()),
        (of_step, Over.STEP, ()),
        (of_history, Over.HISTORY, ()),
    ],
)
def test_the_arguments_of_a_function_say_what_the_law_speaks_of(holds, over, events):
    stated = law("It holds", cite="Example 1/2026")(holds)

    assert (stated.over, stated.events) == (over, events)
    assert (stated.name, stated.says, stated.cite) == (holds.__name__, "It holds", "Example 1/2026")


def test_a_law_over_two_histories_has_a_variant():
    assert law("It holds", cite="x", beside=same)(of_histories).over is Over.HISTORIES


def of_no_event(event: Agent): ...


def of_no_state(event, after: Month): ...


def of_strangers(before: Quota, event: AgentReactivated): ...


def of_no_change(before: Agent, after: Quota): ...


def of_agents(before: Agent, after: Agent): ...


def of_agents_and_seats(event, after: Agent | Quota): ...


def test_the_types_of_states_say_of_which_the_law_speaks():
    assert law("It holds", cite="x")(of_agents).states == (Agent,)
    assert law("It holds", cite="x")(of_agents_and_seats).states == (Agent, Quota)
    assert law("It holds", cite="x")(of_any_event).states == ()


def test_one_group_may_be_named_as_it_is():
    assert law("It holds", cite="x", about="agents")(of_event).about == ("agents",)


def test_where_assertions_are_left_out_no_law_can_be_checked():
    program = "from jamsos.testing import check, families; check(families.round_trip())"
    done = subprocess.run([sys.executable, "-O", "-c", program], capture_output=True, check=False)

    assert done.returncode == 1
    assert b"InputError: Python runs with -O, and leaves out what laws assert" in done.stderr


@pytest.mark.parametrize(
    ("holds", "about"),
    [
        (of_agents, ("seats", "agents", "participants")),
        (of_agents_and_seats, ("seats", "agents", "participants", "rules")),
        (of_event, ("seats", "agents", "participants")),
        (of_events, ("seats", "agents", "participants", "rules")),
        (of_any_event, GROUPS),
        (of_incentives, ("seats", "agents", "participants", "incentives")),
        (of_rules, ("rules", "evaluations")),
        (of_step, GROUPS),
    ],
)
def test_the_types_of_events_say_what_histories_are_about(holds, about):
    assert law("It holds", cite="x")(holds).about == about


def test_an_author_may_say_what_histories_are_about():
    assert law("It holds", cite="x", about=["agents"])(of_event).about == ("agents",)


@pytest.mark.parametrize(
    ("holds", "named", "said"),
    [
        (of_nothing, {}, "takes nothing"),
        (of_the_world, {}, "takes world"),
        (of_stranger, {}, "takes event, weather"),
        (of_histories, {}, "two histories need both"),
        (of_history, {"beside": same}, "two histories need both"),
        (of_typo, {}, "has types that cannot be read"),
        (of_event, {"about": ["agent"]}, r"is about \['agent'\]: choose from seats"),
        (of_event, {"about": []}, "is about nothing"),
        (of_event, {"about": "seat"}, r"is about \['seat'\]"),
        (of_no_event, {}, "takes event of type Agent, and there is none: name one such as Agent"),
        (of_no_state, {}, "takes after of type Month, and there is none: name one such as Agent"),
        (of_strangers, {}, "takes before, event and after of types that never come together"),
        (of_no_change, {}, "takes before, event and after of types that never come together"),
        (lambda event: event, {}, "can assert nothing: state it with def"),
    ],
)
def test_a_law_that_cannot_be_meant_is_an_error_that_names_it(holds, named, said):
    with pytest.raises(InputError, match=f"the law {holds.__name__} {said}|{said}"):
        law("It holds", cite="x", **named)(holds)
