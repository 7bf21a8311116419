"""How strictly a rule file is read: what is wrong is named with file, line and key."""

from datetime import date
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jamsos import Status
from jamsos.domain.rate import parse_rate
from jamsos.domain.value import Kind, Table
from jamsos.errors import InputError
from jamsos.language import rate_text
from jamsos.rulebook import parse

FILE = """\
programme = "perisai"
rule = "limit"
means = "How many there may be."
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
verified_until = 2019-06-30
status = "assumed"
citation = { instrument = "Example 3/2018", url = "https://example.org/3" }
"""

PROVEN = """\
programme = "perisai"
rule = "limit"
means = "How many there may be."
unit = "agents"

[[value]]
value = 10
in_force = 2018-01-01
status = "enacted"

[value.citation]
instrument = "Example 1/2018"
passage = '''
Pasal 2
"Paling banyak" 10 agen.'''
passage_sha256 = "b1b5"
read_on = 2026-01-05
akn = "/akn/id/act/example/2018/1"
""".replace("b1b5", sha256(b'Pasal 2\n"Paling banyak" 10 agen.').hexdigest())

RATES = """\
programme = "jkk"
rule = "rates"
means = "What is due of each rupiah."
unit = "per-100000"

[[value]]
in_force = 2018-01-01
status = "assumed"
citation = { instrument = "Example 1/2018" }

[value.table]
low = "0.54 %"
high = "1.27 %"
"""

BRACKETS = """\
programme = "jkk"
rule = "bases"
means = "What is reckoned on."
unit = "rupiah"

[[value]]
brackets = [
    # from, base
    [0, 1_000_000],
    [1_100_000, 1_200_000],
    [1_300_000, 1_400_000],
]
in_force = 2018-01-01
status = "assumed"
citation = { instrument = "Example 1/2018" }
"""

NAMES = """\
programme = "jkk"
rule = "mandatory"
means = "Which programmes are mandatory."
unit = "programmes"

[[value]]
value = ["jkk", "jkm"]
in_force = 2018-01-01
status = "assumed"
citation = { instrument = "Example 1/2018" }
"""


def fault(text):
    with pytest.raises(InputError) as raised:
        parse(text, name="rule.toml")
    return str(raised.value)


def with_line(text, old, new):
    assert text.count(old) >= 1
    return text.replace(old, new, 1)


def test_a_rule_file_holds_dated_cited_values():
    file = parse(FILE, name="limit.toml")

    assert (file.programme, file.rule, file.unit, file.scope) == (
        "perisai",
        "limit",
        "agents",
        "national",
    )
    assert file.means == "How many there may be."
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
    assert second.citation.url == "https://example.org/3"
    assert (first.verified_until, second.verified_until) == (None, date(2019, 6, 30))


def test_a_value_is_a_whole_number_names_a_table_or_brackets():
    kinds = [parse(text, name="x").values[0] for text in (FILE, NAMES, RATES, BRACKETS)]

    assert [value.kind for value in kinds] == [Kind.WHOLE, Kind.NAMES, Kind.TABLE, Kind.BRACKETS]
    assert kinds[1].value == ("jkk", "jkm")
    assert kinds[2].value == Table.of({"low": 540, "high": 1_270})
    assert kinds[3].value == Table.of({0: 1_000_000, 1_100_000: 1_200_000, 1_300_000: 1_400_000})


def test_a_table_may_hold_names_and_none_of_them():
    text = with_line(RATES, 'unit = "per-100000"', 'unit = "programmes"')
    text = with_line(text, 'low = "0.54 %"', 'low = ["jkk"]')
    text = with_line(text, 'high = "1.27 %"', "high = []")

    assert parse(text, name="x").values[0].value == Table.of({"low": ("jkk",), "high": ()})


def test_the_largest_whole_number_is_exact():
    text = with_line(FILE, "value = 10", "value = 9_223_372_036_854_775_807")

    assert parse(text, name="x").values[0].value == 2**63 - 1
    assert "from 0 to 2^63 - 1" in fault(with_line(text, "775_807", "775_808"))


@pytest.mark.parametrize(
    ("old", "new", "line", "key", "what"),
    [
        ("unit =", "units =", 4, "units", "there is no such key here"),
        ("until =", "untill =", 9, "value.untill", "there is no such key here"),
        ("article =", "artikel =", 12, "value.citation.artikel", "there is no such key here"),
        ("[[value.conflict]]", "[[value.clash]]", 15, "value.clash", "there is no such key here"),
        ("value = 5", "value = 5\nuntil = 2018-02-01", 17, "value.conflict.until", "no such key"),
        ('rule = "limit"\n', "", 1, "the file", "the key rule is missing"),
        ('means = "How many there may be."\n', "", 1, "the file", "the key means is missing"),
        ('rule = "limit"', 'rule = "The limit"', 2, "rule", "is not a name"),
        ('rule = "limit"', "rule = 7", 2, "rule", "it must be text"),
        ('rule = "limit"', 'rule = " "', 2, "rule", "it must be text"),
        ('unit = "agents"', 'unit = "agents"\nscope = "97"', 5, "scope", "there is no region '97'"),
        ('citation = { instrument = "Example 3/2018"', 'x = { y = "z"', 24, "value.x", "no such"),
        (', url = "https://example.org/3"', ', url = "on page 3"', 24, "citation.url", "https"),
        ('instrument = "Example 2/2018"', "", 17, "conflict.citation", "is missing"),
        ('instrument = "Example 2/2018"', 'instrument = " "', 17, "instrument", "text"),
        ('{ instrument = "Example 2/2018" }', '"Example"', 17, "value.conflict.citation", "write"),
        ("value = 10", "value = 10.5", 7, "value.value", "without decimals"),
        ("value = 10", "value = 10.0", 7, "value.value", "without decimals"),
        ("value = 10", "value = 1e1", 7, "value.value", "without decimals"),
        ("value = 10", 'value = "10"', 7, "value.value", "must be a whole number"),
        ("value = 10", "value = true", 7, "value.value", "must be a whole number"),
        ("value = 10", "value = -10", 7, "value.value", "from 0 to 2^63 - 1"),
        ("value = 10", "value = { low = 1 }", 7, "value.value", "must be a whole number"),
        ("value = 10\n", "", 6, "value", "give exactly one of the keys value, table, brackets"),
        ("value = 10", "value = 10\nbrackets = [[0, 1]]", 6, "value", "give exactly one of"),
        ("value = 10", 'value = ["jkk", "jkk"]', 7, "value.value", "name each once"),
        ("value = 10", 'value = ["jkk"]', 6, "value", "a conflict of it of kind whole"),
        ("value = 5", "value = -5", 16, "value.conflict.value", "from 0 to 2^63 - 1"),
        ("value = 20", "brackets = [[0, 20]]", 19, "value", "of kind brackets, the one before it"),
        ('"reported"', '"certain"', 11, "value.status", "enacted, reported, assumed"),
        ('status = "reported"\n', "", 6, "value", "the key status is missing"),
        ("in_force = 2018-01-01", 'in_force = "January"', 8, "value.in_force", "must be a day"),
        ("in_force = 2018-01-01", "in_force = 2018-01-01T00:00:00", 8, "in_force", "must be a day"),
        ("in_force = 2018-01-01", "in_force = 2018-13-01", 8, "in_force", "cannot be read as TOML"),
        ("until = 2018-12-31", "until = 2017-12-31", 9, "value.until", "must not come before"),
        ("until = 2018-12-31", "until = 2019-01-01", 21, "in_force", "two values are in force"),
        ("until = 2018-12-31\n", "", 20, "in_force", "two values are in force on 2019-01-01"),
        ("in_force = 2019-01-01", "in_force = 2017-01-01", 21, "in_force", "does not come after"),
        ("note = ", "until = 2018-02-01\nnote = ", 13, "until", "cannot be read as TOML"),
        ('article = "Article 2"', 'article = "A", article = "B"', 12, "citation", "read as TOML"),
        ('programme = "perisai"', "programme = ", 1, "programme", "cannot be read as TOML"),
        ("[[value.conflict]]", "conflict = 5\n[[value]]", 15, "value.conflict", "[[conflict]]"),
        ('note = "A note."', "note = 5", 13, "value.note", "it must be text"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_file_its_line_and_its_key(old, new, line, key, what):
    said = fault(with_line(FILE, old, new))

    assert said.startswith(f"rule file rule.toml, line {line}: ")
    assert key in said.split(": ")[1]
    assert what in said


@pytest.mark.parametrize(
    ("text", "old", "new", "line", "key", "what"),
    [
        (RATES, '"0.54 %"', "0.54", 12, "value.table.low", "write a rate as text"),
        (RATES, '"0.54 %"', "540", 12, "value.table.low", "write a rate as text"),
        (RATES, '"0.54 %"', '"0.5412 %"', 12, "value.table.low", "at most 3 decimals"),
        (RATES, '"0.54 %"', '"0.54"', 12, "value.table.low", "is not a rate"),
        (RATES, '"0.54 %"', '"100.001 %"', 12, "value.table.low", "more than 100 %"),
        (RATES, '"0.54 %"', '["jkk"]', 11, "value.table", "of another kind"),
        (RATES, "low =", "Low =", 12, "value.table.Low", "is not a name"),
        (RATES, "low =", '"7" =', 12, "value.table.7", "is not a name"),
        (RATES, "low =", "high =", 13, "high", "cannot be read as TOML"),
        (RATES, "[value.table]", "[value.rows]", 11, "value.rows", "there is no such key"),
        (BRACKETS, "[1_100_000, 1_200_000]", "[1_100_000]", 10, "brackets", "not a pair"),
        (BRACKETS, "[1_100_000, 1_200_000]", "1_100_000", 10, "brackets", "not a pair"),
        (BRACKETS, "1_200_000]", "1_200_000.0]", 10, "brackets", "without decimals"),
        (BRACKETS, "[1_100_000,", "[1_100_000.0,", 10, "brackets", "without decimals"),
        (BRACKETS, "[1_100_000,", "[-1,", 10, "brackets", "from 0 to 2^63 - 1"),
        (BRACKETS, "[1_100_000,", "[1_300_000,", 7, "brackets", "lower bounds must rise"),
        (BRACKETS, "[1_100_000,", "[1_400_000,", 7, "brackets", "lower bounds must rise"),
        (NAMES, '"jkm"]', '"Jkm"]', 7, "value.value", "is not a name"),
        (NAMES, '"jkm"]', "7]", 7, "value.value", "is not a name"),
    ],
)
def test_a_fault_in_a_table_or_in_brackets_is_named_too(text, old, new, line, key, what):
    said = fault(with_line(text, old, new))

    assert said.startswith(f"rule file rule.toml, line {line}: ")
    assert key in said.split(": ")[1]
    assert what in said


def test_a_citation_may_say_what_was_read_when_and_in_which_work():
    citation = parse(PROVEN, name="x").values[0].citation

    assert citation.passage == 'Pasal 2\n"Paling banyak" 10 agen.'
    assert citation.passage_sha256 == sha256(citation.passage.encode()).hexdigest()
    assert (citation.read_on, citation.akn) == (date(2026, 1, 5), "/akn/id/act/example/2018/1")


def test_nothing_of_a_citation_is_made_up():
    lines = [line for line in PROVEN.splitlines() if not line.startswith("passage_sha256")]
    without_hash = parse("\n".join(lines), name="x").values[0].citation
    (bare,) = parse(NAMES, name="x").values

    assert (bool(without_hash.passage), without_hash.passage_sha256) == (True, None)
    assert (bare.citation.passage, bare.citation.read_on, bare.citation.akn) == (None, None, None)


def test_a_citation_in_one_line_and_one_of_a_conflict_may_say_it_too():
    more = 'passage = "Five.", read_on = 2026-01-06, akn = "/akn/id/act/2018/2" }'
    text = with_line(FILE, '"Example 2/2018" }', f'"Example 2/2018", {more}')
    citation = parse(text, name="x").values[0].conflicts[0].citation

    assert (citation.passage, citation.read_on) == ("Five.", date(2026, 1, 6))
    assert citation.akn == "/akn/id/act/2018/2"


@pytest.mark.parametrize(
    ("old", "new", "line", "key", "what"),
    [
        ("passage = ", "passages = ", 13, "passages", "there is no such key here"),
        ("akn = ", "frbr = ", 18, "frbr", "there are instrument, article, source, url, passage,"),
        ('Pasal 2\n"Paling banyak" 10 agen.', " ", 13, "passage", "it must be text"),
        ("10 agen", "1" * 4_001, 13, "passage", "give at most 4,000"),
        ("10 agen", "11 agen", 16, "passage_sha256", "and that of its passage is"),
        ('passage_sha256 = "', 'passage_sha256 = "0', 16, "passage_sha256", "write 64 hex digits"),
        ('passage_sha256 = "', "passage_sha256 = 1 #", 16, "passage_sha256", "it must be text"),
        ("read_on = 2026-01-05", 'read_on = "January"', 17, "read_on", "it must be a day"),
        ("01-05", "01-05T00:00:00", 17, "read_on", "it must be a day"),
        ("/akn/id", "/id", 18, "akn", "write a name as /akn/id/act/pp/2015/44"),
        ('akn = "', "akn = 1 #", 18, "akn", "it must be text"),
    ],
)
def test_a_fault_in_what_was_read_is_named_with_its_line_and_its_key(old, new, line, key, what):
    said = fault(with_line(PROVEN, old, new))

    assert said.startswith(f"rule file rule.toml, line {line}: value.citation.{key}: ")
    assert what in said


@pytest.mark.parametrize(
    ("old", "new", "key", "what"),
    [
        ('[value.table]\nlow = "0.54 %"\nhigh = "1.27 %"\n', "", "value", "give exactly one"),
        ("[value.table]", "table = 5\n[value.x]", "value.x", "there is no such key here"),
        ("[[value]]", "[value]", "value", "under [[value]]"),
    ],
)  # fmt: skip
def test_what_is_of_another_form_is_a_fault(old, new, key, what):
    said = fault(with_line(RATES, old, new))

    assert key in said.split(": ")[1]
    assert what in said


def test_a_table_or_brackets_of_another_form_are_a_fault():
    whole = with_line(NAMES, 'value = ["jkk", "jkm"]', "table = 5")

    assert "line 7: value.table: it must be rows by name" in fault(whole)
    assert "line 7: value.brackets: they must be pairs" in fault(
        with_line(whole, "table = 5", "brackets = 5")
    )
    assert "line 7: value.brackets" in fault(with_line(whole, "table = 5", "brackets = []"))


@pytest.mark.parametrize("value", ["9" * 5_000, "[" * 5_000])
def test_what_is_too_long_or_too_deep_to_be_read_is_a_fault_of_its_line(value):
    said = fault(with_line(FILE, "value = 10", f"value = {value}"))

    assert said.startswith("rule file rule.toml, line 7: value: it cannot be read as TOML")


def test_an_empty_file_is_a_fault_of_its_first_line():
    assert fault("").startswith("rule file rule.toml, line 1: the file: the key programme")


def test_a_value_may_begin_on_the_day_after_the_last_one_ended():
    values = parse(FILE, name="limit.toml").values

    assert (values[0].until, values[1].in_force) == (date(2018, 12, 31), date(2019, 1, 1))


def test_only_what_was_published_by_the_day_is_known_on_it():
    file = parse(FILE, name="limit.toml")
    first, second = file.values

    assert file.published(date(2017, 11, 19)) == ()
    assert file.published(date(2017, 11, 20)) == (first,)
    assert file.published(date(2018, 12, 31)) == (first,)
    assert file.published(date(2019, 1, 1)) == (first, second)


@pytest.mark.parametrize(
    ("text", "rate"),
    [("0 %", 0), ("0.001 %", 1), ("0.24 %", 240), ("2 %", 2_000), ("100 %", 100_000)],
)
def test_a_rate_is_a_percentage_of_at_most_three_decimals(text, rate):
    assert parse_rate(text) == rate
    assert rate_text(rate) == text


@pytest.mark.parametrize(
    "text", ["", "0.24", "0.24%", "0,24 %", "-1 %", "0.2400 %", "1e1 %", "٣ %"]
)
def test_anything_else_is_no_rate(text):
    with pytest.raises(InputError, match="is not a rate"):
        parse_rate(text)


@given(st.integers(0, 100_000))
def test_a_rate_is_read_as_it_is_written(rate):
    assert parse_rate(rate_text(rate)) == rate
