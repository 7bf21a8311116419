"""A case of a decision: what is given, what is asked, and what is then expected."""

from datetime import date

import attrs
import pytest

from jamsos import Citation, DatedValue, Month, Reason, Status
from jamsos.commands.agents import Assign, Certify, EvaluateAgents, Recruit
from jamsos.commands.seats import Allot
from jamsos.domain import agent
from jamsos.domain.agent import (
    AgentAssigned,
    AgentCertified,
    AgentDeactivated,
    AgentRecruited,
    AgentStatus,
    AgentTrainingBegun,
    DeactivationReason,
)
from jamsos.domain.decision import Accepted
from jamsos.domain.programme import ProgrammeRuleEnacted
from jamsos.domain.quota import Allotment, QuotaAllotted, QuotaSeatTaken, Seating
from jamsos.engine.setting import setting
from jamsos.errors import InputError, NotFoundError, RuleNotInForceError
from jamsos.policies.agent_cap import allotment_is_under_the_cap
from jamsos.testing.cases import given
from jamsos.testing.names import AGENTS, PEOPLE

ONE, TWO = AGENTS[:2]
DAY = date(2018, 2, 5)
SEATS = "quota-perisai-national"
RECRUITED = AgentRecruited(
    programme="perisai", province="51", region="national", rules=(), on=date(2018, 1, 2)
)
TRAINED = AgentTrainingBegun(on=date(2018, 1, 8))
ONE_SEAT = QuotaAllotted(
    programme="perisai", region="national", seats=1, source=None, rules=(), on=date(2018, 1, 2)
)
IN_TRAINING = given(RECRUITED, TRAINED, of=ONE)


def full(case):
    del case
    return Reason("full", "There is no room.", Citation("example"))


# -- What is answered. -----------------------------------------------------------------


def test_a_command_is_decided_on_what_was_given_and_its_events_are_expected():
    IN_TRAINING.when("certify", ONE, on=DAY).then(AgentCertified(on=DAY))


def test_an_event_may_be_expected_by_its_type():
    case = given((SEATS, ONE_SEAT)).when("recruit", ONE, "perisai", province="51", on=DAY)

    case.then(AgentRecruited, QuotaSeatTaken)
    with pytest.raises(AssertionError, match="expected:\n  any QuotaSeatTaken\n  any AgentRec"):
        case.then(QuotaSeatTaken, AgentRecruited)


def test_commands_are_given_by_asking_them():
    case = given(
        Allot("perisai", 1, on=DAY),
        Recruit(ONE, "perisai", province="51", on=DAY),
    ).when("recruit", TWO, "perisai", province="51", on=DAY)

    case.then_refused("seat-allotment")


def test_a_command_that_was_granted_before_is_expected_as_nothing():
    IN_TRAINING.when("begin_training", ONE, on=TRAINED.on).then_nothing()


def test_a_question_that_cannot_be_meant_is_expected_as_an_error():
    IN_TRAINING.when("certify", "agent-1", on=DAY).then_raises(InputError)
    given().when("allot", "nobody", 1, on=DAY).then_raises(NotFoundError)
    given().when("allot", "perisai", 1, on=date(2016, 1, 1)).then_raises(RuleNotInForceError)


def test_a_case_begins_with_the_law_and_the_policies_that_it_is_told():
    begins = setting(policies={Seating: [full]})

    case = given((SEATS, ONE_SEAT), begins=begins)

    case.when("recruit", ONE, "perisai", province="51", on=DAY).then_refused("full")


def test_many_questions_are_asked_of_the_same_given_and_none_changes_it():
    for _ in range(2):
        IN_TRAINING.when("certify", ONE, on=DAY).then(AgentCertified)
    assert IN_TRAINING.world.agent(ONE).status is AgentStatus.IN_TRAINING
    assert IN_TRAINING.when("certify", ONE, on=DAY).world.agent(ONE).status is AgentStatus.CERTIFIED


def test_a_method_of_the_desk_is_asked_by_its_name_as_its_command_is():
    named = IN_TRAINING.when("certify", ONE, on=DAY)

    assert named.answer == IN_TRAINING.when(Certify(ONE, on=DAY)).answer
    assert named.asked == IN_TRAINING.when(Certify(ONE, on=DAY)).asked


def test_an_expansion_into_many_commands_is_asked_too():
    IN_TRAINING.when(EvaluateAgents("perisai", on=DAY)).then_nothing()
    IN_TRAINING.when("evaluate_agents", "perisai", on=DAY).then_nothing()


def test_a_decider_of_ones_own_decides_in_a_case():
    def hurried(command, read, judges):
        return [(command.agent, agent.certify(read.agent(command.agent), on=command.on))]

    case = given(RECRUITED, TRAINED, of=ONE, begins=setting(deciders={Assign: hurried}))

    case.when(Assign(ONE, on=DAY)).then(AgentCertified(on=DAY))


# -- Deciders and policies alone. --------------------------------------------------------


def test_a_decider_is_handed_the_state_of_the_stream_that_was_given():
    case = IN_TRAINING.when(agent.certify, on=DAY)

    case.then(AgentCertified(on=DAY))
    assert case.world.agent(ONE).status is AgentStatus.CERTIFIED
    IN_TRAINING.when(agent.assign, on=DAY).then_refused("agent-lifecycle")


def test_a_decider_needs_to_know_on_whom_it_decides():
    with pytest.raises(InputError, match="tell which"):
        given((ONE, RECRUITED)).when(agent.begin_training, on=DAY)


def test_an_error_that_a_decider_raises_is_its_answer():
    def cannot(state, *, on):
        raise InputError(state.id, on)

    IN_TRAINING.when(cannot, on=DAY).then_raises(InputError)


def test_the_arguments_of_a_decider_follow_the_state():
    def certified(state, on, *, wait):
        assert (state.id, wait) == (ONE, 0)
        return Accepted(AgentCertified(on=on))

    IN_TRAINING.when(certified, DAY, wait=0).then(AgentCertified(on=DAY))


def test_a_policy_is_judged_alone():
    nothing = given()
    quota = nothing.world.quota("perisai")
    case = Allotment(
        programme=nothing.world.programme("perisai"),
        quota=quota,
        national=quota,
        seats=1_200,
        source=None,
        on=date(2017, 11, 20),
    )

    nothing.judge(allotment_is_under_the_cap, case).then_nothing()
    nothing.judge(allotment_is_under_the_cap, attrs.evolve(case, seats=1_201)).then_refused(
        "agent-cap"
    )
    too_early = attrs.evolve(case, on=date(2016, 1, 1))
    nothing.judge(allotment_is_under_the_cap, too_early).then_raises(RuleNotInForceError)


# -- Where another answer comes. ---------------------------------------------------------


def told(expect, *expected):
    with pytest.raises(AssertionError) as failed:
        expect(*expected)
    return str(failed.value)


def test_a_case_that_fails_shows_what_was_expected_and_what_came_one_event_a_line():
    case = IN_TRAINING.when("certify", ONE, on=DAY)

    assert told(case.then, AgentCertified(on=date(2018, 2, 6))) == (
        f"when certify({ONE}, on=2018-02-05)\n"
        "expected:\n"
        "  AgentCertified(on=datetime.date(2018, 2, 6))\n"
        "came:\n"
        "  AgentCertified(on=datetime.date(2018, 2, 5))\n"
        "event 1 has another on: datetime.date(2018, 2, 5), not datetime.date(2018, 2, 6)"
    )
    assert told(case.then, AgentAssigned(on=DAY)).endswith("event 1 is of another type")
    assert told(case.then, AgentCertified, AgentAssigned).endswith(
        "expected:\n  any AgentCertified\n  any AgentAssigned\n"
        "came:\n  AgentCertified(on=datetime.date(2018, 2, 5))"
    )
    assert told(case.then_refused, "agent-cap", "late").endswith(
        "expected:\n  refused by agent-cap\n  refused by late\n"
        "came:\n  AgentCertified(on=datetime.date(2018, 2, 5))"
    )
    assert "expected:\n  accepted, and nothing happens\ncame:\n  AgentC" in told(case.then_nothing)
    assert "expected:\n  an error: InputError\ncame:\n  AgentC" in told(case.then_raises)


def test_a_refusal_that_was_not_expected_is_shown_with_its_reasons():
    case = given().when("recruit", ONE, "perisai", province="51", on=DAY)

    assert "came:\n  refused by seat-allotment: There are no seats" in told(
        case.then, AgentRecruited
    )
    assert "came:\n  refused by seat-allotment: There are no seats" in told(case.then_nothing)
    assert "came:\n  refused by seat-allotment: There are no seats" in told(
        case.then_refused, "late"
    )
    told(case.then_refused, "seat-allotment", "late")


def test_all_that_refuse_are_to_be_named():
    begins = setting(policies={Allotment: [full, allotment_is_under_the_cap]})
    case = given(begins=begins).when("allot", "perisai", 1_201, on=date(2017, 11, 20))

    case.then_refused("agent-cap", "full")
    assert "came:\n  refused by full: There is no room.\n  refused by agent-cap: " in told(
        case.then_refused, "full"
    )


def test_an_error_that_was_not_expected_is_shown_with_its_text():
    case = given().when("certify", "agent-1", on=DAY)

    assert "came:\n  an error: InputError: 'agent-1' is not an agent" in told(case.then_nothing)
    told(case.then_raises, NotFoundError)


def test_nothing_can_be_expected_of_nobody():
    case = IN_TRAINING.when("certify", ONE, on=DAY)

    with pytest.raises(InputError, match=r"say then_nothing\(\)"):
        case.then()
    with pytest.raises(InputError, match="name the policies"):
        case.then_refused()
    with pytest.raises(InputError, match="is no event"):
        case.then("AgentCertified")
    with pytest.raises(InputError, match="is no event"):
        case.then(Month)


# -- What cannot be given or asked. ------------------------------------------------------


@pytest.mark.parametrize(
    ("happened", "of", "said"),
    [
        (RECRUITED, None, "not said to whom"),
        ("AgentRecruited", ONE, "is no event"),
        (AgentRecruited, ONE, "is no event"),
        ((PEOPLE[0], RECRUITED), None, "is no agent"),
        (("agent-1", RECRUITED), None, "is not an agent"),
        (("nobody", RECRUITED), None, "is not a stream"),
        (
            Recruit(ONE, "perisai", province="51", on=DAY),
            None,
            r"recruit\(.*on=2018-02-05\) was not accepted: refused by seat-allotment",
        ),
        (Certify("agent-1", on=DAY), None, "was not accepted: an error: InputError"),
    ],
)
def test_events_that_cannot_have_happened_cannot_be_given(happened, of, said):
    with pytest.raises(InputError, match=said):
        given(happened, of=of)


@pytest.mark.parametrize("name", ["certfy", "_decide", ""])
def test_a_method_that_no_desk_has_cannot_be_asked(name):
    with pytest.raises(InputError, match="the name of a method that asks one"):
        given().when(name)


# -- Through the stored form. ------------------------------------------------------------


def deactivated(last_acquisition):
    return AgentDeactivated(
        reason=DeactivationReason.IDLE,
        idle_months=3,
        last_acquisition=last_acquisition,
        known_at=0,
        rules=(),
        on=DAY,
    )


@pytest.mark.parametrize("wrong", ["2018-01", 201801])
def test_an_event_that_does_not_come_back_as_it_was_stored_fails_the_case(wrong):
    given(RECRUITED, deactivated(Month(2018, 1)), of=ONE)

    with pytest.raises(AssertionError, match=r"stored and read back(.|\n)*AgentDeactivated"):
        given(RECRUITED, deactivated(wrong), of=ONE)


def test_an_event_that_is_decided_and_cannot_be_stored_fails_the_case():
    def decide(state, *, on):
        del state, on
        return Accepted(deactivated("2018-01"))

    with pytest.raises(AssertionError, match="stored and read back, an event is another"):
        IN_TRAINING.when(decide, on=DAY)


def test_a_decision_is_there_in_the_world_afterwards():
    value = DatedValue(value=1, in_force=DAY, citation=Citation("example"), status=Status.ASSUMED)

    case = given().when("enact", "perisai", "desks", unit="desks", values=[value], on=DAY)

    case.then(ProgrammeRuleEnacted)
    assert case.world.programme("perisai").rule("desks", DAY).value == 1
