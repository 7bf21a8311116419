"""`jamsos rules`: what the law says on a day, what changes, and what is wrong in a file."""

import pytest

from jamsos.rulebook import everything

MINE = """\
programme = "jkk"
rule = "pu-late-fine"
means = "What an employer is fined."
unit = "per-100000"

[[value]]
value = "1 %"
in_force = 2027-04-01
status = "assumed"
citation = { instrument = "Example 1/2026" }
"""


CNBC = (
    "https://www.cnbcindonesia.com/market/20260204140501-17-708135/"
    "prabowo-beri-diskon-50-iuran-jkk-jkm-pekerja-informal-ojol-termasuk/amp"
)
RELIEF = (
    "The part of a non-wage earner's contribution to JKK that is remitted, by sector; the days"
    " are those of the contribution month."
)


@pytest.fixture
def mine(tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text(MINE, encoding="utf-8")
    return file


# -- list ---------------------------------------------------------------------------


def test_every_rule_is_listed_on_a_line_of_its_own(run):
    answer = run("rules", "list")
    lines = answer.out.splitlines()

    assert (answer.code, answer.err, len(lines)) == (0, "", len(everything()))
    assert lines[0].split("  ", 1)[0] == "jht/bpu-income-brackets"
    assert any(
        line.startswith("jkk/bpu-age-limit ")
        and line.endswith("  whole number, years; 2015-07-01 on; assumed, reported")
        for line in lines
    )


def test_the_rules_of_one_programme_are_listed(run, mine):
    answer = run("rules", "list", "--programme", "jp", "--json")
    rules = answer.json["rules"]

    assert [rule["rule"] for rule in rules] == [
        "jp/pu-deferral",
        "jp/pu-employer-rate",
        "jp/pu-wage-ceiling",
        "jp/pu-wage-ceiling-rounding",
        "jp/pu-worker-rate",
    ]
    assert rules[2] == {
        "rule": "jp/pu-wage-ceiling",
        "scope": "national",
        "means": "Up to which monthly wage JP is paid; a new one each March.",
        "kind": "whole number",
        "unit": "rupiah",
        "values": 11,
        "first_day": "2015-07-01",
        "last_day": "2026-02-28",
        "statuses": ["assumed", "reported"],
    }
    assert len(run("rules", "list", "--rules", mine).out.splitlines()) == len(everything()) + 1


def test_a_region_is_named_in_the_list(run, mine):
    mine.write_text(MINE.replace("[[value]]", 'scope = "51"\n\n[[value]]'), encoding="utf-8")

    assert "per-100000, region 51; 2027-04-01 on" in run("rules", "list", "--rules", mine).out


def test_a_programme_without_rules_cannot_be_listed(run):
    answer = run("rules", "list", "--programme", "pilot")

    assert (answer.code, answer.out) == (3, "")
    assert answer.err == "jamsos: there are no rules of a programme 'pilot'\n"


# -- show ---------------------------------------------------------------------------


def test_a_rule_is_shown_with_all_that_is_known_of_it(run):
    answer = run("rules", "show", "jkk/bpu-relief", "--on", "2026-03-31")

    assert (answer.code, answer.err) == (0, "")
    assert answer.out.splitlines() == [
        "jkk/bpu-relief on 2026-03-31: table, 2 rows, per-100000",
        "  " + RELIEF,
        "             transport            50 %",
        "                 other             0 %",
        "in force   2026-01-01 to 2026-03-31",
        "status     reported",
        "source     PP 50/2025, Pasal 4(1) (S49, S50, S51, S52)",
        "address    " + CNBC,
        "published  2025-12-22",
        "note       Transport: contribution months January 2026 to March 2027.",
    ]


def test_brackets_are_shown_by_their_lower_edges(run):
    out = run("rules", "show", "jkk/bpu-income-brackets", "--on", "2026-02-01").out

    assert "on 2026-02-01: brackets, 33 rows, rupiah\n" in out
    assert "       from 20,200,000      20,700,000\n" in out
    assert "UNVERIFIED" not in out


def test_a_day_after_what_was_verified_is_marked(run):
    ask = ("rules", "show", "bpu-amount", "--on")
    on, after = run(*ask, "2026-02-04"), run(*ask, "2026-02-05")

    assert "UNVERIFIED" not in on.out
    assert after.out.endswith(
        "UNVERIFIED the sources that were read speak for days up to 2026-02-04\n"
    )
    assert after.code == 0
    assert run(*ask, "2026-02-04", "--json").json["verified"] is True
    assert run(*ask, "2026-02-05", "--json").json["verified"] is False


def test_what_another_source_says_is_shown(run):
    out = run("rules", "show", "agent-cap", "--on", "2018-06-01").out

    assert "agent-cap on 2018-06-01: 10,000 (agents)\n" in out
    assert "CONFLICT   Kompas, 11 December 2018, at most 5,000 agents in 2018 says 5,000" in out


def test_an_address_is_shown(run):
    out = run("rules", "show", "agent-age-least", "--on", "2023-01-01").out

    assert "address    https://pasal.id/peraturan/perban/" in out


def test_what_was_read_when_and_in_which_work_is_shown(run, mine):
    mine.write_text(
        MINE.replace(
            "}",
            ', url = "https://example.org/1", akn = "/akn/id/act/2026/1", read_on = 2026-01-05,'
            ' passage = """Pasal 1\n\n(2) Satu\tpersen.""" }',
        ),
        encoding="utf-8",
    )
    ask = ("rules", "show", "pu-late-fine", "--rules", mine, "--on", "2027-04-01")

    assert run(*ask).out.splitlines()[4:] == [
        "source     Example 1/2026",
        "address    https://example.org/1",
        "akn        /akn/id/act/2026/1",
        "read on    2026-01-05",
        "passage    Pasal 1",
        "",
        "           (2) Satu\\tpersen.",
    ]
    cited = run(*ask, "--json").json["citation"]
    assert (cited["read_on"], cited["akn"]) == ("2026-01-05", "/akn/id/act/2026/1")
    assert (cited["passage"], cited["passage_sha256"]) == ("Pasal 1\n\n(2) Satu\tpersen.", None)


def test_the_hash_of_what_was_read_is_shown(run, mine):
    mine.write_text(MINE.replace(" }", f', passage_sha256 = "{"0" * 64}" }}'), encoding="utf-8")

    out = run("rules", "show", "pu-late-fine", "--rules", mine, "--on", "2027-04-01").out
    assert out.endswith(f"source     Example 1/2026\nsha-256    {'0' * 64}\n")


def test_a_rule_is_shown_as_one_json_object(run):
    shown = run("rules", "show", "jkk/construction-steps", "--on", "2020-01-01", "--json").json

    assert shown["value"]["rows"][0] == {"key": 0, "value": 210}
    assert shown["ref"] == "jkk/construction-steps/1"
    assert (shown["kind"], shown["unit"], shown["status"]) == ("brackets", "per-100000", "reported")
    assert (shown["in_force"], shown["until"], shown["published"]) == ("2015-07-01", None, None)
    assert shown["citation"]["source"] == "S40, S70"


def test_with_a_file_of_ones_own_the_rule_is_as_amended(run, mine):
    ask = ("rules", "show", "pu-late-fine", "--rules", mine, "--json", "--on")
    before, after = run(*ask, "2027-03-31").json, run(*ask, "2027-04-01").json

    assert (before["value"], before["until"], before["ref"]) == (
        2_000,
        "2027-03-31",
        "jkk/pu-late-fine/3",
    )
    assert (after["value"], after["ref"]) == (1_000, "jkk/pu-late-fine/4")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("jkk/nothing", "--on", "2026-01-01"), 3, "there is no rule 'jkk/nothing': jamsos rules"),
        (("agent-cap", "--on", "2018-01-01", "--scope", "51"), 3, "'agent-cap' for region 51"),
        (("agent-cap", "--on", "2018-01-01", "--scope", "97"), 2, "there is no region '97'"),
        (("bpu-relief", "--on", "2026-01-01"), 2, "name one of jkk/bpu-relief, jkm/bpu-relief"),
        (("agent-cap", "--on", "2017-10-31"), 2, "no rule 'agent-cap' of programme 'perisai' is"),
        (("agent-cap", "--on", "20180101"), 2, "'20180101' is not a day: write one as 2018-02-05"),
        (("agent-cap", "--on", "2018-02-30"), 2, "'2018-02-30' is not a day"),
        (("agent-cap", "--on", "2018-01-01", "--rules", "no.toml"), 3, "there is no rule file no"),
    ],
)
def test_what_cannot_be_shown_is_said_in_one_sentence(run, words, code, said):
    answer = run("rules", "show", *words)

    assert (answer.code, answer.out) == (code, "")
    assert answer.err.startswith("jamsos: ")
    assert said in answer.err
    assert answer.err.count("\n") == 1


# -- check --------------------------------------------------------------------------


def test_a_file_without_a_fault_is_fine(run, mine):
    answer = run("rules", "check", mine)

    assert answer == (0, "rule files: 1; with a fault: 0\n", "")
    assert run("rules", "check", mine, "--json").json == {"files": 1, "faults": []}


def test_a_fault_is_told_with_its_file_line_and_key(run, mine):
    mine.write_text(MINE.replace('"1 %"', "0.01"), encoding="utf-8")
    answer = run("rules", "check", mine)

    assert answer.code == 1
    assert answer.out == (
        "FAULT  rule file mine.toml, line 7: value.value: it is 0.01: write a rate as text, such as"
        ' "0.24 %"\nrule files: 1; with a fault: 1\n'
    )
    told = run("rules", "check", mine, "--json")
    assert (told.code, told.json["files"], len(told.json["faults"])) == (1, 1, 1)


def test_a_file_that_is_not_there_cannot_be_checked(run):
    assert run("rules", "check", "missing.toml").code == 3


# -- diff ---------------------------------------------------------------------------


def test_the_rules_that_change_between_two_days_are_told(run):
    answer = run("rules", "diff", "--from", "2026-03-31", "--to", "2026-04-01")

    assert (answer.code, answer.err) == (0, "")
    assert answer.out.splitlines() == [
        "~ jkk/bpu-relief (PP 50/2025, Pasal 4(1); reported)",
        "    other: 0 % -> 50 %",
        "~ jkm/bpu-relief (PP 50/2025, Pasal 4(1); reported)",
        "    other: 0 % -> 50 %",
        "rules that say something else on 2026-04-01 than on 2026-03-31: 2",
    ]


def test_what_is_new_what_ends_and_what_is_another_number_are_told_apart(run):
    lines = run("rules", "diff", "--from", "2022-03-31", "--to", "2022-04-01").out.splitlines()

    assert any(line.startswith("+ perisai/incentive-pay-day, new: 5 (Perdir 13") for line in lines)
    assert any(
        line.startswith("- perisai/acquisition-incentive-flat, no longer in force: 500,000 (Jabar")
        for line in lines
    )
    assert "    3 -> 5" in lines
    assert "    25: no row -> 5 %" in lines
    assert run("rules", "diff", "--from", "2022-04-01", "--to", "2022-04-01").out == (
        "rules that say something else on 2022-04-01 than on 2022-04-01: 0\n"
    )


def test_a_change_of_ones_own_is_told_as_json(run, mine):
    answer = run(
        "rules", "diff", "--from", "2027-03-31", "--to", "2027-04-01", "--rules", mine, "--json"
    )
    changes = {change["rule"]: change for change in answer.json["changes"]}

    assert (answer.json["from"], answer.json["to"]) == ("2027-03-31", "2027-04-01")
    assert changes["jkk/bpu-relief"]["after"] is None
    assert changes["jkk/pu-late-fine"]["before"]["value"] == 2_000
    assert changes["jkk/pu-late-fine"]["after"]["value"] == 1_000
    assert changes["jkk/pu-late-fine"]["after"]["citation"]["instrument"] == "Example 1/2026"


def test_days_that_run_backwards_are_an_error(run):
    answer = run("rules", "diff", "--from", "2026-04-02", "--to", "2026-04-01")

    assert (answer.code, answer.out) == (2, "")
    assert "2026-04-01 comes before 2026-04-02" in answer.err
