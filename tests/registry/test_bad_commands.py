"""Commands that cannot be meant record nothing."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

import jamsos
from jamsos.domain.agent import TerminationCause
from jamsos.domain.participant import LeavingReason, Payer
from jamsos.errors import InputError, NotFoundError, RuleNotInForceError
from tests.registry.beginnings import (
    EXAMPLE,
    FEBRUARY,
    JANUARY,
    LAUNCH,
    at_work,
    enrolled,
    registered,
)

Asked = Callable[[jamsos.Registry, str, str], object]


def payment(**wrong: Any) -> Asked:
    fields = {"reference": "F-9", "months": FEBRUARY, "income": 1, "amount": 1, "on": LAUNCH}
    return lambda registry, _, participant: registry.pay(participant, **(fields | wrong))


def registration(**wrong: Any) -> Asked:
    fields = {"participant": jamsos.new_participant_id(), "province": "51", "on": LAUNCH}
    return lambda registry, *_: registry.register(**(fields | wrong))


MOMENT = datetime(2018, 2, 5, tzinfo=UTC)

BAD: dict[str, Asked] = {
    "agent is no id": lambda r, *_: r.recruit("Sari", "perisai", province="51", on=LAUNCH),
    "agent in capitals": lambda r, a, _: r.begin_training(a.upper(), on=LAUNCH),
    "agent is a participant": lambda r, _, p: r.resign(p, on=LAUNCH),
    "participant is no id": registration(participant="5171000000000001"),
    "participant is an agent": registration(participant=jamsos.new_agent_id()),
    "province unknown": registration(province="97"),
    "province not there yet": registration(province="94", on=date(2021, 12, 31)),
    "region unknown": lambda r, *_: r.allot("perisai", 1, on=LAUNCH, region="97"),
    "seats negative": lambda r, *_: r.allot("perisai", -1, on=LAUNCH),
    "seats a float": lambda r, *_: r.allot("perisai", 1.0, on=LAUNCH),
    "seats too many": lambda r, *_: r.allot("perisai", 2**63, on=LAUNCH),
    "seats fewer than are taken": lambda r, *_: r.allot("perisai", 0, on=LAUNCH),
    "seats more than the nation has": lambda r, *_: r.allot(
        "perisai", 1_201, on=LAUNCH, region="51"
    ),
    "amount negative": payment(amount=-1),
    "amount a float": payment(amount=16_800.0),
    "amount too large": payment(amount=2**63),
    "income a text": payment(income="1"),
    "reference with spaces": payment(reference="Ibu Sari"),
    "reference empty": payment(reference=""),
    "no programme": payment(programmes=()),
    "programme a sentence": payment(programmes=("Ibu Sari",)),
    "no month": payment(months=jamsos.Months()),
    "months with a gap": payment(months=jamsos.Months.parse("2018-02/2018-02,2018-04/2018-04")),
    "months without an end": payment(months=jamsos.Months.parse("2018-02/..")),
    "sponsor with spaces": registration(sponsor="Ibu Sari, Denpasar"),
    "agent and sponsor": lambda r, a, _: r.register(
        jamsos.new_participant_id(), province="51", on=LAUNCH, agent=a, sponsor="B-1"
    ),
    "branch with spaces": lambda r, _, p: r.transfer(p, branch="Ibu Sari", on=LAUNCH),
    "no agent and no branch": lambda r, _, p: r.transfer(p, on=LAUNCH),
    "reason a sentence": lambda r, _, p: r.correct(p, corrects="F-1", reason="Ibu Sari", on=LAUNCH),
    "evaluation a sentence": lambda r, *_: r.open_evaluation(
        "perisai", "The first year", trigger="x", on=LAUNCH
    ),
    "trigger a broken text": lambda r, *_: r.open_evaluation(
        "perisai", "spring", trigger="\ud800", on=LAUNCH
    ),
    "programme no name": lambda r, *_: r.adopt("Perisai!", on=LAUNCH),
    "rule without a value": lambda r, *_: r.enact(
        "perisai", "office-agents", unit="agents", values=[], on=LAUNCH
    ),
    "agents on a moment": lambda r, a, _: r.resign(a, on=MOMENT),
    "seats on a moment": lambda r, *_: r.allot("perisai", 1, on=MOMENT),
    "rules on a moment": lambda r, *_: r.adopt("perisai", on=MOMENT),
    "payment on a moment": payment(on=MOMENT),
    "registration on a moment": registration(on=MOMENT),
}


@pytest.mark.parametrize("ask", BAD.values(), ids=BAD.keys())
def test_a_command_that_cannot_be_meant_is_an_input_error_and_records_nothing(registry, ask):
    agent, participant = at_work(registry), enrolled(registry)
    last = registry.last_position()

    with pytest.raises(InputError):
        ask(registry, agent, participant)

    assert registry.last_position() == last


@pytest.mark.parametrize(
    "ask",
    [
        lambda r: r.begin_training(jamsos.new_agent_id(), on=LAUNCH),
        lambda r: r.deactivate(jamsos.new_agent_id(), on=LAUNCH),
        lambda r: r.reactivate(jamsos.new_agent_id(), on=LAUNCH),
        lambda r: r.terminate(jamsos.new_agent_id(), cause=TerminationCause.CRIME, on=LAUNCH),
        lambda r: r.recruit(jamsos.new_agent_id(), "jkk", province="51", on=LAUNCH),
        lambda r: r.allot("jkk", 1, on=LAUNCH),
        lambda r: r.end_rule("perisai", "x", last_day=LAUNCH, citation=EXAMPLE, on=LAUNCH),
        lambda r: r.move(jamsos.new_participant_id(), province="51", on=LAUNCH),
        lambda r: r.leave(jamsos.new_participant_id(), reason=LeavingReason.OTHER, on=LAUNCH),
        lambda r: r.come_back(jamsos.new_participant_id(), province="51", on=LAUNCH),
        lambda r: r.correct(registered(r), corrects="F-1", on=LAUNCH),
        lambda r: r.transfer(jamsos.new_participant_id(), branch="N03", on=LAUNCH),
        lambda r: r.pay(
            jamsos.new_participant_id(),
            reference="F-1",
            months=JANUARY,
            income=1,
            amount=1,
            on=LAUNCH,
            payer=Payer.EMPLOYER,
        ),
    ],
)
def test_a_command_about_what_was_never_recorded_is_not_found(registry, ask):
    with pytest.raises(NotFoundError):
        ask(registry)


def test_programmes_are_a_set_one_that_is_named_twice_is_one_programme(registry):
    ask = payment(programmes=("jkk", "jkk"))

    (paid,) = ask(registry, "", registered(registry)).or_raise().events

    assert paid.programmes == ("jkk",)


@pytest.mark.parametrize("on", [date(2017, 10, 31), date(2019, 1, 1)])
def test_a_command_on_a_day_for_which_no_law_answers_is_an_error(registry, on):
    last = registry.last_position()

    with pytest.raises(RuleNotInForceError, match="agent-cap"):
        registry.recruit(jamsos.new_agent_id(), "perisai", province="51", on=on)

    assert registry.last_position() == last
