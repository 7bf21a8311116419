"""Policies of a caller's own judge every case beside the law."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

import jamsos
from jamsos.domain.agent import Deactivation, DeactivationReason, Return
from jamsos.domain.participant import Contribution, Enrolment, Transfer
from jamsos.domain.programme import Amendment
from jamsos.domain.quota import Allotment, Seating
from tests.registry.beginnings import (
    EXAMPLE,
    JANUARY,
    LAUNCH,
    ROLL_OUT,
    adopted,
    at_work,
    registered,
)


def no_tuesdays(case: Any) -> jamsos.Reason | None:
    if case.on.isoweekday() != 2:
        return None
    return jamsos.Reason("no-tuesdays", "Nothing is done on a Tuesday.", EXAMPLE)


def no_february(case: Any) -> jamsos.Reason | None:
    if case.on.month != 2:
        return None
    return jamsos.Reason("no-february", "Nothing is done in February.", EXAMPLE)


TUESDAY = date(2018, 2, 6)


def test_a_callers_policy_refuses_what_the_law_alone_allows():
    with jamsos.open(":memory:", policies={Seating: [no_tuesdays]}) as registry:
        adopted(registry)
        agent = jamsos.new_agent_id()

        refused = registry.recruit(agent, "perisai", province="51", on=TUESDAY)
        accepted = registry.recruit(agent, "perisai", province="51", on=LAUNCH)

    assert refused == jamsos.Refused(
        jamsos.Reason("no-tuesdays", "Nothing is done on a Tuesday.", EXAMPLE)
    )
    assert isinstance(accepted, jamsos.Accepted)


def test_all_reasons_are_given_those_of_the_law_first():
    policies = {Seating: (no_february, no_tuesdays)}
    with jamsos.open(":memory:", policies=policies) as registry:
        registry.adopt("perisai", on=ROLL_OUT).or_raise()

        refused = registry.recruit(jamsos.new_agent_id(), "perisai", province="51", on=TUESDAY)

    assert isinstance(refused, jamsos.Refused)
    assert [reason.policy for reason in refused.reasons] == [
        "seat-allotment",
        "no-february",
        "no-tuesdays",
    ]


ASKED: dict[type, Callable[[jamsos.Registry], jamsos.Decision]] = {
    Seating: lambda r: r.recruit(jamsos.new_agent_id(), "perisai", province="51", on=TUESDAY),
    Allotment: lambda r: r.allot("perisai", 1_201, on=TUESDAY),
    Deactivation: lambda r: r.deactivate(at_work(r), on=date(2018, 5, 8)),
    Return: lambda r: r.reactivate(_deactivated(r), on=date(2019, 1, 8)),
    Amendment: lambda r: r.amend(
        "perisai",
        "agent-cap",
        jamsos.DatedValue(
            value=1, in_force=TUESDAY, citation=EXAMPLE, status=jamsos.Status.ASSUMED
        ),
        on=TUESDAY,
    ),
    Enrolment: lambda r: r.register(jamsos.new_participant_id(), province="51", on=TUESDAY),
    Contribution: lambda r: r.pay(
        registered(r), reference="F-1", months=JANUARY, income=1, amount=1, on=TUESDAY
    ),
    Transfer: lambda r: r.transfer(registered(r), branch="N03", on=TUESDAY),
}


def _deactivated(registry: jamsos.Registry) -> str:
    agent = at_work(registry)
    on = date(2018, 3, 2)
    registry.deactivate(agent, on=on, reason=DeactivationReason.OFFICE).or_raise()
    cap = jamsos.DatedValue(
        value=1_200, in_force=date(2019, 1, 1), citation=EXAMPLE, status=jamsos.Status.ASSUMED
    )
    registry.amend("perisai", "agent-cap", cap, on=on).or_raise()
    return agent


@pytest.mark.parametrize("case", ASKED, ids=lambda case: case.__name__)
def test_a_caller_may_judge_every_case(case):
    with jamsos.open(":memory:", policies={case: [no_tuesdays]}) as registry:
        refused = ASKED[case](adopted(registry))
    with jamsos.open(":memory:") as registry:
        accepted = ASKED[case](adopted(registry))

    assert isinstance(refused, jamsos.Refused)
    assert [reason.policy for reason in refused.reasons] == ["no-tuesdays"]
    assert isinstance(accepted, jamsos.Accepted)
    assert accepted.events


def test_a_batch_and_a_trial_are_judged_by_the_callers_policies_too():
    with jamsos.open(":memory:", policies={Seating: [no_tuesdays]}) as registry:
        adopted(registry)
        with registry.batch() as desk:
            answers = [
                each.recruit(jamsos.new_agent_id(), "perisai", province="51", on=TUESDAY)
                for each in (desk, registry.trial())
            ]

    assert all(isinstance(answer, jamsos.Refused) for answer in answers)
