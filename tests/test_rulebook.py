"""The law that ships, and how strictly its files are read."""

from datetime import date
from importlib import resources

import pytest

from jamsos import Status
from jamsos.errors import InputError, NotFoundError
from jamsos.rulebook import parse, rules_of

PERISAI = {file.rule: file for file in rules_of("perisai")}
SHIPPED = [(rule, value) for rule, file in PERISAI.items() for value in file.values]

FILE = """
programme = "perisai"
rule = "limit"
unit = "agents"

[[value]]
value = 10
in_force = 2018-01-01
until = 2018-12-31
published = 2017-11-20
status = "reported"
citation = { instrument = "Example 1/2018", article = "Article 2", source = "S1" }
note = "A note."

[[value.conflict]]
value = 5
citation = { instrument = "Example 2/2018" }

[[value]]
value = 20
in_force = 2019-01-01
status = "assumed"
citation = { instrument = "Example 3/2018" }
"""


def with_line(old, new):
    assert FILE.count(old) >= 1
    return FILE.replace(old, new, 1)


def test_a_rule_file_holds_dated_cited_values():
    file = parse(FILE, name="limit.toml")

    assert (file.programme, file.rule, file.unit, file.scope) == (
        "perisai",
        "limit",
        "agents",
        "national",
    )
    first, second = file.values
    assert (first.value, first.in_force, first.until) == (10, date(2018, 1, 1), date(2018, 12, 31))
    assert (first.published, first.status, first.note) == (
        date(2017, 11, 20),
        Status.REPORTED,
        "A note.",
    )
    assert (str(first.citation), first.citation.source) == ("Example 1/2018, Article 2", "S1")
    assert [(c.value, str(c.citation)) for c in first.conflicts] == [(5, "Example 2/2018")]
    assert (second.value, second.until, second.published, second.conflicts) == (20, None, None, ())


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("unit =", "units =", "`units`"),
        ("until =", "untill =", "`untill`"),
        ("article =", "artikel =", "`artikel`"),
        ("[[value.conflict]]", "[[value.conflicts]]", "`conflicts`"),
        ("value = 5", "value = 5\nuntil = 2018-02-01", "`until`"),
        ('rule = "limit"\n', "", "`rule`"),
        ('citation = { instrument = "Example 3/2018" }\n', "", "`citation`"),
        ('instrument = "Example 3/2018"', "", "`instrument`"),
        ('instrument = "Example 3/2018"', 'instrument = " "', "instrument of a citation"),
        ("value = 10", "value = 10.5", "Expected `int`, got `float`"),
        ("value = 10", "value = 10.0", "Expected `int`, got `float`"),
        ("value = 10", 'value = "10"', "Expected `int`, got `str`"),
        ("value = 10", "value = true", "Expected `int`, got `bool`"),
        ("value = 10", "value = -10", "from 0 to 2^63 - 1"),
        ("value = 5", "value = -5", "from 0 to 2^63 - 1"),
        ('"reported"', '"certain"', "Invalid enum value 'certain'"),
        ('status = "reported"\n', "", "`status`"),
        ("in_force = 2018-01-01", 'in_force = "January"', "in_force"),
        ("in_force = 2018-01-01", "in_force = 2018-13-01", "at line 8"),
        ("until = 2018-12-31", "until = 2017-12-31", "last day must not come before the first"),
        ("until = 2018-12-31", "until = 2019-01-01", "two values are in force on 2019-01-01"),
        ("until = 2018-12-31\n", "", "two values are in force on 2019-01-01"),
        ('programme = "perisai"', "programme = ", "at line 2"),
    ],
)
def test_a_fault_is_named_with_the_file_it_is_in(old, new, fault):
    with pytest.raises(InputError) as raised:
        parse(with_line(old, new), name="limit.toml")

    assert str(raised.value).startswith("rule file limit.toml: ")
    assert fault.lower() in str(raised.value).lower()


def test_a_value_may_begin_on_the_day_after_the_last_one_ended():
    values = parse(FILE, name="limit.toml").values

    assert (values[0].until, values[1].in_force) == (date(2018, 12, 31), date(2019, 1, 1))


def test_only_what_was_published_by_the_day_is_known_on_it():
    first, second = parse(FILE, name="limit.toml").values

    assert parse(FILE, name="limit.toml").published(date(2017, 11, 19)) == (second,)
    assert parse(FILE, name="limit.toml").published(date(2017, 11, 20)) == (first, second)


def test_there_are_no_rules_of_a_programme_that_none_ship_for():
    with pytest.raises(NotFoundError, match="no rules ship for a programme 'pilot'"):
        rules_of("pilot")


def test_the_rules_come_by_name_one_a_file():
    folder = resources.files("jamsos.policies") / "rules"
    files = sorted(file.name for file in folder.iterdir())

    assert files == [f"{rule}.toml" for rule in PERISAI]


@pytest.mark.parametrize(("rule", "value"), SHIPPED, ids=lambda each: str(each)[:30])
def test_every_value_that_ships_has_a_source_and_is_no_surer_than_that(rule, value):
    assert value.citation.source
    assert value.status is Status.REPORTED
    assert PERISAI[rule].unit in {"agents", "months", "participants"}
    for conflict in value.conflicts:
        assert conflict.citation.source


def test_the_caps_are_the_published_ones_year_by_year():
    caps = [(v.value, v.in_force, v.until) for v in PERISAI["agent-cap"].values]

    assert caps == [
        (1_200, date(2017, 11, 1), date(2017, 12, 31)),
        (10_000, date(2018, 1, 1), date(2018, 12, 31)),
        (20_000, date(2019, 1, 1), date(2019, 12, 31)),
    ]


def test_two_reports_of_the_cap_for_2018_disagree_and_both_are_kept():
    first, second, third = PERISAI["agent-cap"].values
    (conflict,) = second.conflicts

    assert (conflict.value, conflict.citation.source) == (5_000, "S10")
    assert "this one is used" in second.note
    assert not first.conflicts
    assert not third.conflicts


def test_the_caps_of_2017_and_2018_are_published_in_november_2017_and_the_third_later():
    cap = PERISAI["agent-cap"]

    assert [v.value for v in cap.published(date(2017, 11, 19))] == []
    assert [v.value for v in cap.published(date(2017, 11, 20))] == [1_200, 10_000]
    assert [v.value for v in cap.published(date(2018, 12, 10))] == [1_200, 10_000]
    assert [v.value for v in cap.published(date(2018, 12, 11))] == [1_200, 10_000, 20_000]


@pytest.mark.parametrize(
    ("rule", "value"),
    [
        ("agent-idle-months", 3),
        ("agent-return-months", 6),
        ("agents-needed", 150_000),
        ("opening-active-participants", 26_200_000),
        ("opening-informal-participants", 1_700_000),
        ("opening-registered-participants", 44_900_000),
        ("potential-participants", 86_000_000),
        ("target-informal-participants", 2_400_000),
    ],
)
def test_the_other_figures_are_the_published_ones(rule, value):
    (only,) = PERISAI[rule].values

    assert only.value == value
