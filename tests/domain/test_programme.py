"""A programme: the dated values of its rules, and which of them is in force on a day."""

from datetime import date, datetime, timedelta

import pytest

from jamsos.domain.calendar import Month
from jamsos.domain.citation import Citation, Status
from jamsos.domain.decision import Accepted
from jamsos.domain.due import programme_in
from jamsos.domain.programme import (
    Amendment,
    Evaluation,
    Measures,
    Outcome,
    Programme,
    ProgrammeEvaluationConcluded,
    ProgrammeEvaluationOpened,
    ProgrammeRuleAmended,
    amend,
    enact,
    establish,
    evolve,
)
from jamsos.domain.rule import Conflict, DatedValue
from jamsos.errors import InputError, RuleNotInForceError

CITATION = Citation("Example 1/2018", "Article 2")
NEW_YEAR = date(2018, 1, 1)
DAY = date(2018, 1, 10)
PERISAI = Programme("perisai")
MEASURES = Measures(
    month=Month(2017, 12),
    known_at=1,
    agents=0,
    productive_agents=0,
    acquired=0,
    after_months=3,
    eligible=0,
    still_active=0,
    definition="paid-up",
)


def value(number, in_force, until=None):
    return DatedValue(
        value=number, in_force=in_force, until=until, citation=CITATION, status=Status.ASSUMED
    )


def with_limit(*values, programme=PERISAI, scope="national"):
    answer = enact(programme, "limit", unit="agents", values=values, on=DAY, scope=scope)
    return evolve(programme, *answer.events)


def in_force(programme, on, scope="national"):
    return programme.rule("limit", on, scope=scope).value


OPEN = with_limit(value(10, NEW_YEAR))
ENDED = with_limit(value(10, NEW_YEAR, date(2018, 6, 30)))


def test_a_value_is_in_force_from_its_first_day_to_its_last():
    assert in_force(ENDED, NEW_YEAR) == 10
    assert in_force(ENDED, date(2018, 6, 30)) == 10


@pytest.mark.parametrize("day", [date(2017, 12, 31), date(2018, 7, 1)])
def test_on_any_other_day_no_rule_is_in_force(day):
    with pytest.raises(RuleNotInForceError, match=f"'limit' of programme 'perisai' .* on {day}$"):
        ENDED.rule("limit", day)


def test_a_value_without_a_last_day_is_in_force_for_good():
    assert in_force(OPEN, date.max) == 10


def test_a_rule_of_one_region_says_nothing_of_another():
    bali = with_limit(value(3, NEW_YEAR), programme=OPEN, scope="51")

    assert in_force(bali, DAY, "51") == 3
    assert in_force(bali, DAY) == 10
    with pytest.raises(RuleNotInForceError, match="in region 52"):
        bali.rule("limit", DAY, scope="52")


def test_a_value_that_ends_before_it_begins_is_none():
    assert value(1, DAY, DAY).until == DAY
    with pytest.raises(InputError, match="the last day must not come before the first"):
        value(1, DAY, DAY - timedelta(days=1))


@pytest.mark.parametrize("number", [-1, 1.5, True, 2**63])
def test_a_value_is_a_whole_number(number):
    with pytest.raises(InputError, match="value is"):
        value(number, DAY)
    with pytest.raises(InputError, match="value is"):
        Conflict(number, CITATION)


@pytest.mark.parametrize("day", [datetime(2018, 1, 10), "2018-01-10", None])  # noqa: DTZ001 - any moment will do
def test_a_value_begins_on_a_day(day):
    with pytest.raises(InputError, match="in_force is"):
        value(1, day)


def test_each_value_has_a_name_for_good_and_its_citation():
    programme = with_limit(value(1, NEW_YEAR, DAY), value(2, date(2018, 2, 1)))
    programme = with_limit(value(3, NEW_YEAR), programme=programme, scope="51")

    refs = [rule.ref for rules in programme.rules.values() for rule in rules]
    assert refs == ["perisai/limit/1", "perisai/limit/2", "perisai/limit@51/1"]
    assert programme.rule("limit", DAY).citation == CITATION
    assert programme.rule("limit", date(2018, 2, 1)).unit == "agents"


def test_establishing_a_programme_again_does_nothing():
    programme = evolve(PERISAI, *establish(PERISAI, on=DAY).events)

    assert programme.established == DAY
    assert establish(programme, on=date(2019, 1, 1)) == Accepted()


def test_enacting_the_same_again_does_nothing():
    assert enact(OPEN, "limit", unit="agents", values=(value(10, NEW_YEAR),), on=DAY) == Accepted()


def test_a_rule_is_not_enacted_again_with_another_value():
    with pytest.raises(InputError, match="is enacted already: amend it"):
        enact(OPEN, "limit", unit="agents", values=(value(11, NEW_YEAR),), on=DAY)


def test_a_rule_is_read_again_as_it_was_enacted_whatever_became_of_it():
    first, second = value(10, NEW_YEAR, date(2018, 12, 31)), value(20, date(2019, 1, 1))
    known = with_limit(first, second)
    case = Amendment(
        programme=known,
        rule="limit",
        scope="national",
        value=value(5, date(2018, 7, 1)),
        evaluation=None,
        on=DAY,
    )
    now = evolve(known, *amend(case, policies=()).events)

    assert in_force(now.as_read({"perisai/limit/1"}), date(2018, 12, 31)) == 10
    assert in_force(now.as_read({"perisai/limit/2"}), date(2019, 1, 1)) == 20
    with pytest.raises(RuleNotInForceError):
        in_force(now.as_read({"perisai/limit/1"}), date(2019, 1, 1))
    assert now.as_read({"perisai/limit/1"}).rules["limit", "national"] == (
        known.rules["limit", "national"][0],
    )


def amended(unit, number=5):
    return ProgrammeRuleAmended(
        rule="limit",
        unit=unit,
        scope="national",
        value=value(number, NEW_YEAR),
        evaluation=None,
        on=DAY,
    )


@pytest.mark.parametrize("unit", ["agents", None])
def test_an_amended_rule_keeps_the_unit_that_it_was_enacted_with(unit):
    now = evolve(OPEN, amended(unit))

    assert now.rule("limit", DAY).unit == "agents"
    assert now.rule("limit", DAY).ref == "perisai/limit/2"


@pytest.mark.parametrize(("told", "unit"), [("seats", "seats"), (None, "")])
def test_a_rule_that_is_known_by_its_amendment_alone_has_the_unit_of_that(told, unit):
    assert evolve(PERISAI, amended(told)).rule("limit", DAY).unit == unit


def test_an_evaluation_keeps_the_day_on_which_it_was_opened():
    opened = ProgrammeEvaluationOpened(evaluation="growth", trigger="5,000", on=NEW_YEAR)
    concluded = ProgrammeEvaluationConcluded(
        evaluation="growth", measures=MEASURES, outcome=Outcome.KEEP, on=DAY
    )

    known = evolve(evolve(PERISAI, opened), concluded).evaluations["growth"]
    assert known == Evaluation(NEW_YEAR, DAY, Outcome.KEEP)
    alone = evolve(PERISAI, concluded).evaluations["growth"]
    assert alone == Evaluation(DAY, DAY, Outcome.KEEP)


def test_a_programme_that_no_law_has_is_one_of_that_name_without_rules():
    assert programme_in({}, "jht") == Programme("jht")
    assert programme_in({"perisai": OPEN}, "perisai") is OPEN


def test_a_rule_that_was_never_enacted_has_no_last_value():
    assert PERISAI.last_before("limit", DAY) is None


def test_a_rule_without_a_value_is_not_enacted():
    with pytest.raises(InputError, match="has no value: give at least one"):
        enact(PERISAI, "limit", unit="agents", values=(), on=DAY)


@pytest.mark.parametrize("last_day", [None, date(2018, 2, 1), date(2018, 3, 1)])
def test_two_values_that_share_a_day_are_not_enacted(last_day):
    values = (value(1, NEW_YEAR, last_day), value(2, date(2018, 2, 1)))

    with pytest.raises(InputError, match="in force on 2018-02-01: give each day one"):
        enact(PERISAI, "limit", unit="agents", values=values, on=DAY)


def test_two_values_that_follow_each_other_are_enacted_together():
    programme = with_limit(value(1, NEW_YEAR, date(2018, 1, 31)), value(2, date(2018, 2, 1)))

    assert in_force(programme, date(2018, 1, 31)) == 1
    assert in_force(programme, date(2018, 2, 1)) == 2
