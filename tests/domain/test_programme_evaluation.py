"""Evaluations of a programme: opened once, concluded once."""

from contextlib import nullcontext
from datetime import date

import attrs
import pytest

from jamsos.domain.calendar import Month
from jamsos.domain.decision import Accepted
from jamsos.domain.programme import (
    Evaluation,
    Measures,
    Outcome,
    Programme,
    conclude_evaluation,
    evolve,
    open_evaluation,
)
from jamsos.errors import InputError, NotFoundError

PERISAI = Programme("perisai")
MEASURES = Measures(
    month=Month(2018, 11),
    known_at=9,
    agents=4_000,
    productive_agents=3_500,
    acquired=400_000,
    after_months=3,
    eligible=300_000,
    still_active=200_000,
    definition="in-grace",
)
COUNTED = ("known_at", "agents", "productive_agents", "acquired", "after_months", "eligible")


def begin(programme, on=date(2018, 12, 1)):
    return open_evaluation(programme, "growth-2018", trigger="5,000 agents", on=on)


def conclude(programme, on=date(2018, 12, 10)):
    return conclude_evaluation(
        programme, "growth-2018", measures=MEASURES, outcome=Outcome.RAISE, on=on
    )


OPEN = evolve(PERISAI, *begin(PERISAI).events)
CONCLUDED = evolve(OPEN, *conclude(OPEN).events)


def test_an_evaluation_is_open_until_it_is_concluded():
    opened = date(2018, 12, 1)
    assert OPEN.evaluations == {"growth-2018": Evaluation(opened)}
    assert CONCLUDED.evaluations == {
        "growth-2018": Evaluation(opened, date(2018, 12, 10), Outcome.RAISE)
    }


@pytest.mark.parametrize(("on", "fits"), [(date(2018, 11, 30), False), (date(2018, 12, 1), True)])
def test_an_evaluation_is_not_concluded_before_the_day_on_which_it_was_opened(on, fits):
    with nullcontext() if fits else pytest.raises(InputError, match="was opened on 2018-12-01"):
        assert isinstance(conclude(OPEN, on), Accepted)


def test_opening_the_very_same_evaluation_again_does_nothing():
    assert begin(OPEN) == begin(CONCLUDED) == Accepted()


def test_an_evaluation_is_not_opened_otherwise_under_a_name_that_is_taken():
    with pytest.raises(InputError, match="was opened on 2018-12-01, for '5,000 agents': give"):
        begin(OPEN, date(2018, 12, 2))
    with pytest.raises(InputError, match="was opened on 2018-12-01, for '5,000 agents': give"):
        open_evaluation(OPEN, "growth-2018", trigger="yearly", on=date(2018, 12, 1))


def test_concluding_an_evaluation_again_in_the_same_way_does_nothing():
    assert conclude(CONCLUDED) == Accepted()


def test_an_evaluation_is_not_concluded_a_second_time_otherwise():
    with pytest.raises(InputError, match="was concluded on 2018-12-10, with raise: open another"):
        conclude(CONCLUDED, date(2018, 12, 11))
    with pytest.raises(InputError, match="was concluded on 2018-12-10, with raise: open another"):
        conclude_evaluation(
            CONCLUDED,
            "growth-2018",
            measures=MEASURES,
            outcome=Outcome.KEEP,
            on=date(2018, 12, 10),
        )


def test_only_an_evaluation_that_was_opened_can_be_concluded():
    with pytest.raises(NotFoundError, match="has no evaluation 'growth-2018': open it first"):
        conclude(PERISAI)


def test_the_trigger_the_measures_and_the_outcome_are_recorded():
    (opened,), (concluded,) = begin(PERISAI).events, conclude(OPEN).events

    assert opened.trigger == "5,000 agents"
    assert (concluded.measures, concluded.outcome) == (MEASURES, Outcome.RAISE)


@pytest.mark.parametrize("number", [-1, 1.0, True])
@pytest.mark.parametrize("field", [*COUNTED, "still_active"])
def test_measures_are_whole_numbers(field, number):
    with pytest.raises(InputError, match=f"{field} is"):
        attrs.evolve(MEASURES, **{field: number})
