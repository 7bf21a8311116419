"""`jamsos due`: what is due, until when, and why."""

import pytest

BPU = ("due", "--segment", "bpu", "--income", "1500000")


def test_what_is_due_is_said_step_by_step(run):
    answer = run(*BPU, "--month", "2026-04", "--sector", "transport")

    assert (answer.code, answer.err) == (0, "")
    lines = answer.out.splitlines()
    assert lines[0].startswith("1. Asked: what a non-wage earner with a monthly income of Rp 1,500")
    assert "In all, Rp 11,400 is due." in answer.out
    assert "Asked: until when" in answer.out
    assert lines[-1] == "How well this is known: not encoded."


def test_the_same_steps_are_told_in_indonesian(run):
    answer = run(*BPU, "--month", "2026-04", "--lang", "id")

    assert "Jumlah iuran Rp 11.400." in answer.out
    assert answer.out.splitlines()[-1] == "Tingkat kepastian: belum dimuat."


def test_the_answer_as_json_holds_the_parts_and_the_steps(run):
    answer = run(*BPU, "--month", "2026-04", "--programmes", "jkm, jkk,jht", "--json").json

    assert (answer["segment"], answer["month"], answer["total"]) == ("bpu", "2026-04", 43_400)
    assert answer["parts"][1] == {
        "programmes": ["jkk"],
        "full": 16_000,
        "amount": 8_000,
        "bearer": "participant",
    }
    assert answer["status"] == "unverified"
    assert "jkk/bpu-relief/3" in answer["rules"]
    assert answer["last_day"]["on"] == "2026-04-15"
    read = next(step for step in answer["steps"] if step["rule"] == "jkm/bpu-amount/1")
    assert (read["key"], read["certainty"]) == ("read-rupiah", "unverified")
    assert (read["values"]["said"], read["values"]["on"]) == (6_800, "2026-04-01")
    assert read["text"].startswith("Rule jkm/bpu-amount/1 says Rp 6,800 (PP 44/2015")


@pytest.mark.parametrize(
    ("arguments", "total"),
    [
        (("--segment", "pu", "--income", "10000000", "--risk", "high", "--size", "micro"), 157_000),
        (("--segment", "construction", "--value", "100000000"), 240_000),
        (("--segment", "construction", "--income", "100000000"), 2_040_000),
        (("--segment", "migrant", "--contract", "six-months", "--extension", "1"), 121_500),
        (("--segment", "migrant", "--contract", "six-months", "--jht", "50000"), 158_000),
    ],
)
def test_each_segment_has_its_own_facts(run, arguments, total):
    answer = run("due", "--month", "2025-06", *arguments, "--json")

    assert (answer.code, answer.json["total"]) == (0, total)
    assert (answer.json["last_day"] is None) == ("pu" not in arguments)


def test_a_segment_without_a_due_date_has_one_explanation(run):
    answer = run("due", "--segment", "migrant", "--month", "2025-06", "--contract", "six-months")

    assert answer.out.count("How well this is known") == 1


def test_rules_of_ones_own_are_read_after_those_that_ship(run, tmp_path):
    (tmp_path / "ceiling.toml").write_text(
        'programme = "jp"\nrule = "pu-wage-ceiling"\nmeans = "A guess."\nunit = "rupiah"\n\n'
        '[[value]]\nvalue = 11_086_300\nin_force = 2026-03-01\nstatus = "assumed"\n'
        'citation = { instrument = "House rule" }\n'
    )
    asked = ("due", "--segment", "pu", "--month", "2026-04", "--income", "12000000", "--risk")

    without = run(*asked, "low", "--programmes", "jp")
    assert without.code == 2
    assert "no rule 'pu-wage-ceiling' of programme 'jp' is in force on 2026-04-01" in without.err
    own = run(*asked, "low", "--programmes", "jp", "--rules", tmp_path)
    assert own.code == 0
    assert "says Rp 11,086,300 (House rule; assumed)" in own.out
    assert own.out.partition("\n\n")[0].splitlines()[-1] == "How well this is known: assumed."


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--segment", "bpu", "--month", "2026-04"), "segment bpu needs --income"),
        (("--segment", "pu", "--month", "2026-04", "--income", "1"), "segment pu needs --risk"),
        (("--segment", "migrant", "--month", "2026-04"), "segment migrant needs --contract"),
        (("--segment", "bpu", "--month", "2026-13", "--income", "1"), "no month 2026-13"),
        (("--segment", "bpu", "--month", "2026-04", "--income", "-1"), "income is -1"),
        (("--segment", "bpu", "--month", "2026-04", "--income", "1.5"), "invalid int value"),
    ],
)
def test_what_cannot_be_asked_is_said_in_one_sentence(run, arguments, said):
    answer = run("due", *arguments)

    assert (answer.code, answer.out) == (2, "")
    assert said in answer.err
