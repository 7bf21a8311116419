"""Whatever a request is given, the history can be read afterwards."""

from datetime import date, datetime

import pytest

import jamsos
from jamsos import Citation, DatedValue, Month, Months, Status
from jamsos.domain.participant import LeavingReason
from jamsos.domain.programme import Outcome
from jamsos.errors import InputError

DAY = date(2018, 3, 1)
MOMENT = datetime(2018, 3, 1, 12, 30)  # noqa: DTZ001 - any moment will do
PARTICIPANT = jamsos.new_participant_id()


def a_value(**other):
    fields = {
        "value": 9,
        "in_force": DAY,
        "citation": Citation("Example 1/2018"),
        "status": Status.ASSUMED,
    }
    return DatedValue(**(fields | other))


def enact(desk, _, **other):
    desk.enact("perisai", "limit", unit="agents", values=[a_value(**other)], on=DAY)


def amend(desk, _, **other):
    desk.amend("perisai", "agent-cap", a_value(), **({"on": DAY} | other))


def pay(desk, _, **other):
    asked = {
        "reference": "R1",
        "months": Months.parse("2018-03/2018-03"),
        "income": 0,
        "amount": 16_800,
        "on": DAY,
    }
    desk.pay(PARTICIPANT, **(asked | other))


def leave(desk, _, **other):
    desk.leave(PARTICIPANT, **({"reason": LeavingReason.OTHER, "on": DAY} | other))


def conclude(desk, _, **other):
    desk.open_evaluation("perisai", "growth", trigger="5,000 agents", on=DAY)
    asked = {"outcome": Outcome.KEEP, "month": Month(2018, 2), "after_months": 3, "on": DAY}
    desk.conclude_evaluation("perisai", "growth", **(asked | other))


def register(desk, _, **other):
    desk.register(jamsos.new_participant_id(), **({"province": "51", "on": DAY} | other))


def begin(desk, _, **other):
    desk.open_evaluation("perisai", "other", **({"trigger": "growth", "on": DAY} | other))


def terminate(desk, agent, **other):
    desk.terminate(agent, **({"on": DAY} | other))


def deactivate(desk, agent, **other):
    desk.deactivate(agent, **({"on": DAY} | other))


def move(desk, _, **other):
    desk.move(PARTICIPANT, **({"province": "31"} | other))


def allot(desk, _, **other):
    desk.allot("perisai", **({"seats": 1, "on": DAY} | other))


REQUESTS = [
    (enact, {"citation": "Example 1/2018"}),
    (enact, {"status": "certain"}),
    (enact, {"until": MOMENT}),
    (enact, {"published": MOMENT}),
    (enact, {"published": "soon"}),
    (enact, {"note": 7}),
    (amend, {"evaluation": 7}),
    (amend, {"on": MOMENT}),
    (begin, {"trigger": None}),
    (conclude, {"outcome": "perhaps"}),
    (register, {"segment": "pirate"}),
    (register, {"sponsor": "the village of Ubud"}),
    (register, {"on": MOMENT}),
    (pay, {"payer": "grandmother"}),
    (pay, {"programmes": (3,)}),
    (pay, {"programmes": ("JKK and more",)}),
    (pay, {"months": Months.parse("2018-03/..")}),
    (pay, {"reference": "first payment"}),
    (pay, {"on": MOMENT}),
    (leave, {"reason": "bored"}),
    (leave, {"on": MOMENT}),
    (move, {"on": MOMENT}),
    (terminate, {"cause": "late"}),
    (deactivate, {"reason": "tired"}),
    (deactivate, {"on": MOMENT}),
    (allot, {"seats": 1.0}),
]


@pytest.mark.parametrize(("ask", "given"), REQUESTS, ids=lambda e: getattr(e, "__name__", str(e)))
def test_a_value_that_cannot_be_recorded_is_an_input_error(registry, agent, ask, given):
    registry.register(PARTICIPANT, province="51", on=date(2018, 1, 5)).or_raise()

    with pytest.raises(InputError):
        ask(registry, agent, **given)

    assert len(list(registry.history())) == registry.last_position()


def test_a_run_of_months_that_runs_backwards_is_never_recorded(registry):
    registry.register(PARTICIPANT, province="51", on=date(2018, 1, 5)).or_raise()
    known = registry.last_position()

    with pytest.raises(InputError):
        pay(registry, None, months=Months.between(Month(2018, 3), Month(2018, 1)))
    assert len(list(registry.history())) == known
