"""A small history made by hand, that each projection is held against."""

from datetime import date

import attrs
import pytest

import jamsos
from jamsos import Months, Segment
from jamsos.domain.participant import LeavingReason


@attrs.frozen
class Story:
    """
    Three participants and two agents, from January 2018 on.

    *putu* is registered by *first* in Bali and paid for January to March; in February he is
    given to *second*, in March he moves to Jakarta. *wayan* is registered directly, pays for
    February, leaves in April and is back in July. *made* is a wage earner of Lombok, whose
    payment for January and February is a mistake.
    """

    history: list
    first: str
    second: str
    putu: str
    wayan: str
    made: str


@pytest.fixture(scope="module")
def story():
    """Tell the story, through the front desk."""
    with jamsos.open(":memory:") as desk:
        desk.adopt("perisai", on=date(2017, 11, 20)).or_raise()
        desk.allot("perisai", 10, on=date(2017, 11, 20)).or_raise()
        first, second = jamsos.new_agent_id(), jamsos.new_agent_id()
        for agent in (first, second):
            desk.recruit(agent, "perisai", province="51", on=date(2017, 12, 1)).or_raise()
            desk.begin_training(agent, on=date(2017, 12, 2)).or_raise()
            desk.certify(agent, on=date(2017, 12, 9)).or_raise()
            desk.assign(agent, on=date(2017, 12, 10)).or_raise()
        putu, wayan, made = (jamsos.new_participant_id() for _ in range(3))
        desk.register(putu, province="51", agent=first, on=date(2018, 1, 5)).or_raise()
        pay(desk, putu, "2018-01/2018-03")
        desk.register(wayan, province="51", on=date(2018, 1, 31)).or_raise()
        pay(desk, wayan, "2018-02/2018-02", on=date(2018, 1, 31))
        employed = {"segment": Segment.WAGE_EARNER}
        desk.register(made, province="52", sponsor="desa-7", on=date(2018, 1, 8), **employed)
        pay(desk, made, "2018-01/2018-02", **employed)
        desk.correct(made, corrects="R1", on=date(2018, 1, 20)).or_raise()
        desk.transfer(putu, agent=second, on=date(2018, 2, 10)).or_raise()
        desk.move(putu, province="31", on=date(2018, 3, 30)).or_raise()
        desk.leave(wayan, reason=LeavingReason.LEFT_WORK, on=date(2018, 4, 10)).or_raise()
        desk.come_back(wayan, province="51", on=date(2018, 7, 1)).or_raise()
        return Story(list(desk.history()), first, second, putu, wayan, made)


def pay(desk, participant, months, on=date(2018, 1, 15), **other):
    desk.pay(
        participant,
        reference="R1",
        months=Months.parse(months),
        income=1_000_000,
        amount=16_800,
        on=on,
        **other,
    ).or_raise()
