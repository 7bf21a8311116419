"""What an amendment, or the end of a rule, leaves of the values that were there before."""

from datetime import date, timedelta

import attrs
import pytest

from jamsos.domain.citation import Citation, Status
from jamsos.domain.decision import Accepted, Reason, Refused
from jamsos.domain.programme import (
    Amendment,
    Programme,
    ProgrammeRuleEnacted,
    amend,
    enact,
    end_rule,
    evolve,
)
from jamsos.domain.rule import DatedValue
from jamsos.errors import NotFoundError, RuleNotInForceError

CITATION = Citation("Example 1/2018", "Article 2")
NEW_YEAR = date(2018, 1, 1)
DAY = date(2018, 1, 10)
PERISAI = Programme("perisai")


def value(number, in_force, until=None):
    return DatedValue(
        value=number, in_force=in_force, until=until, citation=CITATION, status=Status.ASSUMED
    )


def with_limit(*values):
    event = ProgrammeRuleEnacted(
        rule="limit", unit="agents", scope="national", values=values, on=DAY
    )
    return evolve(PERISAI, event)


def ask(programme, new, *, rule="limit", scope="national", policies=()):
    case = Amendment(
        programme=programme, rule=rule, scope=scope, value=new, evaluation=None, on=DAY
    )
    return amend(case, policies=policies)


def amended(programme, new, **circumstances):
    answer = ask(programme, new, **circumstances)
    return evolve(programme, *answer.events)


def ended(programme, last_day):
    return end_rule(programme, "limit", last_day=last_day, citation=CITATION, on=DAY)


def in_force(programme, on):
    return programme.rule("limit", on).value


OPEN = with_limit(value(10, NEW_YEAR))
ENDED = with_limit(value(10, NEW_YEAR, date(2018, 6, 30)))


def test_an_amendment_holds_from_its_first_day_on():
    programme = amended(OPEN, value(20, DAY))

    assert in_force(programme, DAY - timedelta(days=1)) == 10
    assert in_force(programme, DAY) == 20
    assert in_force(programme, date.max) == 20


def test_after_the_last_day_of_an_amendment_the_older_value_does_not_come_back():
    programme = amended(OPEN, value(20, DAY, date(2018, 2, 28)))

    assert in_force(programme, date(2018, 2, 28)) == 20
    with pytest.raises(RuleNotInForceError):
        programme.rule("limit", date(2018, 3, 1))


def test_of_two_amendments_the_one_recorded_later_wins():
    programme = amended(amended(OPEN, value(20, date(2018, 6, 1))), value(30, date(2018, 3, 1)))

    assert in_force(programme, date(2018, 2, 28)) == 10
    assert in_force(programme, date(2018, 3, 1)) == 30
    assert in_force(programme, date(2018, 6, 1)) == 30


def test_an_amendment_from_the_first_day_of_a_value_takes_its_place():
    programme = amended(OPEN, value(20, NEW_YEAR))

    assert [(rule.ref, rule.void) for rule in programme.rules["limit", "national"]] == [
        ("perisai/limit/1", True),
        ("perisai/limit/2", False),
    ]
    assert in_force(programme, NEW_YEAR) == 20


def test_an_amendment_holds_on_the_last_day_of_the_value_before_it():
    programme = amended(ENDED, value(20, date(2018, 6, 30)))

    assert in_force(programme, date(2018, 6, 29)) == 10
    assert in_force(programme, date(2018, 6, 30)) == 20


def test_a_value_that_was_over_before_an_amendment_stays_as_it_was():
    programme = amended(ENDED, value(20, date(2018, 7, 1)))

    assert programme.rules["limit", "national"][0] == ENDED.rules["limit", "national"][0]


def test_amending_the_same_again_does_nothing():
    programme = amended(OPEN, value(20, DAY))

    assert ask(programme, value(20, DAY)) == Accepted()
    assert ask(programme, value(21, DAY)).events


def test_only_what_was_enacted_can_be_amended():
    with pytest.raises(NotFoundError, match="has no rule 'other': enact it first"):
        ask(OPEN, value(20, DAY), rule="other")
    with pytest.raises(NotFoundError):
        ask(OPEN, value(20, DAY), scope="51")


def test_an_amendment_that_a_policy_refuses_is_refused():
    no = Reason("example", "No.", CITATION)

    assert ask(OPEN, value(20, DAY), policies=(lambda _: no,)) == Refused(no)


def test_enacting_the_same_again_does_nothing_after_an_amendment_either():
    programme = amended(OPEN, value(20, DAY))

    values = (value(10, NEW_YEAR),)
    assert enact(programme, "limit", unit="agents", values=values, on=DAY) == Accepted()


def test_an_ended_rule_is_in_force_to_its_last_day_and_no_longer():
    answer = end_rule(OPEN, "limit", last_day=DAY, citation=CITATION, on=DAY)

    programme = evolve(OPEN, *answer.events)
    assert in_force(programme, DAY) == 10
    with pytest.raises(RuleNotInForceError):
        programme.rule("limit", DAY + timedelta(days=1))


def test_ending_a_rule_voids_what_was_laid_down_for_later():
    planned = amended(OPEN, value(20, date(2019, 1, 1)))
    programme = evolve(planned, *ended(planned, DAY).events)

    with pytest.raises(RuleNotInForceError):
        programme.rule("limit", date(2019, 1, 1))


def test_ending_a_rule_again_on_the_same_day_does_nothing():
    programme = evolve(OPEN, *ended(OPEN, DAY).events)

    assert ended(programme, DAY) == Accepted()
    assert ended(programme, DAY - timedelta(days=1)).events


def test_a_rule_that_ends_on_the_last_day_of_all_does_not_end():
    programme = evolve(OPEN, *ended(OPEN, date.max).events)

    assert in_force(programme, date.max) == 10


def test_only_what_was_enacted_can_be_ended():
    with pytest.raises(NotFoundError, match="there is nothing to end"):
        ended(PERISAI, DAY)


def test_an_amendment_of_what_was_never_enacted_loads_all_the_same():
    (event,) = ask(OPEN, value(20, DAY)).events

    programme = evolve(PERISAI, attrs.evolve(event, rule="other"))
    assert programme.rule("other", DAY).value == 20
