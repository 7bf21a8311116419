"""Where rule files are found, and what they make when they are adopted."""

import re
import sys
from datetime import date, timedelta
from importlib import metadata

import pytest
from hypothesis import given
from hypothesis import strategies as st

import jamsos
from jamsos.domain.programme import ProgrammeRuleAmended, ProgrammeRuleEnacted
from jamsos.errors import InputError, NotFoundError, RuleNotInForceError
from jamsos.rulebook import everything, faults, law, load, rules_of, shelf

MINE = """\
programme = "jkm"
rule = "bpu-amount"
means = "What is due."
unit = "rupiah"

[[value]]
value = 7_200
in_force = 2027-04-01
status = "assumed"
citation = { instrument = "Example 1/2026" }
"""
LATE = date(2027, 4, 1)
FILES = everything()
LAW = law(FILES)
KEYS = [(file.programme, file.rule) for file in FILES]


@pytest.fixture
def mine(tmp_path):
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "bpu-amount.toml").write_text(MINE, encoding="utf-8")
    (folder / "README.md").write_text("No rule.", encoding="utf-8")
    return folder


@pytest.fixture
def desk():
    with jamsos.open(":memory:") as registry:
        yield registry


def amounts(programme):
    return [programme.rule("bpu-amount", on).value for on in (LATE - timedelta(days=1), LATE)]


# -- Found. -------------------------------------------------------------------------


def test_there_are_no_rules_of_a_programme_that_none_ship_for(mine):
    with pytest.raises(NotFoundError, match="no rules ship for a programme 'pilot'"):
        rules_of("pilot")
    with pytest.raises(NotFoundError, match=f"no rules are in {mine} for a programme 'jkk'"):
        rules_of("jkk", mine)


def test_the_rules_come_by_programme_and_name():
    assert sorted(KEYS) == KEYS


def test_rules_are_loaded_from_a_file_or_from_a_folder(mine):
    (one,) = load(mine / "bpu-amount.toml")

    assert (one.programme, one.rule) == ("jkm", "bpu-amount")
    assert load(mine) == load(mine.parent) == rules_of("jkm", str(mine)) == (one,)


def test_where_there_is_no_rule_file_nothing_is_loaded(tmp_path):
    with pytest.raises(NotFoundError, match="there is no rule file"):
        load(tmp_path / "missing.toml")
    with pytest.raises(NotFoundError, match="their names end in"):
        load(tmp_path)


def test_a_file_that_is_no_text_is_named(tmp_path):
    (tmp_path / "rule.toml").write_bytes(b"\xff")

    with pytest.raises(InputError, match=r"rule file rule.toml cannot be read"):
        load(tmp_path / "rule.toml")


def test_an_installed_package_brings_its_rules_after_those_that_ship(mine, monkeypatch):
    (mine / "__init__.py").touch()
    monkeypatch.syspath_prepend(mine.parent)
    point = metadata.EntryPoint("my-office", "mine", shelf.ENTRY_POINTS)
    monkeypatch.setattr(metadata, "entry_points", lambda *, group: (point,) if group else ())
    everything.cache_clear()
    try:
        found = everything()
    finally:
        everything.cache_clear()
        sys.modules.pop("mine", None)

    assert found[:-1] == FILES
    assert amounts(law(found)["jkm"]) == [6_800, 7_200]


# -- Checked. -----------------------------------------------------------------------


def test_every_file_of_a_folder_is_checked(mine):
    (mine / "a.toml").write_text(MINE.replace("7_200", "7.2"), encoding="utf-8")
    (mine / "b.toml").write_text(MINE.replace("7_200", '["jkk"]'), encoding="utf-8")
    (mine / "c.toml").write_text(MINE.replace('"rupiah"', '"months"'), encoding="utf-8")
    number, found = faults(mine)

    assert number == 4
    assert [fault.partition(": ")[0] for fault in found] == [
        "rule file mine/a.toml, line 7",
        "rule file mine/b.toml",
        "rule file mine/c.toml",
    ]
    assert "of kind names, those of the rule that it amends of kind whole number" in found[1]
    assert "in months, those of the rule that it amends in rupiah" in found[2]


def test_what_ships_has_no_fault_and_neither_has_a_new_rule(mine):
    (mine / "new.toml").write_text(MINE.replace('"bpu-amount"', '"new"'), encoding="utf-8")

    assert faults(mine) == (2, ())


# -- Adopted. -----------------------------------------------------------------------


@pytest.mark.parametrize("programme", sorted({programme for programme, _ in KEYS} - {"perisai"}))
def test_what_is_adopted_is_what_the_files_say_and_adopting_again_records_nothing(desk, programme):
    late = date(2027, 12, 31)
    desk.adopt(programme, on=late).or_raise()
    own = {rule for its, rule in KEYS if its == programme}

    assert {rule for rule, _ in desk.programme(programme).rules} == own
    for rule in own:
        there, said = (
            [v.dated for v in law.rules[rule, "national"] if not v.void]
            for law in (desk.programme(programme), LAW[programme])
        )
        assert there == said
    assert desk.adopt(programme, on=late) == jamsos.Accepted()


def test_a_rule_file_of_ones_own_amends_what_ships_and_nothing_else(desk, mine):
    desk.adopt("jkm", on=date(2026, 12, 1)).or_raise()
    before = desk.programme("jkm")
    (event,) = desk.adopt("jkm", on=LATE, rules=mine).or_raise().events

    assert (type(event), event.rule, event.unit) == (ProgrammeRuleAmended, "bpu-amount", "rupiah")
    assert amounts(desk.programme("jkm")) == [6_800, 7_200]
    assert desk.programme("jkm").rules["pu-rate", "national"] == before.rules["pu-rate", "national"]
    assert desk.adopt("jkm", on=LATE, rules=mine) == jamsos.Accepted()
    assert desk.adopt("jkm", on=date(2026, 12, 2)) == jamsos.Accepted()
    assert amounts(desk.programme("jkm")) == [6_800, 7_200]


def test_a_value_of_ones_own_is_not_adopted_before_it_is_known(desk, mine):
    desk.adopt("jkm", on=date(2026, 12, 1)).or_raise()

    assert desk.adopt("jkm", on=LATE - timedelta(days=1), rules=mine) == jamsos.Accepted()
    assert desk.adopt("jkm", on=LATE, rules=mine).events


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('"rupiah"', '"months"', "rule 'bpu-amount' is in rupiah: its file says months"),
        ("7_200", '["jkk"]', "rule 'bpu-amount' has values of kind whole number"),
        ("7_200", "7.2", "rule file mine/bpu-amount.toml, line 7: value.value"),
    ],
)
def test_a_file_that_does_not_fit_the_rule_it_amends_is_not_adopted(desk, mine, old, new, fault):
    desk.adopt("jkm", on=LATE).or_raise()
    last = desk.last_position()
    (mine / "bpu-amount.toml").write_text(MINE.replace(old, new), encoding="utf-8")

    with pytest.raises(InputError, match=re.escape(fault)):
        desk.adopt("jkm", on=LATE, rules=mine)
    assert desk.last_position() == last


def test_a_new_rule_of_ones_own_is_enacted(desk, mine):
    text = MINE.replace('"bpu-amount"', '"new"').replace("2027-04-01", "2026-01-01")
    (mine / "bpu-amount.toml").write_text(text, encoding="utf-8")
    _, event = desk.adopt("jkm", on=date(2026, 1, 1), rules=mine).or_raise().events

    assert (type(event), event.rule) == (ProgrammeRuleEnacted, "new")


def test_what_is_better_known_is_recorded_and_what_it_voids_is_enacted_again(desk, mine):
    two = MINE.replace("2027-04-01", "2026-01-01\nuntil = 2026-06-30") + MINE.partition("\n\n")[2]
    two = two.replace('"jkm"', '"pilot"').replace("2027-04-01", "2026-07-01")
    two += "verified_until = 2026-12-31\n"
    file = mine / "bpu-amount.toml"
    file.write_text(two, encoding="utf-8")
    on = date(2026, 7, 1)
    desk.adopt("pilot", on=on, rules=file).or_raise()
    file.write_text(two.replace('"assumed"', '"reported"', 1), encoding="utf-8")

    events = desk.adopt("pilot", on=on, rules=file).or_raise().events
    programme = desk.programme("pilot")

    assert [(event.value.in_force, event.value.status) for event in events] == [
        (date(2026, 1, 1), "reported"),
        (on, "assumed"),
    ]
    assert programme.rule("bpu-amount", date(2026, 6, 30)).dated.status == "reported"
    assert programme.rule("bpu-amount", on).dated.status == "assumed"
    assert desk.adopt("pilot", on=on, rules=file) == jamsos.Accepted()


def test_what_somebody_has_amended_is_not_put_back(desk):
    on = date(2018, 6, 1)
    desk.adopt("perisai", on=on).or_raise()
    lower = jamsos.DatedValue(
        value=5_000,
        in_force=date(2018, 7, 1),
        citation=jamsos.Citation("Example 1/2018"),
        status=jamsos.Status.ASSUMED,
    )
    desk.amend("perisai", "agent-cap", lower, on=on).or_raise()

    assert desk.adopt("perisai", on=date(2018, 8, 1)) == jamsos.Accepted()
    assert desk.programme("perisai").rule("agent-cap", date(2018, 7, 1)).value == 5_000


# -- What holds for all that ships. -------------------------------------------------


@given(st.sampled_from(FILES), st.dates(date(2014, 1, 1), date(2032, 1, 1)))
def test_on_a_day_there_is_the_one_value_of_that_day_or_an_error(file, on):
    those = [v for v in file.values if v.in_force <= on and (v.until is None or on <= v.until)]
    programme = LAW[file.programme]

    if those:
        assert [programme.rule(file.rule, on, scope=file.scope).dated] == those
    else:
        with pytest.raises(RuleNotInForceError):
            programme.rule(file.rule, on, scope=file.scope)


@given(st.integers(0, 2**63 - 1), st.integers(0, 10**9))
def test_more_income_never_means_a_lower_base(income, more):
    brackets = LAW["jkk"].rule("bpu-income-brackets", date(2026, 2, 1))
    other = min(income + more, 2**63 - 1)

    assert brackets.bracket(income) <= brackets.bracket(other)
