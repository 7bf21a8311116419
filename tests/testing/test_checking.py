"""A law is held, broken by the shortest history, or was never exercised; alike for one seed."""

from datetime import date

import pytest

from jamsos.commands.seats import Allot
from jamsos.domain.agent import (
    Agent,
    AgentFactVoided,
    AgentReactivated,
    AgentStatus,
    AgentTerminated,
    Return,
)
from jamsos.domain.calendar import months_after
from jamsos.domain.citation import Citation
from jamsos.domain.decision import Reason
from jamsos.domain.participant import Enrolment, ParticipantRegistered, Transfer
from jamsos.domain.quota import Quota, QuotaSeatTaken, Seating
from jamsos.errors import InputError
from jamsos.policies.agent_cap import in_force
from jamsos.policies.standard import STANDARD
from jamsos.testing import (
    Broken,
    Held,
    LawBrokenError,
    LawNotExercisedError,
    NotExercised,
    check,
    examine,
    law,
    only_if,
    report,
    setting,
)
from jamsos.testing.laws.judging import Judge
from jamsos.testing.search.simpler import _smaller

NO = Citation("Example 1/2026")


@law("No more agents hold seats than the cap in force", cite="perisai/agent-cap")
def within_the_cap(event: QuotaSeatTaken, after: Quota, world) -> None:
    cap = world.programme("perisai").rule("agent-cap", event.on).value
    assert after.taken <= cap, f"{after.taken} of {cap}"


@law("An agent is away for six months at the least", cite="perisai/agent-return-months")
def six_months(before: Agent, event: AgentReactivated) -> None:
    assert event.on >= months_after(before.deactivated_on, 6)


def one_too_many(case: Seating) -> Reason | None:
    cap, *_ = in_force(case.programme, case.quota.region, case.on)
    full = case.quota.taken > cap.value or case.quota.free <= 0
    return Reason("agent-cap", "It is full.", NO) if full else None


BROKEN = setting(policies={Seating: (one_too_many,)})


@pytest.mark.parametrize("seed", range(6))
def test_a_cap_that_is_off_by_one_is_broken_by_three_commands(seed):
    broken = examine(within_the_cap, seed=seed, begins=BROKEN)

    assert isinstance(broken, Broken)
    assert len(broken.plan) == 3
    assert broken.breaking.step == 2


def test_the_same_seed_finds_the_same_history():
    one, other = (examine(within_the_cap, seed=3, begins=BROKEN) for _ in range(2))

    assert (one.plan, one.histories, one.tries) == (other.plan, other.histories, other.tries)


def test_the_history_that_is_found_breaks_the_law_when_it_is_played_again():
    broken = examine(within_the_cap, begins=BROKEN)

    [*_, last] = broken.history.steps
    quota = last.happened[-1].after
    assert (
        quota.taken
        > broken.history.world.programme("perisai").rule("agent-cap", last.command.on).value
    )


def test_no_command_can_be_left_out_of_the_history_that_is_found():
    broken = examine(within_the_cap, begins=BROKEN)
    judge = Judge(broken.law, broken.begins)

    for number in range(len(broken.plan)):
        assert judge.plan(broken.plan[:number] + broken.plan[number + 1 :]) is None


@pytest.mark.parametrize("stated", [within_the_cap, six_months])
def test_a_law_of_the_rules_that_ship_is_held_and_says_what_it_exercised(stated):
    held = examine(stated, histories=150)

    assert type(held) is Held
    assert held.exercised > 0
    assert sum(held.outcomes.values()) == 150 * 30
    assert held.outcomes["recruit: accepted"] > 10
    assert any(name.startswith("recruit: refused") for name in held.outcomes)


def test_a_law_that_nothing_gave_an_occasion_to_is_not_held():
    @law("Nobody who was terminated has a seat", cite="x", about=["participants"])
    def no_seat(event: AgentTerminated, after: Agent) -> None:
        assert after.seat is None

    assert type(examine(no_seat, histories=20)) is NotExercised
    with pytest.raises(LawNotExercisedError) as raised:
        check(no_seat, histories=20)
    assert str(raised.value) == report(raised.value.outcome)


def test_a_law_of_one_kind_of_state_sees_no_other():
    @law("An agent who was terminated stays so, unless it was a mistake", cite="x")
    def stays(before: Agent, event, after: Agent) -> None:
        only_if(before.status is AgentStatus.TERMINATED)
        assert after.status is AgentStatus.TERMINATED or isinstance(event, AgentFactVoided)

    @law("Seats have events of their own", cite="x", about=["seats", "agents"])
    def of_seats(event, after: Quota) -> None:
        assert type(event).__name__.startswith("Quota"), after

    assert type(examine(stays, histories=100)) in {Held, NotExercised}
    assert type(examine(of_seats, histories=20)) is Held


def test_a_law_that_returns_something_is_an_error():
    @law("Nobody sits", cite="x")
    def nobody(event: QuotaSeatTaken) -> bool:
        return event is None

    with pytest.raises(InputError, match="the law nobody returned False: what it says nobody"):
        examine(nobody, histories=20)


def test_only_a_law_can_be_checked():
    with pytest.raises(InputError, match="is no law: state one with @jamsos"):
        check(lambda _: None)


@pytest.mark.parametrize("status", ["deactivated", "resigned", "terminated"])
def test_former_agents_are_asked_to_enrol_often_enough(status):
    @law("Former agents enrol nobody", cite="x", about=["seats", "agents", "participants"])
    def enrols_nobody(event: ParticipantRegistered, world) -> None:
        only_if(event.agent)
        assert world.agent(event.agent).status.value != status

    begins = setting(policies={Enrolment: (), Transfer: ()})
    assert isinstance(examine(enrols_nobody, begins=begins), Broken)


def test_an_event_that_a_law_does_not_speak_of_is_no_exercise():
    @law("Nothing", cite="x")
    def never(event: ParticipantRegistered) -> None:
        only_if(event.on < date(1990, 1, 1))
        raise AssertionError

    outcome = examine(never, histories=20)

    assert type(outcome) is NotExercised
    assert outcome.outcomes["register: accepted"] > 0


def test_a_law_over_commands_sees_refusals_too():
    seen = set()

    @law("Every refusal is cited", cite="x")
    def cited(command, answer, step) -> None:
        seen.add(step.outcome)
        only_if(step.outcome.startswith("refused"))
        assert all(reason.citation for reason in answer.reasons), command

    assert type(examine(cited, histories=30)) is Held
    assert {"accepted", "nothing new"} < seen


def test_a_law_over_whole_histories_sees_every_event():
    @law("Positions follow each other", cite="x")
    def gapless(history) -> None:
        assert [r.position for r in history] == list(range(1, history.world.position + 1))
        assert len(history.events) == sum(len(step.happened) for step in history.steps)

    assert examine(gapless, histories=20).exercised == 20


def test_a_law_over_two_histories_sees_the_other_plan_played():
    def shorter(plan, dice):
        del dice
        return plan[:1]

    @law("There is nothing after the first command", cite="x", beside=shorter)
    def nothing_more(history, other) -> None:
        assert len(other.steps) == 1
        assert len(history.events) == len(other.events)

    broken = examine(nothing_more, histories=20)

    assert isinstance(broken, Broken)
    assert len(broken.plan) <= 2


def test_check_raises_a_story_for_a_law_that_is_broken():
    with pytest.raises(LawBrokenError) as raised:
        check(within_the_cap, policies={Seating: (one_too_many,)})

    assert within_the_cap.says in str(raised.value)
    assert str(raised.value) == report(raised.value.broken)
    assert isinstance(raised.value, AssertionError)
    assert len(raised.value.broken.plan) == 3


def test_check_returns_what_was_exercised_where_the_law_holds():
    assert check(six_months, histories=100, policies={Return: STANDARD[Return]}).exercised > 0


def test_an_error_in_the_law_itself_is_raised_as_it_is():
    @law("Nothing", cite="x")
    def faulty(event: QuotaSeatTaken) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        examine(faulty, histories=50)


@pytest.mark.parametrize(("histories", "steps"), [(0, 30), (1, 0), (-1, 30)])
def test_nothing_can_be_shown_by_no_history(histories, steps):
    with pytest.raises(InputError, match="show nothing"):
        examine(six_months, histories=histories, steps=steps)


def test_a_simpler_number_is_smaller_and_never_less_than_nothing():
    assert list(_smaller(5)) == [0, 1, 2, 4]
    assert list(_smaller(1)) == [0, 0, 0]
    assert list(_smaller(0)) == []
    assert list(_smaller("1")) == []


def test_a_plan_is_printed_so_that_two_plans_can_be_told_apart():
    one = Allot("perisai", 1, on=date(2018, 1, 1))
    other = Allot("perisai", 2, on=date(2018, 1, 1))

    assert repr((one,)) != repr((other,))


# -- Laws that end the program, or assert nothing. ------------------------------------


@pytest.mark.parametrize("ends", [SystemExit(0), SystemExit, GeneratorExit])
def test_a_law_that_ends_the_program_is_an_error_of_that_law(ends):
    @law("It ends everything", cite=NO)
    def ending(event: QuotaSeatTaken, after: Quota) -> None:
        raise ends

    with pytest.raises(InputError, match=r"the law ending raised .*, which would end the program"):
        check(ending, histories=20)


def test_a_variant_that_ends_the_program_is_an_error_of_that_law():
    def beside(plan, dice):
        raise SystemExit(0)

    @law("It is the same beside", cite=NO, beside=beside)
    def same(history, other) -> None:
        assert history

    with pytest.raises(InputError, match="the law same raised SystemExit"):
        check(same, histories=2)


def test_an_interrupt_is_for_the_whole_program_and_not_for_a_law():
    @law("Somebody has had enough", cite=NO)
    def interrupted(event: QuotaSeatTaken, after: Quota) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check(interrupted, histories=20)


STRIPPED = """
@law("Nobody takes a second seat", cite="example")
def one_seat(event: QuotaSeatTaken, after: Quota) -> None:
    only_if(after)
    assert after.taken < 2
"""


@pytest.mark.parametrize("level", [1, 2])
def test_a_law_compiled_without_what_it_asserts_is_not_held(level):
    names = {"law": law, "only_if": only_if, "QuotaSeatTaken": QuotaSeatTaken, "Quota": Quota}
    exec(compile(STRIPPED, "nowhere", "exec", optimize=level), names)  # noqa: S102 - as -O does

    with pytest.raises(InputError, match="the law one_seat was compiled with -O"):
        check(names["one_seat"], histories=20)


def test_a_law_that_leaves_asserting_to_others_is_held():
    def there(quota):
        assert quota.allotted >= 0

    @law("No region has less than no seats", cite=NO)
    def seats(event: QuotaSeatTaken, after: Quota) -> None:
        there(after)

    assert check(seats, histories=20).exercised > 0
