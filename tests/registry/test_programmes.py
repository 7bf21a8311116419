"""The law of a programme: adopted, amended, and evaluated."""

from datetime import date

import pytest

import jamsos
from jamsos.domain.participant import LeavingReason
from jamsos.domain.programme import Outcome, ProgrammeEvaluationConcluded, ProgrammeRuleAmended
from jamsos.errors import NotFoundError, RuleNotInForceError
from jamsos.formulas.active import IN_GRACE
from tests.registry.beginnings import LAUNCH, ROLL_OUT, at_work, enrolled


def test_adopting_a_programme_again_records_nothing(registry):
    last = registry.last_position()

    again = [registry.adopt("perisai", on=ROLL_OUT) for _ in range(2)]

    assert again == [jamsos.Accepted(), jamsos.Accepted()]
    assert registry.last_position() == last


def test_what_is_published_on_a_day_is_adopted_on_that_day_and_not_before(registry):
    def adopt(on: date) -> set[str]:
        return {event.rule for event in registry.adopt("perisai", on=on).or_raise().events}

    assert adopt(date(2017, 12, 12)) == set()
    assert adopt(date(2017, 12, 13)) == {"target-agents"}
    assert adopt(date(2018, 1, 4)) == set()
    assert adopt(date(2018, 1, 5)) == {
        "acquisition-incentive-counts",
        "acquisition-incentive-flat",
        "acquisition-incentive-least",
        "contribution-incentive",
        "contribution-incentive-pu",
        "incentive-office-share",
        "incentive-office-share-from",
        "incentive-paid-to",
        "incentive-regime",
        "pu-contribution-most",
    }
    assert adopt(date(2018, 2, 4)) == set()
    assert adopt(LAUNCH) == {
        "agents-needed",
        "opening-active-participants",
        "opening-informal-participants",
        "opening-registered-participants",
        "potential-participants",
        "target-informal-participants",
    }
    assert registry.adopt("perisai", on=LAUNCH) == jamsos.Accepted()


def test_a_programme_for_which_no_rules_ship_cannot_be_adopted(registry):
    with pytest.raises(NotFoundError, match="enact them one by one"):
        registry.adopt("pilot", on=LAUNCH)

    assert registry.programme("pilot").established is None


def evaluated(registry: jamsos.Registry, on: date = date(2018, 12, 10)) -> str:
    registry.open_evaluation("perisai", "first-year", trigger="The cap ends.", on=on).or_raise()
    registry.conclude_evaluation(
        "perisai",
        "first-year",
        outcome=Outcome.RAISE,
        month=jamsos.Month(2018, 11),
        after_months=3,
        on=on,
    ).or_raise()
    return "first-year"


@pytest.mark.parametrize(
    ("evaluation", "told"),
    [(None, "name one that is concluded"), ("first-year", "is not concluded on 2018-12-11")],
)
def test_the_cap_of_2019_is_not_adopted_without_an_evaluation_that_is_concluded(
    registry, evaluation, told
):
    registry.adopt("perisai", on=LAUNCH).or_raise()
    registry.open_evaluation(
        "perisai", "first-year", trigger="The cap ends.", on=date(2018, 12, 1)
    ).or_raise()
    last = registry.last_position()

    refused = registry.adopt("perisai", on=date(2018, 12, 11), evaluation=evaluation)

    assert isinstance(refused, jamsos.Refused)
    (reason,) = refused.reasons
    assert reason.policy == "programme-evaluation"
    assert "from 10,000 to 20,000" in reason.explanation
    assert told in reason.explanation
    assert reason.citation.source == "S00, S25"
    assert registry.last_position() == last
    with pytest.raises(RuleNotInForceError):
        registry.programme("perisai").rule("agent-cap", date(2019, 1, 1))


def test_the_cap_of_2019_is_adopted_with_an_evaluation_that_is_concluded(registry):
    registry.adopt("perisai", on=date(2018, 12, 1)).or_raise()
    evaluation = evaluated(registry)

    before = registry.adopt("perisai", on=date(2018, 12, 10), evaluation=evaluation)
    accepted = registry.adopt("perisai", on=date(2018, 12, 11), evaluation=evaluation).or_raise()

    programme = registry.programme("perisai")
    assert before == jamsos.Accepted()
    assert [(type(e), e.evaluation) for e in accepted.events] == [
        (ProgrammeRuleAmended, "first-year")
    ]
    assert programme.rule("agent-cap", date(2018, 12, 31)).value == 10_000
    assert programme.rule("agent-cap", date(2019, 1, 1)).value == 20_000
    assert registry.adopt("perisai", on=date(2018, 12, 11)) == jamsos.Accepted()


def test_an_evaluation_is_concluded_with_measures_of_what_is_recorded(registry):
    idle, busy, gone = (at_work(registry) for _ in range(3))
    enrolled(registry, busy, on=date(2018, 1, 9))
    lapsed = enrolled(registry, busy, on=date(2018, 1, 10))
    recent = enrolled(registry, busy, on=date(2018, 5, 3))
    enrolled(registry, gone, on=date(2018, 1, 11))
    enrolled(registry, None, on=date(2018, 1, 12))
    registry.leave(lapsed, reason=LeavingReason.OTHER, on=date(2018, 3, 1)).or_raise()
    registry.resign(gone, on=date(2018, 4, 2)).or_raise()
    known_at = registry.last_position() + 1

    registry.open_evaluation("perisai", "spring", trigger="Its first spring.", on=date(2018, 6, 1))
    concluded = registry.conclude_evaluation(
        "perisai",
        "spring",
        outcome=Outcome.KEEP,
        month=jamsos.Month(2018, 5),
        after_months=3,
        on=date(2018, 6, 4),
    ).or_raise()

    (event,) = concluded.events
    assert isinstance(event, ProgrammeEvaluationConcluded)
    measures = event.measures
    assert (measures.month, measures.known_at) == (jamsos.Month(2018, 5), known_at)
    assert (measures.agents, measures.productive_agents) == (2, 1)
    assert measures.acquired == 4
    # Looked at in April: the three of January. One has left; two are in grace until April.
    assert (measures.eligible, measures.still_active) == (3, 2)
    assert (measures.after_months, measures.definition) == (3, IN_GRACE.name)
    assert registry.programme("perisai").evaluations["spring"].concluded_on == date(2018, 6, 4)
    assert registry.agent(idle).seat == "national"
    assert registry.participant(recent).told


def test_an_evaluation_that_was_never_opened_cannot_be_concluded(registry):
    with pytest.raises(NotFoundError, match="open it first"):
        registry.conclude_evaluation(
            "perisai",
            "spring",
            outcome=Outcome.KEEP,
            month=jamsos.Month(2018, 5),
            after_months=3,
            on=date(2018, 6, 4),
        )
