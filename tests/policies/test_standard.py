"""Which policies judge which case, unless a caller adds his own."""

from datetime import date

import pytest

import jamsos
from jamsos import Citation, DatedValue, Months, Reason, Refused, Status
from jamsos.domain.agent import Deactivation, Return, Settlement
from jamsos.domain.participant import Contribution, Enrolment, Transfer
from jamsos.domain.programme import Amendment
from jamsos.domain.quota import Allotment, Seating
from jamsos.policies.standard import STANDARD

NO = Reason("lottery", "The draw said no.", Citation("Example 1/2018"))
DAY = date(2018, 1, 10)
AGENT, PARTICIPANT = jamsos.new_agent_id(), jamsos.new_participant_id()
LOWER = DatedValue(
    value=9_000, in_force=DAY, citation=Citation("Example 1/2018"), status=Status.ASSUMED
)
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


def test_a_refusal_gives_the_standard_reasons_and_the_callers():
    with jamsos.open(":memory:", policies={Seating: [lambda _: NO]}) as registry:
        registry.adopt("perisai", on=date(2017, 11, 20)).or_raise()
        answer = registry.recruit(AGENT, "perisai", province="51", on=DAY)

    assert [reason.policy for reason in answer.reasons] == ["agent-cap", "lottery"]
