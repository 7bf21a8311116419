"""A registry with agents at work and participants who have paid: the tests begin with one."""

from collections.abc import Callable
from datetime import date

import jamsos
from jamsos.desk import Desk

ROLL_OUT = date(2017, 11, 20)
LAUNCH = date(2018, 2, 5)
JANUARY = jamsos.Months.parse("2018-01/2018-01")
FEBRUARY = jamsos.Months.parse("2018-02/2018-02")
EXAMPLE = jamsos.Citation("Example 1/2018", "article 1")

Ask = Callable[[Desk], jamsos.Decision]


def adopted(registry: jamsos.Registry, seats: int = 1_200) -> jamsos.Registry:
    registry.adopt("perisai", on=ROLL_OUT).or_raise()
    registry.allot("perisai", seats, on=ROLL_OUT).or_raise()
    return registry


def recruited(registry: jamsos.Registry) -> str:
    agent = jamsos.new_agent_id()
    registry.recruit(agent, "perisai", province="51", on=ROLL_OUT).or_raise()
    return agent


def at_work(registry: jamsos.Registry, on: date = date(2017, 12, 4)) -> str:
    """Return an agent whose account is active."""
    agent = recruited(registry)
    for step in (registry.begin_training, registry.certify, registry.assign):
        step(agent, on=on).or_raise()
    return agent


def enrolled(
    registry: jamsos.Registry, agent: str | None = None, on: date = date(2018, 1, 9)
) -> str:
    """Return a participant who has paid for the month of the registration."""
    participant = jamsos.new_participant_id()
    registry.register(participant, province="51", on=on, agent=agent).or_raise()
    month = jamsos.Month.of(on)
    paid(registry, participant, jamsos.Months.between(month, month), on)
    return participant


def paid(
    desk: Desk, participant: str, months: jamsos.Months, on: date, reference: str = "F-1"
) -> None:
    desk.pay(
        participant, reference=reference, months=months, income=1_000_000, amount=16_800, on=on
    ).or_raise()


def registered(registry: jamsos.Registry) -> str:
    participant = jamsos.new_participant_id()
    registry.register(participant, province="51", on=date(2018, 1, 8)).or_raise()
    return participant
