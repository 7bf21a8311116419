"""Which policies judge which case, unless a caller adds his own."""

from datetime import date
from functools import partial

import attrs
import pytest

import jamsos
from jamsos import Citation, DatedValue, Months, Reason, Refused, Status
from jamsos.domain.agent import Deactivation, Return, Settlement
from jamsos.domain.participant import Contribution, Difference, Enrolment, Repayment, Transfer
from jamsos.domain.programme import Amendment
from jamsos.domain.quota import Allotment, QuotaAllotted, Seating
from jamsos.domain.value import Word
from jamsos.errors import InputError
from jamsos.policies.standard import STANDARD, by_case
from jamsos.testing import setting

NO = Reason("lottery", "The draw said no.", Citation("Example 1/2018"))
DAY = date(2018, 1, 10)
AGENT, PARTICIPANT = jamsos.new_agent_id(), jamsos.new_participant_id()
LOWER = DatedValue(
    value=9_000, in_force=DAY, citation=Citation("Example 1/2018"), status=Status.ASSUMED
)
REFUNDS = attrs.evolve(LOWER, value=(Word("jht-claim"),))
MONTHS = Months.parse("2018-01/2018-01")
JOURNEY = [
    (Amendment, lambda desk: desk.amend("perisai", "agent-cap", LOWER, on=DAY)),
    (Allotment, lambda desk: desk.allot("perisai", 9, on=DAY)),
    (Seating, lambda desk: desk.recruit(AGENT, "perisai", province="51", on=DAY)),
    (None, lambda desk: desk.begin_training(AGENT, on=DAY)),
    (None, lambda desk: desk.certify(AGENT, on=DAY)),
    (None, lambda desk: desk.assign(AGENT, on=DAY)),
    (Enrolment, lambda desk: desk.register(PARTICIPANT, province="51", on=DAY)),
    (Transfer, lambda desk: desk.transfer(PARTICIPANT, agent=AGENT, on=DAY)),
    (
        Contribution,
        lambda desk: desk.pay(
            PARTICIPANT, reference="R1", months=MONTHS, income=0, amount=16_800, on=DAY
        ),
    ),
    (
        Difference,
        lambda desk: desk.pay_difference(
            PARTICIPANT, reference="R2", of="R1", income=0, amount=100, on=DAY
        ),
    ),
    (
        None,
        lambda desk: desk.enact(
            "jkk", "bpu-refund", unit="occasions", values=[REFUNDS], on=date(2018, 1, 1)
        ),
    ),
    (
        Repayment,
        lambda desk: desk.refund(
            PARTICIPANT,
            refunds="R1",
            claim="jht-claim",
            claimed=jamsos.Month(2017, 12),
            amount=16_900,
            on=DAY,
        ),
    ),
    (None, lambda desk: desk.adopt("perisai", on=date(2018, 2, 5))),
    (
        Settlement,
        lambda desk: desk.award_incentive(AGENT, jamsos.Month(2018, 1), on=date(2018, 2, 5)),
    ),
    (Deactivation, lambda desk: desk.deactivate(AGENT, on=date(2018, 5, 1))),
    (Return, lambda desk: desk.reactivate(AGENT, on=date(2018, 11, 1))),
]


def test_every_case_has_its_standard_policies():
    assert set(STANDARD) == {case for case, _ in JOURNEY} - {None}
    assert all(STANDARD.values())


@pytest.mark.parametrize("judged", STANDARD)
def test_a_callers_own_policy_judges_its_case_beside_the_standard_ones(judged):
    with jamsos.open(":memory:", policies={judged: [lambda _: NO]}) as registry:
        registry.adopt("perisai", on=date(2017, 11, 20)).or_raise()
        answers = []
        for case, ask in JOURNEY:
            answers.append((case, ask(registry)))
            if case is judged:
                break

    *granted, (_, refused) = answers
    assert all(answer.or_raise().events for _, answer in granted)
    assert refused == Refused(NO)


def test_policies_that_can_be_read_only_once_are_asked_every_time():
    with jamsos.open(":memory:", policies={Allotment: (p for p in [lambda _: NO])}) as registry:
        registry.adopt("perisai", on=date(2017, 11, 20)).or_raise()

        assert registry.trial().allot("perisai", 2, on=DAY) == Refused(NO)
        assert registry.allot("perisai", 2, on=DAY) == Refused(NO)
        assert registry.allot("perisai", 3, on=DAY) == Refused(NO)


@pytest.mark.parametrize("case", [QuotaAllotted, "Allotment", jamsos.Month])
def test_policies_of_what_nobody_judges_are_an_error_that_names_what_is_judged(case):
    with pytest.raises(InputError, match="no policy judges: give them for one of Allotment, Am"):
        jamsos.open(":memory:", policies={case: [lambda _: NO]})
    with pytest.raises(InputError, match="no policy judges"):
        setting(policies={case: [lambda _: NO]})


def test_a_policy_is_a_function():
    for given in ([NO], "agent-cap"):
        with pytest.raises(InputError, match="a policy of Allotment is no function"):
            jamsos.open(":memory:", policies={Allotment: given})
    with pytest.raises(InputError, match="give them by the case that they judge, as a mapping"):
        jamsos.open(":memory:", policies=[lambda _: NO])
    with jamsos.open(":memory:", policies={Allotment: lambda _: NO}) as registry:
        registry.adopt("perisai", on=date(2017, 11, 20)).or_raise()
        assert registry.allot("perisai", 2, on=DAY) == Refused(NO)


@pytest.mark.parametrize("said", [True, False, "no", 0])
def test_a_policy_says_a_reason_or_nothing(said):
    with jamsos.open(":memory:", policies={Allotment: [lambda _: said]}) as registry:
        registry.adopt("perisai", on=date(2017, 11, 20)).or_raise()
        with pytest.raises(TypeError) as caught:
            registry.allot("perisai", 2, on=DAY)

    assert str(caught.value) == (
        f"policy <lambda> of Allotment said {said!r}: it gives a Reason to refuse it, or None"
    )


def test_a_policy_without_a_name_is_named_as_it_is_shown():
    policy = partial(lambda said, _: said, "no")

    with jamsos.open(":memory:", policies={Allotment: [policy]}) as registry:
        registry.adopt("perisai", on=date(2017, 11, 20)).or_raise()
        with pytest.raises(TypeError) as caught:
            registry.allot("perisai", 2, on=DAY)
    assert str(caught.value).startswith(f"policy {policy} of Allotment said ")


def test_a_refusal_gives_the_standard_reasons_and_the_callers():
    with jamsos.open(":memory:", policies={Seating: [lambda _: NO]}) as registry:
        registry.adopt("perisai", on=date(2017, 11, 20)).or_raise()
        answer = registry.recruit(AGENT, "perisai", province="51", on=DAY)

    assert [reason.policy for reason in answer.reasons] == ["seat-allotment", "lottery"]


@pytest.mark.parametrize(("case", "said"), [(int, "'int'"), ("Paying", "'Paying'")])
def test_policies_for_what_is_no_case_are_an_error_that_names_it_and_the_cases(case, said):
    with pytest.raises(InputError) as raised:
        by_case({case: ()})
    assert str(raised.value) == (
        f"policies are given for {said}, which no policy judges: give them for one of"
        f" {', '.join(sorted(case.__name__ for case in STANDARD))}"
    )
